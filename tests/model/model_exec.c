/* EXEC: where recorded demand goes, step by step as in section 2 of docs/MATCHING.md. */
#include "tests/model/observer.h"
#include "tests/model/record.h"

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Demand met by an order's surplus; the order stays. */
static uint32_t absorb(struct ry_model *model, struct ry_model_order *order, uint32_t demand)
{
    const uint32_t qty = min_u32(demand, order->surplus);
    if (qty > 0)
        ry_model_observe(model, RY_MODEL_SEEN_ABSORBED,
                         (struct ry_model_facts){.order = order, .qty = qty});
    order->surplus -= qty;
    model->counters.demand_surplus += qty;
    return qty;
}

/* Demand met by an agent's order, which may leave. */
static uint32_t fill(struct ry_model *model, struct ry_model_order *order, uint32_t demand)
{
    const uint32_t qty = min_u32(demand, order->open);
    model->counters.demand_agents += qty;
    ry_model_meet(model, order, qty, RY_OWNER_RECORDED, RY_CAUSE_RECORDED);
    return qty;
}

/* Demand met by another recorded order's open; its rec does not change. It may leave. */
static uint32_t displace(struct ry_model *model, struct ry_model_order *order, uint32_t demand)
{
    const uint32_t qty = min_u32(demand, order->open);
    model->counters.demand_displaced += qty;
    ry_model_meet(model, order, qty, RY_OWNER_RECORDED, RY_CAUSE_RECORDED);
    return qty;
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
        if (order->owner != RY_OWNER_RECORDED) {
            demand -= fill(model, order, demand);
        } else {
            demand -= absorb(model, order, demand);
            ry_model_leave_if_spent(model, order);
        }
    }
    return demand;
}

/* Step 2, and what the target's open then exceeds rec by. The target may leave. */
static uint32_t demand_target(struct ry_model *model, struct ry_model_order *target,
                              uint32_t demand)
{
    const uint32_t open_before = target->open;
    demand -= absorb(model, target, demand);

    const uint32_t taken = min_u32(demand, target->open);
    target->open -= taken;
    model->counters.demand_target += taken;

    const uint32_t made = target->open > target->rec ? target->open - target->rec : 0;
    target->surplus += made;
    target->open -= made;
    model->counters.surplus_made += made;

    if (taken > 0) {
        ry_model_trade(model, target->instrument, target->price, taken,
                       ry_side_opposite(target->side));
    }
    if (target->open != open_before)
        ry_model_change(model, target, 0);
    ry_model_leave_if_spent(model, target);
    return demand - taken;
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
                              int64_t price, uint32_t demand)
{
    struct ry_model_order *order;
    while (demand > 0 && (order = first_other(model, instrument, side, price)) != NULL) {
        if (order->owner != RY_OWNER_RECORDED) {
            demand -= fill(model, order, demand);
        } else if (order->surplus > 0) {
            demand -= absorb(model, order, demand);
            ry_model_leave_if_spent(model, order);
        } else {
            demand -= displace(model, order, demand);
        }
    }
    return demand;
}

void ry_model_exec(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t instrument = input->head.instrument;
    struct ry_model_order *target = ry_model_find(model, instrument, input->ref);
    if (target == NULL) {
        model->counters.unknown_exec++;
        return;
    }
    ry_model_record_printed(model, input, target);
    const uint32_t q = min_u32(input->qty, target->rec);
    model->counters.exec_beyond += input->qty - q;
    target->rec -= q;
    model->counters.demand += q;

    const enum ry_side side = target->side;
    const int64_t price = target->price;
    uint32_t demand = q;
    if (ry_model_is_trading(model, instrument)) {
        demand = demand_ahead(model, target, demand);
        demand = demand_target(model, target, demand);
        demand = demand_others(model, instrument, side, price, demand);
    } else {
        demand = demand_target(model, target, demand);
    }
    model->counters.unmet += demand;
}
