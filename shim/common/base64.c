/* Base64 for credentials, by OpenSSL. Touches memory only. */
#include "shunt/url.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>

char *base64_encode(const void *data, size_t len)
{
    /* EVP_EncodeBlock counts in int; its output has 4 characters for every 3 bytes begun. */
    if (len > (size_t)(INT_MAX / 4) * 3 - 3)
        return NULL;
    char *out = malloc((len + 2) / 3 * 4 + 1);
    if (!out)
        return NULL;
    out[0] = '\0';
    if (len)
        EVP_EncodeBlock((unsigned char *)out, data, (int)len);
    return out;
}
