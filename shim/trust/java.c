/* Java trust stores of either format, with certificates added. Pure functions over bytes. */
#include "trust_internal.h"

#include <string.h>

static int read_store(const unsigned char *store, size_t len, const char *password, struct jks *jks,
                      struct certificates *extra)
{
    static const unsigned char magic[] = {0xfe, 0xed, 0xfe, 0xed};
    if (len == 0)
        return 0;
    if (len > sizeof(magic) && memcmp(store, magic, sizeof(magic)) == 0)
        return jks_read(store, len, password, jks, extra);
    return pkcs12_read(store, len, password, jks, extra);
}

int trust_append_java(const void *store, size_t len, const char *password, const char *extra_pem,
                      struct buf *out)
{
    const char *why;
    autocertificates extra = {0};
    autobuf entries = BUF_INIT(BUF_MAX_TEXT);
    struct jks jks = {.entries = &entries, .count = 0, .next_alias = 1};
    if (len > BUF_MAX_TEXT || certificates_read(extra_pem, strlen(extra_pem), &extra, &why) ||
        read_store(store, len, password, &jks, &extra))
        return -1;
    return jks_write(&jks, &extra, password ? password : JAVA_PASSWORD, out);
}
