/* The memory and string functions that the compiler or we call; hidden, so that nothing is
 * imported. */
#include "core.h"

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    char *t = to;
    const char *f = from;
    while (n--)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t n)
{
    char *t = to;
    const char *f = from;
    if (t < f)
        return memcpy(to, from, n);
    while (n--)
        t[n] = f[n];
    return to;
}

void *memset(void *to, int byte, size_t n)
{
    char *t = to;
    while (n--)
        *t++ = (char)byte;
    return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *x = a, *y = b;
    for (; n; n--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

bool text_equal(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

bool text_starts(const char *s, const char *prefix)
{
    while (*prefix)
        if (*s++ != *prefix++)
            return false;
    return true;
}

const char *text_last(const char *s, char c)
{
    const char *found = NULL;
    for (; *s; s++)
        if (*s == c)
            found = s;
    return found;
}

void line_bytes(struct line *line, const char *s, size_t n)
{
    if (line->full || n >= line->size - line->len) {
        line->full = true;
        return;
    }
    memcpy(line->data + line->len, s, n);
    line->len += n;
    line->data[line->len] = '\0';
}

void line_text(struct line *line, const char *s)
{
    line_bytes(line, s, text_length(s));
}

void line_decimal(struct line *line, unsigned long value)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    line_bytes(line, digits + at, sizeof digits - at);
}

void line_hex(struct line *line, uint64_t value)
{
    char digits[16];
    for (size_t i = 0; i < sizeof digits; i++)
        digits[i] = "0123456789abcdef"[value >> (60 - 4 * i) & 15];
    line_bytes(line, digits, sizeof digits);
}

/* --- kept memory --- */

enum { KEPT_BYTES = 24576 };
static char kept[KEPT_BYTES] __attribute__((section(".bss.cold"), aligned(8)));
static size_t kept_bytes; /* used; only start() and what it calls move it, before main */

void *keep_room(size_t n)
{
    size_t at = (kept_bytes + 7) & ~(size_t)7;
    if (n > KEPT_BYTES - at)
        return NULL;
    kept_bytes = at + n;
    return kept + at;
}

char *keep_bytes(const char *bytes, size_t n)
{
    if (n > KEPT_BYTES - kept_bytes)
        return NULL;
    char *copy = memcpy(kept + kept_bytes, bytes, n);
    kept_bytes += n;
    return copy;
}
