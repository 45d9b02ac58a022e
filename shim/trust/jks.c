/* Java's own key store format (JKS), read and written. Pure functions over bytes.
 *
 * Big-endian: magic, version 2, count; entries; SHA-1 over the password in UTF-16, a constant and
 * all that precedes. Entries of a store that is read are kept byte for byte. */
#include "trust_internal.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>

enum { JKS_VERSION = 2, TAG_PRIVATE_KEY = 1, TAG_TRUSTED = 2, DIGEST_LEN = 20, HEADER_LEN = 12 };

/* What is left to read. A read past the end gives zero bytes and marks the reader broken. */
struct reader {
    const unsigned char *at;
    size_t left;
    bool broken;
};

static const unsigned char *take(struct reader *r, size_t len)
{
    if (r->broken || len > r->left) {
        r->broken = true;
        return NULL;
    }
    const unsigned char *start = r->at;
    r->at += len;
    r->left -= len;
    return start;
}

static uint32_t take_number(struct reader *r, size_t bytes)
{
    const unsigned char *p = take(r, bytes);
    uint32_t value = 0;
    for (size_t i = 0; p && i < bytes; i++)
        value = value << 8 | p[i];
    return value;
}

/* A text (length in 2 bytes) or a blob (in 4). */
static const unsigned char *take_counted(struct reader *r, size_t length_bytes, size_t *len)
{
    *len = take_number(r, length_bytes);
    return take(r, *len);
}

static int put_number(struct buf *out, uint32_t value, size_t bytes)
{
    unsigned char text[4];
    for (size_t i = 0; i < bytes; i++)
        text[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
    return buf_append(out, text, bytes);
}

void jks_note_alias(struct jks *jks, const void *alias, size_t len)
{
    const char *p = alias;
    if (len <= MIRROR_ALIAS_LEN || len > MIRROR_ALIAS_LEN + 9 ||
        memcmp(p, MIRROR_ALIAS, MIRROR_ALIAS_LEN) != 0)
        return;
    unsigned long n = 0;
    for (size_t i = MIRROR_ALIAS_LEN; i < len; i++) {
        if (p[i] < '0' || p[i] > '9')
            return;
        n = n * 10 + (unsigned long)(p[i] - '0');
    }
    if (n >= jks->next_alias)
        jks->next_alias = n + 1;
}

/* The date is 0: the same store and certificates always give the same bytes. */
int jks_put_certificate(struct jks *jks, const char *alias, const void *der, size_t len)
{
    size_t alias_len = strlen(alias);
    struct buf *out = jks->entries;
    if (alias_len > UINT16_MAX || len > UINT32_MAX || put_number(out, TAG_TRUSTED, 4) ||
        put_number(out, (uint32_t)alias_len, 2) || buf_append(out, alias, alias_len) ||
        put_number(out, 0, 4) || put_number(out, 0, 4) || put_number(out, 5, 2) ||
        buf_puts(out, "X.509") || put_number(out, (uint32_t)len, 4) || buf_append(out, der, len))
        return -1;
    jks->count++;
    return 0;
}

static int jks_digest(const char *password, const void *data, size_t len,
                      unsigned char digest[EVP_MAX_MD_SIZE])
{
    static const char constant[] = "Mighty Aphrodite"; /* the format's own */
    unsigned char *utf16 = NULL;
    int utf16_len = 0;
    if (!OPENSSL_utf82uni(password, (int)strlen(password), &utf16, &utf16_len))
        return -1;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int ok = context && EVP_DigestInit_ex(context, EVP_sha1(), NULL) &&
             EVP_DigestUpdate(context, utf16, (size_t)utf16_len - 2) && /* without its NUL */
             EVP_DigestUpdate(context, constant, sizeof(constant) - 1) &&
             EVP_DigestUpdate(context, data, len) && EVP_DigestFinal_ex(context, digest, NULL);
    EVP_MD_CTX_free(context);
    OPENSSL_clear_free(utf16, (size_t)utf16_len);
    return ok ? 0 : -1;
}

int jks_write(struct jks *jks, const struct certificates *extra, const char *password,
              struct buf *out)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    size_t start = out->len;
    for (size_t i = 0; i < extra->count; i++) {
        char alias[64];
        snprintf(alias, sizeof(alias), MIRROR_ALIAS "%lu", jks->next_alias++);
        if (jks_put_certificate(jks, alias, extra->items[i].der, extra->items[i].len))
            return -1;
    }
    if (put_number(out, JKS_MAGIC, 4) || put_number(out, JKS_VERSION, 4) ||
        put_number(out, jks->count, 4) ||
        buf_append(out, buf_text(jks->entries), jks->entries->len) ||
        jks_digest(password, out->data + start, out->len - start, digest))
        return -1;
    return buf_append(out, digest, DIGEST_LEN);
}

/* Reads past one entry. Returns 0, or -1 for a kind that JKS does not have. */
static int take_entry(struct reader *r, struct jks *jks, struct certificates *extra)
{
    size_t len = 0;
    uint32_t tag = take_number(r, 4);
    const unsigned char *alias = take_counted(r, 2, &len);
    if (alias)
        jks_note_alias(jks, alias, len);
    take(r, 8); /* date */
    uint32_t certificates = 1;
    if (tag == TAG_PRIVATE_KEY) {
        take_counted(r, 4, &len);
        certificates = take_number(r, 4);
    } else if (tag != TAG_TRUSTED) {
        return -1;
    }
    for (; certificates > 0 && !r->broken; certificates--) {
        take_counted(r, 2, &len); /* "X.509" */
        const unsigned char *der = take_counted(r, 4, &len);
        if (der && tag == TAG_TRUSTED)
            certificates_drop(extra, der, len);
    }
    return r->broken ? -1 : 0;
}

int jks_read(const void *store, size_t len, const char *password, struct jks *jks,
             struct certificates *extra)
{
    struct reader r = {.at = store, .left = len};
    if (take_number(&r, 4) != JKS_MAGIC || take_number(&r, 4) != JKS_VERSION)
        return -1;
    uint32_t count = take_number(&r, 4);
    for (uint32_t i = 0; i < count; i++)
        if (take_entry(&r, jks, extra))
            return -1;
    if (r.broken || r.left != DIGEST_LEN)
        return -1;
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (password && (jks_digest(password, store, len - DIGEST_LEN, digest) ||
                     CRYPTO_memcmp(digest, r.at, DIGEST_LEN) != 0))
        return -1;
    const char *entries = (const char *)store + HEADER_LEN;
    jks->count = count;
    return buf_append(jks->entries, entries, len - HEADER_LEN - DIGEST_LEN);
}
