/* A trust store as the tests of Java's formats see it, and what they all start from. */
#ifndef TRUST_STORE_H
#define TRUST_STORE_H

#include "trust_maker.h"

#include <openssl/sha.h>

#include "shunt/cleanup.h"
#include "shunt/trust.h"

/* What the tests know of a store: its entries in order, and that the digest is right. */
struct entry {
    unsigned tag;
    char alias[64];
    const unsigned char *der;
    size_t len;
};

struct view {
    struct entry entries[8];
    size_t count;
};

static inline uint32_t number(const unsigned char **at, size_t bytes)
{
    uint32_t value = 0;
    while (bytes--)
        value = value << 8 | *(*at)++;
    return value;
}

/* As the format says: SHA-1 over the password as UTF-16, a constant, and what precedes. */
static inline void sign_store(const char *password, const void *data, size_t len,
                              unsigned char digest[20])
{
    autobuf text = BUF_INIT(BUF_MAX_TEXT);
    for (; *password; password++) {
        char pair[2] = {0, *password};
        buf_append(&text, pair, 2);
    }
    buf_puts(&text, "Mighty Aphrodite");
    buf_append(&text, data, len);
    SHA1((const unsigned char *)buf_text(&text), text.len, digest);
}

static inline struct view view_of(const struct buf *store, const char *password)
{
    struct view view = {.count = 0};
    unsigned char digest[20];
    assert_true(store->len > 32);
    const unsigned char *start = (const unsigned char *)store->data, *at = start;
    assert_int_equal(number(&at, 4), 0xfeedfeed);
    assert_int_equal(number(&at, 4), 2);
    view.count = number(&at, 4);
    assert_in_range(view.count, 0, 8);
    for (struct entry *e = view.entries; e < view.entries + view.count; e++) {
        e->tag = number(&at, 4);
        size_t len = number(&at, 2);
        assert_in_range(len, 0, sizeof(e->alias) - 1);
        memcpy(e->alias, at, len);
        at += len + 8;
        if (e->tag == 1) {
            len = number(&at, 4);
            at += len;
            assert_int_equal(number(&at, 4), 1);
        }
        assert_int_equal(number(&at, 2), 5);
        assert_memory_equal(at, "X.509", 5);
        at += 5;
        e->len = number(&at, 4);
        e->der = at;
        at += e->len;
    }
    assert_int_equal(store->len - (size_t)(at - start), 20);
    sign_store(password, start, store->len - 20, digest);
    assert_memory_equal(at, digest, 20);
    return view;
}

static inline void assert_holds(const struct entry *entry, const char *alias, X509 *x)
{
    const unsigned char *p = entry->der;
    X509 *held = d2i_X509(NULL, &p, (long)entry->len);
    assert_non_null(held);
    assert_ptr_equal(p, entry->der + entry->len);
    assert_string_equal(entry->alias, alias);
    assert_int_equal(X509_cmp(held, x), 0);
    X509_free(held);
}

static inline void put(struct buf *out, uint32_t value, size_t bytes)
{
    for (; bytes > 0; bytes--) {
        char byte = (char)(value >> 8 * (bytes - 1));
        buf_append(out, &byte, 1);
    }
}

static inline void put_text(struct buf *out, const char *text)
{
    put(out, (uint32_t)strlen(text), 2);
    buf_puts(out, text);
}

static inline void put_certificate(struct buf *out, X509 *x)
{
    unsigned char *der = NULL;
    int len = i2d_X509(x, &der);
    assert_true(len > 0);
    put_text(out, "X.509");
    put(out, (uint32_t)len, 4);
    buf_append(out, der, (size_t)len);
    OPENSSL_free(der);
}

static inline void put_entry(struct buf *out, uint32_t tag, const char *alias, X509 *x)
{
    put(out, tag, 4);
    put_text(out, alias);
    put(out, 0x18c, 4); /* a date */
    put(out, 0xabcdef01, 4);
    if (tag == 1) {
        put(out, 7, 4);
        buf_puts(out, "private");
        put(out, 1, 4);
    }
    put_certificate(out, x);
}

static inline void put_header(struct buf *out, uint32_t count)
{
    put(out, 0xfeedfeed, 4);
    put(out, 2, 4);
    put(out, count, 4);
}

static inline void put_digest(struct buf *out, const char *password)
{
    unsigned char digest[20];
    sign_store(password, out->data, out->len, digest);
    buf_append(out, digest, 20);
}

struct fixture {
    X509 *one, *two, *mirror;
    char *mirror_pem;
    struct buf store; /* a key "key" of `two`, a trusted "Ōne" of `one`; password changeit */
};

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    f->one = make_certificate("one", MAKE_CA);
    f->two = make_certificate("two", MAKE_LEAF);
    f->mirror = make_certificate("mirror", MAKE_CA);
    f->mirror_pem = pem_of(f->mirror);
    f->store.max = BUF_MAX_TEXT;
    put_header(&f->store, 2);
    put_entry(&f->store, 1, "key", f->two);
    put_entry(&f->store, 2, "\xc5\x8cne", f->one);
    put_digest(&f->store, "changeit");
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    X509_free(f->one);
    X509_free(f->two);
    X509_free(f->mirror);
    free(f->mirror_pem);
    buf_free(&f->store);
    free(f);
    return 0;
}

static inline int append(const struct buf *store, const char *password, const char *pem,
                         struct buf *out)
{
    return trust_append_java(buf_text(store), store->len, password, pem, out);
}

#endif
