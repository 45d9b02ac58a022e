/* URLs by libcurl's URL API, narrowed to what a registry base URL may be. Touches memory only.
 *
 * libcurl is lenient ("https:/host", blanks, any scheme it can speak). A key that is read leniently
 * here would be read differently by npm, pip or a JVM, so the text has to be RFC 3986 to the letter
 * before libcurl splits it. */
#include "shunt/url.h"

#include "shunt/buf.h"
#include "shunt/cleanup.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define UNRESERVED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
#define RESERVED   ":/?#[]@!$&'()*+,;="

static const char not_url[] = "an http or https URL";

/* Why `text` cannot be a URL of RFC 3986, or NULL. */
static const char *wrong_characters(const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '%' && isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2]))
            p += 2;
        else if (!strchr(UNRESERVED RESERVED, *p))
            return "a URL in which every special character is percent-encoded";
    }
    return NULL;
}

/* What follows "http://" or "https://", or NULL. */
static const char *after_scheme(const char *text)
{
    const char *rest = NULL;
    if (strncasecmp(text, "http://", 7) == 0)
        rest = text + 7;
    else if (strncasecmp(text, "https://", 8) == 0)
        rest = text + 8;
    return rest && *rest != '/' ? rest : NULL;
}

/* A host in which something is percent-encoded — a name in disguise, or the zone of one machine's
 * interface — is nobody's registry. */
static bool has_encoded_host(const char *rest)
{
    size_t authority = strcspn(rest, "/?#");
    const char *at = memchr(rest, '@', authority);
    const char *host = at ? at + 1 : rest;
    return memchr(host, '%', authority - (size_t)(host - rest)) != NULL;
}

/* Bytes of "." in plain or percent-encoded form at `p`: 0, 1 or 3. */
static size_t dot_length(const char *p)
{
    if (*p == '.')
        return 1;
    return strncasecmp(p, "%2e", 3) == 0 ? 3 : 0;
}

/* Whether a segment of `path` is "." or "..", which some tools resolve and others send. */
static bool has_dot_segment(const char *path)
{
    while ((path = strchr(path, '/'))) {
        path++;
        const char *end = path + dot_length(path);
        if (end == path)
            continue;
        end += dot_length(end);
        if (*end == '/' || *end == '\0')
            return true;
    }
    return false;
}

/* One part, copied out of libcurl's memory. NULL when the URL has none, or it cannot be decoded. */
static char *part(CURLU *handle, CURLUPart what, unsigned flags, CURLUcode *code)
{
    char *text = NULL;
    *code = curl_url_get(handle, what, &text, flags);
    char *copy = *code == CURLUE_OK ? strdup(text) : NULL;
    if (text)
        explicit_bzero(text, strlen(text)); /* it may be the password */
    curl_free(text);
    return copy;
}

static bool plain_host(const char *host)
{
    size_t len = strlen(host);
    if (host[0] == '[')
        return len > 2 && strspn(host + 1, "0123456789abcdef:.") == len - 2;
    return len && strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-._") == len && host[0] != '.';
}

static int take_parts(CURLU *handle, struct url *out, const char **why)
{
    CURLUcode code, user_code, password_code;
    out->scheme = part(handle, CURLUPART_SCHEME, 0, &code);
    out->host = part(handle, CURLUPART_HOST, 0, &code);
    out->port = part(handle, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT, &code);
    out->path = part(handle, CURLUPART_PATH, 0, &code);
    out->user = part(handle, CURLUPART_USER, CURLU_URLDECODE, &user_code);
    out->password = part(handle, CURLUPART_PASSWORD, CURLU_URLDECODE, &password_code);
    *why = "a user name and password without control characters";
    if (user_code == CURLUE_URLDECODE || password_code == CURLUE_URLDECODE)
        return -1;
    *why = not_url;
    if (!out->scheme || !out->host || !out->path)
        return -1;
    for (char *p = out->host; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    *why = "a URL with a valid host name";
    if (!plain_host(out->host))
        return -1;
    *why = "a URL with a port from 1 to 65535";
    return out->port && strcmp(out->port, "0") == 0 ? -1 : 0;
}

/* Parses any http(s) URL, also one with a query or a fragment, which are dropped. */
static int parse(const char *text, struct url *out, const char **why)
{
    *out = (struct url){NULL, NULL, NULL, NULL, NULL, NULL};
    *why = not_url;
    const char *rest = after_scheme(text);
    if (!rest)
        return -1;
    if ((*why = wrong_characters(text)))
        return -1;
    *why = "a URL with a valid host name";
    if (has_encoded_host(rest))
        return -1;
    *why = not_url;
    CURLU *handle = curl_url();
    if (!handle)
        return -1;
    CURLUcode code = curl_url_set(handle, CURLUPART_URL, text, 0);
    if (code == CURLUE_BAD_PORT_NUMBER)
        *why = "a URL with a port from 1 to 65535";
    else if (code != CURLUE_OK)
        *why = "a URL with a valid host name";
    int result = code == CURLUE_OK ? take_parts(handle, out, why) : -1;
    curl_url_cleanup(handle);
    if (result)
        url_clear(out);
    else
        *why = NULL;
    return result;
}

int url_parse(const char *text, struct url *out, const char **why)
{
    *out = (struct url){NULL, NULL, NULL, NULL, NULL, NULL};
    *why = "a URL without a query (?) or fragment (#)";
    const char *rest = after_scheme(text);
    if (rest && strpbrk(rest, "?#"))
        return -1;
    *why = "a URL whose path has no . or .. segment";
    if (rest && has_dot_segment(rest))
        return -1;
    return parse(text, out, why);
}

static void free_secret(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void url_clear(struct url *url)
{
    free(url->scheme);
    free(url->host);
    free(url->port);
    free(url->path);
    free_secret(url->user); /* a token may stand in the user's place */
    free_secret(url->password);
    *url = (struct url){NULL, NULL, NULL, NULL, NULL, NULL};
}

static int put_authority(const struct url *url, struct buf *out)
{
    buf_puts(out, url->host);
    return url->port ? buf_printf(out, ":%s", url->port) : 0;
}

char *url_text(const struct url *url)
{
    autobuf out = BUF_INIT(BUF_MAX_TEXT);
    buf_printf(&out, "%s://", url->scheme);
    put_authority(url, &out);
    buf_puts(&out, url->path);
    return buf_steal(&out);
}

char *url_authority(const struct url *url)
{
    autobuf out = BUF_INIT(BUF_MAX_TEXT);
    put_authority(url, &out);
    return buf_steal(&out);
}

static const char *effective_port(const struct url *url)
{
    if (url->port)
        return url->port;
    return strcmp(url->scheme, "https") == 0 ? "443" : "80";
}

/* Two URLs that name no port count as the same one also across schemes: who lets http and https
 * stand for each other means 80 and 443 too. */
static bool same_port(const struct url *a, const struct url *b)
{
    return (!a->port && !b->port) || strcmp(effective_port(a), effective_port(b)) == 0;
}

static bool path_below(const char *path, const char *base)
{
    size_t len = strlen(base);
    if (len && base[len - 1] == '/')
        len--;
    return strncmp(path, base, len) == 0 && (path[len] == '/' || path[len] == '\0') &&
           !has_dot_segment(path);
}

bool url_below(const char *text, const char *base, bool any_scheme)
{
    struct url a, b;
    const char *why;
    if (parse(text, &a, &why))
        return false;
    bool below = false;
    if (parse(base, &b, &why) == 0) {
        below = (any_scheme || strcmp(a.scheme, b.scheme) == 0) && strcmp(a.host, b.host) == 0 &&
                same_port(&a, &b) && path_below(a.path, b.path);
        url_clear(&b);
    }
    url_clear(&a);
    return below;
}

char *url_escape(const char *text)
{
    autobuf out = BUF_INIT(BUF_MAX_TEXT);
    for (; *text; text++) {
        if (strchr(UNRESERVED, *text))
            buf_append(&out, text, 1);
        else
            buf_printf(&out, "%%%02X", (unsigned char)*text);
    }
    return buf_steal(&out);
}
