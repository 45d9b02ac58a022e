/* Trust stores with the mirror's CA added: PEM bundles, Java's JKS and PKCS #12. Pure functions
 * over bytes; certificates by OpenSSL. */
#ifndef SHUNT_TRUST_H
#define SHUNT_TRUST_H

#include "shunt/buf.h"

/* Whether `pem` holds at least one certificate and nothing that cannot be parsed. Returns the
 * number of certificates, or -1 with *why set to a static phrase that completes "expected …". */
int trust_check_pem(const char *pem, size_t len, const char **why);

/* Whether a PEM text is a bundle of CA certificates and nothing else (no key, no leaf): the files
 * that a TLS client names as its trust store. */
bool trust_is_ca_bundle(const char *pem, size_t len);

/* Appends `bundle`, a line feed where one is missing, and those certificates of `extra` that the
 * bundle does not hold yet, each with a comment line that names its subject. Returns 0 or -1. */
int trust_append_pem(const char *bundle, size_t len, const char *extra, struct buf *out);

/* OpenSSL's subject name hashes (X509_NAME_hash, eight hex digits) of the certificates in `pem`,
 * for <hash>.0 names in a certificate directory. Returns the count written to `hashes`. */
size_t trust_subject_hashes(const char *pem, char hashes[][9], size_t max);

/* Java trust stores. `store` is JKS (magic FEEDFEED) or PKCS #12, told apart by content; `password`
 * is what the JVM will check it with (NULL: "changeit"). The result is always JKS, which every JVM
 * from 8 on reads under either type name: all trusted certificates of the store plus `extra_pem`
 * under the aliases shunt-mirror-ca-1 ….
 * An empty store gives one with the extra certificates alone. Returns 0; -1 when the store cannot
 * be read (wrong password, holds private keys in PKCS #12, not a key store). Private key entries of
 * a JKS are kept as they are. */
int trust_append_java(const void *store, size_t len, const char *password, const char *extra_pem,
                      struct buf *out);

#endif
