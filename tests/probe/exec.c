/* The exec and spawn families: a child whose environment was scrubbed keeps the opt-in, one that is
 * opted out by name does not, and other preloaded libraries stay in their order.
 *
 *     exec on|off          what the parent expects of its children
 *     exec child …         prints what it was given */
#define _GNU_SOURCE
#include "probe.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
extern int execvpe(const char *, char *const *, char *const *) __attribute__((weak));
extern int execveat(int, const char *, char *const *, char *const *, int) __attribute__((weak));

enum { HAS_SWITCH = 1, HAS_PRELOAD = 2, HAS_KEYS = 4, HAS_OTHER = 8, BASE = 32 };

static const char *self;
static int expected;

static int child(void)
{
    const char *preload = getenv("LD_PRELOAD"), *opt = getenv("SHUNT");
    int seen = BASE;
    seen |= opt && strcmp(opt, "on") == 0 ? HAS_SWITCH : 0;
    seen |= preload && strstr(preload, "libshunt.so") ? HAS_PRELOAD : 0;
    seen |= getenv("SHUNT_KEYS") ? HAS_KEYS : 0;
    seen |= getenv("OTHER") ? HAS_OTHER : 0;
    return seen;
}

static void wait_for(const char *name, pid_t pid)
{
    int status = 0;
    EXPECT(pid > 0 && waitpid(pid, &status, 0) == pid, name);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == expected, name);
}

/* Runs one exec call in a fork and compares what the child saw. */
#define CHILD(name, call)                                                                          \
    do {                                                                                           \
        fflush(stdout);                                                                            \
        pid_t pid_ = fork();                                                                       \
        if (!pid_) {                                                                               \
            call;                                                                                  \
            _exit(99);                                                                             \
        }                                                                                          \
        wait_for(name, pid_);                                                                      \
    } while (0)

static void check_exec(char *const *arguments, char **scrubbed)
{
    char **kept = environ;
    CHILD("execve", execve(self, arguments, scrubbed));
    CHILD("execle", execle(self, self, "child", NULL, scrubbed));
    CHILD("execvpe",
          execvpe ? execvpe(self, arguments, scrubbed) : execve(self, arguments, scrubbed));
    CHILD("fexecve", fexecve(open(self, O_RDONLY), arguments, scrubbed));
    CHILD("syscall", execveat ? execveat(AT_FDCWD, self, arguments, scrubbed, 0)
                              : execve(self, arguments, scrubbed));
    environ = scrubbed;
    CHILD("execv", execv(self, arguments));
    CHILD("execvp", execvp(self, arguments));
    CHILD("execl", execl(self, self, "child", NULL));
    CHILD("execlp", execlp(self, self, "child", NULL));
    environ = kept;
    pid_t pid = vfork();
    if (!pid) {
        execve(self, arguments, scrubbed);
        _exit(99);
    }
    wait_for("vfork and execve", pid);
}

static void check_spawn(char *const *arguments, char **scrubbed)
{
    pid_t pid = 0;
    EXPECT(posix_spawn(&pid, self, NULL, NULL, arguments, scrubbed) == 0, "posix_spawn");
    wait_for("posix_spawn", pid);
    EXPECT(posix_spawnp(&pid, self, NULL, NULL, arguments, scrubbed) == 0, "posix_spawnp");
    wait_for("posix_spawnp", pid);
    EXPECT(posix_spawn(&pid, "/nonexistent", NULL, NULL, arguments, scrubbed) != 0 ||
               waitpid(pid, NULL, 0) == pid,
           "posix_spawn of nothing fails as ever");
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "child") == 0)
        return child();
    if (argc != 2)
        return 64;
    int on = strcmp(argv[1], "on") == 0;
    self = argv[0];
    char name[] = "exec", word[] = "child", other[] = "OTHER=1", opted_out[] = "SHUNT=off";
    char *const arguments[] = {name, word, NULL};
    char *scrubbed[] = {other, NULL}, *out[] = {other, opted_out, NULL}, *nothing[] = {NULL};
    expected = BASE | HAS_OTHER | (on ? HAS_SWITCH | HAS_PRELOAD | HAS_KEYS : 0);
    check_exec(arguments, scrubbed);
    check_spawn(arguments, scrubbed);
    expected &= ~HAS_OTHER;
    CHILD("an empty environment", execve(self, arguments, nothing));
    char **volatile none = NULL;
    CHILD("no environment at all", execve(self, arguments, none));
    expected = BASE | HAS_OTHER;
    CHILD("opted out by name", execve(self, arguments, out));
    errno = 0;
    EXPECT(execve("/nonexistent", arguments, scrubbed) == -1 && errno == ENOENT,
           "exec fails as ever");
    return probe_end("exec");
}
