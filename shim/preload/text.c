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

/* Eight bytes at a time once aligned: an aligned word never crosses a page, so reading past the NUL
 * inside it is safe. Every hooked path is measured here, so it has to be quick. */
typedef uint64_t __attribute__((may_alias)) word;

size_t text_length(const char *s)
{
    const char *p = s;
    for (; (uintptr_t)p & 7; p++)
        if (!*p)
            return (size_t)(p - s);
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    for (;; p += 8) {
        uint64_t w = *(const word *)p;
        uint64_t zero = (w - ones) & ~w & highs;
        if (zero)
            return (size_t)(p - s) + (size_t)__builtin_ctzll(zero) / 8;
    }
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
