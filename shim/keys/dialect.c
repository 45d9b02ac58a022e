/* The second document's names: package-registry-proxy-<pkg>-url, the administrator's flag and the
 * user's switch. Reads the key set only.
 *
 * The flag is off unless it says true, so that an absent or unreadable one leaves the build alone;
 * one that says something else was meant to say something, so its routes fail closed. */
#include "internal.h"

#include "values.h"

#include <string.h>

#define ADMINISTRATOR "allow-package-registry-proxy"
#define USER          "enable-package-registry-proxy"

static bool is_true(const char *text)
{
    bool value = false;
    return key_value_bool(text, &value) == 0 && value;
}

struct dialect dialect_read(const struct keys *keys, const char *user_switch)
{
    static const struct dialect off = {DIALECT_OFF, NULL}, on = {DIALECT_ON, NULL};
    enum key_state flag = keys_state(keys, ADMINISTRATOR);
    if (flag == KEY_INVALID)
        return (struct dialect){DIALECT_BAD, ADMINISTRATOR};
    if (flag != KEY_SET || !is_true(keys_get(keys, ADMINISTRATOR)))
        return off;
    if (user_switch)
        return is_true(user_switch) ? on : off;
    if (keys_bad(keys, USER))
        return (struct dialect){DIALECT_BAD, USER};
    const char *user = keys_get(keys, USER);
    return !user || is_true(user) ? on : off;
}

const char *dialect_alias(const struct keys *keys, const char *canonical)
{
    size_t count;
    const struct key_info *table = key_table(&count);
    for (size_t i = 0; i < count; i++)
        if (table[i].alias && strcmp(table[i].alias, canonical) == 0 &&
            keys_state(keys, table[i].name) != KEY_UNSET)
            return table[i].name;
    return NULL;
}
