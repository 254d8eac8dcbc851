/*
 * The table of topics (tools/kafka/topics.def) in C.
 */
#ifndef RY_TOOLS_KAFKA_TOPICS_H
#define RY_TOOLS_KAFKA_TOPICS_H

#include "core/results/rows.h"

enum ry_kafka_topic {
#define RY_TOPIC(id, word, name, key, cleanup, sentence) RY_KAFKA_##id,
#include "tools/kafka/topics.def"
    RY_KAFKA_TOPICS,
};

enum ry_kafka_key {
    RY_KAFKA_KEY_INSTRUMENT = 1,
    RY_KAFKA_KEY_AGENT,
    RY_KAFKA_KEY_BATTLE_AGENT,
    RY_KAFKA_KEY_BATTLE,
};

enum ry_kafka_cleanup {
    RY_KAFKA_CLEANUP_DELETE = 1,
    RY_KAFKA_CLEANUP_COMPACT,
};

/* Where the exporters' cursors are kept: one record a transactional id, compacted. */
#define RY_KAFKA_CURSORS_NAME "royale.cursors.v1"

struct ry_kafka_topic_about {
    const char *word; /* "trades" */
    const char *name; /* "royale.trades.v1" */
    const char *sentence;
    enum ry_kafka_key key;
    enum ry_kafka_cleanup cleanup;
    uint32_t rows; /* bits by enum ry_results_row_kind */
};

_Static_assert(RY_RESULTS_ROWS <= 32, "bits of a set of rows");

extern const struct ry_kafka_topic_about ry_kafka_topics[RY_KAFKA_TOPICS];

#endif
