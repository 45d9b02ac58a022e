/* Maven's settings.xml, read and changed as a tree by libxml2, so that comments, order and
 * namespace stay. No network, no DTD, no entity is ever resolved. Pure; touches nothing but its
 * arguments. */
#include "render.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "shunt/cleanup.h"

enum { SETTINGS_MAX = 1 << 20 }; /* bytes; no settings.xml is near */

#define NAME(text) ((const xmlChar *)(text))

/* What cannot be read is answered, not printed. */
__attribute__((format(printf, 2, 3))) static void say_nothing(void *context, const char *format,
                                                              ...)
{
    (void)context;
    (void)format;
}

struct _xmlDoc *maven_settings_parse(struct span text)
{
    xmlSetGenericErrorFunc(NULL, say_nothing);
    if (text.len == 0 || text.len > SETTINGS_MAX)
        return NULL;
    xmlDoc *doc = xmlReadMemory(text.start, (int)text.len, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    /* Entities need a DTD; Maven's own reader knows none. */
    if (root && !doc->intSubset && xmlStrEqual(root->name, NAME("settings")))
        return doc;
    xmlFreeDoc(doc);
    return NULL;
}

struct _xmlDoc *maven_settings_empty(void)
{
    static const char text[] = "<settings xmlns=\"http://maven.apache.org/SETTINGS/1.0.0\">\n"
                               "</settings>\n";
    return maven_settings_parse((struct span){text, sizeof text - 1});
}

void maven_settings_free(struct _xmlDoc **doc)
{
    xmlFreeDoc(*doc);
}

static bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, NAME(name));
}

static xmlNode *child(xmlNode *parent, const char *name)
{
    for (xmlNode *node = parent ? parent->children : NULL; node; node = node->next)
        if (is_element(node, name))
            return node;
    return NULL;
}

/* The next element of that name at or behind `node`. */
static xmlNode *sibling(xmlNode *node, const char *name)
{
    while (node && !is_element(node, name))
        node = node->next;
    return node;
}

/* The text of a child element as Maven reads it: without blanks around it. Caller frees; NULL when
 * there is no such child. */
static char *child_text(xmlNode *parent, const char *name)
{
    xmlNode *node = child(parent, name);
    xmlChar *content = node ? xmlNodeGetContent(node) : NULL;
    if (!content)
        return NULL;
    const char *text = (const char *)content;
    char *copy = span_copy(span_trim((struct span){text, strlen(text)}));
    xmlFree(content);
    return copy;
}

static bool child_is(xmlNode *parent, const char *name, const char *value)
{
    autofree char *text = child_text(parent, name);
    return text && strcmp(text, value) == 0;
}

/* --- adding elements --- */

static int depth_of(const xmlNode *node)
{
    int depth = 0;
    for (; node->parent && node->parent->type == XML_ELEMENT_NODE; node = node->parent)
        depth++;
    return depth;
}

static xmlNode *add_blank(xmlNode *parent, int depth)
{
    autobuf blank = BUF_INIT(BUF_MAX_TEXT);
    buf_puts(&blank, "\n");
    for (int i = 0; i < depth; i++)
        buf_puts(&blank, "  ");
    return xmlAddChild(parent, xmlNewDocText(parent->doc, NAME(buf_text(&blank))));
}

static void remove_blank(xmlNode *node)
{
    if (node && node->type == XML_TEXT_NODE && xmlIsBlankNode(node)) {
        xmlUnlinkNode(node);
        xmlFreeNode(node);
    }
}

/* Appends <name>text</name> (or an empty element for NULL) on a line of its own, in the namespace
 * of its parent. NULL when memory is out or the parent is missing. */
static xmlNode *add(xmlNode *parent, const char *name, const char *text)
{
    if (!parent)
        return NULL;
    int depth = depth_of(parent);
    remove_blank(parent->last);
    add_blank(parent, depth + 1);
    xmlNode *node = xmlNewTextChild(parent, NULL, NAME(name), text ? NAME(text) : NULL);
    add_blank(parent, depth);
    return node;
}

static xmlNode *child_or_new(xmlNode *parent, const char *name)
{
    xmlNode *node = child(parent, name);
    return node ? node : add(parent, name, NULL);
}

static int set_text(xmlNode *node, const char *text)
{
    xmlNodeSetContent(node, NULL);
    xmlNodeAddContent(node, NAME(text));
    return node->children ? 0 : -1;
}

/* --- servers --- */

/* Whether Maven hands the value on as it is: it expands ${…} in settings, takes {…} for an
 * encrypted password, trims, and its HTTP client says only ASCII. */
static bool is_plain(const char *value)
{
    size_t len = strlen(value);
    if (len == 0 || value[0] == ' ' || value[len - 1] == ' ')
        return false;
    for (const char *p = value; *p; p++)
        if (*p == '{' || *p == '}' || *p < ' ' || *p > '~')
            return false;
    return true;
}

static int add_header(xmlNode *server, const char *scheme, const char *credentials)
{
    autobuf value = BUF_INIT(BUF_MAX_TEXT);
    buf_printf(&value, "%s %s", scheme, credentials);
    xmlNode *headers = add(add(server, "configuration", NULL), "httpHeaders", NULL);
    xmlNode *property = add(headers, "property", NULL);
    if (value.failed || !add(property, "name", "Authorization"))
        return -1;
    return add(property, "value", buf_text(&value)) ? 0 : -1;
}

static int add_basic(xmlNode *server, const struct route *route)
{
    if (!add(server, "username", route->username) || !add(server, "password", route->password))
        return -1;
    xmlNode *http = add(add(server, "configuration", NULL), "httpConfiguration", NULL);
    return add(add(http, "all", NULL), "usePreemptive", "true") ? 0 : -1;
}

static void remove_server(xmlNode *servers, const char *id)
{
    for (xmlNode *node = servers->children, *next; node; node = next) {
        next = node->next;
        if (is_element(node, "server") && child_is(node, "id", id)) {
            remove_blank(node->prev);
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        }
    }
}

/* Gives the repository or mirror `id` our credentials. */
static int put_server(xmlDoc *doc, const struct settings *settings, const struct route *route,
                      const char *id)
{
    if (!route_serves_credentials(settings, route))
        return 0;
    xmlNode *servers = child_or_new(xmlDocGetRootElement(doc), "servers");
    if (!servers)
        return -1;
    remove_server(servers, id);
    xmlNode *server = add(servers, "server", NULL);
    if (!add(server, "id", id))
        return -1;
    if (route->token)
        return add_header(server, "Bearer", route->token);
    if (route->username && route->password && is_plain(route->username) &&
        is_plain(route->password))
        return add_basic(server, route);
    autofree char *basic = route_basic(route);
    return basic ? add_header(server, "Basic", basic) : -1;
}

/* --- public URLs --- */

/* Replaces the URL of one mirror or repository if it is public. Returns 1, 0 or -1. */
static int rewrite_one(xmlNode *node, const struct settings *settings, const struct route *route)
{
    autofree char *url = child_text(node, "url"), *id = child_text(node, "id");
    autofree char *mapped = url ? ecosystem_map_url(&ecosystem_maven, route, url) : NULL;
    if (!mapped)
        return 0;
    if (set_text(child(node, "url"), mapped) != 0)
        return -1;
    return id && put_server(node->doc, settings, route, id) != 0 ? -1 : 1;
}

/* All <item> of <list>; returns how many were replaced, or -1. */
static int rewrite_list(xmlNode *parent, const char *list, const char *item,
                        const struct settings *settings, const struct route *route)
{
    int count = 0;
    xmlNode *items = child(parent, list);
    for (xmlNode *node = items ? sibling(items->children, item) : NULL; node;
         node = sibling(node->next, item)) {
        int replaced = rewrite_one(node, settings, route);
        if (replaced < 0)
            return -1;
        count += replaced;
    }
    return count;
}

int maven_settings_rewrite(struct _xmlDoc *doc, const struct settings *settings,
                           const struct route *route)
{
    xmlNode *root = xmlDocGetRootElement(doc), *profiles = child(root, "profiles");
    int total = rewrite_list(root, "mirrors", "mirror", settings, route);
    for (xmlNode *profile = profiles ? sibling(profiles->children, "profile") : NULL;
         profile && total >= 0; profile = sibling(profile->next, "profile")) {
        int own = rewrite_list(profile, "repositories", "repository", settings, route);
        int plugins =
            rewrite_list(profile, "pluginRepositories", "pluginRepository", settings, route);
        total = own < 0 || plugins < 0 ? -1 : total + own + plugins;
    }
    return total;
}

/* --- mirrors --- */

/* Maven's DefaultMirrorSelector for the repository `central`, which is external and https. */
static bool mirror_of_matches(const char *pattern)
{
    bool matches = false;
    for (const char *p = pattern; p; p = strchr(p, ',')) {
        p += *p == ',';
        struct span item = span_trim((struct span){p, strcspn(p, ",")});
        if (span_is(item, "!central"))
            return false;
        if (span_is(item, "central"))
            return true;
        matches |= span_is(item, "*") || span_is(item, "external:*");
    }
    return matches;
}

bool maven_settings_mirrors_central(struct _xmlDoc *doc, bool private_only)
{
    xmlNode *mirrors = doc ? child(xmlDocGetRootElement(doc), "mirrors") : NULL;
    for (xmlNode *node = mirrors ? sibling(mirrors->children, "mirror") : NULL; node;
         node = sibling(node->next, "mirror")) {
        autofree char *pattern = child_text(node, "mirrorOf"), *url = child_text(node, "url");
        bool public = url && ecosystem_is_public(&ecosystem_maven, url);
        if (pattern && mirror_of_matches(pattern) && !(private_only && public))
            return true;
    }
    return false;
}

static bool list_uses_id(xmlNode *root, const char *list, const char *item, const char *id)
{
    xmlNode *items = child(root, list);
    for (xmlNode *node = items ? sibling(items->children, item) : NULL; node;
         node = sibling(node->next, item))
        if (child_is(node, "id", id))
            return true;
    return false;
}

bool maven_settings_uses_id(struct _xmlDoc *doc, const char *id)
{
    xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    return list_uses_id(root, "mirrors", "mirror", id) ||
           list_uses_id(root, "servers", "server", id);
}

int maven_settings_add_mirror(struct _xmlDoc *doc, const struct settings *settings,
                              const struct route *route, const char *id)
{
    xmlNode *mirrors = child_or_new(xmlDocGetRootElement(doc), "mirrors");
    xmlNode *mirror = add(mirrors, "mirror", NULL);
    if (!add(mirror, "id", id) || !add(mirror, "name", "Mirror of central, added by shunt") ||
        !add(mirror, "mirrorOf", "central") || !add(mirror, "url", route->url))
        return -1;
    return put_server(doc, settings, route, id);
}

int maven_settings_write(struct _xmlDoc *doc, struct buf *out)
{
    xmlChar *text = NULL;
    int len = 0;
    /* Whatever it was read in: libxml2 cannot read back all that it writes (UTF-7). */
    xmlDocDumpMemoryEnc(doc, &text, &len, doc->encoding ? "UTF-8" : NULL);
    if (!text || len < 0)
        return -1;
    int result = buf_append(out, text, (size_t)len);
    explicit_bzero(text, (size_t)len);
    xmlFree(text);
    return result;
}
