/* `royale tail --kafka`: the rows of some topics as lines, as they come. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/nearest.h"
#include "tools/kafka/commands.h"
#include "tools/kafka/consumer.h"
#include "tools/kafka/decode.h"
#include "tools/kafka/tail_line.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/row_value.h"
#include "tools/text/stop.h"
#include "tools/text/time.h"

#define COMMAND    "royale tail --kafka"
#define WAIT_MS    200
#define NS_A_MS    INT64_C(1000000)
#define BATTLE_MAX (RY_TEXT_ID_BYTES - 1)

struct options {
    const char *config, *brokers, *topics, *types;
    struct ry_kafka_tail_filter filter;
    enum ry_kafka_consumer_from from;
    int64_t from_ms;
    bool json, until_end;
    uint64_t count; /* 0: no end */
};

struct tail {
    struct options options;
    struct ry_kafka_settings settings;
    struct ry_kafka_consumer consumer;
    bool shown[RY_KAFKA_TOPICS]; /* its rows are printed */
    bool read[RY_KAFKA_TOPICS];  /* printed, or looked through for an end */
    uint64_t lines;
    bool strange; /* a message that is no row was said */
    bool away;    /* that no broker answers was said */
};

/* ---- the command line ------------------------------------------------------------------------ */

static bool read_from(void *context, const char *text)
{
    struct options *options = context;
    int64_t ns;
    options->from = strcmp(text, "beginning") == 0 ? RY_KAFKA_CONSUMER_BEGINNING
                    : strcmp(text, "end") == 0     ? RY_KAFKA_CONSUMER_END
                                                   : RY_KAFKA_CONSUMER_TIME;
    if (options->from != RY_KAFKA_CONSUMER_TIME)
        return true;
    if (!ry_text_time_read(text, &ns) || ns < 0)
        return false;
    options->from_ms = ns / NS_A_MS;
    return true;
}

static bool read_battle(void *context, const char *text)
{
    struct options *options = context;
    options->filter.battle = text;
    for (const char *at = text; *at != 0; at++)
        if (!isxdigit((unsigned char)*at) || isupper((unsigned char)*at))
            return false;
    return text[0] != 0 && strlen(text) <= BATTLE_MAX;
}

static const struct ry_text_option option_table[] = {
    RY_KAFKA_CONSUMER_OPTIONS(struct options),
    {.name = "topic",
     .argument = "WORD,..",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, topics),
     .help = "which ones: words of the settings file, or names of topics;\n"
             "default: all but the leaderboard, which says in short what the rounds say"},
    {.name = "battle",
     .argument = "ID",
     .kind = RY_TEXT_READ,
     .read = read_battle,
     .help = "rows of this battle alone; the first digits of its id are enough"},
    {.name = "agent",
     .argument = "NAME",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, filter.rows.agent),
     .help = "rows with this agent in them"},
    {.name = "instrument",
     .argument = "SYMBOL",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, filter.rows.instrument),
     .help = "rows of this instrument"},
    {.name = "type",
     .argument = "ROW,..",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, types),
     .help = "rows of these names: fill,reject; `royale rows` lists them"},
    {.name = "from",
     .argument = "WHERE",
     .kind = RY_TEXT_READ,
     .read = read_from,
     .help = "beginning, end (default: what comes from now on), or the messages' time,\n"
             "as 2026-01-05T14:30:00Z"},
    {.name = "json",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, json),
     .help = "each row as its JSON object; rows in Protobuf too"},
    {.name = "until-end",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, until_end),
     .help = "end with the battle (of several, the first to end), when all its rows are out"},
    {.name = "count",
     .argument = "N",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, count),
     .min = 1,
     .max = UINT64_MAX,
     .help = "end after N rows"},
};

static const struct ry_text_command command = {
    .name = COMMAND,
    .about =
        "Prints the rows that exporters have committed to Kafka, a line each, as they come. Rows of one\n"
        "key keep their order; rows of different keys may come in another one than they were made.\n",
    .ends =
        "Rows: `royale rows`. Exit codes: 0 ok, 1 reading broke off, 2 wrong arguments or settings,\n"
        "3 no broker answers or a topic is missing.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* ---- topics ---------------------------------------------------------------------------------- */

/* By its word, or by its name; -1, said. */
static int find_topic(const struct ry_kafka_settings *settings, const char *text)
{
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, text);
    for (int i = 0; i < RY_KAFKA_TOPICS; i++) {
        if (strcmp(ry_kafka_topics[i].word, text) == 0 ||
            strcmp(settings->topic[i].name, text) == 0)
            return i;
        (void)ry_battle_nearest_offer(&nearest, ry_kafka_topics[i].word);
    }
    fprintf(stderr, COMMAND ": --topic: no topic %s%s; they are", text, nearest.said);
    for (int i = 0; i < RY_KAFKA_TOPICS; i++)
        fprintf(stderr, "%s %s", i > 0 ? "," : "", ry_kafka_topics[i].word);
    fputc('\n', stderr);
    return -1;
}

static bool choose(struct tail *tail, const char *list)
{
    char *copy = strdup(list), *rest = copy, *word;
    bool known = copy != NULL;
    while (known && (word = strsep(&rest, ",")) != NULL) {
        int topic = find_topic(&tail->settings, word);
        known = topic >= 0;
        if (known)
            tail->shown[topic] = true;
    }
    free(copy);
    return known;
}

static void choose_default(struct tail *tail)
{
    for (int i = 0; i < RY_KAFKA_TOPICS; i++)
        tail->shown[i] = tail->settings.topic[i].rows != 0 &&
                         ry_kafka_topics[i].cleanup == RY_KAFKA_CLEANUP_DELETE;
}

static bool has_end(const struct tail *tail, int topic)
{
    return (tail->settings.topic[topic].rows & UINT32_C(1) << RY_RESULTS_ROW_END) != 0;
}

/* One that says when a battle is over is read in any case. */
static bool choose_end(struct tail *tail)
{
    int found = -1;
    for (int i = 0; i < RY_KAFKA_TOPICS; i++)
        if (has_end(tail, i) && (found < 0 || tail->read[i]))
            found = i;
    if (found < 0) {
        (void)ry_text_fail(RY_EXIT_USAGE,
                           "--until-end: by these settings no topic has rows of type "
                           "end; royale.topic.rounds.rows leaves them out");
        return false;
    }
    tail->read[found] = true;
    return true;
}

static bool choose_topics(struct tail *tail)
{
    if (tail->options.topics == NULL)
        choose_default(tail);
    else if (!choose(tail, tail->options.topics))
        return false;
    memcpy(tail->read, tail->shown, sizeof tail->read);
    return !tail->options.until_end || choose_end(tail);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static int topic_of(const struct tail *tail, const rd_kafka_message_t *message)
{
    const char *name = rd_kafka_topic_name(message->rkt);
    int topic = 0;
    while (topic < RY_KAFKA_TOPICS - 1 &&
           (!tail->read[topic] || strcmp(tail->settings.topic[topic].name, name) != 0))
        topic++;
    return topic;
}

static void put_json(const rd_kafka_message_t *message, const json_t *row,
                     enum ry_kafka_format format)
{
    bool is_line = format == RY_KAFKA_JSON && memchr(message->payload, '\n', message->len) == NULL;
    if (is_line)
        (void)fwrite(message->payload, 1, message->len, stdout);
    else
        (void)json_dumpf(row, stdout, JSON_COMPACT);
    fputc('\n', stdout);
}

static void say_strange(struct tail *tail, const rd_kafka_message_t *message)
{
    if (tail->strange)
        return;
    tail->strange = true;
    (void)ry_text_fail(RY_EXIT_OK,
                       "%s, partition %" PRId32 ", offset %" PRId64 ": no row that this program "
                       "knows; messages like it are passed over",
                       rd_kafka_topic_name(message->rkt), message->partition, message->offset);
}

static bool is_end(const struct tail *tail, json_t *row)
{
    const struct ry_kafka_tail_filter of_battle = {.battle = tail->options.filter.battle};
    enum ry_results_row_kind kind;
    return ry_kafka_decode_kind(row, &kind) && kind == RY_RESULTS_ROW_END &&
           ry_kafka_tail_shows(&of_battle, row);
}

/* A message without a value takes its key out of a compacted topic: no row. */
static int take(struct tail *tail, const rd_kafka_message_t *message)
{
    int topic = topic_of(tail, message), result = 0;
    enum ry_kafka_format format =
        ry_kafka_decode_format(message, tail->settings.topic[topic].format);
    if (message->payload == NULL)
        return 0;
    json_t *row = ry_kafka_decode(format, message->payload, message->len);
    if (row == NULL) {
        say_strange(tail, message);
        return 0;
    }
    if (tail->shown[topic] && ry_kafka_tail_shows(&tail->options.filter, row)) {
        if (tail->options.json)
            put_json(message, row, format);
        else
            ry_kafka_tail_line(stdout, row);
        tail->lines++;
    }
    if (tail->options.until_end && !tail->consumer.ends && is_end(tail, row))
        result = ry_kafka_consumer_end(&tail->consumer);
    json_decref(row);
    return result;
}

/* ---- life ------------------------------------------------------------------------------------ */

static void say_away(struct tail *tail)
{
    if (tail->consumer.away && !tail->away)
        (void)ry_text_fail(RY_EXIT_OK, "no broker of %s answers any more; waiting",
                           ry_kafka_reach_brokers(&tail->settings));
    tail->away = tail->consumer.away;
}

static bool is_done(const struct tail *tail)
{
    return ry_text_stopped() || ferror(stdout) || tail->consumer.error[0] != 0 ||
           tail->lines == tail->options.count || ry_kafka_consumer_done(&tail->consumer);
}

static int follow(struct tail *tail)
{
    int wait_ms = 0;
    if (tail->options.count == 0)
        tail->options.count = UINT64_MAX;
    while (!is_done(tail)) {
        rd_kafka_message_t *message = ry_kafka_consumer_next(&tail->consumer, wait_ms);
        wait_ms = message != NULL ? 0 : WAIT_MS;
        if (message == NULL) {
            fflush(stdout);
            say_away(tail);
            continue;
        }
        int result = take(tail, message);
        rd_kafka_message_destroy(message);
        if (result != 0)
            break;
    }
    return tail->consumer.error[0] == 0 ? RY_EXIT_OK
                                        : ry_text_fail(RY_EXIT_FAILED, "%s", tail->consumer.error);
}

static int run(struct tail *tail)
{
    const char *names[RY_KAFKA_TOPICS];
    unsigned count = 0;
    for (int i = 0; i < RY_KAFKA_TOPICS; i++)
        if (tail->read[i])
            names[count++] = tail->settings.topic[i].name;
    if (ry_kafka_consumer_open(&tail->consumer, &tail->settings, names, count) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", tail->consumer.error);
    int code = RY_EXIT_OK;
    if (ry_kafka_consumer_begin(&tail->consumer, tail->options.from, tail->options.from_ms) != 0)
        code = ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", tail->consumer.error);
    else if (tail->options.from == RY_KAFKA_CONSUMER_END)
        (void)ry_text_fail(RY_EXIT_OK, "waiting for new rows; --from beginning shows the old ones");
    if (code == RY_EXIT_OK)
        code = follow(tail);
    ry_kafka_consumer_close(&tail->consumer);
    return code;
}

int ry_kafka_tail_main(int argc, char **argv)
{
    static struct tail tail;
    char error[RY_KAFKA_ERROR_BYTES];
    tail = (struct tail){.options = {.from = RY_KAFKA_CONSUMER_END}};
    int code = ry_text_options(&command, argc, argv, &tail.options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    char wrong[RY_TEXT_ROW_FILTER_BYTES];
    if (tail.options.types != NULL &&
        !ry_text_row_filter_types(&tail.options.filter.rows, tail.options.types, wrong))
        return ry_text_fail(RY_EXIT_USAGE, "%s", wrong);
    if (ry_kafka_settings_read(&tail.settings, tail.options.config, tail.options.brokers, error) !=
        0)
        return ry_text_fail(RY_EXIT_USAGE, "%s", error);
    if (tail.settings.warning[0] != 0)
        (void)ry_text_fail(RY_EXIT_OK, "warning: %s", tail.settings.warning);
    ry_text_stop_by_signals();
    code = choose_topics(&tail) ? run(&tail) : RY_EXIT_USAGE;
    ry_kafka_settings_close(&tail.settings);
    return code;
}
