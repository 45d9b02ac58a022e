/* Mistakes between keys: a credential that lacks its other half or its URL. Reads the key set only.
 */
#include "internal.h"

#include <stdio.h>
#include <string.h>

enum { KEY_NAME_MAX = 64 };

struct credential_keys {
    const char *url;
    char username[KEY_NAME_MAX], password[KEY_NAME_MAX], token[KEY_NAME_MAX];
};

static bool there(const struct keys *keys, const char *name)
{
    return keys_state(keys, name) != KEY_UNSET;
}

static bool has_url(const struct keys *keys, const char *url_key)
{
    return there(keys, url_key) || dialect_alias(keys, url_key);
}

/* Fills in the siblings of a "-url" key. False for a key that has none. */
static bool siblings(const char *url_key, struct credential_keys *out)
{
    size_t len = strlen(url_key);
    if (len < 4 || strcmp(url_key + len - 4, "-url") != 0)
        return false;
    int base = (int)len - 4;
    out->url = url_key;
    snprintf(out->username, sizeof(out->username), "%.*s-username", base, url_key);
    snprintf(out->password, sizeof(out->password), "%.*s-password", base, url_key);
    snprintf(out->token, sizeof(out->token), "%.*s-token", base, url_key);
    return key_find(out->password) != NULL;
}

static void report(struct keys *keys, const char *key, const char *expected, const char *other,
                   const char *reason)
{
    keys_report(keys, keys_origin(keys, key), "expected %s %s%s", expected, other, reason);
}

static void check(struct keys *keys, const struct credential_keys *c)
{
    bool username = there(keys, c->username), password = there(keys, c->password);
    bool token = there(keys, c->token);
    if (!username && !password && !token)
        return;
    if (!has_url(keys, c->url)) {
        /* Credentials for all beside URLs for some strategies are a sensible set. */
        if (!keys_elsewhere(keys, c->url))
            report(keys,
                   token      ? c->token
                   : username ? c->username
                              : c->password,
                   "the key", c->url, " beside it: credentials alone route nothing");
        return;
    }
    if (token && password)
        report(keys, c->password, "no password beside", c->token, ", which is used");
    else if (token && username)
        report(keys, c->username, "no user name beside", c->token, ", which is used");
    else if (username && !password)
        report(keys, c->username, "the key", c->password, " beside it");
    else if (password && !username)
        report(keys, c->password, "the key", c->username, " beside it");
}

void keys_check_pairs(struct keys *keys)
{
    size_t count;
    const struct key_info *table = key_table(&count);
    struct credential_keys credentials;
    for (size_t i = 0; i < count; i++)
        if (siblings(table[i].name, &credentials))
            check(keys, &credentials);
}
