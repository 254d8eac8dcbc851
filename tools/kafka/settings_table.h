/*
 * The keys that are the house's (tools/kafka/settings.def) as a table, and the reading of one.
 */
#ifndef RY_TOOLS_KAFKA_SETTINGS_TABLE_H
#define RY_TOOLS_KAFKA_SETTINGS_TABLE_H

#include "tools/kafka/settings.h"

enum ry_kafka_setting_type {
#define RY_SETTING_TYPE(type, sentence) RY_KAFKA_SETTING_##type,
#include "tools/kafka/settings.def"
    RY_KAFKA_SETTING_TYPES,
};

struct ry_kafka_setting {
    const char *member;
    enum ry_kafka_setting_type type;
    uint64_t min, max;
    const char *value; /* the default; NULL: `sentence` says it */
    const char *sentence;
    size_t offset; /* in struct ry_kafka_settings, or in struct ry_kafka_topic_settings */
};

#define RY_KAFKA_SETTING_KEY_BYTES 64

extern const struct ry_kafka_setting ry_kafka_settings_own[];
extern const unsigned ry_kafka_settings_own_count;
extern const struct ry_kafka_setting ry_kafka_settings_topic[];
extern const unsigned ry_kafka_settings_topic_count;
extern const char *const ry_kafka_setting_types[RY_KAFKA_SETTING_TYPES];

struct ry_kafka_refused {
    const char *property, *sentence;
};
extern const struct ry_kafka_refused ry_kafka_settings_refused[];
extern const unsigned ry_kafka_settings_refused_count;

/* Every setting's default. */
void ry_kafka_settings_defaults(struct ry_kafka_settings *settings);

/* Sets what `key`, which begins with "royale.", says. False with `error`: what is wrong with it and
 * a remedy, without the key and the place. */
bool ry_kafka_settings_set(struct ry_kafka_settings *settings, const char *key, const char *value,
                           char error[RY_KAFKA_ERROR_BYTES]);

#endif
