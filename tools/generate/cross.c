#include "tools/generate/market.h"

#define OPEN_ORDERS_MAX 8 /* displayed orders that take part in an opening cross */
#define OPEN_TICKS_MAX  3 /* how far it reaches into the book */

static void report_cross(struct ry_generate_market *market, uint32_t index, char kind,
                         uint32_t shares, uint32_t tick)
{
    struct ry_generate_message m = ry_generate_market_message(market, index, 'Q');
    m.shares = shares;
    m.price = tick * RY_GENERATE_TICK_UNITS;
    m.match = ++market->match;
    m.code = kind;
    market->instrument[index].cross_volume += shares;
    ry_generate_market_emit(market, &m);
}

/* So many shares of a side, in price-time priority, all at one price. */
static void execute_side(struct ry_generate_market *market, uint32_t index,
                         enum ry_generate_side side, uint32_t shares, uint32_t tick)
{
    struct ry_generate_book *book = &market->instrument[index].book;
    while (shares > 0) {
        uint32_t front = ry_generate_book_front(book, side);
        const struct ry_generate_order *o = &book->order[front];
        struct ry_generate_message m = ry_generate_market_message(market, index, 'C');
        m.ref = o->ref;
        m.shares = o->shares < shares ? o->shares : shares;
        m.price = tick * RY_GENERATE_TICK_UNITS;
        m.match = ++market->match;
        m.code = 'N';
        shares -= m.shares;
        ry_generate_market_reduce(market, index, front, m.shares);
        ry_generate_market_emit(market, &m);
    }
}

void ry_generate_market_open(struct ry_generate_market *market, uint32_t index)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    struct ry_generate_book *book = &in->book;
    enum ry_generate_side side =
        ry_generate_once_in(&market->random, 2) ? RY_GENERATE_BUY : RY_GENERATE_SELL;
    uint32_t paired = 100 * (10 + ry_generate_below(&market->random, 1000));
    uint32_t take = 1 + ry_generate_below(&market->random, OPEN_ORDERS_MAX);
    uint32_t best = book->side[side].orders > 0 ? book->side[side].best : in->fair;
    uint32_t end = side == RY_GENERATE_BUY ? best - OPEN_TICKS_MAX : best + OPEN_TICKS_MAX;

    uint32_t displayed = 0;
    uint32_t tick = best;
    uint32_t order = ry_generate_book_front(book, side);
    for (uint32_t n = 0; n < take && order != RY_GENERATE_NONE; n++) {
        const struct ry_generate_order *o = &book->order[order];
        bool sparse = book->side[side].orders - n <= RY_GENERATE_SIDE_ORDERS_MIN;
        if (sparse || ry_generate_better(side, end, o->tick))
            break;
        tick = o->tick;
        /* The last one in part. */
        displayed += n + 1 == take ? 1 + ry_generate_below(&market->random, o->shares) : o->shares;
        order = ry_generate_book_after(book, order);
    }
    execute_side(market, index, side, displayed, tick);
    report_cross(market, index, 'O', displayed + paired, tick);
}

/* One side of a halted book while its orders are paired with the other side's. */
struct cursor {
    uint32_t order;
    uint32_t left;
    uint32_t tick;
};

static void cursor_at(struct cursor *cursor, const struct ry_generate_book *book, uint32_t order)
{
    cursor->order = order;
    if (order != RY_GENERATE_NONE) {
        cursor->left = book->order[order].shares;
        cursor->tick = book->order[order].tick;
    }
}

static void cursor_take(struct cursor *cursor, const struct ry_generate_book *book, uint32_t shares)
{
    cursor->left -= shares;
    if (cursor->left == 0)
        cursor_at(cursor, book, ry_generate_book_after(book, cursor->order));
}

void ry_generate_market_reopen(struct ry_generate_market *market, uint32_t index)
{
    struct ry_generate_book *book = &market->instrument[index].book;
    struct cursor buy = {0}, sell = {0};
    cursor_at(&buy, book, ry_generate_book_front(book, RY_GENERATE_BUY));
    cursor_at(&sell, book, ry_generate_book_front(book, RY_GENERATE_SELL));

    /* The price lies between the last pair that matches, and between those who are left. */
    uint32_t low = 0;
    uint32_t high = 0;
    uint32_t shares = 0;
    while (buy.order != RY_GENERATE_NONE && sell.order != RY_GENERATE_NONE &&
           buy.tick >= sell.tick) {
        uint32_t both = buy.left < sell.left ? buy.left : sell.left;
        shares += both;
        low = sell.tick;
        high = buy.tick;
        cursor_take(&buy, book, both);
        cursor_take(&sell, book, both);
    }
    if (shares == 0)
        return;
    if (buy.order != RY_GENERATE_NONE && buy.tick > low)
        low = buy.tick;
    if (sell.order != RY_GENERATE_NONE && sell.tick < high)
        high = sell.tick;
    uint32_t tick = low + (high - low) / 2;
    execute_side(market, index, RY_GENERATE_BUY, shares, tick);
    execute_side(market, index, RY_GENERATE_SELL, shares, tick);
    report_cross(market, index, 'H', shares, tick);
}
