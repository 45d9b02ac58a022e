/* What the text of a key may be, per kind. Pure: no file, no table, so that it can be fuzzed. */
#ifndef SHUNT_KEYS_VALUES_H
#define SHUNT_KEYS_VALUES_H

#include "shunt/keys.h"

/* Bytes of `text` without its trailing newlines (LF, CR). */
size_t key_value_trim(const char *text, size_t len);

/* What was expected of the `len` bytes at `text` (trimmed; text[len] is NUL) as a static phrase
 * that completes "expected …", or NULL when they are a good value of the kind. Never quotes the
 * value. */
const char *key_value_wrong(enum key_kind kind, const char *text, size_t len);

/* A boolean as Go's strconv.ParseBool spells it. Returns 0, or -1 for anything else. */
int key_value_bool(const char *text, bool *out);

#define KEY_BOOL_EXPECTED                                                                          \
    "true or false (1, t, T, TRUE, true, True or 0, f, F, FALSE, false, False)"

#endif
