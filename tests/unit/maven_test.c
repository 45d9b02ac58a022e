/* What Maven reads: global and user settings, the wrapper's properties. */
#include "ecosystem_help.h"

#include <stdlib.h>

#define MIRROR "https://nexus.corp/repository/maven/"
#define GLOBAL "/opt/maven/conf/settings.xml"
#define USER   "/home/ci/.m2/settings.xml"
#define MVN                                                                                        \
    ARGV("java", "-Dmaven.home=/opt/maven/", "-Dmaven.multiModuleProjectDirectory=/src", "L")

#define PRIVATE_MIRROR(of)                                                                         \
    "<settings><mirrors><mirror><id>corp</id><mirrorOf>" of                                        \
    "</mirrorOf><url>https://m.corp/</url></mirror></mirrors></settings>"

static struct help help;

static int setup(void **state)
{
    (void)state;
    help_init(&help, NULL, NULL, MIRROR);
    help_files = NULL;
    return 0;
}

/* What is served, or "REAL". Caller frees. */
static char *served(const char *const *argv, const char *path, const char *text)
{
    struct file_request request = help_request("java", argv, path, text);
    struct buf out = BUF_INIT(BUF_MAX_TEXT);
    enum file_answer answer = help_render(&ecosystem_maven, &help, &request, &out);
    assert_int_not_equal(answer, FILE_FAILED);
    if (answer == FILE_REAL) {
        buf_free(&out);
        buf_puts(&out, "REAL");
    }
    return buf_steal(&out);
}

static void serves(const char *path, const char *text, const char *expected)
{
    char *out = served(MVN, path, text);
    assert_string_equal(out, expected);
    free(out);
}

static bool contains(const char *path, const char *text, const char *part)
{
    char *out = served(MVN, path, text);
    bool found = strstr(out, part) != NULL;
    free(out);
    return found;
}

#define OUR_MIRROR                                                                                 \
    "<mirror>\n      <id>central</id>\n      <name>Mirror of central, added by shunt</name>\n"     \
    "      <mirrorOf>central</mirrorOf>\n      <url>" MIRROR "</url>\n    </mirror>\n"
#define OUR_SERVER(id)                                                                             \
    "<server>\n      <id>" id "</id>\n      <username>ci-user@corp</username>\n"                   \
    "      <password>p@ss:w/r d&amp;&lt;&gt;\"'%41+;#=</password>\n      <configuration>\n"        \
    "        <httpConfiguration>\n          <all>\n            "                                   \
    "<usePreemptive>true</usePreemptive>\n          </all>\n        </httpConfiguration>\n"        \
    "      </configuration>\n    </server>\n"

static void test_global_settings_gain_a_mirror(void **state)
{
    (void)state;
    const char *ours =
        "<?xml version=\"1.0\"?>\n"
        "<settings xmlns=\"http://maven.apache.org/SETTINGS/1.0.0\">\n  <mirrors>\n"
        "    " OUR_MIRROR
        "  </mirrors>\n  <servers>\n    " OUR_SERVER("central") "  </servers>\n</settings>\n";
    serves(GLOBAL, NULL, ours);
    serves(GLOBAL, "", ours);
    serves(GLOBAL, "<settings", ours);
    serves(GLOBAL, "<!DOCTYPE s [<!ENTITY a \"b\">]><settings>&a;</settings>", ours);
}

static void test_global_settings_keep_what_is_there(void **state)
{
    (void)state;
    help.settings.credentials = CREDENTIALS_BROKER;
    serves(
        GLOBAL,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- top -->\n"
        "<settings xmlns=\"http://maven.apache.org/SETTINGS/1.2.0\">\n  <!-- a -->\n"
        "  <mirrors>\n    <!-- b -->\n    <mirror><id>blocker</id>"
        "<mirrorOf>external:http:*</mirrorOf><url>http://0.0.0.0/</url></mirror>\n"
        "  </mirrors>\n  <offline>false</offline>\n</settings>\n",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- top -->\n"
        "<settings xmlns=\"http://maven.apache.org/SETTINGS/1.2.0\">\n  <!-- a -->\n"
        "  <mirrors>\n    <!-- b -->\n    <mirror><id>blocker</id>"
        "<mirrorOf>external:http:*</mirrorOf><url>http://0.0.0.0/</url></mirror>\n    " OUR_MIRROR
        "  </mirrors>\n  <offline>false</offline>\n</settings>\n");
}

static void test_which_file_is_global(void **state)
{
    (void)state;
    assert_true(contains("/etc/maven/settings.xml", NULL, MIRROR));
    serves("/home/ci/.m2/wrapper/dists/m/conf/settings.xml", NULL, "REAL");
    help_files = (const char *const[]){"/home/ci/.m2/wrapper/dists/m/bin/m2.conf", "main is", NULL};
    assert_true(contains("/home/ci/.m2/wrapper/dists/m/conf/settings.xml", NULL, MIRROR));
    char *out = served(ARGV("java", "-Dmaven.home=/opt/maven", "-gs", "ci/settings.xml"),
                       "/src/ci/settings.xml", NULL);
    assert_non_null(strstr(out, MIRROR));
    free(out);
}

static void test_a_private_mirror_of_central_wins(void **state)
{
    (void)state;
    static const char *const captures[] = {PRIVATE_MIRROR("*"), PRIVATE_MIRROR("external:*"),
                                           PRIVATE_MIRROR("central"), PRIVATE_MIRROR("a, central"),
                                           PRIVATE_MIRROR("*,!other")};
    static const char *const others[] = {PRIVATE_MIRROR("*,!central"),
                                         PRIVATE_MIRROR("!central,*"),
                                         PRIVATE_MIRROR("centralx"),
                                         PRIVATE_MIRROR("external:http:*"),
                                         "<settings/>",
                                         "broken"};
    for (size_t i = 0; i < sizeof captures / sizeof *captures; i++) {
        serves(GLOBAL, captures[i], "REAL");
        help_files = (const char *const[]){USER, captures[i], NULL};
        serves(GLOBAL, NULL, "REAL");
        help_files = NULL;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        help_files = (const char *const[]){USER, others[i], NULL};
        assert_true(contains(GLOBAL, NULL, "<mirrorOf>central</mirrorOf>"));
    }
}

static void test_the_settings_of_this_run_are_asked(void **state)
{
    (void)state;
    help_files = (const char *const[]){
        USER, PRIVATE_MIRROR("*"), "/ci/s.xml", "<settings/>", "/src/s.xml", "<settings/>", NULL};
    serves(GLOBAL, NULL, "REAL");
    const char *const *const runs[] = {
        ARGV("java", "-Dmaven.home=/opt/maven", "-s", "/ci/s.xml"),
        ARGV("java", "-Dmaven.home=/opt/maven", "--settings=/ci/s.xml"),
        ARGV("java", "-Dmaven.home=/opt/maven", "-Dmaven.multiModuleProjectDirectory=/src", "-s",
             "s.xml"),
    };
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        char *out = served(runs[i], GLOBAL, NULL);
        assert_non_null(strstr(out, MIRROR));
        free(out);
    }
    help_files = (const char *const[]){"/src/.mvn/maven.config", "-B\n-s\n/ci/s.xml\n", "/ci/s.xml",
                                       PRIVATE_MIRROR("*"), NULL};
    serves(GLOBAL, NULL, "REAL");
}

static void test_the_users_central_server_does_not_hide_ours(void **state)
{
    (void)state;
    help_files = (const char *const[]){
        USER, "<settings><servers><server><id>central</id></server></servers></settings>", NULL};
    assert_true(contains(GLOBAL, NULL, "<id>shunt-central</id>\n      <name>"));
    assert_true(contains(GLOBAL, NULL, "<id>shunt-central</id>\n      <username>"));
}

static void test_credentials_that_maven_would_change_become_a_header(void **state)
{
    (void)state;
    char braces[] = "{x}", ascii[] = "u", accent[] = "\xc3\xa9", blank[] = "x ", token[] = "t<k";
    static const char *const expected[] = {"Basic dTp7eH0=", "Basic dTrDqQ==", "Basic dTp4IA=="};
    char *passwords[] = {braces, accent, blank};
    struct route *route = help_route(&help, "maven");
    route->username = ascii;
    for (size_t i = 0; i < 3; i++) {
        route->password = passwords[i];
        assert_true(contains(GLOBAL, NULL, "<name>Authorization</name>"));
        assert_true(contains(GLOBAL, NULL, expected[i]));
        assert_false(contains(GLOBAL, NULL, "<password>"));
    }
    route->token = token;
    assert_true(contains(GLOBAL, NULL, "<value>Bearer t&lt;k</value>"));
}

static void test_user_settings_change_only_public_urls(void **state)
{
    (void)state;
    serves(USER, NULL, "REAL");
    serves(USER, PRIVATE_MIRROR("*"), "REAL");
    serves(USER, "<settings><mirrors", "REAL");
    serves("/src/ci-settings.xml",
           "<settings>\n  <servers>\n    <server><id>own</id><username>me</username></server>\n"
           "    <server><id>c1</id><username>me</username></server>\n  </servers>\n"
           "  <mirrors><mirror><id>c1</id><mirrorOf>*</mirrorOf><url>\n"
           "https://repo1.maven.org/maven2/ </url></mirror></mirrors>\n"
           "  <profiles><profile><repositories><repository><id>own</id>"
           "<url>https://m.own/</url></repository></repositories></profile></profiles>\n"
           "</settings>\n",
           "<?xml version=\"1.0\"?>\n"
           "<settings>\n  <servers>\n    <server><id>own</id><username>me</username></server>\n"
           "    " OUR_SERVER(
               "c1") "  </servers>\n"
                     "  <mirrors><mirror><id>c1</id><mirrorOf>*</mirrorOf><url>" MIRROR
                     "</url></mirror></mirrors>\n"
                     "  <profiles><profile><repositories><repository><id>own</id>"
                     "<url>https://m.own/</url></repository></repositories></profile></profiles>\n"
                     "</settings>\n");
}

static void test_profiles_repositories_are_replaced(void **state)
{
    (void)state;
    help.settings.credentials = CREDENTIALS_BROKER;
    serves(USER,
           "<settings><profiles><profile><id>a</id></profile><profile><pluginRepositories>"
           "<pluginRepository><id>p</id><url>http://repo.maven.apache.org/maven2</url>"
           "</pluginRepository></pluginRepositories></profile></profiles></settings>\n",
           "<?xml version=\"1.0\"?>\n"
           "<settings><profiles><profile><id>a</id></profile><profile><pluginRepositories>"
           "<pluginRepository><id>p</id><url>" MIRROR "</url>"
           "</pluginRepository></pluginRepositories></profile></profiles></settings>\n");
}

static void test_other_programs_see_their_own_settings(void **state)
{
    (void)state;
    help_leaves(&ecosystem_maven, &help, help_request("git", ARGV("git"), GLOBAL, "<settings/>"));
    help_init(&help, NULL, NULL, NULL);
    serves(GLOBAL, NULL, "REAL");
}

static void wrapper(const char *text, const char *expected)
{
    help_serves(&ecosystem_maven, &help,
                help_request("dash", ARGV("sh", "mvnw"),
                             "/src/.mvn/wrapper/maven-wrapper.properties", text),
                expected);
}

static void test_wrapper_keeps_its_escapes(void **state)
{
    (void)state;
    wrapper("# "
            "c\nwrapperVersion=3.3.2\r\ndistributionUrl=https://repo.maven.apache.org/maven2/org/"
            "m-bin.zip\r\n",
            "# c\nwrapperVersion=3.3.2\r\ndistributionUrl=" MIRROR "org/m-bin.zip\r\n");
    wrapper(
        "distributionUrl = https\\://repo1.maven.org/maven2/m.zip\nwrapperUrl=https://m.own/w.jar",
        "distributionUrl = https\\://nexus.corp/repository/maven/m.zip\n"
        "wrapperUrl=https://m.own/w.jar");
    help_leaves(&ecosystem_maven, &help,
                help_request("dash", ARGV("sh", "mvnw"),
                             "/src/.mvn/wrapper/maven-wrapper.properties",
                             "distributionUrl=https://m.own/m.zip\n"));
}

static void test_variables(void **state)
{
    (void)state;
    char *url = help_env(&ecosystem_maven, &help, "MVNW_REPOURL");
    assert_string_equal(url, "https://nexus.corp/repository/maven");
    free(url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_global_settings_gain_a_mirror, setup),
        cmocka_unit_test_setup(test_global_settings_keep_what_is_there, setup),
        cmocka_unit_test_setup(test_which_file_is_global, setup),
        cmocka_unit_test_setup(test_a_private_mirror_of_central_wins, setup),
        cmocka_unit_test_setup(test_the_settings_of_this_run_are_asked, setup),
        cmocka_unit_test_setup(test_the_users_central_server_does_not_hide_ours, setup),
        cmocka_unit_test_setup(test_credentials_that_maven_would_change_become_a_header, setup),
        cmocka_unit_test_setup(test_user_settings_change_only_public_urls, setup),
        cmocka_unit_test_setup(test_profiles_repositories_are_replaced, setup),
        cmocka_unit_test_setup(test_other_programs_see_their_own_settings, setup),
        cmocka_unit_test_setup(test_wrapper_keeps_its_escapes, setup),
        cmocka_unit_test_setup(test_variables, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
