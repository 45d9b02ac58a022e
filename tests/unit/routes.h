/* Settings read from a key directory, and what may be claimed about their routes. For tests. */
#ifndef SHUNT_TESTS_ROUTES_H
#define SHUNT_TESTS_ROUTES_H

#include "shunt/settings.h"

#include "keydir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct settings *settings; /* of the running test */

static inline int setup(void **state)
{
    settings = NULL;
    return keydir_setup(state);
}

static inline int teardown(void **state)
{
    settings_free(settings);
    return keydir_teardown(state);
}

static inline void read_as(const char *strategy, const char *user_switch)
{
    char *error = NULL;
    settings_free(settings);
    const struct settings_input input = {
        .key_dir = keydir, .strategy = strategy, .user_switch = user_switch};
    if (settings_read(&input, &settings, &error))
        fail_msg("%s", error);
    assert_null(error);
}

static inline size_t mistakes(void)
{
    size_t count;
    keys_problems(settings->keys, &count);
    return count;
}

static inline void assert_public(const char *ecosystem)
{
    const struct route *route = settings_route(settings, ecosystem);
    assert_int_equal(route->state, ROUTE_PUBLIC);
    assert_null(route->url);
    assert_null(route->origin);
    assert_false(route_has_credentials(route));
}

static inline void assert_closed(const char *ecosystem, const char *label, const char *origin)
{
    const struct route *route = settings_route(settings, ecosystem);
    char url[256];
    snprintf(url, sizeof(url), "https://%s-is-unusable.invalid/", label);
    assert_int_equal(route->state, ROUTE_CLOSED);
    assert_string_equal(route->url, url);
    assert_string_equal(route->origin, origin);
    assert_false(route_has_credentials(route));
    assert_false(settings->off);
}

static inline void assert_mirror(const char *ecosystem, const char *url, const char *origin)
{
    const struct route *route = settings_route(settings, ecosystem);
    assert_int_equal(route->state, ROUTE_MIRROR);
    assert_string_equal(route->url, url);
    assert_string_equal(route->origin, origin);
    assert_false(settings->off);
}

static inline void assert_basic(const char *ecosystem, const char *username, const char *password)
{
    const struct route *route = settings_route(settings, ecosystem);
    assert_true(route_has_credentials(route));
    assert_string_equal(route->username, username);
    assert_string_equal(route->password, password);
    assert_null(route->token);
}

static inline void assert_anonymous(const char *ecosystem)
{
    const struct route *route = settings_route(settings, ecosystem);
    assert_false(route_has_credentials(route));
    assert_null(route->username);
    assert_null(route->password);
    assert_null(route->token);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
