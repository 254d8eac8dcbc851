#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/text/price.h"
#include "tools/why/life.h"

struct words {
    char *text;
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void say(struct words *w, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length =
        vsnprintf(w->text + w->length, RY_WHY_CLOSING_BYTES - w->length, format, arguments);
    va_end(arguments);
    assert(length >= 0 && w->length + (size_t)length < RY_WHY_CLOSING_BYTES);
    w->length += (size_t)length;
}

static const char *lots_of(uint64_t lots)
{
    return lots == 1 ? "lot" : "lots";
}

static const char *price_of(char text[RY_TEXT_PRICE_BYTES], const struct ry_why_life *life,
                            int64_t price)
{
    const uint16_t instrument = life->order.instrument;
    return ry_text_price(text, price, life->tracker.results.instrument[instrument].price_scale);
}

/* ---- the queue ------------------------------------------------------------------------------- */

/* What became of lots ahead at its price, all together. */
static uint64_t changed(const struct ry_why_life *life, enum ry_why_change change)
{
    uint64_t lots = 0;
    for (size_t i = 0; i < life->events; i++) {
        const struct ry_why_event *event = &life->event[i];
        if (event->kind == RY_WHY_EVENT_QUEUE && !event->better && event->change == change)
            lots += event->lots;
    }
    return lots;
}

/* What it waited for: in front when it came to rest, what went of that, what was still there. */
static void say_queue(struct words *w, const struct ry_why_life *life, bool ended)
{
    const struct ry_why_order *order = &life->order;
    const struct ry_why_ahead *ahead = &order->ahead, *last = &life->last_ahead;
    const uint64_t left = changed(life, RY_WHY_LEFT), came = changed(life, RY_WHY_CAME);
    const uint64_t absorbed = changed(life, RY_WHY_ABSORBED);
    if (ahead->lots > 0)
        say(w, "%" PRIu64 " %s ahead of it at its price", ahead->lots,
            ahead->lots == 1 ? "lot was" : "lots were");
    else
        say(w, ahead->better > 0 ? "no lot was ahead of it at its price"
                                 : "it was first at its price");
    if (ahead->better > 0)
        say(w, " and %" PRIu64 " at better prices", ahead->better);
    if (order->traded > 0)
        say(w, ", and %" PRIu64 " %s of others traded at its price while it stood", order->traded,
            lots_of(order->traded));
    else
        say(w, ", and no lot of others traded at its price while it stood");
    if (left > 0)
        say(w, "; %" PRIu64 " %s ahead left without a trade", left, lots_of(left));
    if (absorbed > 0)
        say(w,
            "; %" PRIu64
            " %s ahead stood for what agents had taken and went when the record traded it",
            absorbed, lots_of(absorbed));
    if (came > 0)
        say(w, "; %" PRIu64 " %s came in ahead at its price", came, lots_of(came));
    if (!ended)
        return;
    if (last->lots + last->better > 0)
        say(w, "; %" PRIu64 " %s at its price and %" PRIu64 " at better prices remained ahead",
            last->lots, lots_of(last->lots), last->better);
    else if (ahead->lots + ahead->better > 0)
        say(w, "; nothing was ahead of it any more");
}

/* ---- how it ended ---------------------------------------------------------------------------- */

static void say_filled(struct words *w, const struct ry_why_life *life)
{
    const struct ry_why_order *order = &life->order;
    char age[RY_TEXT_DURATION_BYTES];
    say(w, "filled: all of its %" PRId64 " %s in %" PRIu64 " %s, the last %s after it arrived",
        order->qty, lots_of((uint64_t)order->qty), life->fills, life->fills == 1 ? "fill" : "fills",
        ry_text_duration(age, life->end_time - order->arrival));
    if (!order->rested)
        return;
    say(w, ": ");
    say_queue(w, life, false);
}

static void say_how_much(struct words *w, const struct ry_why_life *life)
{
    if (life->order.filled > 0)
        say(w, "filled for %" PRId64 " of %" PRId64 " %s, the rest not", life->order.filled,
            life->order.qty, lots_of((uint64_t)life->order.qty));
    else
        say(w, "not filled");
}

static void say_never_rested(struct words *w, const struct ry_why_life *life)
{
    char best[RY_TEXT_PRICE_BYTES], limit[RY_TEXT_PRICE_BYTES];
    const struct ry_why_order *order = &life->order;
    const char *other = order->side == RY_BUY ? "sell" : "buy";
    say_how_much(w, life);
    if (life->cancel == RY_CANCEL_SELF_TRADE)
        say(w, " because the next order that it would have met was of its own agent");
    else if (!life->best_known)
        say(w, " because no %s order stood in the book when it arrived", other);
    else if (order->filled > 0)
        say(w, " because the %s orders within its limit of %s held no more", other,
            price_of(limit, life, order->limit));
    else
        say(w, " because the best %s order stood at %s, outside its limit of %s", other,
            price_of(best, life, life->best), price_of(limit, life, order->limit));
}

static void say_end(struct words *w, const struct ry_why_life *life)
{
    if (life->end == RY_WHY_BATTLE_OVER)
        say(w, "; the battle ended");
    else if (life->end == RY_WHY_STANDS)
        say(w, life->runs ? "; it stands in the book, the battle runs"
                          : "; it stands in the book where the journal ends");
    else if (life->cancel == RY_CANCEL_REQUESTED)
        say(w, "; its agent cancelled it");
    else if (life->cancel == RY_CANCEL_OUT)
        say(w, "; its agent went out");
    else
        say(w, "; what it would have met was of its own agent");
}

const char *ry_why_life_closing(char sentence[RY_WHY_CLOSING_BYTES], struct ry_why_life *life)
{
    struct words w = {.text = sentence};
    sentence[0] = '\0';
    if (life->end == RY_WHY_REJECTED)
        return ry_explain_template(sentence, &life->reject);
    if (life->end == RY_WHY_FILLED) {
        say_filled(&w, life);
    } else if (!life->order.rested) {
        say_never_rested(&w, life);
    } else {
        say_how_much(&w, life);
        say(&w, life->end == RY_WHY_STANDS ? " so far: " : " because ");
        say_queue(&w, life, true);
        say_end(&w, life);
    }
    say(&w, ".");
    return sentence;
}
