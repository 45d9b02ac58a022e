/* The life of real broker processes: starting, sharing, dying, leaving, and what they keep. */
#define _GNU_SOURCE
#include "broker_process.h"

static char said[4096];

static void stop(pid_t broker)
{
    assert_int_equal(kill(broker, SIGTERM), 0);
    assert_int_equal(process_end(broker), 0);
}

static void assert_nothing_left(void)
{
    assert_int_not_equal(access(process_file("plan"), F_OK), 0);
    assert_int_not_equal(access(process_file("sock"), F_OK), 0);
    assert_int_not_equal(access(process_file("plan.new"), F_OK), 0);
}

static void test_serves_until_told(void **state)
{
    (void)state;
    struct stat st;
    pid_t broker = process_start("60", said, sizeof said);
    assert_string_equal(said, "ready\n");
    assert_true(process_alive());
    assert_int_equal(stat(process_file("plan"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(stat(process_file("sock"), &st), 0);
    assert_int_equal(st.st_mode & 077, 0);
    stop(broker);
    assert_nothing_left();
}

static void test_two_starts_are_one_broker(void **state)
{
    (void)state;
    pid_t brokers[6];
    int left = 0;
    for (int i = 0; i < 6; i++) {
        brokers[i] = fork();
        if (brokers[i] == 0) {
            int null = open("/dev/null", O_RDWR | O_CLOEXEC);
            dup2(null, 40);
            execl(process_self(), "shunt", "broker", "--ready-fd", "40", (char *)NULL);
            _exit(127);
        }
    }
    /* Five find the sixth, whichever that is, and say so by leaving with 0. */
    for (int waited = 0; left < 5 && waited < PATIENCE_MS; waited += 10) {
        int status;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        if (ended <= 0) {
            poll(NULL, 0, 10);
            continue;
        }
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        left++;
        for (int i = 0; i < 6; i++)
            if (brokers[i] == ended)
                brokers[i] = 0;
    }
    assert_int_equal(left, 5);
    assert_true(process_alive());
    for (int i = 0; i < 6; i++)
        if (brokers[i])
            stop(brokers[i]);
}

static void test_is_replaced_after_kill(void **state)
{
    (void)state;
    pid_t broker = process_start("60", said, sizeof said);
    kill(broker, SIGKILL);
    assert_int_equal(process_end(broker), 128 + SIGKILL);
    assert_int_equal(access(process_file("plan"), F_OK), 0);
    assert_false(process_alive());
    broker = process_start("60", said, sizeof said);
    assert_string_equal(said, "ready\n");
    assert_true(process_alive());
    stop(broker);
}

static void test_leaves_when_idle(void **state)
{
    (void)state;
    pid_t broker = process_start("1", said, sizeof said);
    assert_int_equal(process_end(broker), 0);
    assert_nothing_left();
}

static void test_stays_for_a_holder(void **state)
{
    (void)state;
    bool off;
    autofree char *report = NULL, *error = NULL;
    pid_t broker = process_start("1", said, sizeof said);
    int holder = broker_hold(&process_input, process_self(), &report, &error, &off);
    assert_true(holder >= 0);
    poll(NULL, 0, 1500);
    assert_int_equal(waitpid(broker, NULL, WNOHANG), 0);
    assert_true(process_alive());
    close(holder);
    assert_int_equal(process_end(broker), 0);
    assert_nothing_left();
}

/* The keys are read once; a change must not be served from an old broker to the next step. */
static void test_leaves_when_keys_change(void **state)
{
    (void)state;
    pid_t broker = process_start("60", said, sizeof said);
    int holder = process_connect(), none;
    struct protocol_request ping;
    size_t len = process_request(&ping, PROTOCOL_PING, 0, NULL);
    assert_int_equal(process_ask(holder, &ping, len, &none).status, PROTOCOL_OK);
    scratch_put("keys/pkg-npm-token", "another");
    poll(NULL, 0, 200);
    assert_int_equal(waitpid(broker, NULL, WNOHANG), 0);
    close(holder);
    assert_int_equal(process_end(broker), 0);
}

static void test_hold_starts_one(void **state)
{
    (void)state;
    bool off = true;
    autofree char *report = NULL, *error = NULL;
    scratch_put("keys/pkg-unknown-url", "https://mirror.example/");
    int holder = broker_hold(&process_input, process_self(), &report, &error, &off);
    assert_true(holder >= 0);
    assert_false(off);
    assert_null(error);
    assert_non_null(report);
    assert_non_null(strstr(report, "pkg-unknown-url"));
    assert_int_equal(fcntl(holder, F_GETFD), FD_CLOEXEC);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD); /* it is nobody's child here */
    struct ucred broker;
    socklen_t len = sizeof broker;
    assert_int_equal(getsockopt(holder, SOL_SOCKET, SO_PEERCRED, &broker, &len), 0);
    assert_int_equal(getsid(broker.pid), broker.pid);
    kill(broker.pid, SIGTERM);
    close(holder);
    for (int waited = 0; process_alive() && waited < PATIENCE_MS; waited += 10)
        poll(NULL, 0, 10);
    assert_false(process_alive());
}

static void assert_not_held(const char *error_part)
{
    bool off = false;
    autofree char *report = NULL, *error = NULL;
    assert_int_equal(broker_hold(&process_input, process_self(), &report, &error, &off), -1);
    assert_int_equal(off, error_part == NULL);
    if (!error_part)
        assert_non_null(strstr(report, process_input.key_dir));
    else if (!error || !strstr(error, error_part))
        fail_msg("expected \"%s\", not \"%s\"", error_part, error ? error : "");
}

static void test_says_why_not(void **state)
{
    (void)state;
    process_input.strategy = "nonsense";
    assert_not_held("SHUNT_STRATEGY");
    process_input.strategy = NULL;
    process_input.key_dir = "relative";
    assert_not_held("absolute");
    process_input.key_dir = "/nonexistent/keys";
    assert_not_held(NULL);
    process_input.key_dir = process_keys;
    setenv("SHUNT_RUNTIME", "/nonexistent", 1);
    assert_not_held("/nonexistent");
    assert_int_equal(chmod(scratch, 0755), 0);
    setenv("SHUNT_RUNTIME", scratch, 1);
    char user[128];
    snprintf(user, sizeof user, "%s/shunt-%lu", scratch, (unsigned long)geteuid());
    assert_int_equal(mkdir(user, 0700), 0);
    assert_int_equal(chmod(user, 0750), 0);
    assert_not_held("mode 0700");
}

static void test_cannot_be_executed(void **state)
{
    (void)state;
    bool off;
    autofree char *report = NULL, *error = NULL;
    assert_int_equal(broker_hold(&process_input, "/nonexistent", &report, &error, &off), -1);
    assert_non_null(error);
    assert_non_null(strstr(error, "cannot be executed"));
}

/* A step is over when all ends of its pipes are closed: the broker must hold none. */
static void test_keeps_no_descriptor(void **state)
{
    (void)state;
    int ends[2];
    char byte;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t starter = fork();
    if (starter == 0) {
        int ready[2];
        if (pipe2(ready, O_CLOEXEC) < 0)
            _exit(1);
        for (int fd = 5; fd <= 9; fd++)
            if (fd != ready[0] && fd != ready[1] && fd != ends[1])
                dup2(ends[1], fd);
        dup2(ends[1], 1000);
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        if (fork() == 0) {
            dup2(ready[1], 40);
            execl(process_self(), "shunt", "broker", "--ready-fd", "40", (char *)NULL);
            _exit(127);
        }
        close(ready[1]);
        _exit(read(ready[0], &byte, 1) != 1);
    }
    close(ends[1]);
    assert_int_equal(process_end(starter), 0);
    struct pollfd readable = {.fd = ends[0], .events = POLLIN};
    assert_int_equal(poll(&readable, 1, PATIENCE_MS), 1);
    assert_int_equal(read(ends[0], &byte, 1), 0);
    assert_true(process_alive());
    int connected = process_connect();
    struct ucred broker;
    socklen_t len = sizeof broker;
    assert_int_equal(getsockopt(connected, SOL_SOCKET, SO_PEERCRED, &broker, &len), 0);
    kill(broker.pid, SIGTERM);
    close(connected);
    close(ends[0]);
}

int main(int argc, char **argv)
{
    int status = broker_process_main(argc, argv);
    if (status >= 0)
        return status;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_serves_until_told, process_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_two_starts_are_one_broker, process_setup,
                                        scratch_teardown),
        cmocka_unit_test_setup_teardown(test_is_replaced_after_kill, process_setup,
                                        scratch_teardown),
        cmocka_unit_test_setup_teardown(test_leaves_when_idle, process_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_stays_for_a_holder, process_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_leaves_when_keys_change, process_setup,
                                        scratch_teardown),
        cmocka_unit_test_setup_teardown(test_hold_starts_one, process_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_says_why_not, process_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_cannot_be_executed, process_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_keeps_no_descriptor, process_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
