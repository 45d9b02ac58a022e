/* fopen and freopen: they open inside libc, where no hook on open() sees them. */
#include "hook.h"

/* open's flags for a stdio mode; writing in any form is O_RDWR here, which is never served. */
static int flags_of(const char *mode)
{
    int flags = mode && mode[0] == 'r' ? 0 : 2;
    for (const char *m = mode; m && *m && *m != ','; m++) {
        if (*m == '+')
            flags |= 2;
        if (*m == 'e')
            flags |= O_CLOEXEC_;
    }
    return flags;
}

static void *refused(long fd)
{
    fail(-fd);
    return NULL;
}

static void *open_stream(enum hook hook, const char *path, const char *mode)
{
    long fd = served_open(AT_FDCWD_, path, flags_of(mode));
    void *(*wrap)(int, const char *) = fd >= 0 ? resolve_global("fdopen") : NULL;
    if (fd >= 0 && wrap) {
        void *stream = wrap((int)fd, mode);
        if (!stream)
            sys(__NR_close, fd);
        return stream;
    }
    if (fd != SERVED_NONE)
        return refused(fd < 0 ? fd : -EIO_);
    void *(*f)(const char *, const char *) = real_of(hook);
    if (!f)
        f = real_of(HOOK_fopen);
    return f ? f(path, mode) : refused(-ENOSYS_);
}

HOOK_FUNCTION(void *, fopen, const char *path, const char *mode)
{
    return open_stream(HOOK_fopen, path, mode);
}

HOOK_FUNCTION(void *, fopen64, const char *path, const char *mode)
{
    return open_stream(HOOK_fopen64, path, mode);
}

/* A served file is reopened by libc itself under the name that the kernel gives our descriptor. */
static void *reopen_stream(enum hook hook, const char *path, const char *mode, void *stream)
{
    void *(*f)(const char *, const char *, void *) = real_of(hook);
    if (!f)
        f = real_of(HOOK_freopen);
    if (!f)
        return refused(-ENOSYS_);
    long fd = path ? served_open(AT_FDCWD_, path, flags_of(mode) | O_CLOEXEC_) : SERVED_NONE;
    if (fd == SERVED_NONE)
        return f(path, mode, stream);
    if (fd < 0)
        return refused(fd);
    char name_bytes[40];
    struct line name = LINE(name_bytes);
    line_text(&name, "/proc/self/fd/");
    line_decimal(&name, (unsigned long)fd);
    void *result = f(name_bytes, mode, stream);
    sys(__NR_close, fd);
    return result;
}

HOOK_FUNCTION(void *, freopen, const char *path, const char *mode, void *stream)
{
    return reopen_stream(HOOK_freopen, path, mode, stream);
}

HOOK_FUNCTION(void *, freopen64, const char *path, const char *mode, void *stream)
{
    return reopen_stream(HOOK_freopen64, path, mode, stream);
}
