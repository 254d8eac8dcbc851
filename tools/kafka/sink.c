#include "tools/kafka/sink.h"

#include <inttypes.h>
#include <stdlib.h>

#include "shm/clock.h"
#include "tools/kafka/sender.h"

/* Rows that no topic wants move the cursor this often. */
#define CURSOR_ALONE_NS INT64_C(1000000000)

struct kafka {
    struct ry_kafka_settings settings;
    struct ry_kafka_sender sender;
    struct ry_kafka_batch batch[2];
    unsigned filling; /* batch[filling] is the follower's, the other one the sender's or nobody's */
    bool finished;
    int64_t given_ns; /* the last batch */
    void (*say)(void *context, enum ry_log_level level, const char *line);
    void *context;
};

static int kafka_check(struct ry_export_sink *sink, const struct ry_export_target *target)
{
    static struct ry_kafka_settings settings; /* large */
    char error[RY_KAFKA_ERROR_BYTES];
    if (ry_kafka_settings_read(&settings, target->config, target->brokers, error) != 0) {
        snprintf(sink->error, sizeof sink->error, "%s", error);
        return -1;
    }
    ry_kafka_settings_close(&settings);
    return 0;
}

static int kafka_open(struct ry_export_sink *sink, const struct ry_export_target *target)
{
    char error[RY_KAFKA_ERROR_BYTES];
    struct kafka *k = calloc(1, sizeof *k);
    if (k == NULL) {
        snprintf(sink->error, sizeof sink->error, "kafka: no memory");
        return -1;
    }
    k->say = target->say;
    k->context = target->context;
    if (ry_kafka_settings_read(&k->settings, target->config, target->brokers, error) != 0) {
        snprintf(sink->error, sizeof sink->error, "%s", error);
        free(k);
        return -1;
    }
    if (ry_kafka_sender_open(&k->sender, &k->settings, &target->battle_id, error) != 0) {
        snprintf(sink->error, sizeof sink->error, "%s", error);
        ry_kafka_settings_close(&k->settings);
        free(k);
        return -1;
    }
    ry_kafka_batch_open(&k->batch[0]);
    ry_kafka_batch_open(&k->batch[1]);
    if (k->settings.warning[0] != '\0' && k->say != NULL)
        k->say(k->context, RY_LOG_WARN, k->settings.warning);
    sink->state = RY_EXPORT_OPENING;
    sink->appliance = k->settings.appliance;
    sink->context = k;
    return 0;
}

static bool kafka_room(const struct ry_export_sink *sink)
{
    const struct kafka *k = sink->context;
    return sink->state == RY_EXPORT_READY &&
           !ry_kafka_batch_full(&k->batch[k->filling], &k->settings);
}

static int kafka_write(struct ry_export_sink *sink, const struct ry_results *r,
                       const struct ry_results_row *row)
{
    struct kafka *k = sink->context;
    if (ry_kafka_batch_add(&k->batch[k->filling], &k->settings, r, row) == 0)
        return 0;
    snprintf(sink->error, sizeof sink->error,
             "kafka: the rows of input %" PRIu64 " do not fit into memory (%" PRIu64 " MiB)",
             row->key.input, RY_KAFKA_BATCH_BYTES_MAX >> 20);
    return -1;
}

static bool due(const struct kafka *k, const struct ry_kafka_batch *batch, bool idle)
{
    if (batch->rows == 0)
        return false;
    if (batch->messages > 0 || k->finished || ry_kafka_batch_full(batch, &k->settings))
        return true;
    return idle && ry_clock_ns() - k->given_ns >= CURSOR_ALONE_NS;
}

/* Gives the sender what has come, if it has nothing to do. */
static unsigned hand_over(struct kafka *k, bool idle)
{
    struct ry_kafka_batch *batch = &k->batch[k->filling];
    if (!due(k, batch, idle) || !ry_kafka_sender_give(&k->sender, batch))
        return 0;
    k->given_ns = ry_clock_ns();
    k->filling ^= 1;
    ry_kafka_batch_clear(&k->batch[k->filling]);
    return 1;
}

static void watch(struct ry_export_sink *sink, struct kafka *k)
{
    int64_t late_ms;
    ry_kafka_calls_watch(&k->sender.calls);
    const char *in = ry_kafka_calls_hung(&k->sender.calls, &late_ms);
    if (in == NULL || sink->state == RY_EXPORT_HUNG)
        return;
    sink->state = RY_EXPORT_HUNG;
    sink->counts.hangs++;
    snprintf(sink->error, sizeof sink->error,
             "kafka: %s does not come back, %" PRId64 " ms late: a hang of librdkafka %s, which "
             "only a new process ends",
             in, late_ms, rd_kafka_version_str());
}

static void look(struct ry_export_sink *sink, struct kafka *k, struct ry_kafka_said *said)
{
    uint64_t hangs = sink->counts.hangs;
    (void)ry_kafka_sender_look(&k->sender, said);
    sink->counts = said->counts;
    sink->counts.hangs = hangs;
    sink->durable = said->durable;
    sink->cursor = said->found;
}

static unsigned kafka_step(struct ry_export_sink *sink, bool idle)
{
    struct kafka *k = sink->context;
    struct ry_kafka_said said;
    uint64_t rows = sink->counts.rows;
    unsigned did = ry_kafka_lines_take(&k->sender.calls.lines, k->say, k->context);
    look(sink, k, &said);
    if (said.failed && sink->state != RY_EXPORT_FAILED) {
        sink->state = RY_EXPORT_FAILED;
        snprintf(sink->error, sizeof sink->error, "%s", said.error);
    } else if (said.ready && sink->state == RY_EXPORT_OPENING) {
        sink->state = RY_EXPORT_READY;
    }
    watch(sink, k);
    return did + hand_over(k, idle) + (sink->counts.rows != rows);
}

static void kafka_finish(struct ry_export_sink *sink)
{
    struct kafka *k = sink->context;
    k->finished = true;
}

static int kafka_close(struct ry_export_sink *sink)
{
    struct kafka *k = sink->context;
    struct ry_kafka_said said;
    bool stopped = ry_kafka_sender_stop(&k->sender);
    look(sink, k, &said); /* what was committed meanwhile counts */
    sink->context = NULL;
    if (!stopped)
        return 0; /* its thread is in a call, and all this stays its own until the process ends */
    (void)ry_kafka_lines_take(&k->sender.calls.lines, k->say, k->context);
    ry_kafka_sender_close(&k->sender);
    ry_kafka_batch_close(&k->batch[0]);
    ry_kafka_batch_close(&k->batch[1]);
    ry_kafka_settings_close(&k->settings);
    free(k);
    return 0;
}

void ry_kafka_sink(struct ry_export_sink *sink)
{
    *sink = (struct ry_export_sink){
        .name = "kafka",
        .check = kafka_check,
        .open = kafka_open,
        .room = kafka_room,
        .write = kafka_write,
        .step = kafka_step,
        .finish = kafka_finish,
        .close = kafka_close,
    };
}
