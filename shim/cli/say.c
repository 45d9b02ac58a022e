/* Messages of the command, on stderr. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "shunt/cleanup.h"

static bool wants_colour(void)
{
    const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(STDERR_FILENO) && !(none && *none) && term && strcmp(term, "dumb") != 0;
}

/* In one write, so that it stays whole between the lines of a parallel build. */
__attribute__((format(printf, 2, 0))) static void say(const char *prefix, const char *format,
                                                      va_list list)
{
    autofree char *text = NULL, *line = NULL;
    if (vasprintf(&text, format, list) < 0) {
        text = NULL;
        return;
    }
    if (asprintf(&line, "%s%s\n", prefix, text) < 0) {
        line = NULL;
        return;
    }
    if (write(STDERR_FILENO, line, strlen(line)) < 0)
        return; /* nobody is left to be told */
}

void cli_note(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    say("shunt: ", format, list);
    va_end(list);
}

void cli_error(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    say(wants_colour() ? "\033[1;31mshunt:\033[0m " : "shunt: ", format, list);
    va_end(list);
}

char *cli_absolute(const char *path)
{
    char *whole = NULL;
    if (path[0] == '/')
        return strdup(path);
    autofree char *here = getcwd(NULL, 0);
    if (!here || asprintf(&whole, "%s/%s", strcmp(here, "/") == 0 ? "" : here, path) < 0)
        return NULL;
    return whole;
}
