/*
 * Reading the cursor of a transactional id back, by a client of its own that lives as long as the
 * call.
 *
 * What is read is decided, because init_transactions comes first: no transaction of this id is open
 * then. But a reader sees committed records only up to the first transaction that is open in the
 * partition, and that may be another battle's exporter's, with our record behind it. So the reader
 * goes on until it has passed the end that the partition's log had when it began (its high
 * watermark), and waits as long as that takes: at most until the broker ends that transaction, and
 * the exporter's `royale.transaction_ms` is its limit.
 *
 * It asks the partitions' leaders for that end, and reads from them: a follower's high watermark
 * may be behind, and so may be that of a follower that has become the leader a moment ago. Example:
 * the leader dies behind the commit of a batch; its successor has the batch's cursor in its log,
 * shows readers the cursor before, and would be believed. Asked for the end it answers
 * LEADER_NOT_AVAILABLE until it knows (KIP-207).
 */
#ifndef RY_TOOLS_KAFKA_READER_H
#define RY_TOOLS_KAFKA_READER_H

#include "tools/kafka/calls.h"
#include "tools/kafka/cursor.h"
#include "tools/kafka/producer.h"

/* Whether the topics of the settings are there, and the cursor: epoch and instance are 0 if there
 * is none. DONE; AGAIN: said why not, it may work later; END: a record that this program does not
 * understand, with `error`. */
enum ry_kafka_outcome ry_kafka_reader_find(struct ry_kafka_calls *calls, const char *id,
                                           struct ry_kafka_cursor *cursor,
                                           char error[RY_KAFKA_ERROR_BYTES]);

#endif
