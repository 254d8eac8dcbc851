/*
 * The transactional producer: one batch and its cursor in one transaction.
 *
 * Each transactional call is made once, with all of its time (`royale.call_ms`), and what it leaves
 * open is never called again: librdkafka keeps the result of a call that came too late for the next
 * one, whose phases may take it for their own (rdkafka_txnmgr.c, rd_kafka_txn_op_req0). A client
 * whose call was late or failed is destroyed, and only the cursor in its topic says what became of
 * the transaction. What waits long in a healthy transaction, the delivery of its messages, is
 * waited for before commit in short steps.
 *
 * A client whose transaction was aborted is never used again either. abort_transaction drops the
 * messages that wait to be sent again, and gives their sequence numbers to the next ones
 * (rdkafka_partition.c, rd_kafka_toppar_purge_queues) under the same epoch. If the broker had taken
 * them after all, and the next messages are as many, as they are when the same batch is sent again,
 * it takes those for a repetition: it answers that they are there, keeps the aborted ones, and a
 * commit loses them. A new client has a new epoch, and numbers that begin anew.
 *
 * purge() is never called: inside a transaction it leaves gaps that end in a fatal error.
 */
#ifndef RY_TOOLS_KAFKA_PRODUCER_H
#define RY_TOOLS_KAFKA_PRODUCER_H

#include "tools/kafka/batch.h"
#include "tools/kafka/calls.h"
#include "tools/kafka/cursor.h"

enum ry_kafka_outcome {
    RY_KAFKA_DONE = 1,
    RY_KAFKA_AGAIN,   /* nothing came of it; the client is well */
    RY_KAFKA_ANEW,    /* the cursor says what came of it, to another client */
    RY_KAFKA_REFUSED, /* likewise; the brokers do not take a message, and may never do so */
    RY_KAFKA_FENCED,  /* likewise; another has this transactional id, or the library says so */
    RY_KAFKA_END,     /* for good */
};

struct ry_kafka_producer {
    struct ry_kafka_calls *calls;
    const char *id; /* the transactional one */
    rd_kafka_t *client;
    rd_kafka_topic_t *topic[RY_KAFKA_TOPICS];
    rd_kafka_topic_t *cursors;
    /* Templates, of the claimed epoch: made when first needed. */
    rd_kafka_headers_t *headers[RY_KAFKA_TOPICS][RY_RESULTS_ROWS];
    bool begun;                      /* a transaction */
    rd_kafka_resp_err_t undelivered; /* of the transaction's first message that failed */
    char undelivered_topic[RY_KAFKA_NAME_BYTES];
};

/* Makes the client; talks to nobody yet. 0, or -1 with `error`. */
int ry_kafka_producer_open(struct ry_kafka_producer *p, struct ry_kafka_calls *calls,
                           const char *id, char error[RY_KAFKA_ERROR_BYTES]);

/* Fences whoever had the transactional id, and ends its transaction. DONE, ANEW, FENCED. */
enum ry_kafka_outcome ry_kafka_producer_init(struct ry_kafka_producer *p);

/* Everything of `batch` (NULL: nothing) and `cursor` in one transaction. DONE, ANEW, REFUSED,
 * FENCED. */
enum ry_kafka_outcome ry_kafka_producer_transact(struct ry_kafka_producer *p,
                                                 const struct ry_kafka_batch *batch,
                                                 const struct ry_kafka_cursor *cursor);

/* Lets go of the client; `politely`: ends its transaction first, so that consumers need not wait
 * until it times out. No pointer into a batch is left. */
void ry_kafka_producer_drop(struct ry_kafka_producer *p, bool politely);

/* Drop, and the templates. */
void ry_kafka_producer_close(struct ry_kafka_producer *p);

#endif
