/* The environment of this process: the plan's rules applied to `environ`, once, before main.
 *
 * Never through libc's setenv: bash exports its own, and an array that libc may free is handed to
 * main. The new array and its strings are writable (bash writes into them) and never freed. */
#include "core.h"
#include "environment.h"

size_t environment_count(char *const *environment)
{
    size_t n = 0;
    while (environment && environment[n])
        n++;
    return n;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

const char *value_in(const char *entry, const char *name, bool any_case)
{
    for (; *name; name++, entry++)
        if (*entry != *name && !(any_case && lower(*entry) == lower(*name)))
            return NULL;
    return *entry == '=' ? entry + 1 : NULL;
}

const char *environment_value(char *const *environment, const char *name)
{
    for (; environment && *environment; environment++) {
        const char *value =
            (*environment)[0] == name[0] ? value_in(*environment, name, false) : NULL;
        if (value)
            return value;
    }
    return NULL;
}

/* --- public URLs --- */

static const char *after_scheme(const char *url)
{
    static const char scheme[] = "http";
    for (int i = 0; i < 4; i++, url++)
        if (lower(*url) != scheme[i])
            return NULL;
    if (lower(*url) == 's')
        url++;
    return text_starts(url, "://") ? url + 3 : NULL;
}

static const char *after_userinfo(const char *rest, const char *end)
{
    for (const char *p = rest; p < end && *p != '/'; p++)
        if (*p == '@')
            return p + 1;
    return rest;
}

/* Whether url[0..end) is `base` (https://host[/path], no trailing '/') or lies below it. */
static bool is_below(const char *url, const char *end, const char *base)
{
    const char *u = after_scheme(url), *b = after_scheme(base);
    if (!u || !b)
        return false;
    for (u = after_userinfo(u, end); *b; b++, u++) {
        if (*b == '/' && u + 4 <= end && memcmp(u, ":443", 4) == 0)
            u += 4;
        if (u >= end || lower(*u) != lower(*b))
            return false;
    }
    return u >= end || *u == '/' || *u == ':' || *u == '?' || *u == '#';
}

static bool is_public(const struct plan_env *rule, const char *url, const char *end)
{
    const struct plan_text *base = (const void *)((const char *)plan + plan->publics);
    for (uint32_t i = 0; i < rule->public_count; i++)
        if (is_below(url, end, plan_string(base[rule->first_public + i])))
            return true;
    return false;
}

/* --- the new array --- */

static struct {
    char **entries;
    size_t count;
    struct line text; /* where new entries are written, one after the other */
} built;

enum { EXTRA_ENTRIES = 4, TEXT_BYTES = 2048 };

/* Copies the array of pointers the first time that something has to change. */
static bool make_room(void)
{
    if (built.entries)
        return true;
    size_t n = environment_count(environ), longest = 0;
    for (size_t i = 0; i < n; i++) {
        size_t length = text_length(environ[i]);
        longest = length > longest ? length : longest;
    }
    size_t pointers =
        (n + (plan ? plan->env_count : 0) + EXTRA_ENTRIES + 1) * sizeof *built.entries;
    size_t text = TEXT_BYTES + (plan ? plan->size : 0) + 8 * longest;
    void *room = keep_room(pointers + text);
    long at = room ? (long)room
                   : sys(__NR_mmap, 0, pointers + text, 3 /* READ|WRITE */,
                         0x22 /* PRIVATE|ANONYMOUS */, -1, 0);
    if (sys_failed(at))
        return false;
    built.entries = (char **)at;
    memcpy(built.entries, environ, n * sizeof *built.entries);
    built.count = n;
    built.text.data = (char *)at + pointers;
    built.text.size = text;
    return true;
}

static char **current(void)
{
    return built.entries ? built.entries : environ;
}

/* Starts a new entry; end_entry() puts it in place of entry `i`, or behind the last. */
static bool begin_entry(const char *name, size_t length)
{
    if (!make_room())
        return false;
    built.text.full = false;
    line_bytes(&built.text, name, length);
    line_text(&built.text, "=");
    return true;
}

static void end_entry(size_t i, size_t start)
{
    line_bytes(&built.text, "", 1);
    if (built.text.full) {
        built.text.len = start;
        refuse("an environment variable is too long to be rewritten");
        return;
    }
    built.entries[i] = built.text.data + start;
    if (i == built.count)
        built.entries[++built.count] = NULL;
}

static void set_entry(size_t i, const char *name, size_t length, const char *value)
{
    size_t start = built.text.len;
    if (!begin_entry(name, length))
        return;
    line_text(&built.text, value);
    end_entry(i, start);
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static const char *item_end(const char *item)
{
    while (*item && !is_blank(*item))
        item++;
    return item;
}

static void set_list(size_t i, const struct plan_env *rule, const char *value)
{
    const char *entry = current()[i];
    size_t start = built.text.len;
    if (!begin_entry(entry, (size_t)(value - entry - 1)))
        return;
    while (*value) {
        const char *end = item_end(value);
        if (end == value)
            line_bytes(&built.text, value++, 1);
        else if (is_public(rule, value, end))
            line_text(&built.text, plan_string(rule->value));
        else
            line_bytes(&built.text, value, (size_t)(end - value));
        value = end > value ? end : value;
    }
    end_entry(i, start);
}

static bool names_public(const struct plan_env *rule, const char *value)
{
    if (!(rule->flags & PLAN_ENV_LIST))
        return is_public(rule, value, value + text_length(value));
    for (; *value; value = *value ? value + 1 : value) {
        const char *end = item_end(value);
        if (end > value && is_public(rule, value, end))
            return true;
        value = end;
        if (!*value)
            break;
    }
    return false;
}

static void replace(size_t i, const struct plan_env *rule, const char *value)
{
    const char *entry = current()[i];
    if (rule->flags & PLAN_ENV_LIST)
        set_list(i, rule, value);
    else
        set_entry(i, entry, (size_t)(value - entry - 1), plan_string(rule->value));
}

static void apply(const struct plan_env *rule)
{
    const char *name = plan_string(rule->name);
    bool found = false;
    if (rule->when_name.length) {
        const char *when = environment_value(current(), plan_string(rule->when_name));
        if (!when || !text_equal(when, plan_string(rule->when_value)))
            return;
    }
    for (size_t i = 0; current()[i]; i++) {
        if (lower(current()[i][0]) != lower(name[0]))
            continue;
        const char *value = value_in(current()[i], name, rule->flags & PLAN_ENV_ANY_CASE);
        if (!value)
            continue;
        found = true;
        if (*value && (rule->flags & PLAN_ENV_REPLACE) && names_public(rule, value))
            replace(i, rule, value);
        else if (!*value && (rule->flags & PLAN_ENV_SET))
            set_entry(i, name, rule->name.length, plan_string(rule->value));
    }
    if (!found && (rule->flags & PLAN_ENV_SET))
        set_entry(environment_count(current()), name, rule->name.length, plan_string(rule->value));
}

/* --- what holds for every step --- */

/* gcc's address sanitizer refuses to start behind a preloaded library unless it is told not to. */
static void pacify_sanitizer(void)
{
    static const char name[] = "ASAN_OPTIONS", option[] = "verify_asan_link_order=0";
    for (size_t i = 0; current()[i]; i++) {
        const char *value = current()[i][0] == 'A' ? value_in(current()[i], name, false) : NULL;
        if (!value)
            continue;
        for (const char *p = value; *p; p++)
            if (text_starts(p, "verify_asan_link_order"))
                return;
        size_t start = built.text.len;
        if (!begin_entry(name, sizeof name - 1))
            return;
        line_text(&built.text, value);
        line_text(&built.text, *value ? ":" : "");
        line_text(&built.text, option);
        end_entry(i, start);
        return;
    }
    set_entry(environment_count(current()), name, sizeof name - 1, option);
}

void environment_merge(void)
{
    if (!&environ || !environ || (built.entries && environ == built.entries))
        return;
    built.entries = NULL;
    built.text.len = 0;
    if (plan) {
        const struct plan_env *rule = (const void *)((const char *)plan + plan->envs);
        for (uint32_t i = 0; i < plan->env_count; i++)
            apply(&rule[i]);
        pacify_sanitizer();
    }
    if (opt_in.said && !environment_value(current(), "SHUNT_SAID"))
        set_entry(environment_count(current()), "SHUNT_SAID", 10, "1");
    if (built.entries)
        environ = built.entries;
}
