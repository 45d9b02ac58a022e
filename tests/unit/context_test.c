/* What is known of a process, and its view of the user's files. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>

#include "../../shim/broker/context.h"
#include "../../shim/broker/real_file.h"
#include "scratch.h"
#include "shunt/cleanup.h"

static void assert_split(const char *block, size_t len, size_t count, const char *last)
{
    autofree char *text = NULL;
    autofree const char **argv = context_split(block, len, &text);
    size_t found = 0;
    while (argv && argv[found])
        found++;
    assert_int_equal(found, count);
    if (count > 0)
        assert_string_equal(argv[count - 1], last);
}

static void test_split(void **state)
{
    (void)state;
    assert_split("npm\0ci\0", 7, 2, "ci");
    assert_split("npm\0c", 5, 2, "c");
    assert_split("npm\0\0\0\0\0", 8, 1, "npm");
    assert_split("a\0\0b\0", 5, 3, "b");
    assert_split("\0\0", 2, 0, NULL);
    assert_split("", 0, 0, NULL);
}

static void test_variable(void **state)
{
    (void)state;
    static const char block[] = "PATH=/bin\0XHOME=/no\0HOME=/home/u\0HOMER=/no\0EMPTY=\0BARE";
    assert_string_equal(context_variable(block, sizeof block - 1, "HOME"), "/home/u");
    assert_string_equal(context_variable(block, sizeof block - 1, "EMPTY"), "");
    assert_null(context_variable(block, sizeof block - 1, "BARE"));
    assert_null(context_variable(block, sizeof block - 1, "HOM"));
    assert_null(context_variable("", 0, "HOME"));
}

/* A process that only waits, with this environment and argument list. */
static pid_t start_sleeper(char *const environment[])
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        execle("/bin/sleep", "sleep", "60", (char *)NULL, environment);
        _exit(127);
    }
    char byte;
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 0); /* closed by exec */
    close(ends[0]);
    return child;
}

static void stop(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void test_reads_a_process(void **state)
{
    (void)state;
    char home[] = "HOME=/home/somebody";
    pid_t child = start_sleeper((char *const[]){home, NULL});
    struct context context;
    context_read(child, "", 0, &context);
    assert_string_equal(context.home, "/home/somebody");
    assert_non_null(strstr(context.program, "sleep") ? "" : strstr(context.program, "box"));
    assert_string_equal(context.argv[0], "sleep");
    assert_string_equal(context.argv[1], "60");
    assert_null(context.argv[2]);
    context_clear(&context);
    stop(child);
}

static void test_home_of_the_user(void **state)
{
    (void)state;
    pid_t child = start_sleeper((char *const[]){NULL});
    const struct passwd *entry = getpwuid(geteuid());
    struct context context;
    context_read(child, "", 0, &context);
    assert_string_equal(context.home, entry ? entry->pw_dir : "/");
    context_clear(&context);
    stop(child);
}

/* npm writes "npm" over its arguments before it reads its configuration. */
static void test_sent_arguments_survive_a_title(void **state)
{
    (void)state;
    static const char sent[] = "node\0/usr/bin/npm\0config\0set", cut[] = "sleep\0006";
    pid_t child = start_sleeper((char *const[]){NULL});
    struct context context;
    context_read(child, sent, sizeof sent, &context);
    assert_string_equal(context.argv[2], "config");
    assert_string_equal(context.argv[3], "set");
    context_clear(&context);
    context_read(child, cut, sizeof cut - 1, &context);
    assert_string_equal(context.argv[1], "60"); /* the whole list, where it is still there */
    context_clear(&context);
    stop(child);
}

static void test_unknown_process(void **state)
{
    (void)state;
    struct context context;
    context_read(0, "", 0, &context);
    assert_non_null(context.home);
    assert_string_equal(context.program, "");
    assert_null(context.argv[0]);
    context_clear(&context);
}

static enum real_file read_real(pid_t pid, const char *path, char *out, size_t size)
{
    autobuf text = BUF_INIT(1000);
    enum real_file result = real_file_read(pid, path, &text);
    snprintf(out, size, "%s", buf_text(&text));
    return result;
}

static void test_real_files(void **state)
{
    (void)state;
    char text[64], large[1001];
    memset(large, 'x', sizeof large);
    scratch_put("file", "content");
    scratch_put_bytes("large", large, sizeof large);
    scratch_link("file", "link");
    assert_int_equal(mkfifo(scratch_path("fifo"), 0600), 0);
    assert_int_equal(read_real(getpid(), scratch_path("file"), text, sizeof text), REAL_FILE_TEXT);
    assert_string_equal(text, "content");
    assert_int_equal(read_real(0, scratch_path("link"), text, sizeof text), REAL_FILE_TEXT);
    assert_string_equal(text, "content");
    assert_int_equal(read_real(0, scratch_path("none"), text, sizeof text), REAL_FILE_ABSENT);
    assert_int_equal(read_real(0, scratch_path("file/x"), text, sizeof text), REAL_FILE_ABSENT);
    assert_int_equal(read_real(0, scratch_path("large"), text, sizeof text), REAL_FILE_OTHER);
    assert_int_equal(read_real(0, scratch_path("fifo"), text, sizeof text), REAL_FILE_OTHER);
    assert_int_equal(read_real(0, scratch, text, sizeof text), REAL_FILE_OTHER);
}

/* The broker's own descriptors are not what another process means by these names. */
static void test_magic_links_lead_nowhere(void **state)
{
    (void)state;
    char name[64], text[64];
    scratch_put("file", "content");
    autoclose int fd = open(scratch_path("file"), O_RDONLY | O_CLOEXEC);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    assert_int_equal(read_real(getpid(), name, text, sizeof text), REAL_FILE_OTHER);
    scratch_link(name, "link");
    assert_int_equal(read_real(getpid(), scratch_path("link"), text, sizeof text), REAL_FILE_OTHER);
    snprintf(name, sizeof name, "/dev/fd/%d", fd);
    assert_int_equal(read_real(getpid(), name, text, sizeof text), REAL_FILE_OTHER);
    assert_int_equal(read_real(0, "/dev/stdin", text, sizeof text), REAL_FILE_OTHER);
}

/* A process in a chroot means the file of its own root, also behind an absolute link. */
static void test_the_root_of_the_process(void **state)
{
    (void)state;
    int ready[2];
    char text[64], byte;
    if (geteuid() != 0)
        skip();
    scratch_put("inside", "of the chroot");
    scratch_link("/inside", "link");
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        if (chroot(scratch) < 0 || write(ready[1], "x", 1) < 0)
            _exit(1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(read_real(child, "/inside", text, sizeof text), REAL_FILE_TEXT);
    assert_string_equal(text, "of the chroot");
    assert_int_equal(read_real(child, "/link", text, sizeof text), REAL_FILE_TEXT);
    assert_int_equal(read_real(child, "/etc/passwd", text, sizeof text), REAL_FILE_ABSENT);
    stop(child);
    close(ready[0]);
    close(ready[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_variable),
        cmocka_unit_test(test_reads_a_process),
        cmocka_unit_test(test_home_of_the_user),
        cmocka_unit_test(test_sent_arguments_survive_a_title),
        cmocka_unit_test(test_unknown_process),
        cmocka_unit_test_setup_teardown(test_real_files, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_magic_links_lead_nowhere, scratch_setup,
                                        scratch_teardown),
        cmocka_unit_test_setup_teardown(test_the_root_of_the_process, scratch_setup,
                                        scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
