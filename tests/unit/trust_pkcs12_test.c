/* Java trust stores: PKCS #12 in, JKS out. */
#include "trust_store.h"

#define TRUSTED_KEY_USAGE "2.16.840.1.113894.746875.1.1"

static void add_bag(STACK_OF(PKCS12_SAFEBAG) * *bags, X509 *x, const char *name, bool trusted)
{
    PKCS12_SAFEBAG *bag = PKCS12_add_cert(bags, x);
    assert_non_null(bag);
    if (name)
        assert_true(PKCS12_add_friendlyname_utf8(bag, name, -1));
    if (trusted)
        assert_true(PKCS12_add1_attr_by_txt(bag, TRUSTED_KEY_USAGE, V_ASN1_OCTET_STRING,
                                            (const unsigned char *)"any", 3));
}

/* Frees `bags`. `cipher` -1: not encrypted; without `password` there is no MAC. */
static void pack(STACK_OF(PKCS12_SAFEBAG) * bags, int cipher, int rounds, const char *password,
                 struct buf *out)
{
    STACK_OF(PKCS7) *safes = NULL;
    unsigned char *der = NULL;
    assert_true(PKCS12_add_safe(&safes, bags, cipher, rounds, password));
    PKCS12 *p12 = PKCS12_add_safes(safes, 0);
    assert_non_null(p12);
    if (password)
        assert_true(PKCS12_set_mac(p12, password, -1, NULL, 0, rounds, EVP_sha256()));
    int len = i2d_PKCS12(p12, &der);
    assert_true(len > 0);
    buf_append(out, der, (size_t)len);
    OPENSSL_free(der);
    PKCS12_free(p12);
    sk_PKCS7_pop_free(safes, PKCS7_free);
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

static void make_store(const struct fixture *f, int cipher, const char *password, struct buf *out)
{
    STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
    add_bag(&bags, f->one, "Company ROOT", true);
    add_bag(&bags, f->two, "a link of a chain", false);
    pack(bags, cipher, 1000, password, out);
}

static void assert_converts(const struct fixture *f, const struct buf *store, const char *password)
{
    autobuf out = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(append(store, password, f->mirror_pem, &out), 0);
    struct view view = view_of(&out, password ? password : "changeit");
    assert_int_equal(view.count, 2);
    assert_holds(&view.entries[0], "company root", f->one);
    assert_holds(&view.entries[1], "shunt-mirror-ca-1", f->mirror);
}

static void pkcs12_without_password_is_read(void **state)
{
    const struct fixture *f = *state;
    autobuf store = BUF_INIT(BUF_MAX_TEXT);
    make_store(f, -1, NULL, &store);
    assert_converts(f, &store, NULL);
    assert_converts(f, &store, "given all the same");
}

static void pkcs12_with_password_is_read(void **state)
{
    const struct fixture *f = *state;
    static const int ciphers[] = {NID_aes_256_cbc, NID_pbe_WithSHA1And3_Key_TripleDES_CBC, -1};
    for (size_t i = 0; i < sizeof(ciphers) / sizeof(*ciphers); i++) {
        autobuf store = BUF_INIT(BUF_MAX_TEXT), out = BUF_INIT(BUF_MAX_TEXT);
        make_store(f, ciphers[i], "p@ss w\xc3\xb6rd", &store);
        assert_int_equal(append(&store, "p@ss w\xc3\xb6rd", f->mirror_pem, &out), 0);
        assert_int_equal(append(&store, "another", f->mirror_pem, &out), -1);
    }
    autobuf store = BUF_INIT(BUF_MAX_TEXT);
    make_store(f, NID_aes_256_cbc, "changeit", &store);
    assert_converts(f, &store, "changeit");
    assert_converts(f, &store, NULL);
}

static void pkcs12_encrypted_under_another_password_is_refused(void **state)
{
    const struct fixture *f = *state;
    autobuf store = BUF_INIT(BUF_MAX_TEXT), out = BUF_INIT(BUF_MAX_TEXT);
    make_store(f, NID_aes_256_cbc, "not the default", &store);
    assert_int_equal(append(&store, NULL, f->mirror_pem, &out), -1);
}

static void pkcs12_with_a_key_is_refused(void **state)
{
    const struct fixture *f = *state;
    STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
    add_bag(&bags, f->one, "one", true);
    assert_non_null(PKCS12_add_key(&bags, make_key(), 0, 1000, NID_aes_256_cbc, "changeit"));
    autobuf store = BUF_INIT(BUF_MAX_TEXT), out = BUF_INIT(BUF_MAX_TEXT);
    pack(bags, -1, 1000, "changeit", &store);
    assert_int_equal(append(&store, "changeit", f->mirror_pem, &out), -1);
}

/* A JVM would not find an entry of a JKS under a name that is not in lower case. */
static void name_beyond_ascii_is_replaced(void **state)
{
    const struct fixture *f = *state;
    STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
    add_bag(&bags, f->one, "\xc3\x84mter", true);
    add_bag(&bags, f->two, NULL, true);
    autobuf store = BUF_INIT(BUF_MAX_TEXT), out = BUF_INIT(BUF_MAX_TEXT);
    pack(bags, -1, 1000, NULL, &store);
    assert_int_equal(append(&store, NULL, f->mirror_pem, &out), 0);
    struct view view = view_of(&out, "changeit");
    assert_holds(&view.entries[0], "certificate-1", f->one);
    assert_holds(&view.entries[1], "certificate-2", f->two);
}

static void pkcs12_of_too_many_rounds_is_refused(void **state)
{
    const struct fixture *f = *state;
    static const int ciphers[] = {NID_aes_256_cbc, NID_pbe_WithSHA1And3_Key_TripleDES_CBC, -1};
    for (size_t i = 0; i < sizeof(ciphers) / sizeof(*ciphers); i++) {
        STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
        add_bag(&bags, f->one, "one", true);
        autobuf store = BUF_INIT(BUF_MAX_TEXT), out = BUF_INIT(BUF_MAX_TEXT);
        pack(bags, ciphers[i], 300001, "changeit", &store);
        assert_int_equal(append(&store, "changeit", f->mirror_pem, &out), -1);
    }
}

static void what_is_no_store_is_refused(void **state)
{
    const struct fixture *f = *state;
    autobuf out = BUF_INIT(BUF_MAX_TEXT), store = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(trust_append_java("text", 4, NULL, f->mirror_pem, &out), -1);
    assert_int_equal(
        trust_append_java(f->mirror_pem, strlen(f->mirror_pem), NULL, f->mirror_pem, &out), -1);
    make_store(f, -1, NULL, &store);
    buf_puts(&store, "trailing");
    assert_int_equal(append(&store, NULL, f->mirror_pem, &out), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pkcs12_without_password_is_read),
        cmocka_unit_test(pkcs12_with_password_is_read),
        cmocka_unit_test(pkcs12_encrypted_under_another_password_is_refused),
        cmocka_unit_test(pkcs12_with_a_key_is_refused),
        cmocka_unit_test(name_beyond_ascii_is_replaced),
        cmocka_unit_test(pkcs12_of_too_many_rounds_is_refused),
        cmocka_unit_test(what_is_no_store_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
