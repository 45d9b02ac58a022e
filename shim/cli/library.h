/* libshunt.so: where it is, and how it gets into LD_PRELOAD. */
#ifndef SHUNT_CLI_LIBRARY_H
#define SHUNT_CLI_LIBRARY_H

/* Path of the running executable. Caller frees; NULL when it cannot be known. */
char *library_command(void);

/* The library that belongs to a command: in the same directory, or in lib beside bin. Caller frees;
 * NULL when there is none. */
char *library_find(const char *command);

/* The value of LD_PRELOAD with the library behind what is there already (`value` may be NULL), and
 * not a second time where a libshunt.so is among it. Caller frees; NULL without memory. */
char *library_preload(const char *value, const char *library);

#endif
