/* The key directory: one file per key, as a Kubernetes Secret or ConfigMap mounts.
 *
 * Source: the two documents the product implements (mirror Secret `choreo-build-registry-proxy`,
 * and the package registry proxy keys of `cluster-config`). `<strategy>.<key>` is looked up before
 * `<key>`; an empty file counts as unset; trailing newlines (LF, CR) are trimmed and nothing else
 * is unescaped. Files named `.*` (Kubernetes' own `..data`) are not keys. */
#ifndef SHUNT_KEYS_H
#define SHUNT_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "shunt/keys_default.h"

/* A value larger than this (bytes) is refused. */
#define KEY_MAX ((size_t)64 * 1024)

enum strategy {
    STRATEGY_NONE, /* no SHUNT_STRATEGY: global keys, no support matrix */
    STRATEGY_BUILDPACK,
    STRATEGY_BALLERINA,
    STRATEGY_MI,
    STRATEGY_WEBAPP,
    STRATEGY_PRISM,
    STRATEGY_TEST_RUNNER,
    STRATEGY_BYOC,
    STRATEGY_COUNT
};

/* "buildpack", …; "" for STRATEGY_NONE. */
const char *strategy_name(enum strategy strategy);

/* NULL and "" are STRATEGY_NONE. Returns 0, or -1 for an unknown name. */
int strategy_parse(const char *name, enum strategy *out);

/* "buildpack, ballerina, …": for messages. Static. */
const char *strategy_list(void);

/* on, 1, true, yes / off, 0, false, no in any case. Returns 0, or -1 for anything else. */
int bool_parse(const char *text, bool *out);

enum key_kind {
    KEY_URL,      /* http(s) base URL */
    KEY_REGISTRY, /* host[:port][/path], no scheme (an OCI registry) */
    KEY_IMAGE,    /* image reference or registry/repo prefix */
    KEY_NAME,     /* user name: any text without control characters */
    KEY_SECRET,   /* password or token: any text without control characters */
    KEY_PEM,      /* one or more PEM certificates */
    KEY_BOOL      /* as Go's strconv.ParseBool, which the second document's platform uses */
};

struct key_info {
    const char *name;
    enum key_kind kind;
    unsigned strategies; /* bit 1<<strategy for each strategy that uses it (support matrix) */
    const char *owner;   /* the ecosystem or registry it belongs to: "npm", "oci-dockerhub" … */
    const char *alias;   /* the key of the first document that it stands for, or NULL */
    const char *meaning; /* one phrase for --help and the documentation */
};

/* Every key that shunt knows, in documentation order. */
const struct key_info *key_table(size_t *count);
const struct key_info *key_find(const char *name);

/* One mistake: `sentence` names the key and says what was expected. Never contains a value of a
 * KEY_SECRET key. */
struct key_problem {
    char *key; /* file name as found, with its strategy prefix */
    char *sentence;
    bool unknown; /* a pkg-, oci-, image- or package-registry-proxy- name that no table knows, or a
                   * key behind a prefix that is no strategy */
};

struct keys;

/* Reads the whole directory once. Returns 0 and *out (keys_free), also when single keys are bad
 * (see keys_problems); -ENOENT when the directory does not exist; another negative errno when it
 * cannot be read at all. */
int keys_read(const char *dir, enum strategy strategy, struct keys **out);
void keys_free(struct keys *keys);

/* In what follows NULL is a set in which nothing is set. */

/* The value in force for a key of the table, or NULL when unset or bad. A strategy that does not
 * use a key does not see it. Second-document names are not resolved here: see settings.h. */
const char *keys_get(const struct keys *keys, const char *name);

/* The file that decided: "webapp.pkg-npm-url" or "pkg-npm-url"; also for a bad key. NULL: unset. */
const char *keys_origin(const struct keys *keys, const char *name);

/* Whether the key is there but unusable, so that what depends on it must fail closed. */
bool keys_bad(const struct keys *keys, const char *name);

const struct key_problem *keys_problems(const struct keys *keys, size_t *count);

/* Records a mistake found by somebody else (a URL that the trust code cannot parse …). The sentence
 * is "<key>: " and the formatted text. */
void keys_report(struct keys *keys, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
