/* shunt run and shunt config as processes: the command's status, signals, environment and output.
 * The library is played by one that does nothing. */
#define _GNU_SOURCE
#include "broker_process.h"

#include <link.h>
#include <sys/sendfile.h>

static char output[8192];

static void copy(const char *from, const char *to)
{
    struct stat st;
    autoclose int in = open(from, O_RDONLY | O_CLOEXEC);
    autoclose int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    assert_true(in >= 0 && out >= 0 && fstat(in, &st) == 0);
    while (st.st_size > 0) {
        ssize_t n = sendfile(out, in, NULL, (size_t)st.st_size);
        assert_true(n > 0);
        st.st_size -= n;
    }
}

static int copy_cmocka(struct dl_phdr_info *info, size_t size, void *to)
{
    (void)size;
    if (!strstr(info->dlpi_name, "libcmocka"))
        return 0;
    copy(info->dlpi_name, to);
    return 1;
}

static int setup(void **state)
{
    int result = process_setup(state);
    copy(process_self(), scratch_path("shunt"));
    char library[128];
    snprintf(library, sizeof library, "%s", scratch_path("libshunt.so"));
    dl_iterate_phdr(copy_cmocka, library);
    return result;
}

/* Starts `shunt` with these arguments; its output goes to the returned descriptor. */
static pid_t start(int *reader, const char *const *argv)
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        /* As from a shell: a background job of a script has these ignored, and the kernel drops a
         * SIGTSTP for a process group whose parents are all elsewhere. */
        setpgid(0, 0);
        static const int usual[] = {SIGPIPE, SIGINT, SIGQUIT, SIGHUP, SIGTSTP};
        for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
            signal(usual[i], SIG_DFL);
        execv(scratch_path("shunt"), (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(ends[1]);
    *reader = ends[0];
    return child;
}

/* Waits for its end; returns the wait status, with `output` filled. */
static int finish(pid_t child, int reader)
{
    size_t len = 0;
    int status;
    for (ssize_t n; (n = read(reader, output + len, sizeof output - 1 - len)) > 0;)
        len += (size_t)n;
    output[len] = '\0';
    close(reader);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static int shunt(const char *const *argv)
{
    int reader;
    pid_t child = start(&reader, argv);
    return finish(child, reader);
}

#define SHUNT(...) shunt((const char *const[]){"shunt", __VA_ARGS__, NULL})

static void assert_exit(int status, int expected)
{
    if (!WIFEXITED(status) || WEXITSTATUS(status) != expected)
        fail_msg("status %#x instead of %d, output: %s", (unsigned)status, expected, output);
}

static void assert_said(const char *part)
{
    if (!strstr(output, part))
        fail_msg("\"%s\" is not in \"%s\"", part, output);
}

static void test_status_and_environment(void **state)
{
    (void)state;
    char keys[128];
    assert_exit(SHUNT("run", "--", "sh", "-c", "env; exit 3"), 3);
    snprintf(keys, sizeof keys, "SHUNT_KEYS=%s\n", process_keys);
    assert_said(keys);
    assert_said("SHUNT=on\n");
    assert_said("/libshunt.so\n");
    assert_said("shunt: no file was served (npm -> mirror.example:8443)\n");
    assert_null(strstr(output, "s3cret"));
    assert_exit(SHUNT("run", "--quiet", "true"), 0);
    assert_string_equal(output, "");
}

static void test_strategy_and_relative_keys(void **state)
{
    (void)state;
    unsetenv("SHUNT_KEYS");
    assert_int_equal(chdir(scratch), 0);
    assert_exit(SHUNT("run", "--keys", "keys", "--strategy", "webapp", "--", "env"), 0);
    assert_said("SHUNT_STRATEGY=webapp\n");
    assert_said("/keys\n");
    assert_null(strstr(output, "SHUNT_KEYS=keys"));
    assert_int_equal(chdir("/"), 0);
}

static void test_signals(void **state)
{
    (void)state;
    int status = SHUNT("run", "--quiet", "--", "sh", "-c", "kill -9 $$");
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    status = SHUNT("run", "--quiet", "--", "sh", "-c", "kill -TERM $$");
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    assert_false(WCOREDUMP(status));
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        static const char *const argv[] = {
            "shunt",
            "run",
            "--quiet",
            "--",
            "sh",
            "-c",
            "trap 'exit 9' TERM INT HUP USR1; echo up; while :; do sleep 0.05; done",
            NULL};
        char byte;
        int reader;
        pid_t child = start(&reader, argv);
        assert_int_equal(read(reader, &byte, 1), 1);
        kill(child, numbers[i]);
        assert_exit(finish(child, reader), 9);
    }
}

static void test_stops_and_goes_on(void **state)
{
    (void)state;
    static const char *const argv[] = {
        "shunt", "run", "--quiet", "--", "sh", "-c", "echo up; kill -TSTP $$; echo on; exit 4",
        NULL};
    int reader, status;
    pid_t child = start(&reader, argv);
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    assert_true(WIFSTOPPED(status));
    kill(child, SIGCONT);
    assert_exit(finish(child, reader), 4);
    assert_said("on\n");
}

static void test_cannot_run(void **state)
{
    (void)state;
    scratch_put("plain", "no program");
    assert_exit(SHUNT("run", "--quiet", "--", "/nonexistent/command"), 127);
    assert_said("/nonexistent/command: command not found\n");
    assert_exit(SHUNT("run", "--quiet", "--", scratch_path("plain")), 126);
    assert_exit(SHUNT("run"), 64);
    assert_exit(SHUNT("run", "--nonsense"), 64);
    assert_said("unknown option --nonsense");
}

static void test_fails_closed(void **state)
{
    (void)state;
    assert_exit(SHUNT("run", "--strategy", "nonsense", "--", "echo", "was run"), 78);
    assert_null(strstr(output, "was run"));
    assert_said("shunt: SHUNT_STRATEGY");
    assert_int_equal(unlink(scratch_path("libshunt.so")), 0);
    assert_exit(SHUNT("run", "--", "echo", "was run"), 69);
    assert_null(strstr(output, "was run"));
    assert_said("libshunt.so is neither");
}

static void test_off_changes_nothing(void **state)
{
    (void)state;
    unsetenv("SHUNT_KEYS");
    assert_exit(SHUNT("run", "--keys", "/nonexistent/keys", "--", "env"), 0);
    assert_said("shunt: no keys in /nonexistent/keys, nothing was changed\n");
    assert_null(strstr(output, "LD_PRELOAD"));
    assert_null(strstr(output, "SHUNT=on"));
}

static void test_reports_mistakes(void **state)
{
    (void)state;
    scratch_put("keys/pkg-maven-url", "no url");
    assert_exit(SHUNT("run", "--quiet", "true"), 0);
    assert_said("shunt: pkg-maven-url");
    assert_exit(SHUNT("config"), 78);
    assert_said("shunt: pkg-maven-url");
    assert_said("closed");
}

static void test_config(void **state)
{
    (void)state;
    scratch_put(".npmrc", "registry=https://registry.npmjs.org/\nfund=false\n");
    assert_exit(SHUNT("config"), 0);
    assert_said("npm (Node.js): https://mirror.example:8443/npm/ (pkg-npm-url)\n");
    assert_said("<redacted>");
    assert_null(strstr(output, "s3cret"));
    assert_exit(SHUNT("config", scratch_path(".npmrc")), 0);
    assert_said("registry=https://mirror.example:8443/npm/\nfund=false\n");
    assert_exit(SHUNT("config", "--json", "npm"), 0);
    assert_said("\"answer\": \"served\"");
    assert_null(strstr(output, "s3cret"));
    assert_exit(SHUNT("config", "maven"), 0);
    assert_said("no key, left alone");
    assert_exit(SHUNT("config", "/etc/nothing"), 1);
    assert_said("nothing serves /etc/nothing");
    assert_exit(SHUNT("config", "npm", "maven"), 64);
}

int main(int argc, char **argv)
{
    int status = broker_process_main(argc, argv);
    if (status >= 0)
        return status;
    if (argc > 1)
        return strcmp(argv[1], "run") == 0 ? run_command(argc - 1, argv + 1)
                                           : config_command(argc - 1, argv + 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_status_and_environment, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_strategy_and_relative_keys, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_signals, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_stops_and_goes_on, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_cannot_run, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_fails_closed, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_off_changes_nothing, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_reports_mistakes, setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_config, setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
