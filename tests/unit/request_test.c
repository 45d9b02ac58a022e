/* The request decoder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../shim/broker/request.h"

/* A message with this path (its NUL included) and these bytes behind it. */
static size_t make(struct protocol_request *out, uint32_t op, const char *path, size_t path_len,
                   const char *arguments, size_t arguments_len)
{
    *out = (struct protocol_request){
        .magic = PROTOCOL_MAGIC, .op = op, .row = 7, .length = (uint32_t)path_len};
    memcpy(out->path, path, path_len);
    memcpy(out->path + path_len, arguments, arguments_len);
    return PROTOCOL_REQUEST_HEAD + path_len + arguments_len;
}

static void test_file(void **state)
{
    (void)state;
    struct protocol_request message;
    struct request request;
    size_t len = make(&message, PROTOCOL_FILE, "/a/b", 5, "npm\0ci", 7);
    assert_int_equal(request_decode(&message, len, &request), 0);
    assert_int_equal(request.op, PROTOCOL_FILE);
    assert_int_equal(request.row, 7);
    assert_string_equal(request.path, "/a/b");
    assert_int_equal(request.arguments_len, 7);
    assert_memory_equal(request.arguments, "npm\0ci", 7);
    len = make(&message, PROTOCOL_FILE, "/a/b", 5, "", 0);
    assert_int_equal(request_decode(&message, len, &request), 0);
    assert_int_equal(request.arguments_len, 0);
}

static void test_without_a_path(void **state)
{
    (void)state;
    struct protocol_request message;
    struct request request;
    static const uint32_t ops[] = {PROTOCOL_PING, PROTOCOL_USAGE};
    for (int i = 0; i < 2; i++) {
        size_t len = make(&message, ops[i], "", 0, "", 0);
        assert_int_equal(request_decode(&message, len, &request), 0);
        assert_int_equal(request.op, ops[i]);
        len = make(&message, ops[i], "", 0, "x", 1);
        assert_int_equal(request_decode(&message, len, &request), -1);
    }
}

static void test_longest(void **state)
{
    (void)state;
    struct protocol_request message;
    struct request request;
    static char path[PROTOCOL_PATH_MAX], arguments[PROTOCOL_ARGUMENTS_MAX];
    memset(path, 'x', sizeof path - 1);
    path[0] = '/';
    size_t len = make(&message, PROTOCOL_FILE, path, sizeof path, arguments, sizeof arguments);
    assert_int_equal(len, sizeof message);
    assert_int_equal(request_decode(&message, len, &request), 0);
    assert_int_equal(request_decode(&message, len + 1, &request), -1);
    message.length++;
    assert_int_equal(request_decode(&message, len, &request), -1);
    message.length -= 2; /* the arguments would begin one byte earlier and be one too many */
    assert_int_equal(request_decode(&message, len, &request), -1);
}

static void assert_refused(uint32_t op, const char *path, size_t path_len)
{
    struct protocol_request message;
    struct request request;
    size_t len = make(&message, op, path, path_len, "", 0);
    assert_int_equal(request_decode(&message, len, &request), -1);
}

static void test_refused(void **state)
{
    (void)state;
    struct protocol_request message;
    struct request request;
    assert_refused(PROTOCOL_FILE, "", 0);
    assert_refused(PROTOCOL_FILE, "", 1);
    assert_refused(PROTOCOL_FILE, "relative", 9);
    assert_refused(PROTOCOL_FILE, "/open", 5);
    assert_refused(PROTOCOL_FILE, "/in\0side", 9);
    assert_refused(0, "/a", 3);
    assert_refused(4, "/a", 3);
    size_t len = make(&message, PROTOCOL_FILE, "/a", 3, "", 0);
    for (size_t cut = 0; cut < len; cut++)
        assert_int_equal(request_decode(&message, cut, &request), -1);
    message.magic ^= 1;
    assert_int_equal(request_decode(&message, len, &request), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_without_a_path),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
