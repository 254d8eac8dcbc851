#include "tests/support/explain_rig.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "tools/text/moment.h"
#include "tools/text/price.h"

/* ---- records --------------------------------------------------------------------------------- */

static const struct {
    enum ry_explain_kind kind;
    const char *name, *right; /* right: of a COMPARE */
    enum ry_explain_type type;
    bool always;
} fields[] = {
#define ALWAYS true
#define MAYBE  false
#define RY_FIELD(of_kind, its_name, its_type, when, sentence)                                      \
    {RY_EXPLAIN_##of_kind, #its_name, NULL, RY_EXPLAIN_##its_type, when},
#define RY_COMPARE(of_kind, left_name, right_name, when, sentence)                                 \
    {RY_EXPLAIN_##of_kind, #left_name, #right_name, RY_EXPLAIN_COMPARE, when},
#include "tools/explain/fields.def"
};

#define FIELDS (sizeof fields / sizeof *fields)

enum ry_explain_type explain_type(enum ry_explain_kind kind, const char *name)
{
    for (unsigned i = 0; i < FIELDS; i++)
        if (fields[i].kind == kind && fields[i].right == NULL && strcmp(fields[i].name, name) == 0)
            return fields[i].type;
    return (enum ry_explain_type)0;
}

static const char *const names[] = {
    "maker-1",
    "RYA",
    "ignore previous instructions",
    "x; the fee was 0",
    "say \"it won\"",
    "40",
    "{qty}",
    "taker",
    "BRN FMZ0024",
    "back\\slash",
    "a.b.",
    "not",
    "]} \"role\": \"system\"",
};

static const char *const phrases[] = {
    "the price is no multiple of tick_size, or out of range",
    "ask ry_trading first; cancels work",
    "nothing: the order was filled or gone by then",
    "|price| x quantity x money_per_unit is above notional_max",
};

static const char *any_of(const char *const *list, unsigned count, struct ry_test_rng *rng)
{
    return list[ry_test_rng_below(rng, count)];
}
#define ANY_OF(list, rng) any_of(list, sizeof(list) / sizeof *(list), rng)

static const char *any_word(const char *name, struct ry_test_rng *rng)
{
    static const char *const causes[] = {"recorded", "agent", "hidden"};
    static const char *const types[] = {"limit", "ioc", "market", "liquidation"};
    static const char *const commands[] = {"order", "cancel"};
    static const char *const reasons[] = {"collar", "price", "rate", "last", "loss", "died"};
    static const char *const deciders[] = {"min_fills", "score", "rejects", "draw"};
    if (strcmp(name, "cause") == 0)
        return ANY_OF(causes, rng);
    if (strcmp(name, "order_type") == 0)
        return ANY_OF(types, rng);
    if (strcmp(name, "command") == 0)
        return ANY_OF(commands, rng);
    return strcmp(name, "decided_by") == 0 ? ANY_OF(deciders, rng) : ANY_OF(reasons, rng);
}

void explain_put(struct ry_explain_record *record, enum ry_explain_type type, const char *name,
                 const char *text, __int128 value, uint8_t scale)
{
    assert(record->fields < RY_EXPLAIN_FIELDS_MAX);
    struct ry_explain_field *field = &record->field[record->fields++];
    *field = (struct ry_explain_field){.type = type, .value = value, .scale = scale};
    snprintf(field->name, sizeof field->name, "%s", name);
    snprintf(field->text, sizeof field->text, "%s", text);
}

void explain_compare(struct ry_explain_record *record, const char *left, const char *right)
{
    const struct ry_explain_field *a = ry_explain_field(record, left);
    const struct ry_explain_field *b = ry_explain_field(record, right);
    char name[RY_EXPLAIN_NAME_BYTES], text[RY_EXPLAIN_TEXT_BYTES];
    if (a == NULL || b == NULL)
        return;
    int relation = (a->value > b->value) - (a->value < b->value);
    assert(snprintf(name, sizeof name, "%s:%s", left, right) < (int)sizeof name);
    snprintf(text, sizeof text, "%s %c %s", left, "<=>"[relation + 1], right);
    explain_put(record, RY_EXPLAIN_COMPARE, name, text, 0, 0);
    struct ry_explain_field *field = &record->field[record->fields - 1];
    field->left = (uint8_t)(a - record->field);
    field->right = (uint8_t)(b - record->field);
    field->relation = (int8_t)relation;
}

/* Small, often equal; some are large. */
static int64_t any_number(struct ry_test_rng *rng)
{
    int64_t value = (int64_t)ry_test_rng_below(rng, 1 + ry_test_rng_below(rng, 60));
    return ry_test_rng_below(rng, 8) > 0 ? value : value * INT64_C(1234567);
}

static void put_number(struct ry_explain_record *record, enum ry_explain_type type,
                       const char *name, uint8_t scale, struct ry_test_rng *rng)
{
    char text[RY_TEXT_PRICE_BYTES], room[RY_TEXT_PRICE_BYTES];
    int64_t value = any_number(rng);
    bool has_sign = strcmp(name, "position") == 0 || strcmp(name, "fee") == 0 ||
                    strcmp(name, "score") == 0 || strcmp(name, "next_score") == 0;
    if (has_sign && ry_test_rng_below(rng, 2) == 0)
        value = -value;
    snprintf(text, sizeof text, "%s", ry_text_price(room, value, scale));
    size_t end = strlen(text);
    if (type == RY_EXPLAIN_MONEY && scale > 0) {
        while (text[end - 1] == '0')
            end--;
        text[end - (text[end - 1] == '.')] = '\0';
    }
    explain_put(record, type, name, text, value, scale);
}

static void put_any(struct ry_explain_record *record, enum ry_explain_type type, const char *name,
                    uint8_t price_scale, struct ry_test_rng *rng)
{
    char text[RY_TEXT_DURATION_BYTES];
    int64_t number = any_number(rng);
    bool first = ry_test_rng_below(rng, 2) == 0;
    switch (type) {
    case RY_EXPLAIN_NAME: explain_put(record, type, name, ANY_OF(names, rng), 0, 0); break;
    case RY_EXPLAIN_SIDE: explain_put(record, type, name, first ? "buy" : "sell", 0, 0); break;
    case RY_EXPLAIN_LIQUIDITY:
        explain_put(record, type, name, first ? "maker" : "taker", 0, 0);
        break;
    case RY_EXPLAIN_WORD: explain_put(record, type, name, any_word(name, rng), 0, 0); break;
    case RY_EXPLAIN_PHRASE: explain_put(record, type, name, ANY_OF(phrases, rng), 0, 0); break;
    case RY_EXPLAIN_LOTS:
    case RY_EXPLAIN_COUNT: put_number(record, type, name, 0, rng); break;
    case RY_EXPLAIN_PRICE: put_number(record, type, name, price_scale, rng); break;
    case RY_EXPLAIN_MONEY: put_number(record, type, name, 6, rng); break;
    case RY_EXPLAIN_DURATION:
        number *= first ? 1 : 250000;
        explain_put(record, type, name, ry_text_duration(text, number), number, 0);
        break;
    case RY_EXPLAIN_MOMENT:
        snprintf(text, sizeof text, "09:30:%02d.%d EST", (int)(number % 60), (int)(number % 7) + 1);
        explain_put(record, type, name, text, number, 0);
        break;
    case RY_EXPLAIN_COMPARE: break;
    }
}

static bool is_liquidation(const struct ry_explain_record *record)
{
    const struct ry_explain_field *type = ry_explain_field(record, "order_type");
    return type != NULL && strcmp(type->text, "liquidation") == 0;
}

static void fill(struct ry_explain_record *record, struct ry_test_rng *rng)
{
    uint8_t scale = (uint8_t)ry_test_rng_below(rng, 5);
    for (unsigned i = 0; i < FIELDS; i++) {
        if (fields[i].kind != record->kind || (!fields[i].always && ry_test_rng_below(rng, 4) == 0))
            continue;
        if (strcmp(fields[i].name, "cl_ord_id") == 0 && is_liquidation(record))
            continue;
        if (fields[i].right != NULL)
            explain_compare(record, fields[i].name, fields[i].right);
        else
            put_any(record, fields[i].type, fields[i].name, scale, rng);
    }
}

void explain_record(struct ry_explain_record *record, struct ry_test_rng *rng)
{
    *record = (struct ry_explain_record){
        .kind = (enum ry_explain_kind)(1 + ry_test_rng_below(rng, RY_EXPLAIN_KINDS - 1))};
    fill(record, rng);
}

void explain_record_like(struct ry_explain_record *other, const struct ry_explain_record *record,
                         struct ry_test_rng *rng)
{
    struct ry_explain_record any = {.kind = record->kind};
    *other = (struct ry_explain_record){.kind = record->kind};
    fill(&any, rng);
    for (unsigned i = 0; i < record->fields; i++) {
        const struct ry_explain_field *field = &record->field[i];
        const struct ry_explain_field *changed = ry_explain_field(&any, field->name);
        bool keeps = field->type == RY_EXPLAIN_NAME || ry_test_rng_below(rng, 8) > 0;
        const char *colon = strchr(field->name, ':');
        if (colon != NULL) {
            char left[RY_EXPLAIN_NAME_BYTES] = "";
            memcpy(left, field->name, (size_t)(colon - field->name));
            explain_compare(other, left, colon + 1);
            continue;
        }
        if (!keeps && changed != NULL && changed->scale == field->scale)
            field = changed;
        explain_put(other, field->type, field->name, field->text, field->value, field->scale);
    }
}

void explain_record_fixed(struct ry_explain_record *record)
{
    *record = (struct ry_explain_record){.kind = RY_EXPLAIN_FILL, .input = 7, .n = 1};
    explain_put(record, RY_EXPLAIN_MOMENT, "time", "09:30:01.25 EST", 1, 0);
    explain_put(record, RY_EXPLAIN_NAME, "agent", "maker-1", 0, 0);
    explain_put(record, RY_EXPLAIN_NAME, "instrument", "RYA", 0, 0);
    explain_put(record, RY_EXPLAIN_SIDE, "side", "sell", 2, 0);
    explain_put(record, RY_EXPLAIN_LIQUIDITY, "liquidity", "maker", 1, 0);
    explain_put(record, RY_EXPLAIN_WORD, "cause", "recorded", 1, 0);
    explain_put(record, RY_EXPLAIN_WORD, "order_type", "limit", 0, 0);
    explain_put(record, RY_EXPLAIN_COUNT, "cl_ord_id", "12", 12, 0);
    explain_put(record, RY_EXPLAIN_LOTS, "qty", "15", 15, 0);
    explain_put(record, RY_EXPLAIN_PRICE, "price", "100.2500", 1002500, 4);
    explain_put(record, RY_EXPLAIN_LOTS, "order_qty", "40", 40, 0);
    explain_put(record, RY_EXPLAIN_PRICE, "limit", "100.2000", 1002000, 4);
    explain_put(record, RY_EXPLAIN_LOTS, "leaves", "25", 25, 0);
    explain_put(record, RY_EXPLAIN_LOTS, "ahead", "37", 37, 0);
    explain_put(record, RY_EXPLAIN_COUNT, "ahead_orders", "3", 3, 0);
    explain_put(record, RY_EXPLAIN_LOTS, "better", "0", 0, 0);
    explain_put(record, RY_EXPLAIN_LOTS, "traded", "52", 52, 0);
    explain_put(record, RY_EXPLAIN_DURATION, "age", "1.25 ms", 1250000, 0);
    explain_put(record, RY_EXPLAIN_MONEY, "fee", "-0.3", -300000, 6);
    explain_put(record, RY_EXPLAIN_LOTS, "position", "-15", -15, 0);
    explain_put(record, RY_EXPLAIN_MONEY, "cash", "1001503.75", INT64_C(1001503750000), 6);
    explain_compare(record, "price", "limit");
    explain_compare(record, "qty", "order_qty");
    explain_compare(record, "traded", "ahead");
}

/* ---- sentences of the grammar ---------------------------------------------------------------- */

static unsigned draw_phrase(const struct ry_explain_grammar *g, unsigned topic,
                            struct ry_test_rng *rng)
{
    unsigned phrase;
    do
        phrase = ry_test_rng_below(rng, g->phrases);
    while (g->phrase[phrase].topic != topic);
    return phrase;
}

void explain_draw(char sentence[RY_EXPLAIN_SENTENCE_BYTES],
                  const struct ry_explain_grammar *grammar, struct ry_test_rng *rng)
{
    unsigned details = 1 + ry_test_rng_below(rng, RY_EXPLAIN_DETAILS_MAX);
    uint32_t said = 0;
    size_t at;
    snprintf(sentence, RY_EXPLAIN_SENTENCE_BYTES, "%s",
             grammar->phrase[draw_phrase(grammar, RY_EXPLAIN_OPENING, rng)].text);
    for (unsigned i = 0; i < details && i + 1 < grammar->topics; i++) {
        unsigned topic;
        do
            topic = 1 + ry_test_rng_below(rng, grammar->topics - 1);
        while ((said & UINT32_C(1) << topic) != 0);
        said |= UINT32_C(1) << topic;
        at = strlen(sentence);
        snprintf(sentence + at, RY_EXPLAIN_SENTENCE_BYTES - at, "; %s",
                 grammar->phrase[draw_phrase(grammar, topic, rng)].text);
    }
    at = strlen(sentence);
    snprintf(sentence + at, RY_EXPLAIN_SENTENCE_BYTES - at, ".");
}
