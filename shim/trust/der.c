/* Tells a CA's certificate from any other by walking its DER. Pure. */
#include "trust_internal.h"

#include <string.h>

#include <openssl/asn1.h>

struct element {
    const unsigned char *start; /* of tag and length */
    const unsigned char *body;
    size_t len;   /* of the body */
    size_t whole; /* with tag and length */
    int tag, class;
};

/* Reads the element at *at and moves past it. Returns 0, or -1 where there is no whole element. */
static int der_next(const unsigned char **at, const unsigned char *end, struct element *out)
{
    const unsigned char *p = *at;
    long len = 0;
    if (p >= end)
        return -1;
    int flags = ASN1_get_object(&p, &len, &out->tag, &out->class, end - p);
    if (flags & 0x80 || flags & 1 || len < 0 || len > end - p)
        return -1; /* malformed, or an indefinite length, which DER does not have */
    out->start = *at;
    out->body = p;
    out->len = (size_t)len;
    *at = p + len;
    out->whole = (size_t)(*at - out->start);
    return 0;
}

static int der_expect(const unsigned char **at, const unsigned char *end, int tag,
                      struct element *out)
{
    if (der_next(at, end, out) || out->class != V_ASN1_UNIVERSAL || out->tag != tag)
        return -1;
    return 0;
}

/* basicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, … } inside an OCTET STRING */
static bool constraints_say_ca(const struct element *octets)
{
    const unsigned char *p = octets->body, *end = p + octets->len;
    struct element sequence, ca;
    if (der_expect(&p, end, V_ASN1_SEQUENCE, &sequence))
        return false;
    p = sequence.body;
    return der_expect(&p, sequence.body + sequence.len, V_ASN1_BOOLEAN, &ca) == 0 && ca.len == 1 &&
           ca.body[0] != 0;
}

/* `explicit_tag` is [3]: one SEQUENCE of extensions. */
static bool extensions_say_ca(const struct element *explicit_tag)
{
    static const unsigned char basic_constraints[] = {0x55, 0x1d, 0x13}; /* 2.5.29.19 */
    const unsigned char *p = explicit_tag->body;
    struct element list, extension, oid, value;
    if (der_expect(&p, p + explicit_tag->len, V_ASN1_SEQUENCE, &list))
        return false;
    const unsigned char *at = list.body, *end = list.body + list.len;
    while (der_expect(&at, end, V_ASN1_SEQUENCE, &extension) == 0) {
        const unsigned char *q = extension.body, *stop = q + extension.len;
        if (der_expect(&q, stop, V_ASN1_OBJECT, &oid))
            return false;
        if (oid.len != sizeof(basic_constraints) ||
            memcmp(oid.body, basic_constraints, oid.len) != 0)
            continue;
        while (der_next(&q, stop, &value) == 0) /* passes `critical` */
            if (value.class == V_ASN1_UNIVERSAL && value.tag == V_ASN1_OCTET_STRING)
                return constraints_say_ca(&value);
        return false;
    }
    return false;
}

bool certificate_is_ca(const unsigned char *der, size_t len)
{
    const unsigned char *p = der, *end = der + len;
    struct element certificate, tbs, version, serial, algorithm, issuer, validity, subject, key, e;
    if (der_expect(&p, end, V_ASN1_SEQUENCE, &certificate) || p != end)
        return false;
    p = certificate.body;
    if (der_expect(&p, end, V_ASN1_SEQUENCE, &tbs))
        return false;
    p = tbs.body;
    end = tbs.body + tbs.len;
    bool first_version = end - p < 1 || p[0] != 0xa0; /* [0] is left out for version 1 */
    if (!first_version && der_next(&p, end, &version))
        return false;
    if (der_expect(&p, end, V_ASN1_INTEGER, &serial) ||
        der_expect(&p, end, V_ASN1_SEQUENCE, &algorithm) ||
        der_expect(&p, end, V_ASN1_SEQUENCE, &issuer) ||
        der_expect(&p, end, V_ASN1_SEQUENCE, &validity) ||
        der_expect(&p, end, V_ASN1_SEQUENCE, &subject) ||
        der_expect(&p, end, V_ASN1_SEQUENCE, &key))
        return false;
    while (der_next(&p, end, &e) == 0)
        if (e.class == V_ASN1_CONTEXT_SPECIFIC && e.tag == 3)
            return extensions_say_ca(&e);
    return first_version && issuer.whole == subject.whole &&
           memcmp(issuer.start, subject.start, issuer.whole) == 0;
}
