/* The plan: what the library knows. One flat read-only file, written by the broker, mapped by every
 * process of the step. Offsets are bytes from the start of the plan; strings are NUL-terminated.
 * Freestanding: this header is included by the library. It holds no credential. */
#ifndef SHUNT_PLAN_H
#define SHUNT_PLAN_H

#include <stdint.h>

#define PLAN_MAGIC   0x4e4c5053u /* "SPLN" */
#define PLAN_VERSION 1u
#define PLAN_MAX     (1u << 20) /* bytes; a larger file is not a plan */

/* How a file row names paths. */
enum plan_match {
    PLAN_MATCH_NONE,
    PLAN_MATCH_SUFFIX, /* the absolute path ends with the text, which starts with '/' to name
                        * whole components ("/conf/settings.xml") or with '.' for a file name
                        * extension (".pem"). At least 3 bytes. The first row that matches
                        * counts. */
    PLAN_MATCH_PREFIX, /* the path starts with the text; the plan writer puts the runtime directory
                        * in front of a text that does not start with '/' */
    PLAN_MATCH_ENV     /* the path equals the value of the environment variable of that name */
};

struct plan_text {
    uint32_t offset;
    uint32_t length; /* bytes without the NUL */
};

struct plan_file {
    struct plan_text text;
    uint32_t match; /* enum plan_match */
    uint32_t row;   /* sent back to the broker: which row was meant */
};

enum {
    PLAN_ENV_SET = 1, /* set when the user's environment has no such variable (or an empty one) */
    PLAN_ENV_REPLACE = 2,  /* replace a value that is a public URL of the row's ecosystem */
    PLAN_ENV_LIST = 4,     /* with REPLACE: the value is a list separated by blanks, item by item */
    PLAN_ENV_ANY_CASE = 8, /* the tool reads the name in any case (npm_config_*) */
    PLAN_ENV_PATH = 16     /* a file path, for documentation: never replaced */
};

struct plan_env {
    struct plan_text name;
    struct plan_text value;
    struct plan_text when_name; /* length 0: always */
    struct plan_text when_value;
    uint32_t flags;
    uint32_t first_public; /* index into publics */
    uint32_t public_count;
};

struct plan {
    uint32_t magic;
    uint32_t version;
    uint32_t size;                  /* bytes of the whole plan */
    uint32_t generation;            /* of the broker that wrote it; for messages */
    struct plan_text socket;        /* path of the broker's socket */
    uint32_t files, file_count;     /* struct plan_file[] */
    uint32_t envs, env_count;       /* struct plan_env[] */
    uint32_t publics, public_count; /* struct plan_text[]: public base URLs without trailing '/' */
    uint64_t tails[4]; /* one bit per hash of the last three bytes of a PLAN_MATCH_SUFFIX text */
};

/* The bit of `tails` for a path whose last three bytes are p[0] p[1] p[2]. */
static inline uint32_t plan_tail_bit(const char *p)
{
    uint32_t v = (uint32_t)(unsigned char)p[0] | (uint32_t)(unsigned char)p[1] << 8 |
                 (uint32_t)(unsigned char)p[2] << 16;
    return (v * 0x9e3779b1u) >> 24;
}

#endif
