/* Decides once, before main, what this process is: inert, served, or refused. */
#include "core.h"
#include "environment.h"
#include "shunt/keys_default.h"

extern void *hook_slots[HOOK_COUNT] __attribute__((visibility("hidden")));
extern const int32_t hook_offsets[HOOK_COUNT] __attribute__((visibility("hidden")));
extern void *syscall_real;

uint32_t shunt_state;
struct opt_in opt_in;

/* --- slots --- */

static void *own_function(enum hook hook)
{
    return (char *)(uintptr_t)hook_offsets + hook_offsets[hook];
}

/* Called by stubs.S on the first call through an empty slot. */
void *hook_target(void **slot);
void *hook_target(void **slot)
{
    enum hook hook = (enum hook)(slot - hook_slots);
    void *found = hook == HOOK___libc_start_main ? NULL : real_of(hook);
    void *target = found ? found : own_function(hook);
    if (hook == HOOK_syscall && !found)
        syscall_real = NULL;
    /* Before the first constructor nothing is decided: pass through, and be asked again. */
    if (__atomic_load_n(&shunt_state, __ATOMIC_ACQUIRE) != STATE_UNDECIDED)
        __atomic_store_n(slot, target, __ATOMIC_RELAXED);
    return target;
}

static void take_over(void)
{
    syscall_real = real_of(HOOK_syscall);
    for (int i = 0; i < HOOK_COUNT; i++)
        __atomic_store_n(&hook_slots[i], own_function((enum hook)i), __ATOMIC_RELAXED);
}

/* --- output, the one exception --- */

void say(const char *sentence)
{
    char bytes[1024];
    struct line line = LINE(bytes);
    line_text(&line, "shunt: ");
    size_t n = text_length(sentence), room = sizeof bytes - line.len - 2;
    line_bytes(&line, sentence, n < room ? n : room);
    line_text(&line, "\n");
    sys(__NR_write, 2, bytes, line.len);
}

void refuse(const char *reason)
{
    if (__atomic_exchange_n(&shunt_state, STATE_REFUSED, __ATOMIC_ACQ_REL) == STATE_REFUSED)
        return;
    if (opt_in.said)
        return;
    opt_in.said = true;
    char bytes[512];
    struct line line = LINE(bytes);
    line_text(&line, "this step opted in (SHUNT=on) but ");
    line_text(&line, reason);
    line_text(&line, "; names are not resolved, so that nothing goes to a public registry");
    say(bytes);
}

/* --- the decision --- */

enum opt { OPT_OFF, OPT_ON, OPT_BAD };

static enum opt understand_switch(const char *value)
{
    static const char on[][8] = {"on", "1", "true", "yes"}, off[][8] = {"off", "0", "false", "no"};
    char lower[8] = {0};
    for (size_t i = 0; value[i]; i++) {
        if (i >= sizeof lower - 1)
            return OPT_BAD;
        lower[i] = (char)(value[i] >= 'A' && value[i] <= 'Z' ? value[i] | 32 : value[i]);
    }
    for (size_t i = 0; i < sizeof on / sizeof *on; i++) {
        if (text_equal(lower, on[i]))
            return OPT_ON;
        if (text_equal(lower, off[i]))
            return OPT_OFF;
    }
    return *value ? OPT_BAD : OPT_OFF;
}

bool is_on(const char *value)
{
    return understand_switch(value) == OPT_ON;
}

/* Copies NAME=value; returns the value, NULL when there is no room. */
static const char *keep(const char *entry, size_t name_length, bool survives)
{
    const char *copy = keep_bytes(entry, text_length(entry) + 1);
    if (!copy)
        return NULL;
    if (survives && opt_in.line_count < sizeof opt_in.lines / sizeof *opt_in.lines)
        opt_in.lines[opt_in.line_count++] = copy;
    return copy + name_length + 1;
}

static const struct {
    char name[40];
    size_t offset;
    bool survives;
} variables[] = {
    {"SHUNT_KEYS", offsetof(struct opt_in, keys), true},
    {"SHUNT_STRATEGY", offsetof(struct opt_in, strategy), true},
    {"SHUNT_CREDENTIALS", offsetof(struct opt_in, credentials), true},
    {"SHUNT_RUNTIME", offsetof(struct opt_in, runtime), true},
    {"enable-package-registry-proxy", offsetof(struct opt_in, user_switch), true},
    {"HOME", offsetof(struct opt_in, home), false},
};

static bool read_variables(char *const *environment)
{
    bool whole = true;
    for (; *environment; environment++) {
        const char *entry = *environment;
        if (entry[0] != 'S' && entry[0] != 'e' && entry[0] != 'H')
            continue;
        for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
            const char *value = value_in(entry, variables[i].name, false);
            if (!value)
                continue;
            value = keep(entry, (size_t)(value - entry - 1), variables[i].survives);
            *(const char **)(void *)((char *)&opt_in + variables[i].offset) = value;
            whole &= value != NULL;
        }
        if (text_starts(entry, "SHUNT="))
            keep(entry, 5, true);
        if (text_starts(entry, "SHUNT_SAID="))
            opt_in.said = true;
    }
    if (!opt_in.keys || !*opt_in.keys)
        opt_in.keys = KEYS_DEFAULT_DIR;
    return whole;
}

static const char *find_switch(char *const *environment)
{
    for (; *environment; environment++)
        if ((*environment)[0] == 'S' && text_starts(*environment, "SHUNT="))
            return *environment + 6;
    return NULL;
}

/* Effective user and "secure execution" as the kernel states them, without a system call on glibc,
 * whose loader hands constructors the original stack. */
static bool is_secure(const unsigned long *auxiliary)
{
    unsigned long buffer[96];
    bool secure = false;
    if (!auxiliary) {
        long fd = sys(__NR_openat, AT_FDCWD_, "/proc/self/auxv", O_CLOEXEC_);
        long n = fd < 0 ? 0 : sys(__NR_read, fd, buffer, sizeof buffer - 2 * sizeof *buffer);
        if (fd >= 0)
            sys(__NR_close, fd);
        size_t words = n > 0 ? (size_t)n / sizeof *buffer : 0;
        buffer[words] = buffer[words + 1] = 0;
        auxiliary = buffer;
    }
    opt_in.uid = (unsigned long)-1;
    for (; auxiliary[0]; auxiliary += 2) {
        if (auxiliary[0] == AT_SECURE_)
            secure = auxiliary[1] != 0;
        if (auxiliary[0] == AT_EUID_)
            opt_in.uid = auxiliary[1];
    }
    if (opt_in.uid == (unsigned long)-1)
        opt_in.uid = (unsigned long)sys(__NR_geteuid);
    return secure;
}

static enum state attach(void)
{
    if (plan_open() == PLAN_LIVE)
        return STATE_ON;
    if (sys(__NR_faccessat, AT_FDCWD_, opt_in.keys, 0) == -ENOENT_)
        return STATE_OFF;
    if (opt_in.said)
        return STATE_REFUSED;
    switch (launch_broker()) {
    case LAUNCH_OFF:
        return STATE_OFF;
    case LAUNCH_READY:
        return plan_open() == PLAN_LIVE ? STATE_ON : STATE_REFUSED;
    default:
        return STATE_REFUSED;
    }
}

static enum state decide(const unsigned long *auxiliary)
{
    char **environment = &environ ? environ : NULL;
    const char *value = environment ? find_switch(environment) : NULL;
    enum opt opt = value ? understand_switch(value) : OPT_OFF;
    if (opt == OPT_OFF || !__errno_location || is_secure(auxiliary))
        return STATE_OFF;
    bool whole = read_variables(environment);
    enum state state = opt == OPT_ON && whole ? attach() : STATE_REFUSED;
    if (state == STATE_REFUSED)
        refuse(opt == OPT_BAD ? "SHUNT is neither on, 1, true, yes nor off, 0, false, no"
               : whole        ? "its broker cannot be started"
                              : "its SHUNT_ variables are too long");
    return state;
}

/* Programs overwrite their own argument list (npm sets its title before it reads its first file),
 * and the broker judges by it who is asking. */
static void keep_arguments(char *const *argv)
{
    size_t used = 0;
    for (; argv && *argv && used < PROTOCOL_ARGUMENTS_MAX; argv++) {
        size_t n = text_length(*argv) + 1;
        n = n < PROTOCOL_ARGUMENTS_MAX - used ? n : PROTOCOL_ARGUMENTS_MAX - used;
        char *copy = keep_bytes(*argv, n);
        if (!copy)
            break;
        opt_in.arguments = opt_in.arguments ? opt_in.arguments : copy;
        copy[n - 1] = '\0';
        used += n;
    }
    opt_in.arguments_length = used;
}

static void start_with(char *const *argv, const unsigned long *auxiliary)
{
    static bool started; /* constructors and __libc_start_main run in one thread */
    if (started)
        return;
    started = true;
    enum state state = decide(auxiliary);
    if (state == STATE_ON) {
        keep_arguments(argv);
        plan_note_environment(environ);
    }
    if (state != STATE_OFF) {
        environment_merge();
        take_over();
    }
    __atomic_store_n(&shunt_state, state, __ATOMIC_RELEASE);
}

/* glibc calls constructors with main's arguments, musl with none. */
__attribute__((constructor, used)) static void construct(int argc, char **argv, char **envp)
{
    const unsigned long *auxiliary = NULL;
    if (resolve_is_glibc() && argv && envp == argv + argc + 1) {
        while (*envp)
            envp++;
        auxiliary = (const unsigned long *)(const void *)(envp + 1);
    }
    start_with(auxiliary ? argv : NULL, auxiliary);
}

/* --- main --- */

static int (*program_main)(int, char **, char **);

/* musl sets `environ` back to the kernel's array after we were asked to start, and hands main that
 * array: so once more, now that libc is done. Changes nothing where the first time still holds. */
static int main_with_environ(int argc, char **argv, char **envp)
{
    environment_merge();
    return program_main(argc, argv, &environ && environ ? environ : envp);
}

typedef int start_main(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                       void (*)(void), void *);

start_main shunt___libc_start_main;
int shunt___libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
                            void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                            void *stack_end)
{
    start_main *f = (start_main *)real_of(HOOK___libc_start_main);
    start_with(argv, NULL);
    if (__atomic_load_n(&shunt_state, __ATOMIC_RELAXED) != STATE_OFF) {
        program_main = program;
        program = main_with_environ;
    }
    return f(program, argc, argv, init, fini, rtld_fini, stack_end);
}
