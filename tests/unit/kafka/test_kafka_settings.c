/* Settings files: what they say, what is wrong with them, by file, line and key; and that no
 * message has a secret, whoever writes it.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/journal_rig.h"
#include "tests/support/test.h"
#include "tools/kafka/client.h"
#include "tools/kafka/settings_table.h"

#define SECRET "hunter2-correct-horse"

static struct journal_folder folder;
static char path[128], error[RY_KAFKA_ERROR_BYTES];
static struct ry_kafka_settings settings;

static void begin(void)
{
    folder = journal_folder_make();
    snprintf(path, sizeof path, "%s/kafka.conf", folder.path);
    (void)umask(077);
    setenv("ROYALE_TEST_SECRET", SECRET, 1);
}

static void finish(void)
{
    journal_folder_remove(&folder);
}

static void put(const char *name, const char *text)
{
    char full[192];
    snprintf(full, sizeof full, "%s/%s", folder.path, name);
    FILE *file = fopen(full, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void take(const char *text)
{
    put("kafka.conf", text);
    if (ry_kafka_settings_read(&settings, path, NULL, error) != 0)
        ck_abort_msg("%s: %s", text, error);
}

/* `text` is refused with `where`, the rest of the error behind "FILE:"; no message has SECRET. */
static void refuse(const char *text, const char *where)
{
    char wanted[RY_KAFKA_ERROR_BYTES];
    put("kafka.conf", text);
    ck_assert_int_eq(ry_kafka_settings_read(&settings, path, NULL, error), -1);
    snprintf(wanted, sizeof wanted, "%s:%s", path, where);
    ck_assert_str_eq(error, wanted);
    ck_assert_ptr_null(strstr(error, SECRET));
}

/* The same, where the library says the rest. */
static void refuse_as_library_says(const char *text, const char *where)
{
    char wanted[RY_KAFKA_ERROR_BYTES];
    put("kafka.conf", text);
    ck_assert_int_eq(ry_kafka_settings_read(&settings, path, NULL, error), -1);
    snprintf(wanted, sizeof wanted, "%s:%s", path, where);
    ck_assert_msg(strncmp(error, wanted, strlen(wanted)) == 0 && strlen(error) > strlen(wanted),
                  "%s", error);
}

START_TEST(test_defaults)
{
    ck_assert_int_eq(ry_kafka_settings_read(&settings, NULL, NULL, error), 0);
    ck_assert_str_eq(settings.id, "royale");
    ck_assert_str_eq(settings.cursors, "royale.cursors.v1");
    ck_assert_int_eq(settings.replication, -1);
    ck_assert_uint_eq(settings.batch_rows_max, RY_KAFKA_BATCH_ROWS_MAX);
    ck_assert_int_eq(settings.registry, RY_KAFKA_REGISTRY_NONE);
    ck_assert_str_ne(settings.appliance, "");
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++) {
        ck_assert_str_eq(settings.topic[i].name, ry_kafka_topics[i].name);
        ck_assert_uint_eq(settings.topic[i].rows, ry_kafka_topics[i].rows);
        ck_assert_uint_eq(settings.topic[i].partitions, 4);
        ck_assert_int_eq(settings.topic[i].format, RY_KAFKA_JSON);
    }
    ck_assert_str_eq(ry_kafka_settings_property(&settings, "bootstrap.servers"),
                     RY_KAFKA_BROKERS_DEFAULT);
    ry_kafka_settings_close(&settings);
}
END_TEST

START_TEST(test_all_said)
{
    take("# a comment\n\n  ! another\r\n"
         "bootstrap.servers = a:1,b:2\r\n"
         "royale.appliance=fra 1\n"
         "royale.id=x\nroyale.cursors=c\nroyale.replication=3\nroyale.batch_rows_max=1000\n"
         "royale.call_ms=500\nroyale.transaction_ms=2000\nroyale.registry=apicurio\n"
         "royale.topic.fills.format=protobuf\nroyale.topic.fills.schema=17\n"
         "royale.topic.orders.rows=order, ack,reject\nroyale.topic.trades.rows=none\n"
         "royale.topic.rounds.name=r\nroyale.topic.rounds.partitions=1\n"
         "compression.type=lz4\nclient.id=\n");
    ck_assert_str_eq(settings.appliance, "fra 1");
    ck_assert_str_eq(settings.id, "x");
    ck_assert_str_eq(settings.cursors, "c");
    ck_assert_int_eq(settings.replication, 3);
    ck_assert_uint_eq(settings.batch_rows_max, 1000);
    ck_assert_uint_eq(settings.call_ms, 500);
    ck_assert_uint_eq(settings.transaction_ms, 2000);
    ck_assert_int_eq(settings.registry, RY_KAFKA_REGISTRY_APICURIO);
    ck_assert_int_eq(settings.topic[RY_KAFKA_FILLS].format, RY_KAFKA_PROTOBUF);
    ck_assert_str_eq(settings.topic[RY_KAFKA_FILLS].schema, "17");
    ck_assert_uint_eq(settings.topic[RY_KAFKA_ORDERS].rows, 1U << RY_RESULTS_ROW_ORDER |
                                                                1U << RY_RESULTS_ROW_ACK |
                                                                1U << RY_RESULTS_ROW_REJECT);
    ck_assert_uint_eq(settings.topic[RY_KAFKA_TRADES].rows, 0);
    ck_assert_str_eq(settings.topic[RY_KAFKA_ROUNDS].name, "r");
    ck_assert_uint_eq(settings.topic[RY_KAFKA_ROUNDS].partitions, 1);
    ck_assert_str_eq(ry_kafka_settings_property(&settings, "bootstrap.servers"), "a:1,b:2");
    ck_assert_str_eq(ry_kafka_settings_property(&settings, "compression.type"), "lz4");
    ck_assert_ptr_null(ry_kafka_settings_property(&settings, "linger.ms"));
    ck_assert_str_eq(settings.warning, "");
    ry_kafka_settings_close(&settings);
}
END_TEST

START_TEST(test_brokers_win)
{
    put("kafka.conf", "metadata.broker.list=a:1\n");
    ck_assert_int_eq(ry_kafka_settings_read(&settings, path, "b:2", error), 0);
    ck_assert_str_eq(ry_kafka_settings_property(&settings, "metadata.broker.list"), "b:2");
    ck_assert_ptr_null(ry_kafka_settings_property(&settings, "bootstrap.servers"));
    ry_kafka_settings_close(&settings);
    ck_assert_int_eq(ry_kafka_settings_read(&settings, NULL, "c:3", error), 0);
    ck_assert_str_eq(ry_kafka_settings_property(&settings, "bootstrap.servers"), "c:3");
    ry_kafka_settings_close(&settings);
    ck_assert_int_eq(ry_kafka_settings_read(&settings, NULL, "c:3 d:4", error), -1);
    ck_assert_str_eq(error, "brokers are HOST:PORT with commas between, without blanks");
}
END_TEST

/* Each member of the table can be set, and each limit holds on both sides. */
START_TEST(test_limits)
{
    for (unsigned i = 0; i < ry_kafka_settings_own_count; i++) {
        const struct ry_kafka_setting *setting = &ry_kafka_settings_own[i];
        char key[64], value[32];
        snprintf(key, sizeof key, "royale.%s", setting->member);
        if (setting->type != RY_KAFKA_SETTING_COUNT)
            continue;
        for (int64_t by = -1; by <= 1; by++) {
            snprintf(value, sizeof value, "%ld", (long)((int64_t)setting->min + by));
            ck_assert_int_eq(ry_kafka_settings_set(&settings, key, value, error), by >= 0);
            snprintf(value, sizeof value, "%ld", (long)((int64_t)setting->max + by));
            ck_assert_int_eq(ry_kafka_settings_set(&settings, key, value, error), by <= 0);
        }
        ck_assert(!ry_kafka_settings_set(&settings, key, "", error));
        ck_assert(!ry_kafka_settings_set(&settings, key, "+5", error));
        ck_assert(!ry_kafka_settings_set(&settings, key, "5x", error));
        ck_assert(!ry_kafka_settings_set(&settings, key, "99999999999999999999", error));
    }
    char name[RY_KAFKA_NAME_BYTES + 1];
    memset(name, 'a', sizeof name);
    name[RY_KAFKA_NAME_BYTES - 1] = 0;
    ck_assert(ry_kafka_settings_set(&settings, "royale.cursors", name, error));
    name[RY_KAFKA_NAME_BYTES - 1] = 'a';
    name[RY_KAFKA_NAME_BYTES] = 0;
    ck_assert(!ry_kafka_settings_set(&settings, "royale.cursors", name, error));
    ck_assert(!ry_kafka_settings_set(&settings, "royale.cursors", "..", error));
    ck_assert(ry_kafka_settings_set(&settings, "royale.replication", "-1", error));
    ck_assert(!ry_kafka_settings_set(&settings, "royale.replication", "0", error));
    ck_assert(!ry_kafka_settings_set(&settings, "royale.replication", "-2", error));
}
END_TEST

START_TEST(test_wrong)
{
    refuse_as_library_says("\nlinger.ms=soon\n", "2: linger.ms: soon: ");
    refuse_as_library_says("security.protocol=tls\n", "1: security.protocol: tls: ");
    refuse("royale.replicaton=2\n",
           "1: royale.replicaton: there is no such setting, perhaps royale.replication; `royale "
           "kafka settings` lists them");
    refuse("royale.topic.trade.rows=all\n",
           "1: royale.topic.trade.rows: there is no such setting, perhaps "
           "royale.topic.trades.rows; `royale kafka settings` lists them");
    refuse("royale.topic.trades=all\n",
           "1: royale.topic.trades: there is no such setting, perhaps royale.topic.trades.name; "
           "`royale kafka settings` lists them");
    refuse("royale.topic.orders.rows=order,fil\n",
           "1: royale.topic.orders.rows: fil is none of order, cancel_request, decision, ack, "
           "reject, rested, cancel");
    refuse("royale.topic.fills.rows=order\n",
           "1: royale.topic.fills.rows: order is none of fill, trade, handed_over");
    refuse("royale.topic.fills.format=jsno\n",
           "1: royale.topic.fills.format: jsno is none of json, protobuf, perhaps json");
    refuse("royale.registry=karapace\n",
           "1: royale.registry: karapace is none of none, confluent, apicurio");
    refuse("royale.batch_rows_max=10\n",
           "1: royale.batch_rows_max: 10: must be a whole number, 1000 to 50000");
    refuse("royale.id=a b\n", "1: royale.id: a b: character 2 is none of: letters, digits, `.`, "
                              "`_`, `-`");
    refuse("royale.id=\n", "1: royale.id: has 0 characters; there must be 1 to 127");
    refuse("a\n", "1: there is no = in it; each line is KEY=VALUE, or a comment behind #");
    refuse("=a\n", "1: before = there must be a key of 1 to 127 characters");
    refuse("a b=c\n", "1: before = there must be a key without blanks");
    refuse("royale.id=a\n#\nroyale.id=b\n",
           "3: royale.id: line 1 has it already; one of the two must go");
    refuse("client.id=${env:ROYALE_TEST_NONE}\n",
           "1: client.id: the environment has no ROYALE_TEST_NONE; set it where the program is "
           "started");
    refuse("client.id=${file:/nowhere/at/all}\n",
           "1: client.id: cannot read /nowhere/at/all: No such file or directory");
    refuse("client.id=${vault:a}\n",
           "1: client.id: what is ${..} stands elsewhere: ${file:PATH} or ${env:NAME}");
    refuse_as_library_says("dr_msg_cb=1\n", "1: dr_msg_cb: 1: ");
    refuse("royale.topic.fills.name=royale.trades.v1\n",
           " royale.topic.fills.name: royale.topic.trades has that name too; each topic needs one "
           "of its own, or royale.topic.fills.rows=none");
    refuse("royale.cursors=royale.fills.v1\n",
           " royale.topic.fills.name: the cursors have that topic; give it another name");
    refuse("royale.topic.fills.schema=17\n",
           " royale.topic.fills.schema: there is no registry; royale.registry says which");
    refuse("royale.topic.fills.schema=17\nroyale.registry=confluent\n",
           " royale.topic.fills.schema: 17: confluent calls a schema by a GUID, 32 hexadecimal "
           "digits");
    refuse("royale.topic.fills.schema=x\nroyale.registry=apicurio\n",
           " royale.topic.fills.schema: x: apicurio calls a schema by a number, its contentId, or "
           "globalId:NUMBER");
}
END_TEST

START_TEST(test_unknown_property)
{
    char wanted[256];
    snprintf(wanted, sizeof wanted,
             "1: sasl.pasword: librdkafka %s has no such property, perhaps sasl.password; the "
             "house's own begin with royale.",
             rd_kafka_version_str());
    refuse("sasl.pasword=" SECRET "\n", wanted);
    snprintf(wanted, sizeof wanted,
             "1: xyzzy: librdkafka %s has no such property; the house's own begin with royale.",
             rd_kafka_version_str());
    refuse("xyzzy=1\n", wanted);
}
END_TEST

/* What exactly-once rests on is refused under each of its names. */
START_TEST(test_refused)
{
    static const char *const must[] = {
        "enable.idempotence", "transactional.id",    "acks",        "request.required.acks",
        "message.timeout.ms", "delivery.timeout.ms", "retries",     "message.send.max.retries",
        "isolation.level",    "enable.auto.commit",  "partitioner", "transaction.timeout.ms"};
    for (unsigned i = 0; i < ry_kafka_settings_refused_count; i++) {
        char text[128], wanted[256];
        snprintf(text, sizeof text, "%s=1\n", ry_kafka_settings_refused[i].property);
        snprintf(wanted, sizeof wanted, "1: %s: %s; take the line out",
                 ry_kafka_settings_refused[i].property, ry_kafka_settings_refused[i].sentence);
        refuse(text, wanted);
    }
    for (unsigned i = 0; i < sizeof must / sizeof *must; i++) {
        bool refused = false;
        for (unsigned j = 0; j < ry_kafka_settings_refused_count; j++)
            refused |= strcmp(ry_kafka_settings_refused[j].property, must[i]) == 0;
        ck_assert_msg(refused, "%s", must[i]);
    }
}
END_TEST

START_TEST(test_files)
{
    ck_assert_int_eq(ry_kafka_settings_read(&settings, "/nowhere", NULL, error), -1);
    ck_assert_ptr_nonnull(
        strstr(error, "cannot read /nowhere: No such file or directory; it is a file of lines"));
    ck_assert_int_eq(ry_kafka_settings_read(&settings, folder.path, NULL, error), -1);
    ck_assert_ptr_nonnull(strstr(error, "Is a directory"));
}
END_TEST

START_TEST(test_substituted)
{
    char text[256];
    put("password", SECRET "\r\n");
    put("two-lines", "-----BEGIN-----\nabc\n-----END-----\n");
    put("empty", "");
    snprintf(text, sizeof text,
             "sasl.password=${file:password}\nsasl.username=${env:ROYALE_TEST_SECRET}\n"
             "ssl.key.pem=${file:%s/two-lines}\nclient.id=${file:empty}\nclient.rack=a${file:b}\n",
             folder.path);
    take(text);
    ck_assert_str_eq(ry_kafka_settings_property(&settings, "sasl.password"), SECRET);
    ck_assert_str_eq(ry_kafka_settings_property(&settings, "sasl.username"), SECRET);
    ck_assert_str_eq(ry_kafka_settings_property(&settings, "ssl.key.pem"),
                     "-----BEGIN-----\nabc\n-----END-----");
    ck_assert_str_eq(ry_kafka_settings_property(&settings, "client.id"), "");
    ck_assert_str_eq(ry_kafka_settings_property(&settings, "client.rack"), "a${file:b}");
    ck_assert_str_eq(settings.warning, "");
    ry_kafka_settings_close(&settings);

    char *big = malloc(RY_KAFKA_VALUE_BYTES + 2);
    memset(big, 'a', RY_KAFKA_VALUE_BYTES + 1);
    big[RY_KAFKA_VALUE_BYTES + 1] = 0;
    put("big", big);
    put("kafka.conf", "client.id=${file:big}\n");
    ck_assert_int_eq(ry_kafka_settings_read(&settings, path, NULL, error), -1);
    ck_assert_ptr_nonnull(strstr(error, "has more than the 65535 bytes that a value may have"));
    put("kafka.conf", big);
    ck_assert_int_eq(ry_kafka_settings_read(&settings, path, NULL, error), -1);
    ck_assert_ptr_nonnull(strstr(error, ":1: more than 65535 bytes in a line"));
    free(big);
}
END_TEST

START_TEST(test_warning)
{
    char other[160];
    put("kafka.conf", "sasl.password=" SECRET "\n");
    take("sasl.password=" SECRET "\n");
    ck_assert_str_eq(settings.warning, "");
    ry_kafka_settings_close(&settings);
    ck_assert_int_eq(chmod(path, 0644), 0);
    take("client.id=x\n");
    ck_assert_str_eq(settings.warning, ""); /* no secret */
    ry_kafka_settings_close(&settings);
    take("sasl.password=" SECRET "\n");
    ck_assert_ptr_nonnull(strstr(settings.warning, "everybody can read it; chmod o-r"));
    ck_assert_ptr_null(strstr(settings.warning, SECRET));
    ry_kafka_settings_close(&settings);

    put("password", SECRET);
    take("sasl.password=${file:password}\n");
    ck_assert_str_eq(settings.warning, "");
    ry_kafka_settings_close(&settings);
    snprintf(other, sizeof other, "%s/password", folder.path);
    ck_assert_int_eq(chmod(other, 0644), 0);
    take("sasl.password=${file:password}\n");
    ck_assert_ptr_nonnull(strstr(settings.warning, "/password holds a secret"));
    ry_kafka_settings_close(&settings);
}
END_TEST

/* ---- secrets --------------------------------------------------------------------------------- */

START_TEST(test_secret_names)
{
    static const char *const secret[] = {"sasl.password",
                                         "ssl.key.password",
                                         "ssl.key.pem",
                                         "ssl.keystore.password",
                                         "sasl.oauthbearer.client.secret",
                                         "sasl.oauthbearer.config",
                                         "sasl.oauthbearer.assertion.private.key.passphrase",
                                         "sasl.oauthbearer.assertion.private.key.pem"};
    static const char *const open[] = {"sasl.username", "ssl.key.location", "ssl.ca.pem",
                                       "ssl.certificate.pem", "bootstrap.servers"};
    for (unsigned i = 0; i < sizeof secret / sizeof *secret; i++)
        ck_assert_msg(ry_kafka_settings_secret(secret[i]), "%s", secret[i]);
    for (unsigned i = 0; i < sizeof open / sizeof *open; i++)
        ck_assert_msg(!ry_kafka_settings_secret(open[i]), "%s", open[i]);
}
END_TEST

START_TEST(test_secret_in_no_error)
{
    refuse("sasl.password" SECRET "\n",
           "1: there is no = in it; each line is KEY=VALUE, or a comment behind #");
    refuse("sasl.password=${" SECRET "}\n", "1: sasl.password: what is ${..} stands elsewhere: "
                                            "${file:PATH} or ${env:NAME}");
    refuse("sasl.password=" SECRET "\nsasl.password=" SECRET "\n",
           "2: sasl.password: line 1 has it already; one of the two must go");
}
END_TEST

START_TEST(test_scrub)
{
    char text[128];
    take("sasl.password=abc\nssl.key.password=x\nssl.keystore.password=\n");
    strcpy(text, "abcab abc, x: abcabc");
    ry_kafka_settings_scrub(&settings, text);
    ck_assert_str_eq(text, "***ab ***, *: ******");
    ry_kafka_settings_close(&settings);
    take("sasl.password=" SECRET "\n");
    strcpy(text, "with " SECRET "!");
    ry_kafka_settings_scrub(&settings, text);
    ck_assert_str_eq(text, "with ***!");
    ry_kafka_settings_close(&settings);
}
END_TEST

static struct {
    pthread_mutex_t lock;
    unsigned lines, starred;
    bool leaked, multiline;
} heard;

static void hear(void *context, enum ry_log_level level, const char *line)
{
    (void)context;
    (void)level;
    pthread_mutex_lock(&heard.lock);
    heard.lines++;
    heard.starred += strstr(line, "***") != NULL;
    heard.leaked |= strstr(line, SECRET) != NULL;
    heard.multiline |= strchr(line, '\n') != NULL;
    pthread_mutex_unlock(&heard.lock);
}

/* The library logs all it can, and its clients' names, which here are the secret. */
START_TEST(test_scrubbed_log)
{
    struct ry_kafka_ear ear = {.say = hear};
    pthread_mutex_init(&heard.lock, NULL);
    take("bootstrap.servers=127.0.0.1:1\nsecurity.protocol=sasl_plaintext\nsasl.mechanism=PLAIN\n"
         "sasl.username=royale\nsasl.password=" SECRET "\nclient.id=" SECRET "\ndebug=all\n");
    for (unsigned kind = RY_KAFKA_PRODUCER; kind <= RY_KAFKA_ADMIN; kind++) {
        const char *id = kind == RY_KAFKA_ADMIN ? NULL : "id";
        rd_kafka_t *rk = ry_kafka_client(&settings, (enum ry_kafka_client)kind, id, &ear, error);
        ck_assert_msg(rk != NULL, "%s", error);
        ck_assert_ptr_eq(rd_kafka_opaque(rk), &ear);
        rd_kafka_poll(rk, 200);
        rd_kafka_destroy(rk);
    }
    ck_assert(!heard.leaked && !heard.multiline);
    ck_assert_uint_gt(heard.lines, 10);
    ck_assert_uint_gt(heard.starred, 2);
    ry_kafka_settings_close(&settings);
}
END_TEST

/* ---- clients --------------------------------------------------------------------------------- */

static void want(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char is[256];
    size_t bytes = sizeof is;
    ck_assert_int_eq(rd_kafka_conf_get(conf, name, is, &bytes), RD_KAFKA_CONF_OK);
    ck_assert_msg(strcmp(is, value) == 0, "%s is %s, not %s", name, is, value);
}

START_TEST(test_clients)
{
    take("bootstrap.servers=a:1\nroyale.transaction_ms=5000\nlinger.ms=7\n"
         "reconnect.backoff.max.ms=900\n");
    rd_kafka_conf_t *conf = ry_kafka_conf(&settings, RY_KAFKA_PRODUCER, "royale-1", NULL, error);
    want(conf, "bootstrap.servers", "a:1");
    want(conf, "enable.idempotence", "true");
    want(conf, "transactional.id", "royale-1");
    want(conf, "transaction.timeout.ms", "5000");
    want(conf, "request.required.acks", "-1");
    want(conf, "partitioner", "murmur2_random");
    want(conf, "socket.nagle.disable", "true");
    want(conf, "reconnect.backoff.max.ms", "900"); /* the file's word before the house's */
    want(conf, "linger.ms", "7");
    rd_kafka_conf_destroy(conf);

    conf = ry_kafka_conf(&settings, RY_KAFKA_CONSUMER, "group", NULL, error);
    want(conf, "group.id", "group");
    want(conf, "isolation.level", "read_committed");
    want(conf, "enable.auto.commit", "false");
    want(conf, "enable.partition.eof", "true");
    want(conf, "allow.auto.create.topics", "false");
    rd_kafka_conf_destroy(conf);
    ry_kafka_settings_close(&settings);

    /* What the library finds out only when it makes a client. */
    take("security.protocol=ssl\nssl.ca.location=/nowhere\n");
    ck_assert_ptr_null(ry_kafka_client(&settings, RY_KAFKA_ADMIN, NULL, NULL, error));
    ck_assert_ptr_eq(strstr(error, path), error);
    ck_assert_ptr_nonnull(strstr(error, "ssl.ca.location"));
    ry_kafka_settings_close(&settings);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("kafka settings");
    TCase *t = tcase_create("settings");
    tcase_add_checked_fixture(t, begin, finish);
    tcase_add_test(t, test_defaults);
    tcase_add_test(t, test_all_said);
    tcase_add_test(t, test_brokers_win);
    tcase_add_test(t, test_limits);
    tcase_add_test(t, test_wrong);
    tcase_add_test(t, test_unknown_property);
    tcase_add_test(t, test_refused);
    tcase_add_test(t, test_files);
    tcase_add_test(t, test_substituted);
    tcase_add_test(t, test_warning);
    tcase_add_test(t, test_secret_names);
    tcase_add_test(t, test_secret_in_no_error);
    tcase_add_test(t, test_scrub);
    tcase_add_test(t, test_scrubbed_log);
    tcase_add_test(t, test_clients);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
