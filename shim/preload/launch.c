/* Starts `shunt broker` for a step that opted in by its environment alone.
 *
 * The broker must owe the step nothing: double fork, own session, no inherited descriptor, no
 * preload. The intermediate child has no exit signal, so that the program's SIGCHLD handlers and
 * waitpid(-1) never learn of it. Only raw system calls between fork and exec. */
#include "core.h"

enum {
    SIGCHLD_ = 17,
    WALL_ = 0x40000000,
    POLLIN_ = 1,
    READY_FD = 3,
    READY_SECONDS = 10,
    EXIT_NOT_STARTED = 127,
};

static bool is_executable(const char *path)
{
    return sys(__NR_faccessat, AT_FDCWD_, path, X_OK_) == 0;
}

/* Beside the library, in the bin beside its lib, or where a package puts it. */
static bool find_command(char out[PATH_MAX_])
{
    static const char beside[2][16] = {"/shunt", "/../bin/shunt"};
    static const char usual[2][24] = {"/usr/local/bin/shunt", "/usr/bin/shunt"};
    const char *own = resolve_own_path(), *slash = text_last(own, '/');
    for (int i = 0; slash && i < 2; i++) {
        struct line line = {.data = out, .size = PATH_MAX_};
        line_bytes(&line, own, (size_t)(slash - own));
        line_text(&line, beside[i]);
        if (!line.full && is_executable(out))
            return true;
    }
    for (int i = 0; i < 2; i++) {
        struct line line = {.data = out, .size = PATH_MAX_};
        line_text(&line, usual[i]);
        if (is_executable(out))
            return true;
    }
    return false;
}

/* The environment of the broker: what decides, and nothing of the step's. */
static void broker_environment(char *out[12])
{
    static char no_home[] = "HOME=/", usual_path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
    size_t n = 0;
    out[n++] = usual_path;
    out[n++] = opt_in.home ? (char *)(uintptr_t)(opt_in.home - 5) : no_home;
    for (size_t i = 0; i < opt_in.line_count; i++)
        if (!text_starts(opt_in.lines[i], "SHUNT="))
            out[n++] = (char *)(uintptr_t)opt_in.lines[i];
    out[n] = NULL;
}

static _Noreturn void become_broker(const char *command, long ready)
{
    char ready_text[] = {'0' + READY_FD, 0};
    char name[] = "shunt", verb[] = "broker", option[] = "--ready-fd";
    char *const arguments[] = {name, verb, option, ready_text, NULL};
    char *environment[12];
    uint64_t no_signals = 0;
    sys(__NR_setsid);
    sys(__NR_rt_sigprocmask, 2 /* SIG_SETMASK */, &no_signals, 0, sizeof no_signals);
    if (ready == READY_FD)
        sys(__NR_fcntl, ready, F_SETFD_, 0);
    else
        sys(__NR_dup3, ready, READY_FD, 0);
    long null = sys(__NR_openat, AT_FDCWD_, "/dev/null", 2);
    for (long fd = 0; fd < READY_FD; fd++)
        if (null >= 0 && null != fd)
            sys(__NR_dup3, null, fd, 0);
    sys(436 /* close_range: where it is missing the broker closes them itself */, READY_FD + 1, ~0u,
        0);
    /* The session leader goes, so that the broker can never gain a terminal. */
    if (sys(__NR_clone, SIGCHLD_, 0, 0, 0, 0) == 0) {
        broker_environment(environment);
        sys(__NR_execve, command, arguments, environment);
    }
    for (;;)
        sys(__NR_exit_group, EXIT_NOT_STARTED);
}

/* Reads what the broker says until it closes the pipe. Returns the bytes read, 0 for nothing. */
static size_t read_ready(long fd, char *out, size_t size)
{
    long long timeout[2] = {READY_SECONDS, 0};
    size_t n = 0;
    while (n < size - 1) {
        struct {
            int fd;
            short events, revents;
        } poll = {(int)fd, POLLIN_, 0};
        long ready = sys(__NR_ppoll, &poll, 1, timeout, 0, 8);
        if (ready == -EINTR_)
            continue;
        long got = ready > 0 ? sys(__NR_read, fd, out + n, size - 1 - n) : 0;
        if (got == -EINTR_)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    out[n] = '\0';
    return n;
}

static void say_lines(char *text)
{
    while (*text) {
        char *end = text;
        while (*end && *end != '\n')
            end++;
        char kept = *end;
        *end = '\0';
        if (*text)
            say(text);
        text = kept ? end + 1 : end;
    }
}

static enum launch understand(char *answer)
{
    if (text_starts(answer, "ready\n")) {
        if (!opt_in.said)
            say_lines(answer + 6);
        return LAUNCH_READY;
    }
    if (text_starts(answer, "off"))
        return LAUNCH_OFF;
    if (text_starts(answer, "error: ") && !opt_in.said) {
        say_lines(answer + 7);
        opt_in.said = true;
    }
    return LAUNCH_FAILED;
}

enum launch launch_broker(void)
{
    char command[PATH_MAX_], answer[4096];
    int ends[2] = {-1, -1};
    if (!find_command(command) || sys_failed(sys(__NR_pipe2, ends, O_CLOEXEC_)))
        return LAUNCH_FAILED;
    long child = sys(__NR_clone, 0, 0, 0, 0, 0);
    if (child == 0)
        become_broker(command, ends[1]);
    sys(__NR_close, ends[1]);
    size_t n = child > 0 ? read_ready(ends[0], answer, sizeof answer) : 0;
    sys(__NR_close, ends[0]);
    while (child > 0 && sys(__NR_wait4, child, 0, WALL_, 0) == -EINTR_)
        continue;
    return n ? understand(answer) : LAUNCH_FAILED;
}
