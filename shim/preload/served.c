/* From a path to what the broker has for it. Called by every file hook; a path that no row of the
 * plan matches has left before, in may_match(). */
#include "hook.h"

/* The directory that a relative path starts from, with a trailing '/'. */
static bool start_directory(int directory, struct line *line)
{
    long n;
    if (directory == AT_FDCWD_) {
        n = sys(__NR_getcwd, line->data, line->size);
        n = n > 0 ? n - 1 : n; /* the kernel counts the NUL */
    } else {
        char name_bytes[40];
        struct line name = LINE(name_bytes);
        line_text(&name, "/proc/self/fd/");
        line_decimal(&name, (unsigned long)directory);
        n = directory < 0 ? -EIO_
                          : sys(__NR_readlinkat, AT_FDCWD_, name_bytes, line->data, line->size);
    }
    if (n <= 0 || (size_t)n >= line->size || line->data[0] != '/')
        return false;
    line->len = (size_t)n;
    if (line->data[n - 1] != '/')
        line_text(line, "/");
    return true;
}

bool absolute_path(int directory, const char *path, char out[PATH_MAX_])
{
    struct line line = {.data = out, .size = PATH_MAX_};
    out[0] = out[1] = '\0';
    if (path[0] != '/' && !start_directory(directory, &line))
        return false;
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    line_text(&line, path);
    return !line.full;
}

int served_result(long result)
{
    return sys_failed(result) ? fail(-result) : (int)result;
}

long served_slowly(int directory, const char *path)
{
    char absolute[PATH_MAX_];
    int row = plan_match_path(path);
    if (row < 0 || !absolute_path(directory, path, absolute))
        return SERVED_NONE;
    if (path[0] != '/')
        row = plan_match_path(absolute);
    if (row < 0)
        return SERVED_NONE;
    const struct plan_file *file = (const void *)((const char *)plan + plan->files);
    long fd = broker_ask(file[row].row, absolute);
    if (fd < 0 && fd != BROKER_REAL && is_refused())
        return -EIO_;
    return fd;
}

/* The lowest free descriptor, as open() promises: the broker's socket stood in the way while we
 * asked. */
static long lowest(long fd, bool close_on_exec)
{
    long low = sys(__NR_fcntl, fd, close_on_exec ? F_DUPFD_CLOEXEC_ : F_DUPFD_, 0);
    if (!sys_failed(low) && low < fd) {
        sys(__NR_close, fd);
        return low;
    }
    if (!sys_failed(low))
        sys(__NR_close, low);
    if (!close_on_exec)
        sys(__NR_fcntl, fd, F_SETFD_, 0);
    return fd;
}

long served_open(int directory, const char *path, int flags)
{
    if (flags & (O_ACCMODE_ | O_CREAT_ | O_TRUNC_ | O_PATH_ | O_DIRECTORY_ | O_TMPFILE_BIT_))
        return SERVED_NONE;
    long fd = served(directory, path);
    return fd < 0 ? fd : lowest(fd, flags & O_CLOEXEC_);
}
