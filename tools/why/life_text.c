#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/text/price.h"
#include "tools/why/life.h"

#define INDENT       "    "
#define SYMBOL_BYTES RY_SYMBOL_BYTES

static const char *price_in(char text[RY_TEXT_PRICE_BYTES], const struct ry_why_life *life,
                            uint16_t instrument, int64_t price)
{
    return ry_text_price(text, price, life->tracker.results.instrument[instrument].price_scale);
}

static const char *symbol_of(char text[SYMBOL_BYTES], const struct ry_why_life *life,
                             uint16_t instrument)
{
    return ry_printable(text, life->tracker.results.instrument[instrument].symbol, SYMBOL_BYTES);
}

/* At a line's beginning. */
static const char *when(char text[RY_TEXT_MOMENT_BYTES], struct ry_why_life *life, int64_t time)
{
    return ry_text_moment_column(text, &life->tracker.moments, time);
}

static void put_times(FILE *out, uint64_t count, const char *noun)
{
    fprintf(out, "%" PRIu64 " %s%s", count, noun, count == 1 ? "" : "s");
}

/* ---- the wake -------------------------------------------------------------------------------- */

static void put_report(FILE *out, const struct ry_why_life *life, const struct ry_results_row *row)
{
    char price[RY_TEXT_PRICE_BYTES], symbol[SYMBOL_BYTES];
    fputs(INDENT "its own ", out);
    switch ((int)row->kind) {
    case RY_RESULTS_ROW_ACK:
        fprintf(out, "order %" PRIu64 " was accepted\n", row->ack.cl_ord_id);
        break;
    case RY_RESULTS_ROW_REJECT:
        fprintf(out, "command for order %" PRIu64 " was refused: %s\n", row->reject.cl_ord_id,
                ry_code(RY_CODES_REJECT, row->reject.reason)->sentence);
        break;
    case RY_RESULTS_ROW_RESTED:
        fprintf(out, "order %" PRIu64 " came to rest\n", row->rested.cl_ord_id);
        break;
    case RY_RESULTS_ROW_FILL:
        fprintf(out, "%s order %" PRIu64 " was filled: %" PRId64 " of %s at %s, %" PRId64 " left\n",
                ry_code_name(RY_CODES_SIDE, row->fill.side), row->fill.cl_ord_id, row->fill.qty,
                symbol_of(symbol, life, row->fill.instrument),
                price_in(price, life, row->fill.instrument, row->fill.price), row->fill.leaves);
        break;
    default:
        fprintf(out, "order %" PRIu64 " was cancelled: %s\n", row->cancel.cl_ord_id,
                ry_code(RY_CODES_CANCEL, row->cancel.reason)->sentence);
    }
}

static void put_seen(FILE *out, const struct ry_why_life *life, const struct ry_why_seen *seen)
{
    char price[RY_TEXT_PRICE_BYTES], symbol[SYMBOL_BYTES];
    fprintf(out, INDENT "%s: ", symbol_of(symbol, life, seen->instrument));
    if (seen->states > 0)
        fputs(seen->trading ? "trading began; " : "trading stopped; ", out);
    if (seen->trades > 0) {
        put_times(out, seen->trades, "trade");
        fprintf(out, " of %" PRIu64 " lots, the last at %s; ", seen->lots,
                price_in(price, life, seen->instrument, seen->last));
    }
    put_times(out, seen->changes, "change");
    fputs(" of the book; best after it ", out);
    fputs(seen->has_bid ? price_in(price, life, seen->instrument, seen->bid) : "none", out);
    fprintf(out, " / %s\n",
            seen->has_ask ? price_in(price, life, seen->instrument, seen->ask) : "none");
}

static void put_woken(FILE *out, struct ry_why_life *life)
{
    const struct ry_why_woken *woken = &life->woken;
    for (unsigned i = 0; i < woken->reports; i++)
        put_report(out, life, &woken->report[i]);
    if (woken->more_reports > 0)
        fprintf(out, INDENT "and %" PRIu64 " more reports of its own\n", woken->more_reports);
    if (woken->start)
        fputs(INDENT "the battle's start\n", out);
    for (unsigned i = 0; i < woken->instruments; i++)
        put_seen(out, life, &woken->seen[i]);
    if (woken->more_instruments > 0)
        fputs(INDENT "and other instruments\n", out);
    if (woken->reports == 0 && !woken->start && woken->instruments == 0)
        fputs(INDENT "nothing of its own and nothing in the market: a timer of the strategy\n",
              out);
}

static void put_wake(FILE *out, struct ry_why_life *life)
{
    char time[RY_TEXT_MOMENT_BYTES], latency[RY_TEXT_DURATION_BYTES];
    const struct ry_why_wake *wake = &life->scan.wake;
    if (wake->latest == INT64_MIN) {
        fprintf(out, "its wake is not known: %s\n", life->battle.unknown);
        return;
    }
    bool exact = wake->earliest == wake->latest;
    fprintf(out, "%s%s  its agent was woken, %s before the order could arrive\n",
            exact ? "" : "at or before ", when(time, life, wake->latest),
            ry_text_duration(latency, life->scan.latency));
    if (exact)
        put_woken(out, life);
    else
        fputs(INDENT "the command before it arrived no earlier, so that it waited for that one\n",
              out);
}

static void put_decision(FILE *out, const struct ry_why_life *life)
{
    const struct ry_input_decision *decision = &life->scan.decision;
    if (!life->scan.decided) {
        fputs(INDENT "its agent gave no decision record for it\n", out);
        return;
    }
    fprintf(out, INDENT "its agent's decision: intent %" PRIu32, decision->intent);
    for (unsigned i = 0; i < decision->count && i < RY_FEATURES_MAX; i++)
        fprintf(out, "%s%" PRId64, i == 0 ? ", features " : ", ", decision->feature[i]);
    fputc('\n', out);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void put_lots(FILE *out, uint64_t lots, uint64_t orders)
{
    put_times(out, lots, "lot");
    if (lots == 0)
        return;
    fputs(" in ", out);
    put_times(out, orders, "order");
}

static void put_ahead(FILE *out, const struct ry_why_ahead *ahead)
{
    fputs("ahead: ", out);
    put_lots(out, ahead->lots, ahead->orders);
    fputs(" at its price, ", out);
    put_lots(out, ahead->better, ahead->better_orders);
    fputs(" at better prices\n", out);
}

static const char *change_words(enum ry_why_change change)
{
    switch (change) {
    case RY_WHY_TRADED: return "traded";
    case RY_WHY_ABSORBED:
        return "stood for what agents had taken and went when the record traded it";
    case RY_WHY_LEFT: return "left";
    case RY_WHY_CAME: return "came in";
    case RY_WHY_CHANGES: break;
    }
    return "?";
}

static void put_queue(FILE *out, struct ry_why_life *life, const struct ry_why_event *event)
{
    char last[RY_TEXT_MOMENT_BYTES];
    fprintf(out, "%" PRIu64 " %s ahead %s at %s", event->lots, event->lots == 1 ? "lot" : "lots",
            change_words(event->change), event->better ? "better prices" : "its price");
    if (event->times > 1)
        fprintf(out, ", %" PRIu64 " times until %s", event->times,
                ry_text_moment(last, &life->tracker.moments, event->last));
    fputc('\n', out);
}

static void put_fill(FILE *out, const struct ry_why_life *life, const struct ry_why_event *event)
{
    char price[RY_TEXT_PRICE_BYTES];
    fprintf(out, "filled %" PRIu64 " at %s as %s, %" PRIu64 " left; by %s\n", event->lots,
            price_in(price, life, life->order.instrument, event->price),
            event->liquidity == RY_RESULTS_MAKER ? "maker" : "taker", event->leaves,
            ry_code(RY_CODES_CAUSE, event->cause)->sentence);
}

static void put_event(FILE *out, struct ry_why_life *life, const struct ry_why_event *event)
{
    char time[RY_TEXT_MOMENT_BYTES];
    fprintf(out, "%s  ", when(time, life, event->time));
    switch (event->kind) {
    case RY_WHY_EVENT_ACCEPTED: fputs("passed its checks\n", out); break;
    case RY_WHY_EVENT_REJECTED:
        fprintf(out, "refused: %s\n", ry_explain_field(&life->reject, "reason")->text);
        break;
    case RY_WHY_EVENT_FILLED: put_fill(out, life, event); break;
    case RY_WHY_EVENT_RESTED:
        fprintf(out, "came to rest with %" PRIu64 " %s; ", event->lots,
                event->lots == 1 ? "lot" : "lots");
        put_ahead(out, &event->ahead);
        break;
    case RY_WHY_EVENT_QUEUE: put_queue(out, life, event); break;
    case RY_WHY_EVENT_CANCEL_ASKED: fputs("its agent asked for a cancel\n", out); break;
    case RY_WHY_EVENT_CANCELED:
        fprintf(out, "%" PRIu64 " %s cancelled: %s\n", event->lots,
                event->lots == 1 ? "lot" : "lots", ry_code(RY_CODES_CANCEL, event->code)->sentence);
        break;
    }
}

/* Behind what one input did to the queue, or a whole stretch: what is ahead now. */
static bool closes(const struct ry_why_life *life, size_t at)
{
    const struct ry_why_event *event = &life->event[at];
    if (event->kind != RY_WHY_EVENT_QUEUE || !event->stands)
        return false;
    bool last = at + 1 == life->events || event[1].kind != RY_WHY_EVENT_QUEUE;
    return last || (!life->summed && event[1].input > event->input);
}

static void put_events(FILE *out, struct ry_why_life *life)
{
    for (size_t i = 0; i < life->events; i++) {
        put_event(out, life, &life->event[i]);
        if (!closes(life, i))
            continue;
        fputs(INDENT, out);
        put_ahead(out, &life->event[i].ahead);
    }
}

static void put_checks(FILE *out, const struct ry_why_life *life)
{
    if (life->end != RY_WHY_REJECTED)
        return;
    for (unsigned i = 0; i < life->reject.fields; i++) {
        const struct ry_explain_field *field = &life->reject.field[i];
        if (field->type == RY_EXPLAIN_COMPARE)
            fprintf(out, INDENT "%s: %s and %s\n", field->text,
                    life->reject.field[field->left].text, life->reject.field[field->right].text);
    }
}

void ry_why_life_text(FILE *out, struct ry_why_life *life)
{
    char text[RY_WHY_CLOSING_BYTES], price[RY_TEXT_PRICE_BYTES], symbol[SYMBOL_BYTES];
    char name[RY_NAME_BYTES], time[RY_TEXT_MOMENT_BYTES];
    static const char *const types[] = {
        [RY_WHY_LIMIT] = "limit", [RY_WHY_IOC] = "ioc", [RY_WHY_MARKET] = "market"};
    const struct ry_why_order *order = &life->order;
    bool known = order->instrument < life->tracker.results.instruments;
    fprintf(out, "order %s/%" PRIu64 ": %s %" PRId64 " of %s",
            ry_printable(name, life->scan.asked.agent, sizeof name), order->cl_ord_id,
            ry_code_name(RY_CODES_SIDE, order->side), order->qty,
            known ? symbol_of(symbol, life, order->instrument) : "no instrument");
    if (known && order->limit != RY_RESULTS_NO_PRICE)
        fprintf(out, " at %s", price_in(price, life, order->instrument, order->limit));
    fprintf(out, ", %s\n", types[order->type]);
    put_wake(out, life);
    put_decision(out, life);
    fprintf(out, "%s  arrived: command %" PRIu64 " of its agent, input %" PRIu64 "\n",
            when(time, life, order->arrival), life->scan.k, life->scan.input);
    put_events(out, life);
    put_checks(out, life);
    fprintf(out, "%s\n", ry_why_life_closing(text, life));
}
