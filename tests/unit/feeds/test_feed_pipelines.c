/* The table of pipelines and the battle file say the same: a pair of format and port that `royale
 * check` accepts has one row, and a row's pair is accepted. */
#include <stdio.h>
#include <stdlib.h>

#include "core/battle/keys.h"
#include "core/battle/read.h"
#include "feeds/pipeline.h"
#include "tests/support/test.h"

struct word {
    enum ry_battle_key_id key;
    const char *word;
    unsigned value;
};

/* Every word of the battle file's own table that a format or a port may have. */
static const struct word words[] = {
#define RY_WORD(key, word, value, help) {RY_BATTLE_K_##key, word, value},
#include "core/battle/keys.def"
};

#define WORDS (sizeof words / sizeof words[0])

static struct ry_battle *checked(const char *format, const char *port, const char *from)
{
    static struct ry_battle_errors errors;
    char text[512];
    const struct ry_battle_source source = {.directory = "/where"};
    const int n = snprintf(text, sizeof text,
                           "battle: {name: demo}\n"
                           "market: {date: 2026-01-05, zone: America/New_York, instruments: "
                           "[{symbol: RYA}]}\n"
                           "feeds: [{name: wire, format: %s, port: %s, %s}]\n",
                           format, port, from);
    return ry_battle_parse(text, (size_t)n, &source, &errors);
}

/* As `royale check` says, with a path or with a device. */
static bool accepts(const struct word *format, const struct word *port)
{
    struct ry_battle *battle = checked(format->word, port->word, "path: day");
    if (battle == NULL)
        battle = checked(format->word, port->word, "device: '0000:01:00.0'");
    if (battle == NULL)
        return false;
    ck_assert_uint_eq(battle->feed[0].format, format->value);
    ck_assert_uint_eq(battle->feed[0].port, port->value);
    free(battle);
    return true;
}

static unsigned rows_of(unsigned format, unsigned port)
{
    unsigned rows = 0;
    for (unsigned i = 0; i < ry_feed_pipelines_count; i++)
        rows += ry_feed_pipelines[i].format == format && ry_feed_pipelines[i].port == port;
    return rows;
}

START_TEST(test_each_pair_has_one_row)
{
    unsigned pairs = 0;
    for (unsigned f = 0; f < WORDS; f++)
        for (unsigned p = 0; p < WORDS; p++) {
            const struct word *format = &words[f], *port = &words[p];
            if (format->key != RY_BATTLE_K_FEED_FORMAT || port->key != RY_BATTLE_K_FEED_PORT)
                continue;
            const bool accepted = accepts(format, port);
            ck_assert_msg(rows_of(format->value, port->value) == accepted, "%s by %s: %s, %u rows",
                          format->word, port->word, accepted ? "accepted" : "refused",
                          rows_of(format->value, port->value));
            pairs += accepted;
        }
    /* No row beside those of the accepted pairs. */
    ck_assert_uint_eq(pairs, ry_feed_pipelines_count);
}
END_TEST

START_TEST(test_rows_are_found)
{
    struct ry_battle_feed feed = {.name = "wire"};
    for (unsigned i = 0; i < ry_feed_pipelines_count; i++) {
        const struct ry_feed_pipeline *row = &ry_feed_pipelines[i];
        ck_assert(row->open != NULL && row->next != NULL && row->close != NULL);
        feed.format = (uint8_t)row->format;
        feed.port = (uint8_t)row->port;
        ck_assert_ptr_eq(ry_feed_pipeline_of(&feed), row);
    }
    feed.format = 0;
    ck_assert_ptr_null(ry_feed_pipeline_of(&feed));
}
END_TEST

/* What no battle file can say ends in an error all the same, and can be closed. */
START_TEST(test_no_row)
{
    static struct ry_feed_handler handler;
    struct ry_battle *battle = calloc(1, ry_battle_bytes(0));
    ck_assert_ptr_nonnull(battle);
    battle->feeds = 1;
    battle->feed[0] = (struct ry_battle_feed){
        .name = "wire", .format = RY_BATTLE_FORMAT_DBN, .port = RY_BATTLE_PORT_DPDK};
    ck_assert_int_eq(ry_feed_handler_open(&handler, battle, 0, NULL, NULL), -1);
    ck_assert_str_eq(handler.error, "feed wire: no pipeline for format 2 by port 2");
    ry_feed_handler_close(&handler);
    free(battle);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_pipelines");
    TCase *tcase = tcase_create("pipelines");
    tcase_add_test(tcase, test_each_pair_has_one_row);
    tcase_add_test(tcase, test_rows_are_found);
    tcase_add_test(tcase, test_no_row);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
