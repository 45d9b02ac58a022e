/* .netrc and .curlrc: who gets credentials, and how they are written. */
#include "ecosystem_help.h"

#define PYPI        "https://py.corp/simple/"
#define MAVEN       "https://maven.corp:8443/repo"
#define NETRC       "/home/ci/.netrc"
#define QUOTED      "\"p@ss:w/r d&<>\\\"'%41+;#=\""
#define PY_ENTRY    "machine py.corp\nlogin " AWKWARD_USER "\npassword " QUOTED "\n"
#define MAVEN_ENTRY "machine maven.corp\nlogin " AWKWARD_USER "\npassword " QUOTED "\n"
#define PIP         ARGV("python3", "/usr/bin/pip", "install", "six")

static struct help help;

static int setup(void **state)
{
    (void)state;
    help_init(&help, NULL, PYPI, MAVEN);
    return 0;
}

static void serves(const char *program, const char *const *argv, const char *text,
                   const char *expected)
{
    help_serves(&ecosystem_netrc, &help, help_request(program, argv, NETRC, text), expected);
}

static void leaves(const char *program, const char *const *argv, const char *text)
{
    help_leaves(&ecosystem_netrc, &help, help_request(program, argv, NETRC, text));
}

static void test_python_tools_get_the_index_entry(void **state)
{
    (void)state;
    serves("python3.11", PIP, NULL, PY_ENTRY);
    serves("uv", ARGV("uv", "pip", "install"), NULL, PY_ENTRY);
    leaves("python3.11", ARGV("python3", "/usr/bin/twine", "upload"), NULL);
    leaves("git-remote-https", ARGV("git"), "machine x login y password z\n");
    leaves("", ARGV("unknown"), NULL);
}

static void test_the_users_other_entries_stay(void **state)
{
    (void)state;
    serves("python3", PIP,
           "# mine\n\nmachine git.corp login me password a\\ b\n"
           "machine PY.corp\n\tlogin \"old\"\n\tpassword x machine files.corp login l password p\n"
           "macdef init\nmachine py.corp\n\ndefault login d password e\n",
           PY_ENTRY "machine git.corp login me password a\\ b\n"
                    "machine files.corp login l password p\n"
                    "macdef init\nmachine py.corp\n\ndefault login d password e\n");
}

static void test_an_entry_at_the_end_is_dropped(void **state)
{
    (void)state;
    serves("python3", PIP, "machine a login b password machine\nmachine \"py.corp\" login b",
           PY_ENTRY "machine a login b password machine\n");
    serves("python3", PIP, "machine py.corp", PY_ENTRY);
    serves("python3", PIP, "machine", PY_ENTRY "machine");
}

static void test_old_python_takes_raw_values_or_nothing(void **state)
{
    (void)state;
    char simple[] = "a\\b\"c#d",
         plain[] = "machine py.corp\nlogin ci-user@corp\npassword a\\b\"c#d\n";
    leaves("python3.9", PIP, NULL);
    leaves("python2.7", PIP, NULL);
    help_route(&help, "python")->password = simple;
    serves("python3.10", PIP, NULL, plain);
    serves("pypy3.9", PIP, NULL, plain);
    serves("python3.11", PIP, NULL,
           "machine py.corp\nlogin ci-user@corp\npassword \"a\\\\b\\\"c#d\"\n");
}

static void test_values_are_quoted_only_when_needed(void **state)
{
    (void)state;
    struct buf out = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(netrc_entry("h", "a\"b", "p@s'%41+;=", NETRC_QUOTED, &out), 0);
    assert_int_equal(netrc_entry("h", "", "#x", NETRC_QUOTED, &out), 0);
    assert_string_equal(buf_text(&out), "machine h\nlogin a\"b\npassword p@s'%41+;=\n"
                                        "machine h\nlogin \"\"\npassword \"#x\"\n");
    assert_int_equal(netrc_entry("h", "", "x", NETRC_RAW, &out), -1);
    assert_int_equal(netrc_entry("h", "x", "\xc3\xa9", NETRC_RAW, &out), -1);
    buf_free(&out);
}

static void test_a_token_is_a_password(void **state)
{
    (void)state;
    char token[] = "tok";
    help_route(&help, "python")->token = token;
    help_route(&help, "python")->username = NULL;
    serves("python3.12", PIP, NULL, "machine py.corp\nlogin __token__\npassword tok\n");
}

static void test_curl_and_wget_get_what_their_arguments_name(void **state)
{
    (void)state;
    const char *const *curl = ARGV("curl", "-fL", "-o", "x", MAVEN "/org/apache/maven/x.zip");
    serves("curl", curl, NULL, MAVEN_ENTRY);
    serves("wget", ARGV("wget", PYPI "six/"), NULL, PY_ENTRY);
    leaves("curl", ARGV("curl", "https://maven.corp:8443/repository/x"), NULL);
    leaves("curl", ARGV("curl", "http://maven.corp:8443/repo/x"), NULL);
    help_route(&help, "maven")->token = help_route(&help, "maven")->password;
    leaves("curl", curl, NULL);
}

static void test_curl_is_told_to_look(void **state)
{
    (void)state;
    const char *const *argv = ARGV("curl", MAVEN "/x");
    help_serves(&ecosystem_netrc, &help, help_request("curl", argv, "/home/ci/.curlrc", NULL),
                "netrc-optional\n");
    help_serves(&ecosystem_netrc, &help, help_request("curl", argv, "/x/.curlrc", "silent"),
                "silent\nnetrc-optional\n");
    help_leaves(&ecosystem_netrc, &help, help_request("curl", argv, "/x/.curlrc", NULL));
    help_leaves(&ecosystem_netrc, &help,
                help_request("curl", ARGV("curl", "https://x/"), "/home/ci/.curlrc", "silent"));
}

static void test_no_credentials_no_entry(void **state)
{
    (void)state;
    help.settings.credentials = CREDENTIALS_BROKER;
    leaves("python3", PIP, "machine py.corp login b password c\n");
    setup(NULL);
    help_route(&help, "python")->state = ROUTE_CLOSED;
    leaves("python3", PIP, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_python_tools_get_the_index_entry, setup),
        cmocka_unit_test_setup(test_the_users_other_entries_stay, setup),
        cmocka_unit_test_setup(test_an_entry_at_the_end_is_dropped, setup),
        cmocka_unit_test_setup(test_old_python_takes_raw_values_or_nothing, setup),
        cmocka_unit_test_setup(test_values_are_quoted_only_when_needed, setup),
        cmocka_unit_test_setup(test_a_token_is_a_password, setup),
        cmocka_unit_test_setup(test_curl_and_wget_get_what_their_arguments_name, setup),
        cmocka_unit_test_setup(test_curl_is_told_to_look, setup),
        cmocka_unit_test_setup(test_no_credentials_no_entry, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
