/* The runtime directory and the seat in it. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/file.h>

#include "../../shim/broker/runtime.h"
#include "../../shim/broker/seat.h"
#include "scratch.h"
#include "shunt/broker.h"
#include "shunt/cleanup.h"
#include "shunt/plan.h"
#include "shunt/runtime.h"

static const struct settings_input input = {.key_dir = "/mnt/proxy-config"};

static int setup(void **state)
{
    int result = scratch_setup(state);
    setenv("SHUNT_RUNTIME", scratch, 1);
    return result;
}

static void user_directory(char *out, size_t size)
{
    snprintf(out, size, "%s/shunt-%lu", scratch, (unsigned long)geteuid());
}

static void assert_refused(const char *part)
{
    char *path = NULL;
    autofree char *error = NULL;
    assert_int_equal(runtime_open(&input, true, &path, &error), -1);
    assert_null(path);
    assert_non_null(error);
    assert_non_null(strstr(error, part));
}

static void test_is_made_private(void **state)
{
    (void)state;
    struct stat st;
    mode_t before = umask(0);
    autofree char *name = runtime_name(&input), *dir = runtime_dir(&input, true);
    umask(before);
    assert_non_null(dir);
    assert_string_equal(dir, name);
    assert_int_equal(stat(dir, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    char user[512];
    user_directory(user, sizeof user);
    assert_int_equal(stat(user, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    autofree char *again = runtime_dir(&input, false);
    assert_string_equal(again, dir);
}

static void test_is_not_made_unasked(void **state)
{
    (void)state;
    assert_null(runtime_dir(&input, false));
    assert_int_equal(errno, ENOENT);
}

static void test_identity(void **state)
{
    (void)state;
    const struct settings_input same = {.key_dir = "", .strategy = "", .credentials = ""};
    const struct settings_input other[] = {
        {.key_dir = "/other"},
        {.strategy = "webapp"},
        {.credentials = "config"},
        {.user_switch = "true"},
    };
    autofree char *name = runtime_name(&input), *same_name = runtime_name(&same);
    assert_string_equal(name, same_name);
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        autofree char *other_name = runtime_name(&other[i]);
        assert_string_not_equal(name, other_name);
    }
}

static void test_refuses_what_others_can_enter(void **state)
{
    (void)state;
    char user[512];
    user_directory(user, sizeof user);
    assert_int_equal(mkdir(user, 0700), 0);
    assert_int_equal(chmod(user, 0755), 0);
    assert_refused("must belong to the user and have mode 0700");
    assert_int_equal(chmod(user, 0700), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(user, 65534, 65534), 0);
        assert_refused("must belong to the user");
        assert_int_equal(chown(user, 0, 0), 0);
    }
}

static void test_refuses_links_and_files(void **state)
{
    (void)state;
    char user[512], target[512];
    user_directory(user, sizeof user);
    snprintf(target, sizeof target, "%s/target", scratch);
    assert_int_equal(mkdir(target, 0700), 0);
    assert_int_equal(symlink(target, user), 0);
    assert_refused("not a directory");
    assert_int_equal(unlink(user), 0);
    assert_int_equal(close(open(user, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
    assert_refused("not a directory");
}

static void test_refuses_bad_bases(void **state)
{
    (void)state;
    char path[300];
    memset(path, 'x', sizeof path - 1);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    setenv("SHUNT_RUNTIME", path, 1);
    assert_refused("SHUNT_RUNTIME must be an absolute path of at most");
    setenv("SHUNT_RUNTIME", "relative", 1);
    assert_refused("SHUNT_RUNTIME must be an absolute path");
    setenv("SHUNT_RUNTIME", "/nonexistent/base", 1);
    assert_refused("/nonexistent/base");
}

static struct seat seat_at(const struct settings_input *of, char **path)
{
    struct seat seat = SEAT_INIT;
    autofree char *error = NULL;
    seat.dir = runtime_open(of, true, path, &error);
    seat.path = *path;
    assert_true(seat.dir >= 0);
    return seat;
}

static bool is_alive(const char *path)
{
    char plan[512];
    snprintf(plan, sizeof plan, "%s/plan", path);
    autoclose int fd = open(plan, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

static void publish(struct seat *seat)
{
    struct plan plan = {.magic = PLAN_MAGIC, .size = sizeof plan};
    autobuf bytes = BUF_INIT(PLAN_MAX);
    buf_append(&bytes, &plan, sizeof plan);
    assert_int_equal(seat_publish(seat, &bytes), 0);
}

static void test_one_takes_the_seat(void **state)
{
    (void)state;
    char *path = NULL, *other_path = NULL;
    struct seat seat = seat_at(&input, &path), other = seat_at(&input, &other_path);
    assert_int_equal(seat_take(&seat), 1);
    assert_int_equal(seat_take(&other), 0);
    publish(&seat);
    assert_true(is_alive(path));
    seat_withdraw(&seat);
    assert_false(is_alive(path));
    seat_clear(&seat);
    assert_int_equal(seat_take(&other), 1);
    seat_clear(&other);
    free(path);
    free(other_path);
}

static void test_replaces_what_a_dead_broker_left(void **state)
{
    (void)state;
    char *path = NULL, *next_path = NULL, name[512];
    struct seat dead = seat_at(&input, &path), next = seat_at(&input, &next_path);
    struct stat before, after;
    assert_int_equal(seat_take(&dead), 1);
    publish(&dead);
    snprintf(name, sizeof name, "%s/plan", path);
    assert_int_equal(stat(name, &before), 0);
    seat_clear(&dead); /* as the kernel does */
    assert_false(is_alive(path));
    assert_int_equal(seat_take(&next), 1);
    publish(&next);
    assert_true(is_alive(path));
    assert_int_equal(stat(name, &after), 0);
    assert_int_equal(after.st_mode & 07777, 0600);
    assert_int_not_equal(before.st_ino, after.st_ino);
    seat_withdraw(&next);
    seat_clear(&next);
    free(path);
    free(next_path);
}

int main(void)
{
    umask(077);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_is_made_private, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_is_not_made_unasked, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_identity, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_refuses_what_others_can_enter, setup,
                                        scratch_teardown),
        cmocka_unit_test_setup_teardown(test_refuses_links_and_files, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_refuses_bad_bases, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_one_takes_the_seat, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_replaces_what_a_dead_broker_left, setup,
                                        scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
