/* Where a broker lives, computed alike by the library and the command. Freestanding.
 *
 * <base>/shunt-<uid>/<id>/ holds `lock` (flock by the broker), `plan` (flock by the broker while it
 * lives) and `sock`. <base> is SHUNT_RUNTIME, or the first usable of RUNTIME_BASES; both
 * directories have mode 0700 and belong to the user; <uid> is the effective one. <id> is 16 hex
 * digits over everything that makes one broker differ from another: the key directory and the
 * variables of runtime_id. */
#ifndef SHUNT_RUNTIME_H
#define SHUNT_RUNTIME_H

#include <stdint.h>

/* Tried in this order: tmpfs first, so that nothing of a step ever reaches a disk. */
#define RUNTIME_BASES                                                                              \
    {                                                                                              \
        "/dev/shm", "/tmp"                                                                         \
    }
#define RUNTIME_BASE_COUNT 2

/* Longest runtime directory (bytes with the NUL): the socket's path must fit sockaddr_un. */
#define RUNTIME_PATH_MAX 96

static inline uint64_t runtime_hash(uint64_t hash, const char *text)
{
    /* FNV-1a, with the NUL so that ("ab","c") and ("a","bc") differ. NULL counts as "". */
    const char *p = text ? text : "";
    do {
        hash = (hash ^ (unsigned char)*p) * 0x100000001b3ull;
    } while (*p++);
    return hash;
}

/* The arguments are the values of SHUNT_KEYS (or the default), SHUNT_STRATEGY, SHUNT_CREDENTIALS
 * and enable-package-registry-proxy as the environment gives them, NULL or "" when unset. */
static inline uint64_t runtime_id(const char *key_dir, const char *strategy,
                                  const char *credentials, const char *user_switch)
{
    uint64_t hash = runtime_hash(0xcbf29ce484222325ull, key_dir);
    hash = runtime_hash(hash, strategy);
    hash = runtime_hash(hash, credentials);
    return runtime_hash(hash, user_switch);
}

#endif
