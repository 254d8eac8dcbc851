#include "tools/kafka/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 1024

struct property {
    const char *name, *value;
};

/* What is better than the library's default; the settings may say otherwise. */
static const struct property of_all[] = {
    {"client.id", "royale"},
    {"socket.nagle.disable", "true"},    /* a batch's last bytes wait for nobody's answer */
    {"reconnect.backoff.ms", "50"},      /* the first try after a broker went away, and */
    {"reconnect.backoff.max.ms", "500"}, /* the later ones: 10 s miss a broker's whole life */
    {"topic.metadata.refresh.interval.ms", "60000"}, /* partitions that were added */
};

static const struct property of_producer[] = {
    /* More than two batches of the most rows, so that the library's queue is never what is full. */
    {"queue.buffering.max.messages", "200000"},
};

static const struct property of_consumer[] = {
    /* Compressed batches come much larger than the least that a fetch asks for. */
    {"queued.min.messages", "1000000"},     {"queued.max.messages.kbytes", "65536"},
    {"fetch.message.max.bytes", "4194304"}, {"fetch.wait.max.ms", "50"},
    {"fetch.error.backoff.ms", "50"},
};

/* What no setting changes: tools/kafka/settings.def refuses them. */
static const struct property fixed_producer[] = {
    {"enable.idempotence", "true"},
    {"acks", "all"},
    {"partitioner", "murmur2_random"},
};

static const struct property fixed_consumer[] = {
    {"isolation.level", "read_committed"}, {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"}, {"enable.partition.eof", "true"},
    {"auto.offset.reset", "earliest"},     {"allow.auto.create.topics", "false"},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* ---- the log --------------------------------------------------------------------------------- */

static enum ry_log_level level_of(int syslog_level)
{
    return syslog_level <= 3   ? RY_LOG_ERROR
           : syslog_level == 4 ? RY_LOG_WARN
           : syslog_level <= 6 ? RY_LOG_INFO
                               : RY_LOG_DEBUG;
}

/* One file serves all kinds of clients: what one of them has no use for is no news. */
static bool is_news(const char *facility, const char *text)
{
    return strcmp(facility, "CONFWARN") != 0 || strstr(text, "will be ignored by this") == NULL;
}

static void hear(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
    const struct ry_kafka_ear *ear = rk != NULL ? rd_kafka_opaque(rk) : NULL;
    if (ear == NULL || ear->say == NULL || !is_news(facility, text))
        return;
    /* Scrubbed before it is cut: half a secret is none that can be found. */
    size_t bytes = strlen(facility) + strlen(text) + sizeof ": ";
    char *whole = malloc(bytes);
    if (whole == NULL)
        return;
    snprintf(whole, bytes, "%s: %s", facility, text);
    ry_kafka_settings_scrub(ear->settings, whole);
    if (strlen(whole) >= LINE_BYTES)
        whole[LINE_BYTES - 1] = 0;
    for (char *at = whole; (at = strchr(at, '\n')) != NULL;)
        *at = ' ';
    ear->say(ear->context, level_of(level), whole);
    free(whole);
}

/* ---- configurations -------------------------------------------------------------------------- */

static int set(rd_kafka_conf_t *conf, const char *name, const char *value, char *error)
{
    char said[RY_KAFKA_ERROR_BYTES];
    if (rd_kafka_conf_set(conf, name, value, said, sizeof said) == RD_KAFKA_CONF_OK)
        return 0;
    snprintf(error, RY_KAFKA_ERROR_BYTES, "librdkafka %s: %s: %.300s", rd_kafka_version_str(), name,
             said);
    return -1;
}

static int set_all(rd_kafka_conf_t *conf, const struct property *table, size_t count, char *error)
{
    for (size_t i = 0; i < count; i++)
        if (set(conf, table[i].name, table[i].value, error) != 0)
            return -1;
    return 0;
}

static int set_defaults(rd_kafka_conf_t *conf, enum ry_kafka_client kind, char *error)
{
    if (set_all(conf, of_all, COUNT(of_all), error) != 0)
        return -1;
    if (kind == RY_KAFKA_PRODUCER)
        return set_all(conf, of_producer, COUNT(of_producer), error);
    return kind == RY_KAFKA_CONSUMER ? set_all(conf, of_consumer, COUNT(of_consumer), error) : 0;
}

static int set_property(rd_kafka_conf_t *conf, const struct ry_kafka_settings *settings,
                        const struct ry_kafka_property *property, char *error)
{
    char said[RY_KAFKA_ERROR_BYTES];
    if (rd_kafka_conf_set(conf, property->name, property->value, said, sizeof said) ==
        RD_KAFKA_CONF_OK)
        return 0;
    ry_kafka_settings_scrub(settings, said);
    if (property->line != 0)
        snprintf(error, RY_KAFKA_ERROR_BYTES, "%.150s:%u: %.80s: %.200s", settings->file,
                 property->line, property->name, said);
    else
        snprintf(error, RY_KAFKA_ERROR_BYTES, "%.80s: %.300s", property->name, said);
    return -1;
}

static int set_fixed(rd_kafka_conf_t *conf, const struct ry_kafka_settings *settings,
                     enum ry_kafka_client kind, const char *id, char *error)
{
    char ms[16];
    switch (kind) {
    case RY_KAFKA_PRODUCER:
        snprintf(ms, sizeof ms, "%u", settings->transaction_ms);
        if (set_all(conf, fixed_producer, COUNT(fixed_producer), error) != 0 ||
            set(conf, "transaction.timeout.ms", ms, error) != 0)
            return -1;
        return id != NULL ? set(conf, "transactional.id", id, error) : 0;
    case RY_KAFKA_CONSUMER:
        if (set_all(conf, fixed_consumer, COUNT(fixed_consumer), error) != 0)
            return -1;
        return id != NULL ? set(conf, "group.id", id, error) : 0;
    case RY_KAFKA_ADMIN: return 0;
    }
    return -1;
}

rd_kafka_conf_t *ry_kafka_conf(const struct ry_kafka_settings *settings, enum ry_kafka_client kind,
                               const char *id, struct ry_kafka_ear *ear,
                               char error[RY_KAFKA_ERROR_BYTES])
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    int result = set_defaults(conf, kind, error);
    for (unsigned i = 0; result == 0 && i < settings->properties; i++)
        result = set_property(conf, settings, &settings->property[i], error);
    if (result == 0)
        result = set_fixed(conf, settings, kind, id, error);
    if (result != 0) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    if (ear != NULL && ear->settings != settings)
        ear->settings = settings; /* once: another client of this ear may be speaking */
    rd_kafka_conf_set_opaque(conf, ear);
    rd_kafka_conf_set_log_cb(conf, hear);
    return conf;
}

rd_kafka_t *ry_kafka_client(const struct ry_kafka_settings *settings, enum ry_kafka_client kind,
                            const char *id, struct ry_kafka_ear *ear,
                            char error[RY_KAFKA_ERROR_BYTES])
{
    char said[RY_KAFKA_ERROR_BYTES];
    rd_kafka_conf_t *conf = ry_kafka_conf(settings, kind, id, ear, error);
    if (conf == NULL)
        return NULL;
    rd_kafka_type_t type = kind == RY_KAFKA_CONSUMER ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER;
    rd_kafka_t *rk = rd_kafka_new(type, conf, said, sizeof said);
    if (rk != NULL)
        return rk;
    rd_kafka_conf_destroy(conf);
    ry_kafka_settings_scrub(settings, said);
    snprintf(error, RY_KAFKA_ERROR_BYTES, "%.150s%s%.300s", settings->file,
             settings->file[0] != 0 ? ": " : "", said);
    return NULL;
}
