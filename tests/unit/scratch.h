/* A directory of its own for each test of the broker: made below /tmp, removed with all that is in
 * it. Include it after _GNU_SOURCE. */
#ifndef SHUNT_TEST_SCRATCH_H
#define SHUNT_TEST_SCRATCH_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch[32];

static inline int scratch_setup(void **state)
{
    (void)state;
    /* Short, because a socket's path is: TMPDIR may be anything. */
    memcpy(scratch, "/tmp/shunt-test-XXXXXX", sizeof "/tmp/shunt-test-XXXXXX");
    return mkdtemp(scratch) ? 0 : -1;
}

static inline void scratch_empty(int parent, const char *name)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *list = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    while (list && (entry = readdir(list)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            unlinkat(fd, entry->d_name, 0) < 0)
            scratch_empty(fd, entry->d_name);
    if (list)
        closedir(list);
    unlinkat(parent, name, AT_REMOVEDIR);
}

static inline int scratch_teardown(void **state)
{
    (void)state;
    scratch_empty(AT_FDCWD, scratch);
    return access(scratch, F_OK) == 0 ? -1 : 0;
}

/* Valid until the next call but seven. */
static inline const char *scratch_path(const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", scratch, name);
    return path;
}

static inline void scratch_put_bytes(const char *name, const void *data, size_t len)
{
    int fd = open(scratch_path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, data, len) != (ssize_t)len || close(fd) < 0)
        abort();
}

static inline void scratch_put(const char *name, const char *text)
{
    scratch_put_bytes(name, text, strlen(text));
}

static inline void scratch_link(const char *target, const char *name)
{
    if (symlink(target, scratch_path(name)) < 0)
        abort();
}

#endif
