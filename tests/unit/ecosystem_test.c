/* Which URLs are public, what they are on the mirror, and how a command line tells that it edits
 * configuration. */
#include "ecosystem_help.h"

#include <stdlib.h>

static void maps(const struct ecosystem *ecosystem, const char *mirror, const char *url,
                 const char *expected)
{
    char mirror_url[128];
    size_t len = strlen(mirror);
    assert_true(len < sizeof mirror_url);
    memcpy(mirror_url, mirror, len + 1);
    struct route route = {.state = ROUTE_MIRROR, .url = mirror_url};
    char *mapped = ecosystem_map_url(ecosystem, &route, url);
    if (expected)
        assert_string_equal(mapped, expected);
    else
        assert_null(mapped);
    free(mapped);
}

static void test_table_ends_with_trust(void **state)
{
    (void)state;
    const struct ecosystem *const *e = ecosystem_table();
    while (e[1])
        e++;
    assert_ptr_equal(*e, &ecosystem_trust);
    assert_ptr_equal(ecosystem_find("maven"), &ecosystem_maven);
    assert_null(ecosystem_find("nothing"));
}

static void test_public_needs_a_path_boundary(void **state)
{
    (void)state;
    assert_true(ecosystem_is_public(&ecosystem_npm, "https://registry.npmjs.org"));
    assert_true(ecosystem_is_public(&ecosystem_npm, "http://REGISTRY.npmjs.org:80/a/b"));
    assert_false(ecosystem_is_public(&ecosystem_npm, "https://registry.npmjs.org.evil.example/"));
    assert_false(ecosystem_is_public(&ecosystem_npm, "https://npm.corp/registry.npmjs.org/"));
    assert_false(ecosystem_is_public(&ecosystem_npm, ""));
    assert_false(ecosystem_is_public(&ecosystem_trust, "https://registry.npmjs.org"));
}

static void test_the_longest_base_decides(void **state)
{
    (void)state;
    const struct ecosystem *maven = &ecosystem_maven, *python = &ecosystem_python;
    maps(maven, "https://m/repo/", "https://repo.maven.apache.org/maven2/a/b.jar",
         "https://m/repo/a/b.jar");
    maps(maven, "https://m/repo", "http://repo1.maven.org/maven2", "https://m/repo");
    maps(maven, "https://m/repo/", "https://repo1.maven.org/maven2/", "https://m/repo/");
    maps(maven, "https://m/repo", "https://repo1.maven.org/maven2x/y", "https://m/repo/maven2x/y");
    maps(python, "https://m/pypi/simple/", "https://pypi.org/simple", "https://m/pypi/simple/");
    maps(python, "https://m/pypi/simple", "https://pypi.org/simple/", "https://m/pypi/simple");
    maps(python, "https://m/p/simple/", "https://u:p@pypi.org:443/simple/six/",
         "https://m/p/simple/six/");
    maps(maven, "https://m/repo", "https://repo.corp/maven2", NULL);
}

static void test_a_public_route_maps_nothing(void **state)
{
    (void)state;
    struct route route = {.state = ROUTE_PUBLIC};
    assert_null(ecosystem_map_url(&ecosystem_npm, &route, "https://registry.npmjs.org/"));
}

static const struct command_words words = {
    .tools = (const char *const[]){"npm", "pip", NULL},
    .edits = (const char *const[]){"config", "c", NULL},
    .other = (const char *const[]){"ci", "run", NULL},
};

static void test_editing_commands_are_recognised(void **state)
{
    (void)state;
    assert_true(argv_edits(ARGV("node", "/usr/bin/npm", "config", "set", "a", "b"), &words));
    assert_true(argv_edits(ARGV("node", "/x/npm-cli.js", "--prefix", "/x", "c", "ls"), &words));
    assert_true(argv_edits(ARGV("node", "--no-warnings", "npm.cjs", "-g", "config"), &words));
    assert_true(argv_edits(ARGV("npm config set registry x"), &words));
    assert_true(argv_edits(ARGV("/usr/bin/python3", "-m", "pip", "config", "list"), &words));
    assert_true(argv_edits(ARGV("python3", "/usr/bin/pip3.11", "-v", "config"), &words));
}

static void test_other_commands_are_not(void **state)
{
    (void)state;
    assert_false(argv_edits(ARGV("node", "/usr/bin/npm", "ci"), &words));
    assert_false(argv_edits(ARGV("node", "/usr/bin/npm", "run", "config"), &words));
    assert_false(argv_edits(ARGV("node", "/usr/bin/npm", "--loglevel=error", "ci", "c"), &words));
    assert_false(argv_edits(ARGV("npm", "", ""), &words));
    assert_false(argv_edits(ARGV("node", "server.js", "config"), &words));
    assert_false(argv_edits(ARGV("node", "/opt/npmx/cli.js", "config"), &words));
    assert_false(argv_edits((const char *const[]){NULL}, &words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_ends_with_trust),
        cmocka_unit_test(test_public_needs_a_path_boundary),
        cmocka_unit_test(test_the_longest_base_decides),
        cmocka_unit_test(test_a_public_route_maps_nothing),
        cmocka_unit_test(test_editing_commands_are_recognised),
        cmocka_unit_test(test_other_commands_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
