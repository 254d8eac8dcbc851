/* `royale league`: the table over all battles that a cluster has heard of, once or live. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tools/kafka/commands.h"
#include "tools/kafka/consumer.h"
#include "tools/kafka/decode.h"
#include "tools/kafka/league_group.h"
#include "tools/kafka/league_read.h"
#include "tools/kafka/league_text.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"
#include "tools/text/options.h"
#include "tools/text/stop.h"

#define COMMAND       "royale league"
#define GROUP_DEFAULT "royale-league"
#define WAIT_MS       200
#define PRINT_NS      RY_NS_PER_SECOND       /* between two tables at least */
#define PATIENCE_NS   (3 * RY_NS_PER_SECOND) /* until it is said what is waited for */
#define CLEAR         "\033[H\033[J"

struct options {
    const char *config, *brokers, *group;
    bool follow, json;
};

struct run {
    struct options options;
    struct ry_kafka_settings settings;
    struct ry_kafka_league league;
    struct ry_kafka_league_source source;
    bool changed;       /* since the last table */
    bool printed;       /* one, at least */
    int64_t printed_ns; /* when */
    bool away;          /* that no broker answers was said */
    int64_t unready_ns; /* since when there is nothing to show; 0: there is; below: it was said */
};

static const struct ry_text_option option_table[] = {
    RY_KAFKA_CONSUMER_OPTIONS(struct options),
    {.name = "follow",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, follow),
     .help = "print the table again whenever it has changed, at most once a second"},
    {.name = "json",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, json),
     .help = "each table as one JSON object a line"},
    {.name = "group",
     .argument = "NAME",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, group),
     .help = "with --follow: instances of one group share the topic's partitions, and each\n"
             "shows what its own say; default " GROUP_DEFAULT},
};

static const struct ry_text_command command = {
    .name = COMMAND,
    .about =
        "Prints a table of all agents in all battles that exporters have written to the topic of the\n"
        "leaderboard, of all appliances: best first, by the share of their rivals that they left behind.\n",
    .ends =
        "Exit codes: 0 ok, 1 reading broke off, 2 wrong arguments or settings, 3 no broker answers or\n"
        "the topic is missing.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* ---- messages -------------------------------------------------------------------------------- */

static void take(struct run *run, const rd_kafka_message_t *message)
{
    struct ry_kafka_league_row row;
    rd_kafka_timestamp_type_t type;
    enum ry_kafka_format of_topic = run->settings.topic[RY_KAFKA_LEADERBOARD].format;
    const struct ry_kafka_league_message read = {
        .key = message->key,
        .key_bytes = message->key_len,
        .value = message->payload,
        .value_bytes = message->len,
        .format = ry_kafka_decode_format(message, of_topic),
        .version = ry_kafka_decode_version(message),
        .seen_ms = rd_kafka_message_timestamp(message, &type)};
    switch (ry_kafka_league_read(&row, &read)) {
    case RY_KAFKA_LEAGUE_ROW: run->changed |= ry_kafka_league_take(&run->league, &row); break;
    case RY_KAFKA_LEAGUE_FORGET:
        run->changed |= ry_kafka_league_drop(&run->league, &row.battle_id, row.agent);
        break;
    case RY_KAFKA_LEAGUE_MALFORMED:
    case RY_KAFKA_LEAGUE_OTHER:
        run->source.malformed++;
        run->changed = true;
        break;
    }
}

static void forget(struct run *run)
{
    ry_kafka_league_close(&run->league);
    run->source.malformed = 0;
    run->changed = true;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void print(struct run *run)
{
    struct ry_kafka_league_table table;
    ry_kafka_league_table(&run->league, &table);
    if (run->options.json) {
        (void)ry_text_json_line(stdout, ry_kafka_league_json(&table, &run->source));
    } else {
        if (run->options.follow)
            fputs(isatty(STDOUT_FILENO) ? CLEAR : run->printed ? "\n" : "", stdout);
        ry_kafka_league_print(stdout, &table, &run->source);
    }
    fflush(stdout);
    ry_kafka_league_table_close(&table);
    run->changed = false;
    run->printed = true;
    run->printed_ns = ry_clock_ns();
}

/* ---- live ------------------------------------------------------------------------------------ */

/* What nobody could tell from a table that does not come. */
static void say_state(struct run *run, const struct ry_kafka_league_group *group)
{
    if (group->away && !run->away)
        (void)ry_text_fail(RY_EXIT_OK, "no broker of %s answers any more; waiting",
                           ry_kafka_reach_brokers(&run->settings));
    run->away = group->away;
    if (ry_kafka_league_group_ready(group))
        run->unready_ns = 0;
    else if (run->unready_ns == 0)
        run->unready_ns = ry_clock_ns();
    else if (run->unready_ns > 0 && ry_clock_ns() - run->unready_ns > PATIENCE_NS) {
        run->unready_ns = -1;
        (void)ry_text_fail(RY_EXIT_OK,
                           group->share == NULL
                               ? "waiting for a share of the topic: the brokers arrange "
                                 "the group anew"
                               : "reading this instance's share of the topic");
    }
}

static void print_share(struct run *run, const struct ry_kafka_league_group *group)
{
    if (!run->changed || !ry_kafka_league_group_ready(group))
        return;
    run->source.partitions = (unsigned)group->share->cnt;
    run->source.partitions_all = group->partitions_all;
    print(run);
}

static void follow_group(struct run *run, struct ry_kafka_league_group *group)
{
    while (!ry_text_stopped() && !ferror(stdout) && group->error[0] == 0) {
        rd_kafka_message_t *message = ry_kafka_league_group_next(group, WAIT_MS);
        if (group->dropped)
            forget(run);
        group->dropped = false;
        if (message != NULL) {
            take(run, message);
            rd_kafka_message_destroy(message);
        }
        say_state(run, group);
        if (!run->printed || ry_clock_ns() - run->printed_ns >= PRINT_NS)
            print_share(run, group);
    }
    print_share(run, group);
}

static int follow(struct run *run)
{
    static struct ry_kafka_league_group group;
    const char *name = run->options.group != NULL ? run->options.group : GROUP_DEFAULT;
    if (ry_kafka_league_group_open(&group, &run->settings, name,
                                   run->settings.topic[RY_KAFKA_LEADERBOARD].name) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", group.error);
    run->changed = true;
    follow_group(run, &group);
    ry_kafka_league_group_close(&group);
    return group.error[0] == 0 ? RY_EXIT_OK : ry_text_fail(RY_EXIT_FAILED, "%s", group.error);
}

/* ---- once ------------------------------------------------------------------------------------ */

static int read_to_end(struct run *run, struct ry_kafka_consumer *consumer)
{
    if (ry_kafka_consumer_end(consumer) != 0 ||
        ry_kafka_consumer_begin(consumer, RY_KAFKA_CONSUMER_BEGINNING, 0) != 0)
        return -1;
    int64_t since = ry_clock_ns();
    bool said = false;
    while (!ry_kafka_consumer_done(consumer) && !ry_text_stopped() && consumer->error[0] == 0) {
        rd_kafka_message_t *message = ry_kafka_consumer_next(consumer, WAIT_MS);
        if (message != NULL) {
            take(run, message);
            rd_kafka_message_destroy(message);
            since = ry_clock_ns();
        } else if (!said && ry_clock_ns() - since > PATIENCE_NS) {
            said = true;
            (void)ry_text_fail(
                RY_EXIT_OK, consumer->away
                                ? "no broker answers any more; waiting"
                                : "an exporter's transaction is open and hides what is behind it; "
                                  "waiting until it ends");
        }
    }
    return consumer->error[0] == 0 ? 0 : -1;
}

static int once(struct run *run)
{
    static struct ry_kafka_consumer consumer;
    const char *topic = run->settings.topic[RY_KAFKA_LEADERBOARD].name;
    if (ry_kafka_consumer_open(&consumer, &run->settings, &topic, 1) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", consumer.error);
    int code = read_to_end(run, &consumer) == 0
                   ? RY_EXIT_OK
                   : ry_text_fail(RY_EXIT_FAILED, "%s", consumer.error);
    run->source.partitions = run->source.partitions_all = ry_kafka_consumer_partitions(&consumer);
    ry_kafka_consumer_close(&consumer);
    if (code == RY_EXIT_OK && !ry_text_stopped())
        print(run);
    return code;
}

int ry_kafka_league_main(int argc, char **argv)
{
    static struct run run;
    char error[RY_KAFKA_ERROR_BYTES];
    run = (struct run){.changed = false};
    int code = ry_text_options(&command, argc, argv, &run.options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (run.options.group != NULL && !run.options.follow)
        return ry_text_fail(RY_EXIT_USAGE,
                            "--group goes with --follow: without it all partitions are read, once");
    if (ry_kafka_settings_read(&run.settings, run.options.config, run.options.brokers, error) != 0)
        return ry_text_fail(RY_EXIT_USAGE, "%s", error);
    if (run.settings.warning[0] != 0)
        (void)ry_text_fail(RY_EXIT_OK, "warning: %s", run.settings.warning);
    ry_text_stop_by_signals();
    ry_kafka_league_open(&run.league);
    code = run.options.follow ? follow(&run) : once(&run);
    ry_kafka_league_close(&run.league);
    ry_kafka_settings_close(&run.settings);
    return code;
}
