/* PEM trust stores: checked, told apart, appended to. */
#include "trust_maker.h"
#include "trust_fixed.h"

#include "shunt/cleanup.h"
#include "shunt/trust.h"

static int check(const char *text)
{
    const char *why = NULL;
    int count = trust_check_pem(text, strlen(text), &why);
    if (count < 0)
        assert_non_null(why);
    return count;
}

static bool is_bundle(const char *text)
{
    return trust_is_ca_bundle(text, strlen(text));
}

static void check_counts_certificates(void **state)
{
    (void)state;
    autofree char *ca = make_pem("one", MAKE_CA), *leaf = make_pem("two", MAKE_LEAF);
    autofree char *both = join("# a comment\n\n", ca, "text between\n", leaf, "and after", NULL);
    assert_int_equal(check(ca), 1);
    assert_int_equal(check(both), 2);
    assert_int_equal(check(fixed_pem), 1);
}

static void check_takes_windows_lines(void **state)
{
    (void)state;
    autofree char *ca = make_pem("one", MAKE_CA);
    autofree char *crlf = calloc(2, strlen(ca) + 1);
    for (size_t i = 0, n = 0; ca[i]; i++) {
        if (ca[i] == '\n')
            crlf[n++] = '\r';
        crlf[n++] = ca[i];
    }
    assert_int_equal(check(crlf), 1);
    assert_true(is_bundle(crlf));
}

static void check_refuses_what_is_no_certificate(void **state)
{
    (void)state;
    autofree char *ca = make_pem("one", MAKE_CA), *key = make_key_pem();
    autofree char *with_key = join(ca, key, NULL);
    autofree char *cut = strdup(ca), *damaged = strdup(ca);
    cut[strlen(cut) - 40] = '\0';
    memcpy(damaged + 60, "!!!!", 4);
    static const char empty_block[] =
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    autofree char *partly = join(ca, empty_block, NULL);
    const char *bad[] = {"", "no PEM at all", key, with_key, cut, damaged, empty_block, partly};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        assert_int_equal(check(bad[i]), -1);
        assert_false(is_bundle(bad[i]));
    }
}

static void check_names_a_private_key(void **state)
{
    (void)state;
    const char *why = NULL;
    autofree char *key = make_key_pem();
    assert_int_equal(trust_check_pem(key, strlen(key), &why), -1);
    assert_non_null(strstr(why, "private key"));
}

static void bundle_is_authorities_only(void **state)
{
    (void)state;
    static const struct {
        enum maker_kind kind;
        bool ca;
    } cases[] = {
        {MAKE_CA, true}, {MAKE_LEAF, false},      {MAKE_PLAIN, false},
        {MAKE_V1, true}, {MAKE_V1_ISSUED, false},
    };
    autofree char *ca = make_pem("authority", MAKE_CA);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        autofree char *pem = make_pem("some name", cases[i].kind);
        autofree char *both = join("# header\n", ca, pem, NULL);
        assert_int_equal(is_bundle(pem), cases[i].ca);
        assert_int_equal(is_bundle(both), cases[i].ca);
    }
}

static void bundle_with_foreign_blocks_is_none(void **state)
{
    (void)state;
    autofree char *ca = make_pem("authority", MAKE_CA), *key = make_key_pem();
    autofree char *with_key = join(ca, key, NULL);
    autofree char *trusted = join("-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n"
                                  "-----END TRUSTED CERTIFICATE-----\n",
                                  ca, NULL);
    assert_false(is_bundle(with_key));
    assert_false(is_bundle(trusted));
    assert_false(trust_is_ca_bundle("\x30\x82\x00\x01", 4)); /* DER */
}

static char *append(const char *bundle, const char *extra)
{
    autobuf out = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(trust_append_pem(bundle, strlen(bundle), extra, &out), 0);
    return buf_steal(&out);
}

static void append_keeps_the_bundle(void **state)
{
    (void)state;
    autofree char *one = make_pem("one", MAKE_CA), *two = make_pem("two", MAKE_CA);
    autofree char *bundle = join("# theirs\n", one, NULL);
    autofree char *text = append(bundle, two);
    assert_memory_equal(text, bundle, strlen(bundle));
    assert_string_equal(text + strlen(text) - strlen(two), two);
    assert_non_null(strstr(text, "\n# mirror-ca: CN=two\n"));
    assert_int_equal(check(text), 2);
}

static void append_adds_a_missing_line_feed(void **state)
{
    (void)state;
    autofree char *one = make_pem("one", MAKE_CA), *two = make_pem("two", MAKE_CA);
    one[strlen(one) - 1] = '\0';
    autofree char *text = append(one, two);
    assert_int_equal(check(text), 2);
}

static void append_adds_nothing_twice(void **state)
{
    (void)state;
    autofree char *one = make_pem("one", MAKE_CA), *two = make_pem("two", MAKE_CA);
    autofree char *extra = join(two, two, NULL);
    autofree char *once = append(one, extra), *again = append(once, extra);
    assert_int_equal(count_of(once, "BEGIN CERTIFICATE"), 2);
    assert_string_equal(again, once);
    autofree char *unended = strdup(once);
    unended[strlen(unended) - 1] = '\0';
    autofree char *same = append(unended, extra);
    assert_string_equal(same, unended);
}

static void append_to_nothing_gives_the_extra(void **state)
{
    (void)state;
    autofree char *one = make_pem("one", MAKE_CA);
    autofree char *text = append("", one);
    assert_int_equal(check(text), 1);
}

static void append_to_what_is_broken_still_adds(void **state)
{
    (void)state;
    autofree char *one = make_pem("one", MAKE_CA);
    autofree char *text = append("not a bundle", one);
    assert_int_equal(check(text), 1);
}

static void subject_cannot_end_its_comment(void **state)
{
    (void)state;
    autofree char *one = make_pem("a\n-----BEGIN PRIVATE KEY-----\nb", MAKE_CA);
    autofree char *text = append("", one);
    assert_int_equal(check(text), 1);
    assert_int_equal(count_of(text, "\n-----BEGIN"), 1);
}

static void append_fails_whole(void **state)
{
    (void)state;
    autofree char *one = make_pem("one", MAKE_CA);
    autobuf out = BUF_INIT(BUF_MAX_TEXT), small = BUF_INIT(100);
    assert_int_equal(trust_append_pem(one, strlen(one), "no certificate", &out), -1);
    assert_int_equal(trust_append_pem("", 0, one, &small), -1);
}

static void hashes_are_openssl_s(void **state)
{
    (void)state;
    char hashes[2][9];
    assert_int_equal(trust_subject_hashes(fixed_pem, hashes, 2), 1);
    assert_string_equal(hashes[0], FIXED_HASH);
    autofree char *one = make_pem("one", MAKE_CA);
    autofree char *three = join(one, fixed_pem, one, NULL);
    assert_int_equal(trust_subject_hashes(three, hashes, 2), 2);
    assert_string_equal(hashes[1], FIXED_HASH);
    assert_int_equal(trust_subject_hashes(three, hashes, 1), 1);
    assert_int_equal(trust_subject_hashes("nothing", hashes, 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_counts_certificates),
        cmocka_unit_test(check_takes_windows_lines),
        cmocka_unit_test(check_refuses_what_is_no_certificate),
        cmocka_unit_test(check_names_a_private_key),
        cmocka_unit_test(bundle_is_authorities_only),
        cmocka_unit_test(bundle_with_foreign_blocks_is_none),
        cmocka_unit_test(append_keeps_the_bundle),
        cmocka_unit_test(append_adds_a_missing_line_feed),
        cmocka_unit_test(append_adds_nothing_twice),
        cmocka_unit_test(append_to_nothing_gives_the_extra),
        cmocka_unit_test(append_to_what_is_broken_still_adds),
        cmocka_unit_test(subject_cannot_end_its_comment),
        cmocka_unit_test(append_fails_whole),
        cmocka_unit_test(hashes_are_openssl_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
