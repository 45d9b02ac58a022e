/* An ecosystem is one file: shim/ecosystems/<name>.c holds one `struct ecosystem`.
 *
 * It says which key routes it, which public base URLs are its own, which files it serves and which
 * variables it sets. Everything that walks ecosystems (plan, broker, config, documentation) walks
 * ecosystem_table(). Renderers are pure: settings and the tool's own text in, text out. */
#ifndef SHUNT_ECOSYSTEM_H
#define SHUNT_ECOSYSTEM_H

#include "shunt/buf.h"
#include "shunt/plan.h"
#include "shunt/settings.h"

/* What the broker knows about the process that opens a file. Pointers live during the call. */
struct file_request {
    const char *path;        /* absolute, as the program named it */
    const char *user_text;   /* content of the real file; "" when there is none */
    size_t user_len;         /* bytes */
    bool user_exists;        /* the real file exists and could be read */
    const char *home;        /* the process's HOME, else its passwd entry; never NULL */
    const char *program;     /* base name of the executable: "node", "python3.11"; "" if unknown */
    const char *const *argv; /* NULL-terminated argument list; empty if unknown */
    const char *runtime_dir; /* the broker's runtime directory: prefix of the virtual paths */
    /* Reads another file the tool would merge (its own user-level file, say). Returns 0, or -1 if
     * there is none. Goes through a function so that tests need no file system. */
    int (*read_file)(const char *path, struct buf *out);
};

enum file_answer {
    FILE_REAL,  /* not ours: let the program open its own file */
    FILE_TEXT,  /* `out` is what the program shall read */
    FILE_FAILED /* could not be rendered: the open fails, the route stays closed */
};

struct served_file {
    enum plan_match match;
    const char *text; /* see enum plan_match; for PLAN_MATCH_ENV the variable's name */
    enum file_answer (*render)(const struct settings *settings, const struct file_request *request,
                               struct buf *out);
    const char *meaning; /* one phrase for `shunt config` and the documentation */
};

struct env_rule {
    const char *name;
    unsigned flags;         /* PLAN_ENV_* */
    const char *when_name;  /* only when this other variable … */
    const char *when_value; /* … has exactly this value; NULL: always */
    /* The value to set, appended to `out`. Returns 0; -1 to set nothing under these settings. */
    int (*value)(const struct settings *settings, const char *runtime_dir, struct buf *out);
    const char *meaning;
};

struct ecosystem {
    const char *name;                /* "npm" */
    const char *title;               /* "npm (Node.js)" */
    const char *url_key;             /* "pkg-npm-url" */
    const char *username_key;        /* or NULL */
    const char *password_key;        /* or NULL */
    const char *token_key;           /* or NULL */
    const char *const *public_urls;  /* base URLs, NULL-terminated: "https://registry.npmjs.org" */
    const struct served_file *files; /* ends with a NULL render */
    const struct env_rule *env;      /* ends with a NULL name */
    /* Whether anything of it applies; NULL: when its route is not public. */
    bool (*in_force)(const struct settings *settings);
    /* For `shunt config`: a program that reads the files, and where they usually are ("~/" is the
     * home). NULL-terminated lists; NULL: none. */
    const char *reader;
    const char *const *reader_arguments;
    const char *const *usual_paths;
};

extern const struct ecosystem ecosystem_npm, ecosystem_python, ecosystem_maven;

/* Files and variables that belong to no registry, or to several: no url_key and no route. The
 * credentials that tools read from netrc, and the mirror's CA in trust stores. */
extern const struct ecosystem ecosystem_netrc, ecosystem_trust;

/* NULL-terminated. */
const struct ecosystem *const *ecosystem_table(void);
const struct ecosystem *ecosystem_find(const char *name);

/* Whether anything of the ecosystem applies under these settings. */
bool ecosystem_in_force(const struct settings *settings, const struct ecosystem *ecosystem);

/* Whether `url` is one of this ecosystem's public base URLs or below one (http counts as https). */
bool ecosystem_is_public(const struct ecosystem *ecosystem, const char *url);

/* If `url` is public, returns the mirror's URL for it: the route's base URL joined with what
 * follows the public base URL (caller frees). NULL when it is not public or the route is
 * ROUTE_PUBLIC. */
char *ecosystem_map_url(const struct ecosystem *ecosystem, const struct route *route,
                        const char *url);

#endif
