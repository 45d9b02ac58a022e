/* npm's configuration format: the `ini` package's parser, then npm's ${VARIABLE} expansion
 * (@npmcli/config, npm 9 to 11). Replaces values in place and quotes new ones. Pure; touches
 * nothing but its arguments. */
#include "render.h"

#include <ctype.h>
#include <string.h>

#include "shunt/cleanup.h"
#include "shunt/url.h"

/* The content of a key or value: without its quotes, or up to an unescaped `;` or `#`, which start
 * a comment. The content is not unescaped: no URL and hardly a path holds an escape. */
static struct span ini_content(struct span raw)
{
    raw = span_trim(raw);
    if (raw.len >= 2 && (raw.start[0] == '"' || raw.start[0] == '\'') &&
        raw.start[raw.len - 1] == raw.start[0])
        return (struct span){raw.start + 1, raw.len - 2};
    size_t len = 0;
    while (len < raw.len && raw.start[len] != ';' && raw.start[len] != '#')
        len += raw.start[len] == '\\' && len + 1 < raw.len ? 2 : 1;
    return span_trim((struct span){raw.start, len});
}

/* Splits "key = value". False for comments, sections and lines without a value. */
static bool ini_split(struct span text, struct span *key, struct span *value)
{
    struct span trimmed = span_trim(text);
    if (trimmed.len == 0 || trimmed.start[0] == ';' || trimmed.start[0] == '#')
        return false;
    const char *equals = memchr(text.start, '=', text.len);
    if (!equals)
        return false;
    size_t before = (size_t)(equals - text.start);
    *key = ini_content((struct span){text.start, before});
    *value = ini_content((struct span){equals + 1, text.len - before - 1});
    return true;
}

/* A section hides what follows from npm, which knows top-level keys only. */
static bool is_section(struct span text)
{
    struct span trimmed = span_trim(text);
    return text.len > 0 && text.start[0] == '[' && trimmed.start[trimmed.len - 1] == ']' &&
           memchr(text.start + 1, ']', text.len - 1) == trimmed.start + trimmed.len - 1;
}

static bool is_registry_key(struct span key)
{
    static const char ending[] = ":registry";
    size_t len = sizeof ending - 1;
    return span_is(key, "registry") || (key.len > len + 1 && key.start[0] == '@' &&
                                        memcmp(key.start + key.len - len, ending, len) == 0);
}

static bool is_ca_key(struct span key)
{
    return span_is(key, "ca") || span_is(key, "ca[]");
}

char *npmrc_registry(const char *url)
{
    autobuf text = BUF_INIT(BUF_MAX_TEXT);
    buf_puts(&text, url);
    if (!has_suffix(url, "/"))
        buf_puts(&text, "/");
    return buf_steal(&text);
}

/* The mirror's URL for a public registry; NULL when the value is none. */
static char *mapped_registry(const struct route *route, struct span value)
{
    autofree char *url = span_copy(value);
    autofree char *mapped = url ? ecosystem_map_url(&ecosystem_npm, route, url) : NULL;
    return mapped ? npmrc_registry(mapped) : NULL;
}

/* The virtual path for a cafile whose name does not say that it is one (the names that do are
 * served under their own path); NULL for those, and for a path relative to an unknown directory. */
static char *mapped_cafile(const struct npmrc_context *context, struct span value)
{
    static const char *const known[] = {".pem", ".crt", ".cer", NULL};
    autofree char *path = span_copy(value);
    if (!path || strstr(path, "${") || (path[0] != '/' && strncmp(path, "~/", 2) != 0))
        return NULL;
    for (const char *const *ending = known; *ending; ending++)
        if (has_suffix(path, *ending))
            return NULL;
    struct buf mapped = BUF_INIT(BUF_MAX_TEXT);
    buf_printf(&mapped, "%s/ca/file", context->runtime_dir);
    buf_puts(&mapped, path[0] == '~' ? context->home : "");
    buf_puts(&mapped, path[0] == '~' ? path + 1 : path);
    return buf_steal(&mapped);
}

/* What stands in place of a value; NULL to leave it. */
static char *replacement(const struct npmrc_context *context, struct span key, struct span value)
{
    if (context->route && is_registry_key(key))
        return mapped_registry(context->route, value);
    if (context->mirror_ca && span_is(key, "cafile"))
        return mapped_cafile(context, value);
    return NULL;
}

static bool is_inline_ca(const struct npmrc_context *context, struct span key, struct span value)
{
    return context->mirror_ca && is_ca_key(key) && value.len > 0 && !span_is(value, "null") &&
           !span_is(value, "false");
}

/* The offset behind the last top-level line with an inline certificate; 0 when there is none. */
static size_t behind_inline_ca(const struct npmrc_context *context, struct span text)
{
    struct span rest = text, key, value;
    struct line line;
    size_t behind = 0;
    while (line_next(&rest, &line) && !is_section(line.text))
        if (ini_split(line.text, &key, &value) && is_inline_ca(context, key, value))
            behind = (size_t)(rest.start - text.start);
    return behind;
}

static void append_inline_ca(const struct npmrc_context *context, const struct line *before,
                             const char *line_end, struct buf *out)
{
    if (before->end.len == 0)
        buf_puts(out, line_end);
    buf_puts(out, "ca[]=");
    npmrc_quote(context->mirror_ca, out);
    buf_puts(out, line_end);
}

int npmrc_rewrite(const struct npmrc_context *context, struct span text, struct buf *out,
                  bool *changed)
{
    size_t ca_at = behind_inline_ca(context, text);
    const char *line_end = line_end_of(text);
    struct span rest = text, key, value;
    struct line line;
    bool top_level = true;
    *changed = ca_at > 0;
    while (line_next(&rest, &line)) {
        const char *copied = line.text.start;
        top_level = top_level && !is_section(line.text);
        if (top_level && ini_split(line.text, &key, &value)) {
            autofree char *new_value = replacement(context, key, value);
            if (new_value) {
                buf_append(out, copied, (size_t)(value.start - copied));
                buf_puts(out, new_value);
                copied = value.start + value.len;
                *changed = true;
            }
        }
        buf_append(out, copied, (size_t)(line.end.start + line.end.len - copied));
        if (ca_at > 0 && (size_t)(rest.start - text.start) == ca_at && top_level)
            append_inline_ca(context, &line, line_end, out);
    }
    return out->failed ? -1 : 0;
}

/* Whether npm would expand what starts at `text`: "${", a name without "${}?", an optional "?", "}"
 */
static bool is_expansion(const char *text)
{
    if (strncmp(text, "${", 2) != 0)
        return false;
    size_t name = strcspn(text + 2, "${}?");
    const char *end = text + 2 + name;
    if (*end == '?')
        end++;
    return name > 0 && *end == '}';
}

static void json_char(char c, struct buf *out)
{
    if (c == '"' || c == '\\')
        buf_printf(out, "\\%c", c);
    else if (c == '\n')
        buf_puts(out, "\\n");
    else if ((unsigned char)c < 0x20)
        buf_printf(out, "\\u%04x", (unsigned)c);
    else
        buf_append(out, &c, 1);
}

int npmrc_quote(const char *value, struct buf *out)
{
    buf_puts(out, "\"");
    while (*value) {
        size_t backslashes = strspn(value, "\\");
        /* An odd run of backslashes in front of ${NAME} is halved and switches expansion off. */
        size_t written = is_expansion(value + backslashes) ? 2 * backslashes + 1 : backslashes;
        for (size_t i = 0; i < written; i++)
            json_char('\\', out);
        value += backslashes;
        if (*value)
            json_char(*value++, out);
    }
    return buf_puts(out, "\"");
}

/* npm looks credentials up by "//host:port/path/", walking up from the URL that it requests. */
static int registry_key(const struct route *route, struct buf *out)
{
    struct url url;
    const char *why;
    if (url_parse(route->url, &url, &why) != 0)
        return -1;
    autofree char *authority = url_authority(&url);
    autobuf key = BUF_INIT(BUF_MAX_TEXT);
    if (authority)
        buf_printf(&key, "//%s%s%s", authority, url.path, has_suffix(url.path, "/") ? "" : "/");
    /* The parser ends a key at its first '=', and at a ';' that is not escaped. */
    bool usable = authority && !key.failed && !strchr(buf_text(&key), '=');
    for (const char *p = buf_text(&key); usable && *p; p++)
        buf_printf(out, "%s%c", *p == ';' ? "\\" : "", *p);
    url_clear(&url);
    return usable && !out->failed ? 0 : -1;
}

int npmrc_credentials(const struct route *route, struct buf *out)
{
    autofree char *basic = route->token ? NULL : route_basic(route);
    if (!route->token && !basic)
        return -1;
    if (registry_key(route, out) != 0)
        return -1;
    buf_puts(out, route->token ? ":_authToken=" : ":_auth=");
    npmrc_quote(route->token ? route->token : basic, out);
    return buf_puts(out, "\n");
}
