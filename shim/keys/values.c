/* The value checks of values.h. Pure; PEM is judged by the trust code, UTF-8 by libxml2. */
#include "values.h"

#include "shunt/buf.h"
#include "shunt/trust.h"
#include "shunt/url.h"

#include <libxml/xmlstring.h>
#include <string.h>

#define LETTERS_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
/* What names of registries, repositories and tags are made of. */
#define REFERENCE LETTERS_DIGITS "._:/-[]"

size_t key_value_trim(const char *text, size_t len)
{
    while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    return len;
}

int key_value_bool(const char *text, bool *out)
{
    static const char *const words[] = {"1", "t", "T", "TRUE",  "true",  "True",
                                        "0", "f", "F", "FALSE", "false", "False"};
    size_t count = sizeof(words) / sizeof(words[0]);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, words[i]) == 0) {
            *out = i < count / 2;
            return 0;
        }
    }
    return -1;
}

/* Text goes into XML, JSON and INI files, none of which can hold these. */
static const char *wrong_text(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return "text without control characters, such as a newline or NUL inside";
    return xmlCheckUTF8((const unsigned char *)text) ? NULL : "text in UTF-8";
}

static const char *wrong_url(const char *text)
{
    struct url url;
    const char *why;
    if (url_parse(text, &url, &why))
        return why;
    why = NULL;
    if (url.user)
        why = wrong_text(url.user, strlen(url.user));
    if (url.password && !why)
        why = wrong_text(url.password, strlen(url.password));
    url_clear(&url);
    return why;
}

static const char *wrong_registry(const char *text)
{
    if (strstr(text, "://"))
        return "a bare registry host such as nexus.example.com/dockerhub-proxy, without https://";
    if (strchr(text, '@'))
        return "a registry host without user name and password: they have keys of their own";
    autobuf with_scheme = BUF_INIT(KEY_MAX + 16);
    buf_printf(&with_scheme, "https://%s", text);
    struct url url;
    const char *why;
    if (text[strspn(text, REFERENCE)] || url_parse(buf_text(&with_scheme), &url, &why))
        return "a registry host, such as nexus.example.com/dockerhub-proxy";
    url_clear(&url);
    return NULL;
}

/* "@algorithm:hex" at the end of a reference. */
static bool good_digest(const char *digest)
{
    size_t name = strspn(digest, LETTERS_DIGITS "+._-");
    if (name == 0 || digest[name] != ':')
        return false;
    const char *hex = digest + name + 1;
    size_t len = strlen(hex);
    return len >= 32 && strspn(hex, "0123456789abcdef") == len;
}

/* One level of strictness for a reference and for a registry/repo prefix: which of the two it is
 * shows only beside the image that it replaces. */
static const char *wrong_image(const char *text)
{
    static const char expected[] =
        "an image such as nexus.example.com/nginx:1.27, or a prefix such as nexus.example.com/base";
    size_t name = strcspn(text, "@");
    if (strstr(text, "://"))
        return "an image reference without https://";
    if (name == 0 || strspn(text, REFERENCE) != name || strstr(text, "//"))
        return expected;
    if (strchr("/:.-", text[0]) || strchr(text[name] ? "/:" : ":", text[name - 1]))
        return expected;
    return text[name] && !good_digest(text + name + 1) ? expected : NULL;
}

static const char *wrong_pem(const char *text, size_t len)
{
    const char *why = "certificates in PEM form";
    if (memchr(text, '\0', len))
        return why;
    return trust_check_pem(text, len, &why) < 1 ? why : NULL;
}

const char *key_value_wrong(enum key_kind kind, const char *text, size_t len)
{
    if (len == 0 || len > KEY_MAX)
        return "a text of 1 byte to 64 KiB";
    if (kind == KEY_PEM)
        return wrong_pem(text, len);
    const char *wrong = wrong_text(text, len);
    bool ignored;
    if (wrong)
        return wrong;
    switch (kind) {
    case KEY_URL:
        return wrong_url(text);
    case KEY_REGISTRY:
        return wrong_registry(text);
    case KEY_IMAGE:
        return wrong_image(text);
    case KEY_BOOL:
        return key_value_bool(text, &ignored) ? KEY_BOOL_EXPECTED : NULL;
    case KEY_NAME:
    case KEY_SECRET:
    case KEY_PEM:
        break;
    }
    return NULL;
}
