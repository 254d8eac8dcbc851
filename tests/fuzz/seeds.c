/*
 * Makes the first inputs of the fuzz targets: OUT/fuzz_NAME/seedN. One function a target; a target
 * that has none starts from nothing. usage: seeds OUT
 */
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "feeds/counters/counters.h"
#include "tests/support/explain_rig.h"
#include "tests/support/proof_rig.h"
#include "tests/support/row_model.h"
#include "tests/support/wire_rig.h"
#include "tools/api/api.h"
#include "tools/kafka/message.h"

#define EXPLAIN_SEEDS 40
#define TEXTS_FROM    1000

struct seeds {
    const char *out, *target;
    unsigned written;
};

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "seeds: cannot make %s: %s\n", path, strerror(errno));
        exit(1);
    }
}

/* Writes one seed of the target and empties it. */
static void seed(struct seeds *seeds, struct wire *w)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/fuzz_%s", seeds->out, seeds->target);
    make_folder(path);
    snprintf(path, sizeof path, "%s/fuzz_%s/seed%u", seeds->out, seeds->target, seeds->written++);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(w->bytes, 1, w->length, file) != w->length || fclose(file) != 0) {
        fprintf(stderr, "seeds: cannot write %s: %s\n", path, strerror(errno));
        exit(1);
    }
    w->length = 0;
}

static struct wire w, message, blocks, payload, ethernet;

/* The n-th message of a small day, alone in `message`; false behind the last. */
static bool day_message(unsigned n)
{
    message.length = 0;
    switch (n) {
    case 0: itch_system(&message, 1, 'O'); return true;
    case 1: itch_system(&message, 2, 'S'); return true;
    case 2: itch_directory(&message, 4, 3, "AAPL"); return true;
    case 3: itch_action(&message, 4, 4, "AAPL", 'T'); return true;
    case 4: itch_add(&message, 'A', 4, 5, 1, 'B', 100, "AAPL", 10000); return true;
    case 5: itch_add(&message, 'F', 4, 6, 2, 'S', 100, "AAPL", 10100); return true;
    case 6: itch_add(&message, 'A', 5, 7, 3, 'S', 100, "BRK.A", 300000000); return true;
    case 7: itch_executed(&message, 4, 8, 1, 40); return true;
    case 8: itch_executed_price(&message, 4, 9, 1, 10, 'Y', 9950); return true;
    case 9: itch_executed_price(&message, 4, 10, 1, 10, 'N', 9950); return true;
    case 10: itch_cancel(&message, 4, 11, 2, 30); return true;
    case 11: itch_replace(&message, 4, 12, 2, 9, 70, 10200); return true;
    case 12: itch_delete(&message, 4, 13, 9); return true;
    case 13: itch_add(&message, 'P', 4, 14, 0, 'B', 40, "AAPL", 10050); return true;
    case 14: itch_cross(&message, 4, 15, 1000, "AAPL", 10000); return true;
    case 15: itch_action(&message, 4, 16, "AAPL", 'H'); return true;
    case 16: itch_operational_halt(&message, 4, 17, "AAPL", 'H'); return true;
    case 17: itch_operational_halt(&message, 4, 18, "AAPL", 'T'); return true;
    case 18: itch_broken_trade(&message, 4, 19, 1); return true;
    case 19: itch_breaker(&message, 20, '1'); return true;
    case 20: itch_collar(&message, 4, 21, "AAPL", 10000, 9000, 11000); return true;
    case 21: itch_ipo(&message, 4, 22, "AAPL", 34200, 'A', 10000); return true;
    case 22: itch_system(&message, 23, 'E'); return true;
    default: return false;
    }
}

static void seed_itch50(struct seeds *seeds)
{
    static struct wire all;
    all.length = 0;
    for (unsigned n = 0; day_message(n); n++) {
        wire_be(&w, message.length, 1);
        wire_raw(&w, message.bytes, message.length);
        wire_raw(&all, w.bytes, w.length);
        seed(seeds, &w);
    }
    seed(seeds, &all);
}

static void seed_binaryfile(struct seeds *seeds)
{
    for (unsigned zero_prefix = 0; zero_prefix < 2; zero_prefix++) {
        for (unsigned n = 0; day_message(n); n++) {
            if (zero_prefix) {
                wire_be(&w, 0, 2);
                wire_raw(&w, message.bytes, message.length);
            } else {
                wire_binaryfile(&w, &message);
            }
        }
        wire_be(&w, 0, 2);
        seed(seeds, &w);
    }
}

static void add_frame(struct wire_frame_shape shape, uint64_t sequence, unsigned first,
                      unsigned count)
{
    blocks.length = payload.length = ethernet.length = 0;
    for (unsigned n = first; count != 0xffff && n < first + count && day_message(n); n++)
        wire_binaryfile(&blocks, &message);
    wire_mold_payload(&payload, "SEED", sequence, count, &blocks);
    wire_frame(&ethernet, shape, &payload);
    wire_be(&w, ethernet.length, 2);
    wire_raw(&w, ethernet.bytes, ethernet.length);
}

static void seed_moldudp64(struct seeds *seeds)
{
    add_frame((struct wire_frame_shape){.port = 1}, 1, 0, 5);
    add_frame((struct wire_frame_shape){.port = 1, .tags = 1}, 4, 3, 6);
    add_frame((struct wire_frame_shape){.port = 1, .tags = 2, .options = 3}, 10, 9, 8);
    add_frame((struct wire_frame_shape){.port = 1, .padding = 8}, 18, 0, 0);
    add_frame((struct wire_frame_shape){.port = 1}, 18, 0, 0xffff);
    seed(seeds, &w);
    add_frame((struct wire_frame_shape){.port = 1}, 1, 0, 2);
    add_frame((struct wire_frame_shape){.port = 1}, 5, 4, 2); /* a gap */
    seed(seeds, &w);
    add_frame((struct wire_frame_shape){.port = 1}, 9, 0, 0xffff); /* an end before any message */
    add_frame((struct wire_frame_shape){.port = 1}, 1, 0, 2);
    add_frame((struct wire_frame_shape){.port = 1}, 6, 5, 3); /* before its turn */
    add_frame((struct wire_frame_shape){.port = 1}, 3, 2, 3);
    add_frame((struct wire_frame_shape){.port = 1}, 3, 0, 0xffff); /* old */
    add_frame((struct wire_frame_shape){.port = 1}, 9, 0, 0xffff);
    add_frame((struct wire_frame_shape){.port = 1}, 9, 8, 1); /* behind the end */
    seed(seeds, &w);
}

static void seed_frame(struct seeds *seeds)
{
    blocks.length = payload.length = 0;
    wire_mold_payload(&payload, "SEED", 1, 0, &blocks);
    for (unsigned link = WIRE_ETHERNET; link <= WIRE_IP; link++)
        for (unsigned tags = 0; tags <= 2; tags++) {
            wire_be(&w, link, 1);
            wire_frame(&w, (struct wire_frame_shape){.link = link, .tags = tags, .port = 1},
                       &payload);
            seed(seeds, &w);
        }
}

static void seed_dbn(struct seeds *seeds)
{
    static const struct dbn_symbol symbols[] = {{"ESH4", "38", 20191230, 20191231},
                                                {"AAPL", "39", 20191230, 20191231}};
    static const char actions[] = "RAATFCMTFMFMC";
    for (unsigned version = 1; version <= 3; version++)
        for (unsigned ts_out = 0; ts_out < 2; ts_out++) {
            dbn_header(&w, version, 0, 1, 0, ts_out, symbols, 2);
            dbn_symbol_mapping(&w, version, 40, "BRK.A", "BRK.A", ts_out);
            for (unsigned i = 0; i + 1 < sizeof actions; i++)
                dbn_mbo(&w,
                        (struct dbn_record){.action = actions[i],
                                            .side = i == 7 ? 'N' : "BA"[i & 1],
                                            .order = 1 + i % 3,
                                            .price = 1000000000 + 10000000 * (i % 2),
                                            .size = 3 + i % 4,
                                            .ts_recv = UINT64_C(1577682000000000000) + i,
                                            .ts_event = 5,
                                            .flags = i < 2 ? 32 : 128,
                                            .instrument_id = 38},
                        ts_out);
            seed(seeds, &w);
        }
    /* A recording: statuses, what the gateway says, trades of a venue with hidden orders. */
    for (unsigned version = 1; version <= 3; version++) {
        struct dbn_record r = {.action = 'T',
                               .side = 'N',
                               .price = 1000000000,
                               .size = 3,
                               .ts_recv = UINT64_C(1577682000000000000),
                               .ts_event = 5,
                               .instrument_id = 38,
                               .publisher = 2};
        dbn_header(&w, version, UINT16_MAX, 1, 0, 0, symbols, 2);
        dbn_status(&w, r, 8, 'N');
        dbn_mbo(&w, r, 0);
        dbn_notice(&w, version, 0x17, "Heartbeat", 0);
        dbn_mbo(&w, r, 0);
        r.action = 'F';
        r.side = 'B';
        r.order = 1;
        dbn_mbo(&w, r, 0);
        r.flags = 16 | 4;
        dbn_mbo(&w, r, 0);
        dbn_notice(&w, version, 0x15, "slow client", 7);
        dbn_status(&w, r, 99, '~');
        seed(seeds, &w);
    }
}

/* ---- every target that has seeds ------------------------------------------------------------- */

/* Labels as a role writes them: `count` of a feed's. */
static void seed_some_counters(struct seeds *seeds, unsigned count)
{
    static struct ry_counters region;
    const struct ry_counter_table table = {ry_feed_counter_table.counter, count};
    const uint8_t *labels = (const uint8_t *)&region + offsetof(struct ry_counters, labels);
    const uint8_t *text = labels + offsetof(struct ry_counters_labels, text);
    size_t bytes = RY_COUNTERS_TEXT_BYTES;
    memset(&region, 0, sizeof region);
    ry_counters_create(&region, &table, NULL);
    while (text[bytes - 1] == '\0')
        bytes--;
    wire_raw(&w, (const uint8_t[]){(uint8_t)count, (uint8_t)(count >> 8)}, 2);
    wire_raw(&w, labels, count * sizeof(struct ry_counter_label));
    wire_raw(&w, text, bytes + 1);
    seed(seeds, &w);
}

static void seed_counters(struct seeds *seeds)
{
    seed_some_counters(seeds, 1);
    seed_some_counters(seeds, 20);
    seed_some_counters(seeds, RY_FEED_COUNTERS);
}

/* A message as tests/fuzz/fuzz_kafka_league.c takes it apart. */
static void league_message(enum ry_kafka_format format, const struct ry_results *results,
                           const struct ry_results_row *row)
{
    char key[RY_KAFKA_KEY_BYTES], value[RY_KAFKA_MESSAGE_MAX];
    size_t key_bytes = ry_kafka_message_key(key, RY_KAFKA_LEADERBOARD, results, row);
    size_t value_bytes = ry_kafka_message_value(value, format, results, row);
    wire_be(&w, format == RY_KAFKA_PROTOBUF, 1);
    wire_be(&w, key_bytes, 1);
    wire_raw(&w, (const uint8_t *)key, key_bytes);
    wire_be(&w, value_bytes, 2);
    wire_raw(&w, (const uint8_t *)value, value_bytes);
}

static void seed_kafka_league(struct seeds *seeds)
{
    struct ry_results_agent agents[2] = {{.name = "a"}, {.name = "b"}};
    const struct ry_results results = {.agents = 2, .agent = agents};
    struct ry_results_row row = {
        .kind = RY_RESULTS_ROW_STANDING,
        .key = {.appliance = "x", .battle_id = {{1}}, .input = 9, .n = 1},
        .standing = {.agents = 2, .rank = 1, .pnl = -7000001, .ended = true}};
    for (unsigned i = 0; i < 4; i++) {
        row.standing.agent = i & 1;
        row.standing.out = (uint8_t)(i == 3 ? RY_OUT_DIED : i);
        row.key.n += i;
        league_message(i < 2 ? RY_KAFKA_JSON : RY_KAFKA_PROTOBUF, &results, &row);
        if (i % 2 == 1)
            seed(seeds, &w);
    }
}

/* Each kind of row, in both forms. */
static void seed_kafka_message(struct seeds *seeds)
{
    const struct ry_results *r = ry_test_row_results();
    struct ry_test_rng rng = {1};
    for (unsigned i = 0; i < 2 * RY_RESULTS_ROWS; i++) {
        enum ry_kafka_format format = i % 2 == 0 ? RY_KAFKA_JSON : RY_KAFKA_PROTOBUF;
        struct ry_results_row row = ry_test_row_random(&rng, (enum ry_results_row_kind)(i / 2));
        char value[RY_KAFKA_MESSAGE_MAX];
        row.key.input = row.key.n = 1 + i;
        size_t bytes = ry_kafka_message_value(value, format, r, &row);
        wire_be(&w, i % 2, 1);
        wire_raw(&w, value, bytes);
        seed(seeds, &w);
    }
}

/* As `royale run` keeps it. */
static void seed_watch_kept(struct seeds *seeds)
{
    static const char kept[] =
        "exec:\n  feed0_events                   984366 records\n"
        "  agents_died                         1 agents\n  input_hash     9fe4d27765c67d3c hash\n"
        "  core                                3 core\n  copied_ns        12345 ns\n"
        "odd: agents_died 1 (agents whose death became an input (all)): look: at it\n"
        "feed0 (itch):\n  gaps                                3 gaps\n"
        "odd: gaps 3 (holes): listen again\nthe machine:\n  unmet           12 lots\n";
    wire_raw(&w, kept, sizeof kept - 1);
    seed(seeds, &w);
}

static void seed_past_cursor(struct seeds *seeds)
{
    static const char *const cursors[] = {"0.0", "17", "812345.3",
                                          "18446744073709551615.4294967295", "1.x"};
    for (unsigned i = 0; i < sizeof cursors / sizeof *cursors; i++) {
        wire_raw(&w, cursors[i], strlen(cursors[i]));
        seed(seeds, &w);
    }
}

static void seed_why_asked(struct seeds *seeds)
{
    static const char *const asked[] = {"maker-1/42", "maker-1", "a/b/18446744073709551615"};
    for (unsigned i = 0; i < sizeof asked / sizeof *asked; i++) {
        wire_raw(&w, asked[i], strlen(asked[i]));
        seed(seeds, &w);
    }
}

static const char *value_of(const struct ry_api_param *param)
{
    if (param->kind == RY_API_FLAG)
        return "true";
    if (param->kind == RY_API_INTEGER)
        return "64";
    if (param->kind == RY_API_WORDS)
        return "fill,out";
    if (strcmp(param->name, "after") == 0)
        return "20.1";
    return strcmp(param->name, "agent") == 0       ? "a1"
           : strcmp(param->name, "cl_ord_id") == 0 ? "1"
                                                   : "S0";
}

/* Every path with values that its parameters take. */
static void seed_api_request(struct seeds *seeds)
{
    const struct ry_api_route *route;
    const unsigned count = ry_api_routes(&route);
    for (unsigned i = 0; i < count; i++) {
        wire_raw(&w, route[i].method, strlen(route[i].method));
        wire_raw(&w, "\n", 1);
        for (const char *at = route[i].path; *at != 0; at++) {
            if (*at != '{') {
                wire_raw(&w, at, 1);
                continue;
            }
            const char *part = strncmp(at, "{battle}", strlen("{battle}")) == 0 ? "current" : "S0";
            wire_raw(&w, part, strlen(part));
            at = strchr(at, '}');
        }
        for (unsigned p = 0; p < route[i].params; p++) {
            const struct ry_api_param *param = &route[i].param[p];
            char text[256];
            const int bytes = snprintf(text, sizeof text, "\n%s\n%s", param->name, value_of(param));
            wire_raw(&w, text, (size_t)bytes);
        }
        seed(seeds, &w);
    }
}

static void seed_web_accept(struct seeds *seeds)
{
    static const char *const headers[] = {
        "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "text/plain;a=\"\\\",\" , application/openmetrics-text ; q=0.125"};
    for (unsigned i = 0; i < sizeof headers / sizeof *headers; i++) {
        wire_raw(&w, headers[i], strlen(headers[i]));
        seed(seeds, &w);
    }
}

#define DIGITS_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void seed_keys_request(struct seeds *seeds)
{
    static const char *const headers[] = {
        "Bearer ryk_0123abcd_" DIGITS_64 "\nroyale.v1, ryk_0123abcd_" DIGITS_64
        "\nbox.example:8443\nhttps://box.example:8443\n10.0.0.1, 192.0.2.7:80",
        "Basic x\n,\n[::1]:9474\nhttp://[::1]:9474\nfor=\"[2001:db8::1]:47\";proto=https, for=192.0.2.7;by=_x",
    };
    for (unsigned i = 0; i < sizeof headers / sizeof *headers; i++) {
        wire_raw(&w, headers[i], strlen(headers[i]));
        seed(seeds, &w);
    }
}

static void seed_doctor_scrub(struct seeds *seeds)
{
    static const char *const texts[] = {
        "sasl.password=correct horse\nx: correct horse\n  password: |\n    one\n\n    two\nend\n",
        "staple\n{\"api_token\": \"a\\\"b\", \"x\": 1}\n--secret staple\ntoken=a\\\n b\n",
        "staple\n-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\nBearer staple01\n",
        "staple\nhttps://u:p/w@host eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0 ryk_0123abcd_0123456789abcdef",
    };
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        wire_raw(&w, texts[i], strlen(texts[i]));
        seed(seeds, &w);
    }
}

static void seed_keys_file(struct seeds *seeds)
{
    static const char *const files[] = {
        "{\"royale_keys\": 1, \"keys\": []}",
        "{\"royale_keys\": 1, \"keys\": [{\"id\": \"0123abcd\", \"name\": \"desk\", \"scope\": \"read\", "
        "\"hash\": \"" DIGITS_64 "\", \"created_ns\": \"1767605400000000000\", \"created\": \"x\", "
        "\"rotated_ns\": \"1767605400000000001\", \"revoked_ns\": null, \"old_hash\": \"" DIGITS_64
        "\", \"old_until_ns\": \"1767605400000000002\"}]}",
    };
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        wire_raw(&w, files[i], strlen(files[i]));
        seed(seeds, &w);
    }
}

static void seed_writes_body(struct seeds *seeds)
{
    static const char *const bodies[] = {
        "{\"file\": \"demo.yaml\", \"name\": \"monday\", \"agents\": [\"a\"]}",
        "{\"cash\": \"500000\", \"count\": 2, \"params\": {\"instrument\": \"RYB\", \"fast\": true}}",
    };
    for (unsigned i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        wire_raw(&w, bodies[i], strlen(bodies[i]));
        seed(seeds, &w);
    }
}

/* Where it is cut, then frames of a client. */
static void seed_web_ear(struct seeds *seeds)
{
    static const char frames[][16] = {"\3\211\200mask\212\200mask", "\1\211\203mask\0\0\0",
                                      "\7\210\202mask\0\0", "\2\201\201mask\0",
                                      "\5\211\376\1\0mask"};
    for (unsigned i = 0; i < sizeof frames / sizeof *frames; i++) {
        wire_raw(&w, frames[i], sizeof frames[i]);
        seed(seeds, &w);
    }
}

static void seed_web_request(struct seeds *seeds)
{
    static const char *const requests[] = {
        "01234567-3-3\nwebsocket\nkeep-alive, Upgrade\ndGhlIHNhbXBsZSBub25jZQ==\n13\n[::1]:80",
        "01234567-8-8\nh2c, websocket\nupgrade\nx\n8\n127.0.0.1:9474"};
    for (unsigned i = 0; i < sizeof requests / sizeof *requests; i++) {
        wire_raw(&w, requests[i], strlen(requests[i]));
        seed(seeds, &w);
    }
}

/* Names, then counters, as tests/fuzz/fuzz_web_scrape.c takes them apart. */
static void seed_web_scrape(struct seeds *seeds)
{
    static const char bytes[] = "demo\0stamp\0agent\0own\0"
                                "\3gaps\0gaps\0holes\0\4commit_ns\0ns\0\"\\\0"
                                "\5state_hash\0hash\0h\0\3x_total\0lots\0x\0";
    wire_raw(&w, bytes, sizeof bytes);
    seed(seeds, &w);
}

/* True sentences of records that the targets make of the same first byte. */
static void seed_explain_check(struct seeds *seeds)
{
    static struct ry_explain_grammar grammar;
    for (unsigned i = 0; i < EXPLAIN_SEEDS; i++) {
        struct ry_test_rng rng = {i};
        struct ry_explain_record record;
        char sentence[RY_EXPLAIN_SENTENCE_BYTES];
        explain_record(&record, &rng);
        if (!ry_explain_grammar(&grammar, &record))
            continue;
        explain_draw(sentence, &grammar, &rng);
        wire_be(&w, i, 1);
        wire_raw(&w, sentence, strlen(sentence));
        seed(seeds, &w);
    }
}

static void seed_explain_judge(struct seeds *seeds)
{
    static struct ry_explain_grammar grammar;
    for (unsigned i = 0; i < EXPLAIN_SEEDS; i++) {
        struct ry_test_rng rng = {i / 2};
        struct ry_explain_record record;
        char sentence[RY_EXPLAIN_SENTENCE_BYTES];
        explain_record(&record, &rng);
        if (!ry_explain_grammar(&grammar, &record))
            continue;
        if (i % 2 == 0)
            explain_draw(sentence, &grammar, &rng);
        else
            snprintf(sentence, sizeof sentence, "{\"opening\":\"%.300s\",\"details\":[\"%.300s\"]}",
                     grammar.phrase[0].text, grammar.phrase[grammar.phrases - 1].text);
        json_t *answer = json_pack("{s[{s{ss} ss}]}", "choices", "message", "content", sentence,
                                   "finish_reason", "stop");
        char *text = json_dumps(answer, JSON_COMPACT);
        wire_be(&w, i, 1);
        wire_raw(&w, text, text != NULL ? strlen(text) : 0);
        seed(seeds, &w);
        free(text);
        json_decref(answer);
    }
}

/* The report that others are made of. */
static void seed_proof_report(struct seeds *seeds)
{
    json_t *report = ry_test_proof_report();
    char *text = json_dumps(report, JSON_COMPACT);
    wire_raw(&w, "j", 1);
    wire_raw(&w, text, text != NULL ? strlen(text) : 0);
    seed(seeds, &w);
    free(text);
    json_decref(report);
}

static const struct {
    const char *target, *text;
    size_t bytes;
} texts[] = {
#define RY_FUZZ_TEXT(target, text) {target, text, sizeof text - 1},
#include "tests/fuzz/texts.def"
#undef RY_FUZZ_TEXT
};

/* Named from a number on that no other seed has. */
static void seed_texts(const char *out)
{
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct seeds seeds = {.out = out, .target = texts[i].target, .written = TEXTS_FROM + i};
        wire_raw(&w, texts[i].text, texts[i].bytes);
        seed(&seeds, &w);
    }
}

static const struct {
    const char *target;
    void (*make)(struct seeds *seeds);
} targets[] = {
    {"itch50", seed_itch50},
    {"binaryfile", seed_binaryfile},
    {"moldudp64", seed_moldudp64},
    {"frame", seed_frame},
    {"dbn", seed_dbn},
    {"counters", seed_counters},
    {"kafka_league", seed_kafka_league},
    {"kafka_message", seed_kafka_message},
    {"watch_kept", seed_watch_kept},
    {"why_asked", seed_why_asked},
    {"past_cursor", seed_past_cursor},
    {"doctor_scrub", seed_doctor_scrub},
    {"keys_file", seed_keys_file},
    {"keys_request", seed_keys_request},
    {"web_accept", seed_web_accept},
    {"web_ear", seed_web_ear},
    {"web_request", seed_web_request},
    {"api_request", seed_api_request},
    {"web_scrape", seed_web_scrape},
    {"writes_body", seed_writes_body},
    {"explain_check", seed_explain_check},
    {"explain_judge", seed_explain_judge},
    {"proof_report", seed_proof_report},
};

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: seeds OUT\n");
        return 2;
    }
    make_folder(argv[1]);
    for (unsigned i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct seeds seeds = {.out = argv[1], .target = targets[i].target};
        targets[i].make(&seeds);
    }
    seed_texts(argv[1]);
    return 0;
}
