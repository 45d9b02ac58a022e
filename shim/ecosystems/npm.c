/* npm (Node.js): npm's own built-in configuration carries the mirror and its credentials; the
 * user's .npmrc files are served only where they name the public registry. Pure: settings and the
 * tool's own text in, text out. */
#include "render.h"

#include <string.h>

#include "shunt/cleanup.h"

static const char *const public_urls[] = {
    "https://registry.npmjs.org",
    "https://registry.npmjs.com",
    "https://registry.yarnpkg.com",
    NULL,
};

/* Programs that read npm's files to install packages. Others (git add, cp, tar, sed -i) would carry
 * what they read somewhere else. */
static const char *const readers[] = {"node*", "npm*", "npx*",  "pnpm*",
                                      "yarn*", "bun*", "deno*", NULL};

static const struct command_words npm_words = {
    .tools = (const char *const[]){"npm", "npx", "pnpm", "yarn", "yarnpkg", "bun", NULL},
    /* npm takes unambiguous beginnings of a command for the command. */
    .edits = (const char *const[]){"config", "confi", "conf",   "c",        "set",     "get",
                                   "login",  "logi",  "logout", "logou",    "logo",    "adduser",
                                   "adduse", "addus", "addu",   "add-user", "profile", "profil",
                                   "profi",  "prof",  NULL},
    .other = (const char *const[]){"ci",    "clean-install", "install", "i",      "add",
                                   "run",   "run-script",    "exec",    "x",      "test",
                                   "start", "update",        "publish", "pack",   "audit",
                                   "view",  "outdated",      "dlx",     "create", "init",
                                   "prune", "rebuild",       "ls",      NULL},
};

static enum file_answer rewrite(const struct settings *settings, const struct file_request *request,
                                struct buf *out, bool *changed)
{
    const struct npmrc_context context = {
        .route = route_in_force(settings, "npm"),
        .mirror_ca = settings->mirror_ca,
        .runtime_dir = request->runtime_dir,
        .home = request->home,
    };
    struct span text = {request->user_text, request->user_len};
    return npmrc_rewrite(&context, text, out, changed) == 0 ? FILE_TEXT : FILE_FAILED;
}

/* The built-in file of npm itself: the lowest of its levels, never written by it. Ours stands
 * first, so that what the image's vendor put there still wins. */
static enum file_answer builtin_render(const struct settings *settings,
                                       const struct file_request *request, struct buf *out)
{
    const struct route *route = route_in_force(settings, "npm");
    if (!route || !program_in(request, readers))
        return FILE_REAL;
    autofree char *registry = npmrc_registry(route->url);
    if (!registry)
        return FILE_FAILED;
    buf_printf(out,
               "; the mirror of key %s\nregistry=", route->origin ? route->origin : route->key);
    npmrc_quote(registry, out);
    buf_puts(out, "\n");
    if (route_serves_credentials(settings, route) && npmrc_credentials(route, out) != 0)
        return FILE_FAILED;
    /* A process that edits configuration reads the user's own file, public registry and all: it
     * must not go there to look for a newer npm. */
    if (argv_edits(request->argv, &npm_words))
        buf_puts(out, "update-notifier=false\n");
    bool changed;
    return rewrite(settings, request, out, &changed);
}

/* npm's own directory under a name of its own (corepack, version managers): its program is beside.
 */
static enum file_answer other_builtin_render(const struct settings *settings,
                                             const struct file_request *request, struct buf *out)
{
    autobuf sibling = BUF_INIT(BUF_MAX_TEXT), ignored = BUF_INIT(BUF_MAX_TEXT);
    size_t dir = strlen(request->path) - strlen("npmrc");
    buf_append(&sibling, request->path, dir);
    buf_puts(&sibling, "bin/npm-cli.js");
    if (sibling.failed || request->read_file(buf_text(&sibling), &ignored) != 0)
        return FILE_REAL;
    return builtin_render(settings, request, out);
}

static enum file_answer own_render(const struct settings *settings,
                                   const struct file_request *request, struct buf *out)
{
    if (!request->user_exists || !program_in(request, readers) ||
        argv_edits(request->argv, &npm_words))
        return FILE_REAL;
    bool changed;
    enum file_answer answer = rewrite(settings, request, out, &changed);
    return answer == FILE_TEXT && !changed ? FILE_REAL : answer;
}

static const struct served_file files[] = {
    {PLAN_MATCH_SUFFIX, "/node_modules/npm/npmrc", builtin_render, "npm's built-in configuration"},
    {PLAN_MATCH_SUFFIX, "/nodejs/npm/npmrc", builtin_render,
     "npm's built-in configuration (Debian)"},
    {PLAN_MATCH_SUFFIX, "/.npmrc", own_render, "npm configuration of a project or user"},
    {PLAN_MATCH_SUFFIX, "/etc/npmrc", own_render, "npm configuration of the machine"},
    {PLAN_MATCH_SUFFIX, "/npmrc", other_builtin_render, "built-in configuration of another npm"},
    {.render = NULL},
};

static int registry_value(const struct settings *settings, const char *runtime_dir, struct buf *out)
{
    (void)runtime_dir;
    const struct route *route = route_in_force(settings, "npm");
    autofree char *registry = route ? npmrc_registry(route->url) : NULL;
    return registry ? buf_puts(out, registry) : -1;
}

/* node 20.3 to 20.11 open files through io_uring, which no library sees. */
static int no_io_uring(const struct settings *settings, const char *runtime_dir, struct buf *out)
{
    (void)runtime_dir;
    if (!route_in_force(settings, "npm") && !settings->mirror_ca)
        return -1;
    return buf_puts(out, "0");
}

static const struct env_rule env[] = {
    {.name = "npm_config_registry",
     .flags = PLAN_ENV_REPLACE | PLAN_ENV_ANY_CASE,
     .value = registry_value,
     .meaning = "registry, where it names the public one"},
    {.name = "UV_USE_IO_URING",
     .flags = PLAN_ENV_SET,
     .value = no_io_uring,
     .meaning = "node opens files in a way that can be served"},
    {.name = NULL},
};

/* Without a route there may still be a CA to add to what the user configured. */
static bool in_force(const struct settings *settings)
{
    return route_in_force(settings, "npm") || settings->mirror_ca;
}

static const char *const reader_arguments[] = {"node", "/usr/bin/npm", "ci", NULL};
static const char *const usual_paths[] = {"/usr/lib/node_modules/npm/npmrc", "~/.npmrc", NULL};

const struct ecosystem ecosystem_npm = {
    .name = "npm",
    .title = "npm (Node.js)",
    .url_key = "pkg-npm-url",
    .username_key = "pkg-npm-username",
    .password_key = "pkg-npm-password",
    .token_key = "pkg-npm-token",
    .public_urls = public_urls,
    .files = files,
    .env = env,
    .in_force = in_force,
    .reader = "node",
    .reader_arguments = reader_arguments,
    .usual_paths = usual_paths,
};
