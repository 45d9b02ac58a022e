/* `shunt help keys`: the table of keys, as Markdown, which reads well on a terminal too and is what
 * the README shows. Pure output. */
#include <stdio.h>

#include "cli.h"
#include "shunt/cleanup.h"
#include "shunt/ecosystem.h"

static const char *const kinds[] = {
    [KEY_URL] = "http(s) URL",
    [KEY_REGISTRY] = "host[:port][/path]",
    [KEY_IMAGE] = "image reference or prefix",
    [KEY_NAME] = "text",
    [KEY_SECRET] = "secret text",
    [KEY_PEM] = "PEM certificates",
    [KEY_BOOL] = "true or false",
};

static void print_strategies(unsigned strategies)
{
    const char *separator = "";
    unsigned every = (1u << STRATEGY_COUNT) - 1;
    if ((strategies & every) == every) {
        fputs("all", stdout);
        return;
    }
    for (int s = STRATEGY_NONE + 1; s < STRATEGY_COUNT; s++)
        if (strategies & 1u << s) {
            printf("%s%s", separator, strategy_name((enum strategy)s));
            separator = ", ";
        }
    if (!*separator)
        fputs("none", stdout);
}

static bool has_effect(const struct key_info *key)
{
    const struct key_info *known = key->alias ? key_find(key->alias) : key;
    return key->kind == KEY_PEM || key->kind == KEY_BOOL ||
           (known && ecosystem_find(known->owner) != NULL);
}

int help_keys(void)
{
    size_t count;
    const struct key_info *table = key_table(&count);
    puts("| key | value | meaning | strategies | in this version |\n|---|---|---|---|---|");
    for (size_t i = 0; i < count; i++) {
        const struct key_info *key = &table[i];
        printf("| `%s` | %s | %s | ", key->name, kinds[key->kind], key->meaning);
        print_strategies(key->strategies);
        printf(" | %s |\n", has_effect(key) ? "in effect" : "checked only");
    }
    return 0;
}
