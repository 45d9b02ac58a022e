/* The asking side, for the command and for a second broker. The library has its own. */
#ifndef SHUNT_BROKER_CLIENT_H
#define SHUNT_BROKER_CLIENT_H

#include <stdbool.h>

/* Connects to the broker of a runtime directory (no waiting beyond 2 s) and returns a descriptor
 * (close-on-exec) on which it has answered a PROTOCOL_PING; -1 when nobody answers. */
int client_connect(const char *runtime_dir);

#endif
