/* A child's environment, for the exec and spawn hooks: built on the caller's stack, because a child
 * of vfork shares its parent's memory. */
#ifndef SHUNT_PRELOAD_ENVIRONMENT_H
#define SHUNT_PRELOAD_ENVIRONMENT_H

#include "core.h"

enum {
    CHILD_TEXT = 4096,         /* bytes for a rewritten LD_PRELOAD */
    CHILD_EXTRA = 12,          /* entries that may be added, and the NULL */
    CHILD_ENTRIES_MAX = 32768, /* a longer environment is passed on as it is */
};

/* The opt-in, its keys and the preload survive a scrubbed environment; a child opted out by name
 * gets nothing of ours. `room` holds the entries of `environment` and CHILD_EXTRA more, or is NULL.
 */
char *const *child_environment(char *const *environment, char **room, char text[CHILD_TEXT]);

/* Whether a value of SHUNT opts in. */
bool is_on(const char *value);

/* The value in an entry NAME=value of that name, else NULL. */
const char *value_in(const char *entry, const char *name, bool any_case);
bool is_blank(char c);

/* Declares `name`, the environment to pass instead of `given`. */
#define CHILD_ENVIRONMENT(name, given)                                                             \
    size_t name##_count = environment_count(given);                                                \
    char **name##_room = name##_count > CHILD_ENTRIES_MAX                                          \
                             ? NULL                                                                \
                             : __builtin_alloca((name##_count + CHILD_EXTRA) * sizeof(char *));    \
    char name##_text[CHILD_TEXT];                                                                  \
    char *const *name = child_environment((given), name##_room, name##_text)

#endif
