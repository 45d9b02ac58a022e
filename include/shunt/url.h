/* URLs as registries use them: RFC 3986, http and https only. Parsed by libcurl. */
#ifndef SHUNT_URL_H
#define SHUNT_URL_H

#include <stdbool.h>
#include <stddef.h>

struct url {
    char *scheme;   /* "http" or "https" */
    char *host;     /* lower case, an IPv6 address in brackets */
    char *port;     /* decimal, or NULL when the URL names none or the scheme's own */
    char *path;     /* starts with '/', still percent-encoded; "/" at least */
    char *user;     /* percent-decoded userinfo, or NULL */
    char *password; /* percent-decoded, or NULL */
};

/* Parses `text` into `out`. Returns 0, or -1 with *why set to a static phrase that completes
 * "expected …" (for instance "an http or https URL"). A query or fragment is refused: no registry
 * base URL has one. The members are owned by `out`: url_clear. */
int url_parse(const char *text, struct url *out, const char **why);
void url_clear(struct url *url);

/* scheme://host[:port]path without userinfo. The caller frees it; NULL when memory is out. */
char *url_text(const struct url *url);

/* host[:port]: the authority without userinfo, as in npm's //host:port/ keys. Caller frees. */
char *url_authority(const struct url *url);

/* Whether the URL `text` is `base` or lies below it: same scheme (unless `any_scheme`, which lets
 * http and https stand for each other), same host (any case), same effective port, and a path equal
 * to base's or continuing it after a '/'. */
bool url_below(const char *text, const char *base, bool any_scheme);

/* RFC 3986 percent-encoding of everything but unreserved characters. Caller frees. */
char *url_escape(const char *text);

/* RFC 4648 base64 with padding, no line breaks. Caller frees. */
char *base64_encode(const void *data, size_t len);

#endif
