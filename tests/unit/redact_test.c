/* Tests of the removal of secrets from text that is shown. */
#include "shunt/cleanup.h"
#include "shunt/settings.h"
#include "shunt/url.h"

#include "keydir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define AWKWARD "p@ss:w/r d&<>\"'%41+;#="

static struct settings *settings; /* of the running test */

static int setup(void **state)
{
    settings = NULL;
    return keydir_setup(state);
}

static int teardown(void **state)
{
    settings_free(settings);
    return keydir_teardown(state);
}

static void read_settings(void)
{
    char *error = NULL;
    settings_free(settings);
    const struct settings_input input = {.key_dir = keydir};
    assert_int_equal(settings_read(&input, &settings, &error), 0);
}

static void put_pair(const char *username, const char *password)
{
    keydir_put("pkg-maven-url", "https://h/");
    keydir_put("pkg-maven-username", username);
    keydir_put("pkg-maven-password", password);
    read_settings();
}

static void assert_redacted(const char *text, const char *expected)
{
    autofree char *shown = settings_redact(settings, text, strlen(text));
    assert_non_null(shown);
    assert_string_equal(shown, expected);
}

static void text_without_secrets_stays(void **state)
{
    (void)state;
    read_settings();
    assert_redacted("", "");
    assert_redacted("registry=https://h/\n", "registry=https://h/\n");
    put_pair("builder", AWKWARD);
    assert_redacted("", "");
    assert_redacted("user builder at https://h/", "user builder at https://h/");
}

static void every_form_goes(void **state)
{
    (void)state;
    put_pair("builder", AWKWARD);
    static const char *const shown[] = {
        AWKWARD,
        "p%40ss%3Aw%2Fr%20d%26%3C%3E%22%27%2541%2B%3B%23%3D", /* percent, all */
        "p%40ss%3aw%2fr%20d%26%3c%3e%22%27%2541%2b%3b%23%3d", /* the same in small letters */
        "p%40ss%3Aw/r%20d%26%3C%3E%22%27%2541%2B%3B%23%3D",   /* but for the slash */
        "p%40ss%3Aw%2Fr%20d&%3C%3E%22'%2541+;%23=",           /* userinfo of RFC 3986 */
        "p@ss:w/r d&amp;&lt;&gt;\"'%41+;#=",                  /* XML text */
        "p@ss:w/r d&amp;&lt;&gt;&quot;'%41+;#=",              /* XML attribute */
        "p@ss:w/r d&amp;&lt;&gt;&quot;&apos;%41+;#=",
        "p@ss:w/r d&amp;&lt;&gt;&#34;&#39;%41+;#=",
        "p@ss:w/r d&<>\\\"'%41+;#=",                           /* JSON */
        "p@ss:w\\/r d&<>\\\"'%41+;#=",                         /* JSON with escaped slashes */
        "p@ss:w/r d&<>\"'%41+\\;\\#=",                         /* INI */
        "p@ss\\:w/r\\ d&<>\"'%41+;\\#\\=",                     /* properties */
        "p\\@ss\\:w\\/r\\ d\\&\\<\\>\\\"\\'\\%41\\+\\;\\#\\=", /* shell */
    };
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        char text[512];
        snprintf(text, sizeof(text), "x[%s]y", shown[i]);
        assert_redacted(text, "x[<redacted>]y");
    }
    autofree char *alone = base64_encode(AWKWARD, strlen(AWKWARD));
    autofree char *pair = base64_encode("builder:" AWKWARD, strlen("builder:" AWKWARD));
    assert_redacted(alone, "<redacted>");
    assert_redacted(pair, "<redacted>");
}

static void backslashes_dollars_and_small_secrets(void **state)
{
    (void)state;
    put_pair("u", "a\\b$c");
    assert_redacted("a\\b$c a\\\\b$c a\\\\b\\$c", "<redacted> <redacted> <redacted>");
    put_pair("u", "abc");
    assert_redacted("abc, xabcx", "<redacted>, x<redacted>x");
    put_pair("u", "ab"); /* too short to look for, but not in its longer forms */
    assert_redacted("ab YWI=", "ab <redacted>");
}

static void tokens_go_too(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://h/");
    keydir_put("pkg-npm-token", "npm-token+1");
    keydir_put("oci-dockerhub-url", "h");
    keydir_put("oci-dockerhub-username", "u");
    keydir_put("oci-dockerhub-password", "docker-secret");
    read_settings();
    assert_redacted("//h/:_authToken=npm-token+1", "//h/:_authToken=<redacted>");
    assert_redacted("npm-token%2B1", "<redacted>");
    assert_redacted("docker-secret", "<redacted>");
    autofree char *pair = base64_encode("u:docker-secret", strlen("u:docker-secret"));
    assert_redacted(pair, "<redacted>");
}

static void userinfo_of_urls_goes_too(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://u:pa%40ss@h/");
    keydir_put("pkg-maven-url", "https://token%2Buser@h/");
    keydir_put("github-url", "https://u:hub-secret@h/");
    read_settings();
    assert_redacted("pa@ss pa%40ss", "<redacted> <redacted>");
    assert_redacted("token+user token%2Buser", "<redacted> <redacted>");
    assert_redacted("hub-secret", "<redacted>");
    autofree char *pair = base64_encode("token+user:", strlen("token+user:"));
    assert_redacted(pair, "<redacted>");
}

static void the_longest_match_wins_and_overlaps_leave_nothing(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://h/");
    keydir_put("pkg-npm-token", "secret");
    put_pair("u", "secret-and-more");
    assert_redacted("secret-and-more", "<redacted>");
    assert_redacted("secret-and-mor", "<redacted>-and-mor");
    assert_redacted("secretsecret", "<redacted><redacted>");
    keydir_put("pkg-npm-token", "more-and-secret");
    read_settings();
    assert_redacted("xsecret-and-more-and-secrety", "x<redacted>y");
}

static void settings_without_keys_still_redact(void **state)
{
    (void)state;
    char username[] = "u", password[] = "the-password", token[] = "the-token", alone[] = "userless";
    char none[] = "";
    struct route routes[] = {
        {.ecosystem = "npm", .token = token},
        {.ecosystem = "maven", .username = username, .password = password},
        {.ecosystem = "python", .username = alone, .password = none},
        {.ecosystem = "go"},
    };
    const struct settings by_hand = {.routes = routes, .route_count = 4};
    static const char text[] = "the-password the-token userless u";
    autofree char *shown = settings_redact(&by_hand, text, strlen(text));
    assert_string_equal(shown, "<redacted> <redacted> <redacted> u");
}

static void growth_has_room(void **state)
{
    (void)state;
    put_pair("u", "abc");
    enum { TIMES = 100000 };
    autofree char *text = malloc(TIMES * 3 + 1);
    for (size_t i = 0; i < TIMES; i++)
        memcpy(text + i * 3, "abc", 4);
    autofree char *shown = settings_redact(settings, text, TIMES * 3);
    assert_non_null(shown);
    assert_int_equal(strlen(shown), TIMES * strlen("<redacted>"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(text_without_secrets_stays),
        TEST(every_form_goes),
        TEST(backslashes_dollars_and_small_secrets),
        TEST(tokens_go_too),
        TEST(userinfo_of_urls_goes_too),
        TEST(the_longest_match_wins_and_overlaps_leave_nothing),
        TEST(settings_without_keys_still_redact),
        TEST(growth_has_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
