/* What the renderers share: lines of text, the asking process's command line, a route's
 * credentials. Pure; touches nothing but its arguments. */
#include "render.h"

#include <ctype.h>
#include <string.h>

#include "shunt/cleanup.h"
#include "shunt/url.h"

bool line_next(struct span *rest, struct line *line)
{
    if (rest->len == 0)
        return false;
    size_t len = 0;
    while (len < rest->len && rest->start[len] != '\n' && rest->start[len] != '\r')
        len++;
    size_t end = len < rest->len ? 1 : 0;
    if (end && rest->start[len] == '\r' && len + 1 < rest->len && rest->start[len + 1] == '\n')
        end = 2;
    line->text = (struct span){rest->start, len};
    line->end = (struct span){rest->start + len, end};
    *rest = (struct span){rest->start + len + end, rest->len - len - end};
    return true;
}

const char *line_end_of(struct span text)
{
    struct line line;
    return line_next(&text, &line) && line.end.len == 2 ? "\r\n" : "\n";
}

struct span span_trim(struct span span)
{
    while (span.len > 0 && isspace((unsigned char)span.start[0]))
        span = (struct span){span.start + 1, span.len - 1};
    while (span.len > 0 && isspace((unsigned char)span.start[span.len - 1]))
        span.len--;
    return span;
}

bool span_is(struct span span, const char *text)
{
    return strlen(text) == span.len && memcmp(span.start, text, span.len) == 0;
}

bool span_starts(struct span span, const char *text)
{
    size_t len = strlen(text);
    return span.len >= len && memcmp(span.start, text, len) == 0;
}

char *span_copy(struct span span)
{
    char *copy = malloc(span.len + 1);
    if (!copy)
        return NULL;
    if (span.len > 0)
        memcpy(copy, span.start, span.len);
    copy[span.len] = '\0';
    return copy;
}

bool has_suffix(const char *text, const char *suffix)
{
    size_t len = strlen(text), suffix_len = strlen(suffix);
    return len >= suffix_len && strcmp(text + len - suffix_len, suffix) == 0;
}

const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool program_in(const struct file_request *request, const char *const *names)
{
    if (request->program[0] == '\0')
        return true;
    for (; *names; names++) {
        size_t len = strlen(*names);
        bool any_end = (*names)[len - 1] == '*';
        if (any_end ? strncmp(request->program, *names, len - 1) == 0
                    : strcmp(request->program, *names) == 0)
            return true;
    }
    return false;
}

static bool word_in(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

/* "/usr/lib/node_modules/npm/bin/npm-cli.js", "pnpm.cjs" and "pip3.11" are npm, pnpm and pip. */
static bool is_tool(const char *argument, const char *const *tools)
{
    static const char *const endings[] = {"", "-cli.js", ".js", ".cjs", ".mjs", NULL};
    const char *name = base_name(argument);
    for (; *tools; tools++) {
        size_t len = strlen(*tools);
        if (strncmp(name, *tools, len) == 0 &&
            word_in(name + len + strspn(name + len, "0123456789."), endings))
            return true;
        if (strncmp(name, *tools, len) == 0 && word_in(name + len, endings))
            return true;
    }
    return false;
}

static bool words_edit(const char *const *arguments, const struct command_words *words)
{
    bool maybe_value = false;
    for (; *arguments; arguments++) {
        const char *word = *arguments;
        if (word[0] == '-') {
            maybe_value = strchr(word, '=') == NULL;
            continue;
        }
        if (word_in(word, words->edits))
            return true;
        if (!maybe_value || word_in(word, words->other))
            return false;
        maybe_value = false;
    }
    return false;
}

/* npm overwrites its own command line with "npm config set …" in one string. */
static bool title_edits(const char *title, const struct command_words *words)
{
    char tool[64]; /* enough for a tool and its command */
    size_t len = strnlen(title, sizeof tool - 1);
    memcpy(tool, title, len);
    tool[len] = '\0';
    char *blank = strchr(tool, ' ');
    if (blank) {
        *blank = '\0';
        blank[1 + strcspn(blank + 1, " ")] = '\0';
    }
    const char *const arguments[] = {blank ? blank + 1 : NULL, NULL};
    return blank && is_tool(tool, words->tools) && words_edit(arguments, words);
}

bool argv_edits(const char *const *argv, const struct command_words *words)
{
    if (argv[0] && title_edits(argv[0], words))
        return true;
    for (; *argv; argv++)
        if (is_tool(*argv, words->tools))
            return words_edit(argv + 1, words);
    return false;
}

const struct route *route_in_force(const struct settings *settings, const char *ecosystem)
{
    const struct route *route = settings_route(settings, ecosystem);
    return route && route->state != ROUTE_PUBLIC && route->url ? route : NULL;
}

bool route_serves_credentials(const struct settings *settings, const struct route *route)
{
    return route->state == ROUTE_MIRROR && settings->credentials == CREDENTIALS_CONFIG &&
           route_has_credentials(route);
}

char *route_basic(const struct route *route)
{
    autobuf pair = BUF_INIT(BUF_MAX_TEXT);
    buf_puts(&pair, route->username ? route->username : "");
    buf_puts(&pair, ":");
    buf_puts(&pair, route->password ? route->password : "");
    return pair.failed ? NULL : base64_encode(pair.data, pair.len);
}
