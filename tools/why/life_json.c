#include <string.h>

#include "tools/text/json.h"
#include "tools/text/row_json.h"
#include "tools/why/life.h"

static json_t *price_json(const struct ry_why_life *life, int64_t price)
{
    const uint16_t instrument = life->order.instrument;
    if (instrument >= life->tracker.results.instruments || price == RY_RESULTS_NO_PRICE)
        return json_null();
    return ry_text_json_decimal(price, life->tracker.results.instrument[instrument].price_scale);
}

static json_t *ahead_json(const struct ry_why_ahead *ahead)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "lots", ry_text_json_count(ahead->lots));
    ry_text_json_set(object, "orders", ry_text_json_count(ahead->orders));
    ry_text_json_set(object, "better_lots", ry_text_json_count(ahead->better));
    ry_text_json_set(object, "better_orders", ry_text_json_count(ahead->better_orders));
    return object;
}

static json_t *order_json(const struct ry_why_life *life)
{
    const struct ry_why_order *order = &life->order;
    const struct ry_results *r = &life->tracker.results;
    static const char *const types[] = {
        [RY_WHY_LIMIT] = "limit", [RY_WHY_IOC] = "ioc", [RY_WHY_MARKET] = "market"};
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "agent",
                     ry_text_json_string(life->scan.asked.agent, sizeof life->scan.asked.agent));
    ry_text_json_set(object, "cl_ord_id", ry_text_json_u64(order->cl_ord_id));
    ry_text_json_set(
        object, "instrument",
        order->instrument < r->instruments
            ? ry_text_json_string(r->instrument[order->instrument].symbol, RY_SYMBOL_BYTES)
            : json_null());
    ry_text_json_set(object, "side", json_string(ry_code_name(RY_CODES_SIDE, order->side)));
    ry_text_json_set(object, "order_type", json_string(types[order->type]));
    ry_text_json_set(object, "qty", ry_text_json_integer(order->qty));
    ry_text_json_set(object, "price", price_json(life, order->limit));
    ry_text_json_set(object, "filled", ry_text_json_integer(order->filled));
    ry_text_json_set(object, "traded", ry_text_json_count(order->traded));
    return object;
}

static json_t *reports_json(const struct ry_why_life *life)
{
    char line[RY_TEXT_ROW_BYTES];
    json_t *array = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < life->woken.reports; i++) {
        size_t bytes = ry_text_row_json(line, &life->tracker.results, &life->woken.report[i]);
        ry_text_json_add(array, json_loadb(line, bytes, 0, NULL));
    }
    return array;
}

static json_t *seen_json(const struct ry_why_life *life, const struct ry_why_seen *seen)
{
    const struct ry_results_instrument *instrument =
        &life->tracker.results.instrument[seen->instrument];
    const uint8_t scale = instrument->price_scale;
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "instrument",
                     ry_text_json_string(instrument->symbol, RY_SYMBOL_BYTES));
    ry_text_json_set(object, "trades", ry_text_json_count(seen->trades));
    ry_text_json_set(object, "lots", ry_text_json_count(seen->lots));
    ry_text_json_set(object, "last",
                     seen->trades > 0 ? ry_text_json_decimal(seen->last, scale) : json_null());
    ry_text_json_set(object, "changes", ry_text_json_count(seen->changes));
    ry_text_json_set(object, "trading",
                     seen->states > 0 ? json_boolean(seen->trading) : json_null());
    ry_text_json_set(object, "bid",
                     seen->has_bid ? ry_text_json_decimal(seen->bid, scale) : json_null());
    ry_text_json_set(object, "ask",
                     seen->has_ask ? ry_text_json_decimal(seen->ask, scale) : json_null());
    return object;
}

static json_t *wake_json(const struct ry_why_life *life)
{
    const struct ry_why_wake *wake = &life->scan.wake;
    if (wake->latest == INT64_MIN)
        return json_null();
    json_t *object = ry_text_json_whole(json_object());
    json_t *seen = ry_text_json_whole(json_array());
    ry_text_json_set_time(object, "earliest", wake->earliest);
    ry_text_json_set_time(object, "latest", wake->latest);
    ry_text_json_set(object, "latency_ns", ry_text_json_i64(life->scan.latency));
    ry_text_json_set(object, "start", json_boolean(life->woken.start));
    ry_text_json_set(object, "reports", reports_json(life));
    for (unsigned i = 0; i < life->woken.instruments; i++)
        ry_text_json_add(seen, seen_json(life, &life->woken.seen[i]));
    ry_text_json_set(object, "market", seen);
    return object;
}

static json_t *decision_json(const struct ry_why_life *life)
{
    const struct ry_input_decision *decision = &life->scan.decision;
    if (!life->scan.decided)
        return json_null();
    json_t *object = ry_text_json_whole(json_object());
    json_t *features = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < decision->count && i < RY_FEATURES_MAX; i++)
        ry_text_json_add(features, ry_text_json_i64(decision->feature[i]));
    ry_text_json_set(object, "intent", ry_text_json_count(decision->intent));
    ry_text_json_set(object, "features", features);
    return object;
}

static const char *event_name(enum ry_why_event_kind kind)
{
    switch (kind) {
    case RY_WHY_EVENT_ACCEPTED: return "accepted";
    case RY_WHY_EVENT_REJECTED: return "rejected";
    case RY_WHY_EVENT_FILLED: return "filled";
    case RY_WHY_EVENT_RESTED: return "rested";
    case RY_WHY_EVENT_QUEUE: return "queue";
    case RY_WHY_EVENT_CANCEL_ASKED: return "cancel_asked";
    case RY_WHY_EVENT_CANCELED: return "cancelled";
    }
    return "?";
}

static void set_queue(json_t *object, const struct ry_why_event *event)
{
    static const char *const changes[RY_WHY_CHANGES] = {[RY_WHY_TRADED] = "traded",
                                                        [RY_WHY_ABSORBED] = "absorbed",
                                                        [RY_WHY_LEFT] = "left",
                                                        [RY_WHY_CAME] = "came"};
    ry_text_json_set(object, "change", json_string(changes[event->change]));
    ry_text_json_set(object, "better_price", json_boolean(event->better));
    ry_text_json_set(object, "times", ry_text_json_count(event->times));
    ry_text_json_set_time(object, "last", event->last);
    ry_text_json_set(object, "orders", ry_text_json_count(event->orders));
}

static json_t *event_json(const struct ry_why_life *life, const struct ry_why_event *event)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "event", json_string(event_name(event->kind)));
    ry_text_json_set(object, "input", ry_text_json_count(event->input));
    ry_text_json_set_time(object, "time", event->time);
    if (event->kind == RY_WHY_EVENT_QUEUE)
        set_queue(object, event);
    if (event->kind == RY_WHY_EVENT_FILLED) {
        ry_text_json_set(object, "price", price_json(life, event->price));
        ry_text_json_set(object, "liquidity",
                         json_string(event->liquidity == RY_RESULTS_MAKER ? "maker" : "taker"));
        ry_text_json_set(object, "cause", json_string(ry_code_name(RY_CODES_CAUSE, event->cause)));
        ry_text_json_set(object, "leaves", ry_text_json_count(event->leaves));
    }
    if (event->kind == RY_WHY_EVENT_CANCELED)
        ry_text_json_set(object, "reason", json_string(ry_code_name(RY_CODES_CANCEL, event->code)));
    if (event->lots > 0)
        ry_text_json_set(object, "lots", ry_text_json_count(event->lots));
    if (event->kind == RY_WHY_EVENT_QUEUE || event->kind == RY_WHY_EVENT_RESTED)
        ry_text_json_set(object, "ahead", ahead_json(&event->ahead));
    return object;
}

static const char *end_name(const struct ry_why_life *life)
{
    switch (life->end) {
    case RY_WHY_STANDS: return "stands";
    case RY_WHY_BATTLE_OVER: return "battle_over";
    case RY_WHY_FILLED: return "filled";
    case RY_WHY_CANCELED: return "cancelled";
    case RY_WHY_REJECTED: return "rejected";
    }
    return "?";
}

static json_t *reject_json(const struct ry_why_life *life)
{
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned i = 0; i < life->reject.fields; i++)
        ry_text_json_set(object, life->reject.field[i].name,
                         ry_text_json_string(life->reject.field[i].text, RY_EXPLAIN_TEXT_BYTES));
    return object;
}

json_t *ry_why_life_json(struct ry_why_life *life)
{
    char sentence[RY_WHY_CLOSING_BYTES];
    json_t *object = ry_text_json_whole(json_object());
    json_t *events = ry_text_json_whole(json_array());
    ry_text_json_set(object, "order", order_json(life));
    ry_text_json_set(object, "wake", wake_json(life));
    ry_text_json_set(object, "decision", decision_json(life));
    ry_text_json_set(object, "input", ry_text_json_count(life->scan.input));
    ry_text_json_set(object, "command", ry_text_json_count(life->scan.k));
    ry_text_json_set_time(object, "arrival", life->order.arrival);
    for (size_t i = 0; i < life->events; i++)
        ry_text_json_add(events, event_json(life, &life->event[i]));
    ry_text_json_set(object, "events", events);
    ry_text_json_set(object, "end", json_string(end_name(life)));
    ry_text_json_set(object, "reject",
                     life->end == RY_WHY_REJECTED ? reject_json(life) : json_null());
    ry_text_json_set(object, "ahead_at_end",
                     life->order.rested ? ahead_json(&life->last_ahead) : json_null());
    ry_why_life_closing(sentence, life);
    ry_text_json_set(object, "sentence", ry_text_json_string(sentence, sizeof sentence));
    return object;
}
