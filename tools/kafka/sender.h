/*
 * The sender: a thread that owns the client, and what it and the follower's thread tell each other.
 *
 *     INIT     fence the predecessor              (init_transactions)
 *     LOCATE   read the cursor, decide            (tools/kafka/reader.h)
 *     CLAIM    commit the same cursor with our instance in it: who is fenced now sees by whom
 *     SEND     a batch and its cursor, one transaction; then the next
 *
 * A transaction that fails goes back to INIT with a client made anew (why, says
 * tools/kafka/producer.h), and over it to LOCATE: nothing but the cursor that is read back says
 * whether a batch that was in doubt is there. A batch stays in memory until then.
 *
 *     the cursor is          instance ours               the one found at first, not claimed yet
 *     the batch's end        it is there                 -
 *     the batch's start      send it                     send the claim
 *     before the batch's start   a broker is behind: it is read again
 *     there is none              somebody took it away: the sender ends, and says so
 *     else, or another instance: another exporter runs, the sender ends
 *
 * Epochs. Each init_transactions that a broker answers uses up one of 32,767 epochs of the
 * transactional id, and brokers 4.0 and 4.1 have bugs at the overflow. A broker that is away
 * answers none: one hour with `royale.call_ms` of 10 s are 360 clients and no epoch. A cluster that
 * answers init_transactions and then takes no batch costs an epoch each call_ms, so 32,767 are 3.8
 * days. A cluster that refuses at once costs one each RY_KAFKA_PAUSE_MAX_MS: 1.9 days; one that
 * refuses messages (not allowed, too large), one each RY_KAFKA_PAUSE_REFUSED_MAX_MS: 22 days. A
 * topic that is missing costs none: LOCATE waits for it.
 */
#ifndef RY_TOOLS_KAFKA_SENDER_H
#define RY_TOOLS_KAFKA_SENDER_H

#include "tools/kafka/producer.h"

/* Between tries, doubling: */
#define RY_KAFKA_PAUSE_MIN_MS 100
#define RY_KAFKA_PAUSE_MAX_MS 5000
/* Likewise, before a batch of which the brokers do not take a message. */
#define RY_KAFKA_PAUSE_REFUSED_MAX_MS 60000
/* Before a client is made anew that was fenced, so that whoever fenced it has made its claim. */
#define RY_KAFKA_PAUSE_FENCED_MS 1000
/* What close waits for a thread that is in a call. */
#define RY_KAFKA_CLOSE_MS 3000

enum ry_kafka_stage {
    RY_KAFKA_INIT = 0,
    RY_KAFKA_LOCATE,
    RY_KAFKA_CLAIM,
    RY_KAFKA_SEND,
};

/* What the sender says; the follower's thread has a copy. */
struct ry_kafka_said {
    bool ready;                      /* claimed, `found` and `durable` stand */
    bool failed;                     /* for good: `error` */
    struct ry_export_cursor found;   /* where the topics stood at first */
    struct ry_export_cursor durable; /* where they stand */
    struct ry_export_counts counts;  /* but for hangs */
    char error[RY_EXPORT_ERROR_BYTES];
};

struct ry_kafka_sender {
    struct ry_kafka_calls calls;
    struct ry_kafka_said said;          /* under calls.mutex */
    const struct ry_kafka_batch *batch; /* likewise; the sender's until it is NULL again */
    pthread_t thread;
    /* From here on the thread's own. */
    char id[RY_KAFKA_ID_BYTES + 1 + 2 * RY_BATTLE_ID_BYTES];
    struct ry_kafka_producer producer;
    enum ry_kafka_stage stage;
    struct ry_kafka_cursor cursor; /* of the last transaction that is known to be there */
    bool known;                    /* `cursor` was read once */
    bool claimed;                  /* and is ours */
    bool anew;                     /* the client was made anew, and stands nowhere yet */
    uint64_t epoch, instance;      /* of the claim */
    int64_t pause_ms;
};

/* Makes the client and starts the thread. 0, or -1 with `error`: wrong settings. */
int ry_kafka_sender_open(struct ry_kafka_sender *s, const struct ry_kafka_settings *settings,
                         const struct ry_battle_id *id, char error[RY_KAFKA_ERROR_BYTES]);

/* The follower's: takes the next batch if the sender is ready and has none. */
bool ry_kafka_sender_give(struct ry_kafka_sender *s, const struct ry_kafka_batch *batch);

/* The follower's: what the sender has said by now; whether it has no batch. */
bool ry_kafka_sender_look(struct ry_kafka_sender *s, struct ry_kafka_said *said);

/* Stops the thread. False: it is in a call that does not come back; then everything that it may
 * touch must stay. */
bool ry_kafka_sender_stop(struct ry_kafka_sender *s);
/* Of one that has stopped. */
void ry_kafka_sender_close(struct ry_kafka_sender *s);

#endif
