/* pip (Python): pip's global level carries the mirror; the user's pip.conf files are served only
 * where they name the public index; credentials are in .netrc, because pip hands index URLs to its
 * own child processes as arguments. Pure: settings and the tool's own text in, text out. */
#include "render.h"

#include <string.h>

#include "shunt/cleanup.h"
#include "shunt/url.h"

/* The key names a simple index, which is what pypi.org/simple is. */
static const char *const public_urls[] = {
    "https://pypi.org/simple",        "https://pypi.python.org/simple", "https://pypi.org",
    "https://files.pythonhosted.org", "https://pypi.python.org",        NULL,
};

/* Programs that read pip's files to install packages; git add, cp or sed -i see their own. */
static const char *const readers[] = {"python*", "pypy*", "pip*", "uv*", NULL};

static const struct command_words pip_words = {
    .tools = (const char *const[]){"pip", NULL},
    .edits = (const char *const[]){"config", NULL},
    .other = (const char *const[]){"install", "download", "wheel", "list", "freeze", "uninstall",
                                   "show", "check", "index", "hash", "cache", "debug", NULL},
};

static bool is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
           strcmp(host, "[::1]") == 0;
}

/* The host that pip must be told to trust: it refuses plain http to any other than this machine.
 * Caller frees; NULL when there is none. */
static char *host_to_trust(const struct route *route)
{
    struct url url;
    const char *why;
    if (url_parse(route->url, &url, &why) != 0)
        return NULL;
    bool needed = strcmp(url.scheme, "http") == 0 && !is_loopback(url.host);
    char *host = needed ? url_authority(&url) : NULL;
    url_clear(&url);
    return host;
}

static struct span span_of(const struct buf *buf)
{
    return (struct span){buf_text(buf), buf->len};
}

/* A file of the global level, which every other level overrides. */
static enum file_answer global_render(const struct settings *settings,
                                      const struct file_request *request, struct buf *out)
{
    const struct route *route = route_in_force(settings, "python");
    if (!route || !program_in(request, readers))
        return FILE_REAL;
    struct pipconf_result result;
    autobuf own = BUF_INIT(BUF_MAX_TEXT), trusting = BUF_INIT(BUF_MAX_TEXT);
    struct span text = {request->user_text, request->user_len};
    if (pipconf_rewrite(route, text, &own, &result) != 0)
        return FILE_FAILED;
    autofree char *host = result.sets_trusted ? NULL : host_to_trust(route);
    if (host && pipconf_add(span_of(&own), "trusted-host", host, &trusting) != 0)
        return FILE_FAILED;
    struct span all = span_of(host ? &trusting : &own);
    if (result.sets_index)
        return buf_append(out, all.start, all.len) == 0 ? FILE_TEXT : FILE_FAILED;
    return pipconf_add(all, "index-url", route->url, out) == 0 ? FILE_TEXT : FILE_FAILED;
}

/* A file that pip may write: a user's, a virtual environment's, /etc/pip.conf (`pip config set
 * --global` writes the last file of that level, and /etc/pip.conf is it). */
static enum file_answer own_render(const struct settings *settings,
                                   const struct file_request *request, struct buf *out)
{
    const struct route *route = route_in_force(settings, "python");
    if (!route || !request->user_exists || !program_in(request, readers) ||
        argv_edits(request->argv, &pip_words))
        return FILE_REAL;
    struct pipconf_result result;
    struct span text = {request->user_text, request->user_len};
    if (pipconf_rewrite(route, text, out, &result) != 0)
        return FILE_FAILED;
    return result.changed ? FILE_TEXT : FILE_REAL;
}

static bool below_home(const struct file_request *request)
{
    size_t len = strlen(request->home);
    while (len > 0 && request->home[len - 1] == '/')
        len--;
    return strncmp(request->path, request->home, len) == 0 && request->path[len] == '/';
}

/* Whether /etc/pip.conf, which is below a user's file, names an index of its own. */
static bool machine_sets_index(const struct route *route, const struct file_request *request)
{
    autobuf text = BUF_INIT(BUF_MAX_TEXT), ignored = BUF_INIT(BUF_MAX_TEXT);
    struct pipconf_result result = {.sets_index = false};
    if (request->read_file("/etc/pip.conf", &text) == 0 &&
        pipconf_rewrite(route, span_of(&text), &ignored, &result) != 0)
        return true;
    return result.sets_index;
}

/* <directory>/pip/pip.conf outside the home is the global level where XDG_CONFIG_DIRS is set, and
 * the user's level where XDG_CONFIG_HOME points outside. The environment is not known here, so it
 * is treated as both: nothing of ours for `pip config`, nor above an index in /etc/pip.conf. */
static enum file_answer any_render(const struct settings *settings,
                                   const struct file_request *request, struct buf *out)
{
    const struct route *route = route_in_force(settings, "python");
    if (route && has_suffix(request->path, "/pip/pip.conf") && !below_home(request) &&
        !argv_edits(request->argv, &pip_words) && !machine_sets_index(route, request))
        return global_render(settings, request, out);
    return own_render(settings, request, out);
}

static const struct served_file files[] = {
    {PLAN_MATCH_SUFFIX, "/xdg/pip/pip.conf", global_render, "pip's global configuration"},
    {PLAN_MATCH_ENV, "PIP_CONFIG_FILE", own_render, "pip configuration of the environment"},
    {PLAN_MATCH_SUFFIX, "/pip.conf", any_render, "pip configuration of a user or environment"},
    {.render = NULL},
};

static int index_value(const struct settings *settings, const char *runtime_dir, struct buf *out)
{
    (void)runtime_dir;
    const struct route *route = route_in_force(settings, "python");
    return route ? buf_puts(out, route->url) : -1;
}

static const struct env_rule env[] = {
    {.name = "PIP_INDEX_URL",
     .flags = PLAN_ENV_REPLACE,
     .value = index_value,
     .meaning = "index, where it names the public one"},
    {.name = "PIP_EXTRA_INDEX_URL",
     .flags = PLAN_ENV_REPLACE | PLAN_ENV_LIST,
     .value = index_value,
     .meaning = "further indexes, where they name the public one"},
    {.name = "PIP_INDEX_URL",
     .flags = PLAN_ENV_SET,
     .when_name = "PIP_CONFIG_FILE",
     .when_value = "/dev/null",
     .value = index_value,
     .meaning = "index, where pip is told to read no file"},
    {.name = NULL},
};

static const char *const reader_arguments[] = {"python3", "-m", "pip", "install", NULL};
static const char *const usual_paths[] = {"/etc/xdg/pip/pip.conf", "~/.config/pip/pip.conf", NULL};

const struct ecosystem ecosystem_python = {
    .name = "python",
    .title = "pip (Python)",
    .url_key = "pkg-python-url",
    .username_key = "pkg-python-username",
    .password_key = "pkg-python-password",
    .token_key = "pkg-python-token",
    .public_urls = public_urls,
    .files = files,
    .env = env,
    .reader = "python3",
    .reader_arguments = reader_arguments,
    .usual_paths = usual_paths,
};
