/* Tests of URL parsing and the encodings beside it. */
#include "shunt/cleanup.h"
#include "shunt/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_text(char *actual, const char *expected)
{
    autofree char *owned = actual;
    if (expected)
        assert_string_equal(owned, expected);
    else
        assert_null(owned);
}

static void assert_part(const char *actual, const char *expected)
{
    if (expected)
        assert_string_equal(actual, expected);
    else
        assert_null(actual);
}

static void splits_urls(void **state)
{
    (void)state;
    static const struct {
        const char *text, *scheme, *host, *port, *path, *user, *password;
    } cases[] = {
        {"https://h", "https", "h", NULL, "/", NULL, NULL},
        {"https://h/a", "https", "h", NULL, "/a", NULL, NULL},
        {"https://h/a/", "https", "h", NULL, "/a/", NULL, NULL},
        {"HTTPS://Nexus.Example.COM/Repo/", "https", "nexus.example.com", NULL, "/Repo/", NULL,
         NULL},
        {"https://h:443/", "https", "h", NULL, "/", NULL, NULL},
        {"http://h:80/", "http", "h", NULL, "/", NULL, NULL},
        {"http://h:443/", "http", "h", "443", "/", NULL, NULL},
        {"https://h:8443/x", "https", "h", "8443", "/x", NULL, NULL},
        {"https://[2001:DB8::1]:8443/x", "https", "[2001:db8::1]", "8443", "/x", NULL, NULL},
        {"https://h/a%2Fb%2fc/%C3%BC", "https", "h", NULL, "/a%2Fb%2fc/%C3%BC", NULL, NULL},
        {"https://u:p@h/", "https", "h", NULL, "/", "u", "p"},
        {"https://u:p%40ss%3Aw%2Fr%20d%26%3C%25@h/", "https", "h", NULL, "/", "u", "p@ss:w/r d&<%"},
        {"https://u:a:b@h/", "https", "h", NULL, "/", "u", "a:b"},
        {"https://token@h/", "https", "h", NULL, "/", "token", NULL},
        {"https://u:@h/", "https", "h", NULL, "/", "u", ""},
        {"https://h/..a/.b/c./...", "https", "h", NULL, "/..a/.b/c./...", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct url url;
        const char *why;
        assert_int_equal(url_parse(cases[i].text, &url, &why), 0);
        assert_part(url.scheme, cases[i].scheme);
        assert_part(url.host, cases[i].host);
        assert_part(url.port, cases[i].port);
        assert_part(url.path, cases[i].path);
        assert_part(url.user, cases[i].user);
        assert_part(url.password, cases[i].password);
        url_clear(&url);
        assert_null(url.host);
    }
}

static void refuses_what_is_no_base_url(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "http or https"},
        {"nexus.example.com/npm", "http or https"},
        {"//nexus.example.com/npm", "http or https"},
        {"ftp://h/", "http or https"},
        {"file:///etc/passwd", "http or https"},
        {"https:/h/", "http or https"},
        {"https:h", "http or https"},
        {"https:///h", "http or https"},
        {" https://h/", "http or https"},
        {"https://", "host"},
        {"https://:8080/", "host"},
        {"https://h/?q=1", "query"},
        {"https://h/?", "query"},
        {"https://h/#x", "fragment"},
        {"https://h?q", "query"},
        {"https://h/a b", "percent-encoded"},
        {"https://h/a\nb", "percent-encoded"},
        {"https://h/\"", "percent-encoded"},
        {"https://h/<x>", "percent-encoded"},
        {"https://h\\@evil/", "percent-encoded"},
        {"https://h/\xc3\xbc", "percent-encoded"},
        {"https://h/%", "percent-encoded"},
        {"https://h/%2", "percent-encoded"},
        {"https://h/%zz", "percent-encoded"},
        {"https://h/${X}", "percent-encoded"},
        {"https://h/a/../b", "segment"},
        {"https://h/.", "segment"},
        {"https://h/%2e%2E/b", "segment"},
        {"https://h/a/.%2e", "segment"},
        {"https://h:0/", "port"},
        {"https://h:65536/", "port"},
        {"https://h:x/", "port"},
        {"https://ho!st/", "host"},
        {"https://h%2f.evil/", "host"},
        {"https://%68ost/", "host"},
        {"https://u%20@%30/", "host"},
        {"https://a@b@c/", "host"},
        {"https://[::1/", "host"},
        {"https://[fe80::1%25eth0]/", "host"},
        {"https://u:%0a@h/", "control"},
        {"https://u%00:p@h/", "control"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct url url;
        const char *why = NULL;
        if (url_parse(cases[i].text, &url, &why) == 0)
            fail_msg("accepted %s", cases[i].text);
        assert_non_null(why);
        if (!strstr(why, cases[i].why))
            fail_msg("%s: %s", cases[i].text, why);
        assert_null(url.host);
        assert_null(url.password);
    }
}

static void puts_urls_together(void **state)
{
    (void)state;
    struct url url;
    const char *why;
    assert_int_equal(url_parse("https://u:p@Nexus:8443/npm/", &url, &why), 0);
    assert_text(url_text(&url), "https://nexus:8443/npm/");
    assert_text(url_authority(&url), "nexus:8443");
    url_clear(&url);
    assert_int_equal(url_parse("http://[::1]", &url, &why), 0);
    assert_text(url_text(&url), "http://[::1]/");
    assert_text(url_authority(&url), "[::1]");
    url_clear(&url);
}

static void knows_what_lies_below(void **state)
{
    (void)state;
    static const struct {
        const char *text, *base;
        bool same_scheme, any_scheme;
    } cases[] = {
        {"https://h/npm/x", "https://h/npm", true, true},
        {"https://h/npm/x", "https://h/npm/", true, true},
        {"https://h/npm", "https://h/npm", true, true},
        {"https://h/npm", "https://h/npm/", true, true},
        {"https://h/npm/", "https://h/npm", true, true},
        {"https://h", "https://h/", true, true},
        {"https://H/x", "https://h", true, true},
        {"https://h:443/x", "https://h/", true, true},
        {"https://u:p@h/x", "https://h/", true, true},
        {"https://h/npm/x?y=1#z", "https://h/npm", true, true},
        {"https://h/npm/a/../b", "https://h/npm", true, true},
        {"http://h/npm/x", "https://h/npm", false, true},
        {"http://h:443/x", "https://h/", false, true},
        {"http://h:80/x", "https://h/", false, true},
        {"https://h/npm-evil", "https://h/npm", false, false},
        {"https://h/NPM/x", "https://h/npm", false, false},
        {"https://h/npm/../x", "https://h/npm", false, false},
        {"https://h/npm/%2e%2e/x", "https://h/npm", false, false},
        {"https://h/", "https://h/npm", false, false},
        {"https://h.evil/npm", "https://h/npm", false, false},
        {"https://h:8443/npm", "https://h/npm", false, false},
        {"https://h@evil/npm", "https://h/npm", false, false},
        {"ftp://h/npm", "https://h/npm", false, false},
        {"nonsense", "https://h/npm", false, false},
        {"https://h/npm", "nonsense", false, false},
        {"", "", false, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (url_below(cases[i].text, cases[i].base, false) != cases[i].same_scheme ||
            url_below(cases[i].text, cases[i].base, true) != cases[i].any_scheme)
            fail_msg("%s below %s", cases[i].text, cases[i].base);
    }
}

static void escapes_all_but_unreserved(void **state)
{
    (void)state;
    assert_text(url_escape(""), "");
    assert_text(url_escape("azAZ09-._~"), "azAZ09-._~");
    assert_text(url_escape("p@ss:w/r d&<>\"'%41+;#="),
                "p%40ss%3Aw%2Fr%20d%26%3C%3E%22%27%2541%2B%3B%23%3D");
    assert_text(url_escape("\xc3\xbc\x01"), "%C3%BC%01");
}

static void encodes_base64(void **state)
{
    (void)state;
    assert_text(base64_encode("", 0), "");
    assert_text(base64_encode("f", 1), "Zg==");
    assert_text(base64_encode("fo", 2), "Zm8=");
    assert_text(base64_encode("foobar", 6), "Zm9vYmFy");
    assert_text(base64_encode("\0\xff\xfe", 3), "AP/+");
    assert_text(base64_encode("x", SIZE_MAX), NULL);
    char long_text[200];
    memset(long_text, 'a', sizeof(long_text));
    autofree char *encoded = base64_encode(long_text, sizeof(long_text));
    assert_int_equal(strlen(encoded), 268);
    assert_null(strchr(encoded, '\n'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_urls),
        cmocka_unit_test(refuses_what_is_no_base_url),
        cmocka_unit_test(puts_urls_together),
        cmocka_unit_test(knows_what_lies_below),
        cmocka_unit_test(escapes_all_but_unreserved),
        cmocka_unit_test(encodes_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
