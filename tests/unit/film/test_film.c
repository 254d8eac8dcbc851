/*
 * The film of a battle against slow models: each column's last input, gains, ranks, prices and
 * depth as a follower from the start has them there, candles and bubbles from all trades; fewer
 * columns, columns of a range, columns while the end is not known.
 */
#include <endian.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/results/board.h"
#include "tests/support/past_rig.h"
#include "tools/past/past.h"

#define INPUTS       4000
#define SOON         97 /* inputs between copies */
#define SECOND       RY_NS_PER_SECOND
#define TO           (800 * SECOND)
#define TICK         1 /* of the stage's instruments */
#define LEVELS       RY_FILM_LEVELS
#define DEPTH_HEAD   48
#define DEPTH_COLUMN (24 + 8 * LEVELS)

static struct ry_test_past battle;
static struct ry_past *past;

/* ---- what was -------------------------------------------------------------------------------- */

struct trade {
    uint64_t input;
    int64_t time, price, qty;
    uint16_t instrument;
    uint8_t side;
    bool agent;
};

static int64_t *moment; /* of each input, from 1 */
static uint64_t inputs;
static struct trade *trade;
static size_t trades, trades_room;
static struct ry_results_row *agents_trade; /* of the input at hand */
static size_t agents_trades;

static void look(void *context, uint64_t input, struct ry_results *results,
                 const struct ry_arena *arena)
{
    (void)context;
    (void)arena;
    inputs = input;
    moment = realloc(moment, (input + 1) * sizeof *moment);
    ck_assert_ptr_nonnull(moment);
    moment[input] = results->time;
    agents_trades = 0;
}

/* One of the agents' trades is the same, and has not been taken before. */
static bool take_agents(const struct ry_results_row *row)
{
    for (size_t i = 0; i < agents_trades; i++) {
        struct ry_results_row_trade *own = &agents_trade[i].trade;
        if (own->instrument != row->market_trade.instrument ||
            own->price != row->market_trade.price || own->qty != row->market_trade.qty)
            continue;
        own->qty = -1;
        return true;
    }
    return false;
}

static void keep_row(void *context, const struct ry_results *results,
                     const struct ry_results_row *row)
{
    (void)context;
    (void)results;
    if (row->kind == RY_RESULTS_ROW_TRADE) {
        agents_trade = realloc(agents_trade, (agents_trades + 1) * sizeof *agents_trade);
        ck_assert_ptr_nonnull(agents_trade);
        agents_trade[agents_trades++] = *row;
    }
    if (row->kind != RY_RESULTS_ROW_MARKET_TRADE)
        return;
    if (trades == trades_room) {
        trades_room = 2 * trades_room + 64;
        trade = realloc(trade, trades_room * sizeof *trade);
        ck_assert_ptr_nonnull(trade);
    }
    trade[trades++] = (struct trade){.input = row->key.input,
                                     .time = row->key.time,
                                     .price = row->market_trade.price,
                                     .qty = row->market_trade.qty,
                                     .instrument = row->market_trade.instrument,
                                     .side = row->market_trade.side,
                                     .agent = take_agents(row)};
}

static void follow(void)
{
    trades = agents_trades = 0;
    ry_test_past_follow(battle.folder.path, look, keep_row, NULL);
}

static void make(uint64_t seed, uint16_t instruments, int64_t to, unsigned count)
{
    const struct ry_input_battle about = ry_test_past_battle(instruments, 4, to);
    ry_test_past_open(&battle, seed, &about);
    ry_test_past_add(&battle, count);
    past = ry_test_past_look(&battle, SOON);
}

static void pass(void)
{
    follow();
    while (ry_past_advance(past, 333) > 0)
        ;
}

static void done(void)
{
    ry_past_close(past);
    ry_test_past_close(&battle);
    free(moment);
    free(trade);
    free(agents_trade);
}

/* ---- columns --------------------------------------------------------------------------------- */

struct columns {
    int64_t from, step;
    unsigned count;
    bool open; /* the last one takes all that follows */
};

/* The input that was the last before column `at` ended. */
static uint64_t last_input(const struct columns *columns, unsigned at)
{
    const int64_t end = columns->from + (int64_t)(at + 1) * columns->step;
    uint64_t input = inputs;
    if (at + 1 == columns->count && columns->open)
        return input;
    while (input > 0 && moment[input] >= end)
        input--;
    return input;
}

static bool in_column(const struct columns *columns, unsigned at, int64_t time)
{
    const int64_t begins = columns->from + (int64_t)at * columns->step;
    const bool last = at + 1 == columns->count && columns->open;
    return time >= begins && (last || time < begins + columns->step);
}

static int64_t integer_at(const json_t *object, const char *name, unsigned at)
{
    const json_t *value = json_array_get(json_object_get(object, name), at);
    ck_assert_msg(json_is_integer(value), "%s[%u]", name, at);
    return json_integer_value(value);
}

static bool null_at(const json_t *object, const char *name, unsigned at)
{
    return json_is_null(json_array_get(json_object_get(object, name), at));
}

/* An integer, or null if there is none. */
static void want(const json_t *object, const char *name, unsigned at, bool is, int64_t value)
{
    if (is)
        ck_assert_msg(integer_at(object, name, at) == value, "%s[%u] is %ld, not %ld", name, at,
                      (long)integer_at(object, name, at), (long)value);
    else
        ck_assert_msg(null_at(object, name, at), "%s[%u] is not null", name, at);
}

static int64_t moment_of(const json_t *course, const char *name)
{
    return strtoll(json_string_value(json_object_get(course, name)), NULL, 10);
}

/* ---- models ---------------------------------------------------------------------------------- */

static void want_agents(const json_t *course, unsigned at, const struct ry_past_view *view)
{
    struct ry_results_board board;
    ry_results_board_make(&board, view->results, view->arena);
    for (unsigned i = 0; i < board.count; i++) {
        const json_t *agent = json_object_get(json_object_get(course, "agents"), board.row[i].name);
        ck_assert_int_eq(integer_at(agent, "rank", at), board.row[i].rank);
        ck_assert_int_eq(integer_at(agent, "gain_u", at), (int64_t)board.row[i].profit);
    }
}

/* Open lots of one side at a price, order by order. */
struct lots {
    int64_t price;
    uint64_t open;
    int64_t best;
    bool any;
};

static bool add_lots(void *context, const struct ry_arena_book_order *order)
{
    struct lots *lots = context;
    if (order->open > 0 && !lots->any) {
        lots->any = true;
        lots->best = order->price;
    }
    lots->open += order->price == lots->price ? order->open : 0;
    return true;
}

static struct lots lots_at(const struct ry_arena *arena, uint16_t instrument, enum ry_side side,
                           int64_t price)
{
    struct lots lots = {.price = price};
    ry_arena_walk(arena, instrument, side, add_lots, &lots);
    return lots;
}

static int64_t i64_at(const uint8_t *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return (int64_t)le64toh(value);
}

static uint32_t u32_at(const uint8_t *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return le32toh(value);
}

static void want_side(const uint8_t *best, const uint8_t *qty, const struct ry_arena *arena,
                      uint16_t instrument, enum ry_side side)
{
    const struct lots first = lots_at(arena, instrument, side, 0);
    ck_assert_int_eq(i64_at(best), first.any ? first.best : INT64_MIN);
    for (unsigned i = 0; i < LEVELS; i++) {
        const int64_t away = (int64_t)i * TICK;
        const int64_t price = side == RY_BUY ? first.best - away : first.best + away;
        const uint64_t open = first.any ? lots_at(arena, instrument, side, price).open : 0;
        ck_assert_uint_eq(u32_at(qty + 4 * i), open);
    }
}

static void want_depth(const uint8_t *depth, unsigned at, uint16_t instrument,
                       const struct ry_past_view *view)
{
    const uint8_t *column = depth + DEPTH_HEAD + (size_t)at * DEPTH_COLUMN;
    ck_assert_int_eq(i64_at(column), (int64_t)view->input);
    want_side(column + 8, column + 24, view->arena, instrument, RY_BUY);
    want_side(column + 16, column + 24 + 4 * LEVELS, view->arena, instrument, RY_SELL);
}

static void want_stand(const json_t *own, unsigned at, uint16_t instrument,
                       const struct ry_past_view *view)
{
    struct ry_arena_market market;
    const struct lots bid = lots_at(view->arena, instrument, RY_BUY, 0),
                      ask = lots_at(view->arena, instrument, RY_SELL, 0);
    ry_arena_instrument(view->arena, instrument, &market);
    want(own, "bid", at, bid.any, bid.best);
    want(own, "ask", at, ask.any, ask.best);
    want(own, "last", at, market.has_last, market.last_price);
}

static void want_candle(const json_t *own, const struct columns *columns, unsigned at,
                        uint16_t instrument)
{
    int64_t volume = 0, open = 0, high = INT64_MIN, low = INT64_MAX, close = 0;
    bool any = false;
    for (size_t i = 0; i < trades; i++) {
        const struct trade *one = &trade[i];
        if (one->instrument != instrument || !in_column(columns, at, one->time))
            continue;
        open = any ? open : one->price;
        high = one->price > high ? one->price : high;
        low = one->price < low ? one->price : low;
        close = one->price;
        volume += one->qty;
        any = true;
    }
    want(own, "volume", at, true, volume);
    want(own, "open", at, any, open);
    want(own, "high", at, any, high);
    want(own, "low", at, any, low);
    want(own, "close", at, any, close);
}

/* How many trades of the column come before trade `i` by size, of equals by time. */
static unsigned larger(const struct columns *columns, unsigned at, size_t i)
{
    unsigned count = 0;
    for (size_t k = 0; k < trades; k++)
        count += trade[k].instrument == trade[i].instrument &&
                 in_column(columns, at, trade[k].time) &&
                 (trade[k].qty > trade[i].qty || (trade[k].qty == trade[i].qty && k < i));
    return count;
}

static void want_bubbles(const json_t *own, const struct columns *columns, uint16_t instrument)
{
    const json_t *bubbles = json_object_get(own, "bubbles");
    unsigned seen = 0;
    for (unsigned at = 0; at < columns->count; at++)
        for (size_t i = 0; i < trades; i++) {
            const struct trade *one = &trade[i];
            if (one->instrument != instrument || !in_column(columns, at, one->time) ||
                larger(columns, at, i) >= RY_FILM_BUBBLES_MAX)
                continue;
            ck_assert_int_eq(integer_at(bubbles, "column", seen), at);
            ck_assert_int_eq(integer_at(bubbles, "price", seen), one->price);
            ck_assert_int_eq(integer_at(bubbles, "qty", seen), one->qty);
            ck_assert_int_eq(integer_at(bubbles, "side", seen), one->side);
            ck_assert_int_eq(integer_at(bubbles, "input", seen), (int64_t)one->input);
            ck_assert_int_eq(json_is_true(json_array_get(json_object_get(bubbles, "agent"), seen)),
                             one->agent);
            seen++;
        }
    ck_assert_uint_eq(json_array_size(json_object_get(bubbles, "column")), seen);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Every column of the film against the models. */
static unsigned want_film(const struct ry_film *film, unsigned asked, uint16_t instruments)
{
    json_t *course = ry_test_past_course(film, asked);
    const struct columns columns = {
        .from = moment_of(course, "from_ns"),
        .step = moment_of(course, "step_ns"),
        .count = (unsigned)json_integer_value(json_object_get(course, "columns")),
        .open = json_is_true(json_object_get(course, "complete"))};
    ck_assert_uint_le(columns.count, asked);
    ck_assert_uint_gt(columns.count, 1);
    ck_assert_uint_eq(json_array_size(json_object_get(course, "input")), columns.count);
    for (uint16_t id = 0; id < instruments; id++) {
        const char symbol[] = {'S', (char)('0' + id), 0};
        const json_t *own = json_object_get(json_object_get(course, "instruments"), symbol);
        uint8_t *depth;
        size_t bytes;
        ck_assert_int_eq(ry_film_depth(film, symbol, asked, &depth, &bytes), RY_FILM_OK);
        ck_assert_uint_eq(bytes, DEPTH_HEAD + (size_t)columns.count * DEPTH_COLUMN);
        ck_assert_int_eq(memcmp(depth, "RYDEPTH1", 8), 0);
        ck_assert_uint_eq(u32_at(depth + 8), columns.count);
        ck_assert_uint_eq(u32_at(depth + 12), LEVELS);
        ck_assert_int_eq(i64_at(depth + 16), columns.from);
        ck_assert_int_eq(i64_at(depth + 24), columns.step);
        ck_assert_int_eq(i64_at(depth + 32), TICK);
        ck_assert_uint_eq(u32_at(depth + 40), 2);
        ck_assert_uint_eq(u32_at(depth + 44), 0);
        for (unsigned at = 0; at < columns.count; at++) {
            const uint64_t input = (uint64_t)integer_at(course, "input", at);
            struct ry_past_view view;
            ck_assert_uint_eq(input, last_input(&columns, at));
            ck_assert_int_eq(ry_past_seek_input(past, input, &view), RY_PAST_OK);
            if (id == 0)
                want_agents(course, at, &view);
            want_stand(own, at, id, &view);
            want_depth(depth, at, id, &view);
            want_candle(own, &columns, at, id);
        }
        want_bubbles(own, &columns, id);
        free(depth);
    }
    json_decref(course);
    return columns.count;
}

START_TEST(test_columns_are_as_it_was)
{
    make((uint64_t)_i, 2, TO, INPUTS);
    ry_test_past_end(&battle);
    pass();
    ck_assert_uint_eq(want_film(ry_past_film(past), 64, 2), 64);
    ck_assert_uint_gt(want_film(ry_past_film(past), 300, 2), 200);
    done();
}
END_TEST

/* The sum of all columns is the battle's from trade_from on. */
START_TEST(test_volumes_are_all_trades)
{
    int64_t all = 0, filmed = 0;
    make(5, 3, TO, INPUTS);
    ry_test_past_end(&battle);
    pass();
    for (size_t i = 0; i < trades; i++)
        all += trade[i].time >= 10 * SECOND ? trade[i].qty : 0;
    json_t *course = ry_test_past_course(ry_past_film(past), RY_FILM_COLUMNS_MAX);
    const char *symbol;
    json_t *own;
    json_object_foreach(json_object_get(course, "instruments"), symbol, own)
    {
        for (unsigned at = 0; at < json_array_size(json_object_get(own, "volume")); at++)
            filmed += integer_at(own, "volume", at);
    }
    ck_assert_int_gt(all, 0);
    ck_assert_int_eq(filmed, all);
    json_decref(course);
    done();
}
END_TEST

/* Where trading has no known end the step doubles, and what was filmed stays true. */
START_TEST(test_columns_while_the_end_is_not_known)
{
    make(6, 1, RY_TIME_NEVER, 300);
    for (unsigned i = 0; i < 6; i++) {
        ry_test_past_add(&battle, 400);
        pass();
        (void)want_film(ry_past_film(past), 64, 1);
    }
    json_t *course = ry_test_past_course(ry_past_film(past), 64);
    ck_assert(json_is_null(json_object_get(course, "to_ns")));
    ck_assert(json_is_false(json_object_get(course, "complete")));
    json_decref(course);
    ry_test_past_end(&battle);
    pass();
    (void)want_film(ry_past_film(past), 64, 1);
    done();
}
END_TEST

START_TEST(test_a_range_is_recorded_anew)
{
    const struct ry_film *film;
    make(7, 2, TO, INPUTS);
    ry_test_past_end(&battle);
    pass();
    const int64_t first = moment[inputs / 3], last = moment[inputs / 2];
    ck_assert_int_eq(ry_past_film_range(past, first, last, 100, &film), RY_PAST_OK);
    json_t *course = ry_test_past_course(film, 100);
    ck_assert_int_eq(moment_of(course, "from_ns"), first);
    ck_assert_int_eq(moment_of(course, "to_ns"), last);
    ck_assert(json_is_true(json_object_get(course, "complete")));
    const struct columns columns = {first, moment_of(course, "step_ns"), 100, true};
    ck_assert_int_eq(json_integer_value(json_object_get(course, "columns")), 100);
    /* behind `to` nothing counts */
    const uint64_t all = inputs;
    while (moment[inputs] > last)
        inputs--;
    while (trades > 0 && trade[trades - 1].input > inputs)
        trades--;
    for (unsigned at = 0; at < columns.count; at++) {
        struct ry_past_view view;
        const json_t *own = json_object_get(json_object_get(course, "instruments"), "S1");
        ck_assert_uint_eq((uint64_t)integer_at(course, "input", at), last_input(&columns, at));
        want_candle(own, &columns, at, 1);
        ck_assert_int_eq(ry_past_seek_input(past, last_input(&columns, at), &view), RY_PAST_OK);
        want_agents(course, at, &view);
        want_stand(own, at, 1, &view);
    }
    inputs = all;
    json_decref(course);
    ck_assert_int_eq(ry_past_film_range(past, last, first, 100, &film), RY_PAST_BAD_ASKED);
    ck_assert_int_eq(ry_past_film_range(past, first, last, 63, &film), RY_PAST_BAD_ASKED);
    ck_assert_int_eq(ry_past_film_range(past, INT64_MIN + 1, RY_TIME_NEVER - 1, 64, &film),
                     RY_PAST_OK);
    done();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("film");
    TCase *tc = tcase_create("film");
    tcase_add_loop_test(tc, test_columns_are_as_it_was, 0, 3);
    tcase_add_test(tc, test_volumes_are_all_trades);
    tcase_add_test(tc, test_columns_while_the_end_is_not_known);
    tcase_add_test(tc, test_a_range_is_recorded_anew);
    tcase_set_timeout(tc, 240);
    suite_add_tcase(s, tc);
    return s;
}

RY_TEST_MAIN(suite)
