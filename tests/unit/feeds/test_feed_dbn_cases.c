/* DBN files that users reported, through their pipeline: what ends it, in which words, and how many
 * events come of what is whole. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/support/feed_rig.h"

#define EVENTS_MAX 64

static const struct {
    const char *file, *symbol;
    const char *error; /* NULL: it is whole */
    unsigned events;   /* FEED_END, too */
} cases[] = {
    {"maybe-bad-book.dbn", "ESM4", "record 7 of ESM4 is flagged", 6},
    {"error-record.dbn", "ESM4", "record 8 is an error of the gateway: \"gateway error", 6},
    {"mbp-flagged-rows.dbn", "ESM4", "record 7 of ESM4 is a whole price level", 6},
    {"status-halt.dbn", "ESM4", NULL, 9},
    {"symbol-rolls.dbn", "ES.c.0", NULL, 7},
    {"skippable-first-frame.dbn.zst", "ESM4", NULL, 7},
};

/* A battle from 14:00 to 14:00:30 UTC of 2024-03-15, with what comes before as its warm-up. */
static struct ry_battle *make_battle(const char *const *symbol)
{
    struct tm date = {.tm_year = 124, .tm_mon = 2, .tm_mday = 15, .tm_hour = 14};
    struct ry_battle *battle = kit_battle(symbol, 1, 2);
    battle->feed[0].format = RY_BATTLE_FORMAT_DBN;
    battle->trade_from = (int64_t)timegm(&date) * RY_NS_PER_SECOND;
    battle->warmup_from = battle->trade_from - 14 * 3600 * RY_NS_PER_SECOND;
    battle->trade_to = battle->trade_from + 30 * RY_NS_PER_SECOND;
    return battle;
}

static enum ry_feed_handler_result run(struct ry_feed_handler *handler, struct ry_input *event,
                                       unsigned *events)
{
    for (*events = 0; *events < EVENTS_MAX;) {
        const enum ry_feed_handler_result result = ry_feed_handler_next(handler, &event[*events]);
        if (result == RY_FEED_HANDLER_EVENT)
            ++*events;
        else if (result != RY_FEED_HANDLER_QUIET)
            return result;
    }
    ck_abort_msg("more than %d events", EVENTS_MAX);
}

START_TEST(test_reported)
{
    const char *path = ry_test_case(cases[_i].file);
    const char *wanted = cases[_i].error == NULL ? "" : cases[_i].error;
    struct kit_lines lines;
    struct ry_input event[EVENTS_MAX];
    unsigned events = 0;
    if (path == NULL) {
        ry_test_skip("no cases");
        return;
    }
    struct ry_battle *battle = make_battle(&cases[_i].symbol);
    struct ry_feed_handler *handler = kit_handler();
    const int opened = kit_open_path(handler, battle, path, &lines);
    const enum ry_feed_handler_result result =
        opened == 0 ? run(handler, event, &events) : RY_FEED_HANDLER_FAILED;
    ck_assert_msg((result == RY_FEED_HANDLER_END) == (cases[_i].error == NULL), "%s",
                  handler->error);
    ck_assert_msg(strstr(handler->error, wanted) != NULL, "\"%s\" in \"%s\"", wanted,
                  handler->error);
    ck_assert_uint_eq(events, cases[_i].events);
    if (strcmp(cases[_i].file, "symbol-rolls.dbn") == 0)
        ck_assert(event[0].ref == 2000 && event[0].price == 510000);
    kit_counts_add_up(&handler->counters);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_dbn_cases");
    TCase *tcase = tcase_create("cases");
    tcase_add_loop_test(tcase, test_reported, 0, (int)(sizeof cases / sizeof cases[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
