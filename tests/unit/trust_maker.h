/* Certificates and key stores for the tests of trust stores, made on the spot by OpenSSL. */
#ifndef TRUST_MAKER_H
#define TRUST_MAKER_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

enum maker_kind { MAKE_CA, MAKE_LEAF, MAKE_PLAIN, MAKE_V1, MAKE_V1_ISSUED };

static inline EVP_PKEY *make_key(void)
{
    static EVP_PKEY *key; /* one is enough for all; kept to the end */
    if (!key)
        key = EVP_EC_gen("P-256");
    assert_non_null(key);
    return key;
}

static inline void set_name(X509_NAME *name, const char *common_name)
{
    assert_true(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                           (const unsigned char *)common_name, -1, -1, 0));
}

static inline X509 *make_certificate(const char *common_name, enum maker_kind kind)
{
    static long serial = 1;
    X509 *x = X509_new();
    assert_non_null(x);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    X509_set_pubkey(x, make_key());
    set_name(X509_get_subject_name(x), common_name);
    set_name(X509_get_issuer_name(x), kind == MAKE_V1_ISSUED ? "somebody else" : common_name);
    if (kind == MAKE_CA || kind == MAKE_LEAF) {
        const char *value = kind == MAKE_CA ? "critical,CA:TRUE" : "CA:FALSE";
        X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, value);
        X509_add_ext(x, e, -1);
        X509_EXTENSION_free(e);
    }
    X509_set_version(x,
                     kind == MAKE_V1 || kind == MAKE_V1_ISSUED ? X509_VERSION_1 : X509_VERSION_3);
    assert_true(X509_sign(x, make_key(), EVP_sha256()));
    return x;
}

static inline char *bio_text(BIO *bio)
{
    char *data;
    long len = BIO_get_mem_data(bio, &data);
    char *text = calloc(1, (size_t)len + 1);
    assert_non_null(text);
    memcpy(text, data, (size_t)len);
    BIO_free(bio);
    return text;
}

static inline char *pem_of(X509 *x)
{
    BIO *bio = BIO_new(BIO_s_mem());
    assert_true(PEM_write_bio_X509(bio, x));
    return bio_text(bio);
}

/* The caller frees it. */
static inline char *make_pem(const char *common_name, enum maker_kind kind)
{
    X509 *x = make_certificate(common_name, kind);
    char *text = pem_of(x);
    X509_free(x);
    return text;
}

static inline char *make_key_pem(void)
{
    BIO *bio = BIO_new(BIO_s_mem());
    assert_true(PEM_write_bio_PrivateKey(bio, make_key(), NULL, NULL, 0, NULL, NULL));
    return bio_text(bio);
}

/* The parts, up to a NULL, as one text that the caller frees. */
static inline char *join(const char *first, ...)
{
    BIO *bio = BIO_new(BIO_s_mem());
    va_list parts;
    va_start(parts, first);
    for (const char *part = first; part; part = va_arg(parts, const char *))
        BIO_puts(bio, part);
    va_end(parts);
    return bio_text(bio);
}

static inline size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)); text++)
        count++;
    return count;
}

#endif
