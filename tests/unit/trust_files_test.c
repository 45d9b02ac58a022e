/* Which PEM trust stores are served to whom, and what node is told. */
#include "trust_open.h"

/* Served to this program, and only when there is a CA to add. */
static void assert_text(struct open_case c, size_t certificates)
{
    const char *why;
    autobuf out = BUF_INIT(BUF_MAX_TEXT), none = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(open_as(&without_ca, &c, &none), FILE_REAL);
    assert_int_equal(open_as(&with_ca, &c, &out), FILE_TEXT);
    assert_int_equal(trust_check_pem(buf_text(&out), out.len, &why), certificates);
    assert_non_null(strstr(buf_text(&out), mirror));
}

static void bundles_are_served(void **state)
{
    (void)state;
    static const char *const paths[][2] = {
        {".crt", "/etc/ssl/certs/ca-certificates.crt"},
        {".crt", "/etc/pki/tls/certs/ca-bundle.crt"},
        {".crt", "/etc/ssl/certs/ca-bundle.crt"},
        {".pem", "/etc/ssl/certs/cert.pem"},
        {".pem", "/etc/ssl/cert.pem"},
        {".pem", "/usr/lib/ssl/cert.pem"},
        {".pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"},
        {".pem", "/usr/lib/python3/dist-packages/pip/_vendor/certifi/cacert.pem"},
        {".cer", "/home/ci/roots.cer"},
    };
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
        assert_text(OPEN(paths[i][0], paths[i][1], .text = user), 2);
}

static void absent_bundle_stays_absent(void **state)
{
    (void)state;
    assert_real(OPEN(".pem", "/etc/ssl/cert.pem"));
    assert_real(OPEN("SSL_CERT_FILE", "/nowhere"));
    assert_real(OPEN("/security/jssecacerts", "/jdk/lib/security/jssecacerts"));
}

static void what_is_no_bundle_stays_as_it_is(void **state)
{
    (void)state;
    autofree char *key = make_key_pem();
    autofree char *server = join(leaf, user, NULL), *with_key = join(user, key, NULL);
    const char *texts[] = {leaf, server, with_key, key, "", "text"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_real(OPEN(".pem", "/srv/some.pem", .text = texts[i]));
    assert_real(OPEN(".cer", "/srv/some.cer", .text = "\x30\x82\x00\x01", .len = 4));
}

static void single_anchors_stay_as_they_are(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "/usr/share/ca-certificates/mozilla/Root.crt",
        "/usr/local/share/ca-certificates/corp.crt",
        "/etc/pki/ca-trust/source/anchors/corp.crt",
        "/usr/share/pki/trust/anchors/corp.crt",
        "/etc/ssl/certs/Root.crt",
        "/usr/lib/ssl/certs/Root.crt",
    };
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
        assert_real(OPEN(".crt", paths[i], .text = user));
}

static void bundle_that_has_the_ca_stays_as_it_is(void **state)
{
    (void)state;
    autofree char *both = join(mirror, user, NULL);
    assert_real(OPEN(".pem", "/etc/ssl/cert.pem", .text = both));
    assert_real(OPEN("SSL_CERT_FILE", "/roots", .text = both));
}

static void programs_that_copy_see_the_real_file(void **state)
{
    (void)state;
    const struct {
        const char *program;
        const char *const *argv;
        bool copies;
    } cases[] = {
        {"cp", NULL, true},
        {"tar", ARGV("/bin/tar", "-cf", "-", "/etc"), true},
        {"", ARGV("/usr/bin/cp", "a", "b"), true},
        {"busybox", ARGV("cp", "a", "b"), true},
        {"busybox", ARGV("busybox", "cp", "a", "b"), true},
        {"busybox", ARGV("wget", "https://example.org/"), false},
        {"dash", ARGV("/bin/sh", "-e", "/usr/sbin/update-ca-certificates"), true},
        {"dash", ARGV("/bin/sh", "./build"), false},
        {"perl", ARGV("perl", "-w", "/usr/bin/c_rehash", "/etc/ssl/certs"), true},
        {"openssl", ARGV("openssl", "rehash", "."), true},
        {"openssl", ARGV("openssl", "x509", "-in", "a.pem"), true},
        {"openssl", ARGV("openssl", "s_client", "-connect", "a:443"), false},
        {"openssl", ARGV("openssl", "verify", "-CAfile", "a.pem", "b.pem"), false},
        {"git", ARGV("git", "add", "."), true},
        {"git-remote-http", ARGV("/usr/lib/git-core/git-remote-https", "origin"), false},
        {"cargo", ARGV("cargo", "install", "x"), false},
        {"python3.11", ARGV("python3", "/usr/bin/pip", "install", "x"), false},
        {"node", ARGV("node", "/usr/bin/npm", "install"), false},
        {"node", ARGV("npm install @types/tar"), false}, /* npm writes over its arguments */
        {"curl", NULL, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        static const char *const rows[] = {".pem", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"};
        for (size_t r = 0; r < sizeof(rows) / sizeof(*rows); r++) {
            struct open_case c = OPEN(rows[r], "/x.pem", .program = cases[i].program,
                                      .argv = cases[i].argv, .text = user);
            if (cases[i].copies)
                assert_real(c);
            else
                assert_text(c, 2);
        }
    }
}

static void jvm_packs_pem_files_unchanged(void **state)
{
    (void)state;
    assert_real(OPEN(".pem", "/p/src/main/resources/ca.pem", .program = "java", .text = user));
}

static void file_named_by_a_variable_is_served(void **state)
{
    (void)state;
    static const char *const names[] = {
        "SSL_CERT_FILE",     "CURL_CA_BUNDLE",    "REQUESTS_CA_BUNDLE",
        "PIP_CERT",          "GIT_SSL_CAINFO",    "npm_config_cafile",
        "NPM_CONFIG_CAFILE", "CARGO_HTTP_CAINFO", "NODE_EXTRA_CA_CERTS",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        assert_text(OPEN(names[i], "/opt/corp/roots", .text = user), 2);
        assert_text(OPEN(names[i], "/etc/ssl/certs/one.pem", .text = leaf), 2);
    }
    assert_text(OPEN("NODE_EXTRA_CA_CERTS", "/nowhere"), 1);
}

static void virtual_files_hold_the_ca(void **state)
{
    (void)state;
    assert_text(OPEN("ca/", RUNTIME "/ca/extra.pem"), 1);
    assert_text(OPEN("ca/", RUNTIME "/ca/file/opt/corp/roots"), 2);
    assert_real(OPEN("ca/", RUNTIME "/ca/file/nowhere"));
    assert_real(OPEN("ca/", RUNTIME "/ca/other.pem"));
    assert_real(OPEN("ca/", RUNTIME "/ca/"));
    assert_real(OPEN("ca/", "/elsewhere/ca/extra.pem"));
}

static void hash_name_is_served_where_the_hash_is_ours(void **state)
{
    (void)state;
    char hashes[1][9], path[64], row[4], longer[64];
    assert_int_equal(trust_subject_hashes(mirror, hashes, 1), 1);
    snprintf(path, sizeof(path), "/etc/ssl/certs/%s.0", hashes[0]);
    snprintf(row, sizeof(row), "%c.0", hashes[0][7]);
    snprintf(longer, sizeof(longer), "/etc/ssl/certs/a%s.0", hashes[0]);
    assert_text(OPEN(row, path), 1);
    assert_text(OPEN(row, path, .text = user), 2);
    assert_real(OPEN(row, path, .text = mirror));
    assert_real(OPEN(row, path, .program = "openssl", .argv = ARGV("openssl", "rehash")));
    assert_real(OPEN(row, longer));
    assert_real(OPEN("0.0", "/etc/ssl/certs/00000000.0"));
    assert_real(OPEN("0.0", "/usr/lib/libthing.so.1.0.0"));
}

static void every_last_digit_has_a_row(void **state)
{
    (void)state;
    for (const char *digit = "0123456789abcdef"; *digit; digit++) {
        char row[] = {*digit, '.', '0', '\0'};
        assert_real(OPEN(row, "/x"));
    }
}

static void node_is_told_of_the_ca(void **state)
{
    (void)state;
    const struct env_rule *rule = ecosystem_trust.env;
    autobuf value = BUF_INIT(4096);
    assert_string_equal(rule->name, "NODE_EXTRA_CA_CERTS");
    assert_int_equal(rule->flags, PLAN_ENV_SET);
    assert_int_equal(rule->value(&without_ca, RUNTIME, &value), -1);
    assert_int_equal(rule->value(&with_ca, RUNTIME, &value), 0);
    assert_string_equal(buf_text(&value), RUNTIME "/ca/extra.pem");
    assert_null(rule[1].name);
}

static void rows_obey_the_plan(void **state)
{
    (void)state;
    for (const struct served_file *file = ecosystem_trust.files; file->render; file++) {
        assert_non_null(file->meaning);
        assert_true(file->match != PLAN_MATCH_SUFFIX || strlen(file->text) >= 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bundles_are_served),
        cmocka_unit_test(absent_bundle_stays_absent),
        cmocka_unit_test(what_is_no_bundle_stays_as_it_is),
        cmocka_unit_test(single_anchors_stay_as_they_are),
        cmocka_unit_test(bundle_that_has_the_ca_stays_as_it_is),
        cmocka_unit_test(programs_that_copy_see_the_real_file),
        cmocka_unit_test(jvm_packs_pem_files_unchanged),
        cmocka_unit_test(file_named_by_a_variable_is_served),
        cmocka_unit_test(virtual_files_hold_the_ca),
        cmocka_unit_test(hash_name_is_served_where_the_hash_is_ours),
        cmocka_unit_test(every_last_digit_has_a_row),
        cmocka_unit_test(node_is_told_of_the_ca),
        cmocka_unit_test(rows_obey_the_plan),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
