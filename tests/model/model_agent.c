/* What agents' inputs do, and how their orders match: sections 3 and 4 of docs/MATCHING.md. */
#include "tests/model/observer.h"

/* An agent's order while it takes: as it comes in, or standing, when trading resumes. */
struct taker {
    uint16_t agent;
    uint16_t instrument;
    enum ry_side side;
    uint64_t cl_ord_id;
    int64_t limit;
    uint64_t left;
    struct ry_model_order *standing; /* NULL as it comes in */
};

/* Only what the machine liquidates can be more than this. */
static uint32_t shown(const struct taker *taker)
{
    return taker->left > UINT32_MAX ? UINT32_MAX : (uint32_t)taker->left;
}

static struct ry_report report_of(const struct taker *taker, enum ry_report_kind kind)
{
    return (struct ry_report){.kind = (uint8_t)kind,
                              .instrument = taker->instrument,
                              .side = (uint8_t)taker->side,
                              .cl_ord_id = taker->cl_ord_id,
                              .qty = shown(taker),
                              .leaves = shown(taker),
                              .order = taker->standing != NULL ? taker->standing->id : 0};
}

/* What is left of it is cancelled. */
static void report_canceled(struct ry_model *model, struct taker *taker, enum ry_cancel code)
{
    struct ry_report report = report_of(taker, RY_RP_CANCELED);
    report.leaves = 0;
    report.code = (uint8_t)code;
    ry_model_report(model, taker->agent, report);
    taker->left = 0;
}

static void report_taken(struct ry_model *model, const struct taker *taker, int64_t price,
                         uint32_t qty, enum ry_cause cause)
{
    const __int128 fee = ry_model_charge(model, taker->agent, taker->instrument, price, qty,
                                         model->battle.fee_taker_ppm);
    struct ry_report report = report_of(taker, RY_RP_FILL);
    report.cause = (uint8_t)cause;
    report.price = price;
    report.qty = qty;
    report.fee = ry_model_clamp(fee);
    ry_model_report(model, taker->agent, report);
}

/* The next in book order with open > 0 at the limit or better; NULL if there is none. */
static struct ry_model_order *first_takeable(struct ry_model *model, const struct taker *taker)
{
    const enum ry_side other = ry_side_opposite(taker->side);
    const struct ry_model_side *book = &model->instrument[taker->instrument].side[other];
    for (size_t i = 0; i < book->count; i++) {
        struct ry_model_order *order = book->order[i];
        if (!ry_model_at_or_better(other, order->price, taker->limit))
            return NULL;
        if (order->open > 0)
            return order;
    }
    return NULL;
}

static void take_one(struct ry_model *model, struct taker *taker, struct ry_model_order *resting)
{
    const uint32_t qty = taker->left < resting->open ? (uint32_t)taker->left : resting->open;
    const int64_t price = resting->price;
    const bool recorded = resting->owner == RY_OWNER_RECORDED;
    if (recorded)
        model->counters.taken_recorded += qty;
    else
        model->counters.taken_agents += qty;
    taker->left -= qty;
    if (taker->standing != NULL)
        taker->standing->open = shown(taker);
    ry_model_meet(model, resting, qty, taker->agent, RY_CAUSE_AGENT);
    report_taken(model, taker, price, qty, recorded ? RY_CAUSE_RECORDED : RY_CAUSE_AGENT);
}

/* Takes what stands on the other side; what its own agent's order stopped is cancelled. */
static void take(struct ry_model *model, struct taker *taker)
{
    struct ry_model_order *resting;
    while (taker->left > 0 && (resting = first_takeable(model, taker)) != NULL)
        if (resting->owner == taker->agent)
            report_canceled(model, taker, RY_CANCEL_SELF_TRADE);
        else
            take_one(model, taker, resting);
}

static void rest(struct ry_model *model, struct taker *taker)
{
    taker->standing = ry_model_rest(model, &(struct ry_model_order){.ref = taker->cl_ord_id,
                                                                    .price = taker->limit,
                                                                    .open = shown(taker),
                                                                    .instrument = taker->instrument,
                                                                    .owner = taker->agent,
                                                                    .side = taker->side});
    struct ry_report report = report_of(taker, RY_RP_RESTED);
    report.price = taker->limit;
    ry_model_report(model, taker->agent, report);
}

/* The order passed its checks. */
static void enter(struct ry_model *model, struct taker *taker, bool ioc)
{
    struct ry_report accepted = report_of(taker, RY_RP_ACCEPTED);
    accepted.price = taker->limit;
    ry_model_report(model, taker->agent, accepted);

    take(model, taker);
    if (taker->left > 0 && ioc)
        report_canceled(model, taker, RY_CANCEL_IOC);
    else if (taker->left > 0)
        rest(model, taker);
}

/* Counts a command, before it is looked at. */
static void count_command(struct ry_model *model, uint16_t agent)
{
    struct ry_model_agent *who = &model->agent[agent];
    const int64_t second = (int64_t)ry_model_floor_div(model->time, RY_NS_PER_SECOND);
    if (second != who->second) {
        who->second = second;
        who->commands_in_second = 0;
    }
    who->commands_in_second++;
    model->counters.commands++;
}

static void reject(struct ry_model *model, uint16_t agent, struct ry_report report,
                   enum ry_reject code)
{
    model->counters.rejects++;
    report.kind = RY_RP_REJECTED;
    report.code = (uint8_t)code;
    ry_model_report(model, agent, report);
}

void ry_model_order_input(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t agent = (uint16_t)(input->head.source - RY_SOURCE_AGENT);
    count_command(model, agent);
    const struct ry_model_limit limit = ry_model_check(model, input, agent);
    if (limit.reject != RY_REJECT_NONE) {
        reject(model, agent,
               (struct ry_report){.instrument = input->head.instrument,
                                  .side = input->side,
                                  .cl_ord_id = input->ref,
                                  .qty = input->qty},
               limit.reject);
        return;
    }
    struct taker taker = {.agent = agent,
                          .instrument = input->head.instrument,
                          .side = (enum ry_side)input->side,
                          .cl_ord_id = input->ref,
                          .limit = limit.price,
                          .left = input->qty};
    enter(model, &taker, (input->head.flags & (RY_INF_IOC | RY_INF_MARKET)) != 0);
}

static struct taker standing(struct ry_model_order *order)
{
    return (struct taker){.agent = order->owner,
                          .instrument = order->instrument,
                          .side = order->side,
                          .cl_ord_id = order->ref,
                          .limit = order->price,
                          .left = order->open,
                          .standing = order};
}

void ry_model_cancel_own(struct ry_model *model, struct ry_model_order *order, enum ry_cancel code)
{
    struct taker taker = standing(order);
    report_canceled(model, &taker, code);
    ry_model_leave(model, order);
}

struct ry_model_order *ry_model_find_own(struct ry_model *model, uint16_t agent,
                                         const uint64_t *cl_ord_id)
{
    struct ry_model_order *oldest = NULL;
    for (uint32_t i = 0; i < model->instruments; i++) {
        for (int side = RY_BUY; side <= RY_SELL; side++) {
            const struct ry_model_side *book = &model->instrument[i].side[side];
            for (size_t k = 0; k < book->count; k++) {
                struct ry_model_order *order = book->order[k];
                if (order->owner == agent && (cl_ord_id == NULL || order->ref == *cl_ord_id) &&
                    (oldest == NULL || order->arrival < oldest->arrival))
                    oldest = order;
            }
        }
    }
    return oldest;
}

void ry_model_order_cancel(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t agent = (uint16_t)(input->head.source - RY_SOURCE_AGENT);
    count_command(model, agent);
    struct ry_model_order *order = ry_model_find_own(model, agent, &input->ref);
    if (order == NULL) {
        reject(model, agent, (struct ry_report){.cl_ord_id = input->ref, .qty = input->qty},
               RY_REJECT_UNKNOWN_ORDER);
        return;
    }
    ry_model_cancel_own(model, order, RY_CANCEL_REQUESTED);
}

void ry_model_agent_died(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t agent = (uint16_t)input->qty;
    const bool stalled = (input->head.flags & RY_INF_STALLED) != 0;
    if (model->agent[agent].out == RY_OUT_NONE)
        ry_model_put_out(model, agent, stalled ? RY_OUT_STALLED : RY_OUT_DIED);
}

void ry_model_liquidate(struct ry_model *model, uint16_t agent, uint16_t instrument,
                        int64_t position)
{
    const bool sells = position > 0;
    struct taker taker = {.agent = agent,
                          .instrument = instrument,
                          .side = sells ? RY_SELL : RY_BUY,
                          .limit = sells ? INT64_MIN : INT64_MAX,
                          .left = sells ? (uint64_t)position : -(uint64_t)position};
    take(model, &taker);
}

void ry_model_resume_order(struct ry_model *model, struct ry_model_order *order)
{
    struct taker taker = standing(order);
    const uint32_t before = order->open;
    take(model, &taker);
    order->open = shown(&taker);
    ry_model_observe(model, RY_MODEL_SEEN_RESUMED,
                     (struct ry_model_facts){.order = order, .qty = before});
    if (order->open == before)
        return;
    ry_model_change(model, order, 0);
    ry_model_leave_if_spent(model, order);
}
