/* What the keys and the SHUNT_* variables mean: one route per ecosystem. Immutable once read.
 *
 * Everything that renders, publishes or explains takes a `const struct settings *`. */
#ifndef SHUNT_SETTINGS_H
#define SHUNT_SETTINGS_H

#include "shunt/keys.h"

enum route_state {
    ROUTE_PUBLIC, /* no key: the tool is left alone */
    ROUTE_MIRROR, /* goes to `url` */
    ROUTE_CLOSED  /* meant to be private but unusable: `url` is a name that never resolves */
};

struct route {
    const char *ecosystem; /* static name: "npm", "python", "maven" … */
    const char *key;       /* static name of the URL key, "pkg-npm-url" */
    enum route_state state;
    char *origin; /* file that decided, "webapp.pkg-npm-url"; NULL when public */
    char *url;    /* base URL without userinfo, as given apart from that; NULL when public.
                   * When closed: https://<key>-is-unusable.invalid/ (RFC 2606), so that the tool's
                   * own error names the key that is bad, or looks mistyped while this ecosystem has
                   * none of its own. */
    /* Either a token, or user name and password, or nothing: never half a pair. From the credential
     * keys, else from the URL's userinfo (a user name alone there comes with the password ""). */
    char *username; /* NULL when none */
    char *password; /* NULL when none */
    char *token;    /* bearer token, NULL when none; wins over username and password */
};

/* Where credentials live. */
enum credentials {
    CREDENTIALS_CONFIG, /* in the text that is served to the tools, never on disk */
    CREDENTIALS_BROKER  /* added by the broker to requests */
};

struct settings {
    char *key_dir;
    enum strategy strategy;
    enum credentials credentials;
    struct keys *keys;
    struct route *routes; /* one per row of the ecosystem table that has a URL key, same order */
    size_t route_count;
    char *mirror_ca; /* PEM text of the key mirror-ca, validated; NULL when none */
    bool off;        /* nothing is in force: no key with a value, no mistake; or nothing but alias
                      * URLs of the second document while one of its two switches is not true */
};

/* What decides besides the keys. NULL members take the default. */
struct settings_input {
    const char *key_dir;     /* SHUNT_KEYS */
    const char *strategy;    /* SHUNT_STRATEGY */
    const char *credentials; /* SHUNT_CREDENTIALS: "config" or "broker" */
    const char *user_switch; /* enable-package-registry-proxy, the second document's user switch: a
                              * boolean in Go's spelling; before the key file of that name */
};

/* Reads keys and builds the routes. Returns 0 and *out; -1 with *error set to one sentence (caller
 * frees) for a bad variable or an unreadable directory. An absent directory gives `off`. Mistakes
 * in single keys are in keys_problems(settings->keys). */
int settings_read(const struct settings_input *input, struct settings **out, char **error);
void settings_free(struct settings *settings);

/* The route of an ecosystem of the table; NULL for an unknown name. */
const struct route *settings_route(const struct settings *settings, const char *ecosystem);

/* Whether the route has credentials to give. */
bool route_has_credentials(const struct route *route);

/* Replaces, in `text` of `len` bytes, every occurrence of a password or token known to `settings`
 * by
 * "<redacted>": as it is, in base64 (alone and as user:password), percent-, XML-, JSON- and
 * backslash-escaped. Forms shorter than 3 bytes stay. The text ends at its first NUL. Caller frees;
 * NULL: no memory. */
char *settings_redact(const struct settings *settings, const char *text, size_t len);

#endif
