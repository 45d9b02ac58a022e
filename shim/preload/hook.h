/* For the files that define hooks: the shape of a hook is "serve, else the real function". */
#ifndef SHUNT_PRELOAD_HOOK_H
#define SHUNT_PRELOAD_HOOK_H

#include "core.h"

/* Returns from the hook with what `call` gave, unless the real file is meant. */
#define SERVE(call)                                                                                \
    do {                                                                                           \
        long served_ = (call);                                                                     \
        if (unlikely(served_ != SERVED_NONE))                                                      \
            return sys_failed(served_) ? fail(-served_) : (int)served_;                            \
    } while (0)

/* The result of a raw system call as libc would give it: for a libc that lacks the function. */
#define RAW(...)                                                                                   \
    ({                                                                                             \
        long raw_ = sys(__VA_ARGS__);                                                              \
        sys_failed(raw_) ? fail(-raw_) : (int)raw_;                                                \
    })

/* One prototype per symbol of hooks.def, so that each hook is declared where it is defined. */
#define HOOK_FUNCTION(type, symbol, ...)                                                           \
    type shunt_##symbol(__VA_ARGS__);                                                              \
    type shunt_##symbol(__VA_ARGS__)

long serve_stat(int directory, const char *path, void *buffer);
long serve_statx(int directory, const char *path, int flags, unsigned mask, void *buffer);
long serve_access(int directory, const char *path, int mode);
long serve_readlink(int directory, const char *path);

#endif
