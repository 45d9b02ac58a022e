/* Finds, checks and loads the plan, and matches paths against it. Loaded once by
 * start(), is read-only and is never unmapped, so readers need no lock. */
#include "core.h"
#include "shunt/runtime.h"

const struct plan *plan;
struct filter filter;

/* Rows that the tail table does not cover; written by plan_open() and plan_note_environment()
 * before main, read-only afterwards. */
enum { EXTRA_MAX = 32 };
static struct {
    const char *text;
    size_t length;
    int row;
    bool prefix;
} extra[EXTRA_MAX] __attribute__((section(".bss.cold")));
static int extra_count;

#if defined __x86_64__
enum { STAT_UID_OFFSET = 28 };
#else
enum { STAT_UID_OFFSET = 24 };
#endif
enum { STAT_SIZE_OFFSET = 48, STAT_BYTES = 256 };

static bool text_fits(const struct plan *p, struct plan_text text)
{
    return text.offset < p->size && text.length < p->size - text.offset &&
           ((const char *)p)[text.offset + text.length] == '\0';
}

static bool array_fits(const struct plan *p, uint32_t offset, uint32_t count, size_t item)
{
    return offset % 4 == 0 && offset <= p->size && count <= (p->size - offset) / item;
}

/* A damaged plan must not crash the programs that read it. */
static bool is_sound(const struct plan *p, uint64_t size)
{
    if (p->magic != PLAN_MAGIC || p->version != PLAN_VERSION || p->size != size ||
        !text_fits(p, p->socket) ||
        !array_fits(p, p->files, p->file_count, sizeof(struct plan_file)) ||
        !array_fits(p, p->envs, p->env_count, sizeof(struct plan_env)) ||
        !array_fits(p, p->publics, p->public_count, sizeof(struct plan_text)))
        return false;
    const struct plan_file *file = (const void *)((const char *)p + p->files);
    for (uint32_t i = 0; i < p->file_count; i++)
        if (!text_fits(p, file[i].text))
            return false;
    const struct plan_env *env = (const void *)((const char *)p + p->envs);
    for (uint32_t i = 0; i < p->env_count; i++)
        if (!text_fits(p, env[i].name) || !text_fits(p, env[i].value) ||
            !text_fits(p, env[i].when_name) || !text_fits(p, env[i].when_value) ||
            env[i].first_public > p->public_count ||
            env[i].public_count > p->public_count - env[i].first_public)
            return false;
    const struct plan_text *text = (const void *)((const char *)p + p->publics);
    for (uint32_t i = 0; i < p->public_count; i++)
        if (!text_fits(p, text[i]))
            return false;
    return true;
}

static void note(const char *text, size_t length, int row, bool prefix)
{
    if (extra_count < EXTRA_MAX) {
        extra[extra_count].text = text;
        extra[extra_count].length = length;
        extra[extra_count].row = row;
        extra[extra_count++].prefix = prefix;
    }
    if (prefix)
        memcpy(&filter.start, text, sizeof filter.start);
    else
        filter.lengths |= (uint64_t)1 << (length & 63);
}

static void adopt(const struct plan *p)
{
    plan = p;
    memcpy(filter.tails, p->tails, sizeof filter.tails);
    const struct plan_file *file = (const void *)((const char *)p + p->files);
    for (uint32_t i = 0; i < p->file_count; i++)
        if (file[i].match == PLAN_MATCH_PREFIX && file[i].text.length >= sizeof filter.start)
            note(plan_string(file[i].text), file[i].text.length, (int)i, true);
}

/* A plan of the usual size is read: mapping it would cost eight times as much. */
static const struct plan *load(long fd, size_t size)
{
    void *room = keep_room(size);
    if (room)
        return sys(__NR_pread64, fd, room, size, 0) == (long)size ? room : NULL;
    long at = sys(__NR_mmap, 0, size, 1 /* PROT_READ */, 2 /* MAP_PRIVATE */, fd, 0);
    return sys_failed(at) ? NULL : (const struct plan *)at;
}

static bool read_plan(long fd)
{
    char status[STAT_BYTES] __attribute__((aligned(8))) = {0};
    if (sys_failed(sys(__NR_fstat, fd, status)))
        return false;
    uint32_t owner = *(const uint32_t *)(const void *)(status + STAT_UID_OFFSET);
    uint64_t size = *(const uint64_t *)(const void *)(status + STAT_SIZE_OFFSET);
    if (owner != opt_in.uid || size < sizeof(struct plan) || size > PLAN_MAX)
        return false;
    const struct plan *found = load(fd, size);
    if (!found || !is_sound(found, size))
        return false;
    adopt(found);
    return true;
}

static enum plan_found open_below(const char *base, uint64_t id)
{
    enum { LOCK_SH_ = 1, LOCK_NB_ = 4 };
    char path_bytes[RUNTIME_PATH_MAX + 16];
    struct line path = LINE(path_bytes);
    line_text(&path, base);
    line_text(&path, "/shunt-");
    line_decimal(&path, opt_in.uid);
    line_text(&path, "/");
    line_hex(&path, id);
    line_text(&path, "/plan");
    long fd =
        path.full ? -ENOENT_ : sys(__NR_openat, AT_FDCWD_, path_bytes, O_CLOEXEC_ | O_NOFOLLOW_);
    if (fd < 0)
        return PLAN_NONE;
    /* The broker holds an exclusive lock on its plan while it lives. */
    bool live = sys(__NR_flock, fd, LOCK_SH_ | LOCK_NB_) == -EAGAIN_;
    bool mapped = live && read_plan(fd);
    sys(__NR_close, fd);
    return mapped ? PLAN_LIVE : PLAN_DEAD;
}

enum plan_found plan_open(void)
{
    static const char bases[RUNTIME_BASE_COUNT][16] = RUNTIME_BASES;
    uint64_t id = runtime_id(opt_in.keys, opt_in.strategy, opt_in.credentials, opt_in.user_switch);
    if (opt_in.runtime && *opt_in.runtime)
        return open_below(opt_in.runtime, id);
    for (int i = 0; i < RUNTIME_BASE_COUNT; i++) {
        enum plan_found found = open_below(bases[i], id);
        if (found != PLAN_NONE)
            return found;
    }
    return PLAN_NONE;
}

void plan_note_environment(char *const *environment)
{
    const struct plan_file *file = (const void *)((const char *)plan + plan->files);
    for (uint32_t i = 0; i < plan->file_count; i++) {
        if (file[i].match != PLAN_MATCH_ENV)
            continue;
        const char *value = environment_value(environment, plan_string(file[i].text));
        if (!value || !*value)
            continue;
        size_t length = text_length(value);
        const char *copy = keep_bytes(value, length + 1);
        if (!copy)
            return;
        note(copy, length, (int)i, false);
    }
}

/* A relative path may be the end of a text: it is matched again once it is absolute. */
static bool ends_with(const char *path, size_t length, const struct plan_file *file)
{
    const char *text = plan_string(file->text);
    size_t n = file->text.length;
    if (n <= length)
        return memcmp(path + length - n, text, n) == 0;
    return path[0] != '/' && text[n - length - 1] == '/' &&
           memcmp(path, text + n - length, length) == 0;
}

static int match_suffix(const char *path, size_t length)
{
    const struct plan_file *file = (const void *)((const char *)plan + plan->files);
    for (uint32_t i = 0; i < plan->file_count; i++)
        if (file[i].match == PLAN_MATCH_SUFFIX && ends_with(path, length, &file[i]))
            return (int)i;
    return -1;
}

static int match_extra(const char *path, size_t length)
{
    for (int i = 0; i < extra_count; i++) {
        if (extra[i].prefix ? length <= extra[i].length : length != extra[i].length)
            continue;
        if (path[0] == extra[i].text[0] && memcmp(path, extra[i].text, extra[i].length) == 0)
            return extra[i].row;
    }
    return -1;
}

int plan_match_path(const char *path)
{
    if (!may_match(path) || !plan)
        return -1;
    size_t length = text_length(path);
    int row = match_extra(path, length);
    return row >= 0 ? row : match_suffix(path, length);
}
