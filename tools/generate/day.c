#include "tools/generate/day.h"

#include <assert.h>

#define NS_PER_US     UINT64_C(1000)
#define NS_PER_SECOND UINT64_C(1000000000)
#define NS_PER_MINUTE (60 * NS_PER_SECOND)

/* Minutes since midnight. */
#define START_MINUTE    180
#define SYSTEM_MINUTE   240
#define OPEN_MINUTE     570
#define HALT_MINUTE_MIN 660
#define HALT_MINUTE_MAX 835
#define HALT_MINUTES    5
#define END_MINUTE      1200
#define LAST_MINUTE     1205

/* The halt is of one of the most active, and something happens in it. */
#define HALT_INSTRUMENTS 4
#define HALT_PRESSES     4

/* The messages' parts of the day: one in so many before the open, and after the close. */
#define BEFORE_PART    32
#define AFTER_PART     64
#define AFTER_MIN      150 /* more than the last sweep before can run over its minute */
#define SEEDS_EACH     8   /* quotes of an instrument at the start */
#define MESSAGES_AFTER 2   /* S 'E', S 'C' */

/* Opening crosses lie within half a second, whatever their number. */
#define CROSS_SPREAD_NS (NS_PER_SECOND / 2)

/* Most gaps between messages are of a burst; the others carry the time. */
#define BURST_GAPS   13 /* of 16 */
#define BURST_GAP_NS (15 * NS_PER_US)
#define GAP_NS_MIN   200

static uint64_t minute_ns(uint32_t minute)
{
    return minute * NS_PER_MINUTE;
}

/* ---- who and when ---------------------------------------------------------------------------- */

/* Low indices are the busier ones: half the draws are the least of two, half a product of two. */
static uint32_t draw_instrument(struct ry_generate_market *market)
{
    uint32_t n = market->instruments;
    uint32_t a = ry_generate_below(&market->random, n);
    if (ry_generate_once_in(&market->random, 2))
        return ry_generate_below(&market->random, a + 1);
    uint32_t b = ry_generate_below(&market->random, n);
    return a < b ? a : b;
}

/* Moves time on within what is left of a minute that has so many messages left. */
static void pass_time(struct ry_generate_market *market, uint64_t end_ns, uint64_t messages_left)
{
    uint64_t left = end_ns - 1 - market->time_ns;
    uint64_t mean = left / (messages_left + 1);
    uint64_t draw = ry_generate_exponential(&market->random);
    uint64_t scale = mean * 16 / (16 - BURST_GAPS);
    if (ry_generate_below(&market->random, 16) < BURST_GAPS)
        scale = mean / 16 < BURST_GAP_NS ? mean / 16 : BURST_GAP_NS;
    uint64_t gap = GAP_NS_MIN + scale * draw / RY_GENERATE_EXPONENTIAL_ONE;
    uint64_t most = left / 4 + 1;
    if (gap > most)
        gap = most;
    market->time_ns += gap < left ? gap : left;
}

/* So many messages within a minute; bursts stay in one instrument. */
static void run_minute(struct ry_generate_market *market, uint32_t minute, uint64_t messages_end)
{
    uint64_t end_ns = minute_ns(minute + 1);
    uint32_t index = draw_instrument(market);
    if (market->time_ns < minute_ns(minute))
        market->time_ns = minute_ns(minute);
    while (market->messages < messages_end && !market->failed) {
        if (ry_generate_once_in(&market->random, 2))
            index = draw_instrument(market);
        pass_time(market, end_ns, messages_end - market->messages);
        ry_generate_market_act(market, index);
    }
}

/* ---- how many -------------------------------------------------------------------------------- */

/* How busy a minute is: rising before the open, a U over the day, falling after the close. */
static uint32_t weight_of(const struct ry_generate_day *day, uint32_t minute)
{
    if (minute < OPEN_MINUTE)
        return 20 + (minute - SYSTEM_MINUTE) / 4;
    if (minute >= day->close_minute)
        return 10 + (END_MINUTE - minute) / 8;
    uint32_t since = minute - OPEN_MINUTE;
    uint32_t until = day->close_minute - minute;
    return 100 + 12000 / (since + 25) + 5000 / (until + 12);
}

/* A minute's halt, if it is one of its ends. */
static void run_halt(struct ry_generate_market *market, uint32_t halt_minute, uint32_t index,
                     uint32_t minute)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    if (minute == halt_minute) {
        market->time_ns = minute_ns(minute);
        ry_generate_market_tell(market, index, 'H', 'H', "T1  ");
        in->halted = true;
        for (uint32_t n = 0; n < HALT_PRESSES; n++) {
            market->time_ns += NS_PER_SECOND + ry_generate_below(&market->random, 1000000);
            ry_generate_market_press(market, index,
                                     n % 2 == 0 ? RY_GENERATE_BUY : RY_GENERATE_SELL);
        }
    } else if (minute == halt_minute + HALT_MINUTES) {
        /* What came before may have been cancelled: with these two there is something to cross. */
        market->time_ns = minute_ns(minute);
        ry_generate_market_press(market, index, RY_GENERATE_BUY);
        ry_generate_market_press(market, index, RY_GENERATE_SELL);
        ry_generate_market_reopen(market, index);
        in->halted = false;
        ry_generate_market_tell(market, index, 'H', 'T', "    ");
    }
}

/* Minutes [from, to): messages up to a total of `messages_end`, spread by weight. */
static void run_minutes(struct ry_generate_day *day, struct ry_generate_market *market,
                        uint32_t from, uint32_t to, uint64_t messages_end)
{
    uint32_t halt_minute = 0;
    uint32_t halt_index = 0;
    if (day->halt && from <= HALT_MINUTE_MIN && to > HALT_MINUTE_MAX + HALT_MINUTES &&
        to <= day->close_minute) {
        uint32_t minutes = HALT_MINUTE_MAX - HALT_MINUTE_MIN;
        uint32_t busiest =
            market->instruments < HALT_INSTRUMENTS ? market->instruments : HALT_INSTRUMENTS;
        halt_minute = HALT_MINUTE_MIN + ry_generate_below(&market->random, minutes);
        halt_index = ry_generate_below(&market->random, busiest);
        day->halted = halt_index + 1;
    }

    uint64_t weights = 0;
    for (uint32_t minute = from; minute < to; minute++)
        weights += weight_of(day, minute);
    for (uint32_t minute = from; minute < to && !market->failed; minute++) {
        if (halt_minute != 0)
            run_halt(market, halt_minute, halt_index, minute);
        /* What is left is shared anew each minute: a burst now thins what comes. */
        uint64_t left = messages_end > market->messages ? messages_end - market->messages : 0;
        uint32_t weight = weight_of(day, minute);
        uint64_t share = left * weight / weights;
        if (minute + 1 < to)
            share = share * (75 + ry_generate_below(&market->random, 51)) / 100;
        else
            share = left;
        weights -= weight;
        run_minute(market, minute, market->messages + (share < left ? share : left));
    }
}

/* ---- phases ---------------------------------------------------------------------------------- */

static void run_start(struct ry_generate_market *market)
{
    market->time_ns = minute_ns(START_MINUTE);
    ry_generate_market_tell(market, RY_GENERATE_NONE, 'S', 'O', NULL);
    market->time_ns += NS_PER_MINUTE;
    for (uint32_t i = 0; i < market->instruments; i++) {
        market->time_ns += 5 * NS_PER_US + ry_generate_below(&market->random, 5000);
        ry_generate_market_tell(market, i, 'R', 0, NULL);
    }
    market->time_ns += NS_PER_SECOND;
    for (uint32_t i = 0; i < market->instruments; i++) {
        market->time_ns += 5 * NS_PER_US + ry_generate_below(&market->random, 5000);
        ry_generate_market_tell(market, i, 'Y', '0', NULL);
        ry_generate_market_tell(market, i, 'H', 'T', "    ");
    }
}

static void run_before(struct ry_generate_day *day, struct ry_generate_market *market)
{
    market->time_ns = minute_ns(SYSTEM_MINUTE);
    ry_generate_market_tell(market, RY_GENERATE_NONE, 'S', 'S', NULL);
    market->thin = true;
    uint64_t seeds = (uint64_t)SEEDS_EACH * market->instruments;
    for (uint64_t n = 0; n < seeds; n++) {
        pass_time(market, minute_ns(SYSTEM_MINUTE + 1), seeds - n);
        enum ry_generate_side side =
            n / market->instruments % 2 == 0 ? RY_GENERATE_BUY : RY_GENERATE_SELL;
        ry_generate_market_seed(market, (uint32_t)(n % market->instruments), side);
    }
    run_minutes(day, market, SYSTEM_MINUTE + 1, OPEN_MINUTE,
                market->messages + day->messages / BEFORE_PART);
    market->thin = false;
}

static void run_regular(struct ry_generate_day *day, struct ry_generate_market *market)
{
    market->time_ns = minute_ns(OPEN_MINUTE);
    ry_generate_market_tell(market, RY_GENERATE_NONE, 'S', 'Q', NULL);
    for (uint32_t i = 0; day->auction && i < market->instruments; i++) {
        market->time_ns += CROSS_SPREAD_NS / market->instruments;
        ry_generate_market_open(market, i);
    }
    uint64_t after = day->messages / AFTER_PART;
    if (after < AFTER_MIN)
        after = AFTER_MIN;
    run_minutes(day, market, OPEN_MINUTE, day->close_minute, day->messages - after);
}

static void run_after(struct ry_generate_day *day, struct ry_generate_market *market)
{
    market->time_ns = minute_ns(day->close_minute);
    ry_generate_market_tell(market, RY_GENERATE_NONE, 'S', 'M', NULL);
    market->quiet = true;
    run_minutes(day, market, day->close_minute, END_MINUTE, day->messages - MESSAGES_AFTER);
    market->time_ns = minute_ns(END_MINUTE);
    ry_generate_market_tell(market, RY_GENERATE_NONE, 'S', 'E', NULL);
    market->time_ns = minute_ns(LAST_MINUTE);
    ry_generate_market_tell(market, RY_GENERATE_NONE, 'S', 'C', NULL);
}

void ry_generate_day_run(struct ry_generate_day *day, struct ry_generate_market *market)
{
    run_start(market);
    run_before(day, market);
    run_regular(day, market);
    run_after(day, market);
    assert(market->failed || market->messages == day->messages);
}
