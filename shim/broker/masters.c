/* Sealed memfds, one per path: see masters.h. Memory and descriptors of this process only; no text
 * is kept outside the memfd. */
#define _GNU_SOURCE
#include "masters.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <uthash.h>

#include "shunt/cleanup.h"

/* Since Linux 6.3; where the system demands it, memfd_create is refused without it. */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

/* Modification times: 2014-01-01 and the ten years after it, so never in the future. */
#define MTIME_BASE  1388534400u
#define MTIME_RANGE (3650u * 86400u)

enum { COMPARE_CHUNK = 8192 };

struct master {
    char *path;
    int fd;
    UT_hash_handle hh; /* in the order of insertion */
};

struct masters {
    struct master *table;
};

struct masters *masters_new(void)
{
    return calloc(1, sizeof(struct masters));
}

static void drop(struct masters *masters, struct master *master)
{
    HASH_DEL(masters->table, master);
    close(master->fd);
    free(master->path);
    free(master);
}

void masters_free(struct masters *masters)
{
    struct master *master, *next;
    if (!masters)
        return;
    HASH_ITER(hh, masters->table, master, next)
    drop(masters, master);
    free(masters);
}

static uint64_t hash_of(const unsigned char *text, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ text[i]) * 0x100000001b3u;
    return hash;
}

static int write_all(int fd, const char *text, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = write(fd, text + done, len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        done += (size_t)n;
    }
    return 0;
}

/* A sealed memfd with this text, opened for reading and writing, offset 0. */
static int make(const void *text, size_t len)
{
    const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    autoclose int fd = memfd_create("shunt", flags | MFD_NOEXEC_SEAL);
    if (fd < 0 && errno == EINVAL)
        fd = memfd_create("shunt", flags);
    if (fd < 0 || fchmod(fd, 0600) < 0 || write_all(fd, text, len) < 0)
        return -1;
    struct timespec time = {.tv_sec = MTIME_BASE + (time_t)(hash_of(text, len) % MTIME_RANGE)};
    const struct timespec times[2] = {time, time};
    if (futimens(fd, times) < 0 || lseek(fd, 0, SEEK_SET) < 0 ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
        return -1;
    return steal_fd(&fd);
}

static bool holds(int fd, const char *text, size_t len)
{
    char chunk[COMPARE_CHUNK];
    struct stat st;
    bool same = fstat(fd, &st) == 0 && (size_t)st.st_size == len;
    for (size_t done = 0; same && done < len;) {
        ssize_t n = pread(fd, chunk, sizeof chunk, (off_t)done);
        same = n > 0 && memcmp(chunk, text + done, (size_t)n) == 0;
        done += n > 0 ? (size_t)n : 0;
    }
    explicit_bzero(chunk, sizeof chunk);
    return same;
}

/* The master of `path` with this text, made or replaced where needed. NULL with errno. */
static struct master *master_of(struct masters *masters, const char *path, const void *text,
                                size_t len)
{
    struct master *master;
    HASH_FIND_STR(masters->table, path, master);
    if (master && holds(master->fd, text, len))
        return master;
    int fd = make(text, len);
    if (fd < 0)
        return NULL;
    if (master) {
        close(master->fd);
        master->fd = fd;
        return master;
    }
    master = calloc(1, sizeof *master);
    char *name = strdup(path);
    if (!master || !name) {
        free(master);
        free(name);
        close(fd);
        errno = ENOMEM;
        return NULL;
    }
    *master = (struct master){.path = name, .fd = fd};
    HASH_ADD_KEYPTR(hh, masters->table, master->path, strlen(master->path), master);
    if (HASH_COUNT(masters->table) > MASTERS_MAX)
        drop(masters, masters->table); /* the oldest, so never the new one */
    return master;
}

int masters_open(struct masters *masters, const char *path, const void *text, size_t len)
{
    char name[32];
    struct master *master = master_of(masters, path, text, len);
    if (!master)
        return -1;
    snprintf(name, sizeof name, "/proc/self/fd/%d", master->fd);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    /* Without /proc there is no second open of a memfd, and a duplicate would share the offset. */
    return fd >= 0 ? fd : make(text, len);
}
