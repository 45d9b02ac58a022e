/* Fuzzes URL parsing, comparison and encodings. Pure. The input is "text\nbase". */
#include "shunt/cleanup.h"
#include "shunt/url.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A URL that was accepted survives being written and read again. */
static void check_round_trip(const char *text, const struct url *url)
{
    autofree char *written = url_text(url), *authority = url_authority(url);
    struct url again;
    const char *why;
    require(written && authority && url_parse(written, &again, &why) == 0);
    require(same(url->scheme, again.scheme) && same(url->host, again.host));
    require(same(url->port, again.port) && same(url->path, again.path));
    require(!again.user && !again.password && url->path[0] == '/');
    require(strncmp(written + strlen(url->scheme) + 3, authority, strlen(authority)) == 0);
    url_clear(&again);
    require(url_below(text, written, false) && url_below(written, text, true));
}

static void check_encodings(const char *text)
{
    autofree char *escaped = url_escape(text), *base64 = base64_encode(text, strlen(text));
    require(escaped && base64 && strlen(escaped) >= strlen(text));
    require(strlen(base64) == (strlen(text) + 2) / 3 * 4);
    require(!strpbrk(escaped, "/:@?#&+ \"'<>\\"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    char *base = strchr(text, '\n');
    if (base)
        *base++ = '\0';

    struct url url;
    const char *why = NULL;
    if (url_parse(text, &url, &why) == 0) {
        require(!why);
        check_round_trip(text, &url);
        url_clear(&url);
    } else {
        require(why && why[0] && !url.scheme && !url.password);
    }
    if (base && url_below(text, base, false))
        require(url_below(text, base, true));
    check_encodings(text);
    free(text);
    return 0;
}
