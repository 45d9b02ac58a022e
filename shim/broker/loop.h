/* The broker's event loop. */
#ifndef SHUNT_BROKER_LOOP_H
#define SHUNT_BROKER_LOOP_H

#include "answer.h"
#include "seat.h"

#define LOOP_CONNECTIONS_MAX 1024
#define LOOP_REQUEST_SECONDS 10 /* a connection that is no holder may live this long */

/* Keeps SIGTERM, SIGINT and SIGHUP for the loop: to be called before anything is published, so that
 * none of them ends the process with its files left behind. */
void loop_hold_signals(void);

/* Serves until SIGTERM, SIGINT or SIGHUP, until nobody needed anything for `idle_seconds`, or until
 * `watch` (an inotify descriptor, or -1) reports a change and no holder is left. Withdraws the seat
 * at the end and answers those who had connected by then. Returns 0, or -1 with errno when it could
 * not begin. */
int loop_run(struct seat *seat, struct answerer *answerer, int watch, unsigned idle_seconds);

#endif
