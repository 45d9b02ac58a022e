/* Which of Java's trust stores are served to whom. */
#include "trust_open.h"

static void assert_store(struct open_case c)
{
    autobuf out = BUF_INIT(BUF_MAX_TEXT), none = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(open_as(&without_ca, &c, &none), FILE_REAL);
    assert_int_equal(open_as(&with_ca, &c, &out), FILE_TEXT);
    assert_memory_equal(out.data, "\xfe\xed\xfe\xed", 4);
    assert_true(out.len > c.len);
}

static struct buf make_store(const char *password)
{
    struct buf store = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(trust_append_java("", 0, password, user, &store), 0);
    return store;
}

static void jdk_store_is_served_to_whoever_trusts_it(void **state)
{
    (void)state;
    autobuf store = make_store(NULL);
    static const char *const paths[][2] = {
        {"/security/cacerts", "/jdk/lib/security/cacerts"},
        {"/security/jssecacerts", "/jdk/lib/security/jssecacerts"},
        {"/java/cacerts", "/etc/ssl/certs/java/cacerts"},
    };
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        struct open_case c =
            OPEN(paths[i][0], paths[i][1], .program = "java", .text = store.data, .len = store.len);
        assert_store(c);
        c.program = "keytool";
        assert_real(c);
        c.program = "java";
        c.argv = ARGV("java", "-jar", "/usr/share/ca-certificates-java/ca-certificates-java.jar");
        assert_real(c);
    }
    assert_real(OPEN("/java/cacerts", "/etc/ssl/certs/java/cacerts", .program = "java",
                     .text = "not a store"));
}

static void store_that_has_the_ca_stays_as_it_is(void **state)
{
    (void)state;
    autobuf store = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(trust_append_java("", 0, NULL, mirror, &store), 0);
    assert_real(OPEN("/java/cacerts", "/java/cacerts", .program = "java", .text = store.data,
                     .len = store.len));
}

static void store_is_served_where_the_jvm_is_told_to_trust_it(void **state)
{
    (void)state;
    autobuf store = make_store("geheim");
    const struct {
        const char *const *argv;
        bool served;
    } cases[] = {
        {ARGV("java", "-Djavax.net.ssl.trustStore=/p/t.jks",
              "-Djavax.net.ssl.trustStorePassword=geheim", "Main"),
         true},
        {ARGV("java", "-Djavax.net.ssl.trustStore=/p/t.jks", "Main"), true},
        {ARGV("java", "-Djavax.net.ssl.trustStore=/p/t.jks",
              "-Djavax.net.ssl.trustStorePassword=", "Main"),
         true},
        {ARGV("java", "-Djavax.net.ssl.trustStore=t.jks", "Main"), true},
        {ARGV("java", "-Djavax.net.ssl.trustStore=././t.jks", "Main"), true},
        {ARGV("java", "-Djavax.net.ssl.trustStore=/other.jks",
              "-Djavax.net.ssl.trustStore=/p/t.jks"),
         true},
        {ARGV("java", "-Djavax.net.ssl.trustStore=/p/t.jks",
              "-Djavax.net.ssl.trustStore=/other.jks"),
         false},
        {ARGV("java", "-Djavax.net.ssl.trustStore=/p/t.jks",
              "-Djavax.net.ssl.trustStorePassword=wrong"),
         false},
        {ARGV("java", "-Djavax.net.ssl.trustStore=.jks"), false},
        {ARGV("java", "-Djavax.net.ssl.trustStore=", "/p/t.jks"), false},
        {ARGV("java", "Main", "/p/t.jks"), false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct open_case c = OPEN(".jks", "/p/t.jks", .program = "java", .argv = cases[i].argv,
                                  .text = store.data, .len = store.len);
        if (cases[i].served)
            assert_store(c);
        else
            assert_real(c);
    }
    assert_real(OPEN(".jks", "/p/t.jks", .program = "keytool", .argv = cases[0].argv,
                     .text = store.data, .len = store.len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jdk_store_is_served_to_whoever_trusts_it),
        cmocka_unit_test(store_that_has_the_ca_stays_as_it_is),
        cmocka_unit_test(store_is_served_where_the_jvm_is_told_to_trust_it),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
