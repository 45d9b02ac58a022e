/* The environment as a program sees it: getenv, environ and main's third argument must agree, and
 * its strings must be writable and survive setenv. Arguments: NAME=VALUE expected, or NAME for
 * absent. */
#define _GNU_SOURCE
#include "probe.h"

#include <unistd.h>

extern char **environ;

static const char *find(char **list, const char *name, size_t length)
{
    for (; *list; list++)
        if (strncmp(*list, name, length) == 0 && (*list)[length] == '=')
            return *list + length + 1;
    return NULL;
}

static int is_same(const char *value, const char *wanted)
{
    return wanted ? value && strcmp(value, wanted) == 0 : !value;
}

int main(int argc, char **argv, char **envp)
{
    for (int i = 1; i < argc; i++) {
        const char *equals = strchr(argv[i], '=');
        size_t length = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]);
        const char *wanted = equals ? equals + 1 : NULL;
        char name[128];
        snprintf(name, sizeof name, "%.*s", (int)length, argv[i]);
        EXPECT(is_same(getenv(name), wanted), argv[i]);
        EXPECT(is_same(find(environ, name, length), wanted), argv[i]);
        EXPECT(is_same(find(envp, name, length), wanted), argv[i]);
    }
    for (char **entry = environ; *entry; entry++)
        (*entry)[0] = (*entry)[0]; /* faults where a string is read-only */
    for (int i = 0; i < 50; i++) {
        char name[32];
        snprintf(name, sizeof name, "PROBE_%d", i);
        setenv(name, "1", 1);
    }
    EXPECT(getenv("PROBE_49") && unsetenv("PROBE_0") == 0 && !getenv("PROBE_0"), "setenv works");
    EXPECT(envp[0] || environ[0], "main's array is still readable");
    return probe_end("variables");
}
