/* From keys and variables to settings. Touches the key directory through keys_read, nothing else.
 */
#include "shunt/settings.h"

#include "internal.h"
#include "values.h"

#include "shunt/buf.h"
#include "shunt/cleanup.h"
#include "shunt/ecosystem.h"

#include <errno.h>
#include <string.h>

static int read_routes(struct settings *settings, const char *user_switch)
{
    struct dialect dialect = dialect_read(settings->keys, user_switch);
    const struct ecosystem *const *table = ecosystem_table();
    size_t rows = 0;
    while (table[rows])
        rows++;
    settings->routes = calloc(rows + 1, sizeof(*settings->routes));
    if (!settings->routes)
        return -1;
    for (size_t i = 0; i < rows; i++)
        if (table[i]->url_key &&
            route_read(settings, &dialect, table[i], &settings->routes[settings->route_count++]))
            return -1;
    return 0;
}

/* Whether anything at all is in force: a mistake, a route, or a key that routes no package. */
static bool in_force(const struct settings *settings)
{
    size_t count;
    keys_problems(settings->keys, &count);
    if (count)
        return true;
    for (size_t i = 0; i < settings->route_count; i++)
        if (settings->routes[i].state != ROUTE_PUBLIC)
            return true;
    const struct key_info *table = key_table(&count);
    for (size_t i = 0; i < count; i++)
        if (!table[i].alias && table[i].kind != KEY_BOOL && keys_get(settings->keys, table[i].name))
            return true;
    return false;
}

__attribute__((format(printf, 2, 3))) static int refuse(char **error, const char *format, ...)
{
    autobuf sentence = BUF_INIT(BUF_MAX_TEXT);
    va_list args;
    va_start(args, format);
    buf_vprintf(&sentence, format, args);
    va_end(args);
    *error = buf_steal(&sentence);
    return -1;
}

static const char *given(const char *text)
{
    return text && text[0] ? text : NULL;
}

static int read_variables(const struct settings_input *input, struct settings *settings,
                          char **error)
{
    const char *credentials = given(input->credentials), *user = given(input->user_switch);
    bool ignored;
    if (strategy_parse(input->strategy, &settings->strategy))
        return refuse(error, "SHUNT_STRATEGY: expected one of %s", strategy_list());
    if (credentials && strcmp(credentials, "broker") == 0)
        return refuse(error, "SHUNT_CREDENTIALS: broker is not available in this version, "
                             "expected config");
    if (credentials && strcmp(credentials, "config") != 0)
        return refuse(error, "SHUNT_CREDENTIALS: expected config");
    if (user && key_value_bool(user, &ignored))
        return refuse(error, "enable-package-registry-proxy: expected " KEY_BOOL_EXPECTED);
    settings->credentials = CREDENTIALS_CONFIG;
    return 0;
}

static int read_keys(const struct settings_input *input, struct settings *settings, char **error)
{
    const char *dir = given(input->key_dir) ? input->key_dir : KEYS_DEFAULT_DIR;
    int result = keys_read(dir, settings->strategy, &settings->keys);
    if (result == -ENOENT)
        settings->keys = keys_new(settings->strategy);
    else if (result)
        return refuse(error, "SHUNT_KEYS: expected a directory that can be read, not %s (%s)", dir,
                      strerror(-result));
    const char *ca = settings->keys ? keys_get(settings->keys, "mirror-ca") : NULL;
    settings->key_dir = strdup(dir);
    settings->mirror_ca = ca ? strdup(ca) : NULL;
    if (!settings->keys || !settings->key_dir || (ca && !settings->mirror_ca) ||
        read_routes(settings, given(input->user_switch)))
        return refuse(error, "SHUNT_KEYS: no memory to read %s", dir);
    settings->off = !in_force(settings);
    return 0;
}

int settings_read(const struct settings_input *input, struct settings **out, char **error)
{
    *out = NULL;
    *error = NULL;
    struct settings *settings = calloc(1, sizeof(*settings));
    if (!settings)
        return refuse(error, "SHUNT_KEYS: no memory to read keys");
    if (read_variables(input, settings, error) || read_keys(input, settings, error)) {
        settings_free(settings);
        return -1;
    }
    *out = settings;
    return 0;
}

void settings_free(struct settings *settings)
{
    if (!settings)
        return;
    for (size_t i = 0; i < settings->route_count; i++)
        route_clear(&settings->routes[i]);
    keys_free(settings->keys);
    free(settings->routes);
    free(settings->key_dir);
    free(settings->mirror_ca);
    free(settings);
}

const struct route *settings_route(const struct settings *settings, const char *ecosystem)
{
    for (size_t i = 0; i < settings->route_count; i++)
        if (strcmp(settings->routes[i].ecosystem, ecosystem) == 0)
            return &settings->routes[i];
    return NULL;
}
