/* Tests of the key table and the reader of the key directory. */
#include "shunt/cleanup.h"
#include "shunt/keys.h"

#include "keydir.h"
#include "pem.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void cleanup_keys(struct keys **keys)
{
    keys_free(*keys);
}

#define autokeys __attribute__((cleanup(cleanup_keys))) struct keys

static struct keys *read_as(enum strategy strategy)
{
    struct keys *keys = NULL;
    assert_int_equal(keys_read(keydir, strategy, &keys), 0);
    return keys;
}

static size_t problem_count(const struct keys *keys)
{
    size_t count;
    keys_problems(keys, &count);
    return count;
}

/* The one and only mistake is this one. */
static void assert_problem(const struct keys *keys, const char *file, const char *sentence,
                           bool unknown)
{
    size_t count;
    const struct key_problem *problems = keys_problems(keys, &count);
    assert_int_equal(count, 1);
    assert_string_equal(problems[0].key, file);
    assert_string_equal(problems[0].sentence, sentence);
    assert_int_equal(problems[0].unknown, unknown);
}

/* One file with this content is one mistake, with this sentence. */
static void assert_bad_value(const char *key, const char *text, const char *sentence)
{
    keydir_put(key, text);
    autokeys *keys = read_as(STRATEGY_NONE);
    assert_null(keys_get(keys, key));
    assert_true(keys_bad(keys, key));
    assert_string_equal(keys_origin(keys, key), key);
    assert_problem(keys, key, sentence, false);
    assert_int_equal(unlink(keydir_path(key)), 0);
}

static void reads_values_as_they_are(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://nexus.example.com/npm/\r\n\n");
    keydir_put("pkg-npm-token", " p@ss:w/r d&<>\"'%41+;#= \n");
    keydir_put("mirror-ca", test_ca);
    keydir_put("oci-dockerhub-url", "nexus.example.com/dockerhub-proxy");
    keydir_put("image-node-ref", "nexus.example.com/node:22");
    autokeys *keys = read_as(STRATEGY_NONE);
    assert_int_equal(problem_count(keys), 0);
    assert_string_equal(keys_get(keys, "pkg-npm-url"), "https://nexus.example.com/npm/");
    assert_string_equal(keys_get(keys, "pkg-npm-token"), " p@ss:w/r d&<>\"'%41+;#= ");
    assert_string_equal(keys_get(keys, "mirror-ca"), test_ca);
    assert_string_equal(keys_get(keys, "oci-dockerhub-url"), "nexus.example.com/dockerhub-proxy");
    assert_string_equal(keys_get(keys, "image-node-ref"), "nexus.example.com/node:22");
    assert_string_equal(keys_origin(keys, "pkg-npm-url"), "pkg-npm-url");
    assert_null(keys_get(keys, "pkg-maven-url"));
    assert_null(keys_origin(keys, "pkg-maven-url"));
    assert_false(keys_bad(keys, "pkg-maven-url"));
    assert_null(keys_get(keys, "no-key"));
}

static void empty_files_are_unset(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "");
    keydir_put("pkg-maven-url", "\n\r\n");
    keydir_put("pkg-nonsense-url", "\n");
    keydir_put("webap.pkg-npm-url", "");
    autokeys *keys = read_as(STRATEGY_NONE);
    assert_int_equal(problem_count(keys), 0);
    assert_null(keys_get(keys, "pkg-npm-url"));
    assert_null(keys_origin(keys, "pkg-maven-url"));
}

static void the_strategy_comes_first(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://global.example/");
    keydir_put("webapp.pkg-npm-url", "https://webapp.example/");
    keydir_put("test-runner.pkg-npm-url", "\n");
    autokeys *none = read_as(STRATEGY_NONE), *webapp = read_as(STRATEGY_WEBAPP),
             *runner = read_as(STRATEGY_TEST_RUNNER), *buildpack = read_as(STRATEGY_BUILDPACK);
    assert_string_equal(keys_get(none, "pkg-npm-url"), "https://global.example/");
    assert_string_equal(keys_get(webapp, "pkg-npm-url"), "https://webapp.example/");
    assert_string_equal(keys_origin(webapp, "pkg-npm-url"), "webapp.pkg-npm-url");
    assert_string_equal(keys_get(runner, "pkg-npm-url"), "https://global.example/");
    assert_string_equal(keys_origin(runner, "pkg-npm-url"), "pkg-npm-url");
    assert_string_equal(keys_get(buildpack, "pkg-npm-url"), "https://global.example/");
}

static void a_bad_strategy_key_does_not_fall_back(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://global.example/");
    keydir_put("webapp.pkg-npm-url", "nonsense");
    autokeys *keys = read_as(STRATEGY_WEBAPP), *none = read_as(STRATEGY_NONE);
    assert_null(keys_get(keys, "pkg-npm-url"));
    assert_true(keys_bad(keys, "pkg-npm-url"));
    assert_string_equal(keys_origin(keys, "pkg-npm-url"), "webapp.pkg-npm-url");
    assert_problem(keys, "webapp.pkg-npm-url", "webapp.pkg-npm-url: expected an http or https URL",
                   false);
    assert_int_equal(problem_count(none), 0);
}

static void a_strategy_does_not_see_what_it_does_not_use(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://nexus.example.com/");
    keydir_put("prism.pkg-npm-url", "https://nexus.example.com/");
    keydir_put("pkg-maven-url", "nonsense");
    keydir_put("mirror-ca", test_ca);
    autokeys *keys = read_as(STRATEGY_PRISM);
    assert_null(keys_get(keys, "pkg-npm-url"));
    assert_null(keys_origin(keys, "pkg-npm-url"));
    assert_false(keys_bad(keys, "pkg-maven-url"));
    assert_int_equal(problem_count(keys), 0);
    assert_non_null(keys_get(keys, "mirror-ca"));
}

static void follows_the_links_of_a_secret_mount(void **state)
{
    (void)state;
    assert_int_equal(mkdir(keydir_path("..2026_01_01"), 0700), 0);
    keydir_put("..2026_01_01/pkg-npm-url", "https://nexus.example.com/\n");
    keydir_put("..2026_01_01/pkg-npm-token", "abc");
    keydir_link("..2026_01_01", "..data");
    keydir_link("..data/pkg-npm-url", "pkg-npm-url");
    keydir_link("..data/pkg-npm-token", "pkg-npm-token");
    autokeys *keys = read_as(STRATEGY_NONE);
    assert_int_equal(problem_count(keys), 0);
    assert_string_equal(keys_get(keys, "pkg-npm-url"), "https://nexus.example.com/");
    assert_string_equal(keys_get(keys, "pkg-npm-token"), "abc");
}

static void other_files_are_ignored(void **state)
{
    (void)state;
    keydir_put(".pkg-npm-url", "x");
    keydir_put(".webapp.pkg-npm-url", "x");
    keydir_put("README", "x");
    keydir_put("README.md", "x");
    keydir_put("webapp.notes", "x");
    keydir_put("npm-url", "x");
    keydir_put("ca.crt", "x");
    autokeys *keys = read_as(STRATEGY_WEBAPP);
    assert_int_equal(problem_count(keys), 0);
}

static void unknown_keys_are_reported(void **state)
{
    (void)state;
    static const struct {
        const char *file, *sentence;
    } cases[] = {
        {"pkg-nmp-url", "expected the name of a key; did you mean pkg-npm-url?"},
        {"PKG-NPM-URL", "expected the name of a key; did you mean pkg-npm-url?"},
        {"pkg-npm-pass", "expected the name of a key; did you mean pkg-npm-password?"},
        {"oci-dockerhub-uri", "expected the name of a key; did you mean oci-dockerhub-url?"},
        {"image-nod-ref", "expected the name of a key; did you mean image-node-ref?"},
        {"package-registry-proxy-yarn-ulr",
         "expected the name of a key; did you mean package-registry-proxy-yarn-url?"},
        {"webapp.pkg-npm-ur", "expected the name of a key; did you mean webapp.pkg-npm-url?"},
        {"mi.pkg-maven-ur", "expected the name of a key; did you mean mi.pkg-maven-url?"},
        {"pkg-haskell-stackage-url", "expected the name of a key, but none is called so"},
        {"pkg-npm-url.backup", "expected the name of a key, but none is called so"},
        {"webap.pkg-npm-url",
         "expected a strategy (buildpack, ballerina, mi, webapp, prism, test-runner, byoc) before "
         "the dot; did you mean webapp.pkg-npm-url?"},
        {"x.y.oci-nonsense",
         "expected a strategy (buildpack, ballerina, mi, webapp, prism, test-runner, byoc) before "
         "the dot"},
        {"testrunner.mirror-ca",
         "expected a strategy (buildpack, ballerina, mi, webapp, prism, test-runner, byoc) before "
         "the dot; did you mean test-runner.mirror-ca?"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        keydir_put(cases[i].file, "secret-value");
        autokeys *keys = read_as(STRATEGY_WEBAPP);
        char sentence[512];
        snprintf(sentence, sizeof(sentence), "%s: %s", cases[i].file, cases[i].sentence);
        assert_problem(keys, cases[i].file, sentence, true);
        assert_int_equal(unlink(keydir_path(cases[i].file)), 0);
    }
}

static void strange_names_stay_on_one_line(void **state)
{
    (void)state;
    keydir_put("pkg-\n\x1b\xc3\xbc x", "x");
    autokeys *keys = read_as(STRATEGY_NONE);
    assert_problem(keys, "pkg-\n\x1b\xc3\xbc x",
                   "pkg-?????x: expected the name of a key, but none is called so", true);
}

static void the_longest_name_is_no_trouble(void **state)
{
    (void)state;
    char name[256] = "pkg-", scoped[256] = "";
    memset(name + 4, 'a', 251);
    memset(scoped, 'b', 243);
    memcpy(scoped + 243, ".pkg-npm-url", 13);
    keydir_put(name, "x");
    keydir_put(scoped, "x");
    autokeys *keys = read_as(STRATEGY_NONE);
    assert_int_equal(problem_count(keys), 2);
}

static void bad_values_are_reported(void **state)
{
    (void)state;
    assert_bad_value("pkg-npm-url", "nexus", "pkg-npm-url: expected an http or https URL");
    assert_bad_value("pkg-npm-url", "https://u:hidden@h/?q",
                     "pkg-npm-url: expected a URL without a query (?) or fragment (#)");
    assert_bad_value("pkg-npm-url", "https://h/\nx",
                     "pkg-npm-url: expected text without control characters, such as a newline or "
                     "NUL inside");
    assert_bad_value("oci-dockerhub-url", "https://h/x",
                     "oci-dockerhub-url: expected a bare registry host such as "
                     "nexus.example.com/dockerhub-proxy, without https://");
    assert_bad_value("allow-package-registry-proxy", "maybe",
                     "allow-package-registry-proxy: expected true or false (1, t, T, TRUE, true, "
                     "True or 0, f, F, FALSE, false, False)");
    keydir_put("mirror-ca", "no certificate");
    autokeys *keys = read_as(STRATEGY_NONE);
    assert_true(keys_bad(keys, "mirror-ca"));
    assert_int_equal(problem_count(keys), 1);
}

static void secrets_are_not_in_sentences(void **state)
{
    (void)state;
    keydir_put("pkg-npm-url", "https://nexus.example.com/");
    keydir_put_bytes("pkg-npm-token", "hidden\0hidden", 13);
    autokeys *keys = read_as(STRATEGY_NONE);
    assert_true(keys_bad(keys, "pkg-npm-token"));
    assert_problem(keys, "pkg-npm-token",
                   "pkg-npm-token: expected text without control characters, such as a newline or "
                   "NUL inside",
                   false);
}

static void unreadable_files_are_reported(void **state)
{
    (void)state;
    assert_int_equal(mkdir(keydir_path("pkg-npm-url"), 0700), 0);
    assert_int_equal(mkfifo(keydir_path("pkg-go-url"), 0600), 0);
    keydir_link("nowhere", "pkg-maven-url");
    keydir_link("pkg-python-url", "pkg-python-url");
    keydir_link("/proc/self/mem", "pkg-nuget-url"); /* opens, but offset 0 cannot be read */
    keydir_link("/dev/zero", "pkg-cargo-url");
    autokeys *keys = read_as(STRATEGY_NONE);
    static const char *const sentences[] = {
        "pkg-npm-url: expected a regular file (Is a directory)",
        "pkg-maven-url: expected a file that can be read (No such file or directory)",
        "pkg-nuget-url: expected a file that can be read (Input/output error)",
        "pkg-python-url: expected a file that can be read (Too many levels of symbolic links)",
        "pkg-go-url: expected a regular file",
        "pkg-cargo-url: expected a regular file",
    };
    size_t count;
    const struct key_problem *problems = keys_problems(keys, &count);
    assert_int_equal(count, 6);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(problems[i].sentence, sentences[i]);
        assert_true(keys_bad(keys, problems[i].key));
    }
}

static void large_files_are_refused(void **state)
{
    (void)state;
    static char text[KEY_MAX + 1];
    memset(text, 'x', sizeof(text));
    keydir_put_bytes("github-token", text, KEY_MAX);
    keydir_put("github-url", "https://nexus.example.com/");
    keydir_put_bytes("ballerina-url", text, KEY_MAX + 1);
    autokeys *keys = read_as(STRATEGY_NONE);
    assert_int_equal(strlen(keys_get(keys, "github-token")), KEY_MAX);
    assert_problem(keys, "ballerina-url", "ballerina-url: expected a value of at most 64 KiB",
                   false);
}

static void directories_that_cannot_be_read(void **state)
{
    (void)state;
    struct keys *keys = (struct keys *)&keys;
    assert_int_equal(keys_read(keydir_path("absent"), STRATEGY_NONE, &keys), -ENOENT);
    assert_null(keys);
    keydir_put("file", "x");
    assert_int_equal(keys_read(keydir_path("file"), STRATEGY_NONE, &keys), -ENOTDIR);
    autokeys *empty = read_as(STRATEGY_NONE);
    assert_non_null(empty);
}

static void others_can_report_too(void **state)
{
    (void)state;
    autokeys *keys = read_as(STRATEGY_NONE);
    keys_report(keys, "mirror-ca", "expected %d certificates", 2);
    assert_problem(keys, "mirror-ca", "mirror-ca: expected 2 certificates", false);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, keydir_setup, keydir_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_values_as_they_are),
        TEST(empty_files_are_unset),
        TEST(the_strategy_comes_first),
        TEST(a_bad_strategy_key_does_not_fall_back),
        TEST(a_strategy_does_not_see_what_it_does_not_use),
        TEST(follows_the_links_of_a_secret_mount),
        TEST(other_files_are_ignored),
        TEST(unknown_keys_are_reported),
        TEST(strange_names_stay_on_one_line),
        TEST(the_longest_name_is_no_trouble),
        TEST(bad_values_are_reported),
        TEST(secrets_are_not_in_sentences),
        TEST(unreadable_files_are_reported),
        TEST(large_files_are_refused),
        TEST(directories_that_cannot_be_read),
        TEST(others_can_report_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
