/* Tests of the value checks, kind by kind, and of the spellings of switches. */
#include "../../shim/keys/values.h"
#include "pem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void good(enum key_kind kind, const char *text)
{
    const char *wrong = key_value_wrong(kind, text, strlen(text));
    if (wrong)
        fail_msg("%s: expected %s", text, wrong);
}

static void bad(enum key_kind kind, const char *text, const char *expected)
{
    const char *wrong = key_value_wrong(kind, text, strlen(text));
    if (!wrong)
        fail_msg("accepted %s", text);
    else if (!strstr(wrong, expected))
        fail_msg("%s: expected %s", text, wrong);
}

static void trims_newlines_only(void **state)
{
    (void)state;
    assert_int_equal(key_value_trim("", 0), 0);
    assert_int_equal(key_value_trim("\n\r\n", 3), 0);
    assert_int_equal(key_value_trim("a\r\n\n", 4), 1);
    assert_int_equal(key_value_trim("a \n", 3), 2);
    assert_int_equal(key_value_trim("a\n\t", 3), 3);
    assert_int_equal(key_value_trim("\na", 2), 2);
}

static void every_kind_refuses_control_characters(void **state)
{
    (void)state;
    static const enum key_kind kinds[] = {KEY_URL,  KEY_REGISTRY, KEY_IMAGE,
                                          KEY_NAME, KEY_SECRET,   KEY_BOOL};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        bad(kinds[i], "a\nb", "control characters");
        bad(kinds[i], "a\rb", "control characters");
        bad(kinds[i], "a\tb", "control characters");
        bad(kinds[i], "a\x7f", "control characters");
        assert_non_null(strstr(key_value_wrong(kinds[i], "true\0x", 6), "control characters"));
        assert_non_null(key_value_wrong(kinds[i], "", 0));
    }
    assert_non_null(key_value_wrong(KEY_PEM, "a\0b", 3));
}

static void names_and_secrets_are_any_text(void **state)
{
    (void)state;
    good(KEY_SECRET, "p@ss:w/r d&<>\"'%41+;#=");
    good(KEY_SECRET, "\xc3\xbc\xe2\x82\xac");
    good(KEY_SECRET, " ");
    good(KEY_NAME, "build-user");
    bad(KEY_SECRET, "\xff", "UTF-8");
    bad(KEY_NAME, "\xc3", "UTF-8");
}

static void urls(void **state)
{
    (void)state;
    good(KEY_URL, "https://nexus.example.com/repository/npm-proxy/");
    good(KEY_URL, "http://u:p%40@127.0.0.1:8081");
    bad(KEY_URL, "nexus.example.com", "an http or https URL");
    bad(KEY_URL, "https://h/?a", "without a query");
    bad(KEY_URL, "https://h/#a", "fragment");
    bad(KEY_URL, "https://u:%7f@h/", "control characters");
    bad(KEY_URL, "https://u:%ff@h/", "UTF-8");
    bad(KEY_URL, "https://%ff:p@h/", "UTF-8");
}

static void registries(void **state)
{
    (void)state;
    good(KEY_REGISTRY, "nexus.example.com");
    good(KEY_REGISTRY, "nexus.example.com/dockerhub-proxy");
    good(KEY_REGISTRY, "nexus.example.com:5000/a/b/");
    good(KEY_REGISTRY, "[::1]:5000");
    bad(KEY_REGISTRY, "https://nexus.example.com/x",
        "a bare registry host such as nexus.example.com/dockerhub-proxy, without https://");
    bad(KEY_REGISTRY, "HTTP://nexus.example.com", "without https://");
    bad(KEY_REGISTRY, "u:p@nexus.example.com", "without user name and password");
    bad(KEY_REGISTRY, "/nexus", "a registry host");
    bad(KEY_REGISTRY, "a b", "a registry host");
    bad(KEY_REGISTRY, "h/x?y", "a registry host");
    bad(KEY_REGISTRY, "h:port", "a registry host");
}

static void images(void **state)
{
    (void)state;
    good(KEY_IMAGE, "nginx");
    good(KEY_IMAGE, "nexus.example.com:5000/lib/nginx:1.27-alpine");
    good(KEY_IMAGE, "nexus.example.com/golden");
    good(KEY_IMAGE, "nexus.example.com/golden/");
    good(KEY_IMAGE, "h/n:1@sha256:"
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    bad(KEY_IMAGE, "https://h/n", "without https://");
    bad(KEY_IMAGE, "/n", "an image such as");
    bad(KEY_IMAGE, ":tag", "an image such as");
    bad(KEY_IMAGE, "n:", "an image such as");
    bad(KEY_IMAGE, "a//b", "an image such as");
    bad(KEY_IMAGE, "a b", "an image such as");
    bad(KEY_IMAGE, "a@sha256:123", "an image such as");
    bad(KEY_IMAGE, "a@sha256", "an image such as");
    bad(KEY_IMAGE, "a@:e3b0c44298fc1c149afbf4c8996fb924", "an image such as");
    bad(KEY_IMAGE, "@sha256:e3b0c44298fc1c149afbf4c8996fb924", "an image such as");
}

static void certificates(void **state)
{
    (void)state;
    good(KEY_PEM, test_ca);
    assert_non_null(key_value_wrong(KEY_PEM, "no certificate", 14));
    assert_non_null(key_value_wrong(KEY_PEM, test_ca, 100));
}

static void size_limit(void **state)
{
    (void)state;
    static char text[KEY_MAX + 2];
    memset(text, 'x', KEY_MAX + 1);
    assert_non_null(key_value_wrong(KEY_SECRET, text, KEY_MAX + 1));
    text[KEY_MAX] = '\0';
    assert_null(key_value_wrong(KEY_SECRET, text, KEY_MAX));
}

static void booleans_of_go(void **state)
{
    (void)state;
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True"};
    static const char *const no[] = {"0", "f", "F", "FALSE", "false", "False"};
    static const char *const neither[] = {"yes", "on", "tRUE", "true ", "2", "maybe"};
    bool value;
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(key_value_bool(yes[i], &value), 0);
        assert_true(value);
        assert_int_equal(key_value_bool(no[i], &value), 0);
        assert_false(value);
        assert_int_equal(key_value_bool(neither[i], &value), -1);
        good(KEY_BOOL, yes[i]);
        good(KEY_BOOL, no[i]);
        bad(KEY_BOOL, neither[i], "true or false");
    }
}

static void booleans_of_the_opt_in(void **state)
{
    (void)state;
    static const char *const yes[] = {"on", "1", "true", "yes", "ON", "True"};
    static const char *const no[] = {"off", "0", "false", "no", "OFF", "No"};
    static const char *const neither[] = {"", "t", "on ", "2", "enable", "y"};
    bool value;
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(bool_parse(yes[i], &value), 0);
        assert_true(value);
        assert_int_equal(bool_parse(no[i], &value), 0);
        assert_false(value);
        assert_int_equal(bool_parse(neither[i], &value), -1);
    }
    assert_int_equal(bool_parse(NULL, &value), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trims_newlines_only),
        cmocka_unit_test(every_kind_refuses_control_characters),
        cmocka_unit_test(names_and_secrets_are_any_text),
        cmocka_unit_test(urls),
        cmocka_unit_test(registries),
        cmocka_unit_test(images),
        cmocka_unit_test(certificates),
        cmocka_unit_test(size_limit),
        cmocka_unit_test(booleans_of_go),
        cmocka_unit_test(booleans_of_the_opt_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
