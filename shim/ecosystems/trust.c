/* The mirror's CA in the trust stores that tools read: PEM bundles, hash-named certificates, Java
 * key stores, and files that a variable names. Pure: request in, text out.
 *
 * A failure here answers FILE_REAL, never an error: without our certificate the tool refuses the
 * mirror by itself, and says so. */
#include "shunt/ecosystem.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "shunt/trust.h"
#include "trust_reader.h"

/* Room for the hashes of mirror-ca: a private PKI has a handful of roots. */
enum { HASHES_MAX = 64 };

/* --- PEM --- */

/* What the program reads already holds everything: leave it its own file. */
static enum file_answer answer(const struct file_request *request, int result, struct buf *out)
{
    bool same = result == 0 && request->user_exists && out->len == request->user_len &&
                memcmp(buf_text(out), request->user_text, out->len) == 0;
    if (result == 0 && !same)
        return FILE_TEXT;
    buf_free(out);
    return FILE_REAL;
}

static enum file_answer append_ca(const struct settings *settings,
                                  const struct file_request *request, struct buf *out)
{
    return answer(request,
                  trust_append_pem(request->user_text, request->user_len, settings->mirror_ca, out),
                  out);
}

/* Single certificates from which a store is made, as against the store. */
static bool is_single_anchor(const char *path)
{
    static const char *const sources[] = {
        "/usr/share/ca-certificates/",
        "/usr/local/share/ca-certificates/",
        "/etc/pki/ca-trust/source/",
        "/etc/pki/trust/",
        "/usr/share/pki/",
        NULL,
    };
    static const char *const stores[] = {"/etc/ssl/certs/", "/usr/lib/ssl/certs/", NULL};
    for (const char *const *source = sources; *source; source++)
        if (text_after(path, *source))
            return true;
    const char *name = path_base_name(path);
    for (const char *const *store = stores; *store; store++)
        if (text_after(path, *store))
            return strcmp(name, "ca-certificates.crt") != 0 && strcmp(name, "cert.pem") != 0 &&
                   fnmatch("ca-bundle*.crt", name, 0) != 0;
    return false;
}

/* A JVM takes no PEM for a trust store; one that reads it packs a project's resources. */
static enum file_answer render_bundle(const struct settings *settings,
                                      const struct file_request *request, struct buf *out)
{
    if (!settings->mirror_ca || !request->user_exists || is_single_anchor(request->path) ||
        reader_copies(request) || strcmp(request->program, "java") == 0 ||
        !trust_is_ca_bundle(request->user_text, request->user_len))
        return FILE_REAL;
    return append_ca(settings, request, out);
}

/* <hash>.0 in a certificate directory, also where there is none: so the CA gets into it. */
static enum file_answer render_hash_name(const struct settings *settings,
                                         const struct file_request *request, struct buf *out)
{
    const char *name = path_base_name(request->path);
    if (!settings->mirror_ca || strspn(name, "0123456789abcdef") != 8 ||
        strcmp(name + 8, ".0") != 0 || reader_copies(request))
        return FILE_REAL;
    char hashes[HASHES_MAX][9];
    size_t count = trust_subject_hashes(settings->mirror_ca, hashes, HASHES_MAX);
    for (size_t i = 0; i < count; i++)
        if (strncmp(name, hashes[i], 8) == 0)
            return append_ca(settings, request, out);
    return FILE_REAL;
}

/* A file that a variable names is a trust store, whatever it is called. */
static enum file_answer render_named(const struct settings *settings,
                                     const struct file_request *request, struct buf *out)
{
    if (!settings->mirror_ca || !request->user_exists || reader_copies(request))
        return FILE_REAL;
    return append_ca(settings, request, out);
}

/* node only warns of a missing file and goes on with its built-in roots: so can our text. */
static enum file_answer render_node_extra(const struct settings *settings,
                                          const struct file_request *request, struct buf *out)
{
    if (!settings->mirror_ca || reader_copies(request))
        return FILE_REAL;
    return append_ca(settings, request, out);
}

/* <runtime>/ca/extra.pem, and <runtime>/ca/file/ABSOLUTE-PATH for a file of any name. */
static enum file_answer render_virtual(const struct settings *settings,
                                       const struct file_request *request, struct buf *out)
{
    const char *name = text_after(request->path, request->runtime_dir);
    name = name ? text_after(name, "/ca/") : NULL;
    if (!settings->mirror_ca || !name)
        return FILE_REAL;
    const char *path = text_after(name, "file/");
    autobuf text = BUF_INIT(BUF_MAX_TEXT);
    if (path ? request->read_file(path - 1, &text) : strcmp(name, "extra.pem") != 0)
        return FILE_REAL;
    int result = trust_append_pem(buf_text(&text), text.len, settings->mirror_ca, out);
    return result ? FILE_REAL : FILE_TEXT;
}

/* --- Java --- */

static enum file_answer append_java(const struct settings *settings,
                                    const struct file_request *request, struct buf *out)
{
    const char *password = reader_java_property(request, "-Djavax.net.ssl.trustStorePassword=");
    return answer(request,
                  trust_append_java(request->user_text, request->user_len, password,
                                    settings->mirror_ca, out),
                  out);
}

/* The JDK's own store. Without jssecacerts it looks for cacerts: none must appear. */
static enum file_answer render_cacerts(const struct settings *settings,
                                       const struct file_request *request, struct buf *out)
{
    if (!settings->mirror_ca || !request->user_exists || reader_copies(request))
        return FILE_REAL;
    return append_java(settings, request, out);
}

/* Key stores are an application's data but for the one that the JVM was told to trust. */
static enum file_answer render_named_java(const struct settings *settings,
                                          const struct file_request *request, struct buf *out)
{
    const char *store = reader_java_property(request, "-Djavax.net.ssl.trustStore=");
    if (!settings->mirror_ca || !request->user_exists || !store || !reader_means(request, store) ||
        reader_copies(request))
        return FILE_REAL;
    return append_java(settings, request, out);
}

/* --- the table ---------------------------------------------------------------------------------
 * Files that a variable names come first: they may also end like a bundle. */

#define NAMED_BY(variable)                                                                         \
    {                                                                                              \
        PLAN_MATCH_ENV, variable, render_named, "the CA bundle that " variable " names"            \
    }
#define BUNDLE(suffix)                                                                             \
    {                                                                                              \
        PLAN_MATCH_SUFFIX, suffix, render_bundle, "CA bundles in PEM"                              \
    }
#define HASH_NAME(digit)                                                                           \
    {                                                                                              \
        PLAN_MATCH_SUFFIX, digit ".0", render_hash_name, "the CA in certificate directories"       \
    }
#define CACERTS(suffix)                                                                            \
    {                                                                                              \
        PLAN_MATCH_SUFFIX, suffix, render_cacerts, "the JDK's trust store"                         \
    }
#define NAMED_JAVA(suffix)                                                                         \
    {                                                                                              \
        PLAN_MATCH_SUFFIX, suffix, render_named_java, "the store in javax.net.ssl.trustStore"      \
    }

static const struct served_file files[] = {
    {PLAN_MATCH_PREFIX, "ca/", render_virtual, "the CA alone, or after a file of any name"},
    {PLAN_MATCH_ENV, "NODE_EXTRA_CA_CERTS", render_node_extra, "the CAs that node adds to its own"},
    NAMED_BY("SSL_CERT_FILE"),
    NAMED_BY("CURL_CA_BUNDLE"),
    NAMED_BY("REQUESTS_CA_BUNDLE"),
    NAMED_BY("PIP_CERT"),
    NAMED_BY("GIT_SSL_CAINFO"),
    NAMED_BY("npm_config_cafile"),
    NAMED_BY("NPM_CONFIG_CAFILE"),
    NAMED_BY("CARGO_HTTP_CAINFO"),
    BUNDLE(".pem"),
    BUNDLE(".crt"),
    BUNDLE(".cer"),
    CACERTS("/security/cacerts"),
    CACERTS("/security/jssecacerts"),
    CACERTS("/java/cacerts"),
    NAMED_JAVA(".jks"),
    NAMED_JAVA(".p12"),
    NAMED_JAVA(".pkcs12"),
    HASH_NAME("0"),
    HASH_NAME("1"),
    HASH_NAME("2"),
    HASH_NAME("3"),
    HASH_NAME("4"),
    HASH_NAME("5"),
    HASH_NAME("6"),
    HASH_NAME("7"),
    HASH_NAME("8"),
    HASH_NAME("9"),
    HASH_NAME("a"),
    HASH_NAME("b"),
    HASH_NAME("c"),
    HASH_NAME("d"),
    HASH_NAME("e"),
    HASH_NAME("f"),
    {.render = NULL},
};

static int extra_path(const struct settings *settings, const char *runtime_dir, struct buf *out)
{
    if (!settings->mirror_ca)
        return -1;
    return buf_printf(out, "%s/ca/extra.pem", runtime_dir);
}

/* node has its roots built in and opens no bundle. Everything else opens a file that is served. */
static const struct env_rule env[] = {
    {
        .name = "NODE_EXTRA_CA_CERTS",
        .flags = PLAN_ENV_SET,
        .value = extra_path,
        .meaning = "the mirror's CA beside node's built-in roots",
    },
    {.name = NULL},
};

static const char *const public_urls[] = {NULL};

static bool in_force(const struct settings *settings)
{
    return settings->mirror_ca != NULL;
}

const struct ecosystem ecosystem_trust = {
    .name = "trust",
    .title = "trust stores",
    .public_urls = public_urls,
    .files = files,
    .env = env,
    .in_force = in_force,
};
