/* Levenshtein's distance. Pure. */
#include "shunt/distance.h"

#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

size_t word_distance(const char *a, size_t a_len, const char *b, size_t limit)
{
    size_t row[NAME_MAX + 2], b_len = strlen(b);
    size_t longer = a_len > b_len ? a_len : b_len, shorter = a_len > b_len ? b_len : a_len;
    if (longer > NAME_MAX || longer - shorter > limit)
        return SIZE_MAX;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t above = row[j];
            size_t best = diagonal + (tolower((unsigned char)a[i - 1]) != b[j - 1]);
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            diagonal = above;
        }
    }
    return row[b_len] <= limit ? row[b_len] : SIZE_MAX;
}
