/* fork, exec, signals and wait of `shunt run`. */
#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "cli.h"
#include "shunt/cleanup.h"

enum { NOT_EXECUTABLE = 126, NOT_FOUND = 127, BY_SIGNAL = 128 };

static const int forwarded[] = {SIGINT,  SIGTERM, SIGHUP,   SIGQUIT, SIGUSR1,
                                SIGUSR2, SIGCONT, SIGWINCH, SIGTSTP};

/* What the command gets back: the state before we began to watch signals. */
struct inherited {
    sigset_t mask;
    struct sigaction pipe;
};

static void watch_signals(sigset_t *watched, struct inherited *before)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(watched);
    sigaddset(watched, SIGCHLD);
    for (size_t i = 0; i < sizeof forwarded / sizeof forwarded[0]; i++)
        sigaddset(watched, forwarded[i]);
    sigprocmask(SIG_BLOCK, watched, &before->mask);
    /* Our closing line may find its reader gone; that must not change the exit status. */
    sigaction(SIGPIPE, &ignore, &before->pipe);
}

static _Noreturn void become(char *const *argv, const struct inherited *before)
{
    sigaction(SIGPIPE, &before->pipe, NULL);
    sigprocmask(SIG_SETMASK, &before->mask, NULL);
    execvp(argv[0], argv);
    int saved = errno;
    cli_error("%s: %s", argv[0], saved == ENOENT ? "command not found" : strerror(saved));
    _exit(saved == ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
}

/* The terminal's own signals reach the whole process group, the command included. */
static bool is_from_terminal(const siginfo_t *info)
{
    return info->si_code == SI_KERNEL;
}

/* Returns true with *status when the command has ended; stops with it when the terminal stopped it,
 * so that the shell sees its job stop. Whoever sends SIGSTOP to the command alone will not think of
 * us when it goes on. */
static bool has_ended(pid_t child, int *status)
{
    pid_t changed;
    while ((changed = waitpid(child, status, WNOHANG | WUNTRACED)) != 0) {
        if (changed < 0 && errno != EINTR)
            return true;
        if (changed > 0 && !WIFSTOPPED(*status))
            return true;
        if (changed > 0 && WSTOPSIG(*status) != SIGSTOP)
            raise(SIGSTOP);
    }
    return false;
}

static int wait_for(pid_t child, const sigset_t *watched)
{
    int status = 0;
    for (;;) {
        siginfo_t info;
        int number = sigwaitinfo(watched, &info);
        if (number == SIGCHLD) {
            if (has_ended(child, &status))
                return status;
        } else if (number > 0 && !is_from_terminal(&info)) {
            kill(child, number);
        }
    }
}

int child_run(char *const *argv)
{
    sigset_t watched;
    struct inherited before;
    watch_signals(&watched, &before);
    pid_t child = fork();
    if (child < 0) {
        cli_error("no process can be made: %s", strerror(errno));
        return -1;
    }
    if (child == 0)
        become(argv, &before);
    return wait_for(child, &watched);
}

_Noreturn void child_mirror(int status)
{
    if (WIFSIGNALED(status)) {
        const struct rlimit no_core = {0, 0};
        int number = WTERMSIG(status);
        sigset_t only;
        setrlimit(RLIMIT_CORE, &no_core); /* the command has left one, if one was wanted */
        signal(number, SIG_DFL);
        sigemptyset(&only);
        sigaddset(&only, number);
        kill(getpid(), number);
        sigprocmask(SIG_UNBLOCK, &only, NULL);
        _exit(BY_SIGNAL + number);
    }
    _exit(WEXITSTATUS(status));
}
