/* The order book of one instrument at one moment. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/nearest.h"
#include "tools/api/pasts.h"

#define ORDERS_MAX 10000u

/* False: answered. */
static bool find_instrument(struct ry_api_call *call, const struct ry_results *r, uint16_t *id)
{
    const char *symbol = ry_api_part(call, "instrument");
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, symbol);
    for (*id = 0; *id < r->instruments; ++*id) {
        if (strncmp(r->instrument[*id].symbol, symbol, RY_SYMBOL_BYTES) == 0)
            return true;
        (void)ry_battle_nearest_offer(&nearest, r->instrument[*id].symbol);
    }
    ry_api_refuse(call->answer, RY_API_E_no_instrument, NULL,
                  "the battle has no instrument %.100s%s", symbol, nearest.said);
    return false;
}

/* ---- levels ---------------------------------------------------------------------------------- */

struct levels {
    const struct ry_past_view *view;
    uint16_t instrument;
    uint8_t side;
    const struct ry_arena_depth *level;
    unsigned count;
    uint64_t (*own)[RY_AGENTS_MAX]; /* [count]: lots of each agent */
};

/* Agents' orders are few: each finds its level. */
static bool add_own(void *context, const struct ry_arena_book_order *order)
{
    struct levels *levels = context;
    if (order->instrument != levels->instrument || order->side != levels->side)
        return true;
    for (unsigned i = 0; i < levels->count; i++)
        if (levels->level[i].price == order->price)
            levels->own[i][order->owner] += order->open;
    return true;
}

static json_t *own_of(const struct ry_results *r, const uint64_t own[RY_AGENTS_MAX])
{
    json_t *object = ry_text_json_whole(json_object());
    for (uint16_t agent = 0; agent < r->agents; agent++) {
        if (own[agent] == 0)
            continue;
        json_t *name = ry_text_json_string(r->agent[agent].name, RY_NAME_BYTES);
        ry_text_json_set(object, json_string_value(name), ry_text_json_count(own[agent]));
        json_decref(name);
    }
    return object;
}

static json_t *side_of(const struct ry_past_view *view, uint16_t instrument, enum ry_side side,
                       unsigned max)
{
    const struct ry_results *r = view->results;
    json_t *array = ry_text_json_whole(json_array());
    struct ry_arena_depth *level = calloc(max, sizeof *level);
    struct levels levels = {
        .view = view, .instrument = instrument, .side = (uint8_t)side, .level = level};
    levels.own = calloc(max, sizeof *levels.own);
    if (level == NULL || levels.own == NULL)
        (void)ry_text_json_whole(NULL);
    levels.count = ry_arena_top(view->arena, instrument, side, level, max);
    for (uint16_t agent = 0; agent < r->agents; agent++)
        ry_arena_agent_orders(view->arena, agent, add_own, &levels);
    for (unsigned i = 0; i < levels.count; i++) {
        json_t *object = ry_text_json_whole(json_object());
        ry_text_json_set(
            object, "price",
            ry_text_json_decimal(level[i].price, r->instrument[instrument].price_scale));
        ry_text_json_set(object, "qty", ry_text_json_count(level[i].open));
        ry_text_json_set(object, "orders", ry_text_json_count(level[i].shown));
        ry_text_json_set(object, "own", own_of(r, levels.own[i]));
        ry_text_json_add(array, object);
    }
    free(levels.own);
    free(level);
    return array;
}

/* ---- orders ---------------------------------------------------------------------------------- */

static json_t *order_of(const struct ry_results *r, const struct ry_arena_book_order *order)
{
    const bool recorded = order->owner == RY_OWNER_RECORDED;
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "side", json_string(ry_code_name(RY_CODES_SIDE, order->side)));
    ry_text_json_set(
        object, "price",
        ry_text_json_decimal(order->price, r->instrument[order->instrument].price_scale));
    ry_text_json_set(object, "qty", ry_text_json_count(order->open));
    ry_text_json_set(object, "owner",
                     recorded ? json_null()
                              : ry_text_json_string(r->agent[order->owner].name, RY_NAME_BYTES));
    ry_text_json_set(object, recorded ? "ref" : "cl_ord_id", ry_text_json_u64(order->ref));
    return object;
}

static json_t *orders_of(const struct ry_past_view *view, uint16_t instrument, uint64_t *more)
{
    struct ry_arena_cursor cursor = {.instrument = instrument};
    struct ry_arena_book_order order;
    json_t *array = ry_text_json_whole(json_array());
    *more = 0;
    for (unsigned count = 0; ry_arena_next_order(view->arena, &cursor, &order);) {
        if (order.instrument != instrument)
            break;
        if (count++ < ORDERS_MAX)
            ry_text_json_add(array, order_of(view->results, &order));
        else
            ++*more;
    }
    return array;
}

void ry_api_do_book(struct ry_api_call *call)
{
    struct ry_past_view view;
    struct ry_api_past *past = ry_api_past(call);
    uint64_t more;
    uint16_t id;
    if (past == NULL || !ry_api_moment(call, past, &view) ||
        !find_instrument(call, view.results, &id))
        return;
    const unsigned levels = (unsigned)ry_api_number(call, "levels");
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "instrument",
                     ry_text_json_string(view.results->instrument[id].symbol, RY_SYMBOL_BYTES));
    ry_text_json_set(object, "input", ry_text_json_count(view.input));
    ry_text_json_set_time(object, "time", view.time);
    if (ry_api_number(call, "orders") != 0) {
        ry_text_json_set(object, "orders", orders_of(&view, id, &more));
        ry_text_json_set(object, "orders_more", ry_text_json_count(more));
    } else {
        ry_text_json_set(object, "bids", side_of(&view, id, RY_BUY, levels));
        ry_text_json_set(object, "asks", side_of(&view, id, RY_SELL, levels));
    }
    ry_api_json(call, 200, object);
}
