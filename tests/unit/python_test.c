/* What pip reads: its global configuration, pip.conf of users and environments. */
#include "ecosystem_help.h"

#include <stdlib.h>

#define MIRROR  "https://nexus.corp/repository/pypi/simple/"
#define GLOBAL  "/etc/xdg/pip/pip.conf"
#define INSTALL ARGV("/usr/bin/python3", "/usr/bin/pip", "install", "six")

static struct help help;

static int setup(void **state)
{
    (void)state;
    help_init(&help, NULL, MIRROR, NULL);
    help_files = NULL;
    return 0;
}

static void serves(const char *path, const char *text, const char *expected)
{
    help_serves(&ecosystem_python, &help, help_request("python3.11", INSTALL, path, text),
                expected);
}

static void leaves(const char *path, const char *text)
{
    help_leaves(&ecosystem_python, &help, help_request("python3.11", INSTALL, path, text));
}

static void test_global_level_names_the_mirror(void **state)
{
    (void)state;
    serves(GLOBAL, NULL, "[global]\nindex-url = " MIRROR "\n");
    serves(GLOBAL, "[install]\nuser = true",
           "[install]\nuser = true\n[global]\nindex-url = " MIRROR "\n");
    serves(GLOBAL, "[global]\ntimeout = 9\n[list]\nformat=columns\n",
           "[global]\nindex-url = " MIRROR "\ntimeout = 9\n[list]\nformat=columns\n");
}

static void test_an_indented_option_is_not_swallowed(void **state)
{
    (void)state;
    serves(GLOBAL, "[global]\r\n# note\r\n\r\n  timeout = 9\r\n",
           "[global]\r\n  index-url = " MIRROR "\r\n# note\r\n\r\n  timeout = 9\r\n");
}

static void test_a_private_index_of_the_global_level_wins(void **state)
{
    (void)state;
    const char *text = "[global]\nindex_url:\n   https://py.corp/simple\n";
    serves(GLOBAL, text, text);
    serves(GLOBAL, "[DEFAULT]\nindex-url=https://py.corp/simple\n[global]\n",
           "[DEFAULT]\nindex-url=https://py.corp/simple\n[global]\n");
    serves(GLOBAL, "[global]\nINDEX-URL = https://pypi.org/simple\n",
           "[global]\nINDEX-URL = " MIRROR "\n");
}

static void test_other_xdg_directories_are_global_too(void **state)
{
    (void)state;
    serves("/opt/config/pip/pip.conf", NULL, "[global]\nindex-url = " MIRROR "\n");
    leaves("/home/ci/.config/pip/pip.conf", NULL);
    help_files = (const char *const[]){"/etc/pip.conf",
                                       "[global]\nindex-url = https://py.corp/simple\n", NULL};
    leaves("/opt/config/pip/pip.conf", NULL);
}

static void test_own_file_is_served_only_with_a_public_index(void **state)
{
    (void)state;
    static const char *const paths[] = {"/home/ci/.config/pip/pip.conf", "/home/ci/.pip/pip.conf",
                                        "/etc/pip.conf", "/venv/pip.conf"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        leaves(paths[i], NULL);
        leaves(paths[i], "[global]\nindex-url = https://py.corp/simple\n");
        serves(paths[i], "[global]\nindex-url = https://pypi.org/simple/\n",
               "[global]\nindex-url = " MIRROR "\n");
    }
}

static void test_lists_keep_their_lines_and_comments(void **state)
{
    (void)state;
    serves("/venv/pip.conf",
           "[install]\nextra-index-url =\n    https://py.corp/simple\n    # public\n"
           "    https://pypi.python.org/simple  https://pypi.org/simple\n\n"
           "find-links = https://pypi.org/simple\n",
           "[install]\nextra-index-url =\n    https://py.corp/simple\n    # public\n"
           "    " MIRROR "  " MIRROR "\n\nfind-links = https://pypi.org/simple\n");
}

static void test_pip_config_sees_its_own_file(void **state)
{
    (void)state;
    const char *text = "[global]\nindex-url = https://pypi.org/simple/\n";
    const char *const *const edits[] = {
        ARGV("/usr/bin/python3", "/usr/bin/pip", "config", "set", "global.timeout", "9"),
        ARGV("python", "-m", "pip", "config", "--user", "list"),
        ARGV("python3", "/venv/bin/pip3.11", "-q", "config", "unset", "a.b"),
    };
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        help_leaves(&ecosystem_python, &help,
                    help_request("python3.11", edits[i], "/home/ci/.config/pip/pip.conf", text));
        help_leaves(&ecosystem_python, &help,
                    help_request("python3.11", edits[i], "/opt/config/pip/pip.conf", NULL));
    }
}

static void test_other_programs_see_their_own_file(void **state)
{
    (void)state;
    help_leaves(&ecosystem_python, &help,
                help_request("git", ARGV("git", "add"), "/venv/pip.conf",
                             "[global]\nindex-url = https://pypi.org/simple/\n"));
    help_leaves(&ecosystem_python, &help, help_request("cp", ARGV("cp"), GLOBAL, NULL));
}

static void test_plain_http_needs_trust(void **state)
{
    (void)state;
    char plain[] = "http://py.corp:8081/simple", local[] = "http://127.0.0.1:8081/simple";
    help_route(&help, "python")->url = plain;
    serves(GLOBAL, NULL,
           "[global]\nindex-url = http://py.corp:8081/simple\ntrusted-host = py.corp:8081\n");
    serves(GLOBAL, "[global]\ntrusted-host = x\n",
           "[global]\nindex-url = http://py.corp:8081/simple\ntrusted-host = x\n");
    help_route(&help, "python")->url = local;
    serves(GLOBAL, NULL, "[global]\nindex-url = http://127.0.0.1:8081/simple\n");
}

static void test_variables_hold_no_credentials(void **state)
{
    (void)state;
    char *index = help_env(&ecosystem_python, &help, "PIP_INDEX_URL");
    assert_string_equal(index, MIRROR);
    free(index);
    help_init(&help, NULL, NULL, NULL);
    index = help_env(&ecosystem_python, &help, "PIP_EXTRA_INDEX_URL");
    assert_string_equal(index, "");
    free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_global_level_names_the_mirror, setup),
        cmocka_unit_test_setup(test_an_indented_option_is_not_swallowed, setup),
        cmocka_unit_test_setup(test_a_private_index_of_the_global_level_wins, setup),
        cmocka_unit_test_setup(test_other_xdg_directories_are_global_too, setup),
        cmocka_unit_test_setup(test_own_file_is_served_only_with_a_public_index, setup),
        cmocka_unit_test_setup(test_lists_keep_their_lines_and_comments, setup),
        cmocka_unit_test_setup(test_pip_config_sees_its_own_file, setup),
        cmocka_unit_test_setup(test_other_programs_see_their_own_file, setup),
        cmocka_unit_test_setup(test_plain_http_needs_trust, setup),
        cmocka_unit_test_setup(test_variables_hold_no_credentials, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
