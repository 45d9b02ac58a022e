/* Real broker processes for tests: the test program is its own `shunt`. Its main() must begin with
 * broker_process_main(). Keys and runtime directory are below `scratch`. */
#ifndef SHUNT_TEST_BROKER_PROCESS_H
#define SHUNT_TEST_BROKER_PROCESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "../../shim/cli/cli.h"
#include "scratch.h"
#include "shunt/broker.h"
#include "shunt/cleanup.h"
#include "shunt/ecosystem.h"

/* Longer than anything here takes, also under a sanitizer (ms). */
enum { PATIENCE_MS = 20000 };

static struct settings_input process_input;
static char process_keys[64];

static inline int process_setup(void **state)
{
    int result = scratch_setup(state);
    snprintf(process_keys, sizeof process_keys, "%s", scratch_path("keys"));
    process_input = (struct settings_input){.key_dir = process_keys};
    setenv("SHUNT_RUNTIME", scratch, 1);
    setenv("SHUNT_KEYS", process_keys, 1);
    setenv("HOME", scratch, 1);
    if (result == 0 && mkdir(process_keys, 0700) < 0)
        return -1;
    scratch_put("keys/pkg-npm-url", "https://mirror.example:8443/npm/");
    scratch_put("keys/pkg-npm-token", "s3cret&token");
    return result;
}

static inline const char *process_self(void)
{
    static char path[512];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    path[len > 0 ? len : 0] = '\0';
    return path;
}

/* Starts a broker as our child, its ready descriptor at `ready_fd`; `said` gets all it says. Waits
 * until the ready descriptor is closed. */
static inline pid_t process_start(const char *idle, char *said, size_t size)
{
    int ends[2];
    size_t len = 0;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 40);
        execl(process_self(), "shunt", "broker", "--ready-fd", "40", "--idle", idle, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    for (ssize_t n; len + 1 < size && (n = read(ends[0], said + len, size - 1 - len)) > 0;)
        len += (size_t)n;
    said[len] = '\0';
    close(ends[0]);
    return child;
}

/* The exit status of a process that ends by itself; -1 when it does not. */
static inline int process_end(pid_t pid)
{
    for (int waited = 0; waited < PATIENCE_MS; waited += 10) {
        int status;
        pid_t ended = waitpid(pid, &status, WNOHANG);
        if (ended == pid)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (ended < 0)
            return -1;
        poll(NULL, 0, 10);
    }
    return -1;
}

/* A file of the runtime directory; NULL when there is no directory. */
static inline const char *process_file(const char *name)
{
    static char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
    autofree char *dir = runtime_dir(&process_input, false);
    snprintf(path, sizeof path, "%s/%s", dir ? dir : "/nonexistent", name);
    return path;
}

/* What the library sees: a plan that is locked. */
static inline bool process_alive(void)
{
    autoclose int fd = open(process_file("plan"), O_RDONLY | O_CLOEXEC);
    return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

static inline int process_connect(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", process_file("sock"));
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static inline uint32_t process_row(const char *text)
{
    uint32_t row = 0;
    for (const struct ecosystem *const *at = ecosystem_table(); *at; at++)
        for (const struct served_file *file = (*at)->files; file->render; file++, row++)
            if (strcmp(file->text, text) == 0)
                return row;
    return UINT32_MAX;
}

/* Sends `len` bytes and receives a reply; *fd is the attached descriptor or -1. */
static inline struct protocol_reply process_ask(int socket_fd, const void *bytes, size_t len,
                                                int *fd)
{
    struct protocol_reply reply = {.status = UINT32_MAX};
    struct iovec part = {&reply, sizeof reply};
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr head;
    } control;
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.space,
                             .msg_controllen = sizeof control.space};
    *fd = -1;
    assert_int_equal(send(socket_fd, bytes, len, MSG_NOSIGNAL), len);
    if (recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC) <= 0)
        return reply;
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    if (rights && rights->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(rights), sizeof *fd);
    return reply;
}

static inline size_t process_request(struct protocol_request *out, uint32_t op, uint32_t row,
                                     const char *path)
{
    size_t len = path ? strlen(path) + 1 : 0;
    *out = (struct protocol_request){
        .magic = PROTOCOL_MAGIC, .op = op, .row = row, .length = (uint32_t)len};
    if (path)
        memcpy(out->path, path, len);
    return PROTOCOL_REQUEST_HEAD + len;
}

/* Returns the exit status of `broker`, or -1 to go on with the tests. */
static inline int broker_process_main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    if (argc > 1 && strcmp(argv[1], "broker") == 0)
        return broker_command(argc - 1, argv + 1);
    return -1;
}

#endif
