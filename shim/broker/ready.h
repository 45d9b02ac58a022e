/* What a broker tells the one that started it: see broker_serve in shunt/broker.h. */
#ifndef SHUNT_BROKER_READY_H
#define SHUNT_BROKER_READY_H

#include "shunt/settings.h"

/* Each writes its lines to `fd` (or nowhere when it is -1) and closes it. A starter that does not
 * read cannot hold the broker up for longer than a second. */
void ready_say(int fd, const struct settings *settings);
void ready_say_off(int fd, const struct settings *settings);
void ready_say_error(int fd, const char *sentence);

#endif
