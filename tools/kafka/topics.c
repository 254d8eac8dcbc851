#include "tools/kafka/topics.h"

const struct ry_kafka_topic_about ry_kafka_topics[RY_KAFKA_TOPICS] = {
#define RY_TOPIC(id, word, name, key, cleanup, sentence)                                           \
    [RY_KAFKA_##id] = {#word, name, sentence, RY_KAFKA_KEY_##key, RY_KAFKA_CLEANUP_##cleanup, 0
#define RY_TOPIC_ROW(id, row) | UINT32_C(1) << RY_RESULTS_ROW_##row
#define RY_TOPIC_END                                                                               \
    }                                                                                              \
    ,
#include "tools/kafka/topics.def"
};
