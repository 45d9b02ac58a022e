/* The bounded growable buffer of shunt/buf.h. Touches memory, and reads descriptors it is given.
 *
 * Buffers carry passwords on their way into served text, so whatever a buffer lets go of — also the
 * old block when it grows, which realloc would leave behind — is overwritten first. */
#include "shunt/buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_CAPACITY = 64, READ_CHUNK = 4096 };

static void release(struct buf *b)
{
    if (b->data) {
        explicit_bzero(b->data, b->cap);
        free(b->data);
    }
    b->data = NULL;
    b->len = b->cap = 0;
}

static int fail(struct buf *b, int error)
{
    release(b);
    b->failed = true;
    errno = error;
    return -1;
}

void buf_free(struct buf *b)
{
    release(b);
    b->failed = false;
}

/* Makes room for `more` bytes and the NUL. */
static int reserve(struct buf *b, size_t more)
{
    if (b->failed)
        return -1;
    if (more > b->max - b->len)
        return fail(b, EFBIG);
    size_t needed = b->len + more + 1;
    if (needed <= b->cap)
        return 0;
    size_t cap = b->cap ? b->cap : FIRST_CAPACITY;
    while (cap < needed)
        cap *= 2;
    if (cap > b->max + 1)
        cap = b->max + 1;

    char *grown = malloc(cap);
    if (!grown)
        return fail(b, ENOMEM);
    if (b->len)
        memcpy(grown, b->data, b->len);
    grown[b->len] = '\0';
    size_t len = b->len;
    release(b);
    b->data = grown;
    b->len = len;
    b->cap = cap;
    return 0;
}

int buf_append(struct buf *b, const void *data, size_t len)
{
    if (reserve(b, len))
        return -1;
    if (len)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = '\0';
    return 0;
}

int buf_puts(struct buf *b, const char *text)
{
    return buf_append(b, text, strlen(text));
}

int buf_vprintf(struct buf *b, const char *format, va_list args)
{
    va_list measured;
    va_copy(measured, args);
    int len = vsnprintf(NULL, 0, format, measured);
    va_end(measured);
    if (len < 0)
        return fail(b, EINVAL);
    if (reserve(b, (size_t)len))
        return -1;
    vsnprintf(b->data + b->len, (size_t)len + 1, format, args);
    b->len += (size_t)len;
    return 0;
}

int buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int result = buf_vprintf(b, format, args);
    va_end(args);
    return result;
}

int buf_read_fd(struct buf *b, int fd)
{
    char chunk[READ_CHUNK];
    int result = 0;
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof(chunk));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            result = fail(b, errno);
        else if (n > 0)
            result = buf_append(b, chunk, (size_t)n);
        if (n <= 0 || result)
            break;
    }
    int error = errno;
    explicit_bzero(chunk, sizeof(chunk));
    errno = error;
    return b->failed ? -1 : result;
}

char *buf_steal(struct buf *b)
{
    if (b->failed || reserve(b, 0))
        return NULL;
    char *data = b->data;
    b->data = NULL;
    b->len = b->cap = 0;
    return data;
}

const char *buf_text(const struct buf *b)
{
    return b->data ? b->data : "";
}
