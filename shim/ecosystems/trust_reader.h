/* What the arguments of a program say about its reading a trust store. Pure. */
#ifndef SHUNT_TRUST_READER_H
#define SHUNT_TRUST_READER_H

#include "shunt/ecosystem.h"

/* Whether the program reads the file for its bytes and not to trust it: programs that copy, compare
 * or maintain files must see what is really there, or the CA would end up in archives, images,
 * repositories and the system's own store. */
bool reader_copies(const struct file_request *request);

/* The value of the last argument that starts with `option` ("-Dname="), as a JVM takes it; NULL
 * when there is none or it is empty, which the JVM takes for none. */
const char *reader_java_property(const struct file_request *request, const char *option);

/* Whether the requested path is what the program calls `name` in its working directory. */
bool reader_means(const struct file_request *request, const char *name);

/* What follows the last slash. */
const char *path_base_name(const char *path);

/* What follows `prefix`, or NULL where `text` starts otherwise. */
const char *text_after(const char *text, const char *prefix);

#endif
