/* Process hygiene of the broker: changes this process only. A build waits for every writer of its
 * pipes, so one descriptor kept here would make a finished step hang. */
#define _GNU_SOURCE
#include "detach.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "shunt/cleanup.h"

/* Masters and connections, with room to spare. */
#define DESCRIPTORS_WANTED 4096u

static void close_listed(DIR *list, int keep)
{
    const struct dirent *entry;
    while ((entry = readdir(list))) {
        char *end;
        long fd = strtol(entry->d_name, &end, 10);
        if (end != entry->d_name && *end == '\0' && fd > 2 && fd != keep && fd != dirfd(list))
            close((int)fd);
    }
}

static void close_up_to_limit(int keep)
{
    struct rlimit limit;
    int end = 65536;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (rlim_t)end)
        end = (int)limit.rlim_cur;
    for (int fd = 3; fd < end; fd++)
        if (fd != keep)
            close(fd);
}

static int close_range_raw(unsigned first, unsigned last)
{
    return first > last ? 0 : (int)syscall(SYS_close_range, first, last, 0u);
}

/* Closes 3 and above but `keep` (3 or above, or -1). */
static void close_inherited(int keep)
{
    unsigned above = keep < 0 ? 3 : (unsigned)keep + 1;
    if ((keep < 0 || close_range_raw(3, (unsigned)keep - 1) == 0) &&
        close_range_raw(above, UINT_MAX) == 0)
        return;
    autodir DIR *list = opendir("/proc/self/fd");
    if (list)
        close_listed(list, keep);
    else
        close_up_to_limit(keep);
}

/* Moves the ready descriptor out of the way of 0 to 2. */
static int move_ready(int fd)
{
    if (fd < 0 || fcntl(fd, F_GETFD) < 0)
        return -1;
    if (fd > 2)
        return fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ? -1 : fd;
    return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static void open_null(void)
{
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd <= 2; fd++)
        if (null < 0)
            close(fd);
        else if (null != fd)
            dup2(null, fd);
    if (null > 2)
        close(null);
}

static void reset_signals(void)
{
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void limit_resources(void)
{
    const struct rlimit no_core = {0, 0};
    struct rlimit files;
    setrlimit(RLIMIT_CORE, &no_core);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < DESCRIPTORS_WANTED) {
        files.rlim_cur = files.rlim_max < DESCRIPTORS_WANTED ? files.rlim_max : DESCRIPTORS_WANTED;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

int broker_detach(int ready_fd, bool foreground)
{
    prctl(PR_SET_DUMPABLE, 0);
    umask(077);
    reset_signals();
    ready_fd = move_ready(ready_fd);
    if (!foreground) {
        setsid();
        open_null();
    }
    close_inherited(ready_fd);
    if (chdir("/") < 0)
        errno = 0; /* then it stays where it is: nothing here uses a relative path */
    unsetenv("LD_PRELOAD");
    unsetenv("SHUNT");
    limit_resources();
    return ready_fd;
}
