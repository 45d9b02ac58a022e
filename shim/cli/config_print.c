/* Prints the tree of `shunt config` for people. Writes to stdout only. */
#include <stdio.h>
#include <string.h>

#include "config_tree.h"
#include "shunt/cleanup.h"

/* Longer texts (CA bundles) are shown when they are asked for by name (bytes). */
#define SHORT_TEXT 8192

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void print_indented(const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        printf("    | %.*s\n", (int)len, text);
        text += len + (text[len] == '\n');
    }
}

static void print_file(const json_t *file)
{
    const char *answer = text_of(file, "answer"), *path = text_of(file, "path");
    const char *text = json_string_value(json_object_get(file, "text"));
    long long bytes = (long long)json_integer_value(json_object_get(file, "bytes"));
    printf("  %s: %s\n", path, text_of(file, "meaning"));
    if (strcmp(answer, "own") == 0)
        puts("    your own file, unchanged");
    else if (strcmp(answer, "failed") == 0)
        puts("    cannot be served: opening it fails");
    else if (!text)
        printf("    %lld bytes, binary\n", bytes);
    else if (bytes > SHORT_TEXT)
        printf("    %lld bytes: shunt config %s\n", bytes, path);
    else
        print_indented(text);
}

/* Patterns of one meaning share a line. Returns the index behind them. */
static size_t print_patterns(const json_t *files, size_t index)
{
    const char *meaning = text_of(json_array_get(files, index), "meaning");
    const char *separator = "  ";
    for (const json_t *file; (file = json_array_get(files, index)); index++) {
        if (strcmp(text_of(file, "answer"), "pattern") != 0 ||
            strcmp(text_of(file, "meaning"), meaning) != 0)
            break;
        printf("%s%s", separator, text_of(file, "path"));
        separator = ", ";
    }
    printf(": %s\n", meaning);
    return index;
}

static void print_files(const json_t *files)
{
    for (size_t index = 0; index < json_array_size(files);) {
        const json_t *file = json_array_get(files, index);
        if (strcmp(text_of(file, "answer"), "pattern") == 0) {
            index = print_patterns(files, index);
        } else {
            print_file(file);
            index++;
        }
    }
}

static void print_variables(const json_t *variables)
{
    for (size_t i = 0; i < json_array_size(variables); i++) {
        const json_t *variable = json_array_get(variables, i);
        const char *when = text_of(variable, "when");
        printf("  %s=%s%s%s\n", text_of(variable, "name"), text_of(variable, "value"),
               *when ? "   " : "", when);
    }
}

static void print_ecosystem(const json_t *ecosystem)
{
    const char *state = text_of(ecosystem, "state"), *url = text_of(ecosystem, "url");
    const char *origin = text_of(ecosystem, "origin");
    if (strcmp(state, "public") == 0) {
        printf("%s: no key, left alone\n", text_of(ecosystem, "title"));
        return;
    }
    printf("%s%s%s", text_of(ecosystem, "title"), *url ? ": " : "", url);
    if (*origin)
        printf(" (%s)", origin);
    putchar('\n');
    if (strcmp(state, "closed") == 0)
        puts("  closed: its key is unusable, so nothing is fetched");
    print_variables(json_object_get(ecosystem, "variables"));
    print_files(json_object_get(ecosystem, "files"));
}

static void print_one_file(const json_t *file)
{
    const char *answer = text_of(file, "answer"), *text = text_of(file, "text");
    if (strcmp(answer, "own") == 0)
        printf("%s: your own file, unchanged\n", text_of(file, "path"));
    else if (strcmp(answer, "failed") == 0)
        printf("%s: cannot be served, opening it fails\n", text_of(file, "path"));
    else if (json_object_get(file, "text"))
        printf("%s%s", text, *text && text[strlen(text) - 1] != '\n' ? "\n" : "");
    else
        printf("%s: %lld bytes, binary (%s)\n", text_of(file, "path"),
               (long long)json_integer_value(json_object_get(file, "bytes")),
               text_of(file, "meaning"));
}

void config_print(const json_t *tree)
{
    const json_t *file = json_object_get(tree, "file"), *list = json_object_get(tree, "ecosystems");
    if (file) {
        if (!json_is_null(file))
            print_one_file(file);
        return;
    }
    if (json_is_true(json_object_get(tree, "off")))
        printf("no keys in %s: nothing is changed\n", text_of(tree, "keys"));
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (i > 0)
            putchar('\n');
        print_ecosystem(json_array_get(list, i));
    }
}
