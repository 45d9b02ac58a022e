/* A growable byte buffer with a mandatory upper bound.
 *
 * Every buffer names its maximum when it is made. An append that would pass it, or for which no
 * memory is left, frees the content and marks the buffer failed; later appends are no-ops, so a
 * caller may write a whole text and test once at the end. The content is always NUL-terminated.
 * Memory that a buffer gives up is overwritten: buffers carry passwords. */
#ifndef SHUNT_BUF_H
#define SHUNT_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data; /* owned; NULL while empty */
    size_t len; /* bytes, without the terminating NUL */
    size_t cap; /* bytes allocated */
    size_t max; /* bytes that may be held */
    bool failed;
};

/* Nothing that shunt renders is larger than this (bytes). */
#define BUF_MAX_TEXT ((size_t)4 << 20)

#define BUF_INIT(maximum)                                                                          \
    {                                                                                              \
        .data = NULL, .len = 0, .cap = 0, .max = (maximum), .failed = false                        \
    }

void buf_free(struct buf *b);

/* Each returns 0, or -1 when the buffer has failed (now or earlier). */
int buf_append(struct buf *b, const void *data, size_t len);
int buf_puts(struct buf *b, const char *text);
int buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
int buf_vprintf(struct buf *b, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Appends the rest of the open file `fd`. Returns 0, or -1 with errno (EFBIG above the maximum);
 * the buffer has failed then. */
int buf_read_fd(struct buf *b, int fd);

/* The content as a NUL-terminated string that the caller frees; NULL if the buffer has failed.
 * The buffer is empty afterwards. */
char *buf_steal(struct buf *b);

/* The content, never NULL: "" while empty or failed. Valid until the next append. */
const char *buf_text(const struct buf *b);

#define autobuf __attribute__((cleanup(buf_free))) struct buf

#endif
