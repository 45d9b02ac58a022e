/* Names and opens the runtime directory of a broker; include/shunt/runtime.h says what is in it. */
#ifndef SHUNT_BROKER_RUNTIME_H
#define SHUNT_BROKER_RUNTIME_H

#include "shunt/settings.h"

/* The path that the directory has or would have below the first base. Caller frees; NULL without
 * memory. */
char *runtime_name(const struct settings_input *input);

/* Opens the directory, creating it (mode 0700) when `create`. Returns a descriptor, with *path set
 * (caller frees); or -1 with *error set to one sentence (caller frees). A directory that is a link,
 * belongs to somebody else or is open to others is refused, never repaired. */
int runtime_open(const struct settings_input *input, bool create, char **path, char **error);

#endif
