/* What recorded inputs do: section 2 of docs/MATCHING.md, except EXEC (model_exec.c) and the
 * trades that are recorded and broken (model_tape.c). */
#include "tests/model/observer.h"
#include "tests/model/record.h"

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

bool ry_model_drop_surplus(struct ry_model *model, struct ry_model_order *order)
{
    ry_model_observe(model, RY_MODEL_SEEN_DROPPED, (struct ry_model_facts){.order = order});
    model->counters.surplus_dropped += order->surplus;
    order->surplus = 0;
    return ry_model_leave_if_spent(model, order);
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
    struct ry_model_order *resting;
    while (taken < most && (resting = first_agent(model, instrument, other)) != NULL &&
           ry_model_at_or_better(other, resting->price, price)) {
        const uint32_t qty = min_u32(most - taken, resting->open);
        taken += qty;
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

static void add(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t instrument = input->head.instrument;
    const enum ry_side side = (enum ry_side)input->side;
    if (ry_model_find(model, instrument, input->ref) != NULL) {
        model->counters.duplicate_reference++;
        return;
    }
    if (ry_model_live(model) >= model->battle.orders_max) {
        model->counters.book_full++;
        return;
    }
    uint32_t m = 0;
    if (ry_model_is_trading(model, instrument))
        m = arrive(model, instrument, side, input->price, input->qty);
    rest_recorded(model, input, input->ref, side, input->qty - m);
}

/* CANCEL, and AUCTION until auctions are built. */
static void cancel(struct ry_model *model, const struct ry_input *input)
{
    const bool auction = input->head.kind == RY_IN_AUCTION;
    struct ry_model_order *order = ry_model_find(model, input->head.instrument, input->ref);
    if (order == NULL) {
        model->counters.unknown_cancel++;
        return;
    }
    if (auction)
        ry_model_record_printed(model, input, order);
    const bool all = !auction && (input->head.flags & RY_INF_ALL) != 0;
    const uint32_t q = all ? order->rec : min_u32(input->qty, order->rec);
    if (input->qty > q)
        model->counters.cancel_beyond += input->qty - q;
    order->rec -= q;
    if (order->open > order->rec) {
        order->open = order->rec;
        ry_model_change(model, order, 0);
    }
    ry_model_drop_surplus(model, order);
}

static void replace(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t instrument = input->head.instrument;
    struct ry_model_order *old = ry_model_find(model, instrument, input->ref);
    if (old == NULL) {
        model->counters.unknown_replace++;
        return;
    }
    if (input->ref_new != input->ref && ry_model_find(model, instrument, input->ref_new) != NULL) {
        model->counters.duplicate_reference++;
        return;
    }
    const enum ry_side side = old->side;
    const uint32_t deficit = old->rec - old->open;
    const uint32_t a = input->qty > deficit ? input->qty - deficit : 0;
    model->counters.surplus_dropped += old->surplus;
    ry_model_leave(model, old);

    uint32_t m = 0;
    if (ry_model_is_trading(model, instrument))
        m = arrive(model, instrument, side, input->price, a);
    rest_recorded(model, input, input->ref_new, side, a - m);
}

/* Up to `most` lots of agents' orders of a side priced strictly better than the print. */
static uint32_t print_side(struct ry_model *model, const struct ry_input *input, enum ry_side side,
                           uint32_t most)
{
    uint32_t taken = 0;
    struct ry_model_order *resting;
    while (taken < most && (resting = first_agent(model, input->head.instrument, side)) != NULL &&
           !ry_model_at_or_better(side, input->price, resting->price)) {
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
        left -= print_side(model, input, RY_SELL, left);
        left -= print_side(model, input, RY_BUY, left);
    }
    if (left > 0)
        ry_model_trade(model, instrument, input->price, left, RY_SIDE_NONE);
    ry_model_record_trade(model, instrument, input->ref, input->price, input->qty);
}

static void last(struct ry_model *model, const struct ry_input *input)
{
    ry_model_record_trade(model, input->head.instrument, input->ref, input->price, input->qty);
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
    for (int side = RY_BUY; side <= RY_SELL; side++) {
        struct ry_model_side *book = &model->instrument[instrument].side[side];
        struct ry_model_order *order;
        while ((order = first_recorded(book)) != NULL) {
            model->counters.surplus_dropped += order->surplus;
            ry_model_leave(model, order);
        }
    }
}

static void state(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t instrument = input->head.instrument;
    const bool before = ry_model_is_trading(model, instrument);
    model->instrument[instrument].halted = input->qty == RY_STATE_HALTED;
    ry_model_trading_changed(model, instrument, before);
}

static void session(struct ry_model *model, const struct ry_input *input)
{
    for (uint32_t i = 0; i < model->instruments; i++) {
        const uint16_t instrument = (uint16_t)i;
        if (model->instrument[i].input.head.source != input->head.source)
            continue;
        const bool before = ry_model_is_trading(model, instrument);
        model->instrument[i].closed = input->qty == RY_SESSION_CLOSED;
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
    while ((order = first_passed(model, instrument, RY_BUY)) != NULL)
        ry_model_drop_surplus(model, order);
    while ((order = first_passed(model, instrument, RY_SELL)) != NULL)
        ry_model_drop_surplus(model, order);
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
    case RY_IN_BROKEN: ry_model_broken(model, input); break;
    case RY_IN_INCOMPLETE: model->counters.incomplete++; break;
    default: session(model, input); break;
    }
}
