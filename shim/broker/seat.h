/* The seat: who serves an identity, and what the others find in its runtime directory. */
#ifndef SHUNT_BROKER_SEAT_H
#define SHUNT_BROKER_SEAT_H

#include <stdbool.h>

#include "shunt/buf.h"

/* Connections that may wait to be accepted. */
#define SEAT_BACKLOG 4096

struct seat {
    const char *path; /* of the runtime directory */
    int dir;          /* descriptor of it: names are removed there, also when it was moved away */
    int lock;         /* flock: held by the broker that serves */
    int plan;         /* flock: how the library sees that the broker lives */
    int listener;
};

#define SEAT_INIT                                                                                  \
    {                                                                                              \
        .path = NULL, .dir = -1, .lock = -1, .plan = -1, .listener = -1                            \
    }

/* Tries to become the one that serves. Returns 1; 0 when another broker does; -1 with errno. */
int seat_take(struct seat *seat);

/* Puts socket and plan into place over what a dead broker left: first the socket, so that whoever
 * finds the plan can connect. The plan's generation is set to our process id. Returns 0, or -1 with
 * errno. */
int seat_publish(struct seat *seat, struct buf *plan);

/* Removes socket and plan; the listener stays open for those who are connecting already. */
void seat_withdraw(struct seat *seat);

/* Closes everything, and the lock last, so that the next broker starts in an empty directory. */
void seat_clear(struct seat *seat);

#endif
