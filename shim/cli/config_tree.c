/* Builds the tree of `shunt config`. Reads the user's files through preview. */
#define _GNU_SOURCE
#include "config_tree.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "preview.h"
#include "shunt/cleanup.h"

struct walk {
    const struct settings *settings;
    const char *runtime_dir;
    struct row row;
    json_t *files;     /* receives what is found */
    json_t *variables; /* of the same ecosystem */
};

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static const char *const answers[] = {
    [FILE_REAL] = "own", [FILE_TEXT] = "served", [FILE_FAILED] = "failed"};

static json_t *file_value(const struct walk *walk, const char *path)
{
    struct preview preview;
    if (preview_make(walk->settings, &walk->row, path, walk->runtime_dir, &preview) < 0)
        return NULL;
    json_t *value = json_pack("{s:s, s:s, s:s}", "path", path, "meaning", walk->row.file->meaning,
                              "answer", answers[preview.answer]);
    if (preview.answer == FILE_TEXT)
        json_object_set_new(value, "bytes", json_integer((json_int_t)preview.bytes));
    if (preview.text)
        /* Fails for a text that is not UTF-8, which is then shown like a binary one. */
        json_object_set_new(value, "text", json_string(preview.text));
    preview_clear(&preview);
    return value;
}

static const char *text_at(const json_t *list, size_t index, const char *name)
{
    return json_string_value(json_object_get(json_array_get(list, index), name));
}

static bool has_path(const json_t *files, const char *path)
{
    for (size_t i = 0; i < json_array_size(files); i++)
        if (strcmp(text_at(files, i, "path"), path) == 0)
            return true;
    return false;
}

/* Whether a path of this name is really decided by this row, not by an earlier one. */
static bool is_decided_here(const struct walk *walk, const char *path)
{
    struct row row;
    return row_of_path(walk->settings, ecosystem_table(), path, walk->runtime_dir, &row) &&
           row.file == walk->row.file;
}

/* Adds a file that is there and is decided by this row. */
static bool add_path(const struct walk *walk, const char *path)
{
    if (access(path, F_OK) < 0 || has_path(walk->files, path) || !is_decided_here(walk, path))
        return false;
    return json_array_append_new(walk->files, file_value(walk, path)) == 0;
}

static void add_pattern(const struct walk *walk, const char *before, const char *text,
                        const char *after)
{
    autofree char *pattern = NULL;
    if (asprintf(&pattern, "%s%s%s", before, text, after) < 0) {
        pattern = NULL;
        return;
    }
    json_array_append_new(walk->files, json_pack("{s:s, s:s, s:s}", "path", pattern, "meaning",
                                                 walk->row.file->meaning, "answer", "pattern"));
}

/* A file that is not there may be served all the same: shown for any place that ends like this. */
static void add_absent(const struct walk *walk, const char *path)
{
    autofree char *pattern = NULL;
    json_t *value = is_decided_here(walk, path) ? file_value(walk, path) : NULL;
    const char *answer = json_string_value(json_object_get(value, "answer"));
    if (!answer || strcmp(answer, "own") == 0 ||
        asprintf(&pattern, "*%s", walk->row.file->text) < 0) {
        pattern = NULL;
        json_decref(value);
        add_pattern(walk, "*", walk->row.file->text, "");
        return;
    }
    json_object_set_new(value, "path", json_string(pattern));
    json_array_append_new(walk->files, value);
}

/* Whether a path that is listed already is decided by this row. */
static bool is_shown(const struct walk *walk)
{
    for (size_t i = 0; i < json_array_size(walk->files); i++)
        if (is_decided_here(walk, text_at(walk->files, i, "path")))
            return true;
    return false;
}

/* Where the tool usually has its files, there or not. */
static void add_usual(struct walk *walk)
{
    const char *home = getenv("HOME");
    for (const char *const *path = walk->row.ecosystem->usual_paths; path && *path; path++) {
        autofree char *expanded = NULL;
        bool in_home = (*path)[0] == '~';
        if (asprintf(&expanded, "%s%s", in_home && home ? home : "", *path + in_home) < 0) {
            expanded = NULL;
            return;
        }
        struct row own = walk->row;
        if (row_of_path(walk->settings, ecosystem_table(), expanded, walk->runtime_dir,
                        &walk->row) &&
            walk->row.ecosystem == own.ecosystem && !has_path(walk->files, expanded))
            json_array_append_new(walk->files, file_value(walk, expanded));
        walk->row = own;
    }
}

/* The places where people have such files: their home, here, and the path by itself. */
static void add_suffix(const struct walk *walk)
{
    const char *text = walk->row.file->text, *home = getenv("HOME");
    if (text[0] != '/') {
        if (!is_shown(walk))
            add_pattern(walk, "*", text, "");
        return;
    }
    autofree char *in_home = NULL, *here = cli_absolute(text + 1);
    if (asprintf(&in_home, "%s%s", home ? home : "", text) < 0)
        in_home = NULL;
    bool found = in_home && add_path(walk, in_home);
    found |= here && add_path(walk, here);
    found |= add_path(walk, text);
    if (!found && in_home && !is_shown(walk))
        add_absent(walk, in_home);
}

/* Virtual paths have no list; the tools learn them from variables. */
static void add_prefix(const struct walk *walk)
{
    const char *text = walk->row.file->text;
    bool found = false;
    for (size_t i = 0; i < json_array_size(walk->variables); i++) {
        const char *value = text_at(walk->variables, i, "value");
        if (!value || !is_decided_here(walk, value) || has_path(walk->files, value))
            continue;
        found |= json_array_append_new(walk->files, file_value(walk, value)) == 0;
    }
    if (!found)
        add_pattern(walk, text[0] == '/' ? "" : "<runtime>/", text, "*");
}

static void add_named(const struct walk *walk)
{
    const char *value = getenv(walk->row.file->text);
    if (!value || !*value || !add_path(walk, value))
        add_pattern(walk, "$", walk->row.file->text, "");
}

static json_t *variables_value(const struct settings *settings, const struct ecosystem *ecosystem,
                               const char *runtime_dir)
{
    json_t *list = json_array();
    for (const struct env_rule *rule = ecosystem->env; rule && rule->name; rule++) {
        autobuf value = BUF_INIT(BUF_MAX_TEXT);
        if (rule->value(settings, runtime_dir, &value) < 0)
            continue;
        autofree char *shown = settings_redact(settings, buf_text(&value), value.len);
        json_t *variable = json_pack("{s:s, s:s*, s:s}", "name", rule->name, "value", shown,
                                     "meaning", rule->meaning);
        if (rule->when_name && rule->when_value)
            json_object_set_new(variable, "when",
                                json_sprintf("where %s=%s", rule->when_name, rule->when_value));
        else if (!(rule->flags & PLAN_ENV_SET))
            json_object_set_new(variable, "when", json_string("where yours names a public URL"));
        else if (!(rule->flags & PLAN_ENV_REPLACE))
            json_object_set_new(variable, "when", json_string("where you set none"));
        json_array_append_new(list, variable);
    }
    return list;
}

static json_t *files_value(const struct settings *settings, const struct ecosystem *ecosystem,
                           const char *runtime_dir, json_t *variables)
{
    struct walk walk = {settings, runtime_dir, {.ecosystem = ecosystem}, json_array(), variables};
    add_usual(&walk);
    for (uint32_t number = 0; row_find(ecosystem_table(), number, &walk.row); number++) {
        if (walk.row.ecosystem != ecosystem)
            continue;
        if (walk.row.file->match == PLAN_MATCH_SUFFIX)
            add_suffix(&walk);
        else if (walk.row.file->match == PLAN_MATCH_PREFIX)
            add_prefix(&walk);
        else
            add_named(&walk);
    }
    return walk.files;
}

static json_t *ecosystem_value(const struct settings *settings, const struct ecosystem *ecosystem,
                               const char *runtime_dir)
{
    static const char *const states[] = {
        [ROUTE_PUBLIC] = "public", [ROUTE_MIRROR] = "mirror", [ROUTE_CLOSED] = "closed"};
    const struct route *route = settings_route(settings, ecosystem->name);
    bool in_force = ecosystem_in_force(settings, ecosystem);
    json_t *value = json_pack("{s:s, s:s}", "name", ecosystem->name, "title", ecosystem->title);
    const char *state = route ? states[route->state] : in_force ? "mirror" : "public";
    json_object_set_new(value, "state", json_string(state));
    json_object_set_new(value, "url", text_or_null(route ? route->url : NULL));
    json_object_set_new(value, "origin",
                        text_or_null(route                 ? route->origin
                                     : settings->mirror_ca ? "mirror-ca"
                                                           : NULL));
    if (!in_force)
        return value;
    json_t *variables = variables_value(settings, ecosystem, runtime_dir);
    json_object_set_new(value, "variables", variables);
    json_object_set_new(value, "files", files_value(settings, ecosystem, runtime_dir, variables));
    return value;
}

static json_t *head_value(const struct settings *settings)
{
    size_t count;
    const struct key_problem *problems = keys_problems(settings->keys, &count);
    json_t *sentences = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(sentences, json_string(problems[i].sentence));
    return json_pack("{s:s, s:s, s:b, s:o}", "keys", settings->key_dir, "strategy",
                     strategy_name(settings->strategy), "off", settings->off, "problems",
                     sentences);
}

json_t *config_tree(const struct settings *settings, const char *runtime_dir,
                    const struct ecosystem *only)
{
    json_t *tree = head_value(settings), *list = json_array();
    for (const struct ecosystem *const *at = ecosystem_table(); *at; at++)
        if (only ? *at == only : ecosystem_in_force(settings, *at))
            json_array_append_new(list, ecosystem_value(settings, *at, runtime_dir));
    json_object_set_new(tree, "ecosystems", list);
    return tree;
}

json_t *config_tree_file(const struct settings *settings, const char *runtime_dir, const char *path)
{
    struct walk walk = {.settings = settings, .runtime_dir = runtime_dir};
    json_t *tree = head_value(settings), *file = json_null();
    if (row_of_path(settings, ecosystem_table(), path, runtime_dir, &walk.row)) {
        file = file_value(&walk, path);
        json_object_set_new(tree, "ecosystem", json_string(walk.row.ecosystem->name));
    }
    json_object_set_new(tree, "file", file);
    return tree;
}
