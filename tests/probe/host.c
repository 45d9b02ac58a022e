/* What a host process may do around us: threads, forks under load, closed descriptors, jumps out of
 * signal handlers, and descriptors that must be the lowest.
 *
 *     host PATH      a served path, or a missing one when the library is inert */
#define _GNU_SOURCE
#include "probe.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *path;
static __thread int own = 7;

static int count_descriptors(void)
{
    int n = 0;
    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static void *hammer(void *unused)
{
    (void)unused;
    own++;
    for (int i = 0; i < 200; i++) {
        struct stat s;
        int fd = open(path, O_RDONLY);
        if (fd >= 0)
            close(fd);
        stat(path, &s);
        stat("/etc/passwd", &s);
    }
    return (void *)(long)own;
}

static volatile sig_atomic_t ticks;

static void tick(int number)
{
    (void)number;
    struct stat s;
    stat("/etc/passwd", &s);
    ticks = ticks + 1;
}

static void check_threads(void)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, hammer, NULL);
    for (int i = 0; i < 50; i++) {
        pid_t pid = fork();
        if (!pid) {
            int fd = open(path, O_RDONLY);
            _exit(fd >= 0 || errno == ENOENT ? 0 : 1);
        }
        int status = 0;
        EXPECT(waitpid(pid, &status, 0) == pid && status == 0, "fork beside busy threads");
    }
    for (int i = 0; i < 4; i++) {
        void *result = NULL;
        pthread_join(threads[i], &result);
        EXPECT((long)result == 8, "thread-local storage");
    }
}

static void check_signals(void)
{
    struct sigaction action = {.sa_handler = tick};
    sigaction(SIGALRM, &action, NULL);
    ualarm(500, 500);
    hammer(NULL);
    ualarm(0, 0);
    EXPECT(ticks > 0, "signals were delivered");
}

/* Children of ours must be the only ones: a broker that was started is nobody's to wait for. */
static void check_no_children(void)
{
    errno = 0;
    EXPECT(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "no child of the library's");
}

static void check_lowest(void)
{
    close(0);
    int fd = open(path, O_RDONLY);
    EXPECT(fd == 0 || (fd == -1 && errno == ENOENT), "open gives the lowest descriptor");
    if (fd == -1)
        fd = open("/dev/null", O_RDONLY);
    EXPECT(fd == 0 && !(fcntl(fd, F_GETFD) & FD_CLOEXEC), "without close-on-exec unless asked");
}

/* With no descriptor to spare the call fails as open() does, and nothing is lost. */
static void check_exhausted(void)
{
    struct rlimit limit = {256, 256};
    int fds[256], n = 0;
    EXPECT(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
    while (n < 256 && (fds[n] = dup(1)) >= 0)
        n++;
    int fd = open(path, O_RDONLY);
    int code = errno;
    while (n--)
        close(fds[n]);
    errno = code;
    EXPECT(fd == -1 && (errno == EMFILE || errno == ENOENT), "out of descriptors");
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 64;
    path = argv[1];
    check_no_children();
    int before = count_descriptors();
    check_threads();
    check_signals();
    EXPECT(count_descriptors() == before, "no descriptor is kept");
    check_no_children();
    check_lowest();
    check_exhausted();
    for (int fd = 3; fd < 256; fd++)
        close(fd);
    struct stat s;
    EXPECT(stat(path, &s) == 0 || errno == ENOENT, "works after all descriptors were closed");
    return probe_end("host");
}
