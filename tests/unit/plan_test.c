/* The plan writer, the rows behind it, and the choice of a row for a path. */
#include "broker_double.h"

#include <stdlib.h>

#include "../../shim/broker/plan_writer.h"
#include "../../shim/broker/rows.h"
#include "shunt/broker.h"

#define RUNTIME "/run/user/0/shunt"

static const struct plan *plan_of(const struct buf *bytes)
{
    return (const struct plan *)(const void *)bytes->data;
}

static const char *text_in(const struct plan *plan, struct plan_text text)
{
    const char *at = (const char *)plan + text.offset;
    assert_true(text.offset >= sizeof *plan && text.offset + text.length < plan->size);
    assert_int_equal(strlen(at), text.length);
    return at;
}

static const struct plan_file *files_in(const struct plan *plan)
{
    assert_int_equal(plan->files % 4, 0);
    return (const void *)((const char *)plan + plan->files);
}

static bool has_tail(const struct plan *plan, const char *path)
{
    uint32_t bit = plan_tail_bit(path + strlen(path) - 3);
    return plan->tails[bit / 64] >> (bit % 64) & 1;
}

static void write_double(enum route_state alpha, enum route_state beta, const char *ca,
                         struct buf *out)
{
    struct double_settings settings;
    double_init(&settings, alpha, beta, ca);
    assert_int_equal(plan_write_table(&settings.settings, double_table, RUNTIME, out), 0);
    assert_int_equal(plan_of(out)->size, out->len);
    assert_int_equal(plan_of(out)->magic, PLAN_MAGIC);
    assert_int_equal(plan_of(out)->version, PLAN_VERSION);
}

static void test_files_in_table_order(void **state)
{
    (void)state;
    autobuf bytes = BUF_INIT(PLAN_MAX);
    write_double(ROUTE_MIRROR, ROUTE_CLOSED, "pem", &bytes);
    const struct plan *plan = plan_of(&bytes);
    const struct plan_file *files = files_in(plan);
    static const char *const texts[] = {"/.alpharc", RUNTIME "/alpha/", "ALPHA_CONFIG", ".beta",
                                        ".pem"};
    assert_int_equal(plan->file_count, ROW_COUNT);
    for (uint32_t i = 0; i < ROW_COUNT; i++) {
        assert_int_equal(files[i].row, i);
        assert_string_equal(text_in(plan, files[i].text), texts[i]);
    }
    assert_int_equal(files[ROW_VIRTUAL].match, PLAN_MATCH_PREFIX);
    assert_string_equal(text_in(plan, plan->socket), RUNTIME "/sock");
}

static void test_rows_keep_their_number(void **state)
{
    (void)state;
    autobuf bytes = BUF_INIT(PLAN_MAX);
    write_double(ROUTE_PUBLIC, ROUTE_MIRROR, NULL, &bytes);
    const struct plan *plan = plan_of(&bytes);
    assert_int_equal(plan->file_count, 1);
    assert_int_equal(files_in(plan)[0].row, ROW_BETA);
    assert_int_equal(plan->env_count, 0);
    assert_int_equal(plan->public_count, 0);
    assert_true(has_tail(plan, "/home/u/x.beta"));
}

static void test_tails(void **state)
{
    (void)state;
    autobuf bytes = BUF_INIT(PLAN_MAX);
    write_double(ROUTE_MIRROR, ROUTE_MIRROR, NULL, &bytes);
    const struct plan *plan = plan_of(&bytes);
    int bits = 0;
    for (int i = 0; i < 4; i++)
        bits += __builtin_popcountll(plan->tails[i]);
    assert_true(has_tail(plan, ".alpharc") && has_tail(plan, "x.beta"));
    assert_int_equal(bits, 2); /* not for virtual and named paths, not for trust without a CA */
}

static void test_variables_and_publics(void **state)
{
    (void)state;
    autobuf bytes = BUF_INIT(PLAN_MAX);
    write_double(ROUTE_MIRROR, ROUTE_MIRROR, "pem", &bytes);
    const struct plan *plan = plan_of(&bytes);
    const struct plan_env *env = (const void *)((const char *)plan + plan->envs);
    const struct plan_text *publics = (const void *)((const char *)plan + plan->publics);
    assert_int_equal(plan->env_count, 2);
    assert_string_equal(text_in(plan, env[0].name), "ALPHA_URL");
    assert_string_equal(text_in(plan, env[0].value), RUNTIME "/value");
    assert_int_equal(env[0].flags, PLAN_ENV_SET | PLAN_ENV_REPLACE);
    assert_string_equal(text_in(plan, env[0].when_name), "");
    assert_int_equal(env[0].first_public, 0);
    assert_int_equal(env[0].public_count, 2);
    assert_string_equal(text_in(plan, env[1].when_name), "ALPHA_MODE");
    assert_string_equal(text_in(plan, env[1].when_value), "x");
    assert_int_equal(plan->public_count, 2);
    assert_string_equal(text_in(plan, publics[0]), "https://registry.example.org");
    assert_string_equal(text_in(plan, publics[1]), "http://b.example");
}

static void test_refuses_what_cannot_be_found(void **state)
{
    (void)state;
    static const struct served_file files[] = {
        {PLAN_MATCH_SUFFIX, "rc", double_render, "too short"}, {.render = NULL}};
    static const struct ecosystem odd = {
        .name = "alpha", .url_key = "k", .public_urls = no_publics, .files = files, .env = no_env};
    static const struct ecosystem *const table[] = {&odd, NULL};
    struct double_settings settings;
    autobuf bytes = BUF_INIT(PLAN_MAX);
    double_init(&settings, ROUTE_MIRROR, ROUTE_MIRROR, NULL);
    assert_int_equal(plan_write_table(&settings.settings, table, RUNTIME, &bytes), -1);
}

static void test_the_product_fits(void **state)
{
    (void)state;
    struct settings settings = {.mirror_ca = (char *)(uintptr_t) "pem"};
    static char url[] = "https://mirror.example/";
    struct route routes[8];
    for (const struct ecosystem *const *at = ecosystem_table(); *at; at++)
        if ((*at)->url_key)
            routes[settings.route_count++] =
                (struct route){.ecosystem = (*at)->name, .state = ROUTE_MIRROR, .url = url};
    settings.routes = routes;
    autobuf bytes = BUF_INIT(PLAN_MAX);
    assert_int_equal(plan_write(&settings, RUNTIME, &bytes), 0);
    assert_true(plan_of(&bytes)->file_count > 0);
}

static void test_row_find(void **state)
{
    (void)state;
    struct row row;
    assert_true(row_find(double_table, ROW_PEM, &row));
    assert_ptr_equal(row.ecosystem, &double_trust);
    assert_ptr_equal(row.file, &trust_files[0]);
    assert_int_equal(row.place, 2);
    assert_false(row_find(double_table, ROW_COUNT, &row));
    assert_false(row_find(double_table, UINT32_MAX, &row));
}

static void test_row_of_path(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int row;
    } cases[] = {
        {"/home/u/.alpharc", ROW_ALPHARC},
        {".alpharc", ROW_ALPHARC},
        {"/home/u/x.alpharc", -1},
        {"alpharc", -1},
        {RUNTIME "/alpha/x", ROW_VIRTUAL},
        {RUNTIME "/alpha/", -1},
        {RUNTIME "x/alpha/y", -1},
        {"/other/alpha/x", -1},
        {"/etc/ssl/a.pem", ROW_PEM},
        {"/named.pem", ROW_NAMED},
        {"/x.beta", -1},
        {"", -1},
    };
    struct double_settings settings;
    double_init(&settings, ROUTE_MIRROR, ROUTE_PUBLIC, "pem");
    setenv("ALPHA_CONFIG", "/named.pem", 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct row row, expected;
        bool found = row_of_path(&settings.settings, double_table, cases[i].path, RUNTIME, &row);
        assert_int_equal(found, cases[i].row >= 0);
        if (found && row_find(double_table, (uint32_t)cases[i].row, &expected))
            assert_ptr_equal(row.file, expected.file);
    }
    unsetenv("ALPHA_CONFIG");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_in_table_order),
        cmocka_unit_test(test_rows_keep_their_number),
        cmocka_unit_test(test_tails),
        cmocka_unit_test(test_variables_and_publics),
        cmocka_unit_test(test_refuses_what_cannot_be_found),
        cmocka_unit_test(test_the_product_fits),
        cmocka_unit_test(test_row_find),
        cmocka_unit_test(test_row_of_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
