/* PEM bundles: checking, telling trust stores apart, appending. Pure functions over text. */
#include "trust_internal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* One block of a PEM text. */
struct block {
    char *name;   /* "CERTIFICATE" */
    char *header; /* "" but for encrypted keys */
    unsigned char *data;
    long len;
};

static void block_free(struct block *block)
{
    OPENSSL_free(block->name);
    OPENSSL_free(block->header);
    OPENSSL_free(block->data);
    *block = (struct block){0};
}

/* Reads the next block into `block`, whose former content it frees. Returns 1; 0 when there is no
 * more; -1 for a block that is broken. */
static int block_next(BIO *bio, struct block *block)
{
    block_free(block);
    ERR_set_mark();
    int found = PEM_read_bio(bio, &block->name, &block->header, &block->data, &block->len);
    bool end = !found && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_pop_to_mark();
    return found ? 1 : end ? 0 : -1;
}

static bool block_is_certificate(const struct block *block)
{
    return strcmp(block->name, PEM_CERTIFICATE_NAME) == 0 && block->header[0] == '\0';
}

static BIO *open_text(const char *pem, size_t len)
{
    return len > INT_MAX ? NULL : BIO_new_mem_buf(len ? pem : "", (int)len);
}

void certificates_free(struct certificates *list)
{
    for (size_t i = 0; i < list->count; i++)
        OPENSSL_free(list->items[i].der);
    free(list->items);
    *list = (struct certificates){0};
}

static size_t certificates_find(const struct certificates *list, const void *der, size_t len)
{
    size_t i = 0;
    while (i < list->count &&
           (list->items[i].len != len || memcmp(list->items[i].der, der, len) != 0))
        i++;
    return i;
}

void certificates_drop(struct certificates *list, const void *der, size_t len)
{
    size_t i = certificates_find(list, der, len);
    if (i == list->count)
        return;
    OPENSSL_free(list->items[i].der);
    list->count--;
    memmove(&list->items[i], &list->items[i + 1], (list->count - i) * sizeof(*list->items));
}

static X509 *parse_certificate(const unsigned char *der, size_t len)
{
    const unsigned char *p = der;
    ERR_set_mark();
    X509 *x = d2i_X509(NULL, &p, (long)len);
    ERR_pop_to_mark();
    if (x && p != der + len) {
        X509_free(x);
        x = NULL;
    }
    return x;
}

/* Moves the data of a block to the list. Returns NULL, or what was expected instead. */
static const char *take_block(struct certificates *list, struct block *block)
{
    if (strstr(block->name, "PRIVATE KEY"))
        return "certificates only, but found a private key";
    if (!block_is_certificate(block))
        return "certificates only (-----BEGIN CERTIFICATE-----)";
    X509 *x = parse_certificate(block->data, (size_t)block->len);
    if (!x)
        return "X.509 certificates, but one of them cannot be parsed";
    X509_free(x);
    if (certificates_find(list, block->data, (size_t)block->len) < list->count)
        return NULL;
    struct certificate *items = realloc(list->items, (list->count + 1) * sizeof(*items));
    if (!items)
        return "a shorter list (no memory is left)";
    list->items = items;
    items[list->count++] = (struct certificate){block->data, (size_t)block->len};
    block->data = NULL;
    return NULL;
}

int certificates_read(const char *pem, size_t len, struct certificates *out, const char **why)
{
    *out = (struct certificates){0};
    *why = NULL;
    struct block block = {0};
    BIO *bio = open_text(pem, len);
    int found = -1;
    while (bio && !*why && (found = block_next(bio, &block)) > 0)
        *why = take_block(out, &block);
    block_free(&block);
    BIO_free(bio);
    if (!*why && found < 0)
        *why = "whole PEM blocks, but one of them is broken";
    if (!*why && out->count == 0)
        *why = "one or more PEM certificates (-----BEGIN CERTIFICATE-----)";
    if (*why)
        certificates_free(out);
    return *why ? -1 : 0;
}

int trust_check_pem(const char *pem, size_t len, const char **why)
{
    struct certificates list;
    if (certificates_read(pem, len, &list, why))
        return -1;
    int count = (int)list.count;
    certificates_free(&list);
    return count;
}

bool trust_is_ca_bundle(const char *pem, size_t len)
{
    struct block block = {0};
    BIO *bio = open_text(pem, len);
    bool pure = bio != NULL;
    int found = 0;
    size_t count = 0;
    while (pure && (found = block_next(bio, &block)) > 0) {
        pure = block_is_certificate(&block) && certificate_is_ca(block.data, (size_t)block.len);
        count++;
    }
    block_free(&block);
    BIO_free(bio);
    return pure && found == 0 && count > 0;
}

/* Drops from `extra` what the bundle holds already. A bundle that is broken somewhere is read up to
 * there: a certificate that comes twice does no harm. */
static void drop_held(const char *bundle, size_t len, struct certificates *extra)
{
    struct block block = {0};
    BIO *bio = open_text(bundle, len);
    while (bio && extra->count > 0 && block_next(bio, &block) > 0)
        if (block_is_certificate(&block))
            certificates_drop(extra, block.data, (size_t)block.len);
    block_free(&block);
    BIO_free(bio);
}

/* A comment line that names the subject, and the block. RFC 2253 escapes what could break the line.
 */
static int put_certificate(const struct certificate *certificate, struct buf *out)
{
    X509 *x = parse_certificate(certificate->der, certificate->len);
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    int result = -1;
    if (x && bio && BIO_puts(bio, "# mirror-ca: ") > 0 &&
        X509_NAME_print_ex(bio, X509_get_subject_name(x), 0, XN_FLAG_RFC2253) >= 0 &&
        BIO_puts(bio, "\n") > 0 &&
        PEM_write_bio(bio, PEM_CERTIFICATE_NAME, "", certificate->der, (long)certificate->len)) {
        long len = BIO_get_mem_data(bio, &text);
        result = buf_append(out, text, (size_t)len);
    }
    BIO_free(bio);
    X509_free(x);
    return result;
}

static int append_all(const char *bundle, size_t len, const struct certificates *list,
                      struct buf *out)
{
    if (len && buf_append(out, bundle, len))
        return -1;
    if (len && bundle[len - 1] != '\n' && list->count > 0 && buf_puts(out, "\n"))
        return -1;
    for (size_t i = 0; i < list->count; i++)
        if (put_certificate(&list->items[i], out))
            return -1;
    return 0;
}

int trust_append_pem(const char *bundle, size_t len, const char *extra, struct buf *out)
{
    const char *why;
    struct certificates list;
    if (certificates_read(extra, strlen(extra), &list, &why))
        return -1;
    drop_held(bundle, len, &list);
    int result = append_all(bundle, len, &list, out);
    certificates_free(&list);
    return result;
}

size_t trust_subject_hashes(const char *pem, char hashes[][9], size_t max)
{
    const char *why;
    struct certificates list;
    size_t count = 0;
    if (certificates_read(pem, strlen(pem), &list, &why))
        return 0;
    for (size_t i = 0; i < list.count && count < max; i++) {
        X509 *x = parse_certificate(list.items[i].der, list.items[i].len);
        if (!x)
            continue;
        snprintf(hashes[count++], 9, "%08lx", X509_subject_name_hash(x) & 0xffffffffUL);
        X509_free(x);
    }
    certificates_free(&list);
    return count;
}
