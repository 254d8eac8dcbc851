/* `royale kafka settings`: the table of settings, for people and for docs/KAFKA.md. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/kafka/client.h"
#include "tools/kafka/kafka.h"
#include "tools/kafka/settings_table.h"
#include "tools/text/exit.h"
#include "tools/text/markup.h"
#include "tools/text/options.h"

#define VALUE_BYTES 128

struct options {
    bool markdown;
    const char *check; /* a settings file; NULL: the table is printed */
};

static const struct ry_text_option option_table[] = {
    {.name = "markdown",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, markdown),
     .help = "as tables of a document"},
    {.name = "check",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, check),
     .help = "only reads FILE: says what is wrong with it; talks to no broker"},
};

static const struct ry_text_command command = {
    .name = "royale kafka settings",
    .about = "Prints what a settings file for Kafka (--config FILE) may say: lines KEY=VALUE.\n",
    .ends = "Exit codes: 0 ok, 2 wrong arguments, or a mistake in FILE.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* "whole number, 1 to 1000". */
static void values_of(char text[VALUE_BYTES], const struct ry_kafka_setting *setting)
{
    int length = snprintf(text, VALUE_BYTES, "%s", ry_kafka_setting_types[setting->type]);
    bool number =
        setting->type == RY_KAFKA_SETTING_COUNT || setting->type == RY_KAFKA_SETTING_REPLICATION;
    if (setting->max != 0)
        snprintf(text + length, VALUE_BYTES - (size_t)length,
                 number ? ", %" PRIu64 " to %" PRIu64 : "; %" PRIu64 " to %" PRIu64 " of them",
                 setting->min, setting->max);
}

static void put_plain(const char *prefix, const struct ry_kafka_setting *setting)
{
    char values[VALUE_BYTES];
    values_of(values, setting);
    printf("%s%s\n    %s\n    %s", prefix, setting->member, setting->sentence, values);
    if (setting->value != NULL)
        printf("; default %s", setting->value);
    putchar('\n');
}

static void put_markdown(const char *prefix, const struct ry_kafka_setting *setting)
{
    char values[VALUE_BYTES];
    values_of(values, setting);
    printf("| `%s%s` | ", prefix, setting->member);
    ry_text_markdown(stdout, values);
    printf(setting->value != NULL ? " | `%s` | " : " | %s | ",
           setting->value != NULL ? setting->value : "");
    ry_text_markdown(stdout, setting->sentence);
    puts(" |");
}

static void put_words(bool markdown)
{
    printf("%sWORD is one of ", markdown ? "\n" : "");
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++)
        printf(markdown ? "%s`%s`" : "%s%s", i > 0 ? ", " : "", ry_kafka_topics[i].word);
    puts(".");
}

static void put_refused(bool markdown)
{
    puts(markdown
             ? "\nEvery other key is a property of librdkafka, but for these:\n\n"
               "| property | why it is refused |\n|---|---|"
             : "Every other key is a property of librdkafka, but for these, which are refused:");
    for (unsigned i = 0; i < ry_kafka_settings_refused_count; i++) {
        printf(markdown ? "| `%s` | " : "%s\n    ", ry_kafka_settings_refused[i].property);
        if (markdown)
            ry_text_markdown(stdout, ry_kafka_settings_refused[i].sentence);
        else
            fputs(ry_kafka_settings_refused[i].sentence, stdout);
        puts(markdown ? " |" : "");
    }
}

/* Whether an exporter could begin with them: also what only a client that is made shows, such as a
 * certificate that is not there. */
static int check(const char *file)
{
    static struct ry_kafka_settings settings; /* large */
    char error[RY_KAFKA_ERROR_BYTES];
    if (ry_kafka_settings_read(&settings, file, NULL, error) != 0)
        return ry_text_fail(RY_EXIT_USAGE, "%s", error);
    if (settings.warning[0] != 0)
        (void)ry_text_fail(RY_EXIT_OK, "%s", settings.warning);
    rd_kafka_t *client = ry_kafka_client(&settings, RY_KAFKA_PRODUCER, settings.id, NULL, error);
    ry_kafka_settings_close(&settings);
    if (client == NULL)
        return ry_text_fail(RY_EXIT_USAGE, "%s", error);
    rd_kafka_destroy(client);
    return RY_EXIT_OK;
}

int ry_kafka_settings_main(int argc, char **argv)
{
    struct options options = {.markdown = false};
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (options.check != NULL)
        return check(options.check);
    void (*put)(const char *prefix, const struct ry_kafka_setting *setting) =
        options.markdown ? put_markdown : put_plain;
    if (options.markdown)
        puts("| key | value | default | |\n|---|---|---|---|");
    for (unsigned i = 0; i < ry_kafka_settings_own_count; i++)
        put("royale.", &ry_kafka_settings_own[i]);
    for (unsigned i = 0; i < ry_kafka_settings_topic_count; i++)
        put("royale.topic.WORD.", &ry_kafka_settings_topic[i]);
    put_words(options.markdown);
    put_refused(options.markdown);
    return RY_EXIT_OK;
}
