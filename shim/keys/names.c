/* What the name of a file in the key directory means, and what was probably meant. Pure. */
#include "internal.h"

#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "shunt/distance.h"

static bool has_prefix(const char *text, const char *prefix)
{
    return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

/* Names that only a key would have. In any case: a slip of the shift key is a typing mistake too.
 */
static bool looks_like_key(const char *name)
{
    return has_prefix(name, "pkg-") || has_prefix(name, "oci-") || has_prefix(name, "image-") ||
           has_prefix(name, "package-registry-proxy-");
}

struct key_name key_name_read(const char *file)
{
    struct key_name name = {NAME_OTHER, STRATEGY_NONE, key_find(file), 0};
    if (name.info)
        name.kind = NAME_KEY;
    else if (looks_like_key(file))
        name.kind = NAME_UNKNOWN_KEY;
    for (const char *dot = strchr(file, '.'); dot && name.kind == NAME_OTHER;
         dot = strchr(dot + 1, '.')) {
        const char *key = dot + 1;
        const struct key_info *info = key_find(key);
        if (!info && !looks_like_key(key))
            continue;
        char prefix[NAME_MAX + 1] = "";
        size_t len = (size_t)(dot - file);
        if (len <= NAME_MAX)
            memcpy(prefix, file, len);
        name.prefix = len + 1;
        name.info = info;
        /* "" parses as no strategy at all, which a name before a dot cannot mean. */
        if (!prefix[0] || strategy_parse(prefix, &name.strategy))
            name.kind = NAME_UNKNOWN_STRATEGY;
        else
            name.kind = info ? NAME_KEY : NAME_UNKNOWN_KEY;
    }
    return name;
}

bool key_name_routes_packages(const char *file)
{
    const char *key = file + key_name_read(file).prefix;
    return has_prefix(key, "pkg-") || has_prefix(key, "package-registry-proxy-") ||
           strcmp(key, "allow-package-registry-proxy") == 0;
}

/* A quarter of the longer name may be wrong. */
static size_t mistake(const char *typed, size_t len, const char *known)
{
    size_t known_len = strlen(known);
    return word_distance(typed, len, known, (len > known_len ? len : known_len) / 4);
}

const char *key_name_nearest(const char *key)
{
    size_t count, best = SIZE_MAX, len = strlen(key);
    const struct key_info *table = key_table(&count);
    const char *found = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t d = mistake(key, len, table[i].name);
        if (d < best) {
            best = d;
            found = table[i].name;
        }
    }
    return found;
}

const char *key_name_nearest_strategy(const char *prefix, size_t len)
{
    size_t best = SIZE_MAX;
    const char *found = NULL;
    for (int i = STRATEGY_NONE + 1; i < STRATEGY_COUNT; i++) {
        const char *name = strategy_name((enum strategy)i);
        size_t d = mistake(prefix, len, name);
        if (d < best) {
            best = d;
            found = name;
        }
    }
    return found;
}
