/* A table of ecosystems made up for the broker's tests: "alpha" and "beta" with routes, "trust"
 * without. Touches memory only. */
#ifndef SHUNT_TEST_BROKER_DOUBLE_H
#define SHUNT_TEST_BROKER_DOUBLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "shunt/ecosystem.h"

/* Answers with what it was asked, one line each; a file whose text begins with a verb gets that. */
static inline enum file_answer double_render(const struct settings *settings,
                                             const struct file_request *request, struct buf *out)
{
    (void)settings;
    if (strncmp(request->user_text, "real", 4) == 0)
        return FILE_REAL;
    if (strncmp(request->user_text, "fail", 4) == 0)
        return FILE_FAILED;
    buf_printf(out, "path %s\nhome %s\nexists %d\n", request->path, request->home,
               request->user_exists);
    for (size_t i = 0; request->argv[i]; i++)
        buf_printf(out, "argument %s\n", request->argv[i]);
    buf_printf(out, "text %s", request->user_text);
    return FILE_TEXT;
}

static inline int double_value(const struct settings *settings, const char *runtime_dir,
                               struct buf *out)
{
    (void)settings;
    return buf_printf(out, "%s/value", runtime_dir);
}

static inline int double_no_value(const struct settings *settings, const char *runtime_dir,
                                  struct buf *out)
{
    (void)settings;
    (void)runtime_dir;
    (void)out;
    return -1;
}

static const char *const double_publics[] = {"https://registry.example.org/", "http://b.example",
                                             NULL};
static const struct served_file alpha_files[] = {
    {PLAN_MATCH_SUFFIX, "/.alpharc", double_render, "alpha's file"},
    {PLAN_MATCH_PREFIX, "alpha/", double_render, "alpha's virtual files"},
    {PLAN_MATCH_ENV, "ALPHA_CONFIG", double_render, "alpha's named file"},
    {.render = NULL},
};
static const struct served_file beta_files[] = {
    {PLAN_MATCH_SUFFIX, ".beta", double_render, "beta's files"},
    {.render = NULL},
};
static const struct served_file trust_files[] = {
    {PLAN_MATCH_SUFFIX, ".pem", double_render, "bundles"},
    {.render = NULL},
};
static const struct env_rule alpha_env[] = {
    {"ALPHA_URL", PLAN_ENV_SET | PLAN_ENV_REPLACE, NULL, NULL, double_value, "alpha's URL"},
    {"ALPHA_NONE", PLAN_ENV_SET, NULL, NULL, double_no_value, "never set"},
    {"ALPHA_WHEN", PLAN_ENV_SET, "ALPHA_MODE", "x", double_value, "on a condition"},
    {.name = NULL},
};
static const struct env_rule no_env[] = {{.name = NULL}};
static const char *const no_publics[] = {NULL};

static const struct ecosystem double_alpha = {.name = "alpha",
                                              .title = "Alpha",
                                              .url_key = "pkg-alpha-url",
                                              .public_urls = double_publics,
                                              .files = alpha_files,
                                              .env = alpha_env};
static const struct ecosystem double_beta = {.name = "beta",
                                             .title = "Beta",
                                             .url_key = "pkg-beta-url",
                                             .public_urls = no_publics,
                                             .files = beta_files,
                                             .env = no_env};
static inline bool double_has_ca(const struct settings *settings)
{
    return settings->mirror_ca != NULL;
}

static const struct ecosystem double_trust = {.name = "trust",
                                              .in_force = double_has_ca,
                                              .title = "Trust",
                                              .public_urls = no_publics,
                                              .files = trust_files,
                                              .env = no_env};
static const struct ecosystem *const double_table[] = {&double_alpha, &double_beta, &double_trust,
                                                       NULL};

enum { ROW_ALPHARC, ROW_VIRTUAL, ROW_NAMED, ROW_BETA, ROW_PEM, ROW_COUNT };

struct double_settings {
    struct route routes[2];
    struct settings settings;
};

static inline void double_init(struct double_settings *out, enum route_state alpha,
                               enum route_state beta, const char *mirror_ca)
{
    static char url[] = "https://mirror.example:8443/alpha/", token[] = "t0ken";
    *out = (struct double_settings){
        .routes = {{.ecosystem = "alpha", .state = alpha, .url = url, .token = token},
                   {.ecosystem = "beta", .state = beta, .url = url}},
        .settings = {.route_count = 2,
                     .credentials = CREDENTIALS_CONFIG,
                     .mirror_ca = (char *)(uintptr_t)mirror_ca},
    };
    out->settings.routes = out->routes;
}

#endif
