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

/* Eight bytes at a time: an aligned word never crosses a page, so reading before the start and past
 * the NUL inside it is safe. Every hooked path is measured here, so it has to be quick. */
static inline size_t text_length(const char *s)
{
    typedef uint64_t __attribute__((may_alias)) word;
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    const char *p = (const char *)((uintptr_t)s & ~(uintptr_t)7);
    uint64_t w = *(const word *)p | (((uint64_t)1 << 8 * ((uintptr_t)s & 7)) - 1);
    uint64_t zero = (w - ones) & ~w & highs;
    while (!zero) {
        w = *(const word *)(p += 8);
        zero = (w - ones) & ~w & highs;
    }
    return (size_t)(p - s) + (size_t)__builtin_ctzll(zero) / 8;
}

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

/* Memory for what start() keeps: copies that the program cannot overwrite, in one place, so that
 * few pages are touched. Never freed. NULL when there is no room. */
char *keep_bytes(const char *bytes, size_t n);
void *keep_room(size_t n); /* zeroed, aligned to 8 */

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
    char *arguments; /* argv as the program was given it, NUL after each; cut at a maximum */
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

/* The cheap exit: whether any row could match, from the path's length, start and last bytes. All
 * zero, so that nothing can, unless STATE_ON. Written by plan_open() and plan_note_environment()
 * before the hooks are ours. */
extern struct filter {
    uint64_t tails[4]; /* the plan's */
    uint64_t lengths;  /* bit n%64: a variable names a path of n bytes */
    uint64_t start;    /* first eight bytes of the virtual paths; 0: none */
} filter;

static inline bool may_match(const char *path)
{
    typedef uint64_t __attribute__((may_alias, aligned(1))) word;
    /* The first page is never mapped: the kernel will say EFAULT, and we must not fault instead. */
    if (unlikely((uintptr_t)path < 4096))
        return false;
    size_t n = text_length(path);
    if (unlikely(n < 3))
        return false;
    uint32_t bit = plan_tail_bit(path + n - 3);
    return (filter.tails[bit >> 6] >> (bit & 63) & 1) || (filter.lengths >> (n & 63) & 1) ||
           (n >= sizeof(word) && *(const word *)path == filter.start);
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
long served_slowly(int directory, const char *path);

static inline long served(int directory, const char *path)
{
    return likely(!may_match(path)) ? SERVED_NONE : served_slowly(directory, path);
}

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
