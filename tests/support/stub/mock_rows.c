/* The rows of a test, a sink that takes them, and what the topics hold afterwards. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shm/clock.h"
#include "tests/support/stub/mock_rig.h"
#include "tests/support/test.h"
#include "tools/kafka/message.h"
#include "tools/kafka/sink.h"

#define AGENTS        3
#define ROWS_AN_INPUT 3
#define READ_SECONDS  20
#define KEYS_MAX      64
#define STEP_NS       200000

/* ---- rows ------------------------------------------------------------------------------------ */

struct ry_export_cursor mock_cursor(uint64_t row)
{
    return (struct ry_export_cursor){row / ROWS_AN_INPUT + 1, row % ROWS_AN_INPUT + 1};
}

static uint64_t number_of(uint64_t input, uint64_t n)
{
    return (input - 1) * ROWS_AN_INPUT + n - 1;
}

static struct ry_results_row row_at(uint64_t i)
{
    static const enum ry_results_row_kind kinds[] = {RY_RESULTS_ROW_MARKET_TRADE,
                                                     RY_RESULTS_ROW_ORDER, RY_RESULTS_ROW_FILL,
                                                     RY_RESULTS_ROW_STANDING, RY_RESULTS_ROW_ROUND};
    struct ry_export_cursor at = mock_cursor(i);
    struct ry_results_row row = {
        .kind = kinds[i % (sizeof kinds / sizeof *kinds)],
        .key = {.battle_id = stage_id, .input = at.input, .n = at.n, .time = (int64_t)i}};
    uint16_t agent = (uint16_t)(i / 7 % AGENTS);
    switch ((int)row.kind) {
    case RY_RESULTS_ROW_MARKET_TRADE:
        row.market_trade = (struct ry_results_row_market_trade){.price = 1000, .qty = 1, .side = 1};
        break;
    case RY_RESULTS_ROW_ORDER:
        row.order = (struct ry_results_row_order){.agent = agent, .side = 1, .price = 1, .qty = 1};
        break;
    case RY_RESULTS_ROW_FILL:
        row.fill = (struct ry_results_row_fill){
            .agent = agent, .qty = 5, .price = 1, .side = 2, .liquidity = 1, .cause = 1};
        break;
    case RY_RESULTS_ROW_STANDING:
        row.standing = (struct ry_results_row_standing){.agent = agent, .round = 1, .rank = 1};
        break;
    default: row.round = (struct ry_results_row_round){.round = 1, .agents = AGENTS}; break;
    }
    return row;
}

/* ---- a sink ---------------------------------------------------------------------------------- */

static void say(void *context, enum ry_log_level level, const char *line)
{
    struct mock_sink *s = context;
    (void)level;
    snprintf(s->line[s->lines++ % MOCK_LINES], RY_EXPORT_ERROR_BYTES, "%s", line);
}

void mock_sink_open(struct mock_sink *s, const struct mock *m, uint64_t until)
{
    struct ry_input_battle battle = stage_battle(AGENTS);
    *s = (struct mock_sink){.until = until};
    ck_assert_uint_le(until, MOCK_ROWS_MAX);
    stage_open(&s->stage, &battle, NULL);
    stage_describe(&s->stage, &battle, 0);
    struct ry_export_target target = {.battle_id = stage_id,
                                      .battle = "test",
                                      .config = m->settings,
                                      .brokers = m->brokers,
                                      .say = say,
                                      .context = s};
    ry_kafka_sink(&s->sink);
    ck_assert_msg(s->sink.open(&s->sink, &target) == 0, "%s", s->sink.error);
}

void mock_sink_close(struct mock_sink *s)
{
    if (s->sink.state != RY_EXPORT_HUNG)
        ck_assert_int_eq(s->sink.close(&s->sink), 0);
    stage_close(&s->stage);
}

/* As the follower does: everything from the start again, and what is there is passed over. */
static void feed(struct mock_sink *s)
{
    while (s->next < s->until && s->sink.room(&s->sink)) {
        /* Whole inputs: room is asked for between them. */
        do {
            struct ry_export_cursor at = mock_cursor(s->next);
            struct ry_results_row row = row_at(s->next++);
            if (!ry_export_behind(&at, &s->sink.cursor))
                continue;
            ck_assert_msg(s->sink.write(&s->sink, &s->stage.results, &row) == 0, "%s",
                          s->sink.error);
        } while (s->next < s->until && s->next % ROWS_AN_INPUT != 0);
    }
    if (s->next == s->until && !s->finished && s->sink.state == RY_EXPORT_READY) {
        s->sink.finish(&s->sink);
        s->finished = true;
    }
}

/* What the sink said, for who looks why a test failed. */
static bool give_up(const struct mock_sink *s)
{
    fprintf(stderr, "# state %d, %s; durable %lu %lu, written %lu\n", (int)s->sink.state,
            s->sink.error, s->sink.durable.input, s->sink.durable.n, s->next);
    for (unsigned i = 0; i < s->lines && i < MOCK_LINES; i++)
        fprintf(stderr, "# %s\n", s->line[i]);
    return false;
}

static bool ended(const struct mock_sink *s)
{
    return s->sink.state == RY_EXPORT_FAILED || s->sink.state == RY_EXPORT_HUNG;
}

static void turn(struct mock_sink *s)
{
    const struct timespec pause = {.tv_nsec = STEP_NS};
    feed(s);
    if (s->sink.step(&s->sink, s->next == s->until) == 0)
        nanosleep(&pause, NULL);
}

bool mock_sink_durable(struct mock_sink *s, uint64_t rows, unsigned seconds)
{
    int64_t until = ry_clock_ns() + seconds * RY_NS_PER_SECOND;
    struct ry_export_cursor want = mock_cursor(rows - 1);
    while (ry_clock_ns() < until && !ended(s)) {
        turn(s);
        if (!ry_export_behind(&want, &s->sink.durable))
            return true;
    }
    return give_up(s);
}

bool mock_sink_becomes(struct mock_sink *s, enum ry_export_state state, unsigned seconds)
{
    int64_t until = ry_clock_ns() + seconds * RY_NS_PER_SECOND;
    while (ry_clock_ns() < until && !ended(s)) {
        turn(s);
        if (s->sink.state == state)
            return true;
    }
    return s->sink.state == state || give_up(s);
}

void mock_sink_run(struct mock_sink *s, unsigned ms)
{
    int64_t until = ry_clock_ns() + ms * INT64_C(1000000);
    while (ry_clock_ns() < until && !ended(s))
        turn(s);
}

unsigned mock_sink_said(const struct mock_sink *s, const char *text)
{
    unsigned times = 0;
    for (unsigned i = 0; i < s->lines && i < MOCK_LINES; i++)
        times += strstr(s->line[i], text) != NULL;
    return times;
}

bool mock_sink_says(struct mock_sink *s, const char *text, unsigned seconds)
{
    int64_t until = ry_clock_ns() + seconds * RY_NS_PER_SECOND;
    while (ry_clock_ns() < until && !ended(s)) {
        turn(s);
        if (mock_sink_said(s, text) > 0)
            return true;
    }
    return mock_sink_said(s, text) > 0 || give_up(s);
}

/* ---- what is there --------------------------------------------------------------------------- */

struct reading {
    const struct ry_kafka_topic_settings *topic;
    uint64_t rows;
    uint8_t *seen;
    struct {
        char key[RY_KAFKA_KEY_BYTES];
        uint64_t last; /* number of its last row, + 1 */
    } key[KEYS_MAX];
    unsigned keys;
};

static uint64_t *last_of(struct reading *r, const rd_kafka_message_t *message)
{
    char key[RY_KAFKA_KEY_BYTES];
    snprintf(key, sizeof key, "%.*s", (int)message->key_len, (const char *)message->key);
    for (unsigned i = 0; i < r->keys; i++)
        if (strcmp(r->key[i].key, key) == 0)
            return &r->key[i].last;
    ck_assert_uint_lt(r->keys, KEYS_MAX);
    memcpy(r->key[r->keys].key, key, sizeof key);
    return &r->key[r->keys++].last;
}

static void take(struct reading *r, const rd_kafka_message_t *message)
{
    struct ry_kafka_message_key at;
    ck_assert(ry_kafka_message_read(&at, r->topic->format, message->payload, message->len));
    uint64_t i = number_of(at.input, at.n), *last = last_of(r, message);
    ck_assert_uint_lt(i, r->rows);
    ck_assert_msg(r->seen[i] == 0, "row %lu is twice in topic %s", i, r->topic->name);
    r->seen[i] = 1;
    ck_assert_msg(i + 1 > *last, "row %lu comes after %lu of the same key", i, *last - 1);
    *last = i + 1;
}

static void read_topic(struct reading *r, rd_kafka_t *client)
{
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, r->topic->name, NULL);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    int64_t until = ry_clock_ns() + READ_SECONDS * RY_NS_PER_SECOND;
    int ends = 0;
    for (int i = 0; i < MOCK_PARTITIONS; i++)
        ck_assert_int_eq(rd_kafka_consume_start_queue(topic, i, RD_KAFKA_OFFSET_BEGINNING, queue),
                         0);
    while (ends < MOCK_PARTITIONS) {
        rd_kafka_message_t *message = rd_kafka_consume_queue(queue, 100);
        ck_assert_msg(ry_clock_ns() < until, "the topic cannot be read to its end");
        if (message == NULL)
            continue;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            take(r, message);
        else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            ends++;
        rd_kafka_message_destroy(message);
    }
    for (int i = 0; i < MOCK_PARTITIONS; i++)
        rd_kafka_consume_stop(topic, i);
    rd_kafka_queue_destroy(queue);
    rd_kafka_topic_destroy(topic);
}

/* Reading begins at once then, not after the library's next look. */
static void know_topics(rd_kafka_t *client)
{
    const struct rd_kafka_metadata *about;
    ck_assert_int_eq(rd_kafka_metadata(client, 1, NULL, &about, READ_SECONDS * 1000),
                     RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_metadata_destroy(about);
}

void mock_check(const struct mock *m, uint64_t rows)
{
    char error[RY_KAFKA_ERROR_BYTES];
    struct ry_kafka_settings settings;
    ck_assert_msg(ry_kafka_settings_read(&settings, m->settings, m->brokers, error) == 0, "%s",
                  error);
    rd_kafka_t *client = ry_kafka_client(&settings, RY_KAFKA_CONSUMER, NULL, NULL, error);
    ck_assert_msg(client != NULL, "%s", error);
    know_topics(client);
    for (unsigned topic = 0; topic < RY_KAFKA_TOPICS; topic++) {
        const struct ry_kafka_topic_settings *t = &settings.topic[topic];
        if (t->rows == 0)
            continue;
        struct reading r = {.topic = t, .rows = rows, .seen = calloc(rows + 1, 1)};
        read_topic(&r, client);
        for (uint64_t i = 0; i < rows; i++) {
            bool wanted = (t->rows & UINT32_C(1) << row_at(i).kind) != 0;
            ck_assert_msg(r.seen[i] == (wanted ? 1 : 0), "row %lu in topic %s: %d", i, t->name,
                          r.seen[i]);
        }
        free(r.seen);
    }
    rd_kafka_destroy(client);
    ry_kafka_settings_close(&settings);
}
