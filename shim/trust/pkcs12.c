/* The certificates of a PKCS #12 store that a JVM trusts. Pure; the format is OpenSSL's work. */
#include "trust_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>

/* A store may ask for any number of rounds, and the broker answers other programs meanwhile. JDKs
 * write 10,000; older ones up to 100,000. */
enum { ROUNDS_MAX = 300000 };

/* OpenSSL's scrypt is bounded by memory; this bounds the others. */
static bool rounds_are_sane(const X509_ALGOR *algorithm)
{
    const ASN1_INTEGER *rounds = NULL;
    PBEPARAM *pkcs5 = NULL;
    PBKDF2PARAM *pbkdf2 = NULL;
    PBE2PARAM *pbes2 = NULL;
    if (OBJ_obj2nid(algorithm->algorithm) != NID_pbes2) {
        pkcs5 = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), algorithm->parameter);
        rounds = pkcs5 ? pkcs5->iter : NULL;
    } else {
        pbes2 = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algorithm->parameter);
        if (pbes2 && OBJ_obj2nid(pbes2->keyfunc->algorithm) == NID_id_pbkdf2)
            pbkdf2 =
                ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), pbes2->keyfunc->parameter);
        rounds = pbkdf2 ? pbkdf2->iter : NULL;
    }
    bool sane = rounds && ASN1_INTEGER_get(rounds) > 0 && ASN1_INTEGER_get(rounds) <= ROUNDS_MAX;
    PBEPARAM_free(pkcs5);
    PBKDF2PARAM_free(pbkdf2);
    PBE2PARAM_free(pbes2);
    return sane;
}

/* A wrong password matters only when the JVM was given one: without, it checks nothing. */
static int check_mac(PKCS12 *store, const char *password)
{
    const ASN1_INTEGER *rounds = NULL;
    if (!password || !PKCS12_mac_present(store))
        return 0;
    PKCS12_get0_mac(NULL, NULL, NULL, &rounds, store);
    if (rounds && (ASN1_INTEGER_get(rounds) < 1 || ASN1_INTEGER_get(rounds) > ROUNDS_MAX))
        return -1;
    return PKCS12_verify_mac(store, password, -1) ? 0 : -1;
}

static STACK_OF(PKCS12_SAFEBAG) * unpack(PKCS7 *part, const char *password)
{
    if (PKCS7_type_is_data(part))
        return PKCS12_unpack_p7data(part);
    if (!PKCS7_type_is_encrypted(part) || !part->d.encrypted || !part->d.encrypted->enc_data ||
        !rounds_are_sane(part->d.encrypted->enc_data->algorithm))
        return NULL;
    return PKCS12_unpack_p7encdata(part, password, -1);
}

/* The JDK trusts a certificate only if its bag says so: one without this attribute is a link of
 * some key's chain. */
static bool bag_is_trusted(const PKCS12_SAFEBAG *bag)
{
    static const char trusted_key_usage[] = "2.16.840.1.113894.746875.1.1";
    const STACK_OF(X509_ATTRIBUTE) *attributes = PKCS12_SAFEBAG_get0_attrs(bag);
    for (int i = 0; i < sk_X509_ATTRIBUTE_num(attributes); i++) {
        char oid[64];
        X509_ATTRIBUTE *attribute = sk_X509_ATTRIBUTE_value(attributes, i);
        OBJ_obj2txt(oid, sizeof(oid), X509_ATTRIBUTE_get0_object(attribute), 1);
        if (strcmp(oid, trusted_key_usage) == 0)
            return true;
    }
    return false;
}

/* The bag's name as JKS has it: lower case. A JVM does not find an entry under any other, so a name
 * that ASCII rules cannot lower is replaced: trust does not depend on names. */
static void bag_alias(PKCS12_SAFEBAG *bag, uint32_t number, char alias[256])
{
    char *name = PKCS12_get_friendlyname(bag);
    size_t len = name ? strlen(name) : 0;
    bool plain = name && len < 256;
    for (size_t i = 0; plain && i < len; i++) {
        plain = isascii((unsigned char)name[i]);
        alias[i] = (char)tolower((unsigned char)name[i]);
    }
    if (plain)
        alias[len] = '\0';
    else
        snprintf(alias, 256, "certificate-%u", number);
    OPENSSL_free(name);
}

static int take_certificate(PKCS12_SAFEBAG *bag, struct jks *jks, struct certificates *extra)
{
    char alias[256];
    unsigned char *der = NULL;
    X509 *x = PKCS12_SAFEBAG_get1_cert(bag);
    int len = x ? i2d_X509(x, &der) : -1;
    X509_free(x);
    if (len <= 0)
        return -1;
    bag_alias(bag, jks->count + 1, alias);
    jks_note_alias(jks, alias, strlen(alias));
    certificates_drop(extra, der, (size_t)len);
    int result = jks_put_certificate(jks, alias, der, (size_t)len);
    OPENSSL_free(der);
    return result;
}

static int take_bag(PKCS12_SAFEBAG *bag, struct jks *jks, struct certificates *extra)
{
    switch (PKCS12_SAFEBAG_get_nid(bag)) {
    case NID_keyBag:
    case NID_pkcs8ShroudedKeyBag:
    case NID_secretBag:
        return -1; /* would be lost, or need a key of JKS's own encryption */
    case NID_certBag:
        return bag_is_trusted(bag) ? take_certificate(bag, jks, extra) : 0;
    default:
        return 0; /* revocation lists and the like, which the JDK does not read either */
    }
}

static int take_part(PKCS7 *part, const char *password, struct jks *jks, struct certificates *extra)
{
    STACK_OF(PKCS12_SAFEBAG) *bags = unpack(part, password);
    int result = bags ? 0 : -1;
    for (int i = 0; result == 0 && i < sk_PKCS12_SAFEBAG_num(bags); i++)
        result = take_bag(sk_PKCS12_SAFEBAG_value(bags, i), jks, extra);
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    return result;
}

static int take_parts(PKCS12 *store, const char *password, struct jks *jks,
                      struct certificates *extra)
{
    STACK_OF(PKCS7) *parts = PKCS12_unpack_authsafes(store);
    int result = parts ? 0 : -1;
    for (int i = 0; result == 0 && i < sk_PKCS7_num(parts); i++)
        result = take_part(sk_PKCS7_value(parts, i), password, jks, extra);
    sk_PKCS7_pop_free(parts, PKCS7_free);
    return result;
}

int pkcs12_read(const void *store, size_t len, const char *password, struct jks *jks,
                struct certificates *extra)
{
    const unsigned char *p = store;
    ERR_set_mark();
    /* Older JDKs encrypt certificates with RC2. The provider only adds algorithms, and may be
     * absent: then such a store cannot be read. */
    OSSL_PROVIDER *legacy = OSSL_PROVIDER_try_load(NULL, "legacy", 1);
    PKCS12 *p12 = d2i_PKCS12(NULL, &p, (long)len);
    int result = p12 && p == (const unsigned char *)store + len ? 0 : -1;
    if (result == 0)
        result = check_mac(p12, password);
    if (result == 0)
        result = take_parts(p12, password ? password : JAVA_PASSWORD, jks, extra);
    PKCS12_free(p12);
    if (legacy)
        OSSL_PROVIDER_unload(legacy);
    ERR_pop_to_mark();
    return result;
}
