#include "tools/why/facts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/text/money.h"
#include "tools/text/price.h"

/* ---- putting fields -------------------------------------------------------------------------- */

struct maker {
    struct ry_explain_record *record;
    const struct ry_results *r;
    struct ry_text_moments *moments;
    const struct ry_why_beside *beside;
    uint16_t instrument; /* whose scale prices have */
};

static struct ry_explain_field *put(struct maker *m, const char *name, enum ry_explain_type type,
                                    __int128 value)
{
    assert(m->record->fields < RY_EXPLAIN_FIELDS_MAX);
    struct ry_explain_field *field = &m->record->field[m->record->fields++];
    *field = (struct ry_explain_field){.type = type, .value = value};
    assert(strlen(name) < sizeof field->name);
    memcpy(field->name, name, strlen(name) + 1);
    return field;
}

static void put_text(struct maker *m, const char *name, enum ry_explain_type type, __int128 value,
                     const char *text)
{
    struct ry_explain_field *field = put(m, name, type, value);
    assert(strlen(text) < sizeof field->text);
    memcpy(field->text, text, strlen(text) + 1);
}

static void put_number(struct maker *m, const char *name, enum ry_explain_type type, __int128 value)
{
    char text[RY_TEXT_PRICE_BYTES];
    put_text(m, name, type, value, ry_text_price(text, value, 0));
}

static void put_lots(struct maker *m, const char *name, __int128 lots)
{
    put_number(m, name, RY_EXPLAIN_LOTS, lots);
}

static void put_count(struct maker *m, const char *name, uint64_t count)
{
    put_number(m, name, RY_EXPLAIN_COUNT, count);
}

static void put_price(struct maker *m, const char *name, int64_t price)
{
    char text[RY_TEXT_PRICE_BYTES];
    uint8_t scale = m->r->instrument[m->instrument].price_scale;
    put_text(m, name, RY_EXPLAIN_PRICE, price, ry_text_price(text, price, scale));
    m->record->field[m->record->fields - 1].scale = scale;
}

static void put_money(struct maker *m, const char *name, __int128 money)
{
    char text[RY_TEXT_MONEY_BYTES];
    put_text(m, name, RY_EXPLAIN_MONEY, money, ry_text_money_plain(text, money));
    m->record->field[m->record->fields - 1].scale = RY_TEXT_MONEY_DIGITS;
}

static void put_name(struct maker *m, const char *name, const char *text, size_t bytes)
{
    char printable[RY_EXPLAIN_TEXT_BYTES];
    put_text(m, name, RY_EXPLAIN_NAME, 0,
             ry_printable(printable, text, bytes < sizeof printable ? bytes : sizeof printable));
}

static void put_agent(struct maker *m, const char *name, uint16_t agent)
{
    put_name(m, name, m->r->agent[agent].name, sizeof m->r->agent[agent].name);
    m->record->field[m->record->fields - 1].value = agent;
}

static void put_instrument(struct maker *m, uint16_t instrument)
{
    m->instrument = instrument;
    put_name(m, "instrument", m->r->instrument[instrument].symbol,
             sizeof m->r->instrument[instrument].symbol);
    m->record->field[m->record->fields - 1].value = instrument;
}

static void put_duration(struct maker *m, const char *name, int64_t ns)
{
    char text[RY_TEXT_DURATION_BYTES];
    put_text(m, name, RY_EXPLAIN_DURATION, ns, ry_text_duration(text, ns));
}

static void put_time(struct maker *m, const struct ry_results_row *row)
{
    char text[RY_TEXT_MOMENT_BYTES];
    put_text(m, "time", RY_EXPLAIN_MOMENT, row->key.time,
             ry_text_moment(text, m->moments, row->key.time));
}

static void put_side(struct maker *m, uint8_t side)
{
    put_text(m, "side", RY_EXPLAIN_SIDE, side, ry_code_name(RY_CODES_SIDE, side));
}

static void put_code(struct maker *m, const char *name, enum ry_codes set, uint8_t code)
{
    put_text(m, name, RY_EXPLAIN_WORD, code, ry_code_name(set, code));
}

/* `remedy` instead of the code's; NULL: none. */
static void put_phrases(struct maker *m, enum ry_codes set, uint8_t number, const char *remedy)
{
    const struct ry_code *code = ry_code(set, number);
    assert(code != NULL);
    remedy = remedy != NULL ? remedy : code->remedy;
    put_text(m, "reason_says", RY_EXPLAIN_PHRASE, number, code->sentence);
    if (remedy[0] != '\0')
        put_text(m, "remedy", RY_EXPLAIN_PHRASE, number, remedy);
}

/* ---- comparing ------------------------------------------------------------------------------- */

static void compare(struct ry_explain_record *record, const char *left, const char *right)
{
    const struct ry_explain_field *a = ry_explain_field(record, left);
    const struct ry_explain_field *b = ry_explain_field(record, right);
    if (a == NULL || b == NULL)
        return;
    assert(a->type == b->type && a->scale == b->scale && record->fields < RY_EXPLAIN_FIELDS_MAX);
    struct ry_explain_field *field = &record->field[record->fields++];
    *field = (struct ry_explain_field){.type = RY_EXPLAIN_COMPARE,
                                       .left = (uint8_t)(a - record->field),
                                       .right = (uint8_t)(b - record->field),
                                       .relation =
                                           (int8_t)((a->value > b->value) - (a->value < b->value))};
    snprintf(field->name, sizeof field->name, "%s:%s", left, right);
    snprintf(field->text, sizeof field->text, "%s %c %s", left, "<=>"[field->relation + 1], right);
}

static void compare_all(struct ry_explain_record *record)
{
    static const struct {
        enum ry_explain_kind kind;
        const char *left, *right;
    } table[] = {
#define RY_COMPARE(kind, left, right, when, sentence) {RY_EXPLAIN_##kind, #left, #right},
#include "tools/explain/fields.def"
    };
    for (unsigned i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].kind == record->kind)
            compare(record, table[i].left, table[i].right);
}

/* ---- fills ----------------------------------------------------------------------------------- */

static const char *type_of(const struct ry_why_order *order)
{
    return order->type == RY_WHY_LIMIT ? "limit" : order->type == RY_WHY_IOC ? "ioc" : "market";
}

static void put_intent(struct maker *m)
{
    if (m->beside->told)
        put_count(m, "intent", m->beside->intent);
}

static void put_waited(struct maker *m, const struct ry_why_order *order, bool maker, int64_t time)
{
    if (maker) {
        put_lots(m, "ahead", order->ahead.lots);
        put_count(m, "ahead_orders", order->ahead.orders);
        put_lots(m, "better", order->ahead.better);
        put_lots(m, "traded", order->traded);
    }
    put_duration(m, "age", time - order->arrival);
    if (order->latency >= 0)
        put_duration(m, "latency", order->latency);
    put_intent(m);
}

static void fill(struct maker *m, const struct ry_results_row *row)
{
    const struct ry_results_row_fill *fill = &row->fill;
    const struct ry_why_pending *pending = m->beside->pending;
    const struct ry_why_order *order = pending != NULL && pending->known ? &pending->order : NULL;
    bool maker = fill->liquidity == RY_RESULTS_MAKER;
    put_time(m, row);
    put_agent(m, "agent", fill->agent);
    put_instrument(m, fill->instrument);
    put_side(m, fill->side);
    put_text(m, "liquidity", RY_EXPLAIN_LIQUIDITY, fill->liquidity, maker ? "maker" : "taker");
    put_code(m, "cause", RY_CODES_CAUSE, fill->cause);
    if (fill->cl_ord_id == 0)
        put_text(m, "order_type", RY_EXPLAIN_WORD, 0, "liquidation");
    else if (order != NULL)
        put_text(m, "order_type", RY_EXPLAIN_WORD, order->type, type_of(order));
    if (fill->cl_ord_id != 0)
        put_count(m, "cl_ord_id", fill->cl_ord_id);
    put_lots(m, "qty", fill->qty);
    put_price(m, "price", fill->price);
    if (order != NULL) {
        put_lots(m, "order_qty", order->qty);
        put_price(m, "limit", order->limit);
    }
    put_lots(m, "leaves", fill->leaves);
    if (order != NULL)
        put_waited(m, order, maker, row->key.time);
    put_money(m, "fee", fill->fee);
    put_lots(m, "position", fill->position);
    put_money(m, "cash", fill->cash);
}

/* ---- rejects --------------------------------------------------------------------------------- */

static void put_price_check(struct maker *m, const struct ry_arena_checked *checked, int64_t price)
{
    if (price > RY_PRICE_ABS_MAX || price < -RY_PRICE_ABS_MAX)
        put_price(m, "price_bound", price > 0 ? RY_PRICE_ABS_MAX : -RY_PRICE_ABS_MAX);
    else
        put_price(m, "tick_size", checked->tick_size);
}

static void put_collar(struct maker *m, const struct ry_arena_checked *checked, int64_t price)
{
    put_price(m, "reference", checked->reference);
    if (price < checked->low)
        put_price(m, "collar_low", checked->low);
    else
        put_price(m, "collar_high", checked->high);
}

static void put_position(struct maker *m, const struct ry_arena_checked *checked)
{
    put_lots(m, "position", checked->position);
    put_lots(m, "open_lots", checked->open);
    put_lots(m, "exposure", checked->exposure);
    put_lots(m, "position_max", checked->position_max);
}

static void put_failed(struct maker *m, enum ry_reject reason, const struct ry_why_pending *pending)
{
    const struct ry_arena_checked *checked = &pending->checked;
    switch (reason) {
    case RY_REJECT_DUPLICATE: put_count(m, "cl_ord_id_max", checked->cl_ord_id_max); break;
    case RY_REJECT_QUANTITY: put_lots(m, "quantity_max", checked->quantity_max); break;
    case RY_REJECT_PRICE: put_price_check(m, checked, pending->asked.price); break;
    case RY_REJECT_COLLAR: put_collar(m, checked, pending->asked.price); break;
    case RY_REJECT_NOTIONAL:
        put_money(m, "notional", checked->notional);
        put_money(m, "notional_max", checked->notional_max);
        break;
    case RY_REJECT_OPEN_ORDERS:
        put_count(m, "open_orders", checked->open_orders);
        put_count(m, "open_orders_max", checked->open_orders_max);
        break;
    case RY_REJECT_POSITION: put_position(m, checked); break;
    case RY_REJECT_RATE:
        put_count(m, "commands", checked->commands);
        put_count(m, "rate_max", checked->rate_max);
        break;
    case RY_REJECT_CAPACITY: put_count(m, "orders_max", checked->orders_max); break;
    case RY_REJECT_NONE:
    case RY_REJECT_MALFORMED:
    case RY_REJECT_INSTRUMENT:
    case RY_REJECT_NOT_TRADING:
    case RY_REJECT_KILLED:
    case RY_REJECT_NO_REFERENCE:
    case RY_REJECT_UNKNOWN_ORDER: break;
    }
}

static void reject(struct maker *m, const struct ry_results_row *row)
{
    const struct ry_results_row_reject *reject = &row->reject;
    const struct ry_why_pending *pending = m->beside->pending;
    const struct ry_why_order *order = pending != NULL && pending->known ? &pending->order : NULL;
    bool cancel = reject->reason == RY_REJECT_UNKNOWN_ORDER;
    put_time(m, row);
    put_agent(m, "agent", reject->agent);
    put_text(m, "command", RY_EXPLAIN_WORD, cancel, cancel ? "cancel" : "order");
    if (reject->instrument != RY_RESULTS_NONE)
        put_instrument(m, reject->instrument);
    if (reject->side != RY_SIDE_NONE)
        put_side(m, reject->side);
    put_count(m, "cl_ord_id", reject->cl_ord_id);
    if (!cancel)
        put_lots(m, "qty", reject->qty);
    if (order != NULL && order->limit != RY_RESULTS_NO_PRICE)
        put_price(m, "price", order->limit);
    put_code(m, "reason", RY_CODES_REJECT, reject->reason);
    put_phrases(m, RY_CODES_REJECT, reject->reason, NULL);
    if (pending != NULL && pending->latency >= 0)
        put_duration(m, "latency", pending->latency);
    put_intent(m);
    if (order != NULL)
        put_failed(m, (enum ry_reject)reject->reason, pending);
}

/* ---- eliminations ---------------------------------------------------------------------------- */

/* Whoever has enough stands above whoever has not, whatever both earned. */
static bool fills_decide(const struct maker *m, const struct ry_results_row_rank *last,
                         const struct ry_results_row_rank *next)
{
    const uint32_t min_fills = m->r->battle.min_fills;
    return (last->fills >= min_fills) != (next->fills >= min_fills);
}

static const char *decider(const struct maker *m, const struct ry_results_row_rank *last,
                           const struct ry_results_row_rank *next)
{
    if (fills_decide(m, last, next))
        return "min_fills";
    if (last->score != next->score)
        return "score";
    return last->rejects != next->rejects ? "rejects" : "draw";
}

static void put_next(struct maker *m, const struct ry_results_row_rank *last,
                     const struct ry_results_row_rank *next)
{
    put_text(m, "decided_by", RY_EXPLAIN_WORD, 0, decider(m, last, next));
    put_agent(m, "next", next->agent);
    put_money(m, "next_score", next->score);
    put_count(m, "next_fills", next->fills);
    put_count(m, "next_rejects", next->rejects);
    __int128 gap = (__int128)next->score - last->score;
    put_money(m, "score_gap", gap < 0 ? -gap : gap);
}

/* Where it stood in the ranks that the round's end gave; NULL: it did not. */
static const struct ry_results_row_rank *ranked(const struct maker *m, uint16_t agent,
                                                const struct ry_results_row_rank **next)
{
    const struct ry_results_row_rank *last =
        m->beside->ranks == 0 ? NULL : &m->beside->rank[m->beside->ranks - 1];
    *next = NULL;
    if (last == NULL || last->agent != agent)
        return NULL;
    if (m->beside->ranks > 1)
        *next = last - 1;
    return last;
}

static void put_equity(struct maker *m, const struct ry_results_row_out *out)
{
    if (m->beside->pending == NULL)
        return;
    const __int128 equity = m->beside->pending->equity;
    const __int128 start = m->r->agent[out->agent].cash_start;
    const __int128 loss_max = m->r->agent[out->agent].loss_max;
    put_money(m, "equity", equity);
    put_money(m, "equity_min", out->reason == RY_OUT_LOSS ? start - loss_max : 0);
    if (out->reason != RY_OUT_LOSS)
        return;
    put_money(m, "loss", start - equity);
    put_money(m, "loss_max", loss_max);
}

static void out(struct maker *m, const struct ry_results_row *row)
{
    const struct ry_results_row_out *out = &row->out;
    const struct ry_results_row_rank *next = NULL, *last = NULL;
    if (out->reason == RY_OUT_LAST)
        last = ranked(m, out->agent, &next);
    put_time(m, row);
    put_agent(m, "agent", out->agent);
    put_code(m, "reason", RY_CODES_OUT, out->reason);
    put_phrases(m, RY_CODES_OUT, out->reason,
                next != NULL && fills_decide(m, last, next)
                    ? "have min_fills fills or more in each round"
                    : NULL);
    put_count(m, "round", out->round);
    put_count(m, "rank", out->rank);
    put_count(m, "agents", m->r->agents);
    if (last != NULL) {
        put_money(m, "score", last->score);
        put_money(m, "value", last->value);
    }
    put_count(m, "fills", out->fills);
    put_count(m, "min_fills", m->r->battle.min_fills);
    put_count(m, "rejects", out->rejects);
    if (next != NULL)
        put_next(m, last, next);
    if (out->reason == RY_OUT_INSOLVENT || out->reason == RY_OUT_LOSS)
        put_equity(m, out);
}

bool ry_why_facts(struct ry_explain_record *record, const struct ry_results *r,
                  struct ry_text_moments *moments, const struct ry_results_row *row,
                  const struct ry_why_beside *beside)
{
    static const struct ry_why_beside nothing;
    struct maker m = {
        .record = record, .r = r, .moments = moments, .beside = beside == NULL ? &nothing : beside};
    bool is_fill = row->kind == RY_RESULTS_ROW_FILL, is_reject = row->kind == RY_RESULTS_ROW_REJECT;
    if (!is_fill && !is_reject && row->kind != RY_RESULTS_ROW_OUT)
        return false;
    record->kind = is_fill ? RY_EXPLAIN_FILL : is_reject ? RY_EXPLAIN_REJECT : RY_EXPLAIN_OUT;
    record->input = row->key.input;
    record->n = row->key.n;
    record->fields = 0;
    if (is_fill)
        fill(&m, row);
    else if (is_reject)
        reject(&m, row);
    else
        out(&m, row);
    compare_all(record);
    return true;
}
