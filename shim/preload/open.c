/* open and its twins. `mode` is forwarded as it came: only O_CREAT and O_TMPFILE give it a meaning.
 */
#include "hook.h"

static int open_by(enum hook hook, const char *path, int flags, unsigned mode)
{
    int (*f)(const char *, int, unsigned) = real_of(hook);
    if (!f)
        f = real_of(HOOK_open);
    return f ? f(path, flags, mode) : RAW(__NR_openat, AT_FDCWD_, path, flags, mode);
}

static int openat_by(enum hook hook, int directory, const char *path, int flags, unsigned mode)
{
    int (*f)(int, const char *, int, unsigned) = real_of(hook);
    if (!f)
        f = real_of(HOOK_openat);
    return f ? f(directory, path, flags, mode) : RAW(__NR_openat, directory, path, flags, mode);
}

#define OPEN(symbol)                                                                               \
    HOOK_FUNCTION(int, symbol, const char *path, int flags, unsigned mode)                         \
    {                                                                                              \
        SERVE(served_open(AT_FDCWD_, path, flags));                                                \
        return open_by(HOOK_##symbol, path, flags, mode);                                          \
    }
OPEN(open)
OPEN(open64)
OPEN(__open)
OPEN(__open64)

#define OPENAT(symbol)                                                                             \
    HOOK_FUNCTION(int, symbol, int directory, const char *path, int flags, unsigned mode)          \
    {                                                                                              \
        SERVE(served_open(directory, path, flags));                                                \
        return openat_by(HOOK_##symbol, directory, path, flags, mode);                             \
    }
OPENAT(openat)
OPENAT(openat64)

/* The fortified forms take no mode: libc aborts where one would be needed. */
#define OPEN_2(symbol)                                                                             \
    HOOK_FUNCTION(int, symbol, const char *path, int flags)                                        \
    {                                                                                              \
        SERVE(served_open(AT_FDCWD_, path, flags));                                                \
        return open_by(HOOK_##symbol, path, flags, 0);                                             \
    }
OPEN_2(__open_2)
OPEN_2(__open64_2)

#define OPENAT_2(symbol)                                                                           \
    HOOK_FUNCTION(int, symbol, int directory, const char *path, int flags)                         \
    {                                                                                              \
        SERVE(served_open(directory, path, flags));                                                \
        return openat_by(HOOK_##symbol, directory, path, flags, 0);                                \
    }
OPENAT_2(__openat_2)
OPENAT_2(__openat64_2)

/* struct open_how (openat2(2)): the flags come first. */
HOOK_FUNCTION(int, openat2, int directory, const char *path, const uint64_t *how, size_t size)
{
    if (how && size >= sizeof *how)
        SERVE(served_open(directory, path, (int)how[0]));
    int (*f)(int, const char *, const uint64_t *, size_t) = real_of(HOOK_openat2);
    return f ? f(directory, path, how, size) : RAW(437, directory, path, how, size);
}
