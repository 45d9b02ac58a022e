/* posix_spawn and its relatives, which make and exec the child inside libc. */
#include "hook.h"
#include "environment.h"

typedef char *const *strings;
typedef int spawn(int *, const char *, const void *, const void *, strings, strings);

#define SPAWN(symbol)                                                                              \
    HOOK_FUNCTION(int, symbol, int *child_id, const char *path, const void *actions,               \
                  const void *attributes, strings arguments, strings environment)                  \
    {                                                                                              \
        CHILD_ENVIRONMENT(child, environment);                                                     \
        spawn *f = (spawn *)real_of(HOOK_##symbol);                                                \
        return f ? f(child_id, path, actions, attributes, arguments, child) : ENOSYS_;             \
    }
SPAWN(posix_spawn)
SPAWN(posix_spawnp)
SPAWN(pidfd_spawn)
SPAWN(pidfd_spawnp)
