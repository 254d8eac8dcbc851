#include "core/arena/commands.h"

#include "core/arena/arrival.h"
#include "core/arena/risk.h"

/* REPORT-3, REPORT-4: what the command asked for. */
static void reject(struct ry_arena *a, uint16_t agent, const struct ry_input *in,
                   enum ry_reject code)
{
    bool order = in->head.kind == RY_IN_ORDER;
    const struct ry_arena_said said = {
        .kind = RY_RP_REJECTED,
        .instrument = order ? in->head.instrument : 0,
        .side = order ? in->side : 0,
        .code = (uint8_t)code,
        .cl_ord_id = in->ref,
        .qty = in->qty,
    };
    a->counters.rejects++;
    ry_arena_put_report(a, agent, &said);
}

/* REPORT-3: a report of a taker, ACCEPTED, RESTED, CANCELED. */
static void report(struct ry_arena *a, const struct ry_arena_instrument *instrument,
                   const struct ry_arena_taker *taker, enum ry_report_kind kind,
                   enum ry_cancel code)
{
    bool canceled = kind == RY_RP_CANCELED;
    const struct ry_arena_said said = {
        .kind = (uint8_t)kind,
        .instrument = instrument->id,
        .side = taker->side,
        .code = (uint8_t)code,
        .cl_ord_id = taker->cl_ord_id,
        .price = canceled ? 0 : taker->limit,
        .qty = (uint32_t)taker->left,
        .leaves = canceled ? 0 : (uint32_t)taker->left,
        .order = taker->order,
    };
    ry_arena_put_report(a, taker->agent, &said);
}

/* ORDER-5 */
static void rest(struct ry_arena *a, struct ry_arena_instrument *instrument,
                 struct ry_arena_taker *taker)
{
    struct ry_arena_resting resting = {
        .ref = taker->cl_ord_id,
        .price = taker->limit,
        .open = (uint32_t)taker->left,
        .owner = (uint8_t)taker->agent,
        .side = taker->side,
    };
    taker->order = ry_arena_order_rest(a, instrument, &resting);
    report(a, instrument, taker, RY_RP_RESTED, RY_CANCEL_NONE);
    ry_arena_put_change(a, ry_arena_order_at(a, taker->order), taker->order, taker->limit,
                        resting.open, RY_MKF_NEW);
}

void ry_arena_command_order(struct ry_arena *a, uint16_t agent, const struct ry_input *in)
{
    int64_t limit = 0;
    a->counters.commands++; /* COMMAND-1 */
    ry_arena_risk_count(a, &a->agent[agent]);
    enum ry_reject code = ry_arena_risk_check(a, agent, in, &limit);
    if (code) {
        reject(a, agent, in, code);
        return;
    }
    struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, in->head.instrument);
    struct ry_arena_taker taker = {
        .cl_ord_id = in->ref,
        .limit = limit,
        .left = in->qty,
        .agent = agent,
        .side = in->side,
    };
    report(a, instrument, &taker, RY_RP_ACCEPTED, RY_CANCEL_NONE); /* ORDER-1 */
    ry_arena_match(a, instrument, &taker);
    if (!taker.left)
        return;
    if (taker.met_own) /* ORDER-3 */
        report(a, instrument, &taker, RY_RP_CANCELED, RY_CANCEL_SELF_TRADE);
    else if (in->head.flags & (RY_INF_IOC | RY_INF_MARKET)) /* ORDER-4 */
        report(a, instrument, &taker, RY_RP_CANCELED, RY_CANCEL_IOC);
    else
        rest(a, instrument, &taker);
}

void ry_arena_command_withdraw(struct ry_arena *a, uint32_t id, enum ry_cancel code)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, order->instrument);
    struct ry_arena_taker gone = {
        .cl_ord_id = order->ref,
        .left = order->open,
        .order = id,
        .agent = order->owner,
        .side = order->side,
    };
    ry_arena_put_change(a, order, id,
                        ry_arena_price(order->side, ry_arena_level_at(a, order->level)->key), 0, 0);
    ry_arena_order_leave(a, instrument, id);
    report(a, instrument, &gone, RY_RP_CANCELED, code);
}

void ry_arena_command_cancel(struct ry_arena *a, uint16_t agent, const struct ry_input *in)
{
    a->counters.commands++;
    ry_arena_risk_count(a, &a->agent[agent]);
    uint32_t id = ry_arena_ref_find(a, RY_ARENA_SPACE_AGENT + agent, in->ref);
    if (id) /* WITHDRAW-1 */
        ry_arena_command_withdraw(a, id, RY_CANCEL_REQUESTED);
    else /* WITHDRAW-2 */
        reject(a, agent, in, RY_REJECT_UNKNOWN_ORDER);
}

/* RESUME-3: one standing order matches as if it came in now; it keeps its place. */
static void resume(struct ry_arena *a, struct ry_arena_instrument *instrument, uint32_t id)
{
    struct ry_arena_order *order = ry_arena_order_at(a, id);
    struct ry_arena_level *level = ry_arena_level_at(a, order->level);
    struct ry_arena_taker taker = {
        .cl_ord_id = order->ref,
        .limit = ry_arena_price(order->side, level->key),
        .left = order->open,
        .order = id,
        .agent = order->owner,
        .side = order->side,
    };
    ry_arena_match(a, instrument, &taker);
    if (taker.met_own) { /* RESUME-2 */
        report(a, instrument, &taker, RY_RP_CANCELED, RY_CANCEL_SELF_TRADE);
        taker.left = 0;
    }
    if (taker.left == order->open)
        return;
    ry_arena_order_take(a, order, level, order->open - (uint32_t)taker.left);
    ry_arena_put_change(a, order, id, taker.limit, order->open, 0); /* MARKET-7 */
    if (!order->open)
        ry_arena_order_leave(a, instrument, id);
}

/* RESUME-1: in order of arrival. Who was met by an earlier one may be gone. */
void ry_arena_command_resume(struct ry_arena *a, struct ry_arena_instrument *instrument)
{
    uint32_t count;
    const uint32_t *order = ry_arena_arrival_of_book(a, instrument, &count);
    for (uint32_t i = 0; i < count; i++)
        if (ry_arena_order_at(a, order[i])->level)
            resume(a, instrument, order[i]);
}
