/* EXEC: where recorded demand goes, step by step as in section 2 of docs/MATCHING.md. */
#include "tests/model/record.h"

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Demand met by an order's surplus; true if the order left. */
static bool absorb(struct ry_model *model, struct ry_model_order *order, uint32_t qty)
{
    order->surplus -= qty;
    model->counters.demand_surplus += qty;
    return ry_model_leave_if_spent(model, order);
}

static void meet_agent(struct ry_model *model, struct ry_model_order *order, uint32_t qty)
{
    model->counters.demand_agents += qty;
    ry_model_meet(model, order, qty, RY_OWNER_RECORDED, RY_CAUSE_RECORDED);
}

/* Step 1: the first agents' order or surplus that stands before the target. */
static struct ry_model_order *first_ahead(const struct ry_model *model,
                                          const struct ry_model_order *target)
{
    const struct ry_model_side *book = &model->instrument[target->instrument].side[target->side];
    for (size_t i = 0; book->order[i] != target; i++) {
        struct ry_model_order *order = book->order[i];
        if (order->owner != RY_OWNER_RECORDED || order->surplus > 0)
            return order;
    }
    return NULL;
}

static uint32_t demand_ahead(struct ry_model *model, const struct ry_model_order *target,
                             uint32_t demand)
{
    struct ry_model_order *order;
    while (demand > 0 && (order = first_ahead(model, target)) != NULL) {
        const bool better = order->price != target->price;
        if (order->owner != RY_OWNER_RECORDED) {
            if (better)
                RY_HIT(model, exec_agent_better);
            else
                RY_HIT(model, exec_agent_ahead);
            const uint32_t qty = min_u32(demand, order->open);
            demand -= qty;
            meet_agent(model, order, qty);
        } else {
            if (better)
                RY_HIT(model, exec_surplus_better);
            else
                RY_HIT(model, exec_surplus_ahead);
            const uint32_t qty = min_u32(demand, order->surplus);
            demand -= qty;
            if (absorb(model, order, qty))
                RY_HIT(model, exec_surplus_ahead_leaves);
        }
    }
    return demand;
}

static void hit_target(struct ry_model *model, uint32_t absorbed, uint32_t taken, uint32_t made,
                       uint32_t demand)
{
    if (absorbed > 0)
        RY_HIT(model, exec_target_surplus);
    if (taken > 0)
        RY_HIT(model, exec_target_open);
    if (made > 0) {
        RY_HIT(model, exec_surplus_made);
        if (taken > 0)
            RY_HIT(model, exec_trade_and_surplus);
        else
            RY_HIT(model, exec_surplus_alone);
    }
    if (demand > 0 && absorbed + taken == 0)
        RY_HIT(model, exec_target_dark);
}

/* Step 2, and what the target's open then exceeds rec by. The target may leave. */
static uint32_t demand_target(struct ry_model *model, struct ry_model_order *target,
                              uint32_t demand)
{
    const uint32_t open_before = target->open;
    const uint32_t absorbed = min_u32(demand, target->surplus);
    target->surplus -= absorbed;
    model->counters.demand_surplus += absorbed;

    const uint32_t taken = min_u32(demand - absorbed, target->open);
    target->open -= taken;
    model->counters.demand_target += taken;

    const uint32_t made = target->open > target->rec ? target->open - target->rec : 0;
    target->surplus += made;
    target->open -= made;
    model->counters.surplus_made += made;
    hit_target(model, absorbed, taken, made, demand);

    if (taken > 0) {
        ry_model_trade(model, target->instrument, target->price, taken,
                       ry_side_opposite(target->side));
    }
    if (target->open != open_before)
        ry_model_change(model, target, 0);
    if (target->rec == 0 && target->surplus > 0)
        RY_HIT(model, nameless_remains);
    if (ry_model_leave_if_spent(model, target))
        RY_HIT(model, exec_target_leaves);
    return demand - absorbed - taken;
}

/* Step 3: the first of everything that is left on the side, priced no worse than the target. The
 * target itself, if it still stands, has nothing left: there would be no demand for this step. */
static struct ry_model_order *first_other(const struct ry_model *model, uint16_t instrument,
                                          enum ry_side side, int64_t price)
{
    const struct ry_model_side *book = &model->instrument[instrument].side[side];
    for (size_t i = 0; i < book->count; i++) {
        struct ry_model_order *order = book->order[i];
        if (!ry_model_at_or_better(side, order->price, price))
            return NULL;
        if (order->surplus > 0 || order->open > 0)
            return order;
    }
    return NULL;
}

static uint32_t demand_others(struct ry_model *model, uint16_t instrument, enum ry_side side,
                              int64_t price, uint64_t target_arrival, uint32_t demand)
{
    struct ry_model_order *order;
    while (demand > 0 && (order = first_other(model, instrument, side, price)) != NULL) {
        uint32_t qty;
        if (order->owner != RY_OWNER_RECORDED) {
            RY_HIT(model, exec_agent_behind);
            qty = min_u32(demand, order->open);
            meet_agent(model, order, qty);
        } else if (order->surplus > 0) {
            RY_HIT(model, exec_surplus_other);
            qty = min_u32(demand, order->surplus);
            absorb(model, order, qty);
        } else {
            if (order->price == price && order->arrival > target_arrival)
                RY_HIT(model, exec_displaced_behind);
            else
                RY_HIT(model, exec_displaced_better);
            qty = min_u32(demand, order->open);
            model->counters.demand_displaced += qty;
            ry_model_meet(model, order, qty, RY_OWNER_RECORDED, RY_CAUSE_RECORDED);
        }
        demand -= qty;
    }
    return demand;
}

void ry_model_exec(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t instrument = input->head.instrument;
    struct ry_model_order *target = ry_model_find(model, instrument, input->ref);
    if (target == NULL) {
        RY_HIT(model, exec_unknown);
        model->counters.unknown_exec++;
        return;
    }
    ry_model_set_printed(model, input, target);
    const uint32_t q = min_u32(input->qty, target->rec);
    if (input->qty > q) {
        RY_HIT(model, exec_beyond);
        model->counters.exec_beyond += input->qty - q;
    }
    target->rec -= q;
    model->counters.demand += q;

    const enum ry_side side = target->side;
    const int64_t price = target->price;
    const uint64_t arrival = target->arrival;
    uint32_t demand = q;
    if (ry_model_is_trading(model, instrument)) {
        demand = demand_ahead(model, target, demand);
        demand = demand_target(model, target, demand);
        demand = demand_others(model, instrument, side, price, arrival, demand);
        if (demand > 0)
            RY_HIT(model, exec_unmet);
    } else {
        RY_HIT(model, exec_halted);
        demand = demand_target(model, target, demand);
        if (demand > 0)
            RY_HIT(model, exec_halted_unmet);
    }
    model->counters.unmet += demand;
}
