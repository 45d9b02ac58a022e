/* One request -> one answer, with a table made up for it. */
#define _GNU_SOURCE
#include "broker_double.h"

#include <errno.h>

#include "../../shim/broker/answer.h"
#include "scratch.h"
#include "shunt/cleanup.h"

#define RUNTIME "/run/shunt"

static struct double_settings settings;
static struct answerer answerer;

static int setup(void **state)
{
    double_init(&settings, ROUTE_MIRROR, ROUTE_CLOSED, NULL);
    answerer = (struct answerer){.settings = &settings.settings,
                                 .table = double_table,
                                 .runtime_dir = RUNTIME,
                                 .masters = masters_new()};
    answer_prepare(&answerer);
    setenv("HOME", "/home/of-the-test", 1);
    return answerer.masters ? scratch_setup(state) : -1;
}

static int teardown(void **state)
{
    masters_free(answerer.masters);
    return scratch_teardown(state);
}

static struct answer ask(uint32_t row, const char *path)
{
    const struct request request = {.op = PROTOCOL_FILE,
                                    .row = row,
                                    .path = path,
                                    .arguments = "alpha\0install",
                                    .arguments_len = sizeof "alpha\0install"};
    return answer_file(&answerer, &request, getpid());
}

static void assert_served(struct answer answer, const char *part)
{
    char text[2048] = "";
    autoclose int fd = answer.fd;
    assert_int_equal(answer.status, PROTOCOL_OK);
    assert_true(read(fd, text, sizeof text - 1) > 0);
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static void assert_status(struct answer answer, enum protocol_status status, int error)
{
    assert_int_equal(answer.status, status);
    assert_int_equal(answer.error, error);
    assert_int_equal(answer.fd, -1);
}

static void test_renders_with_what_is_known(void **state)
{
    (void)state;
    scratch_put(".alpharc", "user=1");
    assert_served(ask(ROW_ALPHARC, scratch_path(".alpharc")), "text user=1");
    assert_served(ask(ROW_ALPHARC, scratch_path(".alpharc")), "exists 1");
    assert_served(ask(ROW_ALPHARC, scratch_path(".alpharc")), "argument alpha\nargument install\n");
    assert_served(ask(ROW_ALPHARC, "/nowhere/.alpharc"), "exists 0\n");
    assert_served(ask(ROW_VIRTUAL, RUNTIME "/alpha/x"), "path " RUNTIME "/alpha/x\n");
}

static void test_follows_the_renderer(void **state)
{
    (void)state;
    scratch_put(".alpharc", "real");
    assert_status(ask(ROW_ALPHARC, scratch_path(".alpharc")), PROTOCOL_REAL, 0);
    scratch_put(".alpharc", "fail");
    assert_status(ask(ROW_ALPHARC, scratch_path(".alpharc")), PROTOCOL_FAILED, EIO);
}

static void test_leaves_what_it_cannot_read(void **state)
{
    (void)state;
    assert_int_equal(mkdir(scratch_path(".alpharc"), 0700), 0);
    assert_status(ask(ROW_ALPHARC, scratch_path(".alpharc")), PROTOCOL_REAL, 0);
}

static void test_rows_out_of_force(void **state)
{
    (void)state;
    assert_status(ask(ROW_PEM, "/a.pem"), PROTOCOL_REAL, 0); /* no CA */
    assert_status(ask(ROW_COUNT, "/a.pem"), PROTOCOL_FAILED, EPROTO);
    settings.routes[0].state = ROUTE_PUBLIC;
    assert_status(ask(ROW_ALPHARC, "/.alpharc"), PROTOCOL_REAL, 0);
}

static void test_usage(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        autoclose int fd = ask(ROW_ALPHARC, "/.alpharc").fd;
        assert_true(fd >= 0);
    }
    scratch_put("x.beta", "real");
    assert_status(ask(ROW_BETA, scratch_path("x.beta")), PROTOCOL_REAL, 0);
    assert_int_equal(answerer.usage_count, 3);
    assert_string_equal(answerer.usage[0].ecosystem, "alpha");
    assert_string_equal(answerer.usage[0].mirror, "mirror.example:8443");
    assert_int_equal(answerer.usage[0].flags, PROTOCOL_USAGE_CREDENTIALS);
    assert_int_equal(answerer.usage[0].files, 3);
    assert_int_equal(answerer.usage[1].flags, PROTOCOL_USAGE_CLOSED);
    assert_int_equal(answerer.usage[1].files, 0);
    assert_string_equal(answerer.usage[2].mirror, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_renders_with_what_is_known, setup, teardown),
        cmocka_unit_test_setup_teardown(test_follows_the_renderer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_leaves_what_it_cannot_read, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rows_out_of_force, setup, teardown),
        cmocka_unit_test_setup_teardown(test_usage, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
