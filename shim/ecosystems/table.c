/* The list of ecosystems, and what holds for all of them: which URLs are public, and where a public
 * URL is found on the mirror. Pure; touches nothing but its arguments. */
#include "shunt/ecosystem.h"

#include <string.h>

#include "shunt/url.h"

static const struct ecosystem *const table[] = {
    &ecosystem_npm, &ecosystem_python, &ecosystem_maven, &ecosystem_netrc, &ecosystem_trust, NULL,
};

const struct ecosystem *const *ecosystem_table(void)
{
    return table;
}

const struct ecosystem *ecosystem_find(const char *name)
{
    for (const struct ecosystem *const *e = table; *e; e++)
        if (strcmp((*e)->name, name) == 0)
            return *e;
    return NULL;
}

bool ecosystem_in_force(const struct settings *settings, const struct ecosystem *ecosystem)
{
    if (ecosystem->in_force)
        return ecosystem->in_force(settings);
    const struct route *route = settings_route(settings, ecosystem->name);
    return route && route->state != ROUTE_PUBLIC;
}

/* What follows the authority: "/path?query", or "" when there is nothing. */
static const char *after_authority(const char *url)
{
    const char *authority = strstr(url, "://");
    authority = authority ? authority + 3 : url;
    return authority + strcspn(authority, "/?#");
}

/* The longest public base URL that `url` equals or lies below; NULL when it is not public. */
static const char *public_base(const struct ecosystem *ecosystem, const char *url)
{
    const char *best = NULL;
    for (const char *const *base = ecosystem->public_urls; *base; base++)
        if (url_below(url, *base, true) && (!best || strlen(*base) > strlen(best)))
            best = *base;
    return best;
}

bool ecosystem_is_public(const struct ecosystem *ecosystem, const char *url)
{
    return public_base(ecosystem, url) != NULL;
}

char *ecosystem_map_url(const struct ecosystem *ecosystem, const struct route *route,
                        const char *url)
{
    const char *base = public_base(ecosystem, url);
    if (!base || route->state == ROUTE_PUBLIC || !route->url)
        return NULL;

    const char *rest = after_authority(url);
    size_t base_path = strlen(after_authority(base));
    const char *tail = strlen(rest) > base_path ? rest + base_path : "";
    /* The base URL itself, with or without its slash, is the key's own URL to the letter: a mirror
     * may insist on the slash, or on its absence. */
    if (tail[0] == '\0' || strcmp(tail, "/") == 0)
        return strdup(route->url);

    size_t len = strlen(route->url);
    while (len > 0 && route->url[len - 1] == '/')
        len--;
    struct buf mapped = BUF_INIT(BUF_MAX_TEXT);
    buf_append(&mapped, route->url, len);
    if (tail[0] != '/')
        buf_puts(&mapped, "/");
    buf_puts(&mapped, tail);
    return buf_steal(&mapped);
}
