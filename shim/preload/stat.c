/* stat and its three generations: stat (new glibc, musl), __xstat (old glibc), statx. A served file
 * answers with the identity of the object that open() would give, because wget compares the two.
 * The kernel's struct stat is libc's on both architectures, so one raw call fills the caller's. */
#include "hook.h"

#ifdef __NR_newfstatat
#define NR_FSTATAT __NR_newfstatat
#else
#define NR_FSTATAT __NR_fstatat
#endif

long serve_stat(int directory, const char *path, void *buffer)
{
    long fd = served(directory, path);
    if (fd < 0)
        return fd;
    long result = sys(__NR_fstat, fd, buffer);
    sys(__NR_close, fd);
    return result;
}

long serve_statx(int directory, const char *path, int flags, unsigned mask, void *buffer)
{
    long fd = served(directory, path);
    if (fd < 0)
        return fd;
    long result = sys(__NR_statx, fd, "", flags | AT_EMPTY_PATH_, mask, buffer);
    sys(__NR_close, fd);
    return result;
}

#define AT_SYMLINK_NOFOLLOW_ 0x100

#define STAT(symbol, flags)                                                                        \
    HOOK_FUNCTION(int, symbol, const char *path, void *buffer)                                     \
    {                                                                                              \
        SERVE(serve_stat(AT_FDCWD_, path, buffer));                                                \
        int (*f)(const char *, void *) = real_of(HOOK_##symbol);                                   \
        return f ? f(path, buffer) : RAW(NR_FSTATAT, AT_FDCWD_, path, buffer, flags);              \
    }
STAT(stat, 0)
STAT(stat64, 0)
STAT(lstat, AT_SYMLINK_NOFOLLOW_)
STAT(lstat64, AT_SYMLINK_NOFOLLOW_)

#define FSTATAT(symbol)                                                                            \
    HOOK_FUNCTION(int, symbol, int directory, const char *path, void *buffer, int flags)           \
    {                                                                                              \
        SERVE(serve_stat(directory, path, buffer));                                                \
        int (*f)(int, const char *, void *, int) = real_of(HOOK_##symbol);                         \
        return f ? f(directory, path, buffer, flags)                                               \
                 : RAW(NR_FSTATAT, directory, path, buffer, flags);                                \
    }
FSTATAT(fstatat)
FSTATAT(fstatat64)

/* The version is 1 on x86-64 and 0 on aarch64: the caller's value goes through. */
#define XSTAT(symbol, flags)                                                                       \
    HOOK_FUNCTION(int, symbol, int version, const char *path, void *buffer)                        \
    {                                                                                              \
        SERVE(serve_stat(AT_FDCWD_, path, buffer));                                                \
        int (*f)(int, const char *, void *) = real_of(HOOK_##symbol);                              \
        return f ? f(version, path, buffer) : RAW(NR_FSTATAT, AT_FDCWD_, path, buffer, flags);     \
    }
XSTAT(__xstat, 0)
XSTAT(__xstat64, 0)
XSTAT(__lxstat, AT_SYMLINK_NOFOLLOW_)
XSTAT(__lxstat64, AT_SYMLINK_NOFOLLOW_)

#define FXSTATAT(symbol)                                                                           \
    HOOK_FUNCTION(int, symbol, int version, int directory, const char *path, void *buffer,         \
                  int flags)                                                                       \
    {                                                                                              \
        SERVE(serve_stat(directory, path, buffer));                                                \
        int (*f)(int, int, const char *, void *, int) = real_of(HOOK_##symbol);                    \
        return f ? f(version, directory, path, buffer, flags)                                      \
                 : RAW(NR_FSTATAT, directory, path, buffer, flags);                                \
    }
FXSTATAT(__fxstatat)
FXSTATAT(__fxstatat64)

/* Older libcs lack statx and programs probe for it: then the kernel's own answers. */
HOOK_FUNCTION(int, statx, int directory, const char *path, int flags, unsigned mask, void *buffer)
{
    SERVE(serve_statx(directory, path, flags, mask, buffer));
    int (*f)(int, const char *, int, unsigned, void *) = real_of(HOOK_statx);
    return f ? f(directory, path, flags, mask, buffer)
             : RAW(__NR_statx, directory, path, flags, mask, buffer);
}
