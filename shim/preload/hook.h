/* For the files that define hooks: the shape of a hook is "serve, else the real function". */
#ifndef SHUNT_PRELOAD_HOOK_H
#define SHUNT_PRELOAD_HOOK_H

#include "core.h"

/* Returns from the hook with what `call` gave for its `path`, unless the real file is meant. The
 * cheap exit stands in the hook itself, so that nearly every call is a test and a tail jump. */
#define SERVE(call)                                                                                \
    do {                                                                                           \
        if (unlikely(may_match(path))) {                                                           \
            long served_ = (call);                                                                 \
            if (served_ != SERVED_NONE)                                                            \
                return served_result(served_);                                                     \
        }                                                                                          \
    } while (0)

int served_result(long served); /* sets errno for a negative one */

/* The result of a raw system call as libc would give it: for a libc that lacks the function. */
#define RAW(...) served_result(sys(__VA_ARGS__))

/* One prototype per symbol of hooks.def, so that each hook is declared where it is defined. */
#define HOOK_FUNCTION(type, symbol, ...)                                                           \
    type shunt_##symbol(__VA_ARGS__);                                                              \
    type shunt_##symbol(__VA_ARGS__)

long serve_stat(int directory, const char *path, void *buffer);
long serve_statx(int directory, const char *path, int flags, unsigned mask, void *buffer);
long serve_access(int directory, const char *path, int mode);
long serve_readlink(int directory, const char *path);

#endif
