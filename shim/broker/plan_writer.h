/* The plan for a given table of ecosystems: what plan_write does for the product's own table. */
#ifndef SHUNT_BROKER_PLAN_WRITER_H
#define SHUNT_BROKER_PLAN_WRITER_H

#include "shunt/ecosystem.h"

/* Appends the plan to the empty buffer `out`. Returns 0; -1 when it would be larger than PLAN_MAX,
 * when a row's text is too short to be found, or without memory. */
int plan_write_table(const struct settings *settings, const struct ecosystem *const *table,
                     const char *runtime_dir, struct buf *out);

#endif
