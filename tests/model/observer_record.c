/* What the observer sees of recorded inputs, section 2 of docs/MATCHING.md, and of orders as they
 * come and go. */
#include "tests/model/observer_internal.h"

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* --- Before: what an input finds. --- */

static void see_replace(struct ry_model_observer *observer, const struct ry_model *model,
                        const struct ry_input *input)
{
    const struct ry_model_order *old = observer->target.order;
    if (old == NULL || (input->ref_new != input->ref &&
                        ry_model_find(model, input->head.instrument, input->ref_new) != NULL))
        return;
    const uint32_t deficit = old->rec - old->open;
    RY_MODEL_HIT_IF(observer, input->ref_new == input->ref, replace_itself);
    RY_MODEL_HIT_IF(observer, input->ref_new != input->ref, replace_new);
    RY_MODEL_HIT_IF(observer, old->surplus > 0, replace_drops_surplus);
    RY_MODEL_HIT_IF(observer, old->open == 0, replace_dark_old);
    RY_MODEL_HIT_IF(observer, ry_model_live(model) >= model->battle.orders_max, replace_full_book);
    RY_MODEL_HIT_IF(observer, deficit > 0 && input->qty > deficit, replace_deficit);
    RY_MODEL_HIT_IF(observer, deficit > 0 && input->qty <= deficit, replace_deficit_all);
}

static void see_print(struct ry_model_observer *observer, const struct ry_model *model,
                      const struct ry_input *input)
{
    for (int side = RY_BUY; side <= RY_SELL; side++) {
        const struct ry_model_side *book = &model->instrument[input->head.instrument].side[side];
        for (size_t i = 0; i < book->count; i++)
            RY_MODEL_HIT_IF(observer,
                            observer->was_trading && book->order[i]->owner != RY_OWNER_RECORDED &&
                                book->order[i]->price == input->price,
                            print_at_price);
    }
}

static void see_clear(struct ry_model_observer *observer, const struct ry_model *model,
                      uint16_t instrument)
{
    RY_MODEL_HIT(observer, clear);
    for (int side = RY_BUY; side <= RY_SELL; side++) {
        const struct ry_model_side *book = &model->instrument[instrument].side[side];
        for (size_t i = 0; i < book->count; i++) {
            RY_MODEL_HIT_IF(observer, book->order[i]->surplus > 0, clear_drops_surplus);
            RY_MODEL_HIT_IF(observer, book->order[i]->owner != RY_OWNER_RECORDED,
                            clear_agents_stay);
        }
    }
}

static void see_trade(struct ry_model_observer *observer, uint64_t match)
{
    RY_MODEL_HIT_IF(observer, match != 0, trade_numbered);
    RY_MODEL_HIT_IF(observer, match == 0, trade_unnumbered);
}

/* No trade that stands bears the match number. */
static void see_broken_unknown(struct ry_model_observer *observer, const struct ry_model *model,
                               const struct ry_input *input)
{
    bool is_broken = false, is_elsewhere = false;
    for (size_t i = 0; i < model->trade_count; i++) {
        const struct ry_model_trade *trade = &model->trade[i];
        const bool here = trade->instrument == input->head.instrument;
        is_broken |= trade->match == input->ref && here && trade->is_broken;
        is_elsewhere |= trade->match == input->ref && !here;
    }
    RY_MODEL_HIT_IF(observer, !is_broken && !is_elsewhere, broken_unknown);
    RY_MODEL_HIT_IF(observer, is_broken, broken_again);
    RY_MODEL_HIT_IF(observer, !is_broken && is_elsewhere, broken_elsewhere);
}

static void see_broken(struct ry_model_observer *observer, const struct ry_model *model,
                       const struct ry_input *input)
{
    const uint16_t instrument = input->head.instrument;
    size_t place;
    if (input->ref == 0) {
        RY_MODEL_HIT(observer, broken_zero);
        return;
    }
    if (!ry_model_find_trade(model, instrument, &input->ref, &place)) {
        see_broken_unknown(observer, model, input);
        return;
    }
    bool twin = false, other = false; /* that stand before it */
    for (size_t i = 0; i < place; i++) {
        const struct ry_model_trade *trade = &model->trade[i];
        const bool stands = trade->instrument == instrument && !trade->is_broken;
        twin |= stands && trade->match == input->ref;
        other |= stands;
    }
    const bool was_last = model->instrument[instrument].last == place;
    RY_MODEL_HIT_IF(observer, twin, broken_twin);
    RY_MODEL_HIT_IF(observer, !was_last, broken_older);
    RY_MODEL_HIT_IF(observer, was_last && other, broken_last);
    RY_MODEL_HIT_IF(observer, was_last && !other, broken_only);
}

void ry_model_observe_record(struct ry_model_observer *observer, const struct ry_model *model)
{
    const struct ry_input *input = &observer->input->event;
    const uint8_t kind = input->head.kind;
    const bool names = kind == RY_IN_EXEC || kind == RY_IN_CANCEL || kind == RY_IN_AUCTION ||
                       kind == RY_IN_REPLACE;
    if (names)
        observer->target.order = ry_model_find(model, input->head.instrument, input->ref);
    if (observer->target.order != NULL)
        observer->target.was = *observer->target.order;
    switch (kind) {
    case RY_IN_EXEC:
        RY_MODEL_HIT_IF(observer,
                        (input->head.flags & RY_INF_PRICED) == 0 && input->price > RY_PRICE_ABS_MAX,
                        price_unpriced);
        break;
    case RY_IN_REPLACE: see_replace(observer, model, input); break;
    case RY_IN_PRINT:
        see_print(observer, model, input);
        see_trade(observer, input->ref);
        break;
    case RY_IN_LAST:
        RY_MODEL_HIT(observer, last);
        see_trade(observer, input->ref);
        break;
    case RY_IN_BROKEN: see_broken(observer, model, input); break;
    case RY_IN_INCOMPLETE: RY_MODEL_HIT(observer, incomplete); break;
    case RY_IN_CLEAR: see_clear(observer, model, input->head.instrument); break;
    case RY_IN_SESSION:
        for (uint32_t i = 0; i < model->instruments; i++)
            RY_MODEL_HIT_IF(observer, model->instrument[i].input.head.source != input->head.source,
                            session_other_source);
        break;
    default: break;
    }
}

/* --- While it works: orders that come, trade, absorb and go. --- */

static void see_added(struct ry_model_observer *observer, const struct ry_model *model,
                      const struct ry_model_order *order)
{
    for (uint64_t i = 0; i < RY_MODEL_SPENT && i < observer->spent_count; i++) {
        if (observer->spent_ref[i] == order->ref &&
            observer->spent_instrument[i] == order->instrument) {
            RY_MODEL_HIT(observer, add_spent_again);
            break;
        }
    }
    for (int side = RY_BUY; side <= RY_SELL; side++) {
        const struct ry_model_side *book = &model->instrument[order->instrument].side[side];
        for (size_t i = 0; i < book->count; i++)
            RY_MODEL_HIT_IF(observer,
                            book->order[i] != order && book->order[i]->owner == RY_OWNER_RECORDED &&
                                book->order[i]->ref == order->ref,
                            add_beside_nameless);
    }
    const enum ry_side other = ry_side_opposite(order->side);
    const struct ry_model_side *book = &model->instrument[order->instrument].side[other];
    bool crosses = false;
    for (size_t i = 0; i < book->count; i++)
        crosses |= book->order[i]->owner != RY_OWNER_RECORDED &&
                   ry_model_at_or_better(other, book->order[i]->price, order->price);
    RY_MODEL_HIT_IF(observer, crosses && !observer->was_trading, add_halted_cross);
}

void ry_model_observe_rested(struct ry_model_observer *observer, const struct ry_model *model,
                             const struct ry_model_order *order)
{
    const bool is_fresh = order->id > observer->id_max;
    RY_MODEL_HIT_IF(observer, is_fresh, id_fresh);
    RY_MODEL_HIT_IF(observer, !is_fresh, id_reused);
    if (is_fresh)
        observer->id_max = order->id;
    if (order->owner != RY_OWNER_RECORDED)
        return;
    RY_MODEL_HIT_IF(observer, order->ref == 0, ref_zero);
    int64_t best;
    const enum ry_side other = ry_side_opposite(order->side);
    RY_MODEL_HIT_IF(observer,
                    ry_model_recorded_best(model, order->instrument, other, &best) &&
                        ry_model_at_or_better(other, best, order->price),
                    recorded_crossed);
    if (ry_model_observer_is(observer, RY_IN_ADD))
        see_added(observer, model, order);
}

/* True if the order stands before the target of the EXEC. */
static bool is_ahead(const struct ry_model_observer *observer, const struct ry_model_order *order)
{
    const struct ry_model_order *target = &observer->target.was;
    return order->price == target->price
               ? order->arrival < target->arrival
               : ry_model_at_or_better(target->side, order->price, target->price);
}

void ry_model_observe_left(struct ry_model_observer *observer, const struct ry_model_order *order)
{
    if (order == observer->target.order) {
        observer->target.order = NULL;
    } else if (observer->target.order != NULL && ry_model_observer_is(observer, RY_IN_EXEC) &&
               order->owner == RY_OWNER_RECORDED && order->side == observer->target.was.side) {
        RY_MODEL_HIT_IF(observer, order->rec == 0 && is_ahead(observer, order),
                        exec_surplus_ahead_leaves);
    }
    if (order->owner == RY_OWNER_RECORDED && order->rec == 0) {
        const uint64_t at = observer->spent_count++ % RY_MODEL_SPENT;
        observer->spent_ref[at] = order->ref;
        observer->spent_instrument[at] = order->instrument;
    }
}

static void see_demand_met(struct ry_model_observer *observer, const struct ry_model_order *order,
                           uint32_t qty)
{
    const bool ahead = is_ahead(observer, order);
    const bool at_price = order->price == observer->target.was.price;
    if (order->owner == RY_OWNER_RECORDED) {
        RY_MODEL_HIT_IF(observer, at_price && !ahead, exec_displaced_behind);
        RY_MODEL_HIT_IF(observer, !at_price || ahead, exec_displaced_better);
        return;
    }
    RY_MODEL_HIT_IF(observer, ahead && !at_price, exec_agent_better);
    RY_MODEL_HIT_IF(observer, ahead && at_price, exec_agent_ahead);
    RY_MODEL_HIT_IF(observer, !ahead, exec_agent_behind);
    observer->demand_ahead += ahead ? qty : 0;
}

void ry_model_observe_met(struct ry_model_observer *observer, const struct ry_model *model,
                          const struct ry_model_facts *facts)
{
    const struct ry_model_order *order = facts->order;
    observer->met++;
    if (facts->owner != RY_OWNER_RECORDED) {
        RY_MODEL_HIT_IF(observer,
                        model->instrument[order->instrument].side[order->side].order[0] != order,
                        take_past_dark);
    } else if (facts->cause == RY_CAUSE_HIDDEN) {
        observer->print_sells |= order->side == RY_SELL;
        observer->print_buys |= order->side == RY_BUY;
    } else if (ry_model_observer_is(observer, RY_IN_EXEC)) {
        see_demand_met(observer, order, facts->qty);
    } else {
        RY_MODEL_HIT_IF(observer, order->price != observer->input->event.price, add_takes_better);
    }
}

void ry_model_observe_absorbed(struct ry_model_observer *observer,
                               const struct ry_model_order *order, uint32_t qty)
{
    if (order == observer->target.order) {
        observer->target_absorbed += qty;
        return;
    }
    const bool ahead = is_ahead(observer, order);
    const bool at_price = order->price == observer->target.was.price;
    RY_MODEL_HIT_IF(observer, ahead && !at_price, exec_surplus_better);
    RY_MODEL_HIT_IF(observer, ahead && at_price, exec_surplus_ahead);
    RY_MODEL_HIT_IF(observer, !ahead, exec_surplus_other);
    observer->demand_ahead += ahead ? qty : 0;
}

/* What a CANCEL and a stop drop is seen elsewhere. */
void ry_model_observe_dropped(struct ry_model_observer *observer, const struct ry_model *model,
                              const struct ry_model_order *order)
{
    const bool canceled =
        order == observer->target.order && !ry_model_observer_is(observer, RY_IN_EXEC);
    const bool stopped = observer->state_off && !ry_model_is_trading(model, order->instrument);
    if (canceled || stopped || order->surplus == 0)
        return;
    RY_MODEL_HIT_IF(observer, order->side == RY_BUY, passed_buy);
    RY_MODEL_HIT_IF(observer, order->side == RY_SELL, passed_sell);
}

void ry_model_observe_stop(struct ry_model_observer *observer, const struct ry_model *model,
                           uint16_t instrument)
{
    for (int side = RY_BUY; side <= RY_SELL; side++) {
        const struct ry_model_side *book = &model->instrument[instrument].side[side];
        for (size_t i = 0; i < book->count; i++) {
            const struct ry_model_order *order = book->order[i];
            RY_MODEL_HIT_IF(observer, order->surplus > 0, stop_drops_surplus);
            RY_MODEL_HIT_IF(observer, order->surplus > 0 && order->rec == 0, stop_drops_nameless);
        }
    }
}

/* --- Afterwards: what it did, by what the counters rose. --- */

static void see_add_done(struct ry_model_observer *observer, const struct ry_arena_counters *now)
{
    const struct ry_arena_counters *before = &observer->before;
    const uint64_t taken = now->add_agents - before->add_agents;
    if (now->duplicate_reference != before->duplicate_reference) {
        RY_MODEL_HIT(observer, add_duplicate);
        return;
    }
    if (now->book_full != before->book_full) {
        RY_MODEL_HIT(observer, add_book_full);
        return;
    }
    RY_MODEL_HIT_IF(observer, taken == 0, add_rests);
    RY_MODEL_HIT_IF(observer, taken > 0, add_takes_agents);
    RY_MODEL_HIT_IF(observer, taken > 0 && observer->met > 1, add_takes_several);
    RY_MODEL_HIT_IF(observer, taken == observer->input->event.qty, add_takes_all);
}

/* The flag PRINTED of an EXEC or AUCTION whose reference lived. */
static void see_printed(struct ry_model_observer *observer)
{
    const uint16_t flags = observer->input->head.flags;
    if ((flags & RY_INF_PRINTED) == 0)
        return;
    RY_MODEL_HIT_IF(observer, (flags & RY_INF_PRICED) != 0, printed_priced);
    RY_MODEL_HIT_IF(observer, (flags & RY_INF_PRICED) == 0, printed_order_price);
    RY_MODEL_HIT_IF(observer, ry_model_observer_is(observer, RY_IN_AUCTION), printed_auction);
    RY_MODEL_HIT_IF(observer, observer->input->event.ref_new != 0, printed_numbered);
}

static void see_target_done(struct ry_model_observer *observer, const struct ry_arena_counters *now)
{
    const struct ry_arena_counters *before = &observer->before;
    const struct ry_model_order *was = &observer->target.was;
    const uint64_t demand = now->demand - before->demand;
    const uint64_t taken = now->demand_target - before->demand_target;
    const uint64_t made = now->surplus_made - before->surplus_made;
    const uint64_t surplus = was->surplus - observer->target_absorbed + made;
    RY_MODEL_HIT_IF(observer, observer->target_absorbed > 0, exec_target_surplus);
    RY_MODEL_HIT_IF(observer, taken > 0, exec_target_open);
    RY_MODEL_HIT_IF(observer, made > 0, exec_surplus_made);
    RY_MODEL_HIT_IF(observer, made > 0 && taken > 0, exec_trade_and_surplus);
    RY_MODEL_HIT_IF(observer, made > 0 && taken == 0, exec_surplus_alone);
    RY_MODEL_HIT_IF(observer,
                    demand > observer->demand_ahead && taken == 0 && observer->target_absorbed == 0,
                    exec_target_dark);
    RY_MODEL_HIT_IF(observer, was->rec == demand && surplus > 0, nameless_remains);
    RY_MODEL_HIT_IF(observer, was->rec == demand && surplus == 0, exec_target_leaves);
}

static void see_exec_done(struct ry_model_observer *observer, const struct ry_arena_counters *now)
{
    const struct ry_arena_counters *before = &observer->before;
    const bool unmet = now->unmet != before->unmet;
    if (now->unknown_exec != before->unknown_exec) {
        RY_MODEL_HIT(observer, exec_unknown);
        return;
    }
    see_printed(observer);
    see_target_done(observer, now);
    RY_MODEL_HIT_IF(observer,
                    (observer->input->head.flags & RY_INF_PRICED) != 0 &&
                        observer->input->event.price != observer->target.was.price,
                    exec_printed_elsewhere);
    RY_MODEL_HIT_IF(observer, now->exec_beyond != before->exec_beyond, exec_beyond);
    RY_MODEL_HIT_IF(observer, unmet && observer->was_trading, exec_unmet);
    RY_MODEL_HIT_IF(observer, !observer->was_trading, exec_halted);
    RY_MODEL_HIT_IF(observer, unmet && !observer->was_trading, exec_halted_unmet);
}

static void see_cancel_done(struct ry_model_observer *observer, const struct ry_arena_counters *now)
{
    const struct ry_input *input = &observer->input->event;
    const struct ry_model_order *was = &observer->target.was;
    const bool auction = input->head.kind == RY_IN_AUCTION;
    if (now->unknown_cancel != observer->before.unknown_cancel) {
        RY_MODEL_HIT(observer, cancel_unknown);
        RY_MODEL_HIT_IF(observer, auction, auction_unknown);
        return;
    }
    const bool all = !auction && (input->head.flags & RY_INF_ALL) != 0;
    const uint32_t left = was->rec - (all ? was->rec : min_u32(input->qty, was->rec));
    RY_MODEL_HIT_IF(observer, auction, auction);
    if (auction)
        see_printed(observer);
    RY_MODEL_HIT_IF(observer, all, cancel_all);
    RY_MODEL_HIT_IF(observer, now->cancel_beyond != observer->before.cancel_beyond, cancel_beyond);
    RY_MODEL_HIT_IF(observer, left > 0, cancel_part);
    RY_MODEL_HIT_IF(observer, was->open <= left, cancel_open_kept);
    RY_MODEL_HIT_IF(observer, was->surplus > 0, cancel_drops_surplus);
}

static void see_replace_done(struct ry_model_observer *observer,
                             const struct ry_arena_counters *now)
{
    const struct ry_arena_counters *before = &observer->before;
    const struct ry_model_order *was = &observer->target.was;
    const uint32_t deficit = was->rec - was->open;
    const uint32_t qty = observer->input->event.qty;
    const uint64_t taken = now->add_agents - before->add_agents;
    RY_MODEL_HIT_IF(observer, now->unknown_replace != before->unknown_replace, replace_unknown);
    RY_MODEL_HIT_IF(observer, now->duplicate_reference != before->duplicate_reference,
                    replace_duplicate);
    RY_MODEL_HIT_IF(observer, taken > 0, replace_crossing);
    RY_MODEL_HIT_IF(observer, taken > 0 && deficit > 0 && taken == qty - deficit,
                    replace_crossing_limited);
}

static void see_print_done(struct ry_model_observer *observer)
{
    RY_MODEL_HIT_IF(observer, observer->print_sells, print_sells);
    RY_MODEL_HIT_IF(observer, observer->print_buys, print_buys);
    RY_MODEL_HIT_IF(observer, observer->print_sells && observer->print_buys, print_both_sides);
    RY_MODEL_HIT_IF(observer, !observer->was_trading, print_halted);
    RY_MODEL_HIT_IF(observer, observer->unaggressed, print_rest);
    RY_MODEL_HIT_IF(observer, !observer->unaggressed, print_no_rest);
}

void ry_model_observe_record_done(struct ry_model_observer *observer, const struct ry_model *model)
{
    switch (observer->input->head.kind) {
    case RY_IN_ADD: see_add_done(observer, &model->counters); break;
    case RY_IN_EXEC: see_exec_done(observer, &model->counters); break;
    case RY_IN_CANCEL:
    case RY_IN_AUCTION: see_cancel_done(observer, &model->counters); break;
    case RY_IN_REPLACE: see_replace_done(observer, &model->counters); break;
    case RY_IN_PRINT: see_print_done(observer); break;
    case RY_IN_STATE:
        RY_MODEL_HIT_IF(observer, observer->state_off, state_stops);
        RY_MODEL_HIT_IF(observer, observer->state_on, state_starts);
        RY_MODEL_HIT_IF(observer, !observer->state_on && !observer->state_off, state_no_change);
        break;
    case RY_IN_SESSION:
        RY_MODEL_HIT_IF(observer, observer->state_off, session_stops);
        RY_MODEL_HIT_IF(observer, observer->state_on, session_starts);
        break;
    default: break;
    }
}
