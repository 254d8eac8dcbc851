#include "tools/kafka/settings_table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/battle/nearest.h"

#define OWN   "royale."
#define TOPIC "royale.topic."

/* ---- the tables ------------------------------------------------------------------------------ */

const struct ry_kafka_setting ry_kafka_settings_own[] = {
#define RY_SETTING(member, type, min, max, value, sentence)                                        \
    {#member,                                                                                      \
     RY_KAFKA_SETTING_##type,                                                                      \
     min,                                                                                          \
     max,                                                                                          \
     value,                                                                                        \
     sentence,                                                                                     \
     offsetof(struct ry_kafka_settings, member)},
#include "tools/kafka/settings.def"
};
const unsigned ry_kafka_settings_own_count =
    sizeof ry_kafka_settings_own / sizeof *ry_kafka_settings_own;

const struct ry_kafka_setting ry_kafka_settings_topic[] = {
#define RY_TOPIC_SETTING(member, type, min, max, value, sentence)                                  \
    {#member,                                                                                      \
     RY_KAFKA_SETTING_##type,                                                                      \
     min,                                                                                          \
     max,                                                                                          \
     value,                                                                                        \
     sentence,                                                                                     \
     offsetof(struct ry_kafka_topic_settings, member)},
#include "tools/kafka/settings.def"
};
const unsigned ry_kafka_settings_topic_count =
    sizeof ry_kafka_settings_topic / sizeof *ry_kafka_settings_topic;

const char *const ry_kafka_setting_types[RY_KAFKA_SETTING_TYPES] = {
#define RY_SETTING_TYPE(type, sentence) sentence,
#include "tools/kafka/settings.def"
};

const struct ry_kafka_refused ry_kafka_settings_refused[] = {
#define RY_REFUSED(property, sentence) {property, sentence},
#include "tools/kafka/settings.def"
};
const unsigned ry_kafka_settings_refused_count =
    sizeof ry_kafka_settings_refused / sizeof *ry_kafka_settings_refused;

/* ---- values ---------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static bool wrong(char error[RY_KAFKA_ERROR_BYTES],
                                                        const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, RY_KAFKA_ERROR_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

static bool is_of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

static bool is_of_text(char c)
{
    return c >= ' ' && c <= '~';
}

static bool set_text(const struct ry_kafka_setting *setting, char *text, const char *value,
                     char error[RY_KAFKA_ERROR_BYTES])
{
    bool name = setting->type == RY_KAFKA_SETTING_NAME;
    size_t length = strlen(value);
    if (length < setting->min || length > setting->max)
        return wrong(error, "has %zu characters; there must be %" PRIu64 " to %" PRIu64, length,
                     setting->min, setting->max);
    for (const char *at = value; *at != 0; at++)
        if (!(name ? is_of_name(*at) : is_of_text(*at)))
            return wrong(error, "%.80s: character %zu is none of: %s", value,
                         (size_t)(at - value) + 1, ry_kafka_setting_types[setting->type]);
    if (name && (strcmp(value, ".") == 0 || strcmp(value, "..") == 0))
        return wrong(error, "Kafka does not take %s as a name", value);
    memcpy(text, value, length + 1);
    return true;
}

static bool set_count(const struct ry_kafka_setting *setting, uint32_t *count, const char *value,
                      char error[RY_KAFKA_ERROR_BYTES])
{
    char *end;
    errno = 0;
    uint64_t number = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != 0 || errno != 0 || number < setting->min ||
        number > setting->max)
        return wrong(error, "%.80s: must be a whole number, %" PRIu64 " to %" PRIu64, value,
                     setting->min, setting->max);
    *count = (uint32_t)number;
    return true;
}

static bool set_replication(const struct ry_kafka_setting *setting, int *replication,
                            const char *value, char error[RY_KAFKA_ERROR_BYTES])
{
    uint32_t count = 0;
    if (strcmp(value, "-1") == 0) {
        *replication = -1;
        return true;
    }
    if (!set_count(setting, &count, value, error))
        return wrong(error,
                     "%.80s: must be -1 (as the brokers do by default) or %" PRIu64 " to %" PRIu64,
                     value, setting->min, setting->max);
    *replication = (int)count;
    return true;
}

struct word {
    const char *word;
    int value;
};

/* The value of a word of a list that ends with NULL, or -1 with `error`. */
static int word_of(const struct word *words, const char *value, char error[RY_KAFKA_ERROR_BYTES])
{
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, value);
    for (const struct word *word = words; word->word != NULL; word++) {
        if (strcmp(word->word, value) == 0)
            return word->value;
        (void)ry_battle_nearest_offer(&nearest, word->word);
    }
    int length = snprintf(error, RY_KAFKA_ERROR_BYTES, "%.80s is none of", value);
    for (const struct word *word = words; word->word != NULL; word++)
        length += snprintf(error + length, RY_KAFKA_ERROR_BYTES - (size_t)length, "%s %s",
                           word == words ? "" : ",", word->word);
    snprintf(error + length, RY_KAFKA_ERROR_BYTES - (size_t)length, "%s", nearest.said);
    return -1;
}

static int registry_of(const char *value, char error[RY_KAFKA_ERROR_BYTES])
{
    static const struct word words[] = {{"none", RY_KAFKA_REGISTRY_NONE},
                                        {"confluent", RY_KAFKA_REGISTRY_CONFLUENT},
                                        {"apicurio", RY_KAFKA_REGISTRY_APICURIO},
                                        {.word = NULL}};
    return word_of(words, value, error);
}

static int format_of(const char *value, char error[RY_KAFKA_ERROR_BYTES])
{
    static const struct word words[] = {
        {"json", RY_KAFKA_JSON}, {"protobuf", RY_KAFKA_PROTOBUF}, {.word = NULL}};
    return word_of(words, value, error);
}

/* ---- which rows ------------------------------------------------------------------------------ */

static bool set_row(const struct ry_kafka_topic_about *about, uint32_t *rows, const char *word,
                    char error[RY_KAFKA_ERROR_BYTES])
{
    struct word words[RY_RESULTS_ROWS + 1];
    unsigned count = 0;
    for (unsigned i = 0; i < RY_RESULTS_ROWS; i++)
        if ((about->rows >> i & 1) != 0)
            words[count++] = (struct word){ry_results_rows[i].name, (int)i};
    words[count].word = NULL;
    int row = word_of(words, word, error);
    if (row >= 0)
        *rows |= UINT32_C(1) << row;
    return row >= 0;
}

static bool set_rows(const struct ry_kafka_topic_about *about, uint32_t *rows, const char *value,
                     char error[RY_KAFKA_ERROR_BYTES])
{
    if (strcmp(value, "all") == 0 || strcmp(value, "none") == 0) {
        *rows = value[0] == 'a' ? about->rows : 0;
        return true;
    }
    char list[RY_KAFKA_ERROR_BYTES], *at = list, *word;
    if (strlen(value) >= sizeof list)
        return wrong(error, "too long; each row need be named but once");
    strcpy(list, value);
    *rows = 0;
    while ((word = strsep(&at, ",")) != NULL) {
        word += strspn(word, " ");
        word[strcspn(word, " ")] = 0;
        if (!set_row(about, rows, word, error))
            return false;
    }
    return true;
}

/* ---- one setting ----------------------------------------------------------------------------- */

/* `about` is the topic's whose setting it is. */
static bool set_at(const struct ry_kafka_setting *setting, void *base,
                   const struct ry_kafka_topic_about *about, const char *value,
                   char error[RY_KAFKA_ERROR_BYTES])
{
    void *at = (char *)base + setting->offset;
    int word;
    switch (setting->type) {
    case RY_KAFKA_SETTING_TEXT:
    case RY_KAFKA_SETTING_NAME: return set_text(setting, at, value, error);
    case RY_KAFKA_SETTING_COUNT: return set_count(setting, at, value, error);
    case RY_KAFKA_SETTING_REPLICATION: return set_replication(setting, at, value, error);
    case RY_KAFKA_SETTING_REGISTRY:
        if ((word = registry_of(value, error)) >= 0)
            *(enum ry_kafka_registry *)at = (enum ry_kafka_registry)word;
        return word >= 0;
    case RY_KAFKA_SETTING_FORMAT:
        if ((word = format_of(value, error)) >= 0)
            *(enum ry_kafka_format *)at = (enum ry_kafka_format)word;
        return word >= 0;
    case RY_KAFKA_SETTING_ROWS: return set_rows(about, at, value, error);
    case RY_KAFKA_SETTING_TYPES: break;
    }
    return wrong(error, "no such type");
}

static bool unknown(const char *key, char error[RY_KAFKA_ERROR_BYTES])
{
    char known[RY_KAFKA_SETTING_KEY_BYTES];
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, key);
    for (unsigned i = 0; i < ry_kafka_settings_own_count; i++) {
        snprintf(known, sizeof known, OWN "%s", ry_kafka_settings_own[i].member);
        (void)ry_battle_nearest_offer(&nearest, known);
    }
    for (unsigned t = 0; t < RY_KAFKA_TOPICS; t++)
        for (unsigned i = 0; i < ry_kafka_settings_topic_count; i++) {
            snprintf(known, sizeof known, TOPIC "%s.%s", ry_kafka_topics[t].word,
                     ry_kafka_settings_topic[i].member);
            (void)ry_battle_nearest_offer(&nearest, known);
        }
    return wrong(error, "there is no such setting%s; `royale kafka settings` lists them",
                 nearest.said);
}

/* The topic of "royale.topic.WORD.MEMBER", and MEMBER; NULL: none. */
static const struct ry_kafka_topic_about *topic_of(const char *key, const char **member)
{
    const char *word = key + strlen(TOPIC), *dot = strchr(word, '.');
    for (unsigned i = 0; dot != NULL && i < RY_KAFKA_TOPICS; i++)
        if (strlen(ry_kafka_topics[i].word) == (size_t)(dot - word) &&
            strncmp(ry_kafka_topics[i].word, word, (size_t)(dot - word)) == 0) {
            *member = dot + 1;
            return &ry_kafka_topics[i];
        }
    return NULL;
}

bool ry_kafka_settings_set(struct ry_kafka_settings *settings, const char *key, const char *value,
                           char error[RY_KAFKA_ERROR_BYTES])
{
    if (strncmp(key, TOPIC, strlen(TOPIC)) == 0) {
        const char *member;
        const struct ry_kafka_topic_about *about = topic_of(key, &member);
        for (unsigned i = 0; about != NULL && i < ry_kafka_settings_topic_count; i++)
            if (strcmp(ry_kafka_settings_topic[i].member, member) == 0)
                return set_at(&ry_kafka_settings_topic[i],
                              &settings->topic[about - ry_kafka_topics], about, value, error);
        return unknown(key, error);
    }
    for (unsigned i = 0; i < ry_kafka_settings_own_count; i++)
        if (strcmp(ry_kafka_settings_own[i].member, key + strlen(OWN)) == 0)
            return set_at(&ry_kafka_settings_own[i], settings, NULL, value, error);
    return unknown(key, error);
}

/* A host's name may be longer, and anything. */
static void set_appliance(char appliance[RY_KAFKA_APPLIANCE_BYTES])
{
    char host[256] = "";
    if (gethostname(host, sizeof host - 1) != 0 || host[0] == 0)
        strcpy(host, "royale");
    snprintf(appliance, RY_KAFKA_APPLIANCE_BYTES, "%.*s", RY_KAFKA_APPLIANCE_BYTES - 1, host);
    for (char *at = appliance; *at != 0; at++)
        if (!is_of_text(*at))
            *at = '?';
}

void ry_kafka_settings_defaults(struct ry_kafka_settings *settings)
{
    char error[RY_KAFKA_ERROR_BYTES];
    *settings = (struct ry_kafka_settings){.properties = 0};
    set_appliance(settings->appliance);
    for (unsigned i = 0; i < ry_kafka_settings_own_count; i++)
        if (ry_kafka_settings_own[i].value != NULL &&
            !set_at(&ry_kafka_settings_own[i], settings, NULL, ry_kafka_settings_own[i].value,
                    error))
            abort(); /* the table is wrong */
    for (unsigned t = 0; t < RY_KAFKA_TOPICS; t++) {
        strcpy(settings->topic[t].name, ry_kafka_topics[t].name);
        for (unsigned i = 0; i < ry_kafka_settings_topic_count; i++)
            if (ry_kafka_settings_topic[i].value != NULL &&
                !set_at(&ry_kafka_settings_topic[i], &settings->topic[t], &ry_kafka_topics[t],
                        ry_kafka_settings_topic[i].value, error))
                abort(); /* likewise */
    }
}
