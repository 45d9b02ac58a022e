/* What a real broker answers over its socket. */
#define _GNU_SOURCE
#include "broker_process.h"

#include <sys/resource.h>
#include <sys/sendfile.h>

static pid_t broker;

static int start(void **state)
{
    char said[256];
    int result = process_setup(state);
    broker = process_start("60", said, sizeof said);
    return result == 0 && strcmp(said, "ready\n") == 0 ? 0 : -1;
}

static int stop(void **state)
{
    kill(broker, SIGTERM);
    int status = process_end(broker);
    scratch_teardown(state);
    return status == 0 ? 0 : -1;
}

/* "ask ROW PATH ARGUMENT": one request, the text to stdout, then its inode. */
static int ask_main(char **argv)
{
    struct protocol_request request;
    struct stat st;
    char text[4096];
    int fd, connected = process_connect();
    size_t len =
        process_request(&request, PROTOCOL_FILE, (uint32_t)strtoul(argv[2], NULL, 10), argv[3]);
    size_t more = strlen(argv[4]) + 1;
    memcpy((char *)&request + len, argv[4], more);
    struct protocol_reply reply = process_ask(connected, &request, len + more, &fd);
    if (reply.status != PROTOCOL_OK || fstat(fd, &st) < 0) {
        printf("status %u error %u\n", reply.status, reply.error);
        return 0;
    }
    ssize_t n = read(fd, text, sizeof text);
    printf("%.*s[%lu]\n", (int)(n > 0 ? n : 0), text, (unsigned long)st.st_ino);
    return 0;
}

/* npm's files are for programs called node: asks as one. */
static void ask_as_node(const char *path, const char *argument, char *out, size_t size)
{
    int ends[2];
    char row[16], node[64];
    size_t len = 0;
    snprintf(row, sizeof row, "%u", process_row("/.npmrc"));
    snprintf(node, sizeof node, "%s/node", scratch);
    if (access(node, X_OK) < 0) {
        struct stat st;
        autoclose int from = open(process_self(), O_RDONLY | O_CLOEXEC);
        autoclose int to = open(node, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
        assert_int_equal(fstat(from, &st), 0);
        while (st.st_size > 0) {
            ssize_t n = sendfile(to, from, NULL, (size_t)st.st_size);
            assert_true(n > 0);
            st.st_size -= n;
        }
    }
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl(node, "npm", "ask", row, path, argument, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    for (ssize_t n; (n = read(ends[0], out + len, size - 1 - len)) > 0;)
        len += (size_t)n;
    out[len] = '\0';
    close(ends[0]);
    assert_int_equal(process_end(child), 0);
}

static void test_serves_a_file(void **state)
{
    (void)state;
    char text[4096], again[4096];
    scratch_put(".npmrc", "registry=https://registry.npmjs.org/\nfund=false\n");
    ask_as_node(scratch_path(".npmrc"), "ci", text, sizeof text);
    assert_non_null(strstr(text, "https://mirror.example:8443/npm/"));
    assert_non_null(strstr(text, "fund=false"));
    assert_null(strstr(text, "registry.npmjs.org"));
    ask_as_node(scratch_path(".npmrc"), "ci", again, sizeof again);
    assert_string_equal(text, again); /* the inode, too */
}

static void test_leaves_a_file(void **state)
{
    (void)state;
    char text[4096];
    scratch_put(".npmrc", "registry=https://private.example/\n");
    ask_as_node(scratch_path(".npmrc"), "ci", text, sizeof text);
    assert_string_equal(text, "status 1 error 0\n");
}

static void test_counts_usage(void **state)
{
    (void)state;
    char text[4096];
    struct protocol_usage usage[PROTOCOL_USAGE_MAX];
    struct protocol_request ping;
    int none, holder = process_connect();
    size_t len = process_request(&ping, PROTOCOL_PING, 0, NULL);
    assert_int_equal(process_ask(holder, &ping, len, &none).status, PROTOCOL_OK);
    scratch_put(".npmrc", "registry=https://registry.npmjs.org/\n");
    ask_as_node(scratch_path(".npmrc"), "ci", text, sizeof text);
    assert_true(broker_usage(holder, usage) > 0);
    assert_string_equal(usage[0].ecosystem, "npm");
    assert_string_equal(usage[0].mirror, "mirror.example:8443");
    assert_int_equal(usage[0].flags, PROTOCOL_USAGE_CREDENTIALS);
    assert_int_equal(usage[0].files, 1);
    assert_true(broker_usage(holder, usage) > 0); /* the holder stays connected */
    close(holder);
}

static void test_malformed_requests(void **state)
{
    (void)state;
    struct protocol_request request;
    size_t len = process_request(&request, PROTOCOL_FILE, 0, "/a");
    static const char huge[sizeof request + 100];
    const struct {
        const void *bytes;
        size_t len;
    } cases[] = {{&request, 3}, {&request, len - 1}, {huge, sizeof huge}, {huge, 16}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char byte;
        int fd, connected = process_connect();
        struct protocol_reply reply = process_ask(connected, cases[i].bytes, cases[i].len, &fd);
        assert_int_equal(reply.status, PROTOCOL_FAILED);
        assert_int_equal(reply.error, EPROTO);
        assert_int_equal(fd, -1);
        assert_int_equal(recv(connected, &byte, 1, 0), 0); /* closed */
        close(connected);
    }
}

static void test_unknown_row(void **state)
{
    (void)state;
    struct protocol_request request;
    int fd, connected = process_connect();
    size_t len = process_request(&request, PROTOCOL_FILE, UINT32_MAX, "/a");
    struct protocol_reply reply = process_ask(connected, &request, len, &fd);
    assert_int_equal(reply.status, PROTOCOL_FAILED);
    close(connected);
}

/* More connections than it takes, all silent; whoever asks is answered once they go. */
static void test_too_many_connections(void **state)
{
    (void)state;
    enum { MANY = 1200 };
    int connections[MANY], none;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < MANY + 64)
        skip();
    for (int i = 0; i < MANY; i++)
        assert_true((connections[i] = process_connect()) >= 0);
    for (int i = 0; i < MANY / 2; i++)
        close(connections[i]);
    struct protocol_request ping;
    size_t len = process_request(&ping, PROTOCOL_PING, 0, NULL);
    assert_int_equal(process_ask(connections[MANY - 1], &ping, len, &none).status, PROTOCOL_OK);
    for (int i = MANY / 2; i < MANY; i++)
        close(connections[i]);
}

/* Processor time of the broker, in clock ticks: fields 14 and 15 of its stat. */
static unsigned long ticks_used(void)
{
    char path[32], line[512] = "";
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)broker);
    autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, line, sizeof line - 1) <= 0)
        return 0;
    char *at = strrchr(line, ')');
    for (int field = 2; at && field < 14; field++)
        at = strchr(at + 1, ' ');
    char *end = at;
    unsigned long user = at ? strtoul(at, &end, 10) : 0;
    return user + (at ? strtoul(end, NULL, 10) : 0);
}

static void test_does_not_spin_without_descriptors(void **state)
{
    (void)state;
    enum { FEW = 40 };
    int connections[FEW], none;
    const struct rlimit small = {24, 24};
    assert_int_equal(prlimit(broker, RLIMIT_NOFILE, &small, NULL), 0);
    for (int i = 0; i < FEW; i++)
        assert_true((connections[i] = process_connect()) >= 0);
    poll(NULL, 0, 200);
    unsigned long before = ticks_used();
    poll(NULL, 0, 1000);
    assert_true(ticks_used() - before < 20); /* of about 100 */
    for (int i = 0; i < FEW - 1; i++)
        close(connections[i]);
    struct protocol_request ping;
    size_t len = process_request(&ping, PROTOCOL_PING, 0, NULL);
    assert_int_equal(process_ask(connections[FEW - 1], &ping, len, &none).status, PROTOCOL_OK);
    close(connections[FEW - 1]);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "ask") == 0) {
        snprintf(process_keys, sizeof process_keys, "%s", getenv("SHUNT_KEYS"));
        process_input.key_dir = process_keys;
        return ask_main(argv);
    }
    int status = broker_process_main(argc, argv);
    if (status >= 0)
        return status;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_serves_a_file, start, stop),
        cmocka_unit_test_setup_teardown(test_leaves_a_file, start, stop),
        cmocka_unit_test_setup_teardown(test_counts_usage, start, stop),
        cmocka_unit_test_setup_teardown(test_malformed_requests, start, stop),
        cmocka_unit_test_setup_teardown(test_unknown_row, start, stop),
        cmocka_unit_test_setup_teardown(test_too_many_connections, start, stop),
        cmocka_unit_test_setup_teardown(test_does_not_spin_without_descriptors, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
