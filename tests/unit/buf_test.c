/* Tests of the bounded buffer. */
#include "shunt/buf.h"
#include "shunt/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void starts_empty(void **state)
{
    (void)state;
    autobuf b = BUF_INIT(10);
    assert_string_equal(buf_text(&b), "");
    assert_int_equal(buf_append(&b, NULL, 0), 0);
    assert_string_equal(buf_text(&b), "");
    assert_int_equal(b.len, 0);
}

static void appends_of_all_kinds_add_up(void **state)
{
    (void)state;
    autobuf b = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(buf_append(&b, "a\0b", 3), 0);
    assert_int_equal(buf_puts(&b, "cd"), 0);
    assert_int_equal(buf_printf(&b, "-%d-%s", 42, "x"), 0);
    assert_int_equal(b.len, 10);
    assert_memory_equal(b.data, "a\0bcd-42-x", 11);
}

static void grows_far(void **state)
{
    (void)state;
    autobuf b = BUF_INIT(BUF_MAX_TEXT);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(buf_append(&b, "0123456789", 10), 0);
    assert_int_equal(b.len, 1000000);
    assert_true(b.cap <= BUF_MAX_TEXT + 1);
    assert_memory_equal(b.data + 999990, "0123456789", 11);
}

static void holds_exactly_its_maximum(void **state)
{
    (void)state;
    autobuf b = BUF_INIT(5);
    assert_int_equal(buf_puts(&b, "12345"), 0);
    assert_string_equal(buf_text(&b), "12345");
    assert_int_equal(buf_puts(&b, ""), 0);
}

static void fails_for_good_above_its_maximum(void **state)
{
    (void)state;
    autobuf b = BUF_INIT(5);
    buf_puts(&b, "123");
    assert_int_equal(buf_puts(&b, "456"), -1);
    assert_true(b.failed);
    assert_null(b.data);
    assert_int_equal(buf_puts(&b, "1"), -1);
    assert_int_equal(buf_printf(&b, "%d", 1), -1);
    assert_string_equal(buf_text(&b), "");
    assert_null(buf_steal(&b));
}

static void printf_fails_above_its_maximum(void **state)
{
    (void)state;
    autobuf b = BUF_INIT(5);
    assert_int_equal(buf_printf(&b, "%s", "123456"), -1);
    assert_true(b.failed);
}

static void huge_lengths_do_not_wrap(void **state)
{
    (void)state;
    autobuf b = BUF_INIT(8);
    buf_puts(&b, "x");
    assert_int_equal(buf_append(&b, "y", SIZE_MAX), -1);
    assert_true(b.failed);
}

static void is_usable_after_free(void **state)
{
    (void)state;
    autobuf b = BUF_INIT(2);
    buf_puts(&b, "123");
    buf_free(&b);
    assert_int_equal(buf_puts(&b, "12"), 0);
    assert_string_equal(buf_text(&b), "12");
}

static void steal_leaves_it_empty(void **state)
{
    (void)state;
    autobuf b = BUF_INIT(9);
    buf_puts(&b, "abc");
    autofree char *text = buf_steal(&b);
    assert_string_equal(text, "abc");
    assert_string_equal(buf_text(&b), "");
    assert_int_equal(buf_puts(&b, "d"), 0);
    autofree char *again = buf_steal(&b);
    assert_string_equal(again, "d");
    autofree char *nothing = buf_steal(&b);
    assert_string_equal(nothing, "");
}

/* A pipe that holds `text`, ready to be read to its end. */
static int pipe_with(const char *text)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    close(ends[1]);
    return ends[0];
}

static void reads_a_descriptor_to_its_end(void **state)
{
    (void)state;
    autobuf b = BUF_INIT(100);
    autoclose int fd = pipe_with("world");
    buf_puts(&b, "hello ");
    assert_int_equal(buf_read_fd(&b, fd), 0);
    assert_string_equal(buf_text(&b), "hello world");
    autoclose int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(buf_read_fd(&b, null), 0);
    assert_int_equal(b.len, 11);
}

static void read_stops_at_the_maximum(void **state)
{
    (void)state;
    autobuf exact = BUF_INIT(5), small = BUF_INIT(4), endless = BUF_INIT(100000);
    autoclose int a = pipe_with("12345"), c = pipe_with("12345");
    assert_int_equal(buf_read_fd(&exact, a), 0);
    assert_int_equal(buf_read_fd(&small, c), -1);
    assert_int_equal(errno, EFBIG);
    assert_true(small.failed);
    autoclose int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    assert_int_equal(buf_read_fd(&endless, zero), -1);
    assert_int_equal(errno, EFBIG);
}

static void read_reports_errors(void **state)
{
    (void)state;
    autobuf b = BUF_INIT(100);
    assert_int_equal(buf_read_fd(&b, -1), -1);
    assert_int_equal(errno, EBADF);
    autobuf failed = BUF_INIT(1);
    buf_puts(&failed, "12");
    autoclose int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(buf_read_fd(&failed, null), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_empty),
        cmocka_unit_test(appends_of_all_kinds_add_up),
        cmocka_unit_test(grows_far),
        cmocka_unit_test(holds_exactly_its_maximum),
        cmocka_unit_test(fails_for_good_above_its_maximum),
        cmocka_unit_test(printf_fails_above_its_maximum),
        cmocka_unit_test(huge_lengths_do_not_wrap),
        cmocka_unit_test(is_usable_after_free),
        cmocka_unit_test(steal_leaves_it_empty),
        cmocka_unit_test(reads_a_descriptor_to_its_end),
        cmocka_unit_test(read_stops_at_the_maximum),
        cmocka_unit_test(read_reports_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
