/*
 * A sentence is clauses. A clause is a text with fields in braces, "{price}", and is said if the
 * record has all of them; "{qty:lot}" is a number with its noun, "1 lot", "15 lots". No number,
 * name or side stands in a clause itself.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/explain/record.h"

struct sentence {
    const struct ry_explain_record *record;
    char *text;
    size_t length;
};

static void put(struct sentence *s, const char *text, size_t bytes)
{
    assert(s->length + bytes < RY_EXPLAIN_SENTENCE_BYTES);
    memcpy(s->text + s->length, text, bytes);
    s->length += bytes;
    s->text[s->length] = '\0';
}

/* The field between the braces at `at`; `*noun` is what stands behind its colon, or NULL. */
static const struct ry_explain_field *field_at(const struct sentence *s, const char *at,
                                               const char **noun, const char **end)
{
    char name[RY_EXPLAIN_NAME_BYTES];
    *end = strchr(at, '}');
    const char *colon = memchr(at, ':', (size_t)(*end - at));
    size_t bytes = (size_t)((colon == NULL ? *end : colon) - at);
    assert(bytes < sizeof name);
    memcpy(name, at, bytes);
    name[bytes] = '\0';
    *noun = colon == NULL ? NULL : colon + 1;
    return ry_explain_field(s->record, name);
}

/* False: the record lacks a field of it, nothing was said. */
static bool say(struct sentence *s, const char *clause)
{
    const char *noun, *end;
    for (const char *at = clause; (at = strchr(at, '{')) != NULL; at = end)
        if (field_at(s, at + 1, &noun, &end) == NULL)
            return false;
    for (const char *at = clause; *at != '\0';) {
        size_t plain = strcspn(at, "{");
        put(s, at, plain);
        at += plain;
        if (*at == '\0')
            break;
        const struct ry_explain_field *field = field_at(s, at + 1, &noun, &end);
        put(s, field->text, strlen(field->text));
        if (noun != NULL) {
            put(s, " ", 1);
            put(s, noun, (size_t)(end - noun));
            put(s, "s", field->value != 1);
        }
        at = end + 1;
    }
    return true;
}

static bool is(const struct sentence *s, const char *name, const char *text)
{
    const struct ry_explain_field *field = ry_explain_field(s->record, name);
    return field != NULL && strcmp(field->text, text) == 0;
}

/* How two fields stand; 0 as well if the record does not say. */
static int relation(const struct sentence *s, const char *compare)
{
    const struct ry_explain_field *field = ry_explain_field(s->record, compare);
    return field == NULL ? 0 : field->relation;
}

/* ---- fills ----------------------------------------------------------------------------------- */

static void say_cause(struct sentence *s)
{
    bool maker = is(s, "liquidity", "maker");
    if (is(s, "cause", "recorded"))
        say(s, maker ? " by {cause} demand" : " against a {cause} order");
    else if (is(s, "cause", "agent"))
        say(s, " against another {cause}'s order");
    else
        say(s, " by a recorded trade against a {cause} order");
}

static void say_fill(struct sentence *s)
{
    if (!say(s, "At {time} {agent}'s {side} order {cl_ord_id}"))
        say(s, "At {time} the machine's {side} order that closes {agent}'s position");
    if (!say(s, " ({order_type}, {order_qty:lot}, limit {limit})"))
        say(s, " ({order_type})");
    say(s, " was filled for {qty:lot} of {instrument} at {price} as {liquidity}");
    say_cause(s);
    bool buys = is(s, "side", "buy");
    if (relation(s, "price:limit") == (buys ? -1 : 1))
        say(s, ", better than its limit");
    say(s, ", {age} after it arrived");
    say(s, ", with {leaves:lot} left of it");
    say(s,
        "; when it came to rest it had {ahead:lot} in {ahead_orders:order} ahead of it at its price "
        "and {better:lot} at better prices, and since then {traded:lot} of others traded at its "
        "price");
    if (!say(s, "; the latency was {latency} and the decision's intent {intent}") &&
        !say(s, "; the latency was {latency}"))
        say(s, "; the decision's intent was {intent}");
    say(s, "; the fee is {fee}, the position {position:lot}, the cash {cash}");
}

/* ---- rejects --------------------------------------------------------------------------------- */

static void say_failed(struct sentence *s)
{
    static const char *const detail[] = {
        "; {cl_ord_id} is not above {cl_ord_id_max}",
        "; {price} is no multiple of {tick_size}",
        "; {price} lies beyond {price_bound}",
        "; {price} is below {collar_low}, the collar around {reference}",
        "; {price} is above {collar_high}, the collar around {reference}",
        "; {notional} is above {notional_max}",
        "; {open_orders:order} stood open, {open_orders_max} may",
        "; with {position:lot} held and {open_lots:lot} open on that side the order makes {exposure}, above {position_max}",
        "; it was command {commands} of its second, {rate_max} may be",
        "; the book holds {orders_max:order}",
    };
    if (relation(s, "qty:quantity_max") > 0)
        say(s, "; {qty} is above {quantity_max}");
    else
        say(s, "; {qty:lot} were ordered, {quantity_max} may be");
    for (unsigned i = 0; i < sizeof detail / sizeof *detail; i++)
        say(s, detail[i]);
}

static void say_reject(struct sentence *s)
{
    if (is(s, "command", "cancel")) {
        say(s, "At {time} {agent}'s {command} of order {cl_ord_id}");
    } else {
        if (!say(s, "At {time} {agent}'s {side} {command} {cl_ord_id}"))
            say(s, "At {time} {agent}'s {command} {cl_ord_id}");
        say(s, " for {qty:lot}");
        say(s, " of {instrument}");
        say(s, " at {price}");
    }
    say(s, " was refused ({reason}): {reason_says}");
    say_failed(s);
    if (!say(s, "; the latency was {latency} and the decision's intent {intent}") &&
        !say(s, "; the latency was {latency}"))
        say(s, "; the decision's intent was {intent}");
    say(s, "; what to do: {remedy}");
}

/* ---- eliminations ---------------------------------------------------------------------------- */

static void say_out(struct sentence *s)
{
    say(s,
        "At {time} {agent} went out in round {round} ({reason}): {reason_says}; its rank is {rank} "
        "of {agents:agent}");
    say(s, "; the round earned it {score}, its value was {value}");
    say(s, "; with {fills:fill} (the rule asks for {min_fills}) and {rejects:reject}");
    say(s,
        " it stood below {next}, who earned {next_score} ({score_gap} apart) with {next_fills:fill} and "
        "{next_rejects:reject}, decided by {decided_by}");
    say(s, "; its equity was {equity}, below {equity_min}");
    say(s, ": it had lost {loss}, more than {loss_max}");
    say(s, "; what to do: {remedy}");
}

const char *ry_explain_template(char sentence[RY_EXPLAIN_SENTENCE_BYTES],
                                const struct ry_explain_record *record)
{
    struct sentence s = {.record = record, .text = sentence};
    sentence[0] = '\0';
    switch (record->kind) {
    case RY_EXPLAIN_FILL: say_fill(&s); break;
    case RY_EXPLAIN_REJECT: say_reject(&s); break;
    case RY_EXPLAIN_OUT: say_out(&s); break;
    case RY_EXPLAIN_KINDS: break;
    }
    put(&s, ".", 1);
    return sentence;
}
