/* `royale kafka init`: the topics are as the settings ask, or it is said what differs. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/kafka/kafka.h"
#include "tools/kafka/reach.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"

#define COMMAND    "royale kafka init"
#define WISHES_MAX (RY_KAFKA_TOPICS + 1)

/*
 * The cursors' topic. A transaction writes one record of some 250 bytes and a commit marker, with
 * their batches' heads some 400 bytes; so 1,000 rows a transaction at 100 k/s make 40 kB/s, 3.4 GB
 * a day, of which one record a battle says anything. Only closed segments are compacted: with 4 MiB
 * a segment closes after 10,000 transactions, and whoever looks for its cursor reads that much and
 * what compaction has not come to, a tenth of the whole. Partitions: exporters that have one in
 * common wait at their start for the other's open transaction.
 */
#define CURSORS_PARTITIONS 8
static const struct config {
    const char *name, *value;
} cursors_configs[] = {{"cleanup.policy", "compact"},
                       {"segment.bytes", "4194304"},
                       {"segment.ms", "3600000"},
                       {"min.cleanable.dirty.ratio", "0.1"}},
  compact_configs[] = {{"cleanup.policy", "compact"}},
  delete_configs[] = {{"cleanup.policy", "delete"}};

/* With so many replicas a row can be with two brokers before it counts as written, and one broker
 * may be away. */
#define SAFE_REPLICAS 3
static const struct config safe_config = {"min.insync.replicas", "2"};

/* A topic as it should be. */
struct wish {
    const char *name;
    const char *word; /* as settings call it; NULL: the cursors, whose partitions may be any */
    int partitions;
    const struct config *config;
    unsigned configs;
    int replicas; /* of one that is there */
    bool there;   /* it was there before */
    bool granted; /* it is as it should be */
};

struct options {
    const char *config, *brokers;
    bool dry_run;
};

struct init {
    struct options options;
    struct ry_kafka_settings settings;
    struct ry_kafka_reach reach;
    rd_kafka_t *rk;
    rd_kafka_queue_t *queue;
    struct wish wish[WISHES_MAX];
    unsigned wishes;
    int code;     /* the worst so far */
    bool scripts; /* a line names one of Kafka's own */
};

static const struct ry_text_option option_table[] = {
    {.name = "config",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, config),
     .help = "settings: `royale kafka settings` lists them"},
    {.name = "brokers",
     .argument = "HOST:PORT,..",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, brokers),
     .help = "instead of the file's; default " RY_KAFKA_BROKERS_DEFAULT},
    {.name = "dry-run",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, dry_run),
     .help = "only say what would be done"},
};

static const struct ry_text_command command = {
    .name = COMMAND,
    .about =
        "Makes the topics that an export writes to, or, of those that are there, says what is\n"
        "not as the settings ask, and which may lose rows with one broker; a line a topic. It\n"
        "changes no topic that is there.\n",
    .ends = "Exit codes: 0 all is as asked, 1 something is not, 2 wrong arguments or settings,\n"
            "3 no broker answers.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* ---- what is wished -------------------------------------------------------------------------- */

static void make_wishes(struct init *init)
{
    const struct ry_kafka_settings *settings = &init->settings;
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++) {
        bool compact = ry_kafka_topics[i].cleanup == RY_KAFKA_CLEANUP_COMPACT;
        if (settings->topic[i].rows != 0)
            init->wish[init->wishes++] = (struct wish){
                .name = settings->topic[i].name,
                .word = ry_kafka_topics[i].word,
                .partitions = (int)settings->topic[i].partitions,
                .config = compact ? compact_configs : delete_configs,
                .configs = 1,
            };
    }
    init->wish[init->wishes++] = (struct wish){
        .name = settings->cursors,
        .partitions = CURSORS_PARTITIONS,
        .config = cursors_configs,
        .configs = sizeof cursors_configs / sizeof *cursors_configs,
    };
}

/* A line of a topic that is not as it should be. */
__attribute__((format(printf, 4, 5))) static void
differs(struct init *init, struct wish *wish, const char *state, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    printf("%-8s  %s: ", state, wish->name);
    vprintf(format, arguments);
    putchar('\n');
    va_end(arguments);
    wish->granted = false;
    init->code = RY_EXIT_FAILED;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* The answer to a request, which the caller destroys; NULL with the reason said. */
static rd_kafka_event_t *answer(struct init *init, const char *what)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(init->queue, 2 * RY_KAFKA_ANSWER_MS);
    if (event != NULL && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR)
        return event;
    init->code = ry_text_fail(
        RY_EXIT_ENVIRONMENT, "%s of %s: %s", what, ry_kafka_reach_brokers(&init->settings),
        event != NULL ? rd_kafka_event_error_string(event) : "no answer in time");
    if (event != NULL)
        rd_kafka_event_destroy(event);
    return NULL;
}

static rd_kafka_AdminOptions_t *admin_options(struct init *init, rd_kafka_admin_op_t operation)
{
    char said[RY_KAFKA_ERROR_BYTES];
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(init->rk, operation);
    if (options == NULL ||
        rd_kafka_AdminOptions_set_request_timeout(options, RY_KAFKA_ANSWER_MS, said, sizeof said) !=
            RD_KAFKA_RESP_ERR_NO_ERROR)
        abort(); /* no memory, or no such option */
    return options;
}

/* ---- topics that are not there --------------------------------------------------------------- */

static rd_kafka_NewTopic_t *new_topic(struct init *init, struct wish *wish)
{
    char said[RY_KAFKA_ERROR_BYTES];
    rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(
        wish->name, wish->partitions, init->settings.replication, said, sizeof said);
    if (topic == NULL) {
        differs(init, wish, "failed", "%s", said);
        return NULL;
    }
    for (unsigned i = 0; i < wish->configs; i++)
        (void)rd_kafka_NewTopic_set_config(topic, wish->config[i].name, wish->config[i].value);
    if (init->settings.replication >= SAFE_REPLICAS)
        (void)rd_kafka_NewTopic_set_config(topic, safe_config.name, safe_config.value);
    return topic;
}

static void tell_created(struct init *init, struct wish *wish,
                         const rd_kafka_topic_result_t *result)
{
    rd_kafka_resp_err_t error = rd_kafka_topic_result_error(result);
    if (error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
        wish->there = true; /* somebody was faster: it is looked at like the others */
        wish->granted = true;
    } else if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char *text = rd_kafka_topic_result_error_string(result);
        differs(init, wish, "failed", "%s", text != NULL ? text : rd_kafka_err2str(error));
    } else if (init->options.dry_run) {
        differs(init, wish, "missing", "would be made with %d partitions, %s=%s", wish->partitions,
                wish->config[0].name, wish->config[0].value);
    } else {
        printf("%-8s  %s: %d partitions, %s=%s\n", "created", wish->name, wish->partitions,
               wish->config[0].name, wish->config[0].value);
        wish->granted = true;
    }
}

static void create(struct init *init)
{
    rd_kafka_NewTopic_t *topic[WISHES_MAX];
    struct wish *asked[WISHES_MAX];
    size_t topics = 0, results = 0;
    for (unsigned i = 0; i < init->wishes; i++)
        if (!init->wish[i].there && (topic[topics] = new_topic(init, &init->wish[i])) != NULL)
            asked[topics++] = &init->wish[i];
    if (topics == 0)
        return;
    char said[RY_KAFKA_ERROR_BYTES];
    rd_kafka_AdminOptions_t *options = admin_options(init, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    (void)rd_kafka_AdminOptions_set_operation_timeout(options, RY_KAFKA_ANSWER_MS, said,
                                                      sizeof said);
    (void)rd_kafka_AdminOptions_set_validate_only(options, init->options.dry_run, said,
                                                  sizeof said);
    rd_kafka_CreateTopics(init->rk, topic, topics, options, init->queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_NewTopic_destroy_array(topic, topics);
    rd_kafka_event_t *event = answer(init, "to make topics");
    if (event == NULL)
        return;
    const rd_kafka_topic_result_t **result =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &results);
    for (size_t i = 0; i < results; i++)
        for (size_t j = 0; j < topics; j++)
            if (strcmp(rd_kafka_topic_result_name(result[i]), asked[j]->name) == 0)
                tell_created(init, asked[j], result[i]);
    rd_kafka_event_destroy(event);
}

/* ---- topics that are there ------------------------------------------------------------------- */

#define ADMIN_FILE "admin.properties"

static bool is_secured(const struct init *init)
{
    const char *protocol = ry_kafka_settings_property(&init->settings, "security.protocol");
    return protocol != NULL && strcasecmp(protocol, "plaintext") != 0;
}

/* What a script of Kafka's is told of the cluster, behind its name. */
static const char *cluster_words(struct init *init)
{
    static char words[RY_KAFKA_VALUE_BYTES];
    init->scripts = true;
    snprintf(words, sizeof words, "--bootstrap-server %s%s",
             ry_kafka_reach_brokers(&init->settings),
             is_secured(init) ? " --command-config " ADMIN_FILE : "");
    return words;
}

static void tell_scripts(const struct init *init)
{
    if (!init->scripts)
        return;
    puts("kafka-topics.sh and its like are in bin/ of Apache Kafka's download");
    if (is_secured(init))
        puts(
            "they know no librdkafka: " ADMIN_FILE " has security.protocol, sasl.mechanism,\n"
            "sasl.jaas.config, ssl.truststore.type, ssl.truststore.location, as Java's clients have them");
}

static void check_partitions(struct init *init, struct wish *wish,
                             const rd_kafka_metadata_topic_t *topic)
{
    int replicas = topic->partition_cnt > 0 ? topic->partitions[0].replica_cnt : 0;
    wish->replicas = replicas;
    if (wish->word != NULL && topic->partition_cnt < wish->partitions)
        differs(init, wish, "differs",
                "%d partitions, %d are asked; while nothing is exported: kafka-topics.sh %s "
                "--alter --topic %s --partitions %d",
                topic->partition_cnt, wish->partitions, cluster_words(init), wish->name,
                wish->partitions);
    else if (wish->word != NULL && topic->partition_cnt > wish->partitions)
        differs(init, wish, "differs",
                "%d partitions, %d are asked, and Kafka takes none away; put "
                "royale.topic.%s.partitions=%d into the settings",
                topic->partition_cnt, wish->partitions, wish->word, topic->partition_cnt);
    if (init->settings.replication > 0 && replicas != init->settings.replication)
        differs(init, wish, "differs",
                "%d replicas, %d are asked; kafka-reassign-partitions.sh %s moves them, or put "
                "royale.replication=%d into the settings",
                replicas, init->settings.replication, cluster_words(init), replicas);
}

static const char *value_of(const rd_kafka_ConfigResource_t *resource, const char *name)
{
    size_t entries;
    const rd_kafka_ConfigEntry_t **entry = rd_kafka_ConfigResource_configs(resource, &entries);
    for (size_t i = 0; i < entries; i++)
        if (strcmp(rd_kafka_ConfigEntry_name(entry[i]), name) == 0)
            return rd_kafka_ConfigEntry_value(entry[i]);
    return NULL;
}

/* No difference, but rows that the brokers said they have may be lost with one of them. */
static void warn_weak(struct init *init, struct wish *wish,
                      const rd_kafka_ConfigResource_t *resource)
{
    const char *value = value_of(resource, safe_config.name);
    if (wish->replicas < SAFE_REPLICAS || value == NULL || strcmp(value, "1") != 0)
        return;
    printf("%-8s  %s: %d replicas, but %s=1: what a single broker has counts as written, and is "
           "lost with it; kafka-configs.sh %s --alter --entity-type topics --entity-name %s "
           "--add-config %s=%s\n",
           "weak", wish->name, wish->replicas, safe_config.name, cluster_words(init), wish->name,
           safe_config.name, safe_config.value);
    wish->granted = false;
}

static void check_configs(struct init *init, struct wish *wish,
                          const rd_kafka_ConfigResource_t *resource)
{
    if (rd_kafka_ConfigResource_error(resource) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char *text = rd_kafka_ConfigResource_error_string(resource);
        differs(init, wish, "unknown", "its settings cannot be read: %s",
                text != NULL ? text : rd_kafka_err2str(rd_kafka_ConfigResource_error(resource)));
        return;
    }
    for (unsigned i = 0; i < wish->configs; i++) {
        const struct config *config = &wish->config[i];
        const char *value = value_of(resource, config->name);
        if (value == NULL || strcmp(value, config->value) != 0)
            differs(init, wish, "differs",
                    "%s=%s, %s is asked; kafka-configs.sh %s --alter "
                    "--entity-type topics --entity-name %s --add-config %s=%s",
                    config->name, value != NULL ? value : "", config->value, cluster_words(init),
                    wish->name, config->name, config->value);
    }
    warn_weak(init, wish, resource);
}

static void describe(struct init *init)
{
    rd_kafka_ConfigResource_t *resource[WISHES_MAX];
    size_t resources = 0, results = 0;
    for (unsigned i = 0; i < init->wishes; i++)
        if (init->wish[i].there)
            resource[resources++] =
                rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, init->wish[i].name);
    if (resources == 0)
        return;
    rd_kafka_AdminOptions_t *options = admin_options(init, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_DescribeConfigs(init->rk, resource, resources, options, init->queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_ConfigResource_destroy_array(resource, resources);
    rd_kafka_event_t *event = answer(init, "the topics' settings");
    if (event == NULL)
        return;
    const rd_kafka_ConfigResource_t **result = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(event), &results);
    for (size_t i = 0; i < results; i++)
        for (unsigned j = 0; j < init->wishes; j++)
            if (init->wish[j].there &&
                strcmp(rd_kafka_ConfigResource_name(result[i]), init->wish[j].name) == 0)
                check_configs(init, &init->wish[j], result[i]);
    rd_kafka_event_destroy(event);
}

/* ---- the command ----------------------------------------------------------------------------- */

static void run(struct init *init)
{
    char error[RY_KAFKA_ERROR_BYTES];
    const rd_kafka_metadata_t *metadata =
        ry_kafka_reach_metadata(&init->reach, init->rk, &init->settings, error);
    if (metadata == NULL) {
        init->code = ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
        return;
    }
    for (unsigned i = 0; i < init->wishes; i++) {
        const rd_kafka_metadata_topic_t *topic = ry_kafka_reach_topic(metadata, init->wish[i].name);
        init->wish[i].there = init->wish[i].granted = topic != NULL;
        if (topic != NULL)
            check_partitions(init, &init->wish[i], topic);
    }
    rd_kafka_metadata_destroy(metadata);
    create(init);
    if (init->code != RY_EXIT_ENVIRONMENT)
        describe(init);
    for (unsigned i = 0; init->code != RY_EXIT_ENVIRONMENT && i < init->wishes; i++)
        if (init->wish[i].there && init->wish[i].granted)
            printf("%-8s  %s\n", "there", init->wish[i].name);
    tell_scripts(init);
}

int ry_kafka_init_main(int argc, char **argv)
{
    static struct init init;
    char error[RY_KAFKA_ERROR_BYTES];
    init = (struct init){.code = RY_EXIT_OK};
    int code = ry_text_options(&command, argc, argv, &init.options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (ry_kafka_settings_read(&init.settings, init.options.config, init.options.brokers, error) !=
        0)
        return ry_text_fail(RY_EXIT_USAGE, "%s", error);
    if (init.settings.warning[0] != 0)
        (void)ry_text_fail(RY_EXIT_OK, "warning: %s", init.settings.warning);
    make_wishes(&init);
    ry_kafka_reach_open(&init.reach);
    init.rk = ry_kafka_client(&init.settings, RY_KAFKA_ADMIN, NULL, &init.reach.ear, error);
    if (init.rk == NULL) {
        init.code = ry_text_fail(RY_EXIT_USAGE, "%s", error);
    } else {
        init.queue = rd_kafka_queue_new(init.rk);
        run(&init);
        rd_kafka_queue_destroy(init.queue);
        rd_kafka_destroy(init.rk);
    }
    ry_kafka_reach_close(&init.reach);
    ry_kafka_settings_close(&init.settings);
    return init.code;
}
