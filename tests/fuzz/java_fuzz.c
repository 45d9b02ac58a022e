/* Any bytes as a Java trust store; the first one chooses the password. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/trust_fixed.h"
#include "shunt/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *password = data[0] & 1 ? "changeit" : NULL;
    autobuf once = BUF_INIT(BUF_MAX_TEXT), again = BUF_INIT(BUF_MAX_TEXT);
    if (trust_append_java(data + 1, size - 1, password, fixed_pem, &once))
        return 0;
    /* What is written can be read, under the same password, and then lacks nothing. */
    if (trust_append_java(once.data, once.len, "changeit", fixed_pem, &again) ||
        again.len != once.len || memcmp(again.data, once.data, once.len) != 0)
        abort();
    return 0;
}
