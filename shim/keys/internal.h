/* What the parts of shim/keys share and nobody else needs. */
#ifndef SHUNT_KEYS_INTERNAL_H
#define SHUNT_KEYS_INTERNAL_H

#include "shunt/keys.h"
#include "shunt/settings.h"

/* --- keys.c --- */

enum key_state {
    KEY_UNSET,     /* no file, or an empty one */
    KEY_SET,       /* a good value */
    KEY_INVALID,   /* read, but not what was expected */
    KEY_UNREADABLE /* there, but could not be read */
};

/* A set of keys in which nothing is set. NULL: no memory. */
struct keys *keys_new(enum strategy strategy);

enum key_state keys_state(const struct keys *keys, const char *name);

/* Whether a key has a file of its own in another strategy's name. */
bool keys_elsewhere(const struct keys *keys, const char *name);

/* --- names.c: what a file name means --- */

enum name_kind {
    NAME_OTHER,           /* not ours: ignored */
    NAME_KEY,             /* a key of the table, for every strategy or one */
    NAME_UNKNOWN_KEY,     /* looks like a key, but no table knows it */
    NAME_UNKNOWN_STRATEGY /* a key behind a prefix that is no strategy */
};

struct key_name {
    enum name_kind kind;
    enum strategy strategy;      /* STRATEGY_NONE without a prefix */
    const struct key_info *info; /* for NAME_KEY */
    size_t prefix;               /* bytes before the key itself, with the dot */
};

struct key_name key_name_read(const char *file);

/* Whether a mistake in this file name may hide the route of a package registry. */
bool key_name_routes_packages(const char *file);

/* The nearest key or strategy of the tables; NULL when none is near. */
const char *key_name_nearest(const char *key);
const char *key_name_nearest_strategy(const char *prefix, size_t len);

/* --- pairs.c --- */

/* Reports credentials that lack their other half, their URL, or that another one overrides. */
void keys_check_pairs(struct keys *keys);

/* --- dialect.c: the second document's names --- */

enum dialect_state {
    DIALECT_OFF, /* the alias URLs do not apply */
    DIALECT_ON,
    DIALECT_BAD /* a flag cannot be understood: routes of alias URLs fail closed */
};

struct dialect {
    enum dialect_state state;
    const char *bad_key; /* the flag, when DIALECT_BAD */
};

/* `user_switch`: the variable, a valid boolean or NULL when unset. */
struct dialect dialect_read(const struct keys *keys, const char *user_switch);

/* The first alias of a key that is there, good or bad; NULL when none is. */
const char *dialect_alias(const struct keys *keys, const char *canonical);

/* --- route.c --- */

struct ecosystem;

/* Fills in the route of an ecosystem that has a URL key. Returns 0, or -1 when memory is out; the
 * caller clears the route in both cases. */
int route_read(const struct settings *settings, const struct dialect *dialect,
               const struct ecosystem *ecosystem, struct route *route);
void route_clear(struct route *route);

#endif
