/* Any text as a PEM bundle, and as the value of the key mirror-ca. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/trust_fixed.h"
#include "shunt/cleanup.h"
#include "shunt/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void append(const char *text, size_t len, const char *extra)
{
    autobuf out = BUF_INIT(BUF_MAX_TEXT);
    if (trust_append_pem(text, len, extra, &out))
        return;
    if (len && memcmp(out.data, text, len) != 0)
        abort(); /* the user's own text must come first, unchanged */
    if (trust_is_ca_bundle(text, len) && strcmp(extra, fixed_pem) == 0 &&
        !trust_is_ca_bundle(out.data, out.len))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *why = NULL;
    char hashes[4][9];
    autofree char *text = calloc(1, size + 1);
    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    int count = trust_check_pem(text, size, &why);
    if ((count < 0) != (why != NULL) || count == 0)
        abort();
    append(text, size, fixed_pem);
    append(fixed_pem, strlen(fixed_pem), text);
    size_t hashed = trust_subject_hashes(text, hashes, 4);
    for (size_t i = 0; i < hashed; i++)
        if (strlen(hashes[i]) != 8)
            abort();
    return 0;
}
