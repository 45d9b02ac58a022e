/* One request for a file -> one reply. */
#ifndef SHUNT_BROKER_ANSWER_H
#define SHUNT_BROKER_ANSWER_H

#include <sys/types.h>

#include "masters.h"
#include "request.h"
#include "shunt/ecosystem.h"

struct answerer {
    const struct settings *settings;
    const struct ecosystem *const *table;
    const char *runtime_dir;
    struct masters *masters;
    struct protocol_usage usage[PROTOCOL_USAGE_MAX]; /* by place in the table */
    uint32_t usage_count;
    bool leaving; /* this broker is on its way out: no more holders */
};

struct answer {
    enum protocol_status status;
    int fd;         /* owned by the caller; -1 unless status is PROTOCOL_OK */
    uint32_t error; /* errno when status is PROTOCOL_FAILED */
};

/* Fills the usage records in from table and settings, with nothing served yet. */
void answer_prepare(struct answerer *answerer);

/* Answers a PROTOCOL_FILE request of process `pid` (0: unknown). Not reentrant. */
struct answer answer_file(struct answerer *answerer, const struct request *request, pid_t pid);

#endif
