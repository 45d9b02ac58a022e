/* Finds libshunt.so beside the command; composes LD_PRELOAD. Looks at files, changes nothing. */
#define _GNU_SOURCE
#include "library.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "shunt/cleanup.h"

#define LIBRARY_NAME "libshunt.so"

/* What separates entries, for glibc; musl takes the same. */
#define SEPARATORS " :"

char *library_command(void)
{
    char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path);
    return len > 0 && (size_t)len < sizeof path ? strndup(path, (size_t)len) : NULL;
}

char *library_find(const char *command)
{
    static const char *const places[] = {"", "../lib/"};
    const char *slash = strrchr(command, '/');
    for (size_t i = 0; slash && i < sizeof places / sizeof places[0]; i++) {
        char *path = NULL;
        if (asprintf(&path, "%.*s/%s%s", (int)(slash - command), command, places[i], LIBRARY_NAME) <
            0)
            return NULL;
        autofree char *whole = realpath(path, NULL);
        free(path);
        if (whole && access(whole, R_OK) == 0)
            return steal_pointer(&whole);
    }
    return NULL;
}

/* An entry of that name which the loader will find: with a `$LIB` in it, or found by search, it is
 * taken at its word. */
static bool is_library(const char *entry, size_t len)
{
    size_t name = sizeof LIBRARY_NAME - 1;
    if (len < name || memcmp(entry + len - name, LIBRARY_NAME, name) != 0 ||
        (len > name && entry[len - name - 1] != '/'))
        return false;
    if (entry[0] != '/' || memchr(entry, '$', len))
        return true;
    char path[PATH_MAX];
    if (len >= sizeof path)
        return false;
    memcpy(path, entry, len);
    path[len] = '\0';
    return access(path, R_OK) == 0;
}

char *library_preload(const char *value, const char *library)
{
    char *joined = NULL;
    bool empty = !value || value[strspn(value, SEPARATORS)] == '\0';
    for (const char *at = empty ? "" : value; *at;) {
        size_t len = strcspn(at, SEPARATORS);
        if (is_library(at, len))
            return strdup(value);
        at += len;
        at += strspn(at, SEPARATORS);
    }
    if (asprintf(&joined, "%s%s%s", empty ? "" : value, empty ? "" : ":", library) < 0)
        return NULL;
    return joined;
}
