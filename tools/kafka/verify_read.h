/*
 * A topic's partitions read side by side, each up to where its log ended at one moment: a source of
 * tools/kafka/verify_compare.h.
 *
 * Only committed messages are seen. A reader of these sees nothing behind a transaction that is
 * open, whoever's it is; so it waits until it has passed the log's end (the high watermark, which
 * counts what is not committed, too), as long as `timeout_ns` says.
 *
 * librdkafka fetches ahead into a queue for each partition, and no further than
 * RY_KAFKA_READ_BYTES of all topics together; one partition may be far ahead of the others.
 */
#ifndef RY_TOOLS_KAFKA_VERIFY_READ_H
#define RY_TOOLS_KAFKA_VERIFY_READ_H

#include "tools/kafka/reach.h"
#include "tools/kafka/verify_compare.h"

#define RY_KAFKA_READ_BYTES (INT64_C(512) << 20)

/* Readers of several topics share clients and patience. */
struct ry_kafka_reading {
    struct ry_kafka_reach reach;
    const struct ry_kafka_settings *settings;
    const rd_kafka_metadata_t *metadata;
    rd_kafka_t *ends;   /* asks where logs end, whatever is committed */
    rd_kafka_t *reader; /* reads what is committed */
    int64_t timeout_ns; /* without anything new */
    int64_t moved_ns;   /* when something new came */
    char error[RY_KAFKA_ERROR_BYTES];
};

struct ry_kafka_read {
    struct ry_kafka_source source;
    struct ry_kafka_reading *reading;
    const char *name;
    rd_kafka_topic_t *topic;
    struct ry_kafka_read_partition *partition;
};

/* 0, or -1 with `error`: no broker answers. `topics` are the names of what will be read: they share
 * the memory. */
int ry_kafka_reading_open(struct ry_kafka_reading *reading,
                          const struct ry_kafka_settings *settings, int timeout_s);
void ry_kafka_reading_close(struct ry_kafka_reading *reading);

/* False: the cluster has no such topic. */
bool ry_kafka_reading_has(const struct ry_kafka_reading *reading, const char *name);

/* Begins to read a topic that is there. 0, or -1 with reading->error. */
int ry_kafka_read_open(struct ry_kafka_read *read, struct ry_kafka_reading *reading,
                       const char *name);
void ry_kafka_read_close(struct ry_kafka_read *read);

/* Messages that the topic's retention has deleted: those before the begin of a partition. */
uint64_t ry_kafka_read_deleted(const struct ry_kafka_read *read);

#endif
