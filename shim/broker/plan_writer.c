/* Writes the plan: the flat file that the library maps (include/shunt/plan.h). Pure: settings and
 * tables in, bytes out. The four sections are collected apart and joined at the end, because a
 * text's offset is only known once the tables before it have their size. */
#include "plan_writer.h"

#include <string.h>

#include "rows.h"
#include "shunt/broker.h"
#include "shunt/cleanup.h"

/* The last three bytes of a path find its row. */
#define SUFFIX_MIN 3

struct draft {
    struct plan head;
    struct buf files, envs, publics, texts;
    bool failed;
};

/* Offsets are from the start of the text section until join() moves them. */
static struct plan_text add_text(struct draft *draft, const char *text, size_t len)
{
    struct plan_text at = {(uint32_t)draft->texts.len, (uint32_t)len};
    if (buf_append(&draft->texts, text, len) < 0 || buf_append(&draft->texts, "", 1) < 0)
        draft->failed = true;
    return at;
}

static void add_file(struct draft *draft, const struct served_file *file, uint32_t row,
                     const char *runtime_dir)
{
    autobuf text = BUF_INIT(PLAN_MAX);
    if (file->match == PLAN_MATCH_PREFIX && file->text[0] != '/')
        buf_printf(&text, "%s/", runtime_dir);
    buf_puts(&text, file->text);
    if (text.len < (file->match == PLAN_MATCH_SUFFIX ? SUFFIX_MIN : 1)) {
        draft->failed = true;
        return;
    }
    if (file->match == PLAN_MATCH_SUFFIX) {
        uint32_t bit = plan_tail_bit(text.data + text.len - SUFFIX_MIN);
        draft->head.tails[bit / 64] |= (uint64_t)1 << (bit % 64);
    }
    struct plan_file entry = {add_text(draft, text.data, text.len), file->match, row};
    draft->failed |= buf_append(&draft->files, &entry, sizeof entry) < 0;
    draft->head.file_count++;
}

static void add_publics(struct draft *draft, const char *const *urls)
{
    for (; urls && *urls; urls++) {
        size_t len = strlen(*urls);
        while (len > 0 && (*urls)[len - 1] == '/')
            len--;
        struct plan_text entry = add_text(draft, *urls, len);
        draft->failed |= buf_append(&draft->publics, &entry, sizeof entry) < 0;
        draft->head.public_count++;
    }
}

static void add_env(struct draft *draft, const struct env_rule *rule, const char *value, size_t len,
                    uint32_t first_public)
{
    bool always = !rule->when_name || !rule->when_value;
    const char *when_name = always ? "" : rule->when_name;
    const char *when_value = always ? "" : rule->when_value;
    struct plan_env entry = {
        .name = add_text(draft, rule->name, strlen(rule->name)),
        .value = add_text(draft, value, len),
        .when_name = add_text(draft, when_name, strlen(when_name)),
        .when_value = add_text(draft, when_value, strlen(when_value)),
        .flags = rule->flags,
        .first_public = first_public,
        .public_count = draft->head.public_count - first_public,
    };
    draft->failed |= buf_append(&draft->envs, &entry, sizeof entry) < 0;
    draft->head.env_count++;
}

static void add_envs(struct draft *draft, const struct settings *settings,
                     const struct env_rule *rule, const char *runtime_dir, uint32_t first_public)
{
    for (; rule && rule->name; rule++) {
        autobuf value = BUF_INIT(PLAN_MAX);
        if (rule->value(settings, runtime_dir, &value) < 0)
            continue;
        draft->failed |= value.failed;
        add_env(draft, rule, buf_text(&value), value.len, first_public);
    }
}

static void add_ecosystem(struct draft *draft, const struct settings *settings,
                          const struct ecosystem *ecosystem, const char *runtime_dir, uint32_t *row)
{
    bool in_force = ecosystem_in_force(settings, ecosystem);
    for (const struct served_file *file = ecosystem->files; file->render; file++, (*row)++)
        if (in_force)
            add_file(draft, file, *row, runtime_dir);
    if (!in_force)
        return;
    uint32_t first_public = draft->head.public_count;
    add_publics(draft, ecosystem->public_urls);
    add_envs(draft, settings, ecosystem->env, runtime_dir, first_public);
}

static void move_texts(struct draft *draft, uint32_t by)
{
    struct plan_file *files = (struct plan_file *)draft->files.data;
    struct plan_env *envs = (struct plan_env *)draft->envs.data;
    struct plan_text *publics = (struct plan_text *)draft->publics.data;
    draft->head.socket.offset += by;
    for (uint32_t i = 0; i < draft->head.file_count; i++)
        files[i].text.offset += by;
    for (uint32_t i = 0; i < draft->head.public_count; i++)
        publics[i].offset += by;
    for (uint32_t i = 0; i < draft->head.env_count; i++) {
        envs[i].name.offset += by;
        envs[i].value.offset += by;
        envs[i].when_name.offset += by;
        envs[i].when_value.offset += by;
    }
}

static int join(struct draft *draft, struct buf *out)
{
    size_t files = sizeof draft->head, envs = files + draft->files.len;
    size_t publics = envs + draft->envs.len, texts = publics + draft->publics.len;
    size_t size = texts + draft->texts.len;
    if (draft->failed || size > PLAN_MAX)
        return -1;
    draft->head.files = (uint32_t)files;
    draft->head.envs = (uint32_t)envs;
    draft->head.publics = (uint32_t)publics;
    draft->head.size = (uint32_t)size;
    move_texts(draft, (uint32_t)texts);
    buf_append(out, &draft->head, sizeof draft->head);
    buf_append(out, buf_text(&draft->files), draft->files.len);
    buf_append(out, buf_text(&draft->envs), draft->envs.len);
    buf_append(out, buf_text(&draft->publics), draft->publics.len);
    return buf_append(out, buf_text(&draft->texts), draft->texts.len);
}

int plan_write_table(const struct settings *settings, const struct ecosystem *const *table,
                     const char *runtime_dir, struct buf *out)
{
    struct draft draft = {
        .head = {.magic = PLAN_MAGIC, .version = PLAN_VERSION},
        .files = BUF_INIT(PLAN_MAX),
        .envs = BUF_INIT(PLAN_MAX),
        .publics = BUF_INIT(PLAN_MAX),
        .texts = BUF_INIT(PLAN_MAX),
    };
    autobuf socket = BUF_INIT(PLAN_MAX);
    uint32_t row = 0;
    draft.failed = buf_printf(&socket, "%s/sock", runtime_dir) < 0;
    draft.head.socket = add_text(&draft, buf_text(&socket), socket.len);
    for (; *table; table++)
        add_ecosystem(&draft, settings, *table, runtime_dir, &row);
    int result = join(&draft, out);
    buf_free(&draft.files);
    buf_free(&draft.envs);
    buf_free(&draft.publics);
    buf_free(&draft.texts);
    return result;
}

int plan_write(const struct settings *settings, const char *runtime_dir, struct buf *out)
{
    return plan_write_table(settings, ecosystem_table(), runtime_dir, out);
}
