/* Reads the user's own file below /proc/<pid>/root. Reads only. */
#define _GNU_SOURCE
#include "real_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "shunt/cleanup.h"

#define OPEN_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* The process's root directory: it may live in a chroot or a mount namespace of its own. Our own
 * root where that cannot be had. */
static int open_root(pid_t pid)
{
    char name[64];
    if (pid > 0) {
        snprintf(name, sizeof name, "/proc/%ld/root", (long)pid);
        int fd = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0)
            return fd;
    }
    return open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Such a path means another file in every process: read here it would be one of the broker's. */
static bool is_of_the_process(const char *path)
{
    return strncmp(path, "/proc/", 6) == 0 || strncmp(path, "/dev/fd/", 8) == 0 ||
           strncmp(path, "/dev/std", 8) == 0;
}

static int open_in(int root, const char *path)
{
    struct open_how how = {
        .flags = OPEN_FLAGS,
        /* Absolute links lead from the process's root; links to descriptors lead nowhere. */
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM && errno != EAGAIN))
        return fd;
    /* Before Linux 5.6, and where a filter of system calls does not know openat2. */
    while (*path == '/')
        path++;
    return openat(root, path, OPEN_FLAGS);
}

enum real_file real_file_read(pid_t pid, const char *path, struct buf *out)
{
    struct stat st;
    if (is_of_the_process(path))
        return REAL_FILE_OTHER;
    autoclose int root = open_root(pid);
    autoclose int fd = root < 0 ? -1 : open_in(root, path);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? REAL_FILE_ABSENT : REAL_FILE_OTHER;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || buf_read_fd(out, fd) < 0)
        return REAL_FILE_OTHER;
    return REAL_FILE_TEXT;
}
