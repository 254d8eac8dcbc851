/* The instruments: where each stands. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/top/pages.h"
#include "tools/top/table.h"

enum column { SYMBOL, LAST, BID, ASK, VOLUME, AGENT_LOTS, ORDERS, AGENT_ORDERS, STATE, COLUMNS };

static const struct ry_top_column columns[COLUMNS] = {
    [SYMBOL] = {.head = "symbol", .cells = 8, .stretches = true, .most = 24},
    [LAST] = {.head = "last", .cells = 10, .right = true},
    [BID] = {.head = "bid", .cells = 10, .right = true, .leaves = 2},
    [ASK] = {.head = "ask", .cells = 10, .right = true, .leaves = 1},
    [VOLUME] = {.head = "traded", .cells = 7, .right = true, .leaves = 4},
    [AGENT_LOTS] = {.head = "by agents", .cells = 9, .right = true, .leaves = 3},
    [ORDERS] = {.head = "orders", .cells = 6, .right = true, .leaves = 6},
    [AGENT_ORDERS] = {.head = "of agents", .cells = 9, .right = true, .leaves = 5},
    [STATE] = {.head = "state", .cells = 6, .leaves = 7},
};

struct quote {
    struct ry_arena_market market;
    struct ry_arena_depth bid, ask;
    bool has_bid, has_ask;
};

static const struct ry_watch *watch_of(const void *context)
{
    return ((const struct ry_top_sheet *)context)->scene->watch;
}

static struct quote quote_of(const struct ry_watch *w, unsigned row)
{
    const struct ry_arena *arena = ry_follow_arena(&w->follow);
    uint16_t id = (uint16_t)row;
    struct quote q;
    memset(&q, 0, sizeof q);
    ry_arena_instrument(arena, id, &q.market);
    q.has_bid = ry_arena_top(arena, id, RY_BUY, &q.bid, 1) == 1;
    q.has_ask = ry_arena_top(arena, id, RY_SELL, &q.ask, 1) == 1;
    return q;
}

static void put_cell(const void *context, unsigned row, unsigned column, struct ry_top_field *field)
{
    const struct ry_watch *w = watch_of(context);
    const struct quote q = quote_of(w, row);
    char *text = field->text;
    uint16_t id = (uint16_t)row;
    strcpy(text, "-");
    switch ((enum column)column) {
    case SYMBOL: (void)ry_picture_symbol(text, &w->results, id); break;
    case LAST:
        if (q.market.has_last)
            (void)ry_picture_price(text, &w->results, id, q.market.last_price);
        break;
    case BID:
        if (q.has_bid)
            (void)ry_picture_price(text, &w->results, id, q.bid.price);
        break;
    case ASK:
        if (q.has_ask)
            (void)ry_picture_price(text, &w->results, id, q.ask.price);
        break;
    case VOLUME: (void)ry_text_count(text, q.market.recorded_volume); break;
    case AGENT_LOTS: (void)ry_text_count(text, w->results.instrument[id].agent_lots); break;
    case ORDERS: (void)ry_text_count(text, q.market.live_orders); break;
    case AGENT_ORDERS: (void)ry_text_count(text, q.market.agent_orders); break;
    case STATE: strcpy(text, q.market.trading ? "open" : "halted"); break;
    case COLUMNS: break;
    }
}

static void sort_by(const void *context, unsigned row, unsigned column,
                    struct ry_top_sorter *sorter)
{
    const struct ry_watch *w = watch_of(context);
    const struct quote q = quote_of(w, row);
    switch ((enum column)column) {
    case LAST: sorter->number = q.market.last_price; break;
    case BID: sorter->number = q.bid.price; break;
    case ASK: sorter->number = q.ask.price; break;
    case VOLUME: sorter->number = (__int128)q.market.recorded_volume; break;
    case AGENT_LOTS: sorter->number = (__int128)w->results.instrument[row].agent_lots; break;
    case ORDERS: sorter->number = q.market.live_orders; break;
    case AGENT_ORDERS: sorter->number = q.market.agent_orders; break;
    case STATE: sorter->number = q.market.trading; break;
    case SYMBOL:
    case COLUMNS: sorter->number = -(__int128)row; break;
    }
}

static const char *name_of(const void *context, unsigned row)
{
    return watch_of(context)->results.instrument[row].symbol;
}

static unsigned look_of(const void *context, unsigned row)
{
    struct ry_arena_market market;
    ry_arena_instrument(ry_follow_arena(&watch_of(context)->follow), (uint16_t)row, &market);
    return market.trading ? RY_TOP_PLAIN : RY_TOP_DIM;
}

void ry_top_page_instruments(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_top_table table = {.column = columns,
                                       .columns = COLUMNS,
                                       .count = sheet->scene->watch->results.instruments,
                                       .context = sheet,
                                       .nothing = "the battle has no instruments",
                                       .field = put_cell,
                                       .sorter = sort_by,
                                       .name = name_of,
                                       .look = look_of};
    unsigned row = ry_top_table(area, &table, sheet->view);
    sheet->view->chosen = (uint16_t)row;
}
