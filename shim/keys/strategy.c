/* Build strategies and the spelling of switches. Pure. */
#include "shunt/keys.h"

#include <string.h>
#include <strings.h>

static const char *const names[STRATEGY_COUNT] = {
    [STRATEGY_NONE] = "",
    [STRATEGY_BUILDPACK] = "buildpack",
    [STRATEGY_BALLERINA] = "ballerina",
    [STRATEGY_MI] = "mi",
    [STRATEGY_WEBAPP] = "webapp",
    [STRATEGY_PRISM] = "prism",
    [STRATEGY_TEST_RUNNER] = "test-runner",
    [STRATEGY_BYOC] = "byoc",
};

const char *strategy_name(enum strategy strategy)
{
    return (unsigned)strategy < STRATEGY_COUNT ? names[strategy] : "";
}

int strategy_parse(const char *name, enum strategy *out)
{
    for (int i = 0; i < STRATEGY_COUNT; i++) {
        if (strcmp(names[i], name ? name : "") == 0) {
            *out = (enum strategy)i;
            return 0;
        }
    }
    return -1;
}

const char *strategy_list(void)
{
    return "buildpack, ballerina, mi, webapp, prism, test-runner, byoc";
}

int bool_parse(const char *text, bool *out)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {
        {"on", true},   {"1", true},  {"true", true},   {"yes", true},
        {"off", false}, {"0", false}, {"false", false}, {"no", false},
    };
    for (size_t i = 0; text && i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i].word) == 0) {
            *out = words[i].value;
            return 0;
        }
    }
    return -1;
}
