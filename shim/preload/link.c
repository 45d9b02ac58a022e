/* readlink, realpath and their fortified twins. A served path is a regular file under its own name:
 * libc's realpath would follow links of the real one, inside libc, to a name no row matches. */
#include "hook.h"

long serve_readlink(int directory, const char *path)
{
    long fd = served(directory, path);
    if (fd < 0)
        return fd;
    sys(__NR_close, fd);
    return -EINVAL_; /* not a symbolic link */
}

HOOK_FUNCTION(long, readlink, const char *path, char *out, size_t size)
{
    SERVE(serve_readlink(AT_FDCWD_, path));
    long (*f)(const char *, char *, size_t) = real_of(HOOK_readlink);
    return f ? f(path, out, size) : RAW(__NR_readlinkat, AT_FDCWD_, path, out, size);
}

HOOK_FUNCTION(long, readlinkat, int directory, const char *path, char *out, size_t size)
{
    SERVE(serve_readlink(directory, path));
    long (*f)(int, const char *, char *, size_t) = real_of(HOOK_readlinkat);
    return f ? f(directory, path, out, size) : RAW(__NR_readlinkat, directory, path, out, size);
}

HOOK_FUNCTION(long, __readlink_chk, const char *path, char *out, size_t size, size_t room)
{
    SERVE(serve_readlink(AT_FDCWD_, path));
    long (*f)(const char *, char *, size_t, size_t) = real_of(HOOK___readlink_chk);
    return f ? f(path, out, size, room)
             : RAW(__NR_readlinkat, AT_FDCWD_, path, out, size < room ? size : room);
}

HOOK_FUNCTION(long, __readlinkat_chk, int directory, const char *path, char *out, size_t size,
              size_t room)
{
    SERVE(serve_readlink(directory, path));
    long (*f)(int, const char *, char *, size_t, size_t) = real_of(HOOK___readlinkat_chk);
    return f ? f(directory, path, out, size, room)
             : RAW(__NR_readlinkat, directory, path, out, size < room ? size : room);
}

/* The directory's canonical name with the file's own behind it, so that the plan still knows it. */
static bool canonical(const char *path, char out[PATH_MAX_])
{
    char absolute[PATH_MAX_], directory[PATH_MAX_];
    char *(*f)(const char *, char *) = real_of(HOOK_realpath);
    if (!absolute_path(AT_FDCWD_, path, absolute))
        return false;
    const char *name = text_last(absolute, '/');
    struct line parent = LINE(directory), line = {.data = out, .size = PATH_MAX_};
    line_bytes(&parent, absolute, name == absolute ? 1 : (size_t)(name - absolute));
    if (f && f(directory, out)) {
        line.len = text_length(out);
        line_text(&line, line.len == 1 ? name + 1 : name);
        if (!line.full && plan_match_path(out) >= 0)
            return true;
    }
    line.len = 0;
    line_text(&line, absolute);
    return !line.full;
}

/* The caller's buffer, or memory that the program frees with its own free(). */
static char *give(const char *text, char *out)
{
    size_t size = text_length(text) + 1;
    if (!out) {
        void *(*allocate)(size_t) = resolve_global("malloc");
        out = allocate ? allocate(size) : NULL;
    }
    return out ? memcpy(out, text, size) : NULL;
}

/* Whether `path` is served; then *result is realpath's answer. */
static __attribute__((noinline)) bool resolved(const char *path, char *out, char **result)
{
    char text[PATH_MAX_];
    long fd = served(AT_FDCWD_, path);
    if (fd == SERVED_NONE)
        return false;
    *result = NULL;
    if (fd < 0) {
        fail(-fd);
        return true;
    }
    sys(__NR_close, fd);
    if (canonical(path, text))
        *result = give(text, out);
    else
        fail(ENAMETOOLONG_);
    return true;
}

HOOK_FUNCTION(char *, realpath, const char *path, char *out)
{
    char *result;
    if (unlikely(may_match(path)) && resolved(path, out, &result))
        return result;
    char *(*f)(const char *, char *) = real_of(HOOK_realpath);
    return f ? f(path, out) : (fail(ENOSYS_), NULL);
}

HOOK_FUNCTION(char *, __realpath_chk, const char *path, char *out, size_t room)
{
    char *result;
    if (unlikely(may_match(path)) && resolved(path, out, &result))
        return result;
    char *(*f)(const char *, char *, size_t) = real_of(HOOK___realpath_chk);
    return f ? f(path, out, room) : shunt_realpath(path, out);
}

HOOK_FUNCTION(char *, canonicalize_file_name, const char *path)
{
    char *result;
    if (unlikely(may_match(path)) && resolved(path, NULL, &result))
        return result;
    char *(*f)(const char *) = real_of(HOOK_canonicalize_file_name);
    return f ? f(path) : shunt_realpath(path, NULL);
}
