/* One instrument: its ladder with the agents' own orders in it, and its last trades. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/top/pages.h"

#define WIDE       110 /* from here on the trades stand beside the ladder */
#define LEVELS_MAX 64  /* of a side */
#define OWN_BYTES  256
#define PRICE_MIN  10
#define LOTS_CELLS 9

/* What agents have at one price, in the order in which their first orders stand there. */
struct own {
    unsigned count;
    uint16_t agent[RY_AGENTS_MAX];
    uint64_t lots[RY_AGENTS_MAX];
};

struct side {
    unsigned levels;
    struct ry_arena_depth level[LEVELS_MAX];
    struct own own[LEVELS_MAX];
    /* The level that a walk along the side has come to. */
    unsigned at;
};

static void add_own(struct own *own, const struct ry_arena_book_order *order)
{
    unsigned at = 0;
    while (at < own->count && own->agent[at] != order->owner)
        at++;
    if (at == own->count) {
        own->agent[own->count++] = order->owner;
        own->lots[at] = 0;
    }
    own->lots[at] += order->open;
}

/* "maker-a 100, crowd-1 50" */
static const char *say_own(char text[OWN_BYTES], const struct ry_results *r, const struct own *own)
{
    size_t used = 0;
    text[0] = 0;
    for (unsigned i = 0; i < own->count && used < OWN_BYTES; i++) {
        char name[RY_NAME_BYTES];
        used +=
            (size_t)snprintf(text + used, OWN_BYTES - used, "%s%s %" PRIu64, used > 0 ? ", " : "",
                             ry_picture_agent(name, r, own->agent[i]), own->lots[i]);
    }
    return text;
}

/* Levels come in the book's order, as the levels that it is compared with do. */
static bool visit(void *context, const struct ry_arena_book_order *order)
{
    struct side *side = context;
    while (side->at < side->levels && side->level[side->at].price != order->price) {
        /* A level that shows nothing is none of those; wait for the next. */
        bool passed = order->side == RY_BUY ? order->price < side->level[side->at].price
                                            : order->price > side->level[side->at].price;
        if (!passed)
            return true;
        side->at++;
    }
    if (side->at == side->levels)
        return false;
    if (order->owner != RY_OWNER_RECORDED && order->open > 0)
        add_own(&side->own[side->at], order);
    return true;
}

static void fill_side(struct side *side, const struct ry_top_sheet *sheet, enum ry_side which,
                      unsigned levels)
{
    const struct ry_watch *w = sheet->scene->watch;
    const struct ry_arena *arena = ry_follow_arena(&w->follow);
    memset(side->own, 0, sizeof side->own);
    side->at = 0;
    side->levels = ry_arena_top(arena, sheet->view->instrument, which, side->level,
                                levels < LEVELS_MAX ? levels : LEVELS_MAX);
    ry_arena_walk(arena, sheet->view->instrument, which, visit, side);
}

/* ---- the ladder ------------------------------------------------------------------------------ */

struct cells {
    unsigned own, lots, price; /* agents' | lots | price | lots | agents' */
};

static struct cells cells_for(unsigned width)
{
    struct cells c = {.lots = LOTS_CELLS, .price = PRICE_MIN + 2};
    if (width < 44)
        c = (struct cells){.lots = 7, .price = PRICE_MIN};
    unsigned fixed = 2 * c.lots + c.price + 4;
    c.own = width > fixed ? (width - fixed) / 2 : 0;
    return c;
}

static void put_level(const struct ry_top_area *area, unsigned y, const struct cells *c,
                      const struct ry_top_sheet *sheet, const struct side *side, unsigned at,
                      bool bid)
{
    const struct own *own = &side->own[at];
    char price[RY_TOP_WORD_BYTES], lots[RY_TOP_WORD_BYTES], text[OWN_BYTES];
    unsigned bold = own->count > 0 ? RY_TOP_BOLD : RY_TOP_PLAIN;
    unsigned look = (bid ? RY_TOP_GREEN : RY_TOP_RED) | bold;
    unsigned middle = c->own + 1 + c->lots + 1;
    ry_picture_price(price, &sheet->scene->watch->results, sheet->view->instrument,
                     side->level[at].price);
    ry_top_put_field(area, middle, y, c->price, true, look, price);
    ry_top_put_field(area, bid ? c->own + 1 : middle + c->price + 1, y, c->lots, bid, look,
                     ry_text_count(lots, side->level[at].open));
    ry_top_put_field(area, bid ? 0 : middle + c->price + 1 + c->lots + 1, y, c->own, bid,
                     RY_TOP_CYAN | bold, say_own(text, &sheet->scene->watch->results, own));
}

static void put_ladder(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    static struct side bids, asks; /* large */
    const struct cells c = cells_for(area->width);
    unsigned levels = area->height > 2 ? (area->height - 1) / 2 : 1;
    unsigned middle = c.own + 1 + c.lots + 1, y = 1;
    fill_side(&bids, sheet, RY_BUY, levels);
    fill_side(&asks, sheet, RY_SELL, levels);
    ry_top_put_field(area, 0, 0, c.own, true, RY_TOP_DIM, "agents' bids");
    ry_top_put_field(area, c.own + 1, 0, c.lots, true, RY_TOP_DIM, "lots");
    ry_top_put_field(area, middle, 0, c.price, true, RY_TOP_DIM, "price");
    ry_top_put_field(area, middle + c.price + 1, 0, c.lots, false, RY_TOP_DIM, "lots");
    ry_top_put_field(area, middle + c.price + 1 + c.lots + 1, 0, c.own, false, RY_TOP_DIM,
                     "agents' offers");
    for (unsigned i = asks.levels; i-- > 0; y++)
        put_level(area, y, &c, sheet, &asks, i, false);
    for (unsigned i = 0; i < bids.levels; i++, y++)
        put_level(area, y, &c, sheet, &bids, i, true);
    if (y == 1)
        ry_top_put(area, 0, 1, RY_TOP_DIM, "the book is empty");
}

/* ---- the page -------------------------------------------------------------------------------- */

static void put_line(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_watch *w = sheet->scene->watch;
    uint16_t id = sheet->view->instrument;
    struct ry_arena_market market;
    char symbol[RY_SYMBOL_BYTES], price[RY_TOP_WORD_BYTES], lots[2][RY_TOP_WORD_BYTES];
    ry_arena_instrument(ry_follow_arena(&w->follow), id, &market);
    unsigned x =
        ry_top_put(area, 0, 0, RY_TOP_BOLD, "%s", ry_picture_symbol(symbol, &w->results, id));
    ry_top_put(area, x, 0, RY_TOP_PLAIN,
               "  last %s; lots traded %s, by agents %s; orders %" PRIu32 ", of agents %" PRIu32
               "%s",
               market.has_last ? ry_picture_price(price, &w->results, id, market.last_price) : "-",
               ry_text_count(lots[0], market.recorded_volume),
               ry_text_count(lots[1], w->results.instrument[id].agent_lots), market.live_orders,
               market.agent_orders, market.trading ? "" : "; agents' orders do not match now");
}

void ry_top_page_instrument(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_watch *w = sheet->scene->watch;
    if (sheet->view->instrument >= w->results.instruments || area->height == 0)
        return;
    put_line(area, sheet);
    unsigned width = area->width, height = area->height - 1;
    bool wide = width >= WIDE;
    unsigned left = wide ? width * 3 / 5 : width;
    unsigned trades = wide ? height : height >= 11 ? height / 3 : 0;
    struct ry_top_area ladder =
        ry_top_area(area->screen, area->x, area->y + 1, left, wide ? height : height - trades);
    put_ladder(&ladder, sheet);
    struct ry_top_area beside =
        wide ? ry_top_area(area->screen, area->x + left + 2, area->y + 1, width - left - 2, trades)
             : ry_top_area(area->screen, area->x, area->y + area->height - trades, width, trades);
    if (beside.height < 2 || w->instrument == NULL)
        return;
    ry_top_put(&beside, 0, 0, RY_TOP_BOLD, "last trades");
    beside = ry_top_area(area->screen, beside.x, beside.y + 1, beside.width, beside.height - 1);
    (void)ry_top_part_rows(&beside, sheet, &w->instrument[sheet->view->instrument], "none so far");
}
