/* Row numbers and path matching: see rows.h. Pure. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

bool row_find(const struct ecosystem *const *table, uint32_t number, struct row *out)
{
    uint32_t at = 0;
    for (size_t place = 0; table[place]; place++)
        for (const struct served_file *file = table[place]->files; file->render; file++, at++)
            if (at == number) {
                *out = (struct row){table[place], file, place};
                return true;
            }
    return false;
}

static bool ends_with(const char *path, const char *text)
{
    size_t path_len = strlen(path), len = strlen(text);
    return len > 0 && path_len >= len && memcmp(path + path_len - len, text, len) == 0;
}

static bool starts_with(const char *path, const char *text)
{
    size_t len = strlen(text);
    return strncmp(path, text, len) == 0 && path[len] != '\0';
}

static bool below_runtime(const char *path, const char *runtime_dir, const char *text)
{
    size_t len = strlen(runtime_dir);
    return strncmp(path, runtime_dir, len) == 0 && path[len] == '/' &&
           starts_with(path + len + 1, text);
}

bool row_matches(const struct served_file *file, const char *path, const char *runtime_dir,
                 char *(*env)(const char *name))
{
    const char *text = file->text, *value;
    switch (file->match) {
    case PLAN_MATCH_SUFFIX:
        return ends_with(path, text) || (text[0] == '/' && strcmp(path, text + 1) == 0);
    case PLAN_MATCH_PREFIX:
        return text[0] == '/' ? starts_with(path, text) : below_runtime(path, runtime_dir, text);
    case PLAN_MATCH_ENV:
        value = env(text);
        return value && *value && strcmp(path, value) == 0;
    case PLAN_MATCH_NONE:
        break;
    }
    return false;
}

/* The library looks at named and virtual paths first, then at endings, each in the table's order.
 */
static bool find_kind(const struct settings *settings, const struct ecosystem *const *table,
                      const char *path, const char *runtime_dir, bool suffix, struct row *out)
{
    for (uint32_t number = 0; row_find(table, number, out); number++)
        if ((out->file->match == PLAN_MATCH_SUFFIX) == suffix &&
            ecosystem_in_force(settings, out->ecosystem) &&
            row_matches(out->file, path, runtime_dir, getenv))
            return true;
    return false;
}

bool row_of_path(const struct settings *settings, const struct ecosystem *const *table,
                 const char *path, const char *runtime_dir, struct row *out)
{
    return find_kind(settings, table, path, runtime_dir, false, out) ||
           find_kind(settings, table, path, runtime_dir, true, out);
}
