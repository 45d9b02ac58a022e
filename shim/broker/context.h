/* What is known of the process that asks: its arguments, its executable, its HOME. */
#ifndef SHUNT_BROKER_CONTEXT_H
#define SHUNT_BROKER_CONTEXT_H

#include <stddef.h>
#include <sys/types.h>

struct context {
    const char *home;        /* never NULL */
    const char *program;     /* base name of the executable, "" if unknown */
    const char *const *argv; /* NULL-terminated */
    char *owned_home, *owned_program, *owned_text;
    const char **owned_argv;
};

/* Fills `out` as far as /proc/<pid> lets us; `arguments` (may be empty) is the argument list as the
 * process had it at its start, possibly cut, for programs that write over it. Never fails;
 * context_clear afterwards. */
void context_read(pid_t pid, const char *arguments, size_t arguments_len, struct context *out);
void context_clear(struct context *context);

/* Splits a block of NUL-terminated strings, the last one possibly cut. Empty strings at the end are
 * dropped: a program that changed its title left them. Returns a NULL-terminated array that points
 * into *text; the caller frees both. NULL when there is none. */
const char **context_split(const char *block, size_t len, char **text);

/* The value of a variable in a block of NUL-terminated NAME=value strings; NULL when it has none.
 * `block` must be NUL-terminated. */
const char *context_variable(const char *block, size_t len, const char *name);

#endif
