/* shunt: chooses the command. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cli.h"
#include "shunt/cleanup.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    bool own_files; /* reads the user's files itself: must see the real ones */
} commands[] = {{"run", run_command, false},
                {"config", config_command, true},
                {"broker", broker_command, true}};

/* With the library active in this very process, the broker would ask itself for files. */
static void leave_preload(char **argv)
{
    const char *opt_in = getenv("SHUNT");
    bool on = false;
    if (!getenv("LD_PRELOAD") || !opt_in || bool_parse(opt_in, &on) < 0 || !on)
        return;
    unsetenv("LD_PRELOAD");
    if (setenv("SHUNT", "off", 1) == 0)
        execv("/proc/self/exe", argv);
}

static int help(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "keys") == 0)
        return help_keys();
    const char *text = usage_text(argc > 1 ? argv[1] : NULL);
    if (!text) {
        cli_error("there is no command \"%s\"", argv[1]);
        return EX_USAGE;
    }
    fputs(text, stdout);
    return 0;
}

static int unknown(const char *name)
{
    const char *nearest = usage_nearest(name);
    if (nearest)
        cli_error("there is no command \"%s\"; did you mean \"%s\"?", name, nearest);
    else
        cli_error("there is no command \"%s\"; see shunt --help", name);
    return EX_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs(usage_text(NULL), stderr);
        return EX_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return help(argc - 1, argv + 1);
    if (strcmp(name, "--version") == 0) {
        puts("shunt " SHUNT_VERSION);
        return 0;
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].name, name) == 0) {
            if (commands[i].own_files)
                leave_preload(argv);
            return commands[i].run(argc - 1, argv + 1);
        }
    return unknown(name);
}
