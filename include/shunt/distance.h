/* How far a mistyped word is from a known one: for "did you mean". */
#ifndef SHUNT_DISTANCE_H
#define SHUNT_DISTANCE_H

#include <stddef.h>

/* Levenshtein's distance of the first `a_len` bytes of `a`, in any case, and the lower-case word
 * `b`. SIZE_MAX above `limit`, where a suggestion misleads more than it helps, and for words longer
 * than a file name can be. */
size_t word_distance(const char *a, size_t a_len, const char *b, size_t limit);

#endif
