/* One output as one JSON object. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "core/results/json_parts.h"
#include "tools/text/report.h"

json_t *ry_results_json_text(const char *text, size_t max)
{
    char utf8[2 * 64];
    size_t n = 0;
    for (size_t i = 0; i < max && text[i] != 0 && n + 2 <= sizeof utf8; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80)
            utf8[n++] = (char)(0xc0 | c >> 6);
        utf8[n++] = (char)(c < 0x80 ? c : 0x80 | (c & 0x3f));
    }
    return ry_results_json_whole(json_stringn(utf8, n));
}

json_t *ry_results_json_whole(json_t *value)
{
    if (value == NULL) {
        fputs("royale: no memory for JSON\n", stderr);
        abort();
    }
    return value;
}

void ry_results_json_set(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, ry_results_json_whole(value)) != 0)
        (void)ry_results_json_whole(NULL);
}

void ry_results_json_add(json_t *array, json_t *value)
{
    if (json_array_append_new(array, ry_results_json_whole(value)) != 0)
        (void)ry_results_json_whole(NULL);
}

json_t *ry_results_json_count(uint64_t count)
{
    return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

json_t *ry_results_json_decimal(__int128 value, unsigned scale)
{
    char text[RY_TEXT_PRICE_BYTES];
    return json_string(ry_text_price(text, value, scale));
}

json_t *ry_results_json_money(__int128 money)
{
    return ry_results_json_decimal(money, RY_TEXT_MONEY_DIGITS);
}

json_t *ry_results_json_agent(const struct ry_results *r, unsigned agent)
{
    return agent == RY_RESULTS_RECORDED ? json_null()
                                        : ry_results_json_text(r->agent[agent].name, RY_NAME_BYTES);
}

static json_t *side_of(unsigned side)
{
    return side == RY_SIDE_NONE ? json_null() : json_string(ry_code_name(RY_CODES_SIDE, side));
}

/* What every line begins with. */
static json_t *begin(const char *type, uint64_t input, uint32_t line, int64_t time)
{
    char text[RY_TEXT_TIME_BYTES];
    json_t *object = ry_results_json_whole(json_object());
    ry_results_json_set(object, "type", json_string(type));
    ry_results_json_set(object, "input", ry_results_json_count(input));
    ry_results_json_set(object, "line", ry_results_json_count(line));
    ry_results_json_set(object, "time_ns", json_integer(time));
    ry_results_json_set(object, "time", json_string(ry_text_time(text, time)));
    return object;
}

static void set_deal(json_t *object, const struct ry_results *r, uint16_t instrument, int64_t price,
                     uint64_t qty)
{
    const struct ry_results_instrument *about = &r->instrument[instrument];
    ry_results_json_set(object, "instrument",
                        ry_results_json_text(about->symbol, sizeof about->symbol));
    ry_results_json_set(object, "price", ry_results_json_decimal(price, about->price_scale));
    ry_results_json_set(object, "qty", ry_results_json_count(qty));
}

json_t *ry_results_json_trade(const struct ry_results *r, const struct ry_results_trade *trade)
{
    bool handed = trade->kind == RY_RESULTS_HANDED;
    json_t *object =
        begin(handed ? "handed_over" : "trade", trade->input, trade->line, trade->time);
    set_deal(object, r, trade->instrument, trade->price, trade->qty);
    ry_results_json_set(object, "side", side_of(trade->side));
    if (handed) {
        ry_results_json_set(object, "agent", ry_results_json_agent(r, trade->taker));
        ry_results_json_set(object, "haircut", ry_results_json_money(trade->haircut));
        return object;
    }
    ry_results_json_set(object, "maker", ry_results_json_agent(r, trade->maker));
    ry_results_json_set(object, "taker", ry_results_json_agent(r, trade->taker));
    ry_results_json_set(object, "cause", json_string(ry_code_name(RY_CODES_CAUSE, trade->cause)));
    ry_results_json_set(object, "maker_cl_ord_id", ry_results_json_count(trade->maker_cl_ord_id));
    ry_results_json_set(object, "taker_cl_ord_id", ry_results_json_count(trade->taker_cl_ord_id));
    ry_results_json_set(object, "maker_fee", ry_results_json_money(trade->maker_fee));
    ry_results_json_set(object, "taker_fee", ry_results_json_money(trade->taker_fee));
    return object;
}

json_t *ry_results_json_game(const struct ry_results *r, const struct ry_game *game, uint32_t line)
{
    bool out = game->kind == RY_GM_OUT;
    json_t *object = begin(out ? "out" : "rank", r->input, line, game->time);
    ry_results_json_set(object, "round", ry_results_json_count(game->round));
    ry_results_json_set(object, "agent", ry_results_json_agent(r, game->agent));
    ry_results_json_set(object, "rank", ry_results_json_count(game->rank));
    if (out) {
        ry_results_json_set(object, "reason", json_string(ry_code_name(RY_CODES_OUT, game->code)));
    } else {
        ry_results_json_set(object, "score", ry_results_json_money(game->score));
        ry_results_json_set(object, "value", ry_results_json_money(game->value));
    }
    ry_results_json_set(object, "fills", ry_results_json_count(game->fills));
    ry_results_json_set(object, "rejects", ry_results_json_count(game->rejects));
    return object;
}

json_t *ry_results_json_print(const struct ry_results *r, const struct ry_market *market,
                              uint32_t line)
{
    json_t *object = begin("trade", r->input, line, market->time);
    assert(market->kind == RY_MK_TRADE);
    set_deal(object, r, market->instrument, market->price, market->qty);
    ry_results_json_set(object, "side", side_of(market->side));
    ry_results_json_set(object, "group", ry_results_json_count(market->group));
    return object;
}

json_t *ry_results_json_fill(const struct ry_results *r, const struct ry_report *fill,
                             uint32_t line)
{
    json_t *object = begin("fill", r->input, line, fill->time);
    assert(fill->kind == RY_RP_FILL);
    set_deal(object, r, fill->instrument, fill->price, fill->qty);
    ry_results_json_set(object, "side", side_of(fill->side));
    ry_results_json_set(object, "agent", ry_results_json_agent(r, fill->agent));
    ry_results_json_set(object, "liquidity",
                        json_string(fill->flags & RY_RPF_MAKER ? "maker" : "taker"));
    ry_results_json_set(object, "cause", json_string(ry_code_name(RY_CODES_CAUSE, fill->cause)));
    ry_results_json_set(object, "cl_ord_id", ry_results_json_count(fill->cl_ord_id));
    ry_results_json_set(object, "leaves", ry_results_json_count(fill->leaves));
    ry_results_json_set(object, "fee", ry_results_json_money(fill->fee));
    ry_results_json_set(object, "cash", ry_results_json_money(fill->cash));
    ry_results_json_set(object, "position", json_integer(fill->position));
    ry_results_json_set(object, "seq", ry_results_json_count(fill->seq));
    return object;
}

json_t *ry_results_json_stamp(const struct ry_results *r, uint16_t agent, uint32_t line)
{
    json_t *object = begin("stamp", r->input, line, r->time);
    if (agent == RY_RESULTS_STOPPED) {
        ry_results_json_set(object, "text", json_string("not reproducible: stopped at wall time"));
        return object;
    }
    ry_results_json_set(object, "agent", ry_results_json_agent(r, agent));
    ry_results_json_set(object, "text", json_string("not reproducible"));
    return object;
}

json_t *ry_results_json_end(const struct ry_results *r, uint32_t line)
{
    return begin("end", r->input, line, r->time);
}

int ry_results_json_line(FILE *out, json_t *value)
{
    errno = 0;
    int result = json_dumpf(value, out, JSON_COMPACT);
    json_decref(value);
    if (result == 0 && fputc('\n', out) != EOF)
        return 0;
    errno = errno != 0 ? errno : EIO;
    return -1;
}
