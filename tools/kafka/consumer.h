/*
 * Reading whole topics without a group: all partitions of some topics, committed rows alone, from a
 * place that the caller chooses, and on.
 *
 * "To the end" means to where the partitions ended when it was asked, whoever has a transaction
 * open: who reads committed rows sees nothing behind an open transaction, so he is not there before
 * it has ended (the brokers end it after royale.transaction_ms at the latest).
 */
#ifndef RY_TOOLS_KAFKA_CONSUMER_H
#define RY_TOOLS_KAFKA_CONSUMER_H

#include "tools/kafka/reach.h"
#include "tools/text/options.h"

/* Rows of the table of options of a command that consumes: where the topics are. Its struct of
 * options has the words `config` and `brokers`. */
#define RY_KAFKA_CONSUMER_OPTIONS(options_type)                                                    \
    {.name = "config",                                                                             \
     .argument = "FILE",                                                                           \
     .kind = RY_TEXT_WORD,                                                                         \
     .offset = offsetof(options_type, config),                                                     \
     .help = "the settings file: brokers, security, names of topics"},                             \
    {                                                                                              \
        .name = "brokers", .argument = "HOST:PORT,..", .kind = RY_TEXT_WORD,                       \
        .offset = offsetof(options_type, brokers),                                                 \
        .help = "instead of the file's; without both " RY_KAFKA_BROKERS_DEFAULT                    \
    }

enum ry_kafka_consumer_from {
    RY_KAFKA_CONSUMER_BEGINNING = 1,
    RY_KAFKA_CONSUMER_END,
    RY_KAFKA_CONSUMER_TIME, /* the first message of that moment or later, by its timestamp */
};

struct ry_kafka_consumer_partition {
    int64_t at;    /* what stands before this offset was read, or is nothing for readers */
    int64_t until; /* from ry_kafka_consumer_end on: where it ended */
    bool started;
};

struct ry_kafka_consumer_topic {
    const char *name;
    rd_kafka_topic_t *topic;
    int32_t partitions;
    struct ry_kafka_consumer_partition *partition;
};

struct ry_kafka_consumer {
    struct ry_kafka_reach reach; /* first: the library's callbacks find the consumer by it */
    const struct ry_kafka_settings *settings;
    rd_kafka_t *rk;
    rd_kafka_queue_t *queue; /* of all partitions */
    struct ry_kafka_consumer_topic topic[RY_KAFKA_TOPICS];
    unsigned topics;
    bool ends; /* ry_kafka_consumer_end was called */
    bool away; /* no broker can be reached at the moment */
    char error[RY_KAFKA_ERROR_BYTES];
};

/* Looks for the topics, RY_KAFKA_TOPICS at most; names and `settings` stay until close. 0, or -1
 * with `error`: no broker answers, a topic is missing; then nothing is open. */
int ry_kafka_consumer_open(struct ry_kafka_consumer *consumer,
                           const struct ry_kafka_settings *settings, const char *const *topics,
                           unsigned count);
void ry_kafka_consumer_close(struct ry_kafka_consumer *consumer);

/* `ms` since the Unix epoch, of TIME. 0, or -1 with `error`. */
int ry_kafka_consumer_begin(struct ry_kafka_consumer *consumer, enum ry_kafka_consumer_from from,
                            int64_t ms);

/* The next message, or NULL: none within `wait_ms`, or with `error` not empty: reading cannot go
 * on. The caller destroys it. */
rd_kafka_message_t *ry_kafka_consumer_next(struct ry_kafka_consumer *consumer, int wait_ms);

/* Where partitions end now is the end. 0, or -1 with `error`. */
int ry_kafka_consumer_end(struct ry_kafka_consumer *consumer);

/* Everything up to the end has come out of ry_kafka_consumer_next. */
bool ry_kafka_consumer_done(const struct ry_kafka_consumer *consumer);

/* Of all topics. */
unsigned ry_kafka_consumer_partitions(const struct ry_kafka_consumer *consumer);

#endif
