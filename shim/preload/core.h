/* What the files of the library share: own string functions, the weak imports, the table of real
 * functions and the process-wide state.
 *
 * Rules for everything in shim/preload/: no libc call but through real(), no allocation, no lock,
 * no output (but say()), no errno change but through fail(). */
#ifndef SHUNT_PRELOAD_CORE_H
#define SHUNT_PRELOAD_CORE_H

#include <stdbool.h>

#include "sys.h"
#include "shunt/plan.h"
#include "shunt/protocol.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* --- text.c --- */
void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t text_length(const char *s);
bool text_equal(const char *a, const char *b);
bool text_starts(const char *s, const char *prefix);
const char *text_last(const char *s, char c);

/* A string under construction in a caller's array: never overflows, remembers that it would have.
 */
struct line {
    char *data;
    size_t size; /* bytes of `data` */
    size_t len;  /* bytes used, without the NUL */
    bool full;
};

#define LINE(array)                                                                                \
    {                                                                                              \
        .data = (array), .size = sizeof(array)                                                     \
    }
void line_bytes(struct line *line, const char *s, size_t n);
void line_text(struct line *line, const char *s);
void line_decimal(struct line *line, unsigned long value);
void line_hex(struct line *line, uint64_t value);

/* --- resolve.c: the real functions --- */
enum hook {
#define HOOK(symbol) HOOK_##symbol,
#include "hooks.def"
#undef HOOK
    HOOK_COUNT
};

/* Written once per entry by whichever thread needs it first; every writer stores the same value. */
extern void *hook_real[HOOK_COUNT];

#define REAL_ABSENT ((void *)1) /* this libc has no such function */

void *resolve_hook(enum hook hook); /* NULL when absent */

static inline void *real_of(enum hook hook)
{
    void *found = __atomic_load_n(&hook_real[hook], __ATOMIC_RELAXED);
    if (unlikely(found <= REAL_ABSENT))
        return found ? NULL : resolve_hook(hook);
    return found;
}

/* real(open, int, (const char *, int, unsigned)): the function, or NULL where libc has none. */
#define real(symbol, type, arguments) ((type(*) arguments)real_of(HOOK_##symbol))

/* Looks a symbol up in the whole process, as the program's own reference would find it. */
void *resolve_global(const char *symbol);
/* Our own file, as the loader names it; "" when unknown. */
const char *resolve_own_path(void);
bool resolve_is_glibc(void);

/* --- start.c: state --- */
enum state {
    STATE_UNDECIDED, /* before the first constructor */
    STATE_OFF,       /* not opted in, or no keys: every hook is a jump to the real function */
    STATE_ON,
    STATE_REFUSED /* opted in and cannot be served: names are not resolved */
};

/* Written by start() before main, and once more by refuse(). Never goes back to OFF. */
extern uint32_t shunt_state;

static inline bool is_refused(void)
{
    return __atomic_load_n(&shunt_state, __ATOMIC_RELAXED) == STATE_REFUSED;
}

void refuse(const char *reason);
void say(const char *sentence); /* one line on stderr */

/* The SHUNT_* variables as the process was started with them: own copies, immutable after start().
 */
struct opt_in {
    const char *keys, *strategy, *credentials, *runtime, *user_switch; /* values; NULL when unset */
    const char *path, *home;
    const char *lines[8]; /* NAME=value of those that must survive a scrubbed environment */
    size_t line_count;
    char arguments[PROTOCOL_ARGUMENTS_MAX]; /* argv as the program was given it, NUL after each */
    size_t arguments_length;
    unsigned long uid;
    bool said; /* a parent has told already why the step cannot be served */
};
extern struct opt_in opt_in;

/* --- plan.c --- */
extern const struct plan *plan; /* NULL unless STATE_ON; read-only mapping, never unmapped */

enum plan_found { PLAN_LIVE, PLAN_DEAD, PLAN_NONE };
enum plan_found plan_open(void); /* sets `plan` when LIVE */

static inline const char *plan_string(struct plan_text text)
{
    return (const char *)plan + text.offset;
}

/* The row that matches, or -1. `path` may be NULL. */
int plan_match_path(const char *path);
/* Notes the values of the variables that PLAN_MATCH_ENV rows name. */
void plan_note_environment(char *const *environment);

/* --- broker.c, launch.c --- */
enum launch { LAUNCH_READY, LAUNCH_OFF, LAUNCH_FAILED };
enum launch launch_broker(void);

/* Asks for the file of a row. Returns a descriptor (close-on-exec), BROKER_REAL, or another
 * negative errno. */
#define BROKER_REAL (-ENOENT_ - 100000)
long broker_ask(uint32_t row, const char *absolute_path);

/* --- served.c --- */
/* What the broker has for `path` relative to `directory`: a close-on-exec descriptor, SERVED_NONE
 * when the real file is meant, or another negative errno. */
#define SERVED_NONE BROKER_REAL
long served(int directory, const char *path);
/* The same, with open's flags: writing always means the real file; close-on-exec as asked. */
long served_open(int directory, const char *path, int flags);
bool absolute_path(int directory, const char *path, char out[PATH_MAX_]);

/* --- environment.c --- */
extern char **environ __attribute__((weak, visibility("default")));
size_t environment_count(char *const *environment);
const char *environment_value(char *const *environment, const char *name);
/* Applies the plan's rules to environ: an own array that is never freed. */
void environment_merge(void);

/* --- errno --- */
extern int *__errno_location(void) __attribute__((weak, visibility("default")));

/* Sets errno to the positive code and returns -1: the only place where errno is written. */
static inline int fail(long code)
{
    if (__errno_location)
        *__errno_location() = (int)code;
    return -1;
}

#endif
