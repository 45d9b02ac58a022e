/* access and its relatives: a served file can be read; whether it can be written or executed is
 * asked of the real file, where writes go. */
#include "hook.h"

long serve_access(int directory, const char *path, int mode)
{
    if (mode & (W_OK_ | X_OK_))
        return SERVED_NONE;
    long fd = served(directory, path);
    if (fd < 0)
        return fd;
    sys(__NR_close, fd);
    return 0;
}

#define ACCESS(symbol)                                                                             \
    HOOK_FUNCTION(int, symbol, const char *path, int mode)                                         \
    {                                                                                              \
        SERVE(serve_access(AT_FDCWD_, path, mode));                                                \
        int (*f)(const char *, int) = real_of(HOOK_##symbol);                                      \
        return f ? f(path, mode) : RAW(__NR_faccessat, AT_FDCWD_, path, mode);                     \
    }
ACCESS(access)
ACCESS(euidaccess)
ACCESS(eaccess)

HOOK_FUNCTION(int, faccessat, int directory, const char *path, int mode, int flags)
{
    SERVE(serve_access(directory, path, mode));
    int (*f)(int, const char *, int, int) = real_of(HOOK_faccessat);
    return f ? f(directory, path, mode, flags) : RAW(__NR_faccessat, directory, path, mode);
}
