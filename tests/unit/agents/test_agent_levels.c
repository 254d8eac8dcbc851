/*
 * The view by interest: one random stream of orders, told as ORDERS, LEVELS and TOP by a model that
 * sorts all of its orders each time it is asked. Wherever two interests give the same, the views
 * agree; and what no interest brings is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "agents/book.h"
#include "tests/support/test.h"

#define ORDERS_MAX   300
#define INSTRUMENTS  2
#define LEVELS_MAX   ORDERS_MAX
#define WARM_UP      60    /* orders before START */
#define MOMENTS      20000 /* different T */
#define CHANGES_MAX  8     /* of one group */
#define PRICE_MIDDLE INT64_C(1000)

/* ---- the model ------------------------------------------------------------------------------- */

struct order {
    uint16_t instrument;
    uint8_t side; /* 0: there is none */
    int64_t price;
    uint32_t qty;
};

struct side {
    struct ry_host_book_level level[LEVELS_MAX]; /* best first */
    unsigned levels;
};

static const unsigned interests[][INSTRUMENTS] = {
    {RY_INTEREST_ORDERS | RY_INTEREST_STATES, RY_INTEREST_ORDERS},
    {RY_INTEREST_LEVELS, RY_INTEREST_LEVELS | RY_INTEREST_STATES},
    {RY_INTEREST_TOP(1), RY_INTEREST_TOP(1)},
    {RY_INTEREST_TOP(3) | RY_INTEREST_STATES, RY_INTEREST_TOP(3) | RY_INTEREST_STATES},
    {RY_INTEREST_TOP(20) | RY_INTEREST_TRADES, RY_INTEREST_TOP(20)},
    {RY_INTEREST_ORDERS | RY_INTEREST_TRADES, RY_INTEREST_TOP(3)},
    {RY_INTEREST_NONE | RY_INTEREST_TRADES, RY_INTEREST_LEVELS},
    {RY_INTEREST_NONE, RY_INTEREST_NONE | RY_INTEREST_STATES},
};
#define VIEWS (sizeof interests / sizeof *interests)

static struct stream {
    uint64_t random, group;
    int64_t now;
    struct order order[ORDERS_MAX + 1]; /* by id */
    bool trading[INSTRUMENTS], trading_at_start[INSTRUMENTS];
    struct ry_host_book view[VIEWS];
    struct side told[VIEWS][INSTRUMENTS][2]; /* what the levels were when they were told last */
    uint64_t levels_told, levels_compared, gone, over;
} stream;

static uint64_t draw(uint64_t below)
{
    uint64_t z = stream.random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    return ((z ^ z >> 27) * UINT64_C(0x94d049bb133111eb) >> 33) % below;
}

static int by_price(const void *a, const void *b)
{
    const int64_t left = ((const struct ry_host_book_level *)a)->price,
                  right = ((const struct ry_host_book_level *)b)->price;
    return (left > right) - (left < right);
}

static struct side side_of(unsigned instrument, unsigned side, unsigned max)
{
    struct side out = {.levels = 0};
    for (unsigned id = 1; id <= ORDERS_MAX; id++) {
        const struct order *order = &stream.order[id];
        if (order->side != side || order->instrument != instrument)
            continue;
        unsigned at = 0;
        while (at < out.levels && out.level[at].price != order->price)
            at++;
        out.level[at].price = order->price;
        out.level[at].qty += order->qty;
        out.level[at].orders++;
        out.levels += at == out.levels;
    }
    qsort(out.level, out.levels, sizeof *out.level, by_price);
    for (unsigned i = 0; side == RY_BUY && i < out.levels / 2; i++) {
        const struct ry_host_book_level swapped = out.level[i];
        out.level[i] = out.level[out.levels - 1 - i];
        out.level[out.levels - 1 - i] = swapped;
    }
    out.levels = out.levels < max ? out.levels : max;
    return out;
}

/* ---- what the views are told ----------------------------------------------------------------- */

static unsigned book_of(unsigned view, unsigned instrument)
{
    return interests[view][instrument] & RY_INTEREST_BOOK_MASK;
}

static void see(unsigned view, const union ry_told_any *record)
{
    ck_assert_msg(ry_host_book_market(&stream.view[view], record),
                  "view %u: kind %u instrument %u side %u price %lld", view, record->market.kind,
                  record->market.instrument, record->market.side, (long long)record->market.price);
}

static const struct ry_host_book_level *level_at(const struct side *side, int64_t price)
{
    for (unsigned i = 0; i < side->levels; i++)
        if (side->level[i].price == price)
            return &side->level[i];
    return NULL;
}

/* The levels that differ from those told last, in any order. */
static void tell_side(unsigned view, uint16_t instrument, unsigned side, unsigned max)
{
    static struct ry_told_level record[2 * LEVELS_MAX];
    struct side *old = &stream.told[view][instrument][side - 1];
    const struct side now = side_of(instrument, side, max);
    const bool top = book_of(view, instrument) == RY_INTEREST_BOOK_TOP;
    unsigned records = 0;
    const struct ry_told_level level = {.kind = RY_TOLD_LEVEL,
                                        .slots = 1,
                                        .instrument = instrument,
                                        .side = (uint8_t)side,
                                        .group = top ? 0 : stream.group,
                                        .time = stream.now};
    for (unsigned i = 0; i < old->levels; i++)
        if (level_at(&now, old->level[i].price) == NULL) {
            record[records] = level;
            record[records++].price = old->level[i].price;
            stream.gone++;
        }
    for (unsigned i = 0; i < now.levels; i++) {
        const struct ry_host_book_level *before = level_at(old, now.level[i].price);
        if (before != NULL && before->qty == now.level[i].qty &&
            before->orders == now.level[i].orders)
            continue;
        record[records] = level;
        record[records].price = now.level[i].price;
        record[records].qty = now.level[i].qty;
        record[records++].orders = now.level[i].orders;
    }
    for (unsigned left = records; left > 0; left--) {
        const unsigned at = (unsigned)draw(left);
        see(view, &(union ry_told_any){.level = record[at]});
        stream.over += !ry_host_book_complete(&stream.view[view]);
        record[at] = record[left - 1];
    }
    stream.levels_told += records;
    *old = now;
}

static void tell_levels(unsigned book)
{
    for (unsigned v = 0; v < VIEWS; v++)
        for (uint16_t i = 0; i < INSTRUMENTS; i++)
            for (unsigned side = RY_BUY; side <= RY_SELL && book_of(v, i) == book; side++)
                tell_side(v, i, side,
                          book == RY_INTEREST_LEVELS ? LEVELS_MAX
                                                     : ry_interest_top(interests[v][i]));
}

static void tell_order(const struct ry_market *record, bool started)
{
    for (unsigned v = 0; v < VIEWS; v++)
        if (!started || book_of(v, record->instrument) == RY_INTEREST_ORDERS)
            see(v, &(union ry_told_any){.market = *record});
}

static void tell_all(const struct ry_market *record, unsigned interest)
{
    for (unsigned v = 0; v < VIEWS; v++)
        if (interests[v][record->instrument] & interest)
            see(v, &(union ry_told_any){.market = *record});
}

static struct ry_market change_of(uint32_t id, bool fresh, uint32_t qty)
{
    const struct order *order = &stream.order[id];
    return (struct ry_market){.kind = RY_MK_CHANGE,
                              .slots = 1,
                              .instrument = order->instrument,
                              .side = order->side,
                              .flags = fresh ? RY_MKF_NEW : 0,
                              .group = stream.group,
                              .time = stream.now,
                              .price = order->price,
                              .order = id,
                              .qty = qty};
}

static void new_order(uint32_t id, bool started)
{
    const uint8_t side = draw(2) ? RY_BUY : RY_SELL;
    const int64_t away = 1 + (int64_t)(draw(5) ? draw(8) : draw(90));
    stream.order[id] = (struct order){.instrument = (uint16_t)draw(INSTRUMENTS),
                                      .side = side,
                                      .price = PRICE_MIDDLE + (side == RY_BUY ? -away : away),
                                      .qty = 1 + (uint32_t)draw(1000)};
    const struct ry_market record = change_of(id, true, stream.order[id].qty);
    tell_order(&record, started);
}

/* Another quantity, another place in the queue, or gone. */
static void change_order(uint32_t id)
{
    struct order *order = &stream.order[id];
    const uint64_t dice = draw(3);
    struct ry_market record = change_of(id, false, dice == 0 ? 1 + (uint32_t)draw(1000) : 0);
    tell_order(&record, true);
    if (dice == 0) {
        order->qty = record.qty;
    } else if (dice == 1) {
        record = change_of(id, true, order->qty);
        tell_order(&record, true);
    } else {
        *order = (struct order){0};
    }
}

static void one_group(void)
{
    stream.group++;
    for (uint64_t n = 1 + draw(CHANGES_MAX); n > 0; n--) {
        const uint32_t id = 1 + (uint32_t)draw(ORDERS_MAX);
        if (stream.order[id].side == 0)
            new_order(id, true);
        else
            change_order(id);
    }
    struct ry_market other = {.kind = RY_MK_TRADE,
                              .slots = 1,
                              .instrument = (uint16_t)draw(INSTRUMENTS),
                              .group = stream.group,
                              .time = stream.now,
                              .qty = 1};
    tell_all(&other, RY_INTEREST_TRADES);
    if (draw(20) == 0) {
        other.kind = RY_MK_STATE;
        other.qty = stream.trading[other.instrument] = !stream.trading[other.instrument];
        tell_all(&other, RY_INTEREST_STATES);
    }
    tell_levels(RY_INTEREST_LEVELS);
}

/* ---- compared -------------------------------------------------------------------------------- */

static void compare_side(unsigned view, uint16_t instrument, unsigned side, unsigned max)
{
    const struct side model = side_of(instrument, side, max);
    for (unsigned i = 0; i < model.levels; i++) {
        const struct ry_host_book_level *level =
            ry_host_book_level(&stream.view[view], instrument, (enum ry_side)side, i);
        ck_assert_msg(level != NULL && level->price == model.level[i].price &&
                          level->qty == model.level[i].qty &&
                          level->orders == model.level[i].orders,
                      "view %u, instrument %u, side %u, level %u", view, instrument, side, i);
        stream.levels_compared++;
    }
    ck_assert_ptr_null(
        ry_host_book_level(&stream.view[view], instrument, (enum ry_side)side, model.levels));
}

/* tops: a moment is over, so they are whole as well. */
static void compare(bool tops)
{
    for (unsigned v = 0; v < VIEWS; v++) {
        for (uint16_t i = 0; i < INSTRUMENTS; i++) {
            const unsigned book = book_of(v, i), interest = interests[v][i];
            const unsigned max = book == RY_INTEREST_NONE       ? 0
                                 : book == RY_INTEREST_BOOK_TOP ? ry_interest_top(interest)
                                                                : LEVELS_MAX;
            for (unsigned side = RY_BUY; side <= RY_SELL; side++)
                if (tops || book != RY_INTEREST_BOOK_TOP)
                    compare_side(v, i, side, max);
            ck_assert_int_eq(stream.view[v].instrument[i].trading,
                             interest & RY_INTEREST_STATES ? stream.trading[i]
                                                           : stream.trading_at_start[i]);
        }
        ck_assert(!tops || ry_host_book_complete(&stream.view[v]));
    }
}

static void start_stream(uint64_t seed)
{
    memset(&stream, 0, sizeof stream);
    stream.random = seed;
    for (unsigned v = 0; v < VIEWS; v++)
        ck_assert_int_eq(ry_host_book_open(&stream.view[v], ORDERS_MAX, INSTRUMENTS, 3), 0);
    for (uint16_t i = 0; i < INSTRUMENTS; i++) {
        stream.trading[i] = stream.trading_at_start[i] = draw(2);
        for (unsigned v = 0; v < VIEWS; v++)
            see(v, &(union ry_told_any){
                       .market = {.kind = RY_MK_STATE, .instrument = i, .qty = stream.trading[i]}});
    }
    for (uint32_t id = 1; id <= WARM_UP; id++)
        new_order(id, false);
    for (unsigned v = 0; v < VIEWS; v++)
        for (uint16_t i = 0; i < INSTRUMENTS; i++)
            for (unsigned side = RY_BUY; side <= RY_SELL; side++) {
                compare_side(v, i, side, LEVELS_MAX); /* the whole book, whatever is asked for */
                const unsigned top = ry_interest_top(interests[v][i]);
                stream.told[v][i][side - 1] = side_of(i, side, top > 0 ? top : LEVELS_MAX);
            }
    for (unsigned v = 0; v < VIEWS; v++)
        for (uint16_t i = 0; i < INSTRUMENTS; i++)
            ry_host_book_keep(&stream.view[v], i, interests[v][i]);
    for (unsigned v = 0; v < VIEWS; v++)
        ck_assert_int_eq(stream.view[v].order != NULL, book_of(v, 0) == RY_INTEREST_ORDERS ||
                                                           book_of(v, 1) == RY_INTEREST_ORDERS);
    compare(true);
}

START_TEST(interests_agree)
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        start_stream(seed);
        for (unsigned n = 0; n < MOMENTS; n++) {
            stream.now++;
            for (uint64_t groups = 1 + draw(3); groups > 0; groups--) {
                one_group();
                if (n % 16 == 0)
                    compare(false);
            }
            tell_levels(RY_INTEREST_BOOK_TOP);
            if (n % 16 == 0)
                compare(true);
        }
        ck_assert_uint_gt(stream.levels_told, 100000);
        ck_assert_uint_gt(stream.levels_compared, 100000);
        ck_assert_uint_gt(stream.gone, 10000);
        ck_assert_uint_gt(stream.over, 1000); /* levels came before others were taken away */
        for (unsigned v = 0; v < VIEWS; v++)
            ry_host_book_close(&stream.view[v]);
    }
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------- */

static struct ry_host_book refusing;

static bool takes(union ry_told_any record)
{
    return ry_host_book_market(&refusing, &record);
}

static union ry_told_any level(uint16_t instrument, int64_t price, uint64_t qty, uint64_t group)
{
    return (union ry_told_any){.level = {.kind = RY_TOLD_LEVEL,
                                         .instrument = instrument,
                                         .side = RY_BUY,
                                         .group = group,
                                         .time = 50,
                                         .price = price,
                                         .qty = qty,
                                         .orders = qty > 0}};
}

static union ry_told_any market(unsigned kind, uint16_t instrument, uint32_t order, uint32_t qty)
{
    return (union ry_told_any){.market = {.kind = (uint8_t)kind,
                                          .instrument = instrument,
                                          .side = RY_BUY,
                                          .flags = RY_MKF_NEW,
                                          .group = 9,
                                          .time = 50,
                                          .price = 5,
                                          .order = order,
                                          .qty = qty}};
}

/* Four instruments: NONE, TOP(2), LEVELS (and more), ORDERS, each with one bid at 5. */
static void open_refusing(unsigned more)
{
    const unsigned asked[] = {RY_INTEREST_NONE, RY_INTEREST_TOP(2), RY_INTEREST_LEVELS | more,
                              RY_INTEREST_ORDERS};
    ck_assert_int_eq(ry_host_book_open(&refusing, 10, 4, 3), 0);
    for (uint16_t i = 0; i < 4; i++)
        ck_assert(takes(market(RY_MK_CHANGE, i, i + 1u, 7)));
    ck_assert(!takes(level(2, 5, 1, 9))); /* START's book is of orders */
    for (unsigned i = 0; i < 4; i++)
        ry_host_book_keep(&refusing, i, asked[i]);
}

static void close_refusing(void)
{
    for (unsigned i = 0; i < 4; i++) { /* nothing of what was refused has changed anything */
        const struct ry_host_book_level *best = ry_host_book_level(&refusing, i, RY_BUY, 0);
        ck_assert(i == 0 ? best == NULL : best != NULL && best->price == 5 && best->qty == 7);
    }
    ry_host_book_close(&refusing);
}

START_TEST(what_no_interest_brings)
{
    open_refusing(0);
    for (uint16_t i = 0; i < 3; i++) {
        ck_assert(!takes(market(RY_MK_CHANGE, i, 9, 1)));
        ck_assert(!takes(market(RY_MK_TRADE, i, 0, 1)));
        ck_assert(!takes(market(RY_MK_STATE, i, 0, 1)));
    }
    ck_assert(!takes(level(0, 5, 1, 9)) && !takes(level(0, 5, 1, 0)));
    ck_assert(!takes(level(3, 5, 1, 9)) && !takes(level(3, 5, 1, 0)));
    ck_assert(!takes(level(1, 5, 1, 9))); /* a TOP is of a T, not of a group */
    ck_assert(!takes(level(2, 5, 1, 0))); /* and LEVELS of a group */
    ck_assert(!takes(level(4, 5, 1, 9)));
    close_refusing();

    open_refusing(RY_INTEREST_STATES | RY_INTEREST_TRADES);
    ck_assert(takes(market(RY_MK_TRADE, 2, 0, 1)) && takes(market(RY_MK_STATE, 2, 0, 1)));
    ck_assert(refusing.instrument[2].trading);
    ck_assert(!takes(market(RY_MK_STATE, 2, 0, 2)));
    close_refusing();
}
END_TEST

START_TEST(levels_that_cannot_be)
{
    open_refusing(0);
    union ry_told_any bad[10];
    for (unsigned i = 0; i < 10; i++)
        bad[i] = level(2, 6, 4, 9);
    ck_assert(takes(bad[0]));
    ck_assert(takes(level(2, 6, 0, 9)));
    bad[0].level.side = RY_SIDE_NONE;
    bad[1].level.side = 3;
    bad[2].level.price = RY_PRICE_ABS_MAX + 1;
    bad[3].level.price = -RY_PRICE_ABS_MAX - 1;
    bad[4].level.orders = 0;
    bad[5].level.orders = 5; /* of a lot at least, each */
    bad[6].level.qty = 0;
    bad[7].level.orders = 11;
    bad[7].level.qty = 11;
    bad[8].level.instrument = 4;
    bad[9] = level(2, 6, 0, 9); /* it is not there */
    for (unsigned i = 0; i < 10; i++)
        ck_assert_msg(!takes(bad[i]), "record %u was taken", i);
    for (int64_t price = -4; price < 5; price++)
        ck_assert(takes(level(2, price, 1, 9)));
    ck_assert(!takes(level(2, -5, 1, 9))); /* more than there can be orders */
    close_refusing();
}
END_TEST

START_TEST(tops_that_cannot_be)
{
    open_refusing(0);
    ck_assert(takes(level(1, 1, 1, 0)) && ry_host_book_complete(&refusing));
    ck_assert(takes(level(1, 2, 1, 0)) && !ry_host_book_complete(&refusing));
    ck_assert(takes(level(1, 3, 1, 0)));
    ck_assert(!takes(level(1, 4, 1, 0))); /* two, and two that left: no more */
    union ry_told_any later = level(1, 3, 2, 0);
    later.level.time++;
    ck_assert(!takes(later)); /* its T is not over */
    ck_assert(takes(level(1, 1, 0, 0)) && !ry_host_book_complete(&refusing));
    ck_assert(takes(level(1, 2, 0, 0)) && ry_host_book_complete(&refusing));
    ck_assert(takes(later));
    ck_assert(!takes(level(1, 3, 1, 0))); /* T does not fall */
    ck_assert_uint_eq(ry_host_book_level(&refusing, 1, RY_BUY, 1)->qty, 2);
    ck_assert_ptr_null(ry_host_book_level(&refusing, 1, RY_BUY, 2));
    close_refusing();
}
END_TEST

/* Ids are all instruments' together: what is no longer kept must not stand in another's way. */
START_TEST(ids_are_free_again)
{
    open_refusing(0);
    for (uint32_t id = 1; id <= 3; id++)
        ck_assert(takes(market(RY_MK_CHANGE, 3, id, 1)));
    ck_assert(!takes(market(RY_MK_CHANGE, 3, 4, 1)));
    ck_assert_uint_eq(ry_host_book_level(&refusing, 3, RY_BUY, 0)->qty, 10);
    ck_assert_ptr_nonnull(refusing.order);
    ry_host_book_keep(&refusing, 3, RY_INTEREST_NONE);
    ck_assert_ptr_null(refusing.order);
    ry_host_book_close(&refusing);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("agent_levels");
    TCase *c = tcase_create("levels");
    tcase_set_timeout(c, 300);
    tcase_add_test(c, interests_agree);
    tcase_add_test(c, what_no_interest_brings);
    tcase_add_test(c, levels_that_cannot_be);
    tcase_add_test(c, tops_that_cannot_be);
    tcase_add_test(c, ids_are_free_again);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
