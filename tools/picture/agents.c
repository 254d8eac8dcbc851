#include "tools/picture/internal.h"

struct open {
    const struct ry_picture_of *of;
    json_t *array;
    unsigned count, more;
};

static bool add_open(void *context, const struct ry_arena_book_order *order)
{
    struct open *open = context;
    const struct ry_results *r = open->of->results;
    const struct ry_results_instrument *instrument = &r->instrument[order->instrument];
    uint64_t ahead;
    if (open->count == RY_PICTURE_OPEN_MAX) {
        open->more++;
        return true;
    }
    open->count++;
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "cl_ord_id", ry_text_json_u64(order->ref));
    ry_text_json_set(object, "instrument",
                     ry_text_json_string(instrument->symbol, sizeof instrument->symbol));
    ry_text_json_set(object, "side", json_string(ry_code_name(RY_CODES_SIDE, order->side)));
    ry_text_json_set(object, "price", ry_text_json_decimal(order->price, instrument->price_scale));
    ry_text_json_set(object, "qty", ry_text_json_count(order->open));
    ry_text_json_set(object, "ahead",
                     ry_arena_ahead(open->of->arena, order->order, RY_PICTURE_AHEAD_MAX, &ahead)
                         ? ry_text_json_count(ahead)
                         : json_null());
    ry_text_json_add(open->array, object);
    return true;
}

static void set_open(json_t *object, const struct ry_picture_of *of, uint16_t id)
{
    struct open open = {.of = of, .array = ry_text_json_whole(json_array())};
    ry_arena_agent_orders(of->arena, id, add_open, &open);
    ry_text_json_set(object, "open", open.array);
    ry_text_json_set(object, "open_more", ry_text_json_count(open.more));
}

/* By name; those that are not zero. */
static json_t *reasons_of(const struct ry_results_agent *agent)
{
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned code = 0; code < RY_REJECTS; code++)
        if (agent->rejects[code] > 0)
            ry_text_json_set(object, ry_code_name(RY_CODES_REJECT, code),
                             ry_text_json_count(agent->rejects[code]));
    return object;
}

static json_t *positions_of(const struct ry_results *r, uint16_t id)
{
    json_t *object = ry_text_json_whole(json_object());
    for (uint16_t i = 0; i < r->instruments; i++) {
        const int64_t lots = r->instrument[i].traded ? ry_results_position(r, i, id) : 0;
        if (lots != 0)
            ry_picture_set_named(object, r->instrument[i].symbol, RY_SYMBOL_BYTES,
                                 ry_text_json_integer(lots));
    }
    return object;
}

/* What it won of each other agent. */
static void set_pnl(json_t *object, const struct ry_results *r, uint16_t id)
{
    const struct ry_results_agent *agent = &r->agent[id];
    json_t *others = ry_text_json_whole(json_object());
    __int128 sum = 0;
    for (uint16_t other = 0; other < r->agents; other++) {
        const struct ry_results_flow *flow = &agent->flow[other];
        sum += flow->pnl;
        if (flow->count.fills > 0)
            ry_picture_set_named(others, r->agent[other].name, RY_NAME_BYTES,
                                 ry_text_json_money(flow->pnl));
    }
    ry_text_json_set(object, "from_market",
                     ry_text_json_money(agent->flow[RY_RESULTS_RECORDED].pnl));
    ry_text_json_set(object, "from_agents", ry_text_json_money(sum));
    ry_text_json_set(object, "fees", ry_text_json_money(agent->fees));
    ry_text_json_set(object, "haircut", ry_text_json_money(agent->haircut));
    ry_text_json_set(object, "head_to_head", others);
}

static void set_refused(json_t *object, const struct ry_results_board_row *row,
                        const struct ry_results_agent *agent)
{
    const bool any = row->reject_most != RY_REJECT_NONE;
    ry_text_json_set(object, "rejects", ry_text_json_count(row->rejects));
    ry_text_json_set(object, "reject_most",
                     any ? json_string(ry_code_name(RY_CODES_REJECT, row->reject_most))
                         : json_null());
    ry_text_json_set(object, "reject_count", ry_text_json_count(any ? row->reject_most_count : 0));
    ry_text_json_set(object, "reasons", reasons_of(agent));
}

static void set_fate(json_t *object, const struct ry_results_board_row *row)
{
    const bool out = row->out != RY_OUT_NONE;
    ry_text_json_set(object, "goes_next", json_boolean(row->goes_next));
    ry_text_json_set(object, "out",
                     out ? json_string(ry_code_name(RY_CODES_OUT, row->out)) : json_null());
    ry_text_json_set(object, "out_round", out ? ry_text_json_count(row->out_round) : json_null());
    ry_text_json_set(object, "out_idle", json_boolean(row->out_idle));
}

static json_t *agent_of(const struct ry_picture_of *of, const struct ry_results_board_row *row,
                        uint32_t earned)
{
    const struct ry_results *r = of->results;
    const struct ry_results_agent *agent = &r->agent[row->agent];
    const char *strategy = of->names->strategy[row->agent];
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "id", ry_text_json_count(row->agent));
    ry_text_json_set(object, "strategy", strategy[0] == 0 ? json_null() : json_string(strategy));
    ry_text_json_set(object, "rank", ry_text_json_count(row->rank));
    ry_text_json_set(object, "earned", earned == 0 ? json_null() : ry_text_json_count(earned));
    ry_text_json_set(object, "round_gain", ry_text_json_money(row->score));
    ry_text_json_set(object, "gain", ry_text_json_money(row->profit));
    ry_text_json_set(object, "equity", ry_text_json_money(row->profit + agent->cash_start));
    ry_text_json_set(object, "cash", ry_text_json_money(agent->cash));
    ry_text_json_set(object, "cash_start", ry_text_json_money(agent->cash_start));
    ry_text_json_set(object, "drawdown", ry_text_json_money(row->drawdown));
    ry_text_json_set(object, "fills", ry_text_json_count(row->fills));
    ry_text_json_set(object, "orders", ry_text_json_count(agent->orders));
    set_refused(object, row, agent);
    set_fate(object, row);
    set_pnl(object, r, row->agent);
    ry_text_json_set(object, "positions", positions_of(r, row->agent));
    set_open(object, of, row->agent);
    return object;
}

json_t *ry_picture_agents(const struct ry_picture_of *of, const struct ry_results_board *board)
{
    uint32_t earned[RY_AGENTS_MAX];
    json_t *object = ry_text_json_whole(json_object());
    ry_results_earned(of->results, earned);
    for (unsigned i = 0; i < board->count; i++) {
        const struct ry_results_board_row *row = &board->row[i];
        ry_picture_set_named(object, of->results->agent[row->agent].name, RY_NAME_BYTES,
                             agent_of(of, row, earned[row->agent]));
    }
    return object;
}
