/* Master copies: identity, seals, times, bound. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "../../shim/broker/masters.h"
#include "shunt/cleanup.h"

static struct masters *masters;

static int setup(void **state)
{
    (void)state;
    masters = masters_new();
    return masters ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    masters_free(masters);
    return 0;
}

static struct stat status_of(const char *path, const char *text)
{
    struct stat st;
    autoclose int fd = masters_open(masters, path, text, strlen(text));
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &st), 0);
    return st;
}

static void test_reads_as_an_own_file(void **state)
{
    (void)state;
    char got[16] = "";
    struct stat st;
    autoclose int fd = masters_open(masters, "/a", "hello", 5);
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_mode, S_IFREG | 0600);
    assert_int_equal(st.st_uid, geteuid());
    assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    assert_int_equal(read(fd, got, sizeof got), 5);
    assert_string_equal(got, "hello");
}

static void test_same_text_is_the_same_file(void **state)
{
    (void)state;
    char got[8];
    struct stat one, two;
    autoclose int first = masters_open(masters, "/a", "text", 4);
    assert_int_equal(read(first, got, sizeof got), 4);
    autoclose int second = masters_open(masters, "/a", "text", 4);
    assert_int_equal(read(second, got, sizeof got), 4); /* its offset is its own */
    assert_true(fstat(first, &one) == 0 && fstat(second, &two) == 0);
    assert_int_equal(one.st_ino, two.st_ino);
    assert_int_equal(one.st_dev, two.st_dev);
}

static void test_other_text_is_another_file(void **state)
{
    (void)state;
    char got[8] = "";
    autoclose int before = masters_open(masters, "/a", "old!", 4);
    struct stat st = status_of("/a", "new!"), old;
    assert_int_equal(fstat(before, &old), 0);
    assert_int_not_equal(st.st_ino, old.st_ino);
    assert_int_equal(read(before, got, sizeof got), 4);
    assert_string_equal(got, "old!"); /* who has it open keeps it */
    assert_int_not_equal(status_of("/b", "new!").st_ino, status_of("/a", "new!").st_ino);
}

static void test_times_come_from_the_text(void **state)
{
    (void)state;
    struct stat a = status_of("/a", "text"), b = status_of("/b", "text"), c = status_of("/c", "x");
    assert_int_equal(a.st_mtim.tv_sec, b.st_mtim.tv_sec);
    assert_int_equal(a.st_mtim.tv_nsec, 0);
    assert_int_not_equal(a.st_mtim.tv_sec, c.st_mtim.tv_sec);
    assert_true(a.st_mtim.tv_sec > 0 && a.st_mtim.tv_sec < time(NULL));
}

static void test_cannot_be_changed(void **state)
{
    (void)state;
    char name[64];
    autoclose int fd = masters_open(masters, "/a", "text", 4);
    const int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
    assert_int_equal(fcntl(fd, F_GET_SEALS) & seals, seals);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    autoclose int writable = open(name, O_RDWR | O_CLOEXEC);
    assert_true(writable < 0 || (write(writable, "x", 1) < 0 && errno == EPERM));
    assert_true(writable < 0 || ftruncate(writable, 0) < 0);
}

static void test_empty_and_large(void **state)
{
    (void)state;
    size_t len = (size_t)1 << 20;
    autofree char *large = malloc(len);
    memset(large, 'x', len);
    assert_int_equal(status_of("/empty", "").st_size, 0);
    autoclose int one = masters_open(masters, "/large", large, len);
    large[len - 1] = 'y';
    autoclose int two = masters_open(masters, "/large", large, len);
    struct stat a, b;
    assert_true(fstat(one, &a) == 0 && fstat(two, &b) == 0);
    assert_int_equal(a.st_size, len);
    assert_int_not_equal(a.st_ino, b.st_ino);
}

static int open_descriptors(void)
{
    int count = 0;
    autodir DIR *list = opendir("/proc/self/fd");
    while (readdir(list))
        count++;
    return count;
}

static void test_is_bounded(void **state)
{
    (void)state;
    char path[32];
    int before = open_descriptors();
    struct stat first = status_of("/0", "0");
    for (int i = 1; i <= MASTERS_MAX + 10; i++) {
        snprintf(path, sizeof path, "/%d", i);
        status_of(path, path);
    }
    assert_int_equal(open_descriptors() - before, MASTERS_MAX);
    assert_int_not_equal(status_of("/0", "0").st_ino, first.st_ino);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reads_as_an_own_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_same_text_is_the_same_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_text_is_another_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_times_come_from_the_text, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cannot_be_changed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_empty_and_large, setup, teardown),
        cmocka_unit_test_setup_teardown(test_is_bounded, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
