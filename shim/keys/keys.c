/* The reader of the key directory. Touches that directory, read-only, once; nothing afterwards.
 *
 * Only the files that the strategy can see are opened; the names of all are checked. Names come
 * from the listing, so that a dangling link is a key that cannot be read and not a key that is
 * unset. */
#include "shunt/keys.h"

#include "internal.h"
#include "values.h"

#include "shunt/buf.h"
#include "shunt/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

struct key_entry {
    enum key_state state;
    char *value;                    /* KEY_SET */
    char *origin;                   /* not KEY_UNSET */
    bool global, scoped, elsewhere; /* files listed: plain, of this strategy, of another one */
};

struct keys {
    enum strategy strategy;
    struct key_entry *entries; /* one per row of key_table */
    size_t count;
    struct key_problem *problems;
    size_t problem_count;
    bool out_of_memory;
};

struct keys *keys_new(enum strategy strategy)
{
    struct keys *keys = calloc(1, sizeof(*keys));
    if (!keys)
        return NULL;
    keys->strategy = strategy;
    key_table(&keys->count);
    keys->entries = calloc(keys->count, sizeof(*keys->entries));
    if (!keys->entries) {
        free(keys);
        return NULL;
    }
    return keys;
}

void keys_free(struct keys *keys)
{
    if (!keys)
        return;
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->entries[i].value)
            explicit_bzero(keys->entries[i].value, strlen(keys->entries[i].value));
        free(keys->entries[i].value);
        free(keys->entries[i].origin);
    }
    for (size_t i = 0; i < keys->problem_count; i++) {
        free(keys->problems[i].key);
        free(keys->problems[i].sentence);
    }
    free(keys->entries);
    free(keys->problems);
    free(keys);
}

/* --- mistakes --- */

/* A file name may hold any byte; a sentence is one line of plain text. */
static void put_name(struct buf *out, const char *name)
{
    for (; *name; name++)
        buf_append(out, *name > ' ' && *name < 0x7f ? name : "?", 1);
}

__attribute__((format(printf, 4, 0))) static void add_problem(struct keys *keys, const char *file,
                                                              bool unknown, const char *format,
                                                              va_list args)
{
    autobuf text = BUF_INIT(BUF_MAX_TEXT);
    put_name(&text, file);
    buf_puts(&text, ": ");
    buf_vprintf(&text, format, args);
    struct key_problem problem = {strdup(file), buf_steal(&text), unknown};
    struct key_problem *grown =
        realloc(keys->problems, (keys->problem_count + 1) * sizeof(*keys->problems));
    if (grown)
        keys->problems = grown;
    if (grown && problem.key && problem.sentence) {
        keys->problems[keys->problem_count++] = problem;
        return;
    }
    keys->out_of_memory = true;
    free(problem.key);
    free(problem.sentence);
}

void keys_report(struct keys *keys, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_problem(keys, key, false, format, args);
    va_end(args);
}

__attribute__((format(printf, 3, 4))) static void report_unknown(struct keys *keys,
                                                                 const char *file,
                                                                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_problem(keys, file, true, format, args);
    va_end(args);
}

/* --- values --- */

struct reading {
    enum key_state state;
    const char *expected; /* unless set or unset */
    int error;            /* errno, or 0 */
};

/* Reads one file into `out`, trimmed. A pipe or a device must not be able to hold up the build. */
static struct reading read_value(int dir, const char *file, struct buf *out)
{
    autoclose int fd = openat(dir, file, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st))
        return (struct reading){KEY_UNREADABLE, "a file that can be read", errno};
    if (!S_ISREG(st.st_mode))
        return (struct reading){KEY_UNREADABLE, "a regular file", S_ISDIR(st.st_mode) ? EISDIR : 0};
    if (buf_read_fd(out, fd)) {
        if (errno == EFBIG)
            return (struct reading){KEY_INVALID, "a value of at most 64 KiB", 0};
        return (struct reading){KEY_UNREADABLE, "a file that can be read", errno};
    }
    out->len = key_value_trim(buf_text(out), out->len);
    if (out->len == 0)
        return (struct reading){KEY_UNSET, NULL, 0};
    out->data[out->len] = '\0';
    return (struct reading){KEY_SET, NULL, 0};
}

static void load(struct keys *keys, int dir, const struct key_info *info, struct key_entry *entry,
                 const char *file)
{
    autobuf value = BUF_INIT(KEY_MAX);
    struct reading got = read_value(dir, file, &value);
    if (got.state == KEY_SET) {
        got.expected = key_value_wrong(info->kind, buf_text(&value), value.len);
        if (got.expected)
            got.state = KEY_INVALID;
    }
    if (got.error)
        keys_report(keys, file, "expected %s (%s)", got.expected, strerror(got.error));
    else if (got.expected)
        keys_report(keys, file, "expected %s", got.expected);
    entry->state = got.state;
    if (got.state == KEY_UNSET)
        return;
    entry->origin = strdup(file);
    if (got.state == KEY_SET)
        entry->value = buf_steal(&value);
    if (!entry->origin || (got.state == KEY_SET && !entry->value))
        keys->out_of_memory = true;
}

/* The strategy's own file first; the plain one when that is absent or empty, but not when it is
 * bad: it was meant to decide. */
static void load_all(struct keys *keys, int dir)
{
    const struct key_info *table = key_table(&keys->count);
    for (size_t i = 0; i < keys->count; i++) {
        struct key_entry *entry = &keys->entries[i];
        if (entry->scoped) {
            autobuf file = BUF_INIT(NAME_MAX);
            buf_printf(&file, "%s.%s", strategy_name(keys->strategy), table[i].name);
            load(keys, dir, &table[i], entry, buf_text(&file));
        }
        if (entry->global && entry->state == KEY_UNSET)
            load(keys, dir, &table[i], entry, table[i].name);
    }
}

/* --- names --- */

static void report_name(struct keys *keys, int dir, const char *file, const struct key_name *name)
{
    autobuf ignored = BUF_INIT(KEY_MAX);
    if (read_value(dir, file, &ignored).state == KEY_UNSET)
        return; /* an empty file is an unset key, whatever its name */
    int prefix = (int)name->prefix;
    if (name->kind == NAME_UNKNOWN_STRATEGY) {
        const char *strategy = key_name_nearest_strategy(file, name->prefix - 1);
        if (strategy)
            report_unknown(keys, file,
                           "expected a strategy (%s) before the dot; did you mean %s.%s?",
                           strategy_list(), strategy, file + prefix);
        else
            report_unknown(keys, file, "expected a strategy (%s) before the dot", strategy_list());
        return;
    }
    const char *key = key_name_nearest(file + prefix);
    if (key)
        report_unknown(keys, file, "expected the name of a key; did you mean %.*s%s?", prefix, file,
                       key);
    else
        report_unknown(keys, file, "expected the name of a key, but none is called so");
}

static void take_name(struct keys *keys, int dir, const char *file)
{
    struct key_name name = key_name_read(file);
    if (name.kind == NAME_UNKNOWN_KEY || name.kind == NAME_UNKNOWN_STRATEGY)
        report_name(keys, dir, file, &name);
    if (name.kind != NAME_KEY)
        return;
    size_t count;
    struct key_entry *entry = &keys->entries[name.info - key_table(&count)];
    bool used = name.info->strategies & 1u << keys->strategy;
    if (name.strategy == STRATEGY_NONE)
        entry->global = used;
    else if (name.strategy == keys->strategy)
        entry->scoped = used;
    else
        entry->elsewhere = true;
}

static int not_hidden(const struct dirent *file)
{
    return file->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int keys_read(const char *dir, enum strategy strategy, struct keys **out)
{
    *out = NULL;
    autoclose int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct dirent **files = NULL;
    int count = fd < 0 ? -1 : scandir(dir, &files, not_hidden, by_name);
    if (count < 0)
        return -errno;
    struct keys *keys = keys_new(strategy);
    for (int i = 0; i < count; i++) {
        if (keys)
            take_name(keys, fd, files[i]->d_name);
        free(files[i]);
    }
    free(files);
    if (!keys)
        return -ENOMEM;
    load_all(keys, fd);
    if (!keys->out_of_memory)
        keys_check_pairs(keys);
    if (keys->out_of_memory) {
        keys_free(keys);
        return -ENOMEM;
    }
    *out = keys;
    return 0;
}

/* --- answers --- */

static const struct key_entry *find(const struct keys *keys, const char *name)
{
    static const struct key_entry unset;
    size_t count;
    const struct key_info *info = keys && name ? key_find(name) : NULL;
    return info ? &keys->entries[info - key_table(&count)] : &unset;
}

enum key_state keys_state(const struct keys *keys, const char *name)
{
    return find(keys, name)->state;
}

bool keys_elsewhere(const struct keys *keys, const char *name)
{
    return find(keys, name)->elsewhere;
}

const char *keys_get(const struct keys *keys, const char *name)
{
    return find(keys, name)->value;
}

const char *keys_origin(const struct keys *keys, const char *name)
{
    return find(keys, name)->origin;
}

bool keys_bad(const struct keys *keys, const char *name)
{
    enum key_state state = keys_state(keys, name);
    return state == KEY_INVALID || state == KEY_UNREADABLE;
}

const struct key_problem *keys_problems(const struct keys *keys, size_t *count)
{
    *count = keys ? keys->problem_count : 0;
    return keys ? keys->problems : NULL;
}
