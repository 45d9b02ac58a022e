/* A key directory for tests: made below TMPDIR or /tmp, removed with all that is in it. */
#ifndef SHUNT_TESTS_KEYDIR_H
#define SHUNT_TESTS_KEYDIR_H

#include "shunt/buf.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char keydir[256];

static inline int keydir_setup(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(keydir, sizeof(keydir), "%s/shunt-keys-XXXXXX", base ? base : "/tmp");
    return mkdtemp(keydir) ? 0 : -1;
}

/* Removes a directory and what is in it. Not nftw: that needs another feature level. */
static inline int keydir_remove(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir)
        return -1;
    for (struct dirent *file; (file = readdir(dir));) {
        if (strcmp(file->d_name, ".") == 0 || strcmp(file->d_name, "..") == 0)
            continue;
        autobuf below = BUF_INIT(4096);
        buf_printf(&below, "%s/%s", path, file->d_name);
        if (unlink(buf_text(&below)))
            keydir_remove(buf_text(&below));
    }
    closedir(dir);
    return rmdir(path);
}

static inline int keydir_teardown(void **state)
{
    (void)state;
    return keydir_remove(keydir);
}

static inline const char *keydir_path(const char *name)
{
    static char path[1024];
    snprintf(path, sizeof(path), "%s/%s", keydir, name);
    return path;
}

static inline void keydir_put_bytes(const char *name, const void *data, size_t len)
{
    int fd = open(keydir_path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, data, len) != (ssize_t)len || close(fd))
        abort();
}

static inline void keydir_put(const char *name, const char *text)
{
    keydir_put_bytes(name, text, strlen(text));
}

static inline void keydir_link(const char *target, const char *name)
{
    if (symlink(target, keydir_path(name)))
        abort();
}

#endif
