#include "tools/generate/market.h"

#include <assert.h>

/* Shares of each action, of ODDS_ALL; after the published mix of a day. What is left takes. */
#define ODDS_ALL     10000
#define ODDS_ADD     4340
#define ODDS_CANCEL  4450
#define ODDS_REPLACE 975
#define ODDS_REDUCE  130
#define ODDS_HIDDEN  42

#define IMPROVED_ONE_IN  24 /* of executions */
#define RESERVE_ONE_IN   5  /* of levels that a sweep empties */
#define SWEEP_ONE_IN     6  /* of takers */
#define SWEEP_ORDERS_MAX 24
#define SWEEP_TICKS_MAX  4
#define STALE_ODDS_ALL   80 /* while a quote is stale, so many of actions are about it; one takes */
#define STALE_ODDS       40
#define PRESS_TICKS_MAX  3 /* how far orders cross in a halt */

/* ---- draws ----------------------------------------------------------------------------------- */

/* The nearest tick where a quote can stand: in reach, and crossing nothing unless halted. */
static uint32_t fit(const struct ry_generate_instrument *in, enum ry_generate_side side,
                    uint32_t tick)
{
    const struct ry_generate_book_side *other = &in->book.side[ry_generate_other(side)];
    uint32_t over = in->halted ? PRESS_TICKS_MAX : 0;
    if (side == RY_GENERATE_BUY) {
        tick = ry_generate_clamp(tick, in->fair - RY_GENERATE_REACH, in->fair + over);
        return !in->halted && other->orders > 0 && tick >= other->best ? other->best - 1 : tick;
    }
    tick = ry_generate_clamp(tick, in->fair + 1 - over, in->fair + 1 + RY_GENERATE_REACH);
    return !in->halted && other->orders > 0 && tick <= other->best ? other->best + 1 : tick;
}

static uint32_t draw_tick(struct ry_generate_market *market,
                          const struct ry_generate_instrument *in, enum ry_generate_side side)
{
    uint64_t distance = 0;
    if (!ry_generate_once_in(&market->random, 3))
        distance =
            in->depth * ry_generate_exponential(&market->random) / RY_GENERATE_EXPONENTIAL_ONE;
    uint32_t away = ry_generate_clamp(distance, 0, RY_GENERATE_REACH);
    return fit(in, side, side == RY_GENERATE_BUY ? in->fair - away : in->fair + 1 + away);
}

static enum ry_generate_side draw_side(struct ry_generate_market *market)
{
    return ry_generate_once_in(&market->random, 2) ? RY_GENERATE_BUY : RY_GENERATE_SELL;
}

static uint32_t distance_of(const struct ry_generate_instrument *in, uint32_t order)
{
    const struct ry_generate_order *o = &in->book.order[order];
    return o->tick > in->fair ? o->tick - in->fair : in->fair - o->tick;
}

/* An order to cancel or change: half the time a young one, else the nearer of two to the touch. */
static uint32_t draw_order(struct ry_generate_market *market,
                           const struct ry_generate_instrument *in)
{
    const struct ry_generate_book *book = &in->book;
    if (book->orders == 0)
        return RY_GENERATE_NONE;
    if (ry_generate_once_in(&market->random, 2)) {
        uint32_t young = ry_generate_below(&market->random, book->orders / 8 + 1);
        return book->live[book->orders - 1 - young];
    }
    uint32_t a = book->live[ry_generate_below(&market->random, book->orders)];
    uint32_t b = book->live[ry_generate_below(&market->random, book->orders)];
    return distance_of(in, a) < distance_of(in, b) ? a : b;
}

/* ---- actions --------------------------------------------------------------------------------- */

static void act_add(struct ry_generate_market *market, uint32_t index, enum ry_generate_side side)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    if (in->book.orders == in->book.capacity) {
        ry_generate_market_delete(
            market, index, in->book.live[ry_generate_below(&market->random, in->book.orders)]);
        return;
    }
    uint32_t tick = draw_tick(market, in, side);
    uint32_t shares = ry_generate_market_size(market);
    ry_generate_market_enter(market, index, side, tick, shares);
}

/* Cancels hold the number of live orders near its target: fewer below it, more above. */
static void act_cancel(struct ry_generate_market *market, uint32_t index)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    uint32_t target = market->thin ? in->orders_target / 4 + 1 : in->orders_target;
    uint32_t order = draw_order(market, in);
    bool sparse = ry_generate_below(&market->random, target) >= in->book.orders;
    if (order == RY_GENERATE_NONE || sparse)
        act_add(market, index, draw_side(market));
    else if (in->book.side[in->book.order[order].side].orders <= RY_GENERATE_SIDE_ORDERS_MIN)
        act_add(market, index, in->book.order[order].side);
    else
        ry_generate_market_delete(market, index, order);
}

static void act_replace(struct ry_generate_market *market, uint32_t index)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    uint32_t order = draw_order(market, in);
    if (order == RY_GENERATE_NONE) {
        act_add(market, index, draw_side(market));
        return;
    }
    struct ry_generate_order old = in->book.order[order];
    uint32_t tick = draw_tick(market, in, old.side);
    if (ry_generate_once_in(&market->random, 2))
        tick = fit(in, old.side, old.tick - 1 + ry_generate_below(&market->random, 3));
    uint32_t shares = ry_generate_market_size(market);
    if (ry_generate_once_in(&market->random, 2))
        shares = old.shares;
    if (tick == old.tick && shares == old.shares)
        shares += 100;
    struct ry_generate_message m = ry_generate_market_message(market, index, 'U');
    m.ref = old.ref;
    m.ref_new = ++market->ref;
    m.shares = shares;
    m.price = tick * RY_GENERATE_TICK_UNITS;
    ry_generate_book_remove(&in->book, order);
    ry_generate_book_add(&in->book, m.ref_new, old.side, tick, shares);
    ry_generate_market_emit(market, &m);
}

static void act_reduce(struct ry_generate_market *market, uint32_t index)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    uint32_t order = draw_order(market, in);
    if (order == RY_GENERATE_NONE || in->book.order[order].shares == 1) {
        act_add(market, index, draw_side(market));
        return;
    }
    struct ry_generate_message m = ry_generate_market_message(market, index, 'X');
    m.ref = in->book.order[order].ref;
    m.shares = 1 + ry_generate_below(&market->random, in->book.order[order].shares - 1);
    ry_generate_market_reduce(market, index, order, m.shares);
    ry_generate_market_emit(market, &m);
}

/* ---- trades ---------------------------------------------------------------------------------- */

static void count_trade(struct ry_generate_instrument *in, uint32_t shares, uint32_t price)
{
    in->trades++;
    in->volume += shares;
    in->turnover += (uint64_t)shares * price;
}

static void print_hidden(struct ry_generate_market *market, uint32_t index, uint32_t shares,
                         uint32_t price)
{
    struct ry_generate_message m = ry_generate_market_message(market, index, 'P');
    m.shares = shares;
    m.price = price;
    m.match = ++market->match;
    count_trade(&market->instrument[index], shares, price);
    ry_generate_market_emit(market, &m);
}

/* A trade strictly inside the spread, at any half tick. */
static void act_hidden(struct ry_generate_market *market, uint32_t index)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    const struct ry_generate_book_side *side = in->book.side;
    if (side[RY_GENERATE_BUY].orders == 0 || side[RY_GENERATE_SELL].orders == 0) {
        act_add(market, index, draw_side(market));
        return;
    }
    uint32_t spread = side[RY_GENERATE_SELL].best - side[RY_GENERATE_BUY].best;
    uint32_t halves = 1 + ry_generate_below(&market->random, 2 * spread - 1);
    uint32_t shares = ry_generate_market_size(market);
    print_hidden(market, index, shares,
                 side[RY_GENERATE_BUY].best * RY_GENERATE_TICK_UNITS +
                     halves * (RY_GENERATE_TICK_UNITS / 2));
}

/*
 * One execution of a displayed order. Now and then at half a tick better for who takes, as of an
 * order that stands in truth at another price than it displays: a C.
 */
static void execute(struct ry_generate_market *market, uint32_t index, uint32_t order,
                    uint32_t shares)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    const struct ry_generate_order *o = &in->book.order[order];
    struct ry_generate_message m = ry_generate_market_message(market, index, 'E');
    m.ref = o->ref;
    m.shares = shares;
    m.price = o->tick * RY_GENERATE_TICK_UNITS;
    m.match = ++market->match;
    if (ry_generate_once_in(&market->random, IMPROVED_ONE_IN)) {
        m.type = 'C';
        m.code = 'Y';
        if (o->side == RY_GENERATE_BUY)
            m.price += RY_GENERATE_TICK_UNITS / 2;
        else
            m.price -= RY_GENERATE_TICK_UNITS / 2;
    }
    ry_generate_market_reduce(market, index, order, shares);
    count_trade(in, shares, m.price);
    ry_generate_market_emit(market, &m);
}

/* An emptied level had more than it showed: that trades, and a new display appears. */
static uint32_t take_reserve(struct ry_generate_market *market, uint32_t index,
                             enum ry_generate_side side, uint32_t tick, uint32_t want)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    uint32_t reserve = ry_generate_market_size(market);
    uint32_t shares = reserve < want ? reserve : want;
    print_hidden(market, index, shares, tick * RY_GENERATE_TICK_UNITS);
    if (in->book.orders < in->book.capacity)
        ry_generate_market_enter(market, index, side, tick, 100);
    return shares;
}

static uint32_t draw_taken(struct ry_generate_market *market, uint32_t front_shares)
{
    if (ry_generate_once_in(&market->random, SWEEP_ONE_IN)) {
        uint32_t times = 2 + ry_generate_below(&market->random, 12);
        return times * ry_generate_market_size(market);
    }
    uint32_t size = ry_generate_market_size(market);
    return size < front_shares || ry_generate_once_in(&market->random, 2) ? size : front_shares;
}

/* A marketable order: takes what stands on `side` in price-time priority, within a few ticks. */
static void act_take(struct ry_generate_market *market, uint32_t index, enum ry_generate_side side)
{
    struct ry_generate_book *book = &market->instrument[index].book;
    if (book->side[side].orders <= RY_GENERATE_SIDE_ORDERS_MIN) {
        act_add(market, index, side);
        return;
    }
    uint32_t ticks = ry_generate_below(&market->random, SWEEP_TICKS_MAX);
    uint32_t best = book->side[side].best;
    uint32_t limit = side == RY_GENERATE_BUY ? best - ticks : best + ticks;
    uint32_t want = draw_taken(market, book->order[ry_generate_book_front(book, side)].shares);
    for (uint32_t n = 0; n < SWEEP_ORDERS_MAX && want > 0; n++) {
        if (book->side[side].orders <= RY_GENERATE_SIDE_ORDERS_MIN)
            break;
        uint32_t front = ry_generate_book_front(book, side);
        uint32_t tick = book->order[front].tick;
        if (ry_generate_better(side, limit, tick))
            break;
        uint32_t shares = book->order[front].shares < want ? book->order[front].shares : want;
        execute(market, index, front, shares);
        want -= shares;
        bool emptied = book->side[side].best != tick;
        if (want > 0 && emptied && ry_generate_once_in(&market->random, RESERVE_ONE_IN))
            want -= take_reserve(market, index, side, tick, want);
    }
}

/* ---- the fair price -------------------------------------------------------------------------- */

/* The side whose best quote the fair price has left behind, if any. */
static bool stale_side(const struct ry_generate_instrument *in, enum ry_generate_side *side)
{
    const struct ry_generate_book_side *s = in->book.side;
    *side = RY_GENERATE_BUY;
    if (s[RY_GENERATE_BUY].orders > 0 && s[RY_GENERATE_BUY].best > in->fair)
        return true;
    *side = RY_GENERATE_SELL;
    return s[RY_GENERATE_SELL].orders > 0 && s[RY_GENERATE_SELL].best <= in->fair;
}

/*
 * Lets the fair price move, at most a tick. True if this used up the action: the level that would
 * fall out of reach still has orders, and one of them was cancelled.
 */
static bool move_fair(struct ry_generate_market *market, uint32_t index)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    if (in->moving == 0) {
        if (!ry_generate_once_in(&market->random, in->fair_odds))
            return false;
        in->moving = ry_generate_once_in(&market->random, 2) ? 1 : -1;
        if (in->fair >= in->fair_start * 2)
            in->moving = -1;
        if (in->fair <= in->fair_start / 2)
            in->moving = 1;
    }
    enum ry_generate_side side = in->moving > 0 ? RY_GENERATE_BUY : RY_GENERATE_SELL;
    uint32_t edge =
        in->moving > 0 ? in->fair - RY_GENERATE_REACH : in->fair + 1 + RY_GENERATE_REACH;
    uint32_t far = ry_generate_book_head(&in->book, side, edge);
    if (far != RY_GENERATE_NONE) {
        ry_generate_market_delete(market, index, far);
        return true;
    }
    in->fair = in->moving > 0 ? in->fair + 1 : in->fair - 1;
    in->moving = 0;
    return false;
}

/* Quotes that the fair price left behind get cancelled or taken. True if this was the action. */
static bool act_on_stale(struct ry_generate_market *market, uint32_t index,
                         enum ry_generate_side side)
{
    struct ry_generate_book *book = &market->instrument[index].book;
    uint32_t draw = ry_generate_below(&market->random, STALE_ODDS_ALL);
    if (draw >= STALE_ODDS)
        return false;
    if (book->side[side].orders <= RY_GENERATE_SIDE_ORDERS_MIN) {
        act_add(market, index, side);
        return true;
    }
    if (draw == 0 && !market->quiet)
        act_take(market, index, side);
    else
        ry_generate_market_delete(market, index, ry_generate_book_front(book, side));
    return true;
}

/* ---- one action ------------------------------------------------------------------------------ */

void ry_generate_market_seed(struct ry_generate_market *market, uint32_t index,
                             enum ry_generate_side side)
{
    act_add(market, index, side);
}

void ry_generate_market_press(struct ry_generate_market *market, uint32_t index,
                              enum ry_generate_side side)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    assert(in->halted);
    if (in->book.orders == in->book.capacity) {
        act_cancel(market, index);
        return;
    }
    uint32_t over = 1 + ry_generate_below(&market->random, PRESS_TICKS_MAX);
    uint32_t tick = side == RY_GENERATE_BUY ? in->fair + over : in->fair + 1 - over;
    uint32_t shares = ry_generate_market_size(market);
    ry_generate_market_enter(market, index, side, tick, shares);
}

static void act_halted(struct ry_generate_market *market, uint32_t index)
{
    uint32_t draw = ry_generate_below(&market->random, 16);
    if (draw < 6)
        act_cancel(market, index);
    else if (draw < 8)
        act_replace(market, index);
    else if (draw < 12)
        act_add(market, index, draw_side(market));
    else
        ry_generate_market_press(market, index, draw_side(market));
}

void ry_generate_market_act(struct ry_generate_market *market, uint32_t index)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    if (in->halted) {
        act_halted(market, index);
        return;
    }
    enum ry_generate_side side;
    if (stale_side(in, &side)) {
        if (act_on_stale(market, index, side))
            return;
    } else if (move_fair(market, index)) {
        return;
    }
    uint32_t draw = ry_generate_below(&market->random, ODDS_ALL);
    side = draw_side(market);
    if (draw < ODDS_ADD)
        act_add(market, index, side);
    else if (draw < ODDS_ADD + ODDS_CANCEL)
        act_cancel(market, index);
    else if (draw < ODDS_ADD + ODDS_CANCEL + ODDS_REPLACE)
        act_replace(market, index);
    else if (draw < ODDS_ADD + ODDS_CANCEL + ODDS_REPLACE + ODDS_REDUCE)
        act_reduce(market, index);
    else if (market->quiet)
        act_add(market, index, side);
    else if (draw < ODDS_ADD + ODDS_CANCEL + ODDS_REPLACE + ODDS_REDUCE + ODDS_HIDDEN)
        act_hidden(market, index);
    else
        act_take(market, index, side);
}
