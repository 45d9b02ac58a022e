/* A child's environment: the opt-in, its keys and the preload survive scrubbing; what a child that
 * is opted out by name would have inherited of ours is taken out. Writes nothing but the caller's
 * stack. */
#include "core.h"
#include "environment.h"

static bool is_own_setting(const char *entry)
{
    const struct plan_env *rule = (const void *)((const char *)plan + plan->envs);
    for (uint32_t i = 0; i < plan->env_count; i++) {
        const char *value = value_in(entry, plan_string(rule[i].name), false);
        if (value && text_equal(value, plan_string(rule[i].value)))
            return true;
    }
    return false;
}

/* A child that is opted out by name gets nothing of ours. */
static char *const *without_ours(char *const *environment, char **room)
{
    size_t n = 0;
    for (; *environment; environment++)
        if (!plan || !is_own_setting(*environment))
            room[n++] = *environment;
    room[n] = NULL;
    return room;
}

static const char *file_name(const char *path, const char *end)
{
    const char *name = path;
    for (; path < end; path++)
        if (*path == '/')
            name = path + 1;
    return name;
}

/* Whether a word of LD_PRELOAD is this library, whatever directory or $LIB it is written with. */
static bool is_ours(const char *word, const char *end)
{
    const char *own = resolve_own_path(), *own_end = own + text_length(own);
    const char *a = file_name(word, end), *b = file_name(own, own_end);
    return end - a == own_end - b && end > a && memcmp(a, b, (size_t)(end - a)) == 0;
}

static bool is_separator(char c)
{
    return c == ':' || is_blank(c);
}

/* LD_PRELOAD with our entry added at the end, or taken out where the child could not load it.
 * Returns false when it can stay as it is. Other entries and their order are kept. */
static bool preload_line(const char *value, bool reachable, struct line *line)
{
    bool ours = false;
    line_text(line, "LD_PRELOAD=");
    size_t empty = line->len;
    for (const char *p = value; *p;) {
        const char *end = p;
        while (*end && !is_separator(*end))
            end++;
        bool is = end > p && is_ours(p, end);
        ours |= is;
        if (end > p && (!is || reachable)) {
            line_text(line, line->len > empty ? ":" : "");
            line_bytes(line, p, (size_t)(end - p));
        }
        p = *end ? end + 1 : end;
    }
    if (reachable && !ours) {
        line_text(line, line->len > empty ? ":" : "");
        line_text(line, resolve_own_path());
    }
    return ours != reachable && !line->full;
}

static const char *name_end(const char *entry)
{
    while (*entry && *entry != '=')
        entry++;
    return entry;
}

static bool has_name_of(char *const *environment, const char *line)
{
    size_t n = (size_t)(name_end(line) - line) + 1;
    for (; *environment; environment++)
        if ((*environment)[0] == line[0] && text_length(*environment) >= n &&
            memcmp(*environment, line, n) == 0)
            return true;
    return false;
}

char *const *child_environment(char *const *environment, char **room, char text[CHILD_TEXT])
{
    static char *const nothing[] = {NULL};
    environment = environment ? environment : nothing;
    const char *own = resolve_own_path(), *opt = environment_value(environment, "SHUNT");
    /* An inert library gets here where libc lacks the function that was called. */
    bool inert = __atomic_load_n(&shunt_state, __ATOMIC_RELAXED) <= STATE_OFF;
    if (inert || !room || !*own)
        return environment;
    if (opt && !is_on(opt))
        return without_ours(environment, room);
    struct line line = {.data = text, .size = CHILD_TEXT};
    const char *value = environment_value(environment, "LD_PRELOAD");
    bool reachable = sys(__NR_faccessat, AT_FDCWD_, own, R_OK_) == 0;
    bool changed = preload_line(value ? value : "", reachable, &line), added = !changed;
    size_t n = 0;
    for (char *const *e = environment; *e; e++)
        if (changed && value_in(*e, "LD_PRELOAD", false)) {
            room[n++] = text;
            added = true;
        } else {
            room[n++] = *e;
        }
    if (!added)
        room[n++] = text;
    for (size_t i = 0; i < opt_in.line_count; i++)
        if (!has_name_of(environment, opt_in.lines[i]))
            room[n++] = (char *)(uintptr_t)opt_in.lines[i];
    room[n] = NULL;
    return room;
}
