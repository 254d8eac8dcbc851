/* One agent: what it has, where its gain comes from, what it has in the book, what it does. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/text/money.h"
#include "tools/text/verdict.h"
#include "tools/top/lines.h"
#include "tools/top/pages.h"

#define WIDE       130 /* from here on its doings stand beside the rest */
#define LEFT_CELLS 66
#define ORDERS_MAX 200 /* shown; the machine's own limit is the battle file's open_orders_max */
#define MONEY_WIDE 16
#define INDENT     2

static const struct ry_results *results_of(const struct ry_top_sheet *sheet)
{
    return &sheet->scene->watch->results;
}

/* ---- money ----------------------------------------------------------------------------------- */

static const struct ry_results_board_row *row_of(const struct ry_top_sheet *sheet)
{
    const struct ry_results_board *board = sheet->scene->board;
    for (unsigned i = 0; i < board->count; i++)
        if (board->row[i].agent == sheet->view->agent)
            return &board->row[i];
    return &board->row[0];
}

static void say_standing(struct ry_top_lines *lines, const struct ry_top_sheet *sheet)
{
    const struct ry_results_board_row *row = row_of(sheet);
    const struct ry_results_agent *agent = &results_of(sheet)->agent[row->agent];
    _Static_assert(RY_TEXT_MONEY_BYTES == RY_TOP_WORD_BYTES, "either holds either");
    char text[5][RY_TEXT_MONEY_BYTES], fate[RY_TEXT_FATE_BYTES] = "in the game";
    if (row->out != RY_OUT_NONE)
        (void)ry_text_fate(fate, row->out, row->out_idle, row->out_round);
    ry_top_line(lines, RY_TOP_BOLD, "%s   rank %" PRIu32 " of %u, %s", row->name, row->rank,
                sheet->scene->board->count, row->goes_next ? "next out" : fate);
    ry_text_money_short(text[2], row->drawdown, MONEY_WIDE);
    ry_top_line(lines, RY_TOP_PLAIN, "this round %s, gain %s, drawdown %s",
                ry_text_money_signed(text[0], row->score, MONEY_WIDE),
                ry_text_money_signed(text[1], row->profit, MONEY_WIDE), text[2]);
    ry_text_money_short(text[0], agent->cash, MONEY_WIDE);
    ry_text_money_short(text[1], agent->equity, MONEY_WIDE);
    ry_text_money_short(text[2], agent->value, MONEY_WIDE);
    ry_top_line(lines, RY_TOP_PLAIN, "cash %s, equity %s, liquidation value %s", text[0], text[1],
                text[2]);
    ry_top_line(lines, RY_TOP_PLAIN,
                "%s orders, %" PRIu64
                " %% of their lots filled; %s fills: %s rested, %s took, %s on leaving",
                ry_text_count(text[0], agent->orders), ry_results_fill_ppm(agent) / 10000,
                ry_text_count(text[1], row->fills), ry_text_count(text[2], agent->maker.fills),
                ry_text_count(text[3], agent->taker.fills),
                ry_text_count(text[4], agent->liquidation.fills));
}

static void say_split(struct ry_top_lines *lines, const struct ry_top_sheet *sheet)
{
    const struct ry_results *r = results_of(sheet);
    const struct ry_results_agent *agent = &r->agent[sheet->view->agent];
    char money[RY_TOP_WORD_BYTES], count[RY_TOP_WORD_BYTES], name[RY_NAME_BYTES];
    ry_top_line(lines, RY_TOP_PLAIN, "%s", "");
    ry_top_line(lines, RY_TOP_BOLD, "where its gain of %s comes from",
                ry_text_money_signed(money, agent->pnl, MONEY_WIDE));
    const struct ry_results_flow *market = &agent->flow[RY_RESULTS_RECORDED];
    ry_top_line(lines, RY_TOP_PLAIN, "  %-24s %*s  %s fills", "market", MONEY_WIDE,
                ry_text_money_signed(money, market->pnl, MONEY_WIDE),
                ry_text_count(count, market->count.fills));
    for (uint16_t other = 0; other < r->agents; other++) {
        const struct ry_results_flow *flow = &agent->flow[other];
        if (flow->count.fills > 0)
            ry_top_line(lines, RY_TOP_PLAIN, "  %-24s %*s  %s fills",
                        ry_picture_agent(name, r, other), MONEY_WIDE,
                        ry_text_money_signed(money, flow->pnl, MONEY_WIDE),
                        ry_text_count(count, flow->count.fills));
    }
    ry_top_line(lines, RY_TOP_PLAIN, "  %-24s %*s", agent->fees < 0 ? "rebates" : "fees",
                MONEY_WIDE, ry_text_money_signed(money, -agent->fees, MONEY_WIDE));
    if (agent->haircut != 0)
        ry_top_line(lines, RY_TOP_PLAIN, "  %-24s %*s", "haircut", MONEY_WIDE,
                    ry_text_money_signed(money, -agent->haircut, MONEY_WIDE));
}

static void say_positions(struct ry_top_lines *lines, const struct ry_top_sheet *sheet)
{
    const struct ry_results *r = results_of(sheet);
    unsigned held = 0;
    ry_top_line(lines, RY_TOP_PLAIN, "%s", "");
    ry_top_line(lines, RY_TOP_BOLD, "positions");
    for (uint16_t i = 0; i < r->instruments; i++) {
        const struct ry_results_instrument *instrument = &r->instrument[i];
        char symbol[RY_SYMBOL_BYTES], price[RY_TOP_WORD_BYTES], money[RY_TOP_WORD_BYTES];
        int64_t lots = instrument->traded ? ry_results_position(r, i, sheet->view->agent) : 0;
        if (lots == 0)
            continue;
        held++;
        if (!instrument->has_reference) {
            ry_top_line(lines, RY_TOP_PLAIN, "  %-12s %10" PRId64 " lots, no price yet",
                        ry_picture_symbol(symbol, r, i), lots);
            continue;
        }
        __int128 worth = (__int128)lots * instrument->reference * instrument->money_per_unit;
        ry_top_line(lines, RY_TOP_PLAIN, "  %-12s %10" PRId64 " lots at %s: %s",
                    ry_picture_symbol(symbol, r, i), lots,
                    ry_picture_price(price, r, i, instrument->reference),
                    ry_text_money_signed(money, worth, MONEY_WIDE));
    }
    if (held == 0)
        ry_top_line(lines, RY_TOP_DIM, "  none");
}

/* ---- its orders ------------------------------------------------------------------------------ */

/* A walk along one side of a book. */
struct walk {
    struct ry_top_lines *lines;
    const struct ry_results *r;
    uint16_t agent;
    unsigned found, wanted; /* wanted: of the whole agent */
    int64_t price;
    uint64_t ahead; /* lots shown in front, at this price */
};

static bool visit(void *context, const struct ry_arena_book_order *order)
{
    struct walk *walk = context;
    if (order->price != walk->price) {
        walk->price = order->price;
        walk->ahead = 0;
    }
    if (order->owner == walk->agent) {
        char symbol[RY_SYMBOL_BYTES], price[RY_TOP_WORD_BYTES];
        ry_top_line(walk->lines, order->side == RY_BUY ? RY_TOP_GREEN : RY_TOP_RED,
                    "  %-4s %8" PRIu32 " %-12s at %-12s %8" PRIu64 " ahead  order %" PRIu64,
                    order->side == RY_BUY ? "buy" : "sell", order->open,
                    ry_picture_symbol(symbol, walk->r, order->instrument),
                    ry_picture_price(price, walk->r, order->instrument, order->price), walk->ahead,
                    order->ref);
        walk->found++;
    }
    walk->ahead += order->open;
    return walk->found < walk->wanted && walk->found < ORDERS_MAX;
}

static void say_orders(struct ry_top_lines *lines, const struct ry_top_sheet *sheet)
{
    const struct ry_results *r = results_of(sheet);
    const struct ry_arena *arena = ry_follow_arena(&sheet->scene->watch->follow);
    struct ry_arena_account account;
    ry_arena_account(arena, sheet->view->agent, &account);
    ry_top_line(lines, RY_TOP_PLAIN, "%s", "");
    ry_top_line(lines, RY_TOP_BOLD, "open orders: %" PRIu32, account.open_orders);
    struct walk walk = {
        .lines = lines, .r = r, .agent = sheet->view->agent, .wanted = account.open_orders};
    for (uint16_t i = 0; i < r->instruments && walk.found < walk.wanted; i++) {
        struct ry_arena_market market;
        ry_arena_instrument(arena, i, &market);
        for (unsigned side = RY_BUY; side <= RY_SELL && market.agent_orders > 0; side++) {
            walk.price = RY_RESULTS_NO_PRICE;
            if (walk.found < walk.wanted)
                ry_arena_walk(arena, i, (enum ry_side)side, visit, &walk);
        }
    }
    if (walk.found < walk.wanted)
        ry_top_line(lines, RY_TOP_DIM, "  and %u more", walk.wanted - walk.found);
}

/* ---- what it does ---------------------------------------------------------------------------- */

static void say_refused(struct ry_top_lines *lines, const struct ry_top_sheet *sheet)
{
    const struct ry_results_agent *agent = &results_of(sheet)->agent[sheet->view->agent];
    uint64_t all = ry_results_rejects(agent);
    if (all == 0)
        return;
    ry_top_line(lines, RY_TOP_PLAIN, "%s", "");
    ry_top_line(lines, RY_TOP_BOLD, "refused: %" PRIu64, all);
    for (unsigned i = 1; i < RY_REJECTS; i++) {
        const struct ry_code *why = ry_code(RY_CODES_REJECT, i);
        char text[RY_TOP_TEXT_BYTES];
        if (agent->rejects[i] == 0)
            continue;
        snprintf(text, sizeof text, "  %" PRIu64 " %s: %s: %s", agent->rejects[i], why->name,
                 why->remedy, why->sentence);
        ry_top_line_whole(lines, RY_TOP_YELLOW, 2 * INDENT, text);
    }
}

static void say_all(struct ry_top_lines *lines, const struct ry_top_sheet *sheet)
{
    say_standing(lines, sheet);
    say_positions(lines, sheet);
    say_orders(lines, sheet);
    say_split(lines, sheet);
    say_refused(lines, sheet);
}

void ry_top_page_agent(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_watch *w = sheet->scene->watch;
    bool wide = area->width >= WIDE;
    struct ry_top_area left = *area, doings = *area;
    if (sheet->view->agent >= w->results.agents)
        return;
    if (wide) {
        left.width = LEFT_CELLS;
        doings = ry_top_area(area->screen, area->x + LEFT_CELLS + 2, area->y,
                             area->width - LEFT_CELLS - 2, area->height);
    } else { /* below: half of the screen, if there is much to say above */
        left.height = area->height > 9 ? area->height * 3 / 5 : area->height;
        doings = ry_top_area(area->screen, area->x, area->y + left.height, area->width,
                             area->height - left.height);
    }
    ry_top_lines(&left, sheet, say_all);
    if (!wide && sheet->view->count + 1 < left.height) { /* what it does not need */
        unsigned spare = left.height - sheet->view->count - 1;
        doings = ry_top_area(area->screen, area->x, doings.y - spare, area->width,
                             doings.height + spare);
    }
    if (doings.height < 2 || w->agent == NULL)
        return;
    ry_top_put(&doings, 0, 0, RY_TOP_BOLD, "what it does");
    doings = ry_top_area(area->screen, doings.x, doings.y + 1, doings.width, doings.height - 1);
    (void)ry_top_part_rows(&doings, sheet, &w->agent[sheet->view->agent], "nothing so far");
}
