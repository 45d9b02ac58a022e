/* Rows: the running number of every served file over the whole ecosystem table. A row keeps its
 * number whatever the settings are, so that a request outlives the broker it was meant for. */
#ifndef SHUNT_BROKER_ROWS_H
#define SHUNT_BROKER_ROWS_H

#include "shunt/ecosystem.h"

struct row {
    const struct ecosystem *ecosystem;
    const struct served_file *file;
    size_t place; /* of the ecosystem in the table */
};

/* Which file row `number` is. Returns false when there is no such row. */
bool row_find(const struct ecosystem *const *table, uint32_t number, struct row *out);

/* Whether a path is meant by a file row: the test that the library makes. `env` looks up variables
 * (getenv). */
bool row_matches(const struct served_file *file, const char *path, const char *runtime_dir,
                 char *(*env)(const char *name));

/* The row that serves a path under these settings, of those that match the one that the library
 * would choose. Variables are those of this process. Returns false when none does. */
bool row_of_path(const struct settings *settings, const struct ecosystem *const *table,
                 const char *path, const char *runtime_dir, struct row *out);

#endif
