/*
 * Calls of librdkafka, as the sender's thread makes them and the follower's thread watches them.
 *
 * A call that may wait stands between ry_kafka_calls_enter, which says how long it was told to wait
 * at most, and ry_kafka_calls_leave. librdkafka keeps to what it was told nearly always; a call
 * that does not come back within that time and `royale.call_ms` more counts as hung, and then only
 * a new process helps, because the thread that is in it cannot be stopped.
 *
 * What librdkafka says by itself is for who looks into the log: most of it is mended a moment
 * later. Its lines are there as DEBUG, and our own complaint has the last reason in it.
 *
 * Owner: the sender. Every field but where it says so is under `mutex`, which nobody holds
 * while he waits for anything else.
 */
#ifndef RY_TOOLS_KAFKA_CALLS_H
#define RY_TOOLS_KAFKA_CALLS_H

#include "tools/kafka/client.h"
#include "tools/kafka/lines.h"
#include "tools/kafka/reach.h"

#define RY_KAFKA_COMPLAIN_NS INT64_C(10000000000) /* the same complaint again */
#define RY_KAFKA_SILENT_NS   INT64_C(2000000000)  /* before a call that waits is spoken of */

#define RY_KAFKA_SAYS "; the library says: "

struct ry_kafka_calls {
    struct ry_kafka_ear ear; /* of the clients */
    struct ry_kafka_lines lines;
    const struct ry_kafka_settings *settings; /* these three do not change */
    pthread_mutex_t mutex;
    pthread_cond_t wake; /* CLOCK_MONOTONIC: a batch came, or a wish to stop */
    bool stop;
    const char *in; /* the call; NULL: in none */
    int64_t since_ns, limit_ns;
    char complaint[RY_EXPORT_ERROR_BYTES]; /* the last one */
    int64_t complained_ns;
    int64_t waited_ns; /* the last complaint that no broker answers; 0: none */
    uint64_t errors;   /* that the library told of and mends by itself */
    /* Why a broker could not be used, as the library said last; empty: since the last call that
     * went well it said nothing. */
    char reason[RY_KAFKA_REASON_BYTES];
    bool away; /* since then no broker could be reached */
};

void ry_kafka_calls_open(struct ry_kafka_calls *calls, const struct ry_kafka_settings *settings);
void ry_kafka_calls_close(struct ry_kafka_calls *calls);

void ry_kafka_calls_enter(struct ry_kafka_calls *calls, const char *in, int64_t limit_ms);
void ry_kafka_calls_leave(struct ry_kafka_calls *calls);

/* The call that does not come back, with `late_ms` since it should have; NULL: there is none. */
const char *ry_kafka_calls_hung(struct ry_kafka_calls *calls, int64_t *late_ms);

/* From now on nobody waits, and ry_kafka_calls_stopped is true. */
void ry_kafka_calls_stop(struct ry_kafka_calls *calls);
bool ry_kafka_calls_stopped(struct ry_kafka_calls *calls);

/* Waits so long, or until somebody wakes the sender to stop. */
void ry_kafka_calls_pause(struct ry_kafka_calls *calls, int64_t ms);

/* A line that names what is wrong from outside and a remedy; the same one again not before
 * RY_KAFKA_COMPLAIN_NS, and none after the wish to stop. */
void ry_kafka_calls_complain(struct ry_kafka_calls *calls, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Says that no broker answers, and why, once in RY_KAFKA_COMPLAIN_NS; false: that is not so. */
bool ry_kafka_calls_away(struct ry_kafka_calls *calls);

/* Likewise of a call that has waited for RY_KAFKA_SILENT_NS: the follower's, at any time. */
void ry_kafka_calls_watch(struct ry_kafka_calls *calls);

/* Brokers have answered: what the library said before is over. */
void ry_kafka_calls_well(struct ry_kafka_calls *calls);

/* What the library said last, behind "; the library says: "; empty: nothing. */
void ry_kafka_calls_reason(struct ry_kafka_calls *calls,
                           char text[RY_KAFKA_REASON_BYTES + sizeof RY_KAFKA_SAYS]);

/* A moment `ms` from now on the clock of `wake`. */
struct timespec ry_kafka_calls_until(int64_t ms);

#endif
