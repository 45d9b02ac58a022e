/* Master copies of served texts. A program that looks at one path twice (stat then open, or two
 * opens compared by device and inode as wget does) must meet the same object, so for each path the
 * last text is kept in one sealed memfd, and every reader gets a descriptor of its own on it. */
#ifndef SHUNT_BROKER_MASTERS_H
#define SHUNT_BROKER_MASTERS_H

#include <stddef.h>

/* Paths that are kept; the one that was made first goes first. */
#define MASTERS_MAX 256

struct masters;

/* NULL without memory. */
struct masters *masters_new(void);
void masters_free(struct masters *masters);

/* A new descriptor (O_RDONLY, offset 0, close-on-exec) of a sealed regular file of mode 0600 with
 * this text: the same inode and times as long as the text of `path` stays the same. Equal texts
 * have equal modification times, which lie in the past. Returns -1 with errno. */
int masters_open(struct masters *masters, const char *path, const void *text, size_t len);

#endif
