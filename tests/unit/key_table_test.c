/* Tests of the key table, the support matrix, and mistakes between keys. */
#include "shunt/keys.h"

#include "keydir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void knows_every_key_of_the_documents(void **state)
{
    (void)state;
    static const char *const with_credentials[] = {
        "pkg-npm",    "pkg-maven", "pkg-gradle",     "pkg-nuget",
        "pkg-python", "pkg-go",    "pkg-composer",   "pkg-rubygems",
        "pkg-cargo",  "pkg-gosum", "oci-dockerhub",  "pkg-gradle-dist",
        "oci-choreo", "ballerina", "oci-buildpacks", "github",
    };
    static const char *const others[] = {
        "image-node-ref",
        "image-nginx-ref",
        "image-prism-ref",
        "image-golang-ref",
        "image-buildpacks-run-ref",
        "image-buildpacks-lifecycle-ref",
        "mirror-ca",
        "image-buildpacks-builder-ref",
    };
    static const char *const suffixes[] = {"-url", "-username", "-password", "-token"};
    for (size_t i = 0; i < sizeof(with_credentials) / sizeof(with_credentials[0]); i++) {
        for (size_t j = 0; j < 4; j++) {
            char name[64];
            snprintf(name, sizeof(name), "%s%s", with_credentials[i], suffixes[j]);
            const struct key_info *info = key_find(name);
            assert_non_null(info);
            assert_true(j < 2 || info->kind == KEY_SECRET);
        }
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_non_null(key_find(others[i]));
    assert_null(key_find("pkg-nmp-url"));
}

static void aliases_stand_for_keys(void **state)
{
    (void)state;
    static const char *const aliases[][2] = {
        {"npm", "pkg-npm-url"},     {"yarn", "pkg-npm-url"},        {"pnpm", "pkg-npm-url"},
        {"gomod", "pkg-go-url"},    {"gomod-sum", "pkg-gosum-url"}, {"pip", "pkg-python-url"},
        {"cargo", "pkg-cargo-url"}, {"bundler", "pkg-rubygems-url"}};
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        char name[64];
        snprintf(name, sizeof(name), "package-registry-proxy-%s-url", aliases[i][0]);
        const struct key_info *info = key_find(name);
        assert_non_null(info);
        assert_string_equal(info->alias, aliases[i][1]);
        assert_int_equal(info->strategies, key_find(aliases[i][1])->strategies);
    }
    assert_int_equal(key_find("allow-package-registry-proxy")->kind, KEY_BOOL);
    assert_int_equal(key_find("enable-package-registry-proxy")->kind, KEY_BOOL);
}

static void the_table_is_sound(void **state)
{
    (void)state;
    size_t count;
    const struct key_info *table = key_table(&count);
    assert_true(count > 70);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(key_find(table[i].name), &table[i]); /* no name twice */
        assert_true(table[i].strategies & 1u << STRATEGY_NONE);
        assert_true(table[i].owner[0] && table[i].meaning[0]);
        assert_true(!table[i].alias || key_find(table[i].alias));
    }
}

/* The strategies that use a key, as a string with one letter each:
 * b(u)ildpack, ba(l)lerina, (m)i, (w)ebapp, (p)rism, (t)est-runner, by(o)c. */
static void follows_the_support_matrix(void **state)
{
    (void)state;
    static const char letters[] = "-ulmwpto";
    static const char *const matrix[][2] = {
        {"pkg-npm-url", "uwt"},
        {"pkg-npm-token", "uwt"},
        {"pkg-maven-url", "ulm"},
        {"pkg-maven-password", "ulm"},
        {"pkg-gradle-url", "ul"},
        {"pkg-gradle-dist-url", "ul"},
        {"pkg-nuget-url", "ul"},
        {"pkg-python-url", "ul"},
        {"pkg-go-url", "ul"},
        {"pkg-gosum-url", "ul"},
        {"pkg-composer-url", "ul"},
        {"pkg-rubygems-username", "ul"},
        {"pkg-cargo-url", "u"},
        {"oci-dockerhub-url", "uwto"},
        {"oci-choreo-url", "uwp"},
        {"oci-buildpacks-url", "ulm"},
        {"image-node-ref", "wt"},
        {"image-nginx-ref", "w"},
        {"image-prism-ref", "p"},
        {"image-golang-ref", "p"},
        {"image-buildpacks-run-ref", "ul"},
        {"image-buildpacks-lifecycle-ref", "ulm"},
        {"image-buildpacks-builder-ref", "ulm"},
        {"mirror-ca", "ulmwpto"},
        {"github-url", "ulmwpto"},
        {"ballerina-token", "ulmwpto"},
        {"allow-package-registry-proxy", "ulmwpto"},
    };
    for (size_t i = 0; i < sizeof(matrix) / sizeof(matrix[0]); i++) {
        const struct key_info *info = key_find(matrix[i][0]);
        for (int s = STRATEGY_NONE + 1; s < STRATEGY_COUNT; s++)
            if (!(info->strategies & 1u << s) != !strchr(matrix[i][1], letters[s]))
                fail_msg("%s in %s", matrix[i][0], strategy_name((enum strategy)s));
    }
}

static void names_of_strategies(void **state)
{
    (void)state;
    enum strategy strategy;
    for (int s = STRATEGY_NONE; s < STRATEGY_COUNT; s++) {
        assert_int_equal(strategy_parse(strategy_name((enum strategy)s), &strategy), 0);
        assert_int_equal(strategy, s);
        assert_non_null(strstr(strategy_list(), strategy_name((enum strategy)s)));
    }
    assert_int_equal(strategy_parse(NULL, &strategy), 0);
    assert_int_equal(strategy, STRATEGY_NONE);
    assert_int_equal(strategy_parse("webap", &strategy), -1);
    assert_int_equal(strategy_parse("Webapp", &strategy), -1);
    assert_string_equal(strategy_name(STRATEGY_COUNT), "");
}

/* The files ("name=value", NULL-terminated) make one mistake with this sentence, or none. */
static void check_pairs(enum strategy strategy, const char *sentence, const char *const files[])
{
    keydir_setup(NULL);
    for (size_t i = 0; files[i]; i++) {
        char name[64];
        const char *value = strchr(files[i], '=') + 1;
        snprintf(name, sizeof(name), "%.*s", (int)(value - 1 - files[i]), files[i]);
        keydir_put(name, value);
    }
    struct keys *keys;
    assert_int_equal(keys_read(keydir, strategy, &keys), 0);
    size_t count;
    const struct key_problem *problems = keys_problems(keys, &count);
    if (count != (sentence ? 1 : 0))
        fail_msg("%zu mistakes where expected: %s", count, sentence ? sentence : "none");
    if (sentence) {
        assert_string_equal(problems[0].sentence, sentence);
        assert_false(problems[0].unknown);
    }
    keys_free(keys);
    keydir_teardown(NULL);
}

#define FILES(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
#define URL     "pkg-maven-url=https://h/"
#define USER    "pkg-maven-username=u"
#define PASS    "pkg-maven-password=p"
#define TOKEN   "pkg-maven-token=t"
#define ALONE   " beside it: credentials alone route nothing"
#define IN_NONE STRATEGY_NONE

static void credentials_come_in_pairs(void **state)
{
    (void)state;
    check_pairs(IN_NONE, NULL, FILES(URL));
    check_pairs(IN_NONE, NULL, FILES(URL, USER, PASS));
    check_pairs(IN_NONE, NULL, FILES(URL, TOKEN));
    check_pairs(IN_NONE, "pkg-maven-username: expected the key pkg-maven-password beside it",
                FILES(URL, USER));
    check_pairs(IN_NONE, "pkg-maven-password: expected the key pkg-maven-username beside it",
                FILES(URL, PASS));
    check_pairs(IN_NONE, "pkg-maven-username: expected the key pkg-maven-password beside it",
                FILES(URL, USER, "pkg-maven-password=\n"));
    check_pairs(STRATEGY_MI, "mi.pkg-maven-username: expected the key pkg-maven-password beside it",
                FILES(URL, "mi.pkg-maven-username=u"));
    check_pairs(IN_NONE, "oci-choreo-password: expected the key oci-choreo-username beside it",
                FILES("oci-choreo-url=h", "oci-choreo-password=p"));
}

static void a_token_wins(void **state)
{
    (void)state;
    static const char password[] =
        "pkg-maven-password: expected no password beside pkg-maven-token, which is used";
    check_pairs(IN_NONE, password, FILES(URL, USER, PASS, TOKEN));
    check_pairs(IN_NONE, password, FILES(URL, PASS, TOKEN));
    check_pairs(IN_NONE,
                "pkg-maven-username: expected no user name beside pkg-maven-token, which is used",
                FILES(URL, USER, TOKEN));
}

static void credentials_need_a_url(void **state)
{
    (void)state;
    check_pairs(IN_NONE, "pkg-maven-token: expected the key pkg-maven-url" ALONE, FILES(TOKEN));
    check_pairs(IN_NONE, "pkg-maven-username: expected the key pkg-maven-url" ALONE,
                FILES(USER, PASS));
    check_pairs(IN_NONE, "github-password: expected the key github-url" ALONE,
                FILES("github-password=p"));
    check_pairs(IN_NONE, "pkg-maven-token: expected the key pkg-maven-url" ALONE,
                FILES("pkg-maven-url=", TOKEN));
    /* an alias is a URL too, and so is one for another strategy beside credentials for all */
    check_pairs(IN_NONE, NULL,
                FILES("package-registry-proxy-yarn-url=https://h/", "pkg-npm-token=t"));
    check_pairs(STRATEGY_BUILDPACK, NULL, FILES("mi.pkg-maven-url=https://h/", TOKEN));
    /* a strategy that uses no Maven does not care */
    check_pairs(STRATEGY_WEBAPP, NULL, FILES(TOKEN));
}

static void null_is_an_empty_set(void **state)
{
    (void)state;
    assert_null(keys_get(NULL, "pkg-npm-url"));
    assert_null(keys_origin(NULL, "pkg-npm-url"));
    assert_false(keys_bad(NULL, "pkg-npm-url"));
    size_t count = 1;
    assert_null(keys_problems(NULL, &count));
    assert_int_equal(count, 0);
    keys_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_every_key_of_the_documents),
        cmocka_unit_test(aliases_stand_for_keys),
        cmocka_unit_test(the_table_is_sound),
        cmocka_unit_test(follows_the_support_matrix),
        cmocka_unit_test(names_of_strategies),
        cmocka_unit_test(null_is_an_empty_set),
        cmocka_unit_test(credentials_come_in_pairs),
        cmocka_unit_test(a_token_wins),
        cmocka_unit_test(credentials_need_a_url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
