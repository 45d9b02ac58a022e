/* Opens of trust stores as the ecosystem's table of files answers them. */
#ifndef TRUST_OPEN_H
#define TRUST_OPEN_H

#include "trust_maker.h"

#include "shunt/cleanup.h"
#include "shunt/ecosystem.h"
#include "shunt/trust.h"

#define RUNTIME "/dev/shm/shunt-0/0123456789abcdef"

static char *mirror, *user, *leaf; /* PEM texts: two CAs, and a certificate that is none */
static struct settings with_ca, without_ca;

static const char *const no_arguments[] = {NULL};

struct open_case {
    const char *row; /* the text of the row that the library found */
    const char *path;
    const char *program;
    const char *const *argv; /* NULL: none known */
    const char *text;        /* NULL: no such file */
    size_t len;              /* 0: strlen(text) */
};

static inline int read_other(const char *path, struct buf *out)
{
    return strcmp(path, "/opt/corp/roots") == 0 ? buf_puts(out, user) : -1;
}

/* OPEN(row, path, .program = …): what is left out is curl, no arguments, no such file. */
#define OPEN(row_text, path_text, ...)                                                             \
    ((struct open_case){.row = row_text, .path = path_text, __VA_ARGS__})
#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})

static inline enum file_answer open_as(const struct settings *settings, const struct open_case *c,
                                       struct buf *out)
{
    const char *text = c->text ? c->text : "";
    struct file_request request = {
        .path = c->path,
        .user_text = text,
        .user_len = c->len ? c->len : strlen(text),
        .user_exists = c->text != NULL,
        .home = "/root",
        .program = c->program ? c->program : "curl",
        .argv = c->argv ? c->argv : no_arguments,
        .runtime_dir = RUNTIME,
        .read_file = read_other,
    };
    for (const struct served_file *file = ecosystem_trust.files; file->render; file++)
        if (strcmp(file->text, c->row) == 0)
            return file->render(settings, &request, out);
    fail_msg("no row %s", c->row);
    return FILE_FAILED;
}

static inline void assert_real(struct open_case c)
{
    autobuf out = BUF_INIT(BUF_MAX_TEXT);
    assert_int_equal(open_as(&with_ca, &c, &out), FILE_REAL);
    assert_int_equal(out.len, 0);
}

static inline int set_up(void **state)
{
    (void)state;
    mirror = make_pem("mirror", MAKE_CA);
    user = make_pem("user", MAKE_CA);
    leaf = make_pem("leaf", MAKE_LEAF);
    with_ca.mirror_ca = mirror;
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    free(mirror);
    free(user);
    free(leaf);
    return 0;
}

#endif
