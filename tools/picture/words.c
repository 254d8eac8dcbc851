#include "tools/picture/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/text/price.h"

/* ---- names ----------------------------------------------------------------------------------- */

const char *ry_picture_agent(char text[RY_NAME_BYTES], const struct ry_results *r, uint16_t agent)
{
    if (agent >= r->agents)
        return "?";
    return ry_printable(text, r->agent[agent].name, RY_NAME_BYTES);
}

const char *ry_picture_symbol(char text[RY_SYMBOL_BYTES], const struct ry_results *r,
                              uint16_t instrument)
{
    if (instrument >= r->instruments)
        return "?";
    return ry_printable(text, r->instrument[instrument].symbol, RY_SYMBOL_BYTES);
}

const char *ry_picture_price(char text[RY_TEXT_AMOUNT_BYTES], const struct ry_results *r,
                             uint16_t instrument, int64_t price)
{
    char exact[RY_TEXT_PRICE_BYTES];
    if (price == RY_RESULTS_NO_PRICE || instrument >= r->instruments)
        return "market";
    snprintf(text, RY_TEXT_AMOUNT_BYTES, "%.60s",
             ry_text_price(exact, price, r->instrument[instrument].price_scale));
    return text;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* What a row is told with. */
struct told {
    const struct ry_results *r;
    char symbol[RY_SYMBOL_BYTES], name[RY_NAME_BYTES];
    char price[RY_TEXT_AMOUNT_BYTES], money[RY_TEXT_AMOUNT_BYTES];
};

static const char *side_of(uint8_t side)
{
    return side == RY_BUY ? "buy" : side == RY_SELL ? "sell" : "?";
}

static int say_fill(char *text, struct told *t, const struct ry_results_row_fill *f)
{
    const char *verb = f->side == RY_BUY ? "bought" : "sold";
    return snprintf(text, RY_PICTURE_ROW_WORDS,
                    "%s %" PRId64 " %s at %s (%s, %s), %" PRId64 " left of it, holds %" PRId64,
                    verb, f->qty, ry_picture_symbol(t->symbol, t->r, f->instrument),
                    ry_picture_price(t->price, t->r, f->instrument, f->price),
                    f->liquidity == RY_RESULTS_MAKER ? "it rested" : "it took",
                    f->cause == RY_CAUSE_AGENT ? "an agent's order" : "the record's", f->leaves,
                    f->position);
}

static int say_reject(char *text, struct told *t, const struct ry_results_row_reject *row)
{
    const struct ry_code *why = ry_code(RY_CODES_REJECT, row->reason);
    char what[128] = "a cancel";
    if (row->side != RY_SIDE_NONE)
        snprintf(what, sizeof what, "%s %" PRId64 " %s", side_of(row->side), row->qty,
                 ry_picture_symbol(t->symbol, t->r, row->instrument));
    return snprintf(text, RY_PICTURE_ROW_WORDS, "refused: %s: %s: %s", what,
                    why != NULL ? why->name : "?", why != NULL ? why->sentence : "?");
}

static int say_decision(char *text, const struct ry_results_row_decision *row)
{
    int used = snprintf(text, RY_PICTURE_ROW_WORDS, "decides: intent %" PRIu64, row->intent);
    for (unsigned i = 0; i < row->features.count && i < RY_FEATURES_MAX; i++)
        used += snprintf(text + used, RY_PICTURE_ROW_WORDS - (size_t)used, "%s%" PRId64,
                         i == 0 ? ", features " : " ", row->features.value[i]);
    return used;
}

/* Of an order: what an agent sent, and what came of it. */
static int say_order(char *text, struct told *t, const struct ry_results_row *row)
{
    if (row->kind == RY_RESULTS_ROW_ORDER) {
        const struct ry_results_row_order *o = &row->order;
        return snprintf(text, RY_PICTURE_ROW_WORDS, "order %" PRIu64 ": %s %" PRId64 " %s at %s%s",
                        o->cl_ord_id, side_of(o->side), o->qty,
                        ry_picture_symbol(t->symbol, t->r, o->instrument),
                        ry_picture_price(t->price, t->r, o->instrument, o->price),
                        o->ioc ? ", at once or not at all" : "");
    }
    if (row->kind == RY_RESULTS_ROW_RESTED) {
        const struct ry_results_row_rested *o = &row->rested;
        return snprintf(text, RY_PICTURE_ROW_WORDS,
                        "order %" PRIu64 " rests: %s %" PRId64 " %s at %s", o->cl_ord_id,
                        side_of(o->side), o->qty, ry_picture_symbol(t->symbol, t->r, o->instrument),
                        ry_picture_price(t->price, t->r, o->instrument, o->price));
    }
    if (row->kind == RY_RESULTS_ROW_CANCEL_REQUEST)
        return snprintf(text, RY_PICTURE_ROW_WORDS, "asks to cancel order %" PRIu64,
                        row->cancel_request.cl_ord_id);
    if (row->kind == RY_RESULTS_ROW_ACK)
        return snprintf(text, RY_PICTURE_ROW_WORDS, "order %" PRIu64 " passed its checks",
                        row->ack.cl_ord_id);
    const struct ry_code *why = ry_code(RY_CODES_CANCEL, row->cancel.reason);
    return snprintf(text, RY_PICTURE_ROW_WORDS, "order %" PRIu64 " gone: %" PRId64 " lots, %s",
                    row->cancel.cl_ord_id, row->cancel.qty, why != NULL ? why->sentence : "?");
}

static int say_game(char *text, struct told *t, const struct ry_results_row *row)
{
    if (row->kind == RY_RESULTS_ROW_ROUND)
        return snprintf(text, RY_PICTURE_ROW_WORDS, "round %" PRIu64 " begins, %" PRIu64 " in",
                        row->round.round, row->round.agents);
    if (row->kind == RY_RESULTS_ROW_RANK)
        return snprintf(text, RY_PICTURE_ROW_WORDS,
                        "round %" PRIu64 " ends: %s ranks %" PRIu64 " with %s", row->rank.round,
                        ry_picture_agent(t->name, t->r, row->rank.agent), row->rank.rank,
                        ry_text_money_signed(t->money, row->rank.score, 16));
    if (row->kind == RY_RESULTS_ROW_OUT) {
        const struct ry_code *why = ry_code(RY_CODES_OUT, row->out.reason);
        return snprintf(text, RY_PICTURE_ROW_WORDS, "%s is out in round %" PRIu64 ": %s",
                        ry_picture_agent(t->name, t->r, row->out.agent), row->out.round,
                        ry_results_out_idle(t->r, &t->r->agent[row->out.agent])
                            ? "too few fills to rank by its score"
                        : why != NULL ? why->sentence
                                      : "?");
    }
    if (row->kind == RY_RESULTS_ROW_END)
        return snprintf(text, RY_PICTURE_ROW_WORDS, "the battle is over%s",
                        row->end.stopped ? ": it was stopped" : "");
    if (row->kind == RY_RESULTS_ROW_STAMP && row->stamp.agent == RY_RESULTS_NONE)
        return snprintf(text, RY_PICTURE_ROW_WORDS, "not reproducible: stopped at wall time");
    if (row->kind == RY_RESULTS_ROW_STAMP)
        return snprintf(text, RY_PICTURE_ROW_WORDS, "not reproducible: %s at wall time",
                        ry_picture_agent(t->name, t->r, row->stamp.agent));
    const struct ry_code *what = ry_code(RY_CODES_INCOMPLETE, row->incomplete.reason);
    return snprintf(text, RY_PICTURE_ROW_WORDS, "incomplete record: feed%" PRIu64 ": %s",
                    row->incomplete.feed, what != NULL ? what->sentence : "?");
}

static int say_market(char *text, struct told *t, const struct ry_results_row *row)
{
    if (row->kind == RY_RESULTS_ROW_STATE)
        return snprintf(text, RY_PICTURE_ROW_WORDS, "%s %s agents' orders",
                        ry_picture_symbol(t->symbol, t->r, row->state.instrument),
                        row->state.trading ? "matches" : "does not match");
    if (row->kind == RY_RESULTS_ROW_HANDED_OVER)
        return snprintf(text, RY_PICTURE_ROW_WORDS,
                        "%" PRId64 " %s go to the record: the book could not take them",
                        row->handed_over.qty,
                        ry_picture_symbol(t->symbol, t->r, row->handed_over.instrument));
    const struct ry_results_row_market_trade *trade = &row->market_trade;
    return snprintf(text, RY_PICTURE_ROW_WORDS, "%" PRId64 " at %s%s", trade->qty,
                    ry_picture_price(t->price, t->r, trade->instrument, trade->price),
                    trade->side == RY_BUY    ? ", bought"
                    : trade->side == RY_SELL ? ", sold"
                                             : "");
}

const char *ry_picture_row_words(char text[RY_PICTURE_ROW_WORDS], const struct ry_results *r,
                                 const struct ry_results_row *row)
{
    struct told told = {.r = r};
    text[0] = 0;
    switch (row->kind) {
    case RY_RESULTS_ROW_FILL: (void)say_fill(text, &told, &row->fill); break;
    case RY_RESULTS_ROW_REJECT: (void)say_reject(text, &told, &row->reject); break;
    case RY_RESULTS_ROW_DECISION: (void)say_decision(text, &row->decision); break;
    case RY_RESULTS_ROW_ORDER:
    case RY_RESULTS_ROW_RESTED:
    case RY_RESULTS_ROW_CANCEL_REQUEST:
    case RY_RESULTS_ROW_ACK:
    case RY_RESULTS_ROW_CANCEL: (void)say_order(text, &told, row); break;
    case RY_RESULTS_ROW_ROUND:
    case RY_RESULTS_ROW_RANK:
    case RY_RESULTS_ROW_OUT:
    case RY_RESULTS_ROW_END:
    case RY_RESULTS_ROW_STAMP:
    case RY_RESULTS_ROW_INCOMPLETE: (void)say_game(text, &told, row); break;
    case RY_RESULTS_ROW_STATE:
    case RY_RESULTS_ROW_HANDED_OVER:
    case RY_RESULTS_ROW_MARKET_TRADE: (void)say_market(text, &told, row); break;
    case RY_RESULTS_ROW_TRADE:    /* its sides are told: fill */
    case RY_RESULTS_ROW_STANDING: /* sums of what is told */
    case RY_RESULTS_ROWS: break;
    }
    return text;
}
