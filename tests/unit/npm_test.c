/* What npm and its relatives read: built-in configuration, .npmrc of users and projects. */
#include "ecosystem_help.h"

#include <stdlib.h>

#define MIRROR    "https://nexus.corp:8443/repository/npm"
#define BUILTIN   "/usr/lib/node_modules/npm/npmrc"
#define INSTALL   ARGV("node", "/usr/bin/npm", "ci")
#define OURS      "; the mirror of key the-key\nregistry=\"" MIRROR "/\"\n"
#define OUR_BASIC "//nexus.corp:8443/repository/npm/:_auth=\"" AWKWARD_BASIC "\"\n"

#define OUR_CA "ca[]=\"-----BEGIN CERTIFICATE-----\\nAA==\\n-----END CERTIFICATE-----\\n\"\n"

static struct help help;

static int setup(void **state)
{
    (void)state;
    help_init(&help, MIRROR, NULL, NULL);
    help_files = NULL;
    return 0;
}

static void serves(const char *path, const char *text, const char *expected)
{
    help_serves(&ecosystem_npm, &help, help_request("node", INSTALL, path, text), expected);
}

static void leaves(const char *path, const char *text)
{
    help_leaves(&ecosystem_npm, &help, help_request("node", INSTALL, path, text));
}

static void test_builtin_comes_first_and_keeps_the_vendors_text(void **state)
{
    (void)state;
    serves(BUILTIN, NULL, OURS OUR_BASIC);
    serves("/usr/share/nodejs/npm/npmrc", "prefix=/usr/local\n",
           OURS OUR_BASIC "prefix=/usr/local\n");
    serves(BUILTIN, "registry=https://npm.corp/\n", OURS OUR_BASIC "registry=https://npm.corp/\n");
    serves(BUILTIN, "registry=https://registry.npmjs.org\n",
           OURS OUR_BASIC "registry=" MIRROR "/\n");
}

static void test_an_editing_process_does_not_look_for_a_newer_npm(void **state)
{
    (void)state;
    const char *const *argv = ARGV("node", "/usr/bin/npm", "config", "set", "fund", "false");
    help_serves(&ecosystem_npm, &help, help_request("node", argv, BUILTIN, NULL),
                OURS OUR_BASIC "update-notifier=false\n");
}

static void test_builtin_of_another_npm_is_known_by_its_program(void **state)
{
    (void)state;
    leaves("/root/.cache/node/corepack/v1/npm/10.8.0/npmrc", NULL);
    help_files =
        (const char *const[]){"/root/.cache/node/corepack/v1/npm/10.8.0/bin/npm-cli.js", "x", NULL};
    serves("/root/.cache/node/corepack/v1/npm/10.8.0/npmrc", NULL, OURS OUR_BASIC);
}

static void test_a_token_goes_before_a_password(void **state)
{
    (void)state;
    char token[] = "a\"b\\${HOME}\\\\${X?}$HOME ${} ${a?b}\\";
    help_route(&help, "npm")->token = token;
    serves(BUILTIN, NULL,
           OURS "//nexus.corp:8443/repository/npm/:_authToken="
                "\"a\\\"b\\\\\\\\\\\\${HOME}\\\\\\\\\\\\\\\\\\\\${X?}$HOME ${} ${a?b}\\\\\"\n");
}

static void test_no_credentials_where_the_broker_has_them(void **state)
{
    (void)state;
    help.settings.credentials = CREDENTIALS_BROKER;
    serves(BUILTIN, NULL, OURS);
}

static void test_closed_route_has_a_url_and_no_credentials(void **state)
{
    (void)state;
    char url[] = "https://pkg-npm-url-is-unusable.invalid/";
    help_route(&help, "npm")->state = ROUTE_CLOSED;
    help_route(&help, "npm")->url = url;
    serves(BUILTIN, NULL,
           "; the mirror of key the-key\nregistry=\"https://pkg-npm-url-is-unusable.invalid/\"\n");
}

static void test_public_route_is_left_alone(void **state)
{
    (void)state;
    help_init(&help, NULL, NULL, NULL);
    leaves(BUILTIN, "prefix=/x\n");
    leaves("/src/.npmrc", "registry=https://registry.npmjs.org/\n");
}

static void test_own_file_is_served_only_with_a_public_registry(void **state)
{
    (void)state;
    leaves("/src/.npmrc", NULL);
    leaves("/src/.npmrc",
           "; registry=https://registry.npmjs.org/\n@acme:registry=https://npm.acme/\n");
    leaves("/src/.npmrc", "registry=https://npm.acme/\nloglevel=error\n");
    serves("/src/.npmrc", "registry=https://registry.npmjs.org/", "registry=" MIRROR "/");
    serves("/etc/npmrc", "registry = https://registry.yarnpkg.com\n", "registry = " MIRROR "/\n");
}

static void test_only_the_public_value_changes(void **state)
{
    (void)state;
    serves("/home/ci/.npmrc",
           "# mine\r\n@acme:registry=https://npm.acme/\r\n@types:registry = "
           "'https://registry.npmjs.org/' \r\n\"registry\"=\"https://registry.npmjs.com\"\r\n"
           "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\r\nsave-exact=true",
           "# mine\r\n@acme:registry=https://npm.acme/\r\n@types:registry = "
           "'" MIRROR "/' \r\n\"registry\"=\"" MIRROR "/\"\r\n"
           "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\r\nsave-exact=true");
    serves("/home/ci/.npmrc", "registry=https://registry.npmjs.org/ ; public\n",
           "registry=" MIRROR "/ ; public\n");
}

static void test_sections_hide_keys_from_npm(void **state)
{
    (void)state;
    leaves("/src/.npmrc", "[x]\nregistry=https://registry.npmjs.org/\n");
    serves("/src/.npmrc",
           "registry=https://registry.npmjs.org/\n[x]\nregistry=https://registry.npmjs.org\n",
           "registry=" MIRROR "/\n[x]\nregistry=https://registry.npmjs.org\n");
}

static void test_npm_config_set_sees_its_own_file(void **state)
{
    (void)state;
    const char *text = "registry=https://registry.npmjs.org/\n";
    const char *const *const edits[] = {
        ARGV("node", "/usr/bin/npm", "config", "set", "a", "b"),
        ARGV("node", "/usr/bin/npm", "--location", "user", "set", "a=b"),
        ARGV("node", "/usr/bin/npm", "login"),
        ARGV("npm config set a b"),
        ARGV("node", "/usr/lib/node_modules/pnpm/bin/pnpm.cjs", "config", "set", "a", "b"),
        ARGV("node", "/usr/share/yarn/bin/yarn.js", "config", "set", "a", "b"),
    };
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
        help_leaves(&ecosystem_npm, &help, help_request("node", edits[i], "/home/ci/.npmrc", text));
    /* The title that npm gives itself says nothing yet: private comes first. */
    help_serves(&ecosystem_npm, &help, help_request("node", ARGV("npm"), "/src/.npmrc", text),
                "registry=" MIRROR "/\n");
}

static void test_programs_that_copy_files_see_their_own(void **state)
{
    (void)state;
    const char *text = "registry=https://registry.npmjs.org/\n";
    help_leaves(&ecosystem_npm, &help, help_request("git", ARGV("git"), "/src/.npmrc", text));
    help_leaves(&ecosystem_npm, &help, help_request("cp", ARGV("cp"), BUILTIN, NULL));
}

static void test_cafile_without_a_known_ending_moves_below_the_runtime_directory(void **state)
{
    (void)state;
    char pem[] = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    help_init(&help, NULL, NULL, NULL);
    leaves("/src/.npmrc", "cafile=/etc/corp/bundle\n");
    help.settings.mirror_ca = pem;
    serves("/src/.npmrc", "cafile=/etc/corp/bundle\n",
           "cafile=/dev/shm/shunt-0/0/ca/file/etc/corp/bundle\n");
    serves("/src/.npmrc", "cafile=\"~/ca bundle\"",
           "cafile=\"/dev/shm/shunt-0/0/ca/file/home/ci/ca bundle\"");
    leaves("/src/.npmrc", "cafile=/etc/corp/bundle.pem\ncafile=\ncafile=relative\n");
}

static void test_inline_ca_gains_the_mirrors(void **state)
{
    (void)state;
    char pem[] = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    help.settings.mirror_ca = pem;
    leaves("/src/.npmrc", "ca=null\nca=\n");
    serves("/src/.npmrc", "ca[]=\"x\"", "ca[]=\"x\"\n" OUR_CA);
    serves("/src/.npmrc", "ca[]=\"x\"\na=b\n[s]\nca=\"y\"\n",
           "ca[]=\"x\"\n" OUR_CA "a=b\n[s]\nca=\"y\"\n");
}

static void test_variables(void **state)
{
    (void)state;
    char *registry = help_env(&ecosystem_npm, &help, "npm_config_registry");
    char *uring = help_env(&ecosystem_npm, &help, "UV_USE_IO_URING");
    assert_string_equal(registry, MIRROR "/");
    assert_string_equal(uring, "0");
    free(registry);
    free(uring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_builtin_comes_first_and_keeps_the_vendors_text, setup),
        cmocka_unit_test_setup(test_an_editing_process_does_not_look_for_a_newer_npm, setup),
        cmocka_unit_test_setup(test_builtin_of_another_npm_is_known_by_its_program, setup),
        cmocka_unit_test_setup(test_a_token_goes_before_a_password, setup),
        cmocka_unit_test_setup(test_no_credentials_where_the_broker_has_them, setup),
        cmocka_unit_test_setup(test_closed_route_has_a_url_and_no_credentials, setup),
        cmocka_unit_test_setup(test_public_route_is_left_alone, setup),
        cmocka_unit_test_setup(test_own_file_is_served_only_with_a_public_registry, setup),
        cmocka_unit_test_setup(test_only_the_public_value_changes, setup),
        cmocka_unit_test_setup(test_sections_hide_keys_from_npm, setup),
        cmocka_unit_test_setup(test_npm_config_set_sees_its_own_file, setup),
        cmocka_unit_test_setup(test_programs_that_copy_files_see_their_own, setup),
        cmocka_unit_test_setup(test_cafile_without_a_known_ending_moves_below_the_runtime_directory,
                               setup),
        cmocka_unit_test_setup(test_inline_ca_gains_the_mirrors, setup),
        cmocka_unit_test_setup(test_variables, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
