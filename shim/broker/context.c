/* Knowledge of a process: reads /proc/<pid>/cmdline, environ and exe, and the user's passwd entry.
 */
#define _GNU_SOURCE
#include "context.h"

#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "shunt/buf.h"
#include "shunt/cleanup.h"

/* Longer argument lists and environments are not the ones of a build tool (bytes). */
#define BLOCK_MAX ((size_t)2 << 20)

static const char *const no_arguments[] = {NULL};

const char **context_split(const char *block, size_t len, char **text)
{
    while (len > 0 && block[len - 1] == '\0')
        len--;
    *text = NULL;
    if (len == 0)
        return NULL;
    size_t count = 1;
    for (size_t i = 0; i < len; i++)
        count += block[i] == '\0';
    const char **argv = calloc(count + 1, sizeof *argv);
    char *copy = calloc(1, len + 1);
    if (!argv || !copy) {
        free(argv);
        free(copy);
        return NULL;
    }
    memcpy(copy, block, len);
    *text = copy;
    for (size_t i = 0; i < count; i++, copy += strlen(copy) + 1)
        argv[i] = copy;
    return argv;
}

const char *context_variable(const char *block, size_t len, const char *name)
{
    size_t name_len = strlen(name);
    for (const char *at = block; at < block + len; at += strlen(at) + 1)
        if (strncmp(at, name, name_len) == 0 && at[name_len] == '=')
            return at + name_len + 1;
    return NULL;
}

static int read_proc(pid_t pid, const char *name, struct buf *out)
{
    char path[64];
    if (pid <= 0)
        return -1;
    snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, name);
    autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? -1 : buf_read_fd(out, fd);
}

static char *read_home(pid_t pid)
{
    autobuf block = BUF_INIT(BLOCK_MAX);
    const char *home = NULL;
    if (read_proc(pid, "environ", &block) == 0)
        home = context_variable(buf_text(&block), block.len, "HOME");
    if (home && *home)
        return strdup(home);
    const struct passwd *entry = getpwuid(geteuid());
    return entry && entry->pw_dir ? strdup(entry->pw_dir) : NULL;
}

static char *read_program(pid_t pid)
{
    char path[64], target[PATH_MAX];
    if (pid <= 0)
        return NULL;
    snprintf(path, sizeof path, "/proc/%ld/exe", (long)pid);
    ssize_t len = readlink(path, target, sizeof target - 1);
    if (len <= 0)
        return NULL;
    target[len] = '\0';
    const char *name = strrchr(target, '/') ? strrchr(target, '/') + 1 : target;
    size_t name_len = strlen(name);
    static const char deleted[] = " (deleted)";
    if (name_len > sizeof deleted - 1 &&
        strcmp(name + name_len - (sizeof deleted - 1), deleted) == 0)
        name_len -= sizeof deleted - 1;
    return strndup(name, name_len);
}

/* The list in /proc is whole, but the program may have written over it: then it no longer begins
 * with what was sent, and that counts. */
static const char **read_arguments(pid_t pid, const char *sent, size_t sent_len, char **text)
{
    autobuf block = BUF_INIT(BLOCK_MAX);
    bool whole = read_proc(pid, "cmdline", &block) == 0 && block.len >= sent_len &&
                 memcmp(buf_text(&block), sent, sent_len) == 0;
    return whole ? context_split(buf_text(&block), block.len, text)
                 : context_split(sent, sent_len, text);
}

void context_read(pid_t pid, const char *arguments, size_t arguments_len, struct context *out)
{
    *out = (struct context){.owned_home = read_home(pid), .owned_program = read_program(pid)};
    out->owned_argv = read_arguments(pid, arguments, arguments_len, &out->owned_text);
    out->home = out->owned_home ? out->owned_home : "/";
    out->program = out->owned_program ? out->owned_program : "";
    out->argv = out->owned_argv ? out->owned_argv : no_arguments;
}

void context_clear(struct context *context)
{
    free(context->owned_home);
    free(context->owned_program);
    free(context->owned_text);
    free(context->owned_argv);
    *context = (struct context){0};
}
