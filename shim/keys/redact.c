/* Removes secrets from a text that is about to be shown. Pure.
 *
 * A secret is shown by whoever escaped it, so every form that a renderer or a tool may have given
 * it is searched for. Bytes covered by any match go, also where two secrets overlap. */
#include "internal.h"

#include "shunt/buf.h"
#include "shunt/cleanup.h"
#include "shunt/url.h"

#include <ctype.h>
#include <string.h>

enum { SHORTEST = 3 };

struct needle {
    char *text; /* owned; overwritten when freed */
    size_t len;
};

struct needles {
    struct needle *list;
    size_t count, room;
    bool failed;
    bool first[256]; /* bytes that a needle starts with: rejects nearly every position */
};

/* Takes `text` over; NULL means that memory was out. */
static void add(struct needles *needles, char *text)
{
    size_t len = text ? strlen(text) : 0;
    if (text && len >= SHORTEST && needles->count == needles->room) {
        size_t room = needles->room ? needles->room * 2 : 32;
        struct needle *grown = realloc(needles->list, room * sizeof(*grown));
        if (grown) {
            needles->list = grown;
            needles->room = room;
        }
    }
    if (len >= SHORTEST && needles->count < needles->room) {
        needles->first[(unsigned char)text[0]] = true;
        needles->list[needles->count++] = (struct needle){text, len};
        return;
    }
    needles->failed |= !text || len >= SHORTEST;
    if (text)
        explicit_bzero(text, len);
    free(text);
}

static void clear(struct needles *needles)
{
    for (size_t i = 0; i < needles->count; i++) {
        explicit_bzero(needles->list[i].text, needles->list[i].len);
        free(needles->list[i].text);
    }
    free(needles->list);
}

/* --- the forms of a secret --- */

enum escape {
    PERCENT,       /* all but unreserved characters and `set`, as %2B */
    PERCENT_LOWER, /* the same, as %2b */
    XML_NAMED,     /* the characters of `set` as &quot; */
    XML_NUMBER,    /* quotes as &#34;, the rest of `set` as &amp; */
    BACKSLASH,     /* a backslash before each character of `set` */
    BACKSLASH_ALL  /* a backslash before everything but letters and digits */
};

static const struct {
    enum escape how;
    const char *set;
} forms[] = {
    {BACKSLASH, ""}, /* as it is */
    {PERCENT, ""},
    {PERCENT_LOWER, ""},
    {PERCENT, "/"},           /* Python's quote() */
    {PERCENT, "!'()*"},       /* JavaScript's encodeURIComponent() */
    {PERCENT, "!$&'()*+,;="}, /* userinfo as RFC 3986 allows it */
    {XML_NAMED, "&<>"},
    {XML_NAMED, "&<>\""},
    {XML_NAMED, "&<>\"'"},
    {XML_NUMBER, "&<>\"'"},
    {BACKSLASH, "\\"},
    {BACKSLASH, "\"\\"},  /* JSON */
    {BACKSLASH, "\"\\/"}, /* JSON as some write it */
    {BACKSLASH, "\"\\$"}, /* shell and .npmrc in double quotes */
    {BACKSLASH, "\"\\$`"},
    {BACKSLASH, ";#"}, /* INI */
    {BACKSLASH, "\\;#"},
    {BACKSLASH, "\\ :=#!"}, /* Java properties */
    {BACKSLASH_ALL, ""},
};

static const char *xml_entity(char c, bool number)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return number ? "&#34;" : "&quot;";
    default:
        return number ? "&#39;" : "&apos;";
    }
}

static void put_escaped(struct buf *out, enum escape how, const char *set, char c)
{
    bool listed = strchr(set, c) != NULL;
    switch (how) {
    case PERCENT:
    case PERCENT_LOWER:
        if (listed || isalnum((unsigned char)c) || strchr("-._~", c))
            buf_append(out, &c, 1);
        else
            buf_printf(out, how == PERCENT ? "%%%02X" : "%%%02x", (unsigned char)c);
        return;
    case XML_NAMED:
    case XML_NUMBER:
        if (listed)
            buf_puts(out, xml_entity(c, how == XML_NUMBER));
        else
            buf_append(out, &c, 1);
        return;
    case BACKSLASH:
    case BACKSLASH_ALL:
        if (listed || (how == BACKSLASH_ALL && !isalnum((unsigned char)c)))
            buf_puts(out, "\\");
        buf_append(out, &c, 1);
        return;
    }
}

static void add_base64(struct needles *needles, const char *username, const char *secret)
{
    autobuf pair = BUF_INIT(BUF_MAX_TEXT);
    if (username)
        buf_printf(&pair, "%s:", username);
    buf_puts(&pair, secret);
    add(needles, pair.failed ? NULL : base64_encode(buf_text(&pair), pair.len));
}

static void add_forms(struct needles *needles, const char *username, const char *secret)
{
    if (!secret || !secret[0])
        return;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        autobuf form = BUF_INIT(BUF_MAX_TEXT);
        for (const char *p = secret; *p; p++)
            put_escaped(&form, forms[i].how, forms[i].set, *p);
        add(needles, buf_steal(&form));
    }
    add_base64(needles, NULL, secret);
    if (username)
        add_base64(needles, username, secret);
}

/* --- the secrets of the settings --- */

/* The value of the -username key beside a -password or -token key. */
static const char *username_beside(const struct keys *keys, const char *secret_key)
{
    autobuf name = BUF_INIT(256);
    buf_append(&name, secret_key, (size_t)(strrchr(secret_key, '-') - secret_key));
    buf_puts(&name, "-username");
    return keys_get(keys, buf_text(&name));
}

/* A user name beside an empty password is a token in the user's place. */
static void add_pair(struct needles *needles, const char *username, const char *password)
{
    if (!password || !password[0]) {
        add_forms(needles, NULL, username);
        if (username)
            add_base64(needles, username, "");
    } else {
        add_forms(needles, username, password);
    }
}

static void add_userinfo(struct needles *needles, const char *text)
{
    struct url url;
    const char *why;
    if (url_parse(text, &url, &why))
        return;
    add_pair(needles, url.user, url.password);
    url_clear(&url);
}

static void add_all(struct needles *needles, const struct settings *settings)
{
    size_t count;
    const struct key_info *table = key_table(&count);
    for (size_t i = 0; i < count; i++) {
        const char *value = keys_get(settings->keys, table[i].name);
        if (value && table[i].kind == KEY_SECRET)
            add_forms(needles, username_beside(settings->keys, table[i].name), value);
        else if (value && table[i].kind == KEY_URL)
            add_userinfo(needles, value);
    }
    /* Routes repeat the keys, except in settings that were not read from a directory. */
    for (size_t i = 0; i < settings->route_count; i++) {
        add_pair(needles, settings->routes[i].username, settings->routes[i].password);
        add_forms(needles, NULL, settings->routes[i].token);
    }
}

/* --- the text --- */

/* Bytes of the longest needle at `text`; 0 when there is none. */
static size_t match(const struct needles *needles, const char *text, size_t len)
{
    size_t longest = 0;
    if (!needles->first[(unsigned char)text[0]])
        return 0;
    for (size_t i = 0; i < needles->count; i++) {
        const struct needle *needle = &needles->list[i];
        if (needle->len > longest && needle->len <= len &&
            memcmp(needle->text, text, needle->len) == 0)
            longest = needle->len;
    }
    return longest;
}

char *settings_redact(const struct settings *settings, const char *text, size_t len)
{
    struct needles needles = {.list = NULL};
    autobuf out = BUF_INIT(len * 4 + 16); /* "<redacted>" is less than 4 times the shortest */
    add_all(&needles, settings);
    size_t covered = 0; /* end of the last match */
    for (size_t i = 0; i < len && !needles.failed && !out.failed; i++) {
        size_t matched = match(&needles, text + i, len - i);
        if (i >= covered && matched)
            buf_puts(&out, "<redacted>");
        else if (i >= covered)
            buf_append(&out, text + i, 1);
        if (matched && i + matched > covered)
            covered = i + matched;
    }
    bool failed = needles.failed;
    clear(&needles);
    return failed ? NULL : buf_steal(&out);
}
