/* What would be served, without a broker: renders for the user who asks. */
#ifndef SHUNT_CLI_PREVIEW_H
#define SHUNT_CLI_PREVIEW_H

#include <stddef.h>

#include "../broker/rows.h"

struct preview {
    enum file_answer answer;
    size_t bytes; /* of the served text */
    char *text;   /* redacted; NULL when it is binary or answer is not FILE_TEXT */
};

/* Renders `path` by its row, as for a first read of the tool. Returns 0, or -1 without memory;
 * preview_clear afterwards. */
int preview_make(const struct settings *settings, const struct row *row, const char *path,
                 const char *runtime_dir, struct preview *out);
void preview_clear(struct preview *preview);

#endif
