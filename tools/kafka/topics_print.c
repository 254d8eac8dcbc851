/* `royale kafka topics`: the topics, their keys and their rows, for people and for docs/KAFKA.md.
 */
#include <stdio.h>

#include "tools/kafka/kafka.h"
#include "tools/kafka/settings.h"
#include "tools/text/exit.h"
#include "tools/text/markup.h"
#include "tools/text/options.h"

struct options {
    const char *config;
    bool markdown;
};

static const struct ry_text_option option_table[] = {
    {.name = "config",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, config),
     .help = "as that settings file has them; else as they are by default"},
    {.name = "markdown",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, markdown),
     .help = "as a table of a document"},
};

static const struct ry_text_command command = {
    .name = "royale kafka topics",
    .about = "Prints the topics that an export to Kafka writes to, with their keys and rows.\n",
    .ends = "Exit codes: 0 ok, 2 wrong arguments or settings.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

static const char *key_of(const struct ry_kafka_topic_about *about)
{
    switch (about->key) {
    case RY_KAFKA_KEY_INSTRUMENT: return "the instrument";
    case RY_KAFKA_KEY_AGENT:
        return (about->rows & UINT32_C(1) << RY_RESULTS_ROW_TRADE) != 0
                   ? "the agent; of a trade the maker, else the taker"
                   : "the agent";
    case RY_KAFKA_KEY_BATTLE_AGENT: return "`BATTLE_ID|AGENT`";
    case RY_KAFKA_KEY_BATTLE: return "the battle's id";
    }
    return "";
}

static void put_rows(uint32_t rows, const char *quote)
{
    const char *comma = "";
    for (unsigned kind = 0; kind < RY_RESULTS_ROWS; kind++) {
        if ((rows & UINT32_C(1) << kind) == 0)
            continue;
        printf("%s%s%s%s", comma, quote, ry_results_rows[kind].name, quote);
        comma = ", ";
    }
    if (rows == 0)
        printf("none: it is not written");
}

static void put_topic(const struct ry_kafka_topic_about *about,
                      const struct ry_kafka_topic_settings *topic, bool markdown)
{
    const char *cleanup =
        about->cleanup == RY_KAFKA_CLEANUP_COMPACT ? "the last message of each key" : "retention";
    const char *format = topic->format == RY_KAFKA_PROTOBUF ? "Protobuf" : "JSON";
    if (markdown) {
        printf("| `%s` | %s | ", topic->name, about->sentence);
        ry_text_markdown(stdout, key_of(about));
        printf(" | %s | %u | ", cleanup, topic->partitions);
        put_rows(topic->rows, "`");
        puts(" |");
        return;
    }
    printf("%s: %s\n    settings call it %s\n    key: %s\n    keeps: %s\n    partitions: %u\n"
           "    values: %s\n    rows: ",
           topic->name, about->sentence, about->word, key_of(about), cleanup, topic->partitions,
           format);
    put_rows(topic->rows, "");
    putchar('\n');
}

int ry_kafka_topics_main(int argc, char **argv)
{
    struct options options = {0};
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    struct ry_kafka_settings settings;
    char error[RY_KAFKA_ERROR_BYTES];
    if (ry_kafka_settings_read(&settings, options.config, NULL, error) != 0) {
        fprintf(stderr, "%s\n", error);
        return RY_EXIT_USAGE;
    }
    if (options.markdown)
        puts("| topic | holds | key | keeps | partitions | rows |\n|---|---|---|---|---|---|");
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++)
        put_topic(&ry_kafka_topics[i], &settings.topic[i], options.markdown);
    ry_kafka_settings_close(&settings);
    return RY_EXIT_OK;
}
