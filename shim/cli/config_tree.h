/* Everything that `shunt config` shows, as one JSON value: printed as it is with --json, and walked
 * by the printer for people. */
#ifndef SHUNT_CLI_CONFIG_TREE_H
#define SHUNT_CLI_CONFIG_TREE_H

#include <jansson.h>

#include "shunt/ecosystem.h"

/* {"keys", "strategy", "off", "problems": [sentence], "ecosystems": [{"name", "title", "state":
 * "mirror" | "closed" | "public", "url", "origin", "variables": [{"name", "value", "meaning",
 * "when"}], "files": [{"path", "meaning", "answer": "served" | "own" | "failed" | "pattern",
 * "bytes", "text"}]}]}. A "pattern" stands for paths that are not known beforehand; a served file
 * without "text" is binary. `only` restricts it to one ecosystem (NULL: all that have a route).
 * Owned by the caller; NULL without memory. */
json_t *config_tree(const struct settings *settings, const char *runtime_dir,
                    const struct ecosystem *only);

/* {"keys", …, "problems", "ecosystem", "file": {…}} for one absolute path; "file" is null when
 * nothing serves it. */
json_t *config_tree_file(const struct settings *settings, const char *runtime_dir,
                         const char *path);

/* Prints a tree for people. */
void config_print(const json_t *tree);

#endif
