/*
 * Inputs by hand, for programs that have no feed and no host: a function fills a whole record.
 *
 *     union ry_input_any input;
 *     ry_arena_input_order(&input, now, 0, ++seq, 7, 3, RY_BUY, 10050, 200, 0);
 *
 * is order 7 of agent 0: buy 200 lots of instrument 3 at 10050 price units, to rest if it does not
 * match. What a function does not ask for is zero; set it behind: input.battle.fee_taker_ppm = 30.
 * `time` never falls from input to input. `seq` counts one source's inputs from 1: the machine does
 * not look at it, the input hash does. What each input does: docs/MATCHING.md.
 */
#ifndef RY_CORE_ARENA_INPUTS_H
#define RY_CORE_ARENA_INPUTS_H

#include <string.h>

#include "shm/records/input.h"

/* An empty record of a kind; 1 slot, instrument 0. */
static inline void ry_arena_input_begin(union ry_input_any *input, enum ry_input_kind kind,
                                        int64_t time, unsigned source, uint64_t seq)
{
    memset(input, 0, sizeof *input);
    input->head.kind = (uint8_t)kind;
    input->head.slots = 1;
    input->head.source = (uint16_t)source;
    input->head.time = time;
    input->head.source_seq = seq;
}

/* As much of `text` as there is room for, with a NUL; the rest stays zero. */
static inline void ry_arena_input_text(char *to, size_t bytes, const char *text)
{
    for (size_t i = 0; i + 1 < bytes && text[i]; i++)
        to[i] = text[i];
}

/* ---- the battle: one BATTLE, its INSTRUMENTs by id, its AGENTs by id ------------------------- */

/* Orders match from `from`, a TIME input of that moment said; the end is an END input's, at `to` at
 * the latest (RY_TIME_NEVER: when you like). No fees, no rounds. */
static inline void ry_arena_input_battle(union ry_input_any *input, int64_t from, int64_t to,
                                         uint16_t instruments, uint16_t agents, uint32_t orders_max)
{
    ry_arena_input_begin(input, RY_IN_BATTLE, from, RY_SOURCE_CONTROL, 1);
    input->head.slots = RY_BATTLE_SLOTS;
    input->battle.warmup_from = from;
    input->battle.trade_from = from;
    input->battle.trade_to = to;
    input->battle.instruments = instruments;
    input->battle.agents = agents;
    input->battle.orders_max = orders_max;
}

/* A price unit is 10^-price_scale of the currency, and `money_per_unit` money (1e-6 of it) for one
 * lot: 10000 where a lot is one share and price_scale is 2. */
static inline void ry_arena_input_instrument(union ry_input_any *input, int64_t time, uint16_t id,
                                             const char *symbol, uint8_t price_scale,
                                             int64_t tick_size, int64_t money_per_unit)
{
    ry_arena_input_begin(input, RY_IN_INSTRUMENT, time, RY_SOURCE_FEED, 1u + id);
    input->head.slots = 3;
    input->head.instrument = id;
    ry_arena_input_text(input->instrument.symbol, sizeof input->instrument.symbol, symbol);
    input->instrument.price_scale = price_scale;
    input->instrument.tick_size = tick_size;
    input->instrument.money_per_unit = money_per_unit;
}

/* With limits as wide as they can be; narrow those that you want: input.agent.quantity_max = 500.
 */
static inline void ry_arena_input_agent(union ry_input_any *input, int64_t time, uint16_t id,
                                        const char *name, int64_t cash)
{
    ry_arena_input_begin(input, RY_IN_AGENT, time, RY_SOURCE_AGENT + id, 1);
    input->head.slots = 2;
    ry_arena_input_text(input->agent.name, sizeof input->agent.name, name);
    input->agent.cash = cash;
    input->agent.notional_max = INT64_MAX;
    input->agent.position_max = INT64_MAX;
    input->agent.quantity_max = UINT32_MAX;
    input->agent.open_orders_max = UINT32_MAX;
    input->agent.rate_max = UINT32_MAX;
    input->agent.collar_ppm = UINT32_MAX;
    input->agent.collar_ticks = RY_TICKS_MAX;
    input->agent.loss_max = INT64_MAX;
}

/* ---- the clock ------------------------------------------------------------------------------- */

/* Due when ry_arena_next_moment has come: before any other input of that time or later. */
static inline void ry_arena_input_time(union ry_input_any *input, int64_t time, uint64_t seq)
{
    ry_arena_input_begin(input, RY_IN_TIME, time, RY_SOURCE_CLOCK, seq);
}

static inline void ry_arena_input_end(union ry_input_any *input, int64_t time, uint64_t seq)
{
    ry_arena_input_begin(input, RY_IN_END, time, RY_SOURCE_CONTROL, seq);
}

/* ---- agents ---------------------------------------------------------------------------------- */

/* flags: 0, RY_INF_IOC, or RY_INF_MARKET with price 0. */
static inline void ry_arena_input_order(union ry_input_any *input, int64_t time, uint16_t agent,
                                        uint64_t seq, uint64_t cl_ord_id, uint16_t instrument,
                                        enum ry_side side, int64_t price, uint32_t qty,
                                        uint16_t flags)
{
    ry_arena_input_begin(input, RY_IN_ORDER, time, RY_SOURCE_AGENT + agent, seq);
    input->head.instrument = instrument;
    input->head.flags = flags;
    input->event.ref = cl_ord_id;
    input->event.side = (uint8_t)side;
    input->event.price = price;
    input->event.qty = qty;
}

/* cl_ord_id: of the order that is to go. */
static inline void ry_arena_input_order_cancel(union ry_input_any *input, int64_t time,
                                               uint16_t agent, uint64_t seq, uint64_t cl_ord_id)
{
    ry_arena_input_begin(input, RY_IN_ORDER_CANCEL, time, RY_SOURCE_AGENT + agent, seq);
    input->event.ref = cl_ord_id;
}

/* ---- a recorded market, from feed 0 ---------------------------------------------------------- */

/* An order of the record, by its reference, which no other live one of the feed has. */
static inline void ry_arena_input_add(union ry_input_any *input, int64_t time, uint64_t seq,
                                      uint16_t instrument, uint64_t ref, enum ry_side side,
                                      int64_t price, uint32_t qty)
{
    ry_arena_input_begin(input, RY_IN_ADD, time, RY_SOURCE_FEED, seq);
    input->head.instrument = instrument;
    input->event.ref = ref;
    input->event.side = (uint8_t)side;
    input->event.price = price;
    input->event.qty = qty;
}

/* The record executes `qty` of it, and prints that at the order's price. */
static inline void ry_arena_input_exec(union ry_input_any *input, int64_t time, uint64_t seq,
                                       uint16_t instrument, uint64_t ref, uint32_t qty)
{
    ry_arena_input_begin(input, RY_IN_EXEC, time, RY_SOURCE_FEED, seq);
    input->head.instrument = instrument;
    input->head.flags = RY_INF_PRINTED;
    input->event.ref = ref;
    input->event.qty = qty;
}

/* The record takes `qty` of it back; 0: all that is left. */
static inline void ry_arena_input_cancel(union ry_input_any *input, int64_t time, uint64_t seq,
                                         uint16_t instrument, uint64_t ref, uint32_t qty)
{
    ry_arena_input_begin(input, RY_IN_CANCEL, time, RY_SOURCE_FEED, seq);
    input->head.instrument = instrument;
    input->head.flags = qty ? 0 : RY_INF_ALL;
    input->event.ref = ref;
    input->event.qty = qty;
}

static inline void ry_arena_input_replace(union ry_input_any *input, int64_t time, uint64_t seq,
                                          uint16_t instrument, uint64_t ref, uint64_t ref_new,
                                          int64_t price, uint32_t qty)
{
    ry_arena_input_begin(input, RY_IN_REPLACE, time, RY_SOURCE_FEED, seq);
    input->head.instrument = instrument;
    input->event.ref = ref;
    input->event.ref_new = ref_new;
    input->event.price = price;
    input->event.qty = qty;
}

/* A last trade of the record, where there is no record: agents' orders need a reference before the
 * first of a closed market. */
static inline void ry_arena_input_last(union ry_input_any *input, int64_t time, uint64_t seq,
                                       uint16_t instrument, int64_t price, uint32_t qty)
{
    ry_arena_input_begin(input, RY_IN_LAST, time, RY_SOURCE_FEED, seq);
    input->head.instrument = instrument;
    input->event.price = price;
    input->event.qty = qty;
}

#endif
