/* For the tests of ecosystems: settings built by hand, a request, and the row that is asked.
 * Touches memory only; other files a renderer reads come from `help_files`. */
#ifndef SHUNT_TEST_ECOSYSTEM_HELP_H
#define SHUNT_TEST_ECOSYSTEM_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../shim/ecosystems/render.h"

#define AWKWARD_USER     "ci-user@corp"
#define AWKWARD_PASSWORD "p@ss:w/r d&<>\"'%41+;#="
/* base64 of the two with a colon between */
#define AWKWARD_BASIC "Y2ktdXNlckBjb3JwOnBAc3M6dy9yIGQmPD4iJyU0MSs7Iz0="

/* Settings with one route of each ecosystem. */
struct help {
    struct route routes[3];
    struct settings settings;
};

static inline void help_init(struct help *help, const char *npm, const char *python,
                             const char *maven)
{
    static char origin[] = "the-key", user[] = AWKWARD_USER, password[] = AWKWARD_PASSWORD;
    static const char *const names[] = {"npm", "python", "maven"};
    const char *urls[] = {npm, python, maven};
    *help = (struct help){.settings = {.route_count = 3, .credentials = CREDENTIALS_CONFIG}};
    for (size_t i = 0; i < 3; i++)
        help->routes[i] = (struct route){.ecosystem = names[i],
                                         .key = "the-key",
                                         .state = urls[i] ? ROUTE_MIRROR : ROUTE_PUBLIC,
                                         .origin = origin,
                                         .url = (char *)(uintptr_t)urls[i],
                                         .username = urls[i] ? user : NULL,
                                         .password = urls[i] ? password : NULL};
    help->settings.routes = help->routes;
}

static inline struct route *help_route(struct help *help, const char *name)
{
    for (size_t i = 0; i < 3; i++)
        if (strcmp(help->routes[i].ecosystem, name) == 0)
            return &help->routes[i];
    return NULL;
}

/* Path and text pairs, NULL-terminated. */
static const char *const *help_files;

static inline int help_read_file(const char *path, struct buf *out)
{
    for (const char *const *pair = help_files; pair && pair[0]; pair += 2)
        if (strcmp(pair[0], path) == 0)
            return buf_puts(out, pair[1]);
    return -1;
}

#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})

static inline struct file_request help_request(const char *program, const char *const *argv,
                                               const char *path, const char *text)
{
    return (struct file_request){.path = path,
                                 .user_text = text ? text : "",
                                 .user_len = text ? strlen(text) : 0,
                                 .user_exists = text != NULL,
                                 .home = "/home/ci",
                                 .program = program,
                                 .argv = argv,
                                 .runtime_dir = "/dev/shm/shunt-0/0",
                                 .read_file = help_read_file};
}

/* Asks the first row of the ecosystem that matches, as the library does. */
static inline enum file_answer help_render(const struct ecosystem *ecosystem,
                                           const struct help *help,
                                           const struct file_request *request, struct buf *out)
{
    for (const struct served_file *file = ecosystem->files; file->render; file++)
        if (file->match == PLAN_MATCH_SUFFIX && has_suffix(request->path, file->text))
            return file->render(&help->settings, request, out);
    return FILE_REAL;
}

/* Asserts that the text is served and is exactly `expected`. */
static inline void help_serves(const struct ecosystem *ecosystem, const struct help *help,
                               struct file_request request, const char *expected)
{
    struct buf out = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(help_render(ecosystem, help, &request, &out), FILE_TEXT);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static inline void help_leaves(const struct ecosystem *ecosystem, const struct help *help,
                               struct file_request request)
{
    struct buf out = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(help_render(ecosystem, help, &request, &out), FILE_REAL);
    buf_free(&out);
}

/* What a variable's rule sets; "" when nothing. Caller frees. */
static inline char *help_env(const struct ecosystem *ecosystem, const struct help *help,
                             const char *name)
{
    struct buf out = BUF_INIT(BUF_MAX_TEXT);
    for (const struct env_rule *rule = ecosystem->env; rule->name; rule++)
        if (strcmp(rule->name, name) == 0) {
            int result = rule->value(&help->settings, "/run/x", &out);
            assert_true(result == 0 || out.len == 0);
            break;
        }
    return buf_steal(&out);
}

#endif
