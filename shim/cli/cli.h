/* What the commands of `shunt` share. */
#ifndef SHUNT_CLI_H
#define SHUNT_CLI_H

#include <stdbool.h>

#include "shunt/settings.h"

/* A command takes its own name as argv[0] and returns the exit status. */
int run_command(int argc, char **argv);
int config_command(int argc, char **argv);
int broker_command(int argc, char **argv);

/* One sentence on stderr, as "shunt: …". For a mistake the prefix is red on a terminal. */
void cli_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Absolute form of a path by the working directory, nothing resolved. Caller frees; NULL with
 * errno.
 */
char *cli_absolute(const char *path);

/* Options of all commands: each command names those that it takes. */
struct options {
    struct settings_input input; /* flag before environment; key_dir is absolute */
    bool quiet, json, foreground, help;
    bool keys_by_flag; /* key_dir is that of --keys */
    int ready_fd;      /* -1 */
    unsigned idle_seconds;
    int first; /* index in argv of the first operand */
    char *owned_key_dir;
};

/* `allowed` holds the letters of the options that the command takes, after a '+' where they end at
 * the first operand: k --keys, s --strategy, q --quiet, j --json, r --ready-fd, i --idle, f
 * --foreground. Returns 0, or an exit status after a sentence on stderr. */
int options_read(int argc, char **argv, const char *allowed, struct options *out);
void options_clear(struct options *options);

/* The help text of a command, or the general one for NULL. NULL: no such command. */
const char *usage_text(const char *command);

/* The known command nearest to a mistyped one; NULL when none is near. */
const char *usage_nearest(const char *command);

/* Prints every key that shunt knows. Returns 0. */
int help_keys(void);

#endif
