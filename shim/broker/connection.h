/* One connection of a client: receives a request, sends the reply. */
#ifndef SHUNT_BROKER_CONNECTION_H
#define SHUNT_BROKER_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "answer.h"

struct connection {
    int fd;
    pid_t pid;        /* of the process that connected; 0: not visible from here */
    int64_t deadline; /* ms */
    bool holder;      /* its PING was answered: it keeps the broker alive while it is open */
};

enum connection_state { CONNECTION_OPEN, CONNECTION_DONE };

/* Takes the accepted descriptor over. NULL, with the descriptor closed, for a process of another
 * user (root may ask) or without memory. */
struct connection *connection_new(int fd, unsigned seconds);
void connection_free(struct connection *connection);

/* Reads at most one request, never waiting, and answers it. */
enum connection_state connection_serve(struct connection *connection, struct answerer *answerer);

#endif
