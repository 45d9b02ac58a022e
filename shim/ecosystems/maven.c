/* Maven: the global settings carry a mirror of central and its credentials; the user's settings and
 * the wrapper's properties are served only where they name Maven Central. Pure: settings and the
 * tool's own text in, text out. */
#include "render.h"

#include <string.h>

#include "shunt/cleanup.h"

static const char *const public_urls[] = {
    "https://repo.maven.apache.org/maven2",
    "https://repo1.maven.org/maven2",
    "https://repo.maven.apache.org",
    "https://repo1.maven.org",
    NULL,
};

static const char *const jvms[] = {"java", "mvnd*", NULL};

/* What reads the wrapper's properties: the script's shell and its helpers, or the wrapper's jar. */
static const char *const wrapper_readers[] = {"sh",   "dash", "bash", "ash",  "busybox", "zsh",
                                              "ksh*", "mksh", "java", "grep", "awk",     "mawk",
                                              "gawk", "cut",  "tr",   NULL};

/* --- whose settings are these --- */

/* The value of a -Dname=value argument; NULL when there is none. */
static const char *property(const struct file_request *request, const char *name)
{
    size_t len = strlen(name);
    for (const char *const *argument = request->argv; *argument; argument++)
        if (strncmp(*argument, "-D", 2) == 0 && strncmp(*argument + 2, name, len) == 0 &&
            (*argument)[2 + len] == '=')
            return *argument + 2 + len + 1;
    return NULL;
}

/* The file that an option of Maven names: "-s FILE", "--settings FILE", "--settings=FILE". */
static const char *option(const struct file_request *request, const char *brief, const char *full)
{
    size_t len = strlen(full);
    for (const char *const *argument = request->argv; *argument; argument++) {
        if (strcmp(*argument, brief) == 0 || strcmp(*argument, full) == 0)
            return argument[1];
        if (strncmp(*argument, full, len) == 0 && (*argument)[len] == '=')
            return *argument + len + 1;
    }
    return NULL;
}

/* Whether an option's file, relative to an unknown directory perhaps, is the one that is asked. */
static bool names_path(const char *file, const char *path)
{
    if (!file || file[0] == '/')
        return file && strcmp(file, path) == 0;
    while (strncmp(file, "./", 2) == 0)
        file += 2;
    size_t len = strlen(file), path_len = strlen(path);
    return len > 0 && has_suffix(path, file) && path_len > len && path[path_len - len - 1] == '/';
}

static bool can_read(const struct file_request *request, const char *path)
{
    autobuf ignored = BUF_INIT(BUF_MAX_TEXT);
    return request->read_file(path, &ignored) == 0;
}

/* The file of Maven's installation, which every Maven of the machine reads and none writes. */
static bool is_global(const struct file_request *request)
{
    static const char ending[] = "/conf/settings.xml";
    const char *path = request->path, *home = property(request, "maven.home");
    const char *chosen = option(request, "-gs", "--global-settings");
    if (chosen)
        return names_path(chosen, path);
    if (strcmp(path, "/etc/maven/settings.xml") == 0)
        return true;
    if (!has_suffix(path, ending))
        return false;
    size_t len = strlen(path) - strlen(ending);
    size_t home_len = home ? strlen(home) : 0;
    while (home_len > 0 && home[home_len - 1] == '/')
        home_len--;
    if (home && home_len == len && strncmp(path, home, len) == 0)
        return true;
    autobuf launcher = BUF_INIT(BUF_MAX_TEXT);
    buf_append(&launcher, path, len);
    buf_puts(&launcher, "/bin/m2.conf");
    return can_read(request, buf_text(&launcher));
}

static struct _xmlDoc *read_settings(const struct file_request *request, const char *dir,
                                     const char *file)
{
    autobuf path = BUF_INIT(BUF_MAX_TEXT), text = BUF_INIT(BUF_MAX_TEXT);
    buf_printf(&path, "%s%s%s", dir, *dir ? "/" : "", file);
    if (path.failed || request->read_file(buf_text(&path), &text) != 0)
        return NULL;
    return maven_settings_parse((struct span){buf_text(&text), text.len});
}

/* The -s option of the project's .mvn/maven.config, an argument per blank or line. Caller frees. */
static char *configured_settings(const struct file_request *request, const char *project)
{
    autobuf path = BUF_INIT(BUF_MAX_TEXT), text = BUF_INIT(BUF_MAX_TEXT);
    buf_printf(&path, "%s/.mvn/maven.config", project);
    if (path.failed || request->read_file(buf_text(&path), &text) != 0)
        return NULL;
    bool next = false;
    for (const char *p = buf_text(&text); *(p += strspn(p, " \t\r\n"));
         p += strcspn(p, " \t\r\n")) {
        struct span word = {p, strcspn(p, " \t\r\n")};
        if (next)
            return span_copy(word);
        if (span_starts(word, "--settings="))
            return span_copy((struct span){p + 11, word.len - 11});
        next = span_is(word, "-s") || span_is(word, "--settings");
    }
    return NULL;
}

/* The user's settings of this run, which Maven merges over the global ones. NULL: none. */
static struct _xmlDoc *user_settings(const struct file_request *request)
{
    const char *project = property(request, "maven.multiModuleProjectDirectory");
    const char *chosen = option(request, "-s", "--settings");
    autofree char *configured = !chosen && project ? configured_settings(request, project) : NULL;
    if (!chosen)
        chosen = configured;
    if (!chosen)
        return read_settings(request, request->home, ".m2/settings.xml");
    if (chosen[0] == '/')
        return read_settings(request, "", chosen);
    return project ? read_settings(request, project, chosen) : NULL;
}

/* --- settings.xml --- */

/* "central" keeps the local repository's records valid. The user's mirror or server of that id
 * would hide ours, so ours gets another then. */
static const char *free_id(struct _xmlDoc *global, struct _xmlDoc *user)
{
    bool taken =
        maven_settings_uses_id(global, "central") || maven_settings_uses_id(user, "central");
    return taken ? "shunt-central" : "central";
}

/* An exact mirrorOf beats every pattern, so ours would capture central from a private `*` or
 * `external:*` of the user: there is none then. */
static enum file_answer global_render(const struct settings *settings, const struct route *route,
                                      const struct file_request *request, struct buf *out)
{
    autodoc *own = maven_settings_parse((struct span){request->user_text, request->user_len});
    autodoc *user = user_settings(request);
    if (!own)
        own = maven_settings_empty();
    int replaced = own ? maven_settings_rewrite(own, settings, route) : -1;
    if (replaced < 0)
        return FILE_FAILED;
    bool ours =
        !maven_settings_mirrors_central(own, false) && !maven_settings_mirrors_central(user, true);
    if (ours && maven_settings_add_mirror(own, settings, route, free_id(own, user)) != 0)
        return FILE_FAILED;
    if (!ours && replaced == 0)
        return FILE_REAL;
    return maven_settings_write(own, out) == 0 ? FILE_TEXT : FILE_FAILED;
}

static enum file_answer user_render(const struct settings *settings, const struct route *route,
                                    const struct file_request *request, struct buf *out)
{
    autodoc *own = maven_settings_parse((struct span){request->user_text, request->user_len});
    int replaced = own ? maven_settings_rewrite(own, settings, route) : 0;
    if (replaced == 0)
        return FILE_REAL;
    if (replaced < 0 || maven_settings_write(own, out) != 0)
        return FILE_FAILED;
    return FILE_TEXT;
}

static enum file_answer settings_render(const struct settings *settings,
                                        const struct file_request *request, struct buf *out)
{
    const struct route *route = route_in_force(settings, "maven");
    if (!route || !program_in(request, jvms))
        return FILE_REAL;
    return is_global(request) ? global_render(settings, route, request, out)
                              : user_render(settings, route, request, out);
}

/* --- the wrapper --- */

/* "https\://host" is how Java writes a URL into a properties file; the wrapper's shell script wants
 * it without, so the escapes stay as they were. */
static char *mapped_property(const struct route *route, struct span value)
{
    autobuf plain = BUF_INIT(BUF_MAX_TEXT);
    bool escaped = memchr(value.start, '\\', value.len) != NULL;
    for (size_t i = 0; i < value.len; i++)
        if (value.start[i] != '\\')
            buf_append(&plain, value.start + i, 1);
    autofree char *mapped =
        plain.failed ? NULL : ecosystem_map_url(&ecosystem_maven, route, buf_text(&plain));
    if (!mapped || !escaped)
        return steal_pointer(&mapped);
    struct buf text = BUF_INIT(BUF_MAX_TEXT);
    for (const char *p = mapped; *p; p++)
        buf_printf(&text, "%s%c", strchr(":=#!", *p) ? "\\" : "", *p);
    return buf_steal(&text);
}

/* The value of a line that names a download; false for any other. */
static bool download_value(struct span text, struct span *value)
{
    size_t name = 0;
    while (name < text.len && text.start[name] != '=' && text.start[name] != ':')
        name++;
    struct span key = span_trim((struct span){text.start, name});
    if (name == text.len || !(span_is(key, "distributionUrl") || span_is(key, "wrapperUrl")))
        return false;
    *value = span_trim((struct span){text.start + name + 1, text.len - name - 1});
    return true;
}

static enum file_answer wrapper_render(const struct settings *settings,
                                       const struct file_request *request, struct buf *out)
{
    const struct route *route = route_in_force(settings, "maven");
    if (!route || !request->user_exists || !program_in(request, wrapper_readers))
        return FILE_REAL;
    struct span rest = {request->user_text, request->user_len}, value;
    struct line line;
    bool changed = false;
    while (line_next(&rest, &line)) {
        const char *copied = line.text.start;
        autofree char *mapped =
            download_value(line.text, &value) ? mapped_property(route, value) : NULL;
        if (mapped) {
            buf_append(out, copied, (size_t)(value.start - copied));
            buf_puts(out, mapped);
            copied = value.start + value.len;
            changed = true;
        }
        buf_append(out, copied, (size_t)(line.end.start + line.end.len - copied));
    }
    if (out->failed)
        return FILE_FAILED;
    return changed ? FILE_TEXT : FILE_REAL;
}

static const struct served_file files[] = {
    {PLAN_MATCH_SUFFIX, "/.mvn/wrapper/maven-wrapper.properties", wrapper_render,
     "where the Maven wrapper downloads Maven"},
    {PLAN_MATCH_SUFFIX, "settings.xml", settings_render, "Maven's global and user settings"},
    {.render = NULL},
};

/* The wrapper's script puts a path that starts with a slash behind it. */
static int repository_value(const struct settings *settings, const char *runtime_dir,
                            struct buf *out)
{
    (void)runtime_dir;
    const struct route *route = route_in_force(settings, "maven");
    if (!route)
        return -1;
    size_t len = strlen(route->url);
    while (len > 0 && route->url[len - 1] == '/')
        len--;
    return buf_append(out, route->url, len);
}

static const struct env_rule env[] = {
    {.name = "MVNW_REPOURL",
     .flags = PLAN_ENV_REPLACE,
     .value = repository_value,
     .meaning = "where the Maven wrapper downloads, where it names Maven Central"},
    {.name = NULL},
};

static const char *const reader_arguments[] = {"java", "-Dmaven.home=/usr/share/maven", "package",
                                               NULL};
static const char *const usual_paths[] = {"/usr/share/maven/conf/settings.xml",
                                          "~/.m2/settings.xml", NULL};

const struct ecosystem ecosystem_maven = {
    .name = "maven",
    .title = "Maven",
    .url_key = "pkg-maven-url",
    .username_key = "pkg-maven-username",
    .password_key = "pkg-maven-password",
    .token_key = "pkg-maven-token",
    .public_urls = public_urls,
    .files = files,
    .env = env,
    .reader = "java",
    .reader_arguments = reader_arguments,
    .usual_paths = usual_paths,
};
