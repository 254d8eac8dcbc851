/* DBN's instrument ids: each holds for days, and the battle's hours say which. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feeds/market/dbn_symbols.h"
#include "tests/support/feed_rig.h"

#define HOUR (3600 * RY_NS_PER_SECOND)

static const char *const names[] = {"ES.c.0", "AAPL"};
static struct ry_battle *battle;
static struct ry_normalise_instruments instruments;
static struct ry_normalise_dbn_symbols symbols;
static struct wire w;

/* 2024-03-`day`, ns UTC. */
static int64_t march(unsigned day)
{
    struct tm date = {.tm_year = 124, .tm_mon = 2, .tm_mday = (int)day};
    return (int64_t)timegm(&date) * RY_NS_PER_SECOND;
}

static void begin(const char *const *list, unsigned count, int64_t from, int64_t to)
{
    battle = kit_battle(list, count, 2);
    battle->warmup_from = from;
    battle->trade_to = to;
    ck_assert_int_eq(ry_normalise_instruments_init(&instruments, battle, 0, RY_WIRE_DBN_DECIMALS),
                     0);
    ck_assert_int_eq(ry_normalise_dbn_symbols_init(&symbols, &instruments), 0);
}

static void end(void)
{
    ry_normalise_dbn_symbols_free(&symbols);
    ry_normalise_instruments_free(&instruments);
    free(battle);
}

static void read_metadata(const struct dbn_symbol *mapping, unsigned count)
{
    struct ry_wire_dbn_metadata metadata;
    w.length = 0;
    dbn_header(&w, 3, 0, 1, 0, 0, mapping, count);
    ck_assert_int_eq(ry_wire_dbn_metadata(3, w.bytes + RY_WIRE_DBN_PRELUDE_BYTES,
                                          w.length - RY_WIRE_DBN_PRELUDE_BYTES, &metadata),
                     RY_WIRE_DBN_OK);
    ck_assert(ry_normalise_dbn_symbols_metadata(&symbols, &metadata));
}

static int find(uint32_t wire, int64_t time)
{
    return ry_normalise_dbn_symbols_find(&symbols, wire, (uint64_t)time);
}

static const struct dbn_symbol two_days[] = {
    {"ES.c.0", "100", 20240314, 20240315},
    {"ES.c.0", "200", 20240315, 20240316},
    {"AAPL", "200", 20240314, 20240315}, /* the id is somebody else's on the next day */
    {"AAPL", "38", 20240315, 20240316},
};

START_TEST(test_day_of_the_battle)
{
    begin(names, 2, march(15) + 14 * HOUR, march(15) + 20 * HOUR);
    read_metadata(two_days, 4);
    ck_assert_uint_eq(symbols.bound_count, 2);
    ck_assert(!symbols.rolls.found && symbols.ambiguous == 0);
    ck_assert_int_eq(find(200, march(15) + 14 * HOUR), 0);
    ck_assert_int_eq(find(38, march(15)), 1);
    ck_assert_int_eq(find(100, march(14)), RY_NORMALISE_DBN_NOT_LISTED);
    ck_assert_int_eq(find(200, march(15) - 1), RY_NORMALISE_DBN_OTHER_DAY);
    ck_assert_int_eq(find(200, march(16)), RY_NORMALISE_DBN_OTHER_DAY);
    end();

    begin(names, 2, march(14) + 14 * HOUR, march(15)); /* up to midnight is the 14th alone */
    read_metadata(two_days, 4);
    ck_assert(!symbols.rolls.found && symbols.ambiguous == 0);
    ck_assert_int_eq(find(100, march(14) + 14 * HOUR), 0);
    ck_assert_int_eq(find(200, march(14) + 14 * HOUR), 1);
    end();
}
END_TEST

START_TEST(test_roll_in_the_battle)
{
    static const char *const one[] = {"ES.c.0"};
    begin(one, 1, march(14) + 23 * HOUR, march(15) + 1);
    read_metadata(two_days, 2);
    ck_assert(symbols.rolls.found && symbols.rolls.id == 0);
    ck_assert(symbols.rolls.before == 100 && symbols.rolls.after == 200);
    ck_assert_int_eq(symbols.rolls.at, march(15));
    end();

    begin(one, 1, march(14), RY_TIME_NEVER); /* until the feed ends */
    const struct dbn_symbol turned[] = {two_days[1], two_days[0]};
    read_metadata(turned, 2);
    ck_assert(symbols.rolls.before == 100 && symbols.rolls.after == 200);
    ck_assert_int_eq(symbols.rolls.at, march(15));
    end();
}
END_TEST

START_TEST(test_no_interval_on_the_day)
{
    static const char *const one[] = {"ES.c.0"};
    begin(one, 1, march(16), RY_TIME_NEVER);
    read_metadata(two_days, 2);
    ck_assert_uint_eq(symbols.bound_count, 0);
    ck_assert(symbols.symbol[0].other_day && symbols.symbol[0].other_to == march(16));
    end();
}
END_TEST

/* What came before the battle counts, if the id is the same: the book was made then. */
START_TEST(test_days_before)
{
    static const char *const one[] = {"ES.c.0"};
    static const struct dbn_symbol days[] = {
        {"ES.c.0", "7", 20240310, 20240311}, /* a gap: not the same stretch */
        {"ES.c.0", "7", 20240312, 20240313}, {"ES.c.0", "7", 20240313, 20240314},
        {"ES.c.0", "7", 20240314, 20240315}, {"ES.c.0", "7", 20240315, 20240318},
    };
    begin(one, 1, march(14) + HOUR, march(15));
    read_metadata(days, 5);
    ck_assert(!symbols.rolls.found);
    ck_assert(symbols.symbol[0].from == march(12) && symbols.symbol[0].to == march(18));
    ck_assert_int_eq(find(7, march(11)), RY_NORMALISE_DBN_OTHER_DAY);
    ck_assert_int_eq(find(7, march(12)), 0);
    end();
}
END_TEST

START_TEST(test_two_claims)
{
    static const struct dbn_symbol twice[] = {
        {"ES.c.0", "7", 20240314, 20240316},
        {"ES.c.0", "8", 20240315, 20240317}, /* at the same time: one of the two */
        {"AAPL", "7", 20240314, 20240316},   /* the id has an owner */
    };
    begin(names, 2, march(15), march(16));
    read_metadata(twice, 3);
    ck_assert_uint_eq(symbols.ambiguous, 2);
    ck_assert(!symbols.rolls.found && symbols.bound_count == 1);
    ck_assert_int_eq(find(7, march(15)), 0);
    end();
}
END_TEST

START_TEST(test_long_symbols)
{
    static const char *const list[] = {
        "BRN FMZ0024-BRN FMF0025 SPREAD 1234567890123456789012345678901234567 71", "FG2 FMH0024!"};
    const struct dbn_symbol mapping[] = {{list[0], "5", 20240315, 20240316},
                                         {list[1], "6", 20240315, 20240316}};
    ck_assert_uint_eq(strlen(list[0]), RY_SYMBOL_BYTES - 1);
    begin(list, 2, march(15), march(16));
    read_metadata(mapping, 2);
    ck_assert(find(5, march(15)) == 0 && find(6, march(15)) == 1);
    end();
}
END_TEST

static enum ry_normalise_dbn_bound record(uint32_t wire, int64_t time, const char *in,
                                          const char *out)
{
    unsigned moved;
    const struct ry_wire_dbn_symbol_mapping mapping = {.ts_event = (uint64_t)time,
                                                       .instrument_id = wire,
                                                       .in = in,
                                                       .in_length = strlen(in),
                                                       .out = out,
                                                       .out_length = strlen(out)};
    return ry_normalise_dbn_symbols_record(&symbols, &mapping, &moved);
}

START_TEST(test_recording)
{
    begin(names, 2, march(15), march(16));
    ck_assert_int_eq(record(9, march(14), "CL.c.0", "CLJ4"), RY_NORMALISE_DBN_BOUND_FOREIGN);
    ck_assert_int_eq(record(1, march(14), "ES.c.0", "ESH4"), RY_NORMALISE_DBN_BOUND);
    ck_assert_int_eq(record(38, march(14), "AAPL", "AAPL"), RY_NORMALISE_DBN_BOUND);
    ck_assert_int_eq(record(1, march(15), "ES.c.0", "ESH4"), RY_NORMALISE_DBN_BOUND);
    ck_assert_int_eq(find(1, march(2)), 0);
    ck_assert_int_eq(record(2, march(14) + 1, "ES.c.0", "ESM4"), RY_NORMALISE_DBN_BOUND_MOVED);
    ck_assert_int_eq(find(1, march(15)), RY_NORMALISE_DBN_NOT_LISTED);
    ck_assert_int_eq(find(2, march(15)), 0);
    ck_assert_int_eq(find(38, march(15)), 1);
    ck_assert_int_eq(record(38, march(14) + 1, "ES.c.0", "ESM4"), RY_NORMALISE_DBN_BOUND_AMBIGUOUS);
    ck_assert_int_eq(record(3, march(16), "ES.c.0", "ESU4"), RY_NORMALISE_DBN_BOUND_OTHER_DAY);
    ck_assert_int_eq(record(3, march(15) + 1, "ES.c.0", "ESU4"), RY_NORMALISE_DBN_BOUND_ROLLS);
    ck_assert(symbols.rolls.before == 2 && symbols.rolls.after == 3);
    end();
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("market_dbn_symbols");
    TCase *tcase = tcase_create("symbols");
    tcase_add_test(tcase, test_day_of_the_battle);
    tcase_add_test(tcase, test_roll_in_the_battle);
    tcase_add_test(tcase, test_no_interval_on_the_day);
    tcase_add_test(tcase, test_days_before);
    tcase_add_test(tcase, test_two_claims);
    tcase_add_test(tcase, test_long_symbols);
    tcase_add_test(tcase, test_recording);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
