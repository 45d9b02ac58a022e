/* Finds or starts the broker of a step: fork, exec, and the ready line. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "client.h"
#include "clock.h"
#include "shunt/broker.h"
#include "shunt/cleanup.h"

enum { READY_MS = 10000, ATTEMPTS = 3, VARIABLES = 8, READY_FD = 3 };

/* The lines of a broker are bounded by the number of keys; this is a bound, not a budget. */
#define REPORT_MAX ((size_t)1 << 20)

/* NAME=value strings for execve; the last one is NULL. */
struct environment {
    char *entries[VARIABLES + 1];
    size_t count;
};

static void environment_free(struct environment *environment)
{
    for (size_t i = 0; i < environment->count; i++)
        free(environment->entries[i]);
}

static int environment_add(struct environment *environment, const char *name, const char *value)
{
    if (!value)
        return 0;
    if (asprintf(&environment->entries[environment->count], "%s=%s", name, value) < 0) {
        environment->entries[environment->count] = NULL;
        return -1;
    }
    environment->count++;
    return 0;
}

/* What the broker may know of us, and nothing else: no secret of the step, no LD_PRELOAD. */
static int environment_make(const struct settings_input *input, struct environment *out)
{
    *out = (struct environment){.count = 0};
    if (environment_add(out, "PATH", getenv("PATH")) < 0 ||
        environment_add(out, "HOME", getenv("HOME")) < 0 ||
        environment_add(out, "SHUNT_RUNTIME", getenv("SHUNT_RUNTIME")) < 0 ||
        environment_add(out, "SHUNT_KEYS", input->key_dir) < 0 ||
        environment_add(out, "SHUNT_STRATEGY", input->strategy) < 0 ||
        environment_add(out, "SHUNT_CREDENTIALS", input->credentials) < 0 ||
        environment_add(out, "enable-package-registry-proxy", input->user_switch) < 0) {
        environment_free(out);
        return -1;
    }
    return 0;
}

/* In the new process: becomes the broker. Only calls that are safe after a fork. */
static _Noreturn void become_broker(const char *command, int ready, char *const *environment)
{
    char *const arguments[] = {(char[]){"shunt"}, (char[]){"broker"}, (char[]){"--ready-fd"},
                               (char[]){"3"}, NULL};
    static const char refused[] = "error: the broker cannot be executed\n";
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (ready == READY_FD)
        fcntl(ready, F_SETFD, 0);
    else
        dup2(ready, READY_FD);
    execve(command, arguments, environment);
    if (write(READY_FD, refused, sizeof refused - 1) < 0)
        _exit(126);
    _exit(127);
}

/* Starts the broker as nobody's child, so that no step ever has to wait for it. */
static int start(const char *command, int ready, char *const *environment)
{
    int status;
    pid_t child = fork();
    if (child < 0)
        return -1;
    if (child == 0) {
        pid_t broker = fork();
        if (broker == 0)
            become_broker(command, ready, environment);
        _exit(broker < 0);
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* Everything the broker says until it closes the pipe. Returns 0, or -1 when that takes too long.
 */
static int listen_to(int fd, struct buf *out)
{
    int64_t deadline = clock_ms() + READY_MS;
    for (;;) {
        char chunk[4096];
        struct pollfd readable = {.fd = fd, .events = POLLIN};
        int ready = poll(&readable, 1, clock_left(deadline));
        if (ready == 0 || (ready < 0 && errno != EINTR))
            return -1;
        ssize_t n = ready > 0 ? read(fd, chunk, sizeof chunk) : -1;
        if (n == 0)
            return 0;
        if (n > 0 && buf_append(out, chunk, (size_t)n) < 0)
            return -1;
    }
}

static int ask_broker(const struct settings_input *input, const char *command, struct buf *said)
{
    struct environment environment;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    autoclose int reader = ends[0];
    if (environment_make(input, &environment) < 0) {
        close(ends[1]);
        return -1;
    }
    int started = start(command, ends[1], environment.entries);
    close(ends[1]);
    environment_free(&environment);
    return started < 0 ? -1 : listen_to(reader, said);
}

__attribute__((format(printf, 2, 3))) static int give_up(char **error, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    if (vasprintf(error, format, list) < 0)
        *error = NULL;
    va_end(list);
    return -1;
}

static int connect_broker(const struct settings_input *input)
{
    autofree char *path = runtime_dir(input, false);
    return path ? client_connect(path) : -1;
}

/* 0: go on; -1: the answer is final. */
static int understand(struct buf *said, char **report, char **error, bool *off)
{
    static const char prefix[] = "error: ";
    autofree char *text = buf_steal(said);
    char *end = text ? strchr(text, '\n') : NULL;
    if (!end)
        return give_up(error, "the broker ended before it was ready");
    *end = '\0';
    if (strncmp(text, prefix, sizeof prefix - 1) == 0)
        return give_up(error, "%s", text + sizeof prefix - 1);
    *off = strcmp(text, "off") == 0;
    if (!*off && strcmp(text, "ready") != 0)
        return give_up(error, "the broker said something else than \"ready\"");
    free(*report);
    *report = end[1] ? strdup(end + 1) : NULL;
    return *off ? -1 : 0;
}

int broker_hold(const struct settings_input *input, const char *command_path, char **report,
                char **error, bool *off)
{
    *report = *error = NULL;
    *off = false;
    /* A broker is started even where one runs: it reads the keys for the report and leaves the seat
     * to the other. The other may be on its way out, hence more than one attempt. */
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        autobuf said = BUF_INIT(REPORT_MAX);
        if (ask_broker(input, command_path, &said) < 0)
            return give_up(error, "the broker could not be started within %d s", READY_MS / 1000);
        if (understand(&said, report, error, off) < 0)
            return -1;
        int holder = connect_broker(input);
        if (holder >= 0)
            return holder;
    }
    return give_up(error, "the broker does not answer");
}
