/* Secrets in text: told by name, by form, by value; and what is none stays. */
#include <librdkafka/rdkafka.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/keys.h"
#include "tests/support/test.h"
#include "tools/counters/tables.h"
#include "tools/doctor/scrub.h"
#include "tools/kafka/settings.h"
#include "tools/keys/key.h"

#define SECRET "hunter2-correct-horse"

static struct ry_doctor_scrub scrub;

static char *scrubbed(const char *text)
{
    size_t bytes = strlen(text);
    unsigned gone;
    return ry_doctor_scrub(&scrub, text, &bytes, &gone);
}

static void becomes(const char *text, const char *wanted)
{
    char *got = scrubbed(text);
    ck_assert_msg(strcmp(got, wanted) == 0, "%s\nbecomes\n%s\nand not\n%s", text, got, wanted);
    free(got);
}

static void stays(const char *text)
{
    becomes(text, text);
}

/* ---- by name --------------------------------------------------------------------------------- */

static bool is_secret(const char *name)
{
    return ry_doctor_is_secret_name(name, strlen(name));
}

START_TEST(names)
{
    static const char *const secret[] = {
        "password",
        "sasl.password",
        "DB_PWD",
        "AWS_SECRET_ACCESS_KEY",
        "apiToken",
        "api-key",
        "routeKey",
        "route_key",
        "Authorization",
        "privateKeyPem",
        "Cookie",
        "passphrase",
        "client.secret",
        "SASL_JAAS_CONFIG",
        "credentials",
        "pass",
        "DB_PASS",
        "smtpPass",
        "X-Amz-Signature",
        "passcode",
        "auth",
        "_auth",
        "pwd",
        "pin",
        "PIN",
        "api key",
    };
    static const char *const open[] = {
        "key",           "monkey", "PWD",    "OLDPWD", "PATH",   "bootstrap.servers",
        "risk.loss_max", "keys",   "bypass", "author", "passes", "pins",
        "spin",          "a key"};
    for (unsigned i = 0; i < sizeof secret / sizeof *secret; i++)
        ck_assert_msg(is_secret(secret[i]), "%s", secret[i]);
    for (unsigned i = 0; i < sizeof open / sizeof *open; i++)
        ck_assert_msg(!is_secret(open[i]), "%s", open[i]);
}
END_TEST

/* Whatever the Kafka settings keep out of messages is kept out of a bundle. */
START_TEST(names_of_kafka)
{
    char *text = NULL;
    size_t bytes;
    unsigned found = 0;
    FILE *out = open_memstream(&text, &bytes);
    rd_kafka_conf_properties_show(out);
    fclose(out);
    for (char *at = text, *line; (line = strsep(&at, "\n")) != NULL;) {
        line[strcspn(line, " |")] = '\0';
        if (ry_kafka_settings_secret(line)) {
            ck_assert_msg(is_secret(line), "%s", line);
            found++;
        }
    }
    ck_assert_uint_ge(found, 5);
    free(text);
}
END_TEST

/* No key of a battle file and no counter is taken for one. */
START_TEST(names_of_ours)
{
    for (unsigned i = 0; i < RY_BATTLE_KEYS; i++)
        ck_assert_msg(!is_secret(ry_battle_keys[i].name), "%s", ry_battle_keys[i].name);
    for (unsigned i = 0; ry_counters_all[i].name != NULL; i++)
        for (unsigned j = 0; j < ry_counters_all[i].count; j++)
            ck_assert_msg(!is_secret(ry_counters_all[i].table->counter[j].name), "%s",
                          ry_counters_all[i].table->counter[j].name);
}
END_TEST

START_TEST(properties)
{
    becomes("bootstrap.servers=a:9092\nsasl.password = " SECRET " x\nacks=all\n",
            "bootstrap.servers=a:9092\nsasl.password = ***\nacks=all\n");
    becomes("ssl.key.password=" SECRET "\r\n", "ssl.key.password=***\r\n");
    becomes("api.token=one\\\n  two\\\n  three\nacks=all\n", "api.token=***\nacks=all\n");
    becomes("password=", "password=");
    becomes("password=\nuser=x\n", "password=\nuser=x\n");
    becomes("cifsroot=//server/share,user=me,pass=" SECRET "\nro\n",
            "cifsroot=//server/share,user=me,pass=***\nro\n");
}
END_TEST

START_TEST(yaml)
{
    becomes("a:\n  api_token: " SECRET "\n  cash: 1\n", "a:\n  api_token: ***\n  cash: 1\n");
    becomes("  secret: |\n    line one\n\n    line two\n  cash: 1\n",
            "  secret: ***\n\n  cash: 1\n");
    becomes("  secrets:\n  - one\n  - two\n  cash: 1\n", "  secrets:\n  cash: 1\n");
    becomes("params: {size: 1, password: a, \"b\": 2}\n", "params: {size: 1, password: ***\n");
    becomes("params: {password: 'it''s', size: 1}\n", "params: {password: ***, size: 1}\n");
}
END_TEST

START_TEST(json)
{
    becomes("{\"api_token\": \"a\\\"b\", \"cash\": 1}", "{\"api_token\": ***, \"cash\": 1}");
    becomes("{\n  \"secret\": [\n    \"one\"\n  ],\n  \"cash\": 1\n}\n",
            "{\n  \"secret\": ***\n  ],\n  \"cash\": 1\n}\n");
}
END_TEST

START_TEST(logs)
{
    becomes("09:30:00.1 INFO  agent0: password=" SECRET " user=x\nnext\n",
            "09:30:00.1 INFO  agent0: password=***\nnext\n");
    becomes("agent0: token=" SECRET "\n   orders  lots\n", "agent0: token=***\n   orders  lots\n");
    becomes("x: {secret: [one,\n  two]}\ny\n", "x: {secret: ***\ny\n");
    becomes("said {\\\"password\\\":\\\"" SECRET "\\\"}", "said {\\\"password\\\":***");
    becomes("<password>" SECRET "</password>\nnext\n", "<password>***\nnext\n");
    becomes("the password -> " SECRET, "the password -> ***");
    becomes("next=%2F%3Fpassword%3D" SECRET, "next=%2F%3Fpassword%3D***");
    becomes("run with --api-key " SECRET, "run with --api-key ***");
    becomes("GET / Authorization: Basic aHVudGVyMg==", "GET / Authorization: ***");
    becomes("agent0: pwd=letmein1\nagent0: pass: qwerty77\nagent0: pin=4711\n",
            "agent0: pwd=***\nagent0: pass: ***\nagent0: pin=***\n");
    becomes("agent0: passphrase \"opensesame\" taken\n", "agent0: passphrase *** taken\n");
    becomes("my API key is 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n",
            "my API key is ***\n");
    becomes("api key: 9f86d081\nthe password is letmein1\nthe secret is 'open sesame'.\n",
            "api key: ***\nthe password is ***\nthe secret is ***.\n");
    stays("PWD=/home/me\nthe key is 4711, a token is late 2 times; the api key is wrong\n");
    stays("the token was taken; a password is wanted\n");
    stays("it says \"password\" but not which\n");
}
END_TEST

/* ---- by form --------------------------------------------------------------------------------- */

START_TEST(keys_of_ours)
{
    char key[RY_KEYS_KEY_BYTES], text[256];
    ry_keys_make(key, "1f0c22ab");
    snprintf(text, sizeof text, "asked with %s today", key);
    becomes(text, "asked with ryk_*** today");
    key[RY_KEYS_KEY_DIGITS - 9] = '\0'; /* a part of one */
    snprintf(text, sizeof text, "%s", key);
    becomes(text, "ryk_***");
    stays("key ryk_1f0c22ab was revoked");
}
END_TEST

START_TEST(pem)
{
    becomes("a\n-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nAb+/=\n-----END PRIVATE KEY-----\nb\n",
            "a\n***\nb\n");
    becomes("{\"x\": \"-----BEGIN RSA PRIVATE KEY-----\\nMII\\n-----END RSA PRIVATE KEY-----\"}",
            "{\"x\": \"***\"}");
    becomes("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n09:30:00 INFO a block that was cut off\n",
            "***\n09:30:00 INFO a block that was cut off\n");
    becomes("-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIE\n", "***\n");
}
END_TEST

START_TEST(headers_and_addresses)
{
    becomes("Bearer abcdef0123456789", "Bearer ***");
    becomes("basic aHVudGVyMg==", "basic ***");
    becomes("machine host login me password Hunter2-horse", "machine host login me password ***");
    stays("a password is wanted, the token something, a secret understanding");
    stays("a basic understanding, a bearer instrument");
    becomes("to https://user:pass@host:1/x", "to https://***@host:1/x");
    becomes("to postgres://u:p/w@host/db", "to postgres://***@host/db");
    becomes("to postgres://u:1p/w@host/db", "to postgres://***@host/db");
    becomes("to https://only-a-name@host", "to https://***@host");
    stays("http://127.0.0.1:9474/v1?who=a@b");
    stays("tcp://broker:9092");
}
END_TEST

START_TEST(words_of_makers)
{
    becomes("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_1", "***");
    becomes("id AKIAIOSFODNN7EXAMPLE.", "id ***");
    becomes("ghp_0123456789012345678901234567", "***");
    becomes("asked with db-abcdefghijklmnopqrstuvwxyz012 once", "asked with *** once");
    becomes("https://hooks.slack.com/services/T0000/B0000/abcdefgh", "https://***");
    becomes("hvs.CAESIJ0123456789abcdefgh sk_live_0123456789abcdefghij", "*** ***");
    becomes("x=Zm9vYmFyMTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1OT1A=", "x=***");
    stays("disk-0123456789012345678901234567");
    stays("state hash f461c12a68fd608d, id 0123456789abcdef0123456789abcdef");
    stays("/sys/devices/system/node/node0/hugepages/hugepages-1048576kB/resv_hugepages");
}
END_TEST

/* ---- by value -------------------------------------------------------------------------------- */

static void forget(void)
{
    ry_doctor_scrub_close(&scrub);
}

START_TEST(of_the_environment)
{
    setenv("ROYALE_TEST_TOKEN", SECRET, 1);
    setenv("ROYALE_TEST_OTHER", "harmless-value", 1);
    setenv("ROYALE_TEST_SWITCH_TOKEN", "true", 1);
    ry_doctor_scrub_know_environment(&scrub);
    becomes("it was " SECRET "x, harmless-value, true\n", "it was ***x, harmless-value, true\n");
    forget();
    stays("it was " SECRET "\n");
}
END_TEST

START_TEST(of_properties)
{
    char folder[] = "/tmp/royale-test-XXXXXX", path[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/password", folder);
    FILE *file = fopen(path, "w");
    fputs("from-a-file\n", file);
    fclose(file);
    setenv("ROYALE_TEST_PLAIN", "from-the-environment", 1);
    ry_doctor_scrub_know_properties(&scrub,
                                    "sasl.username=trader\nsasl.password=${file:password}\n"
                                    "ssl.key.password = ${env:ROYALE_TEST_PLAIN} \n"
                                    "ssl.keystore.password=in \"quotes\"\nmy.secret=",
                                    folder);
    becomes("trader from-a-file from-the-environment in \"quotes\" in \\\"quotes\\\"",
            "trader *** *** *** ***");
    forget();
    remove(path);
    remove(folder);
}
END_TEST

/* A broker repeats what it was sent without the quotes that are around it in the settings. */
START_TEST(inside_properties)
{
    ry_doctor_scrub_know_properties(&scrub,
                                    "sasl.password=\"quoted-secret\"\n"
                                    "sasl.jaas.config=a.Module required \\\n"
                                    "  username=\"trader\" password=\"jaas-secret\";\n"
                                    "sasl.oauthbearer.config=principal=x secret=plain-secret\n",
                                    "/");
    becomes("trader: quoted-secret, jaas-secret, plain-secret", "trader: ***, ***, ***");
    forget();
}
END_TEST

START_TEST(the_longest_first)
{
    ry_doctor_scrub_know(&scrub, "abcd", 4);
    ry_doctor_scrub_know(&scrub, " abcdef \nsecond line\nxy\n", 24);
    becomes("abcdefg abcd second line xy", "***g *** *** xy");
    forget();
}
END_TEST

START_TEST(bytes_of_any_kind)
{
    static const char text[] = "a\0b\xff password=\0x\nend";
    size_t bytes = sizeof text - 1;
    unsigned gone;
    char *got = ry_doctor_scrub(&scrub, text, &bytes, &gone);
    ck_assert_uint_eq(gone, 1);
    ck_assert_uint_eq(bytes, sizeof "a\0b\xff password=***\nend" - 1);
    ck_assert_int_eq(memcmp(got, "a\0b\xff password=***\nend", bytes), 0);
    free(got);
    bytes = 0;
    got = ry_doctor_scrub(&scrub, "", &bytes, &gone);
    ck_assert_uint_eq(bytes, 0);
    free(got);
}
END_TEST

/* Lines of an agent that wants whoever looks into its log to wait: each takes its time, not the
 * square of it. The limit of a test would end it. */
START_TEST(lines_of_bad_will)
{
    static const char *const parts[] = {
        "://",      "token=\"a\" ", "eyJ.",     "-----BEGIN ", "bearer ", "ryk_0 ",   "sk-", "+/",
        "--secret", "a.",           "-----END", "'token' ",    " ",       "password", "\\"};
    const size_t bytes = 4 << 20;
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t part = strlen(parts[i]), kept = bytes;
        unsigned gone;
        char *text = malloc(bytes + 1);
        memset(text, ' ', bytes / 4); /* and far to the right */
        for (size_t at = bytes / 4; at < bytes; at++)
            text[at] = parts[i][(at - bytes / 4) % part];
        text[bytes] = '\0';
        free(ry_doctor_scrub(&scrub, text, &kept, &gone));
        free(text);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("doctor_scrub");
    TCase *t = tcase_create("doctor_scrub");
    tcase_add_test(t, names);
    tcase_add_test(t, names_of_kafka);
    tcase_add_test(t, names_of_ours);
    tcase_add_test(t, properties);
    tcase_add_test(t, yaml);
    tcase_add_test(t, json);
    tcase_add_test(t, logs);
    tcase_add_test(t, keys_of_ours);
    tcase_add_test(t, pem);
    tcase_add_test(t, headers_and_addresses);
    tcase_add_test(t, words_of_makers);
    tcase_add_test(t, of_the_environment);
    tcase_add_test(t, of_properties);
    tcase_add_test(t, inside_properties);
    tcase_add_test(t, the_longest_first);
    tcase_add_test(t, bytes_of_any_kind);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, lines_of_bad_will);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
