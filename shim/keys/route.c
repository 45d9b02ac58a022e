/* One route: from the keys of an ecosystem to a URL and credentials. Pure over the key set.
 *
 * Closed beats public: a route is public only when nothing hints that it was meant to be private.
 */
#include "internal.h"

#include "shunt/buf.h"
#include "shunt/cleanup.h"
#include "shunt/ecosystem.h"
#include "shunt/url.h"

#include <ctype.h>
#include <string.h>

enum { DNS_LABEL_MAX = 63 };

static const char unusable[] = "-is-unusable";

/* https://<key>-is-unusable.invalid/, with the key made fit for a DNS label. */
static char *closed_url(const char *key)
{
    char label[DNS_LABEL_MAX + 1];
    size_t len = 0, max = DNS_LABEL_MAX - (sizeof(unusable) - 1);
    for (; *key && len < max; key++) {
        char c = (char)tolower((unsigned char)*key);
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (fits || len) /* a label starts with a letter or a digit */
            label[len++] = fits ? c : '-';
    }
    label[len] = '\0';
    autobuf url = BUF_INIT(BUF_MAX_TEXT);
    buf_printf(&url, "https://%s%s.invalid/", len ? label : "key", unusable);
    return buf_steal(&url);
}

static int close_route(struct route *route, const char *key, const char *origin)
{
    route->state = ROUTE_CLOSED;
    route->origin = strdup(origin);
    route->url = closed_url(key);
    return route->origin && route->url ? 0 : -1;
}

/* The URL as given, without what stands before the host's '@'. */
static char *without_userinfo(const char *text)
{
    const char *start = strstr(text, "://") + 3;
    size_t authority = strcspn(start, "/");
    const char *at = memchr(start, '@', authority);
    autobuf url = BUF_INIT(KEY_MAX);
    buf_append(&url, text, (size_t)(start - text));
    buf_puts(&url, at ? at + 1 : start);
    return buf_steal(&url);
}

/* From the URL itself. Servers that take a token as user name do so with an empty password. */
static int take_userinfo(struct route *route, const char *text)
{
    struct url url;
    const char *why;
    if (url_parse(text, &url, &why))
        return -1;
    int result = 0;
    if (url.password || (url.user && url.user[0])) {
        route->username = strdup(url.user ? url.user : "");
        route->password = strdup(url.password ? url.password : "");
        result = route->username && route->password ? 0 : -1;
    }
    url_clear(&url);
    return result;
}

/* A token alone, or a whole pair: half a pair would only look like one to what renders it. */
static int take_credentials(const struct keys *keys, const struct ecosystem *ecosystem,
                            const char *url, struct route *route)
{
    const char *username = keys_get(keys, ecosystem->username_key);
    const char *password = keys_get(keys, ecosystem->password_key);
    const char *token = keys_get(keys, ecosystem->token_key);
    if (!username && !password && !token)
        return take_userinfo(route, url);
    if (token) {
        route->token = strdup(token);
        return route->token ? 0 : -1;
    }
    if (!username || !password)
        return 0;
    route->username = strdup(username);
    route->password = strdup(password);
    return route->username && route->password ? 0 : -1;
}

/* The key that makes this route unusable, or NULL. */
static const char *bad_key(const struct keys *keys, const struct dialect *dialect,
                           const struct ecosystem *ecosystem, const char *source)
{
    if (strcmp(source, ecosystem->url_key) != 0 && dialect->state == DIALECT_BAD)
        return dialect->bad_key;
    const char *const candidates[] = {source, ecosystem->username_key, ecosystem->password_key,
                                      ecosystem->token_key};
    for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++)
        if (keys_bad(keys, candidates[i]))
            return candidates[i];
    return NULL;
}

/* The key whose URL this ecosystem takes: its own before an alias. NULL: none. */
static const char *source_key(const struct keys *keys, const struct dialect *dialect,
                              const char *url_key)
{
    if (keys_state(keys, url_key) != KEY_UNSET)
        return url_key;
    return dialect->state == DIALECT_OFF ? NULL : dialect_alias(keys, url_key);
}

/* The first file whose name may be a mistyped package key; NULL when there is none. */
static const char *mistyped(const struct keys *keys)
{
    size_t count;
    const struct key_problem *problems = keys_problems(keys, &count);
    for (size_t i = 0; i < count; i++)
        if (problems[i].unknown && key_name_routes_packages(problems[i].key))
            return problems[i].key;
    return NULL;
}

int route_read(const struct settings *settings, const struct dialect *dialect,
               const struct ecosystem *ecosystem, struct route *route)
{
    const struct keys *keys = settings->keys;
    const struct key_info *info = key_find(ecosystem->url_key);
    *route = (struct route){.ecosystem = ecosystem->name, .key = ecosystem->url_key};

    const char *source = source_key(keys, dialect, ecosystem->url_key);
    if (!source) {
        const char *file = mistyped(keys);
        bool used = info && (info->strategies & 1u << settings->strategy);
        return file && used ? close_route(route, file, file) : 0;
    }
    const char *bad = bad_key(keys, dialect, ecosystem, source);
    if (bad)
        return close_route(route, bad, keys_origin(keys, bad));
    const char *url = keys_get(keys, source);
    route->state = ROUTE_MIRROR;
    route->origin = strdup(keys_origin(keys, source));
    route->url = without_userinfo(url);
    if (!route->origin || !route->url)
        return -1;
    return take_credentials(keys, ecosystem, url, route);
}

static void free_secret(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void route_clear(struct route *route)
{
    free(route->origin);
    free(route->url);
    free_secret(route->username); /* a token may stand in the user's place */
    free_secret(route->password);
    free_secret(route->token);
    *route = (struct route){.ecosystem = NULL};
}

bool route_has_credentials(const struct route *route)
{
    return route->token || (route->username && route->password);
}
