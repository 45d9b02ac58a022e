/* Tests of what keys and variables mean together: routes, credentials, closing, the second dialect.
 */
#include "pem.h"
#include "routes.h"

#include "shunt/buf.h"
#include "shunt/cleanup.h"

static void assert_refused(const struct settings_input *input, const char *sentence)
{
    char *error = NULL;
    assert_int_equal(settings_read(input, &settings, &error), -1);
    assert_null(settings);
    assert_non_null(error);
    assert_string_equal(error, sentence);
    free(error);
}

/* --- off --- */

static void an_absent_directory_is_off(void **state)
{
    (void)state;
    char *error = NULL;
    const struct settings_input input = {.key_dir = keydir_path("absent")};
    assert_int_equal(settings_read(&input, &settings, &error), 0);
    assert_true(settings->off);
    assert_string_equal(settings->key_dir, keydir_path("absent"));
    assert_int_equal(mistakes(), 0);
    assert_public("npm");
    assert_public("maven");
    assert_null(settings_route(settings, "trust"));
    assert_null(settings_route(settings, "nonsense"));
}

static void nothing_but_empty_or_foreign_files_is_off(void **state)
{
    (void)state;
    read_as(NULL, NULL);
    assert_true(settings->off);
    keydir_put("pkg-npm-url", "\n");
    keydir_put("README", "x");
    keydir_put("pkg-nonsense", "");
    read_as("", "");
    assert_true(settings->off);
    assert_int_equal(settings->strategy, STRATEGY_NONE);
    assert_int_equal(settings->credentials, CREDENTIALS_CONFIG);
}

static void keys_of_other_strategies_only_are_off(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://h/");
    read_as("byoc", NULL);
    assert_true(settings->off);
    assert_public("npm");
}

static void any_key_in_force_is_on(void **state)
{
    (void)state;
    keydir_put("oci-dockerhub-url", "nexus.example.com");
    read_as("byoc", NULL);
    assert_false(settings->off);
    assert_public("npm");
}

static void the_ca_is_a_setting(void **state)
{
    (void)state;
    keydir_put("mirror-ca", test_ca);
    read_as("prism", NULL);
    assert_string_equal(settings->mirror_ca, test_ca);
    assert_false(settings->off);
    keydir_put("mirror-ca", "nonsense");
    read_as("prism", NULL);
    assert_null(settings->mirror_ca);
    assert_int_equal(mistakes(), 1);
    assert_false(settings->off);
}

/* --- variables --- */

static void bad_variables_are_refused(void **state)
{
    (void)state;
    const struct settings_input strategy = {.key_dir = keydir, .strategy = "webap"},
                                broker = {.key_dir = keydir, .credentials = "broker"},
                                other = {.key_dir = keydir, .credentials = "vault"},
                                user = {.key_dir = keydir, .user_switch = "yes"};
    assert_refused(&strategy, "SHUNT_STRATEGY: expected one of buildpack, ballerina, mi, webapp, "
                              "prism, test-runner, byoc");
    assert_refused(&broker, "SHUNT_CREDENTIALS: broker is not available in this version, "
                            "expected config");
    assert_refused(&other, "SHUNT_CREDENTIALS: expected config");
    assert_refused(&user, "enable-package-registry-proxy: expected true or false (1, t, T, TRUE, "
                          "true, True or 0, f, F, "
                          "FALSE, false, False)");
    const struct settings_input good = {
        .key_dir = keydir, .strategy = "mi", .credentials = "config", .user_switch = "T"};
    char *error;
    assert_int_equal(settings_read(&good, &settings, &error), 0);
    assert_int_equal(settings->strategy, STRATEGY_MI);
}

static void an_unreadable_directory_is_refused(void **state)
{
    (void)state;
    keydir_put("file", "x");
    autofree char *path = strdup(keydir_path("file"));
    autobuf sentence = BUF_INIT(4096);
    buf_printf(&sentence,
               "SHUNT_KEYS: expected a directory that can be read, not %s (Not a directory)", path);
    assert_refused(&(struct settings_input){.key_dir = path}, buf_text(&sentence));
}

/* --- routes and credentials --- */

static void a_key_makes_a_route(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://nexus.example.com/repository/npm-proxy/");
    keydir_put("webapp.pkg-npm-url", "https://webapp.example.com/npm");
    read_as(NULL, NULL);
    assert_mirror("npm", "https://nexus.example.com/repository/npm-proxy/", "pkg-npm-url");
    assert_string_equal(settings_route(settings, "npm")->key, "pkg-npm-url");
    assert_anonymous("npm");
    assert_public("maven");
    read_as("webapp", NULL);
    assert_mirror("npm", "https://webapp.example.com/npm", "webapp.pkg-npm-url");
}

static void credentials_go_with_the_route(void **state)
{
    (void)state;
    keydir_put("pkg-maven-url", "https://h/m");
    keydir_put("pkg-maven-username", "u");
    keydir_put("pkg-maven-password", "p@ss:w/r d&<>\"'%41+;#=\n");
    keydir_put("pkg-npm-url", "https://h/n");
    keydir_put("pkg-npm-token", "t");
    read_as(NULL, NULL);
    assert_basic("maven", "u", "p@ss:w/r d&<>\"'%41+;#=");
    assert_string_equal(settings_route(settings, "npm")->token, "t");
    assert_true(route_has_credentials(settings_route(settings, "npm")));
    assert_int_equal(mistakes(), 0);
}

static void a_token_stands_alone(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://h/n");
    keydir_put("pkg-npm-token", "t");
    keydir_put("pkg-npm-username", "u");
    keydir_put("pkg-npm-password", "p");
    read_as(NULL, NULL);
    const struct route *route = settings_route(settings, "npm");
    assert_string_equal(route->token, "t");
    assert_null(route->username);
    assert_null(route->password);
    assert_int_equal(mistakes(), 1);
}

static void half_a_pair_is_none(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://user:pass@h/n");
    keydir_put("pkg-npm-username", "u");
    read_as(NULL, NULL);
    assert_mirror("npm", "https://h/n", "pkg-npm-url");
    assert_anonymous("npm");
    assert_int_equal(mistakes(), 1);
}

static void userinfo_is_used_and_stripped(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://u:p%40s%2Fs@Nexus:443/n@m/");
    keydir_put("pkg-maven-url", "https://tok%20en@h");
    keydir_put("pkg-python-url", "http://@h:8081/simple");
    read_as(NULL, NULL);
    assert_mirror("npm", "https://Nexus:443/n@m/", "pkg-npm-url");
    assert_basic("npm", "u", "p@s/s");
    assert_mirror("maven", "https://h", "pkg-maven-url");
    assert_basic("maven", "tok en", "");
    assert_mirror("python", "http://h:8081/simple", "pkg-python-url");
    assert_anonymous("python");
}

static void credential_keys_come_before_userinfo(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://u:p@h/");
    keydir_put("pkg-npm-username", "u2");
    keydir_put("pkg-npm-password", "p2");
    read_as(NULL, NULL);
    assert_mirror("npm", "https://h/", "pkg-npm-url");
    assert_basic("npm", "u2", "p2");
}

/* --- closed --- */

static void a_bad_url_closes_the_route(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://good.example/");
    keydir_put("webapp.pkg-npm-url", "nonsense");
    read_as("webapp", NULL);
    assert_closed("npm", "pkg-npm-url", "webapp.pkg-npm-url");
    assert_public("maven");
}

static void an_unreadable_url_closes_the_route(void **state)
{
    (void)state;
    keydir_link("nowhere", "pkg-maven-url");
    read_as(NULL, NULL);
    assert_closed("maven", "pkg-maven-url", "pkg-maven-url");
    assert_public("npm");
}

static void bad_credentials_close_the_route(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://h/");
    keydir_put("pkg-npm-token", "a\nb");
    keydir_put("pkg-maven-url", "https://h/");
    keydir_put("pkg-maven-username", "u");
    keydir_link("nowhere", "pkg-maven-password");
    read_as(NULL, NULL);
    assert_closed("npm", "pkg-npm-token", "pkg-npm-token");
    assert_closed("maven", "pkg-maven-password", "pkg-maven-password");
}

static void a_mistyped_key_closes_what_has_no_key(void **state)
{
    (void)state;
    keydir_put("pkg-nmp-url", "https://h/");
    keydir_put("pkg-maven-url", "https://h/m");
    read_as(NULL, NULL);
    assert_closed("npm", "pkg-nmp-url", "pkg-nmp-url");
    assert_closed("python", "pkg-nmp-url", "pkg-nmp-url");
    assert_mirror("maven", "https://h/m", "pkg-maven-url");
    read_as("webapp", NULL); /* uses npm alone */
    assert_closed("npm", "pkg-nmp-url", "pkg-nmp-url");
    assert_public("python");
    assert_public("maven");
}

static void a_mistyped_strategy_closes_too(void **state)
{
    (void)state;
    keydir_put("Webap.pkg-npm-url", "https://h/");
    read_as("webapp", NULL);
    assert_closed("npm", "webap-pkg-npm-url", "Webap.pkg-npm-url");
}

static void a_mistyped_alias_or_flag_closes_too(void **state)
{
    (void)state;
    keydir_put("package-registry-proxy-nmp-url", "https://h/");
    read_as(NULL, NULL);
    assert_closed("npm", "package-registry-proxy-nmp-url", "package-registry-proxy-nmp-url");
    assert_int_equal(unlink(keydir_path("package-registry-proxy-nmp-url")), 0);
    keydir_put("webap.allow-package-registry-proxy", "true");
    read_as("webapp", NULL);
    assert_closed("npm", "webap-allow-package-registry-proxy",
                  "webap.allow-package-registry-proxy");
}

static void mistyped_image_keys_close_nothing(void **state)
{
    (void)state;
    keydir_put("oci-dockerhub-ulr", "h");
    keydir_put("image-nod-ref", "h");
    keydir_put("webap.mirror-ca", "h");
    read_as(NULL, NULL);
    assert_int_equal(mistakes(), 3);
    assert_false(settings->off);
    assert_public("npm");
}

static void closed_names_are_dns_labels(void **state)
{
    (void)state;
    static const char name[] = "-_X y.pkg-this-name-is-quite-a-lot-longer-than-a-label-can-be";
    keydir_put(name, "x");
    read_as(NULL, NULL);
    /* 63 bytes at most, no hyphen in front */
    assert_closed("npm", "x-y-pkg-this-name-is-quite-a-lot-longer-than-a-labe", name);
    assert_int_equal(strcspn(settings_route(settings, "npm")->url + 8, "."), 63);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_absent_directory_is_off),
        TEST(nothing_but_empty_or_foreign_files_is_off),
        TEST(keys_of_other_strategies_only_are_off),
        TEST(any_key_in_force_is_on),
        TEST(the_ca_is_a_setting),
        TEST(bad_variables_are_refused),
        TEST(an_unreadable_directory_is_refused),
        TEST(a_key_makes_a_route),
        TEST(credentials_go_with_the_route),
        TEST(a_token_stands_alone),
        TEST(half_a_pair_is_none),
        TEST(userinfo_is_used_and_stripped),
        TEST(credential_keys_come_before_userinfo),
        TEST(a_bad_url_closes_the_route),
        TEST(an_unreadable_url_closes_the_route),
        TEST(bad_credentials_close_the_route),
        TEST(a_mistyped_key_closes_what_has_no_key),
        TEST(a_mistyped_strategy_closes_too),
        TEST(a_mistyped_alias_or_flag_closes_too),
        TEST(mistyped_image_keys_close_nothing),
        TEST(closed_names_are_dns_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
