/* What the renderers of this directory share. Private to shim/ecosystems and its tests. */
#ifndef SHUNT_RENDER_H
#define SHUNT_RENDER_H

#include "shunt/ecosystem.h"

/* --- render.c: the process that asks, its route, lines of text --- */

/* Part of a text that somebody else owns. */
struct span {
    const char *start;
    size_t len; /* bytes */
};

/* One line: `text` without its line end, `end` the line end ("\n", "\r\n", "\r" or "" at the end of
 * the file). All three end a line for npm, for Python and for Java's properties. */
struct line {
    struct span text;
    struct span end;
};

/* Takes the next line off `rest`; false when nothing is left. */
bool line_next(struct span *rest, struct line *line);

/* The line end that a text uses: that of its first line, "\n" when it has none. */
const char *line_end_of(struct span text);

struct span span_trim(struct span span); /* without blanks at both ends */
bool span_is(struct span span, const char *text);
bool span_starts(struct span span, const char *text);
char *span_copy(struct span span); /* caller frees; NULL: no memory */

bool has_suffix(const char *text, const char *suffix);
const char *base_name(const char *path);

/* Whether the program is in the NULL-terminated list, where "python*" stands for every name that
 * starts so; an unknown program ("") is: the text it would miss keeps the build private. */
bool program_in(const struct file_request *request, const char *const *names);

/* How one tool's command line tells that it edits configuration. All NULL-terminated. */
struct command_words {
    const char *const *tools; /* "npm": also npm-cli.js, npm.cjs, /usr/bin/npm, npm11 */
    const char *const *edits; /* commands that write configuration */
    const char *const *other; /* the common commands that do not: the search ends there */
};

/* Whether `argv` runs one of the tools with an editing command. The command is the first word after
 * the tool that is no option; a word behind an option may be its value, so the search goes on past
 * it, and in doubt a word that names an editing command is one. */
bool argv_edits(const char *const *argv, const struct command_words *words);

/* The route when this ecosystem's public URLs must be replaced (a mirror, or closed); else NULL. */
const struct route *route_in_force(const struct settings *settings, const char *ecosystem);

/* Whether served text carries the route's credentials. */
bool route_serves_credentials(const struct settings *settings, const struct route *route);

/* base64(user:password). Caller frees; NULL: no memory. */
char *route_basic(const struct route *route);

/* --- npmrc.c: npm's ini --- */

struct npmrc_context {
    const struct route *route; /* NULL: no URL is replaced */
    const char *mirror_ca;     /* NULL: cafile and ca are left alone */
    const char *runtime_dir;
    const char *home;
};

/* Appends `text` with public registries, cafile and ca replaced; everything else byte for byte.
 * *changed tells whether anything was. Returns 0, or -1 when memory is out. */
int npmrc_rewrite(const struct npmrc_context *context, struct span text, struct buf *out,
                  bool *changed);

/* Appends `value` so that npm's ini parser and its ${VARIABLE} expansion give it back. */
int npmrc_quote(const char *value, struct buf *out);

/* Appends the registry's credentials, one line under the registry's own key. */
int npmrc_credentials(const struct route *route, struct buf *out);

/* The mirror's URL as npm wants a registry: with a slash at the end. Caller frees. */
char *npmrc_registry(const char *url);

/* --- pipconf.c: Python's configparser as pip uses it --- */

struct pipconf_result {
    bool changed;      /* a public index was replaced */
    bool sets_index;   /* [global] (or [DEFAULT]) has an index-url */
    bool sets_trusted; /* … a trusted-host */
};

/* Appends `text` with the public indexes in index-url and extra-index-url replaced, in any section.
 * Returns 0 or -1. */
int pipconf_rewrite(const struct route *route, struct span text, struct buf *out,
                    struct pipconf_result *result);

/* Appends `text` with `name = value` put in its [global] section, which is made when missing. */
int pipconf_add(struct span text, const char *name, const char *value, struct buf *out);

/* --- netrc.c --- */

enum netrc_dialect {
    NETRC_QUOTED, /* Python from 3.11, curl, wget: double quotes, backslash escapes */
    NETRC_RAW     /* Python up to 3.10: a value is what stands between blanks */
};

/* Appends an entry. Returns 0; -1 when the dialect has no way to write the value, or memory is
 * out. */
int netrc_entry(const char *host, const char *login, const char *password,
                enum netrc_dialect dialect, struct buf *out);

/* Appends `text` without its entries for `host`. Returns 0 or -1. */
int netrc_without(struct span text, const char *host, struct buf *out);

/* --- maven_settings.c: settings.xml, by libxml2 --- */

struct _xmlDoc;

/* Parses a settings.xml. NULL when it is none (also above 1 MiB, or with a DTD). */
struct _xmlDoc *maven_settings_parse(struct span text);
struct _xmlDoc *maven_settings_empty(void);
void maven_settings_free(struct _xmlDoc **doc);

/* Replaces the public URLs of mirrors and of profiles' repositories and gives their ids our
 * credentials. Returns how many, or -1. */
int maven_settings_rewrite(struct _xmlDoc *doc, const struct settings *settings,
                           const struct route *route);

/* Whether a mirror of the document stands for the repository `central`; with `private_only`, one
 * whose URL is not public. */
bool maven_settings_mirrors_central(struct _xmlDoc *doc, bool private_only);

/* Whether a mirror or a server has this id. NULL documents have none. */
bool maven_settings_uses_id(struct _xmlDoc *doc, const char *id);

/* Adds our mirror of central under `id`, with its credentials. Returns 0 or -1. */
int maven_settings_add_mirror(struct _xmlDoc *doc, const struct settings *settings,
                              const struct route *route, const char *id);

int maven_settings_write(struct _xmlDoc *doc, struct buf *out);

#define autodoc __attribute__((cleanup(maven_settings_free))) struct _xmlDoc

#endif
