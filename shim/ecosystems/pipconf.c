/* pip's configuration format: Python's RawConfigParser (strict: a section or an option twice is an
 * error, so ours goes into the section that is there). Replaces values in place. Pure; touches
 * nothing but its arguments. */
#include "render.h"

#include <ctype.h>
#include <string.h>

#include "shunt/cleanup.h"

enum { NAME_MAX_BYTES = 64 }; /* longer than any option that matters here */

/* Where the parser stands. */
struct place {
    struct span section; /* "" before the first header */
    size_t indent;       /* of the option's or header's own line: deeper lines continue it */
    bool in_option;      /* an option was begun in this section */
    char option[NAME_MAX_BYTES];
};

enum line_kind { LINE_NOTHING, LINE_SECTION, LINE_VALUE };

static size_t indent_of(struct span text)
{
    size_t indent = 0;
    while (indent < text.len && isspace((unsigned char)text.start[indent]))
        indent++;
    return indent;
}

static bool is_comment(struct span trimmed)
{
    return trimmed.len == 0 || trimmed.start[0] == '#' || trimmed.start[0] == ';';
}

/* The name as pip knows it: lower case, dashes, no leading "--"; "" when it is none of interest. */
static void normalize_name(struct span name, char out[NAME_MAX_BYTES])
{
    name = span_trim(name);
    if (span_starts(name, "--") || span_starts(name, "__"))
        name = (struct span){name.start + 2, name.len - 2};
    if (name.len >= NAME_MAX_BYTES)
        name.len = 0;
    for (size_t i = 0; i < name.len; i++)
        out[i] = name.start[i] == '_' ? '-' : (char)tolower((unsigned char)name.start[i]);
    out[name.len] = '\0';
}

/* Reads one line as RawConfigParser does. For LINE_VALUE *value is the (part of a) value on it. */
static enum line_kind classify(struct span text, struct place *place, struct span *value)
{
    struct span trimmed = span_trim(text);
    if (is_comment(trimmed))
        return LINE_NOTHING;
    size_t indent = indent_of(text);
    if (place->in_option && indent > place->indent) {
        *value = trimmed;
        return LINE_VALUE;
    }
    place->indent = indent;
    const char *close = trimmed.start[0] == '[' ? memchr(trimmed.start, ']', trimmed.len) : NULL;
    if (close && close > trimmed.start + 1) {
        place->section = (struct span){trimmed.start + 1, (size_t)(close - trimmed.start) - 1};
        place->in_option = false;
        return LINE_SECTION;
    }
    size_t name = 0;
    while (name < trimmed.len && trimmed.start[name] != '=' && trimmed.start[name] != ':')
        name++;
    if (name == trimmed.len || place->section.len == 0)
        return LINE_NOTHING;
    place->in_option = true;
    normalize_name((struct span){trimmed.start, name}, place->option);
    *value = span_trim((struct span){trimmed.start + name + 1, trimmed.len - name - 1});
    return LINE_VALUE;
}

static bool is_index(const char *option)
{
    return strcmp(option, "index-url") == 0 || strcmp(option, "pypi-url") == 0;
}

/* Copies a value, which may be a list separated by blanks; public indexes become the mirror. */
static void rewrite_value(const struct route *route, struct span value, struct buf *out,
                          bool *changed)
{
    const char *p = value.start, *end = value.start + value.len;
    while (p < end) {
        const char *word = p;
        while (p < end && isspace((unsigned char)*p))
            p++;
        buf_append(out, word, (size_t)(p - word));
        word = p;
        while (p < end && !isspace((unsigned char)*p))
            p++;
        struct span span = {word, (size_t)(p - word)};
        autofree char *url = span_copy(span);
        bool public = url && ecosystem_is_public(&ecosystem_python, url);
        *changed = *changed || public;
        if (public)
            buf_puts(out, route->url);
        else
            buf_append(out, word, span.len);
    }
}

/* What the section [global] has in the end; it inherits from [DEFAULT], but only if it exists. */
struct seen {
    bool global, global_index, global_trusted, default_index, default_trusted;
};

static void note(const struct place *place, struct span value, struct seen *seen)
{
    bool global = span_is(place->section, "global"), inherited = span_is(place->section, "DEFAULT");
    if (value.len == 0)
        return; /* pip ignores options without a value */
    if (is_index(place->option)) {
        seen->global_index |= global;
        seen->default_index |= inherited;
    } else if (strcmp(place->option, "trusted-host") == 0) {
        seen->global_trusted |= global;
        seen->default_trusted |= inherited;
    }
}

int pipconf_rewrite(const struct route *route, struct span text, struct buf *out,
                    struct pipconf_result *result)
{
    struct place place = {.in_option = false};
    struct seen seen = {.global = false};
    struct span rest = text, value;
    struct line line;
    *result = (struct pipconf_result){.changed = false};
    while (line_next(&rest, &line)) {
        const char *copied = line.text.start;
        enum line_kind kind = classify(line.text, &place, &value);
        seen.global |= kind == LINE_SECTION && span_is(place.section, "global");
        if (kind == LINE_VALUE) {
            note(&place, value, &seen);
            if (is_index(place.option) || strcmp(place.option, "extra-index-url") == 0) {
                buf_append(out, copied, (size_t)(value.start - copied));
                rewrite_value(route, value, out, &result->changed);
                copied = value.start + value.len;
            }
        }
        buf_append(out, copied, (size_t)(line.end.start + line.end.len - copied));
    }
    result->sets_index = seen.global_index || (seen.global && seen.default_index);
    result->sets_trusted = seen.global_trusted || (seen.global && seen.default_trusted);
    return out->failed ? -1 : 0;
}

/* The indentation that a line put in front of `rest` needs, so that it does not swallow the next
 * one as its continuation: the same. */
static struct span next_indent(struct span rest)
{
    struct line line;
    while (line_next(&rest, &line))
        if (!is_comment(span_trim(line.text)))
            return (struct span){line.text.start, indent_of(line.text)};
    return (struct span){"", 0};
}

int pipconf_add(struct span text, const char *name, const char *value, struct buf *out)
{
    struct place place = {.in_option = false};
    struct span rest = text, ignored;
    struct line line = {.end = {"", 0}};
    const char *line_end = line_end_of(text);
    bool added = false;
    while (line_next(&rest, &line)) {
        buf_append(out, line.text.start, line.text.len + line.end.len);
        if (added || classify(line.text, &place, &ignored) != LINE_SECTION ||
            !span_is(place.section, "global"))
            continue;
        struct span indent = next_indent(rest);
        buf_puts(out, line.end.len == 0 ? line_end : "");
        buf_append(out, indent.start, indent.len);
        buf_printf(out, "%s = %s%s", name, value, line_end);
        added = true;
    }
    if (!added) {
        buf_puts(out, text.len > 0 && line.end.len == 0 ? line_end : "");
        buf_printf(out, "[global]%s%s = %s%s", line_end, name, value, line_end);
    }
    return out->failed ? -1 : 0;
}
