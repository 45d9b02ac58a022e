/* .netrc for the programs that take their credentials from there: Python's package tools, and the
 * curl and wget of download scripts. Knows no registry beyond the routes. Pure; touches nothing but
 * its arguments.
 *
 * Three parsers read the text. Python from 3.11, curl and wget know double quotes with backslash
 * escapes; without quotes curl takes a backslash literally and the others do not. Python up to 3.10
 * knows neither: there a value with blanks or non-ASCII characters cannot be written, and the entry
 * is left out. */
#include "render.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "shunt/cleanup.h"
#include "shunt/url.h"

static const char blanks[] = " \t\r\n";

static bool is_blank(char c)
{
    return c != '\0' && strchr(blanks, c) != NULL;
}

static bool raw_can_say(const char *value)
{
    for (const char *p = value; *p; p++)
        if (isspace((unsigned char)*p) || (unsigned char)*p >= 0x80)
            return false;
    return value[0] != '\0';
}

static bool needs_quotes(const char *value)
{
    return value[0] == '\0' || strchr("\"#", value[0]) || strpbrk(value, " \t\r\n\v\f\\");
}

static void append_value(const char *value, bool quote, struct buf *out)
{
    if (!quote) {
        buf_puts(out, value);
        return;
    }
    buf_puts(out, "\"");
    for (; *value; value++)
        buf_printf(out, "%s%c", *value == '"' || *value == '\\' ? "\\" : "", *value);
    buf_puts(out, "\"");
}

int netrc_entry(const char *host, const char *login, const char *password,
                enum netrc_dialect dialect, struct buf *out)
{
    bool raw = dialect == NETRC_RAW;
    if (raw && (!raw_can_say(login) || !raw_can_say(password)))
        return -1;
    buf_printf(out, "machine %s\nlogin ", host);
    append_value(login, !raw && needs_quotes(login), out);
    buf_puts(out, "\npassword ");
    append_value(password, !raw && needs_quotes(password), out);
    return buf_puts(out, "\n");
}

/* One token as Python reads it; quotes and backslashes are still in it. */
static bool token_next(struct span *rest, struct span *token)
{
    size_t at = 0;
    while (at < rest->len && is_blank(rest->start[at]))
        at++;
    if (at == rest->len)
        return false;
    size_t start = at;
    bool quoted = rest->start[at] == '"';
    for (at += quoted; at < rest->len; at++) {
        if (rest->start[at] == '\\' && at + 1 < rest->len)
            at++;
        else if (quoted ? rest->start[at] == '"' : is_blank(rest->start[at]))
            break;
    }
    at += quoted && at < rest->len;
    *token = (struct span){rest->start + start, at - start};
    *rest = (struct span){rest->start + at, rest->len - at};
    return true;
}

static bool token_names_host(struct span token, const char *host)
{
    if (token.len >= 2 && token.start[0] == '"')
        token = (struct span){token.start + 1, token.len - 2};
    return token.len == strlen(host) && strncasecmp(token.start, host, token.len) == 0;
}

static void skip_line(struct span *rest)
{
    struct line line;
    line_next(rest, &line);
}

/* A macro ends at the first empty line. */
static void skip_macro(struct span *rest)
{
    struct line line;
    skip_line(rest);
    while (line_next(rest, &line) && line.text.len > 0)
        ;
}

int netrc_without(struct span text, const char *host, struct buf *out)
{
    struct span rest = text, token, name;
    const char *keep_from = text.start;
    bool dropping = false;
    while (token_next(&rest, &token)) {
        bool machine = span_is(token, "machine"), macro = span_is(token, "macdef");
        if (token.start[0] == '#') {
            rest = (struct span){token.start, (size_t)(text.start + text.len - token.start)};
            skip_line(&rest);
        } else if (machine || macro || span_is(token, "default")) {
            bool drop = machine && token_next(&rest, &name) && token_names_host(name, host);
            if (dropping && !drop)
                keep_from = token.start;
            if (drop && !dropping)
                buf_append(out, keep_from, (size_t)(token.start - keep_from));
            dropping = drop;
            if (macro)
                skip_macro(&rest);
        } else {
            token_next(&rest, &name);
        }
    }
    if (!dropping)
        buf_append(out, keep_from, (size_t)(text.start + text.len - keep_from));
    return out->failed ? -1 : 0;
}

/* --- which program gets which entry --- */

static const char *const pythons[] = {"python*", "pypy*", NULL};
static const char *const downloaders[] = {"curl", "wget", "wget2", NULL};

static bool argument_is(const char *argument, const char *tool, bool any_end)
{
    const char *name = base_name(argument);
    return any_end ? strncmp(name, tool, strlen(tool)) == 0 : strcmp(name, tool) == 0;
}

static bool runs_tool(const struct file_request *request, const char *tool, bool any_end)
{
    for (size_t i = 0; i < 3 && request->argv[i]; i++)
        if (argument_is(request->argv[i], tool, any_end))
            return true;
    return false;
}

/* Python's package tools. twine uploads with credentials of its own. */
static bool is_python_tool(const struct file_request *request)
{
    if (runs_tool(request, "twine", false))
        return false;
    return (request->program[0] != '\0' && program_in(request, pythons)) ||
           runs_tool(request, "pip", true) || runs_tool(request, "uv", false) ||
           runs_tool(request, "poetry", false) || runs_tool(request, "pipenv", false);
}

/* "python3.9" reads raw values, "python3.11" and an unnumbered python quoted ones. */
static enum netrc_dialect dialect_of(const char *program)
{
    const char *digits = program + strcspn(program, "0123456789");
    if (strncmp(program, "py", 2) != 0 || *digits == '\0')
        return NETRC_QUOTED;
    char *end;
    unsigned long major = strtoul(digits, &end, 10);
    if (*end != '.')
        return major == 2 ? NETRC_RAW : NETRC_QUOTED;
    unsigned long minor = strtoul(end + 1, NULL, 10);
    return major < 3 || (major == 3 && minor < 11) ? NETRC_RAW : NETRC_QUOTED;
}

/* The route whose files the command line asks for; basic credentials only, which is all that a
 * .netrc can say. */
static const struct route *route_of_arguments(const struct settings *settings,
                                              const struct file_request *request)
{
    for (const struct ecosystem *const *e = ecosystem_table(); *e; e++) {
        const struct route *route = route_in_force(settings, (*e)->name);
        if (!route || route->token || !route_serves_credentials(settings, route))
            continue;
        for (const char *const *argument = request->argv; *argument; argument++)
            if (strstr(*argument, "://") && url_below(*argument, route->url, false))
                return route;
    }
    return NULL;
}

static const struct route *route_for(const struct settings *settings,
                                     const struct file_request *request)
{
    if (request->program[0] != '\0' && program_in(request, downloaders))
        return route_of_arguments(settings, request);
    if (!is_python_tool(request))
        return NULL;
    const struct route *route = route_in_force(settings, "python");
    return route && route_serves_credentials(settings, route) ? route : NULL;
}

/* pip cannot send a bearer token; indexes that issue tokens take them as a password, and PyPI's own
 * convention for the user name is __token__. */
static int append_entry(const struct route *route, enum netrc_dialect dialect, const char *host,
                        struct buf *out)
{
    const char *login = route->username ? route->username : route->token ? "__token__" : "";
    const char *password = route->token ? route->token : route->password ? route->password : "";
    return netrc_entry(host, login, password, dialect, out);
}

/* The user's text from its first entry on. Python does not skip a comment that follows a quoted
 * value (its lexer leaves the line end behind, and then takes the comment's words for keywords). */
static struct span without_head(struct span text)
{
    struct span rest = text;
    struct line line;
    while (line_next(&rest, &line)) {
        struct span trimmed = span_trim(line.text);
        if (trimmed.len > 0 && trimmed.start[0] != '#')
            break;
        text = rest;
    }
    return text;
}

/* Ours first: curl and wget take the first entry of a host, and the user's own is left out because
 * Python takes the last. */
static enum file_answer netrc_render(const struct settings *settings,
                                     const struct file_request *request, struct buf *out)
{
    const struct route *route = route_for(settings, request);
    struct url url;
    const char *why;
    if (!route || url_parse(route->url, &url, &why) != 0)
        return FILE_REAL;
    struct span text = without_head((struct span){request->user_text, request->user_len});
    enum file_answer answer = FILE_REAL;
    if (append_entry(route, dialect_of(request->program), url.host, out) == 0)
        answer = netrc_without(text, url.host, out) == 0 ? FILE_TEXT : FILE_FAILED;
    else if (out->failed)
        answer = FILE_FAILED;
    url_clear(&url);
    return answer;
}

/* curl looks into .netrc only when told to. A .curlrc that does not exist is ours only in the home
 * directory: elsewhere curl would go on to the next place. */
static enum file_answer curlrc_render(const struct settings *settings,
                                      const struct file_request *request, struct buf *out)
{
    size_t home = strlen(request->home);
    bool at_home = strncmp(request->path, request->home, home) == 0 &&
                   strcmp(request->path + home, "/.curlrc") == 0;
    if (strcmp(request->program, "curl") != 0 || (!request->user_exists && !at_home) ||
        !route_of_arguments(settings, request))
        return FILE_REAL;
    buf_append(out, request->user_text, request->user_len);
    if (request->user_len > 0 && request->user_text[request->user_len - 1] != '\n')
        buf_puts(out, "\n");
    return buf_puts(out, "netrc-optional\n") == 0 ? FILE_TEXT : FILE_FAILED;
}

static const char *const public_urls[] = {NULL};
static const struct env_rule env[] = {{.name = NULL}};
static const struct served_file files[] = {
    {PLAN_MATCH_SUFFIX, "/.netrc", netrc_render, "credentials for Python's tools, curl and wget"},
    {PLAN_MATCH_SUFFIX, "/_netrc", netrc_render, "credentials, by another name"},
    {PLAN_MATCH_ENV, "NETRC", netrc_render, "credentials of the environment"},
    {PLAN_MATCH_SUFFIX, "/.curlrc", curlrc_render, "curl told to read its credentials"},
    {.render = NULL},
};

static bool in_force(const struct settings *settings)
{
    for (size_t i = 0; i < settings->route_count; i++)
        if (route_serves_credentials(settings, &settings->routes[i]))
            return true;
    return false;
}

static const char *const reader_arguments[] = {"python3", "-m", "pip", "install", NULL};
static const char *const usual_paths[] = {"~/.netrc", NULL};

const struct ecosystem ecosystem_netrc = {
    .name = "netrc",
    .title = "netrc (pip, curl, wget)",
    .public_urls = public_urls,
    .files = files,
    .env = env,
    .in_force = in_force,
    .reader = "python3",
    .reader_arguments = reader_arguments,
    .usual_paths = usual_paths,
};
