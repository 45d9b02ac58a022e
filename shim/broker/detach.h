/* How `shunt broker` cuts itself off from the step that started it. */
#ifndef SHUNT_BROKER_DETACH_H
#define SHUNT_BROKER_DETACH_H

#include <stdbool.h>

/* Own session, no inherited descriptor but `ready_fd` (and 0 to 2 when `foreground`), default
 * signals, working directory /, umask 077, no LD_PRELOAD and no SHUNT in the environment, memory
 * that no other process of the user can read, no core file. Returns the ready descriptor, which may
 * have moved, with close-on-exec set; -1 when there is none. */
int broker_detach(int ready_fd, bool foreground);

#endif
