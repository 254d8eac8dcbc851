/* A DBN file through its pipeline: a record that says of itself that it is incomplete, a symbol
 * that rolls, two publishers, halts, prices that are too fine; files of our own making. Files that
 * users reported: test_feed_dbn_cases.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "feeds/dbn_metadata.h"
#include "feeds/wire/dbn.h"
#include "tests/support/feed_rig.h"

#define ESM4       100
#define POINT      INT64_C(1000000000)
#define HOUR       (3600 * RY_NS_PER_SECOND)
#define EVENTS_MAX 64

static const char *const es[] = {"ESM4"};
static const struct dbn_symbol mapping = {"ESM4", "100", 20240315, 20240316};
static struct wire w;
static struct kit_lines lines;
static struct ry_battle *battle;
static struct ry_feed_handler *handler;
static struct ry_input event[EVENTS_MAX];
static unsigned events;

/* 14:00 UTC of 2024-03-15, in the middle of the battle's hours. */
static int64_t two_o_clock(void)
{
    struct tm date = {.tm_year = 124, .tm_mon = 2, .tm_mday = 15, .tm_hour = 14};
    return (int64_t)timegm(&date) * RY_NS_PER_SECOND;
}

static void fresh(const char *const *symbols, unsigned count)
{
    battle = kit_battle(symbols, count, 2);
    battle->feed[0].format = RY_BATTLE_FORMAT_DBN;
    battle->warmup_from = two_o_clock() - 14 * HOUR;
    battle->trade_from = two_o_clock();
    battle->trade_to = two_o_clock() + 30 * RY_NS_PER_SECOND;
    handler = kit_handler();
    events = 0;
    w.length = 0;
}

static void done(void)
{
    kit_counts_add_up(&handler->counters);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}

static enum ry_feed_handler_result run(void)
{
    for (;;) {
        ck_assert_uint_lt(events, EVENTS_MAX);
        const enum ry_feed_handler_result result = ry_feed_handler_next(handler, &event[events]);
        if (result == RY_FEED_HANDLER_EVENT)
            events++;
        else if (result != RY_FEED_HANDLER_QUIET)
            return result;
    }
}

/* The events are of these kinds, FEED_END behind them if the feed ended well. */
static void check_kinds(const uint8_t *kind, unsigned count)
{
    ck_assert_uint_eq(events, count);
    for (unsigned i = 0; i < count; i++)
        ck_assert_msg(event[i].head.kind == kind[i], "event %u: %u, not %u", i, event[i].head.kind,
                      kind[i]);
}
#define CHECK_KINDS(...) check_kinds((const uint8_t[]){__VA_ARGS__}, sizeof(uint8_t[]){__VA_ARGS__})

static void check_says(const char *text, const char *wanted)
{
    ck_assert_msg(strstr(text, wanted) != NULL, "\"%s\" in \"%s\"", wanted, text);
}

static void header(unsigned schema)
{
    dbn_header(&w, 3, schema, 1, 0, 0, &mapping, 1);
}

static void put(struct dbn_record r)
{
    static uint64_t turn;
    r.instrument_id = r.instrument_id != 0 ? r.instrument_id : ESM4;
    r.price = r.price != 0 ? r.price : 5000 * POINT;
    r.size = r.size != 0 ? r.size : 10;
    r.ts_recv = r.ts_recv != 0 ? r.ts_recv : (uint64_t)two_o_clock() + turn++;
    r.ts_event = r.ts_event != 0 ? r.ts_event : r.ts_recv;
    dbn_mbo(&w, r, 0);
}

static void put_order(char action, char side, uint64_t order)
{
    put((struct dbn_record){.action = action, .side = side, .order = order});
}

static void open_whole(void)
{
    ck_assert_msg(kit_open_told(handler, battle, w.bytes, w.length, &lines) == 0, "%s",
                  handler->error);
}

/* ---- incomplete records ---------------------------------------------------------------------- */

static void make_lacking(enum ry_incomplete why)
{
    header(why == RY_INCOMPLETE_ERROR ? RY_WIRE_DBN_SCHEMA_MIXED : RY_WIRE_DBN_SCHEMA_MBO);
    put_order('A', 'B', 1);
    for (unsigned i = 0; i < 2; i++)
        if (why == RY_INCOMPLETE_FLAGGED)
            put((struct dbn_record){
                .action = 'C', .side = 'B', .order = 1, .size = 1, .flags = 132});
        else if (why == RY_INCOMPLETE_AGGREGATES)
            put((struct dbn_record){
                .action = 'A', .side = 'B', .order = 0, .flags = (uint8_t)(i * 16)});
        else if (why == RY_INCOMPLETE_LATE)
            put_order('C', 'B', 99);
        else
            dbn_notice(&w, 3, 0x15, "slow client", 7);
    put_order('A', 'A', 2);
}

static const struct {
    enum ry_incomplete why;
    const char *says;
    uint8_t middle[2]; /* the events of the two odd records */
    unsigned count;
} lacking[] = {
    {RY_INCOMPLETE_FLAGGED, "record 2 of ESM4 is flagged", {RY_IN_CANCEL, RY_IN_CANCEL}, 2},
    {RY_INCOMPLETE_ERROR, "record 2 is an error of the gateway: \"slow client\"", {0}, 0},
    {RY_INCOMPLETE_LATE, "record 2 of ESM4 changes order 99, which no record added", {0}, 0},
    {RY_INCOMPLETE_AGGREGATES, "record 2 of ESM4 is a whole price level", {0}, 0},
};

START_TEST(test_incomplete_ends)
{
    fresh(es, 1);
    make_lacking(lacking[_i].why);
    open_whole();
    ck_assert_int_eq(run(), RY_FEED_HANDLER_FAILED);
    check_says(handler->error, lacking[_i].says);
    check_says(handler->error, "incomplete: warn");
    CHECK_KINDS(RY_IN_ADD);
    done();
}
END_TEST

START_TEST(test_incomplete_warns)
{
    uint8_t kinds[8] = {RY_IN_ADD, RY_IN_INCOMPLETE};
    unsigned n = 2;
    fresh(es, 1);
    battle->feed[0].incomplete = RY_BATTLE_INCOMPLETE_WARN;
    make_lacking(lacking[_i].why);
    open_whole();
    ck_assert_int_eq(run(), RY_FEED_HANDLER_END);
    for (unsigned i = 0; i < lacking[_i].count; i++)
        kinds[n++] = lacking[_i].middle[i];
    kinds[n++] = RY_IN_ADD;
    kinds[n++] = RY_IN_FEED_END;
    check_kinds(kinds, n); /* once, though two records are odd */
    ck_assert_uint_eq(event[1].qty, (unsigned)lacking[_i].why);
    check_says(lines.warning, lacking[_i].says);
    ck_assert_uint_eq(lines.warnings, 1);
    const struct ry_feed_counters *c = &handler->counters;
    ck_assert_uint_eq(c->incomplete, 2);
    const uint64_t named[] = {c->dbn_flagged, c->dbn_error, c->unknown_cancels, c->dbn_aggregates};
    ck_assert_uint_eq(named[_i], 2);
    done();
}
END_TEST

/* Two reasons in one record, and a reason each in the records of one feed. */
START_TEST(test_two_reasons)
{
    fresh(es, 1);
    battle->feed[0].incomplete = RY_BATTLE_INCOMPLETE_WARN;
    header(RY_WIRE_DBN_SCHEMA_MBO);
    put((struct dbn_record){.action = 'A', .side = 'B', .order = 0, .flags = 64 | 4});
    put_order('A', 'B', 1);
    open_whole();
    ck_assert_int_eq(run(), RY_FEED_HANDLER_END);
    CHECK_KINDS(RY_IN_INCOMPLETE, RY_IN_INCOMPLETE, RY_IN_ADD, RY_IN_FEED_END);
    ck_assert(event[0].qty == RY_INCOMPLETE_FLAGGED && event[1].qty == RY_INCOMPLETE_AGGREGATES);
    done();
}
END_TEST

/* What is honest: an unknown order behind a clear or a snapshot, an unknown fill, one of another
 * instrument, a trade without an order's number. */
START_TEST(test_honest)
{
    for (unsigned i = 0; i < 2; i++) {
        fresh(es, 1);
        header(RY_WIRE_DBN_SCHEMA_MBO);
        put((struct dbn_record){.action = 'F', .side = 'B', .order = 98});
        put((struct dbn_record){.action = 'C', .side = 'B', .order = 98, .instrument_id = 7});
        put((struct dbn_record){.action = i == 0 ? 'R' : 'A',
                                .side = i == 0 ? 'N' : 'B',
                                .order = i,
                                .flags = i == 0 ? 0 : 40});
        put_order('C', 'B', 99);
        put((struct dbn_record){.action = 'T', .side = 'B', .order = 0});
        put((struct dbn_record){.action = 'T', .side = 'B', .order = 5, .flags = 64});
        open_whole();
        ck_assert_int_eq(run(), RY_FEED_HANDLER_END);
        CHECK_KINDS(i == 0 ? RY_IN_CLEAR : RY_IN_ADD, RY_IN_LAST, RY_IN_LAST, RY_IN_FEED_END);
        ck_assert(handler->counters.unknown_cancels == 1 && lines.warnings == 0);
        done();
    }
}
END_TEST

/* Orders that were dropped here are no sign of a record that begins late. */
START_TEST(test_dropped_is_not_late)
{
    fresh(es, 1);
    header(RY_WIRE_DBN_SCHEMA_MBO);
    put((struct dbn_record){.action = 'A', .side = 'B', .order = 1, .price = INT64_MAX});
    put_order('C', 'B', 1);
    open_whole();
    ck_assert_int_eq(run(), RY_FEED_HANDLER_END);
    ck_assert(handler->counters.dropped_price == 1 && handler->counters.unknown_cancels == 1);
    done();
}
END_TEST

/* ---- a modify whose new half cannot be held -------------------------------------------------- */

START_TEST(test_modify_that_cannot_be_held)
{
    static const struct {
        int64_t price;
        uint32_t size;
    } halves[] = {{INT64_MAX, 10}, {POINT * 2000000001, 10}, {5000 * POINT, UINT32_MAX}};
    fresh(es, 1);
    header(RY_WIRE_DBN_SCHEMA_MBO);
    for (unsigned i = 0; i < 3; i++) {
        put_order('A', 'B', 1);
        put((struct dbn_record){.action = 'M',
                                .side = 'B',
                                .order = 1,
                                .price = halves[i].price,
                                .size = halves[i].size});
    }
    open_whole();
    ck_assert_int_eq(run(), RY_FEED_HANDLER_END);
    CHECK_KINDS(RY_IN_ADD, RY_IN_CANCEL, RY_IN_ADD, RY_IN_CANCEL, RY_IN_ADD, RY_IN_CANCEL,
                RY_IN_FEED_END);
    for (unsigned i = 1; i < 6; i += 2)
        ck_assert(event[i].ref == 1 && event[i].qty == 10);
    ck_assert_uint_eq(handler->counters.replaces_cut, 3);
    done();
}
END_TEST

START_TEST(test_price_too_fine)
{
    static const char actions[] = "MAT";
    for (unsigned i = 0; i < 3; i++) {
        fresh(es, 1);
        header(RY_WIRE_DBN_SCHEMA_MBO);
        put_order('A', 'B', 1);
        put((struct dbn_record){.action = actions[i],
                                .side = 'B',
                                .order = i == 0 ? 1 : 2,
                                .price = POINT / 1000 * 9005});
        put_order('A', 'B', 3);
        open_whole();
        ck_assert_int_eq(run(), RY_FEED_HANDLER_FAILED);
        check_says(handler->error, "write price_scale: 3 for ESM4");
        if (i == 0)
            CHECK_KINDS(RY_IN_ADD, RY_IN_CANCEL); /* the old order is gone first */
        else
            CHECK_KINDS(RY_IN_ADD);
        done();
    }
}
END_TEST

/* ---- whose record it is ---------------------------------------------------------------------- */

START_TEST(test_publishers)
{
    for (unsigned i = 0; i < 3; i++) {
        fresh(es, 1);
        strcpy(battle->feed[0].publisher, i == 1 ? "XNAS.ITCH" : i == 2 ? "3" : "");
        header(RY_WIRE_DBN_SCHEMA_MBO);
        put((struct dbn_record){.action = 'A', .side = 'B', .order = 1, .publisher = 2});
        put((struct dbn_record){.action = 'A', .side = 'A', .order = 2, .publisher = 3});
        put((struct dbn_record){.action = 'R', .side = 'N', .publisher = 2});
        open_whole();
        const enum ry_feed_handler_result result = run();
        if (i == 0) {
            ck_assert_int_eq(result, RY_FEED_HANDLER_FAILED);
            check_says(handler->error, "record 2 of ESM4 is of publisher XBOS.ITCH.XBOS (3), those "
                                       "before are of XNAS.ITCH.XNAS (2)");
            check_says(handler->error, "publisher: 2");
        } else if (i == 1) {
            CHECK_KINDS(RY_IN_ADD, RY_IN_CLEAR, RY_IN_FEED_END);
        } else {
            CHECK_KINDS(RY_IN_ADD, RY_IN_FEED_END);
        }
        ck_assert_uint_eq(handler->counters.dropped_publisher, i == 2 ? 2 : 1);
        done();
    }
    fresh(es, 1);
    strcpy(battle->feed[0].publisher, "XNAS.ITCH");
    header(RY_WIRE_DBN_SCHEMA_MBO);
    put_order('A', 'B', 1);
    ck_assert_int_eq(kit_open_told(handler, battle, w.bytes, w.length, &lines), 0);
    ck_assert_uint_eq(lines.warnings, 1); /* before a record is read */
    check_says(lines.warning,
               "the dataset is TEST.SET, and records of publisher XNAS.ITCH.XNAS (2) "
               "alone count: it is of another dataset");
    done();
    fresh(es, 1);
    strcpy(battle->feed[0].publisher, "XNAS.IT");
    header(RY_WIRE_DBN_SCHEMA_MBO);
    ck_assert_int_ne(kit_open_told(handler, battle, w.bytes, w.length, &lines), 0);
    check_says(handler->error, "feeds[0].publisher: \"XNAS.IT\" is no publisher");
    done();
}
END_TEST

/* A trade without a fill is the execution of a hidden order where a venue has such. */
START_TEST(test_hidden_print)
{
    static const struct {
        uint16_t publisher;
        uint8_t kind;
    } venues[] = {{2, RY_IN_PRINT}, {1, RY_IN_LAST}, {43, RY_IN_PRINT}, {9999, RY_IN_LAST}};
    for (unsigned i = 0; i < 4; i++) {
        const uint16_t publisher = venues[i].publisher;
        const uint8_t of_cross = venues[i].kind == RY_IN_PRINT ? RY_IN_AUCTION : RY_IN_EXEC;
        const uint64_t at = (uint64_t)two_o_clock() + 1000000;
        struct dbn_record r = {
            .publisher = publisher, .ts_recv = at, .ts_event = at, .side = 'B', .order = 1};
        fresh(es, 1);
        header(RY_WIRE_DBN_SCHEMA_MBO);
        r.action = 'A';
        put(r);
        r.action = 'T'; /* hidden, at the same time as the next */
        r.side = 'N';
        r.order = 0;
        r.size = 4;
        r.sequence = 5;
        put(r);
        r.side = 'A'; /* of an order of the book: trade, fill, cancel */
        r.sequence = 6;
        put(r);
        dbn_notice(&w, 3, 0x17, "Heartbeat", 0); /* is no part of the market */
        r.action = 'F';
        r.side = 'B';
        r.order = 1;
        put(r);
        r.action = 'C';
        put(r);
        r.action = 'F'; /* no trade is told: part of a cross */
        r.sequence = 7;
        r.ts_recv = ++r.ts_event;
        put(r);
        r.action = 'T'; /* hidden, and before a fill of another message at the same time */
        r.side = 'A';
        r.order = 0;
        r.sequence = 8;
        put(r);
        r.action = 'F';
        r.side = 'B';
        r.order = 1;
        r.sequence = 9;
        r.size = 1;
        put(r);
        r.action = 'T'; /* hidden, the last record */
        r.side = 'N';
        r.order = 0;
        put(r);
        open_whole();
        ck_assert_int_eq(run(), RY_FEED_HANDLER_END);
        CHECK_KINDS(RY_IN_ADD, venues[i].kind, RY_IN_LAST, RY_IN_EXEC, of_cross, venues[i].kind,
                    of_cross, venues[i].kind, RY_IN_FEED_END);
        ck_assert(event[1].ref == 0 && event[1].qty == 4 && event[1].price == 500000);
        ck_assert(event[1].side == RY_SIDE_NONE && event[2].side == RY_SELL);
        ck_assert_uint_eq(handler->counters.unknown_publisher, publisher == 9999 ? 4 : 0);
        ck_assert_uint_eq(lines.warnings, publisher == 9999 ? 1 : 0);
        done();
    }
}
END_TEST

START_TEST(test_symbol_that_rolls)
{
    static const char *const continuous[] = {"ES.c.0"};
    static const struct dbn_symbol days[] = {{"ES.c.0", "100", 20240314, 20240315},
                                             {"ES.c.0", "200", 20240315, 20240316}};
    const uint64_t day = 24 * UINT64_C(3600000000000);
    for (unsigned i = 0; i < 2; i++) {
        fresh(continuous, 1);
        dbn_header(&w, 3, 0, 3, 0, 0, days, 2);
        put((struct dbn_record){
            .action = 'A', .side = 'B', .order = 1, .ts_recv = (uint64_t)two_o_clock() - day});
        put((struct dbn_record){.action = 'A', .side = 'B', .order = 2, .instrument_id = 200});
        put((struct dbn_record){.action = 'A',
                                .side = 'B',
                                .order = 3,
                                .instrument_id = 200,
                                .ts_recv = (uint64_t)two_o_clock() - day});
        battle->warmup_from -= i;
        const int opened = kit_open_told(handler, battle, w.bytes, w.length, &lines);
        if (i == 0) {
            ck_assert_int_eq(opened, 0);
            ck_assert_int_eq(run(), RY_FEED_HANDLER_END);
            CHECK_KINDS(RY_IN_ADD, RY_IN_FEED_END);
            ck_assert_uint_eq(event[0].ref, 2);
            ck_assert_uint_eq(handler->counters.dropped_instrument, 1);
            ck_assert_uint_eq(handler->counters.dropped_other_day, 1);
        } else {
            ck_assert_int_ne(opened, 0);
            check_says(handler->error,
                       "ES.c.0 is instrument 100 before 2024-03-15 and 200 from then");
        }
        done();
    }
}
END_TEST

/* ---- recordings and statuses ----------------------------------------------------------------- */

static void put_status(unsigned action, char trading)
{
    dbn_status(&w,
               (struct dbn_record){.instrument_id = ESM4,
                                   .ts_recv = (uint64_t)two_o_clock(),
                                   .ts_event = (uint64_t)two_o_clock()},
               action, trading);
}

START_TEST(test_recording)
{
    static const char *const two[] = {"ESM4", "NQM4"};
    fresh(two, 2);
    dbn_header(&w, 3, RY_WIRE_DBN_SCHEMA_MIXED, 1, 0, 0, NULL, 0);
    dbn_notice(&w, 3, 0x17, "Subscription request 0 for mbo data succeeded", 1);
    dbn_symbol_mapping(&w, 3, ESM4, "ESM4", "ESM4", 0);
    put_status(7, 'Y');
    put_order('A', 'B', 1);
    dbn_notice(&w, 3, 0x17, "Slow", 2);
    put_status(8, 'N');
    open_whole();
    ck_assert_uint_eq(lines.warnings, 0); /* nothing is missing yet */
    ck_assert_int_eq(run(), RY_FEED_HANDLER_END);
    CHECK_KINDS(RY_IN_STATE, RY_IN_ADD, RY_IN_STATE, RY_IN_FEED_END);
    ck_assert(event[0].qty == RY_STATE_TRADING && event[2].qty == RY_STATE_HALTED);
    ck_assert(handler->counters.dbn_system == 2 && handler->counters.dbn_status == 2);
    ck_assert_uint_eq(lines.warnings, 2);
    check_says(lines.warning, "NQM4 is not among the symbols of the recording");
    done();
}
END_TEST

START_TEST(test_statuses)
{
    /* By action; '~' tells nothing. 255: no event. */
    static const uint8_t told[] = {255, 1, 1, 1, 1, 1, 255, 0, 1, 1, 1, 255, 1, 255, 255, 1};
    fresh(es, 1);
    header(RY_WIRE_DBN_SCHEMA_MIXED);
    for (unsigned action = 0; action < sizeof told; action++)
        put_status(action, '~');
    put_status(13, 'Y');
    put_status(13, 'N');
    for (unsigned i = 0; i < 10; i++)
        put_status(16 + i, 'N');
    put_status(99, '~');
    open_whole();
    ck_assert_int_eq(run(), RY_FEED_HANDLER_END);
    unsigned n = 0;
    for (unsigned action = 0; action < sizeof told; action++)
        if (told[action] != 255)
            ck_assert_msg(event[n++].qty == told[action], "action %u", action);
    ck_assert(event[n].qty == RY_STATE_TRADING && event[n + 1].qty == RY_STATE_HALTED);
    ck_assert(event[n + 2].qty == RY_STATE_HALTED && event[n + 12].qty == RY_STATE_TRADING);
    ck_assert_uint_eq(events, n + 14);
    ck_assert_uint_eq(handler->counters.unknown_state, 11);
    ck_assert_uint_eq(lines.warnings, 8);
    check_says(lines.warning, "unknown status 23 counts as halted; further ones are counted only");
    done();
}
END_TEST

/* ---- before the battle ----------------------------------------------------------------------- */

/* As `royale check` asks; the feed says the same when it opens. */
static void check_refused(const char *wanted)
{
    char path[] = "/tmp/royale-test-XXXXXX", error[RY_FEED_HANDLER_ERROR_BYTES] = "";
    const int fd = mkstemp(path);
    ck_assert_int_eq(write(fd, w.bytes, w.length), (ssize_t)w.length);
    close(fd);
    const struct ry_feed_dbn_check check = {.battle = battle, .path = path, .error = error};
    const int result = ry_feed_dbn_check(&check);
    unlink(path);
    ck_assert_msg((result != 0) == (wanted != NULL), "%s", error);
    check_says(error, wanted == NULL ? "" : wanted);
    const bool opened = kit_open_told(handler, battle, w.bytes, w.length, &lines) == 0;
    ck_assert(opened == (wanted == NULL));
    check_says(handler->error, wanted == NULL ? "" : wanted);
    done();
}

START_TEST(test_check)
{
    fresh(es, 1);
    header(RY_WIRE_DBN_SCHEMA_MBO);
    check_refused(NULL);
    fresh(es, 1);
    header(2);
    check_refused("schema mbp-10 (2) does not hold every order: royale needs schema mbo");
    fresh(es, 1);
    header(99);
    check_refused("schema unknown (99)");
    fresh(es, 1);
    header(RY_WIRE_DBN_SCHEMA_MBO);
    battle->warmup_from += 48 * HOUR;
    battle->trade_from += 48 * HOUR;
    battle->trade_to += 48 * HOUR;
    check_refused("ESM4 has an instrument id from 2024-03-15 to 2024-03-15 (days UTC), and none in "
                  "the battle's hours, which begin on 2024-03-17: look at market.date and zone");
    fresh(es, 1);
    header(RY_WIRE_DBN_SCHEMA_MBO);
    strcpy(battle->feed[0].publisher, "CME");
    check_refused("feeds[0].publisher: \"CME\" is no publisher");
}
END_TEST

START_TEST(test_files_put_together)
{
    char wanted[64];
    fresh(es, 1);
    header(RY_WIRE_DBN_SCHEMA_MBO);
    put_order('A', 'B', 1);
    snprintf(wanted, sizeof wanted, "another DBN file begins at byte %zu", w.length);
    header(RY_WIRE_DBN_SCHEMA_MBO);
    put_order('A', 'B', 2);
    open_whole();
    ck_assert_int_eq(run(), RY_FEED_HANDLER_FAILED);
    check_says(handler->error, wanted);
    done();
}
END_TEST

static Suite *suite(void)
{
    const int lacks = (int)(sizeof lacking / sizeof lacking[0]);
    Suite *suite = suite_create("feed_dbn");
    TCase *tcase = tcase_create("dbn");
    tcase_add_loop_test(tcase, test_incomplete_ends, 0, lacks);
    tcase_add_loop_test(tcase, test_incomplete_warns, 0, lacks);
    tcase_add_test(tcase, test_two_reasons);
    tcase_add_test(tcase, test_honest);
    tcase_add_test(tcase, test_dropped_is_not_late);
    tcase_add_test(tcase, test_modify_that_cannot_be_held);
    tcase_add_test(tcase, test_price_too_fine);
    tcase_add_test(tcase, test_publishers);
    tcase_add_test(tcase, test_hidden_print);
    tcase_add_test(tcase, test_symbol_that_rolls);
    tcase_add_test(tcase, test_recording);
    tcase_add_test(tcase, test_statuses);
    tcase_add_test(tcase, test_check);
    tcase_add_test(tcase, test_files_put_together);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
