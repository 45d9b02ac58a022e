/* The pure parts of the command: closing line, LD_PRELOAD, options, suggestions. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../shim/cli/cli.h"
#include "../../shim/cli/closing.h"
#include "../../shim/cli/library.h"
#include "scratch.h"
#include "shunt/broker.h"
#include "shunt/cleanup.h"

static struct protocol_usage record(const char *ecosystem, const char *mirror, uint32_t flags,
                                    uint64_t files)
{
    struct protocol_usage usage = {.flags = flags, .files = files};
    snprintf(usage.ecosystem, sizeof usage.ecosystem, "%s", ecosystem);
    snprintf(usage.mirror, sizeof usage.mirror, "%s", mirror);
    return usage;
}

static void assert_closing(const struct protocol_usage before[3], const uint64_t files[3],
                           const char *expected)
{
    struct protocol_usage after[3];
    autobuf line = BUF_INIT(1000);
    for (int i = 0; i < 3; i++) {
        after[i] = before[i];
        after[i].files += files[i];
    }
    assert_int_equal(closing_line(before, 3, after, 3, &line), 0);
    assert_string_equal(buf_text(&line), expected);
}

static void test_closing_line(void **state)
{
    (void)state;
    const struct protocol_usage before[3] = {
        record("npm", "nexus.example.com", PROTOCOL_USAGE_CREDENTIALS, 40),
        record("maven", "maven.invalid", PROTOCOL_USAGE_CLOSED, 0),
        record("trust", "", 0, 7),
    };
    assert_closing(before, (const uint64_t[]){3, 0, 1},
                   "npm -> nexus.example.com (3 files served), trust (1 file served); credentials "
                   "served in configuration");
    assert_closing(before, (const uint64_t[]){0, 2, 0},
                   "maven closed by a bad key (2 files served)");
    assert_closing(before, (const uint64_t[]){0, 0, 0},
                   "no file was served (npm -> nexus.example.com, maven closed by a bad key)");
    autobuf line = BUF_INIT(1000);
    assert_int_equal(closing_line(NULL, 0, before, 1, &line), 0);
    assert_non_null(strstr(buf_text(&line), "(40 files served)"));
}

static void assert_preload(const char *value, const char *expected)
{
    autofree char *got = library_preload(value, "/opt/lib/libshunt.so");
    assert_string_equal(got, expected);
}

static void test_preload(void **state)
{
    (void)state;
    char twice[256];
    assert_preload(NULL, "/opt/lib/libshunt.so");
    assert_preload("", "/opt/lib/libshunt.so");
    assert_preload(" : ", "/opt/lib/libshunt.so");
    assert_preload("/a.so", "/a.so:/opt/lib/libshunt.so");
    assert_preload("/a.so /b.so", "/a.so /b.so:/opt/lib/libshunt.so");
    assert_preload("libshunt.so", "libshunt.so");
    assert_preload("/a.so:/usr/$LIB/libshunt.so", "/a.so:/usr/$LIB/libshunt.so");
    assert_preload("/notlibshunt.so", "/notlibshunt.so:/opt/lib/libshunt.so");
    assert_preload("/gone/libshunt.so", "/gone/libshunt.so:/opt/lib/libshunt.so");
    scratch_put("libshunt.so", "");
    snprintf(twice, sizeof twice, "/a.so %s", scratch_path("libshunt.so"));
    assert_preload(twice, twice);
}

static void test_library_find(void **state)
{
    (void)state;
    assert_int_equal(mkdir(scratch_path("bin"), 0700), 0);
    assert_int_equal(mkdir(scratch_path("lib"), 0700), 0);
    assert_null(library_find(scratch_path("bin/shunt")));
    scratch_put("lib/libshunt.so", "");
    autofree char *in_lib = library_find(scratch_path("bin/shunt"));
    assert_string_equal(in_lib, scratch_path("lib/libshunt.so"));
    scratch_put("bin/libshunt.so", "");
    autofree char *beside = library_find(scratch_path("bin/shunt"));
    assert_string_equal(beside, scratch_path("bin/libshunt.so"));
}

static int read_options(const char *allowed, struct options *out, const char *const *words)
{
    static char *argv[8]; /* getopt reorders it */
    int argc = 0;
    for (; words[argc]; argc++)
        argv[argc] = (char *)(uintptr_t)words[argc];
    argv[argc] = NULL;
    return options_read(argc, argv, allowed, out);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_options(void **state)
{
    (void)state;
    struct options options;
    setenv("SHUNT_KEYS", "/from/environment", 1);
    setenv("SHUNT_STRATEGY", "byoc", 1);
    assert_int_equal(read_options("+ksq", &options,
                                  WORDS("run", "--keys=/flag", "--quiet", "--", "npm", "--json")),
                     0);
    assert_string_equal(options.input.key_dir, "/flag");
    assert_string_equal(options.input.strategy, "byoc");
    assert_true(options.quiet && options.keys_by_flag);
    assert_int_equal(options.first, 4);
    options_clear(&options);
    assert_int_equal(read_options("+ksq", &options, WORDS("run", "npm", "--quiet")), 0);
    assert_string_equal(options.input.key_dir, "/from/environment");
    assert_false(options.quiet); /* npm's own */
    assert_int_equal(options.first, 1);
    options_clear(&options);
    unsetenv("SHUNT_KEYS");
    unsetenv("SHUNT_STRATEGY");
    assert_int_equal(read_options("ksj", &options, WORDS("config", "npm", "--json", "--keys=here")),
                     0);
    assert_true(options.json);
    autofree char *here = cli_absolute("here");
    assert_string_equal(options.input.key_dir, here);
    options_clear(&options);
    assert_int_equal(read_options("ksrif", &options, WORDS("broker")), 0);
    assert_string_equal(options.input.key_dir, KEYS_DEFAULT_DIR);
    assert_int_equal(options.idle_seconds, BROKER_IDLE_SECONDS);
    assert_int_equal(options.ready_fd, -1);
    options_clear(&options);
}

static void test_wrong_options(void **state)
{
    (void)state;
    static const struct {
        const char *allowed;
        const char *words[4];
    } cases[] = {
        {"ksj", {"config", "--quiet"}},      {"ksj", {"config", "--keys"}},
        {"ksrif", {"broker", "--idle=0"}},   {"ksrif", {"broker", "--idle=1x"}},
        {"ksrif", {"broker", "--idle", ""}}, {"ksrif", {"broker", "--ready-fd=-1"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct options options;
        assert_int_equal(read_options(cases[i].allowed, &options, cases[i].words), 64);
        options_clear(&options);
    }
}

static void test_suggestions(void **state)
{
    (void)state;
    assert_string_equal(usage_nearest("rnu"), "run");
    assert_string_equal(usage_nearest("confg"), "config");
    assert_null(usage_nearest("explode"));
    assert_null(usage_nearest("a-word-that-is-much-longer-than-any-command"));
    assert_non_null(usage_text(NULL));
    assert_null(usage_text("explode"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closing_line),
        cmocka_unit_test_setup_teardown(test_preload, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_library_find, scratch_setup, scratch_teardown),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_wrong_options),
        cmocka_unit_test(test_suggestions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
