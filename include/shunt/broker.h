/* The broker: one process per key directory and user that reads the keys once, publishes the plan
 * and answers the library with ready descriptors. See shim/DESIGN.md, "Plan and broker". */
#ifndef SHUNT_BROKER_H
#define SHUNT_BROKER_H

#include "shunt/buf.h"
#include "shunt/protocol.h"
#include "shunt/settings.h"

/* Seconds without a request or a holder after which a broker leaves. */
#define BROKER_IDLE_SECONDS 60

/* Writes the plan for these settings into `out`. Pure. Returns 0 or -1. */
int plan_write(const struct settings *settings, const char *runtime_dir, struct buf *out);

/* Serves until idle, SIGTERM or SIGINT. `ready_fd` (or -1) receives one line when the broker can be
 * reached — "ready" — then one line per mistake in a key, and is closed; or "error: <sentence>"; or
 * "off" where there is nothing to serve, then one line that says why: the starter leaves everything
 * alone, and 0 is returned.
 * When another broker already serves the same identity this one waits until it answers, writes
 * "ready" and returns 0. Where the keys change on disk the broker leaves as soon as no holder is
 * left, so that the next step meets the new ones. Returns an exit status. */
int broker_serve(const struct settings_input *input, int ready_fd, unsigned idle_seconds);

/* Finds or starts the broker of `input`. Returns a connected descriptor that keeps the broker alive
 * while it is open (a "holder"), or -1 with *error set (caller frees). *report (caller frees, may
 * be NULL) receives the mistakes in keys, one sentence a line; *off is set, and -1 returned without
 * an error, when there is nothing to serve: *report then says why. */
int broker_hold(const struct settings_input *input, const char *command_path, char **report,
                char **error, bool *off);

/* Asks the broker behind a holder what it has served. Returns the number of records, or -1. */
int broker_usage(int holder, struct protocol_usage usage[PROTOCOL_USAGE_MAX]);

/* The runtime directory of `input`, created with mode 0700 when `create`. Caller frees; NULL with
 * errno when there is none. */
char *runtime_dir(const struct settings_input *input, bool create);

#endif
