/* shunt run: a broker, the library in LD_PRELOAD, the command, and one line about what was used. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>

#include "child.h"
#include "cli.h"
#include "closing.h"
#include "library.h"
#include "shunt/broker.h"
#include "shunt/cleanup.h"

/* A line of text holds less than this (bytes). */
#define LINE_MAX_BYTES ((size_t)16 << 10)

struct run {
    struct options options;
    char **argv;
    char *command; /* the shunt executable */
    char *library;
    char *report; /* lines of the broker */
    int holder;   /* keeps the broker alive; -1 when off */
    bool off;
};

/* Calls `tell` for each line of the broker's report. */
static void tell_report(const struct run *run)
{
    char *rest = run->report, *line;
    while ((line = strsep(&rest, "\n")))
        if (*line && !run->off)
            cli_error("%s", line);
        else if (*line && !run->options.quiet)
            cli_note("%s, nothing was changed", line);
}

static int find_parts(struct run *run)
{
    run->command = library_command();
    run->library = run->command ? library_find(run->command) : NULL;
    if (!run->library) {
        cli_error("libshunt.so is neither beside %s nor in ../lib from there",
                  run->command ? run->command : "the command (no /proc is mounted)");
        return EX_UNAVAILABLE;
    }
    if (strpbrk(run->library, " :")) {
        cli_error("%s: the loader takes no path with a blank or colon", run->library);
        return EX_UNAVAILABLE;
    }
    return 0;
}

static int prepare(struct run *run)
{
    autofree char *error = NULL;
    int status = find_parts(run);
    if (status != 0)
        return status;
    run->holder = broker_hold(&run->options.input, run->command, &run->report, &error, &run->off);
    if (run->holder >= 0 || run->off)
        return 0;
    cli_error("%s", error ? error : "out of memory");
    return EX_CONFIG;
}

static int set(const char *name, const char *value)
{
    return value ? setenv(name, value, 1) : 0;
}

/* What the library and, through it, another broker of this step see: the same identity as ours. */
static int set_environment(const struct run *run)
{
    const struct settings_input *input = &run->options.input;
    autofree char *preload = library_preload(getenv("LD_PRELOAD"), run->library);
    if (!preload || set("LD_PRELOAD", preload) < 0 || set("SHUNT", "on") < 0 ||
        set("SHUNT_KEYS", input->key_dir) < 0 || set("SHUNT_STRATEGY", input->strategy) < 0 ||
        set("SHUNT_CREDENTIALS", input->credentials) < 0) {
        cli_error("out of memory");
        return -1;
    }
    return 0;
}

static void tell_used(const struct run *run, const struct protocol_usage *before, int before_count)
{
    struct protocol_usage after[PROTOCOL_USAGE_MAX];
    autobuf line = BUF_INIT(LINE_MAX_BYTES);
    int count = broker_usage(run->holder, after);
    if (count < 0)
        cli_note("the broker ended before the command did");
    else if (closing_line(before, before_count, after, count, &line) == 0)
        cli_note("%s", buf_text(&line));
}

static int execute(const struct run *run)
{
    struct protocol_usage before[PROTOCOL_USAGE_MAX];
    int before_count = 0;
    if (!run->off) {
        tell_report(run);
        before_count = broker_usage(run->holder, before);
        if (set_environment(run) < 0)
            return -1;
    }
    int status = child_run(run->argv);
    if (run->off)
        tell_report(run);
    else if (!run->options.quiet && status >= 0)
        tell_used(run, before, before_count);
    return status;
}

static void run_clear(struct run *run)
{
    cleanup_close(&run->holder);
    free(run->command);
    free(run->library);
    free(run->report);
    options_clear(&run->options);
}

int run_command(int argc, char **argv)
{
    struct run run = {.holder = -1};
    int status = options_read(argc, argv, "+ksq", &run.options), ended = -1;
    run.argv = argv + run.options.first;
    if (status == 0 && run.options.help) {
        fputs(usage_text("run"), stdout);
    } else if (status == 0 && !*run.argv) {
        cli_error("run: expected a command, as in: shunt run -- npm ci");
        status = EX_USAGE;
    } else if (status == 0) {
        status = prepare(&run);
        ended = status == 0 ? execute(&run) : -1;
        status = status == 0 ? EX_OSERR : status;
    }
    run_clear(&run);
    if (ended >= 0)
        child_mirror(ended);
    return status;
}
