/* ITCH messages to events: what each becomes, whose it is, prices, time, sessions. */
#include <stdlib.h>
#include <string.h>

#include "feeds/market/itch.h"
#include "tests/support/feed_rig.h"

static const char *const symbols[] = {"AAPL", "BRK.A"};
static struct ry_battle *battle;
static struct ry_normalise_instruments instruments;
static struct ry_feed_counters counters;
static struct ry_normalise_itch normaliser;
static struct ry_input event;
static struct wire w;

static void begin(unsigned price_scale)
{
    battle = kit_battle(symbols, 2, price_scale);
    ck_assert_int_eq(
        ry_normalise_instruments_init(&instruments, battle, 0, RY_WIRE_ITCH50_DECIMALS), 0);
    memset(&counters, 0, sizeof counters);
    ry_normalise_itch_init(&normaliser, &instruments, &counters);
    w.length = 0;
}

static void end(void)
{
    kit_counts_add_up(&counters);
    ry_normalise_instruments_free(&instruments);
    free(battle);
}

/* The one message in w; what it made is in `event`. */
static bool made(void)
{
    const bool result = ry_normalise_itch(&normaliser, w.bytes, w.length, &event);
    w.length = 0;
    return result;
}

static void check_event(enum ry_input_kind kind, unsigned instrument, unsigned flags, uint64_t ns)
{
    ck_assert_uint_eq(event.head.kind, kind);
    ck_assert_uint_eq(event.head.slots, 1);
    ck_assert_uint_eq(event.head.instrument, instrument);
    ck_assert_uint_eq(event.head.flags, flags);
    ck_assert_int_eq(event.head.time, KIT_MIDNIGHT + (int64_t)ns);
}

START_TEST(test_events)
{
    begin(4);
    itch_directory(&w, 9, 1, "BRK.A");
    ck_assert(!made());
    itch_add(&w, 'A', 9, 10, 5, 'S', 300, "BRK.A", 1234500);
    ck_assert(made());
    check_event(RY_IN_ADD, 1, 0, 10);
    ck_assert(event.ref == 5 && event.side == RY_SELL && event.qty == 300 &&
              event.price == 1234500);
    itch_add(&w, 'F', 9, 11, 6, 'B', 1, "BRK.A", 1);
    ck_assert(made());
    check_event(RY_IN_ADD, 1, 0, 11);
    ck_assert(event.side == RY_BUY);
    itch_executed(&w, 9, 12, 5, 100);
    ck_assert(made());
    check_event(RY_IN_EXEC, 1, RY_INF_PRINTED, 12);
    ck_assert(event.ref == 5 && event.qty == 100 && event.price == 0 && event.side == RY_SIDE_NONE);
    ck_assert_uint_eq(event.ref_new, ITCH_MATCH);
    itch_executed_price(&w, 9, 13, 5, 50, 'Y', 1234400);
    ck_assert(made());
    check_event(RY_IN_EXEC, 1, RY_INF_PRINTED | RY_INF_PRICED, 13);
    ck_assert(event.qty == 50 && event.price == 1234400 && event.ref_new == ITCH_MATCH);
    itch_executed_price(&w, 9, 14, 5, 50, 'N', 1234400);
    ck_assert(made());
    check_event(RY_IN_AUCTION, 1, 0, 14);
    ck_assert(event.qty == 50 && event.price == 0 && event.ref_new == 0);
    itch_cancel(&w, 9, 15, 5, 20);
    ck_assert(made());
    check_event(RY_IN_CANCEL, 1, 0, 15);
    ck_assert(event.ref == 5 && event.qty == 20);
    itch_replace(&w, 9, 16, 5, 7, 70, 1234600);
    ck_assert(made());
    check_event(RY_IN_REPLACE, 1, 0, 16);
    ck_assert(event.ref == 5 && event.ref_new == 7 && event.qty == 70 && event.price == 1234600);
    itch_delete(&w, 9, 17, 7);
    ck_assert(made());
    check_event(RY_IN_CANCEL, 1, RY_INF_ALL, 17);
    ck_assert(event.ref == 7 && event.qty == 0);
    itch_add(&w, 'P', 9, 18, 0, 'B', 40, "BRK.A", 1234550);
    ck_assert(made());
    check_event(RY_IN_PRINT, 1, 0, 18);
    ck_assert(event.ref == ITCH_MATCH && event.qty == 40 && event.price == 1234550 &&
              event.side == RY_SIDE_NONE && event.ref_new == 0);
    itch_cross(&w, 9, 19, 1000, "BRK.A", 1234000);
    ck_assert(made());
    check_event(RY_IN_LAST, 1, 0, 19);
    ck_assert(event.qty == 1000 && event.price == 1234000 && event.ref == ITCH_MATCH);
    itch_broken_trade(&w, 9, 20, 1234);
    ck_assert(made());
    check_event(RY_IN_BROKEN, 1, 0, 20);
    ck_assert(event.ref == 1234 && event.ref_new == 0 && event.qty == 0 && event.price == 0);
    itch_broken_trade(&w, 8, 20, 1234);
    ck_assert(!made()); /* nobody has named 8 */
    itch_cross(&w, 9, 20, 0, "BRK.A", 1234000);
    ck_assert(!made()); /* nothing was crossed */
    itch_cross(&w, 9, 20, 5, "BRK.A", 0);
    ck_assert(!made());
    end();
}
END_TEST

START_TEST(test_states)
{
    static const struct {
        char code;
        unsigned state, unknown;
    } states[] = {{'T', RY_STATE_TRADING, 0}, {'H', RY_STATE_HALTED, 0},
                  {'P', RY_STATE_HALTED, 0},  {'Q', RY_STATE_HALTED, 0},
                  {'V', RY_STATE_TRADING, 1}, {' ', RY_STATE_TRADING, 2}};
    begin(4);
    for (unsigned i = 0; i < sizeof states / sizeof states[0]; i++) {
        itch_action(&w, 3, 5, "AAPL", states[i].code);
        ck_assert(made());
        check_event(RY_IN_STATE, 0, 0, 5);
        ck_assert_uint_eq(event.qty, states[i].state);
        ck_assert_uint_eq(counters.unknown_state, states[i].unknown);
    }
    end();
}
END_TEST

/* H and h each lift their own halt; h is a STATE only where the state changes. */
START_TEST(test_two_reasons_to_halt)
{
    static const struct {
        char type, code;
        bool made;
        unsigned state;
    } steps[] = {
        {'h', 'T', false, 0},
        {'H', 'T', true, RY_STATE_TRADING},
        {'h', 'H', true, RY_STATE_HALTED},
        {'H', 'H', true, RY_STATE_HALTED},
        {'h', 'H', false, 0},
        {'h', 'T', false, 0}, /* H's halt stands */
        {'h', 'H', false, 0},
        {'H', 'T', true, RY_STATE_HALTED}, /* h's does */
        {'h', 'T', true, RY_STATE_TRADING},
        {'h', 'T', false, 0},
        {'h', 'H', true, RY_STATE_HALTED},
        {'h', '?', true, RY_STATE_TRADING}, /* unknown: counted, trading */
    };
    begin(4);
    for (unsigned i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i].type == 'H')
            itch_action(&w, 3, 5, "AAPL", steps[i].code);
        else
            itch_operational_halt(&w, 3, 5, "AAPL", steps[i].code);
        ck_assert_msg(made() == steps[i].made, "step %u", i);
        if (steps[i].made) {
            check_event(RY_IN_STATE, 0, 0, 5);
            ck_assert_uint_eq(event.qty, steps[i].state);
        }
    }
    ck_assert_uint_eq(counters.unknown_state, 1);
    itch_operational_halt(&w, 4, 6, "BRK.A", 'H');
    ck_assert(made());
    check_event(RY_IN_STATE, 1, 0, 6);
    end();
}
END_TEST

START_TEST(test_sessions)
{
    begin(4);
    static const char silent[] = "QMC";
    itch_system(&w, 1, 'O');
    ck_assert(made());
    check_event(RY_IN_SESSION, 0, 0, 1);
    ck_assert_uint_eq(event.qty, RY_SESSION_CLOSED);
    itch_system(&w, 2, 'S');
    ck_assert(made());
    ck_assert_uint_eq(event.qty, RY_SESSION_OPEN);
    for (const char *code = silent; *code != '\0'; code++) {
        itch_system(&w, 3, *code);
        ck_assert(!made());
    }
    ck_assert_uint_eq(counters.unknown_session, 0);
    itch_system(&w, 4, 'E');
    ck_assert(made());
    ck_assert_uint_eq(event.qty, RY_SESSION_CLOSED);
    itch_system(&w, 5, '?');
    ck_assert(!made());
    ck_assert_uint_eq(counters.unknown_session, 1);
    end();
}
END_TEST

START_TEST(test_locates)
{
    begin(4);
    itch_delete(&w, 4, 1, 9); /* nobody has named 4 */
    ck_assert(!made());
    ck_assert_uint_eq(counters.dropped_locate, 1);
    itch_add(&w, 'A', 4, 2, 1, 'B', 1, "AAPL", 1); /* without R the Add names it */
    ck_assert(made());
    ck_assert_uint_eq(event.head.instrument, 0);
    itch_delete(&w, 4, 3, 1);
    ck_assert(made());
    itch_directory(&w, 5, 4, "MSFT");
    ck_assert(!made());
    itch_add(&w, 'A', 5, 5, 1, 'B', 1, "MSFT", 1);
    ck_assert(!made());
    itch_delete(&w, 5, 6, 1);
    ck_assert(!made());
    ck_assert_uint_eq(counters.dropped_instrument, 2);
    itch_directory(&w, 6, 7, "AAPLW"); /* a longer name is another */
    ck_assert(!made());
    itch_delete(&w, 6, 8, 1);
    ck_assert(!made());
    ck_assert_uint_eq(counters.dropped_instrument, 3);
    ck_assert_uint_eq(counters.dropped_locate, 1);
    end();
}
END_TEST

START_TEST(test_other_feeds_instruments_are_foreign)
{
    begin(4);
    battle->instrument[0].feed = 1;
    ry_normalise_instruments_free(&instruments);
    ck_assert_int_eq(
        ry_normalise_instruments_init(&instruments, battle, 0, RY_WIRE_ITCH50_DECIMALS), 0);
    ck_assert_uint_eq(instruments.count, 1);
    itch_add(&w, 'A', 4, 2, 1, 'B', 1, "AAPL", 1);
    ck_assert(!made());
    itch_add(&w, 'A', 5, 2, 1, 'B', 1, "BRK.A", 1);
    ck_assert(made());
    end();
}
END_TEST

START_TEST(test_price_scales)
{
    begin(6); /* finer than the wire */
    itch_add(&w, 'A', 4, 2, 1, 'B', 1, "AAPL", 12345);
    ck_assert(made());
    ck_assert_int_eq(event.price, 1234500);
    itch_add(&w, 'A', 4, 2, 2, 'B', 1, "AAPL", 20000000); /* 2,000.0000 is RY_PRICE_ABS_MAX here */
    ck_assert(made());
    itch_add(&w, 'A', 4, 2, 3, 'B', 1, "AAPL", 20000001);
    ck_assert(!made());
    ck_assert_uint_eq(counters.dropped_price, 1);
    end();
    begin(2); /* coarser */
    itch_add(&w, 'A', 4, 2, 1, 'B', 1, "AAPL", 1234500);
    ck_assert(made());
    ck_assert_int_eq(event.price, 12345);
    itch_add(&w, 'A', 4, 2, 2, 'B', 1, "AAPL", 1234550);
    ck_assert(!made());
    itch_executed_price(&w, 4, 3, 1, 1, 'Y', 1234550); /* the shares are gone all the same */
    ck_assert(made());
    check_event(RY_IN_EXEC, 0, RY_INF_PRINTED, 3);
    ck_assert_int_eq(event.price, 0);
    ck_assert_uint_eq(counters.dropped_price, 0);
    end();
}
END_TEST

/* What the note of a price that is too fine says. */
static void check_too_fine(const char *wanted)
{
    char text[RY_NORMALISE_TOO_FINE_BYTES];
    ck_assert(normaliser.too_fine.found);
    ry_normalise_too_fine_explain(&instruments, &normaliser.too_fine, "message at byte 7", text);
    ck_assert_str_eq(text, wanted);
}

START_TEST(test_prices_too_fine)
{
    begin(2);
    itch_add(&w, 'A', 4, 2, 2, 'B', 1, "AAPL", 1234500);
    ck_assert(made());
    ck_assert(!normaliser.too_fine.found);
    itch_add(&w, 'A', 4, 2, 2, 'B', 1, "AAPL", 90050);
    ck_assert(!made());
    check_too_fine("AAPL: the price 9.005 of the message at byte 7 is finer than price_scale 2: "
                   "write price_scale: 3 for AAPL");
    itch_add(&w, 'A', 4, 2, 2, 'B', 1, "AAPL", 1); /* the first is told */
    ck_assert(!made());
    check_too_fine("AAPL: the price 9.005 of the message at byte 7 is finer than price_scale 2: "
                   "write price_scale: 3 for AAPL");
    end();
    begin(0);
    itch_add(&w, 'P', 5, 2, 0, 'B', 1, "BRK.A", UINT32_MAX); /* 429,496.7295 */
    ck_assert(!made());
    check_too_fine("BRK.A: the price 429496.7295 of the message at byte 7 is finer than "
                   "price_scale 0: no price_scale holds it; leave BRK.A out of "
                   "market.instruments");
    end();
}
END_TEST

/* A replace removes, whatever becomes of what it adds. */
START_TEST(test_replaces_that_cannot_be_held)
{
    static const struct {
        unsigned price_scale;
        uint32_t shares, price;
        uint64_t dropped_price, dropped_quantity;
        bool too_fine;
    } halves[] = {
        {2, 100, 90050, 0, 0, true},       {4, 0, 90000, 0, 1, false},
        {4, 100, 2000000001, 1, 0, false}, {6, 100, 20000001, 1, 0, false},
        {4, 0, UINT32_MAX, 1, 1, false},
    };
    for (unsigned i = 0; i < sizeof halves / sizeof halves[0]; i++) {
        begin(halves[i].price_scale);
        itch_add(&w, 'A', 4, 1, 1, 'B', 100, "AAPL", 100000);
        ck_assert(made());
        itch_replace(&w, 4, 2, 1, 3, halves[i].shares, halves[i].price);
        ck_assert(made());
        check_event(RY_IN_CANCEL, 0, RY_INF_ALL, 2);
        ck_assert(event.ref == 1 && event.ref_new == 0 && event.qty == 0 && event.price == 0);
        ck_assert_uint_eq(counters.replaces_cut, 1);
        ck_assert_uint_eq(counters.dropped_price, halves[i].dropped_price);
        ck_assert_uint_eq(counters.dropped_quantity, halves[i].dropped_quantity);
        ck_assert(normaliser.too_fine.found == halves[i].too_fine);
        end();
    }
}
END_TEST

START_TEST(test_quantities)
{
    begin(4);
    itch_add(&w, 'A', 4, 2, 1, 'B', 0, "AAPL", 1);
    ck_assert(!made());
    itch_cancel(&w, 4, 2, 1, 0);
    ck_assert(!made());
    itch_cross(&w, 4, 2, UINT64_C(1) << 32, "AAPL", 1);
    ck_assert(!made());
    ck_assert_uint_eq(counters.dropped_quantity, 3);
    end();
}
END_TEST

START_TEST(test_time_never_falls)
{
    begin(4);
    battle->warmup_from = KIT_MIDNIGHT + 100;
    ry_normalise_itch_init(&normaliser, &instruments, &counters);
    /* before the warm-up: counts as its beginning */
    itch_add(&w, 'A', 4, 50, 1, 'B', 1, "AAPL", 1);
    ck_assert(made());
    check_event(RY_IN_ADD, 0, 0, 100);
    ck_assert_uint_eq(counters.time_fell, 0);
    itch_add(&w, 'A', 4, 200, 2, 'B', 1, "AAPL", 1);
    ck_assert(made());
    check_event(RY_IN_ADD, 0, 0, 200);
    itch_add(&w, 'A', 4, 150, 3, 'B', 1, "AAPL", 1);
    ck_assert(made());
    check_event(RY_IN_ADD, 0, 0, 200);
    ck_assert_uint_eq(counters.time_fell, 1);
    itch_add(&w, 'A', 4, 201, 4, 'B', 1, "AAPL", 1);
    ck_assert(made());
    check_event(RY_IN_ADD, 0, 0, 201);
    end();
}
END_TEST

START_TEST(test_damaged)
{
    begin(4);
    ck_assert(!ry_normalise_itch(&normaliser, w.bytes, 0, &event));
    itch_delete(&w, 4, 2, 1);
    ck_assert(!ry_normalise_itch(&normaliser, w.bytes, w.length - 1, &event));
    ck_assert(!ry_normalise_itch(&normaliser, w.bytes, w.length + 1, &event));
    w.bytes[0] = '!';
    ck_assert(!made());
    itch_add(&w, 'A', 4, 2, 1, 'X', 1, "AAPL", 1);
    ck_assert(!made());
    ck_assert(counters.messages == 5 && counters.damaged_short == 2 &&
              counters.damaged_bad_length == 1 && counters.damaged_unknown_type == 1 &&
              counters.damaged_bad_field == 1);
    end();
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("market_itch");
    TCase *tcase = tcase_create("events");
    tcase_add_test(tcase, test_events);
    tcase_add_test(tcase, test_states);
    tcase_add_test(tcase, test_two_reasons_to_halt);
    tcase_add_test(tcase, test_sessions);
    tcase_add_test(tcase, test_locates);
    tcase_add_test(tcase, test_other_feeds_instruments_are_foreign);
    tcase_add_test(tcase, test_price_scales);
    tcase_add_test(tcase, test_prices_too_fine);
    tcase_add_test(tcase, test_replaces_that_cannot_be_held);
    tcase_add_test(tcase, test_quantities);
    tcase_add_test(tcase, test_time_never_falls);
    tcase_add_test(tcase, test_damaged);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
