/* Tests of the second document's names: aliases, the administrator's flag, the user's switch. */
#include "routes.h"

#define ALLOW     "allow-package-registry-proxy"
#define ENABLE    "enable-package-registry-proxy"
#define NPM_ALIAS "package-registry-proxy-npm-url"
#define PIP_ALIAS "package-registry-proxy-pip-url"

static void put_dialect(const char *allow)
{
    keydir_put(NPM_ALIAS, "https://proxy.example/npm/");
    if (allow)
        keydir_put(ALLOW, allow);
}

static void aliases_need_the_administrator(void **state)
{
    (void)state;
    put_dialect(NULL);
    read_as(NULL, NULL);
    assert_public("npm");
    assert_true(settings->off);
    static const char *const off[] = {"", "\n", "false", "0", "f", "F", "FALSE", "False"};
    for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++) {
        put_dialect(off[i]);
        read_as(NULL, "true");
        assert_public("npm");
        assert_true(settings->off);
        assert_int_equal(mistakes(), 0);
    }
    static const char *const on[] = {"true\n", "1", "t", "T", "TRUE", "True"};
    for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++) {
        put_dialect(on[i]);
        read_as(NULL, NULL);
        assert_mirror("npm", "https://proxy.example/npm/", NPM_ALIAS);
        assert_string_equal(settings_route(settings, "npm")->key, "pkg-npm-url");
        assert_public("python");
    }
}

static void an_unreadable_flag_is_off(void **state)
{
    (void)state;
    put_dialect(NULL);
    keydir_link("nowhere", ALLOW);
    read_as(NULL, NULL);
    assert_public("npm");
    assert_int_equal(mistakes(), 1);
}

static void a_flag_that_is_no_bool_closes_alias_routes(void **state)
{
    (void)state;
    put_dialect("yes");
    keydir_put("pkg-maven-url", "https://h/m");
    read_as(NULL, "false");
    assert_closed("npm", ALLOW, ALLOW);
    assert_mirror("maven", "https://h/m", "pkg-maven-url");
    assert_public("python");
    assert_int_equal(mistakes(), 1);
}

static void the_user_can_switch_aliases_off(void **state)
{
    (void)state;
    put_dialect("true");
    read_as(NULL, "false");
    assert_public("npm");
    assert_true(settings->off);
    read_as(NULL, "1");
    assert_mirror("npm", "https://proxy.example/npm/", NPM_ALIAS);
    keydir_put(ENABLE, "false");
    read_as(NULL, NULL);
    assert_public("npm");
    assert_true(settings->off);
    read_as(NULL, "true"); /* the variable is the step's, the file everybody's */
    assert_mirror("npm", "https://proxy.example/npm/", NPM_ALIAS);
    keydir_put(ENABLE, "maybe");
    read_as(NULL, NULL);
    assert_closed("npm", ENABLE, ENABLE);
}

static void keys_of_the_first_document_are_independent(void **state)
{
    (void)state;
    put_dialect("false");
    keydir_put("pkg-npm-url", "https://own.example/");
    read_as(NULL, "false");
    assert_mirror("npm", "https://own.example/", "pkg-npm-url");
    put_dialect("true");
    read_as(NULL, NULL);
    assert_mirror("npm", "https://own.example/", "pkg-npm-url");
    keydir_put("pkg-npm-url", "nonsense");
    read_as(NULL, NULL);
    assert_closed("npm", "pkg-npm-url", "pkg-npm-url");
}

static void the_first_alias_counts(void **state)
{
    (void)state;
    keydir_put(ALLOW, "true");
    keydir_put("package-registry-proxy-pnpm-url", "https://pnpm.example/");
    keydir_put(PIP_ALIAS, "https://pip.example/simple");
    read_as(NULL, NULL);
    assert_mirror("npm", "https://pnpm.example/", "package-registry-proxy-pnpm-url");
    assert_mirror("python", "https://pip.example/simple", PIP_ALIAS);
    keydir_put("package-registry-proxy-yarn-url", "https://yarn.example/");
    read_as(NULL, NULL);
    assert_mirror("npm", "https://yarn.example/", "package-registry-proxy-yarn-url");
    keydir_put(NPM_ALIAS, "\n");
    read_as(NULL, NULL);
    assert_mirror("npm", "https://yarn.example/", "package-registry-proxy-yarn-url");
    keydir_put(NPM_ALIAS, "nonsense");
    read_as(NULL, NULL);
    assert_closed("npm", NPM_ALIAS, NPM_ALIAS);
    keydir_put(ALLOW, "false");
    read_as(NULL, NULL);
    assert_public("npm");
}

static void aliases_follow_strategies_and_take_credentials(void **state)
{
    (void)state;
    put_dialect("true");
    keydir_put("webapp." NPM_ALIAS, "https://webapp.example/");
    keydir_put("pkg-npm-token", "t");
    read_as("webapp", NULL);
    assert_mirror("npm", "https://webapp.example/", "webapp." NPM_ALIAS);
    assert_string_equal(settings_route(settings, "npm")->token, "t");
    assert_int_equal(mistakes(), 0);
    read_as("mi", NULL);
    assert_public("npm");
    assert_true(settings->off);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(aliases_need_the_administrator),
        TEST(an_unreadable_flag_is_off),
        TEST(a_flag_that_is_no_bool_closes_alias_routes),
        TEST(the_user_can_switch_aliases_off),
        TEST(keys_of_the_first_document_are_independent),
        TEST(the_first_alias_counts),
        TEST(aliases_follow_strategies_and_take_credentials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
