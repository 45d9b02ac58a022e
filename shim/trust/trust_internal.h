/* Shared by the files of shim/trust/ only: certificates in DER, the JKS writer. */
#ifndef SHUNT_TRUST_INTERNAL_H
#define SHUNT_TRUST_INTERNAL_H

#include <stdint.h>

#include "shunt/trust.h"

struct certificate {
    unsigned char *der; /* owned */
    size_t len;
};

struct certificates {
    struct certificate *items; /* owned */
    size_t count;
};

/* Reads a PEM text that must hold certificates only, at least one; equal ones are kept once.
 * Returns 0 and `out` for certificates_free, or -1 with *why as for trust_check_pem. */
int certificates_read(const char *pem, size_t len, struct certificates *out, const char **why);
void certificates_free(struct certificates *list);

/* Removes the certificate with exactly these bytes, if the list holds it. */
void certificates_drop(struct certificates *list, const void *der, size_t len);

/* Whether a certificate is a CA's: basicConstraints says so, or it is a self-issued version 1
 * certificate. Looks at the structure only, which is 30 times as fast as d2i_X509: a program that
 * opens a bundle of 140 roots waits for the answer. */
bool certificate_is_ca(const unsigned char *der, size_t len);

/* The entries of a JKS while it is put together. */
struct jks {
    struct buf *entries;
    uint32_t count;
    unsigned long next_alias; /* the first N for which no entry is named shunt-mirror-ca-N */
};

/* Notes that an entry of that name exists, so that none of ours gets the same. */
void jks_note_alias(struct jks *jks, const void *alias, size_t len);

/* Appends a trusted certificate. The alias is UTF-8 of at most 65,535 bytes. */
int jks_put_certificate(struct jks *jks, const char *alias, const void *der, size_t len);

/* Writes the whole store: header, the entries so far, `extra` under our own aliases, digest. */
int jks_write(struct jks *jks, const struct certificates *extra, const char *password,
              struct buf *out);

/* Copies the entries of a JKS and drops from `extra` what they hold. `password` is NULL where the
 * JVM checks none. Returns 0, or -1. */
int jks_read(const void *store, size_t len, const char *password, struct jks *jks,
             struct certificates *extra);

/* The same for PKCS #12: the certificates that a JVM would trust. */
int pkcs12_read(const void *store, size_t len, const char *password, struct jks *jks,
                struct certificates *extra);

#define JKS_MAGIC            0xfeedfeedu
#define JAVA_PASSWORD        "changeit"
#define MIRROR_ALIAS         "shunt-mirror-ca-"
#define MIRROR_ALIAS_LEN     (sizeof(MIRROR_ALIAS) - 1)
#define PEM_CERTIFICATE_NAME "CERTIFICATE"

#define autocertificates __attribute__((cleanup(certificates_free))) struct certificates

#endif
