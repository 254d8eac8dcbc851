/* What recorded inputs do: section 2 of docs/MATCHING.md, except EXEC (model_exec.c). */
#include "tests/model/internal.h"
#include "tests/model/record.h"

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

bool ry_model_drop_surplus(struct ry_model *model, struct ry_model_order *order)
{
    model->counters.surplus_dropped += order->surplus;
    order->surplus = 0;
    return ry_model_leave_if_spent(model, order);
}

void ry_model_set_last(struct ry_model *model, uint16_t instrument, int64_t price, uint32_t qty)
{
    struct ry_model_instrument *in = &model->instrument[instrument];
    in->has_last = true;
    in->last_price = price;
    in->volume += qty;
    in->turnover += (__int128)price * qty;
}

void ry_model_set_printed(struct ry_model *model, const struct ry_input *input,
                          const struct ry_model_order *order)
{
    if ((input->head.flags & RY_INF_PRINTED) == 0)
        return;
    if ((input->head.flags & RY_INF_PRICED) != 0) {
        RY_HIT(model, printed_priced);
        ry_model_set_last(model, input->head.instrument, input->price, input->qty);
    } else {
        RY_HIT(model, printed_order_price);
        ry_model_set_last(model, input->head.instrument, order->price, input->qty);
    }
}

static struct ry_model_order *first_agent(const struct ry_model *model, uint16_t instrument,
                                          enum ry_side side)
{
    const struct ry_model_side *book = &model->instrument[instrument].side[side];
    for (size_t i = 0; i < book->count; i++)
        if (book->order[i]->owner != RY_OWNER_RECORDED)
            return book->order[i];
    return NULL;
}

/* A recorded order of `side` that arrives at `price` takes up to `most` lots of agents' orders of
 * the other side at that price or better for it; returns how many it took. */
static uint32_t arrive(struct ry_model *model, uint16_t instrument, enum ry_side side,
                       int64_t price, uint32_t most)
{
    const enum ry_side other = ry_side_opposite(side);
    uint32_t taken = 0;
    unsigned met = 0;
    struct ry_model_order *resting;
    while (taken < most && (resting = first_agent(model, instrument, other)) != NULL &&
           ry_model_at_or_better(other, resting->price, price)) {
        const uint32_t qty = min_u32(most - taken, resting->open);
        taken += qty;
        if (++met == 2)
            RY_HIT(model, add_takes_several);
        ry_model_meet(model, resting, qty, RY_OWNER_RECORDED, RY_CAUSE_RECORDED);
    }
    model->counters.add_agents += taken;
    return taken;
}

/* Rests a recorded order that arrived; `open` is what nothing took. */
static void rest_recorded(struct ry_model *model, const struct ry_input *input, uint64_t ref,
                          enum ry_side side, uint32_t open)
{
    ry_model_rest(model, &(struct ry_model_order){.ref = ref,
                                                  .price = input->price,
                                                  .rec = input->qty,
                                                  .open = open,
                                                  .instrument = input->head.instrument,
                                                  .owner = RY_OWNER_RECORDED,
                                                  .side = side});
}

static void hit_spent_again(struct ry_model *model, const struct ry_input *input)
{
    for (uint64_t i = 0; i < RY_MODEL_SPENT && i < model->spent_count; i++) {
        if (model->spent_ref[i] == input->ref &&
            model->spent_instrument[i] == input->head.instrument) {
            RY_HIT(model, add_spent_again);
            break;
        }
    }
    for (int side = RY_BUY; side <= RY_SELL; side++) {
        const struct ry_model_side *book = &model->instrument[input->head.instrument].side[side];
        for (size_t i = 0; i < book->count; i++)
            if (book->order[i]->owner == RY_OWNER_RECORDED && book->order[i]->ref == input->ref)
                RY_HIT(model, add_beside_nameless);
    }
}

static void add(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t instrument = input->head.instrument;
    const enum ry_side side = (enum ry_side)input->side;
    if (ry_model_find(model, instrument, input->ref) != NULL) {
        RY_HIT(model, add_duplicate);
        model->counters.duplicate_reference++;
        return;
    }
    if (ry_model_live(model) >= model->battle.orders_max) {
        RY_HIT(model, add_book_full);
        model->counters.book_full++;
        return;
    }
    hit_spent_again(model, input);
    uint32_t m = 0;
    if (ry_model_is_trading(model, instrument)) {
        m = arrive(model, instrument, side, input->price, input->qty);
    } else {
        const enum ry_side other = ry_side_opposite(side);
        const struct ry_model_order *agents = first_agent(model, instrument, other);
        if (agents != NULL && ry_model_at_or_better(other, agents->price, input->price))
            RY_HIT(model, add_halted_cross);
    }
    if (m == 0)
        RY_HIT(model, add_rests);
    else
        RY_HIT(model, add_takes_agents);
    if (m == input->qty)
        RY_HIT(model, add_takes_all);
    rest_recorded(model, input, input->ref, side, input->qty - m);
}

/* CANCEL, and AUCTION until auctions are built. */
static void cancel(struct ry_model *model, const struct ry_input *input)
{
    const bool auction = input->head.kind == RY_IN_AUCTION;
    struct ry_model_order *order = ry_model_find(model, input->head.instrument, input->ref);
    if (order == NULL) {
        RY_HIT(model, cancel_unknown);
        if (auction)
            RY_HIT(model, auction_unknown);
        model->counters.unknown_cancel++;
        return;
    }
    if (auction) {
        RY_HIT(model, auction);
        if ((input->head.flags & RY_INF_PRINTED) != 0)
            RY_HIT(model, printed_auction);
        ry_model_set_printed(model, input, order);
    }
    const bool all = !auction && (input->head.flags & RY_INF_ALL) != 0;
    if (all)
        RY_HIT(model, cancel_all);
    const uint32_t q = all ? order->rec : min_u32(input->qty, order->rec);
    if (input->qty > q) {
        RY_HIT(model, cancel_beyond);
        model->counters.cancel_beyond += input->qty - q;
    }
    order->rec -= q;
    if (order->rec > 0)
        RY_HIT(model, cancel_part);
    if (order->open > order->rec) {
        order->open = order->rec;
        ry_model_change(model, order, 0);
    } else {
        RY_HIT(model, cancel_open_kept);
    }
    if (order->surplus > 0)
        RY_HIT(model, cancel_drops_surplus);
    ry_model_drop_surplus(model, order);
}

static void hit_replace(struct ry_model *model, const struct ry_input *input,
                        const struct ry_model_order *old)
{
    if (input->ref_new == input->ref)
        RY_HIT(model, replace_itself);
    else
        RY_HIT(model, replace_new);
    if (old->surplus > 0)
        RY_HIT(model, replace_drops_surplus);
    if (old->open == 0)
        RY_HIT(model, replace_dark_old);
    if (ry_model_live(model) >= model->battle.orders_max)
        RY_HIT(model, replace_full_book);
    const uint32_t deficit = old->rec - old->open;
    if (deficit > 0 && input->qty > deficit)
        RY_HIT(model, replace_deficit);
    if (deficit > 0 && input->qty <= deficit)
        RY_HIT(model, replace_deficit_all);
}

static void replace(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t instrument = input->head.instrument;
    struct ry_model_order *old = ry_model_find(model, instrument, input->ref);
    if (old == NULL) {
        RY_HIT(model, replace_unknown);
        model->counters.unknown_replace++;
        return;
    }
    if (input->ref_new != input->ref && ry_model_find(model, instrument, input->ref_new) != NULL) {
        RY_HIT(model, replace_duplicate);
        model->counters.duplicate_reference++;
        return;
    }
    hit_replace(model, input, old);
    const enum ry_side side = old->side;
    const uint32_t deficit = old->rec - old->open;
    const uint32_t a = input->qty > deficit ? input->qty - deficit : 0;
    model->counters.surplus_dropped += old->surplus;
    ry_model_leave(model, old);

    uint32_t m = 0;
    if (ry_model_is_trading(model, instrument))
        m = arrive(model, instrument, side, input->price, a);
    if (m > 0) {
        RY_HIT(model, replace_crossing);
        if (m == a && deficit > 0)
            RY_HIT(model, replace_crossing_limited);
    }
    rest_recorded(model, input, input->ref_new, side, a - m);
}

/* Up to `most` lots of agents' orders of a side priced strictly better than the print. */
static uint32_t print_side(struct ry_model *model, const struct ry_input *input, enum ry_side side,
                           uint32_t most)
{
    uint32_t taken = 0;
    struct ry_model_order *resting;
    while (taken < most && (resting = first_agent(model, input->head.instrument, side)) != NULL &&
           ry_model_at_or_better(side, resting->price, input->price)) {
        if (resting->price == input->price) {
            RY_HIT(model, print_at_price);
            break;
        }
        const uint32_t qty = min_u32(most - taken, resting->open);
        taken += qty;
        ry_model_meet(model, resting, qty, RY_OWNER_RECORDED, RY_CAUSE_HIDDEN);
    }
    model->counters.print_agents += taken;
    return taken;
}

static void print(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t instrument = input->head.instrument;
    uint32_t left = input->qty;
    if (ry_model_is_trading(model, instrument)) {
        const uint32_t sells = print_side(model, input, RY_SELL, left);
        left -= sells;
        const uint32_t buys = print_side(model, input, RY_BUY, left);
        left -= buys;
        if (sells > 0)
            RY_HIT(model, print_sells);
        if (buys > 0)
            RY_HIT(model, print_buys);
        if (sells > 0 && buys > 0)
            RY_HIT(model, print_both_sides);
    } else {
        RY_HIT(model, print_halted);
    }
    if (left > 0) {
        RY_HIT(model, print_rest);
        ry_model_trade(model, instrument, input->price, left, RY_SIDE_NONE);
    } else {
        RY_HIT(model, print_no_rest);
    }
    ry_model_set_last(model, instrument, input->price, input->qty);
}

static void last(struct ry_model *model, const struct ry_input *input)
{
    RY_HIT(model, last);
    ry_model_set_last(model, input->head.instrument, input->price, input->qty);
}

static struct ry_model_order *first_recorded(const struct ry_model_side *book)
{
    for (size_t i = 0; i < book->count; i++)
        if (book->order[i]->owner == RY_OWNER_RECORDED)
            return book->order[i];
    return NULL;
}

static void clear(struct ry_model *model, uint16_t instrument)
{
    RY_HIT(model, clear);
    for (int side = RY_BUY; side <= RY_SELL; side++) {
        struct ry_model_side *book = &model->instrument[instrument].side[side];
        struct ry_model_order *order;
        while ((order = first_recorded(book)) != NULL) {
            if (order->surplus > 0)
                RY_HIT(model, clear_drops_surplus);
            model->counters.surplus_dropped += order->surplus;
            ry_model_leave(model, order);
        }
        if (book->count > 0)
            RY_HIT(model, clear_agents_stay);
    }
}

static void state(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t instrument = input->head.instrument;
    const bool before = ry_model_is_trading(model, instrument);
    model->instrument[instrument].halted = input->qty == RY_STATE_HALTED;
    const bool now = ry_model_is_trading(model, instrument);
    if (before && !now)
        RY_HIT(model, state_stops);
    else if (!before && now)
        RY_HIT(model, state_starts);
    else
        RY_HIT(model, state_no_change);
    ry_model_trading_changed(model, instrument, before);
}

static void session(struct ry_model *model, const struct ry_input *input)
{
    for (uint32_t i = 0; i < model->instruments; i++) {
        const uint16_t instrument = (uint16_t)i;
        if (model->instrument[i].input.head.source != input->head.source) {
            RY_HIT(model, session_other_source);
            continue;
        }
        const bool before = ry_model_is_trading(model, instrument);
        model->instrument[i].closed = input->qty == RY_SESSION_CLOSED;
        const bool now = ry_model_is_trading(model, instrument);
        if (before && !now)
            RY_HIT(model, session_stops);
        else if (!before && now)
            RY_HIT(model, session_starts);
        ry_model_trading_changed(model, instrument, before);
    }
}

/* The first order of a side with a surplus whose price the other side's recorded best has reached.
 */
static struct ry_model_order *first_passed(const struct ry_model *model, uint16_t instrument,
                                           enum ry_side side)
{
    int64_t best;
    if (!ry_model_recorded_best(model, instrument, ry_side_opposite(side), &best))
        return NULL;
    const struct ry_model_side *book = &model->instrument[instrument].side[side];
    for (size_t i = 0; i < book->count; i++)
        if (book->order[i]->surplus > 0 && ry_model_at_or_better(side, book->order[i]->price, best))
            return book->order[i];
    return NULL;
}

void ry_model_drop_passed(struct ry_model *model, uint16_t instrument)
{
    struct ry_model_order *order;
    while ((order = first_passed(model, instrument, RY_BUY)) != NULL) {
        RY_HIT(model, passed_buy);
        ry_model_drop_surplus(model, order);
    }
    while ((order = first_passed(model, instrument, RY_SELL)) != NULL) {
        RY_HIT(model, passed_sell);
        ry_model_drop_surplus(model, order);
    }
}

void ry_model_recorded_input(struct ry_model *model, const struct ry_input *input)
{
    switch (input->head.kind) {
    case RY_IN_ADD: add(model, input); break;
    case RY_IN_EXEC: ry_model_exec(model, input); break;
    case RY_IN_CANCEL:
    case RY_IN_AUCTION: cancel(model, input); break;
    case RY_IN_REPLACE: replace(model, input); break;
    case RY_IN_PRINT: print(model, input); break;
    case RY_IN_LAST: last(model, input); break;
    case RY_IN_CLEAR: clear(model, input->head.instrument); break;
    case RY_IN_STATE: state(model, input); break;
    default: session(model, input); break;
    }
}
