/*
 * `royale kafka verify`: what the topics have of a battle, compared with what its journal says.
 *
 * The battle is followed again and its rows are made again, as messages; each topic's are compared
 * while they are made, so that memory does not grow with the battle.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/results/follow.h"
#include "tools/kafka/cursor.h"
#include "tools/kafka/kafka.h"
#include "tools/kafka/verify_read.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/stop.h"

#define TIMEOUT_S 60
/* A broker that was cut off and does not know it yet shows where its log ended then: rows behind it
 * seem to be missing. So they are looked for once more, with clients that ask anew. */
#define AGAIN_MS 3000

struct options {
    const char *config, *brokers, *directory;
    uint64_t timeout_s;
};

struct topic {
    bool wanted; /* the settings have rows of it */
    struct ry_kafka_read read;
    struct ry_kafka_compare compare;
    rd_kafka_headers_t *headers[RY_RESULTS_ROWS]; /* made when first needed */
};

struct verify {
    struct ry_kafka_settings settings;
    struct ry_kafka_reading reading;
    struct ry_follow follow;
    struct ry_results results;
    struct topic topic[RY_KAFKA_TOPICS];
    struct ry_export_cursor until;  /* rows behind it are not compared */
    struct ry_export_cursor cursor; /* the export's; {0, 0}: none was found */
    struct ry_export_cursor last;   /* the last row that was made */
    bool has_cursor;
    bool ends; /* the journal has the battle's end */
    bool failed;
    bool last_look; /* what is missing now is missing */
};

#define LOOK_AGAIN (-1) /* no exit code */

static const struct ry_text_option option_table[] = {
    {.name = "config",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, config),
     .help = "settings, those of the export: `royale kafka settings` lists them"},
    {.name = "brokers",
     .argument = "HOST:PORT,..",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, brokers),
     .help = "instead of the file's; default " RY_KAFKA_BROKERS_DEFAULT},
    {.name = "timeout",
     .argument = "S",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, timeout_s),
     .min = 1,
     .max = 86400,
     .help = "give up when nothing comes for so many seconds; default 60"},
};

static const struct ry_text_command command = {
    .name = "royale kafka verify",
    .operand = "DIR",
    .about =
        "Compares the topics with the journal of the battle in DIR, as a consumer sees them: committed\n"
        "messages alone, up to where each partition ends when it begins. Says the first row that is missing,\n"
        "double, out of order, different or foreign, and how many there are. Messages that are no row of any\n"
        "battle are no difference: it counts them and says where the first one is. Of a battle that has not\n"
        "ended it compares what the export has sent so far.\n",
    .ends =
        "Exit codes: 0 equal, 1 not, 2 wrong arguments or settings, 3 no broker or no journal.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* ---- where the export is --------------------------------------------------------------------- */

static void take_cursor(struct verify *v, struct ry_kafka_cursor *newest, const char *id,
                        const struct ry_kafka_seen *seen)
{
    struct ry_kafka_cursor cursor;
    if (seen->key_bytes != strlen(id) || memcmp(seen->key, id, seen->key_bytes) != 0 ||
        seen->value == NULL || !ry_kafka_cursor_parse(&cursor, seen->value, seen->value_bytes) ||
        (v->has_cursor && !ry_kafka_cursor_newer(&cursor, newest)))
        return;
    *newest = cursor;
    v->has_cursor = true;
}

/* 0, or -1: reading->error. */
static int read_cursor(struct verify *v)
{
    char id[RY_KAFKA_ID_BYTES + RY_TEXT_ID_BYTES], hex[RY_TEXT_ID_BYTES];
    struct ry_kafka_read read;
    struct ry_kafka_cursor newest = {.epoch = 0};
    struct ry_kafka_seen seen;
    int there = 0;
    snprintf(id, sizeof id, "%s-%s", v->settings.id,
             ry_text_row_id(hex, &v->follow.reader.file.battle_id));
    if (!ry_kafka_reading_has(&v->reading, v->settings.cursors))
        return 0;
    if (ry_kafka_read_open(&read, &v->reading, v->settings.cursors) != 0)
        return -1;
    for (unsigned p = 0; p < read.source.partitions && there >= 0; p++)
        while ((there = read.source.peek(&read, p, &seen)) > 0) {
            take_cursor(v, &newest, id, &seen);
            read.source.next(&read, p);
        }
    ry_kafka_read_close(&read);
    v->cursor = newest.at;
    return there;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void expect(struct verify *v, enum ry_kafka_topic number, const struct ry_results_row *row)
{
    char key[RY_KAFKA_KEY_BYTES], value[RY_KAFKA_MESSAGE_MAX];
    struct topic *topic = &v->topic[number];
    rd_kafka_headers_t **headers = &topic->headers[row->kind];
    if (*headers == NULL)
        *headers = ry_kafka_message_headers(&v->settings, number, row->kind, 0);
    const struct ry_kafka_expected expected = {
        .at = {row->key.input, row->key.n},
        .kind = row->kind,
        .key = key,
        .value = value,
        .key_bytes = ry_kafka_message_key(key, number, &v->results, row),
        .value_bytes =
            ry_kafka_message_value(value, v->settings.topic[number].format, &v->results, row),
        .headers = *headers,
    };
    ry_kafka_compare_row(&topic->compare, &expected);
    v->failed |= topic->compare.failed;
}

static void on_row(void *context, const struct ry_results_row *row)
{
    struct verify *v = context;
    const struct ry_export_cursor at = {row->key.input, row->key.n};
    if (v->failed || ry_export_behind(&at, &v->until))
        return;
    v->last = at;
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++)
        if ((v->settings.topic[i].rows >> row->kind & 1) != 0)
            expect(v, (enum ry_kafka_topic)i, row);
}

/* Follows the battle as far as it is compared. 0, or -1 with what is wrong in follow.text. */
static int follow(struct verify *v)
{
    ry_results_open(&v->results, &v->follow.reader.file.battle_id, NULL);
    v->results.appliance = v->settings.appliance;
    v->results.row = on_row;
    v->results.context = v;
    ry_follow_until(&v->follow, v->until.input, RY_TIME_NEVER);
    while (!v->failed && !ry_text_stopped() &&
           ry_results_step(&v->results, &v->follow, RY_RESULTS_STEP_INPUTS) ==
               RY_RESULTS_STEP_INPUTS)
        ;
    ry_results_close(&v->results);
    enum ry_follow_status status = v->follow.status;
    bool short_of = v->has_cursor && v->follow.inputs < v->until.input && !v->ends;
    return status == RY_FOLLOW_DAMAGED || short_of ? -1 : 0;
}

/* Whether the journal has the battle's end; a running one is read as far as it is whole. */
static bool journal_ends(const char *directory)
{
    static struct ry_journal_reader reader;
    const union ry_input_any *input;
    enum ry_journal_next next;
    if (ry_journal_open(&reader, directory) != 0)
        return false;
    while ((next = ry_journal_next(&reader, &input)) == RY_JOURNAL_INPUT)
        ;
    ry_journal_close(&reader);
    return next == RY_JOURNAL_END;
}

/* ---- topics ---------------------------------------------------------------------------------- */

static int no_topic(const struct verify *v, const char *name)
{
    char error[RY_KAFKA_ERROR_BYTES];
    ry_kafka_reach_missing(&v->settings, name, error);
    return ry_text_fail(RY_EXIT_FAILED, "%s", error);
}

static int open_topics(struct verify *v)
{
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++) {
        struct topic *topic = &v->topic[i];
        const struct ry_kafka_topic_settings *settings = &v->settings.topic[i];
        if (settings->rows == 0)
            continue;
        if (!ry_kafka_reading_has(&v->reading, settings->name))
            return no_topic(v, settings->name);
        if (ry_kafka_read_open(&topic->read, &v->reading, settings->name) != 0)
            return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", v->reading.error);
        ry_kafka_compare_open(&topic->compare, settings->name, settings->format,
                              ry_kafka_topics[i].cleanup == RY_KAFKA_CLEANUP_COMPACT,
                              &v->follow.reader.file.battle_id, &topic->read.source);
        topic->wanted = true;
    }
    return RY_EXIT_OK;
}

static void close_topics(struct verify *v)
{
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++) {
        struct topic *topic = &v->topic[i];
        if (!topic->wanted)
            continue;
        ry_kafka_compare_close(&topic->compare);
        ry_kafka_read_close(&topic->read);
        for (unsigned row = 0; row < RY_RESULTS_ROWS; row++)
            if (topic->headers[row] != NULL)
                rd_kafka_headers_destroy(topic->headers[row]);
    }
}

/* ---- what came of it ------------------------------------------------------------------------- */

struct sum {
    unsigned topics;
    uint64_t rows, compacted_away, defects, deleted, strays, count[RY_KAFKA_DEFECTS];
    const struct ry_kafka_compare *first, *stray;
};

static struct sum sum_of(const struct verify *v)
{
    struct sum sum = {.topics = 0};
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++) {
        const struct ry_kafka_compare *compare = &v->topic[i].compare;
        if (!v->topic[i].wanted)
            continue;
        sum.topics++;
        sum.rows += compare->expected;
        sum.compacted_away += compare->compacted_away;
        sum.strays += compare->strays;
        if (compare->strays != 0 && sum.stray == NULL)
            sum.stray = compare;
        for (unsigned d = 0; d < RY_KAFKA_DEFECTS; d++) {
            sum.count[d] += compare->count[d];
            sum.defects += compare->count[d];
        }
        if (!compare->defective)
            continue;
        sum.deleted += ry_kafka_read_deleted(&v->topic[i].read);
        if (sum.first == NULL || ry_export_behind(&sum.first->first_at, &compare->first_at))
            sum.first = compare;
    }
    return sum;
}

static int tell_defects(const struct verify *v, const struct sum *sum)
{
    const char *between = "";
    puts(sum->first->first_text);
    printf("not equal: %" PRIu64 " rows in %u topics: ", sum->rows, sum->topics);
    for (unsigned d = 0; d < RY_KAFKA_DEFECTS; d++)
        if (sum->count[d] != 0) {
            printf("%s%" PRIu64 " %s", between, sum->count[d], ry_kafka_defects[d]);
            between = ", ";
        }
    putchar('\n');
    if (v->ends && v->has_cursor && ry_export_behind(&v->last, &v->cursor))
        printf("the export has sent the rows up to (input %" PRIu64 ", n %" PRIu64
               "), and goes on when it is started again\n",
               v->cursor.input, v->cursor.n);
    if (sum->deleted != 0 && sum->count[RY_KAFKA_MISSING] != 0)
        puts("these topics have deleted messages of their begin: retention.ms, retention.bytes");
    return RY_EXIT_FAILED;
}

static int tell(const struct verify *v)
{
    struct sum sum = sum_of(v);
    if (sum.count[RY_KAFKA_MISSING] != 0 && !v->last_look)
        return LOOK_AGAIN;
    if (!v->ends)
        printf("the battle has not ended: compared up to (input %" PRIu64 ", n %" PRIu64 ")%s\n",
               v->last.input, v->last.n,
               v->has_cursor ? ", where the export is" : ", where the journal ends");
    if (sum.stray != NULL)
        printf("%" PRIu64 " %s no row of any battle, the first: %s\n", sum.strays,
               sum.strays == 1 ? "message is" : "messages are", sum.stray->stray_text);
    if (sum.first != NULL)
        return tell_defects(v, &sum);
    if (sum.compacted_away != 0)
        printf("%" PRIu64 " rows were compacted away, each behind a later one of its key\n",
               sum.compacted_away);
    printf("equal: %" PRIu64 " rows in %u topics\n", sum.rows, sum.topics);
    return RY_EXIT_OK;
}

/* ---- the command ----------------------------------------------------------------------------- */

static int compare(struct verify *v)
{
    int code = open_topics(v);
    if (code != RY_EXIT_OK)
        return code;
    if (follow(v) != 0)
        return ry_text_fail(RY_EXIT_FAILED,
                            "%s, after input %" PRIu64 "; the export is at input %" PRIu64,
                            v->follow.text, v->follow.inputs, v->cursor.input);
    for (unsigned i = 0; i < RY_KAFKA_TOPICS && !v->failed && !ry_text_stopped(); i++)
        if (v->topic[i].wanted) {
            ry_kafka_compare_end(&v->topic[i].compare, &v->until);
            v->failed |= v->topic[i].compare.failed;
        }
    if (v->failed)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", v->reading.error);
    if (ry_text_stopped())
        return ry_text_fail(RY_EXIT_FAILED, "stopped, after input %" PRIu64, v->follow.inputs);
    return tell(v);
}

static int run(struct verify *v, const struct options *options)
{
    int code;
    if (ry_kafka_reading_open(&v->reading, &v->settings, (int)options->timeout_s) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", v->reading.error);
    if (read_cursor(v) != 0) {
        code = ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", v->reading.error);
    } else {
        v->ends = journal_ends(options->directory);
        v->until = v->ends || !v->has_cursor ? (struct ry_export_cursor){UINT64_MAX, UINT64_MAX}
                                             : v->cursor;
        code = compare(v);
        close_topics(v);
    }
    ry_kafka_reading_close(&v->reading);
    return code;
}

/* The whole comparison. An exit code, or LOOK_AGAIN if it is not the last. */
static int look(const struct options *options, bool last_look)
{
    static struct verify v; /* large */
    char error[RY_KAFKA_ERROR_BYTES];
    memset(&v, 0, sizeof v);
    v.last_look = last_look;
    if (ry_kafka_settings_read(&v.settings, options->config, options->brokers, error) != 0)
        return ry_text_fail(RY_EXIT_USAGE, "%s", error);
    if (v.settings.warning[0] != 0 && !last_look)
        (void)ry_text_fail(RY_EXIT_OK, "warning: %s", v.settings.warning);
    if (ry_follow_open(&v.follow, options->directory, error, sizeof error) != 0) {
        ry_kafka_settings_close(&v.settings);
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
    }
    int code = run(&v, options);
    ry_follow_close(&v.follow);
    ry_kafka_settings_close(&v.settings);
    return code;
}

int ry_kafka_verify_main(int argc, char **argv)
{
    struct options options = {.timeout_s = TIMEOUT_S};
    int code = ry_text_options(&command, argc, argv, &options, &options.directory);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    ry_text_stop_by_signals();
    code = look(&options, false);
    if (code != LOOK_AGAIN)
        return code;
    (void)ry_text_fail(RY_EXIT_OK, "rows seem to be missing; a broker may not know yet that it was "
                                   "cut off: all is read once more");
    const struct timespec pause = {.tv_sec = AGAIN_MS / 1000};
    (void)nanosleep(&pause, NULL);
    return look(&options, true);
}
