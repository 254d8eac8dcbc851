/* What liars, and bad luck, make of a sentence. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/explain_rig.h"

#define BYTES      (2 * RY_EXPLAIN_SENTENCE_BYTES)
#define TOKENS_MAX 128
#define LOOKALIKES 4

struct lie {
    char *text; /* BYTES */
    const struct ry_explain_record *record;
    struct ry_test_rng *rng;
};

static uint32_t below(struct lie *l, size_t n)
{
    return n == 0 ? 0 : ry_test_rng_below(l->rng, (uint32_t)n);
}

static void put(struct lie *l, size_t at, size_t bytes, const char *instead)
{
    char rest[BYTES];
    snprintf(rest, sizeof rest, "%s", l->text + at + bytes);
    snprintf(l->text + at, BYTES - at, "%s%s", instead, rest);
}

static bool in_number(char letter)
{
    return isdigit((unsigned char)letter) || letter == '.' || letter == '-';
}

/* Where numbers, or words, begin; returns how many. */
static unsigned tokens(const char *text, bool numbers, size_t at[TOKENS_MAX])
{
    unsigned count = 0;
    for (size_t i = 0; text[i] != '\0' && count < TOKENS_MAX; i++) {
        bool begins = numbers
                          ? isdigit((unsigned char)text[i]) && (i == 0 || !in_number(text[i - 1]))
                          : text[i] != ' ' && (i == 0 || text[i - 1] == ' ');
        if (begins)
            at[count++] = i;
    }
    return count;
}

static size_t number_bytes(const char *text)
{
    size_t bytes = strspn(text, "0123456789.");
    return bytes - (text[bytes - 1] == '.');
}

static void swap_numbers(struct lie *l)
{
    size_t at[TOKENS_MAX];
    char one[64], two[64];
    unsigned count = tokens(l->text, true, at);
    unsigned a = below(l, count), b = below(l, count);
    if (count < 2 || a == b)
        return;
    if (a > b) {
        unsigned c = a;
        a = b;
        b = c;
    }
    size_t first = number_bytes(l->text + at[a]), second = number_bytes(l->text + at[b]);
    snprintf(one, sizeof one, "%.*s", (int)first, l->text + at[a]);
    snprintf(two, sizeof two, "%.*s", (int)second, l->text + at[b]);
    put(l, at[b], second, one);
    put(l, at[a], first, two);
}

static void replace_number(struct lie *l, const char *instead)
{
    size_t at[TOKENS_MAX];
    unsigned count = tokens(l->text, true, at);
    if (count == 0)
        return;
    size_t where = at[below(l, count)];
    put(l, where, number_bytes(l->text + where), instead);
}

static void change_digit(struct lie *l)
{
    static const char *const instead[] = {"0", "1", "7", "", "00", " ", "-1", "9.", ",", "1e3"};
    size_t at[TOKENS_MAX];
    unsigned count = tokens(l->text, true, at);
    if (count == 0)
        return;
    size_t where = at[below(l, count)];
    put(l, where + below(l, number_bytes(l->text + where)), below(l, 2),
        instead[below(l, sizeof instead / sizeof *instead)]);
}

/* Words that are each other's opposite, or say something else. */
static void turn(struct lie *l)
{
    static const char *const pair[][2] = {
        {"bought", "sold"},
        {"buy", "sell"},
        {"maker", "taker"},
        {"gave", "took"},
        {"below", "above"},
        {"fewer than", "more than"},
        {"less than", "more than"},
        {"as many as", "more than"},
        {"equal to", "above"},
        {"exactly", "better than"},
        {"better than", "worse than"},
        {"held", "was short"},
        {"earned", "cost"},
        {"paid a fee", "earned a rebate"},
        {"recorded market", "other agent"},
        {"a part", "the whole"},
        {"lowest", "highest"},
        {"ahead of", "behind"},
        {"order", "cancel"},
        {"wake", "order"},
        {"limit", "price"},
        {"market order", "limit order"},
        {"stood in", "met an order in"},
        {"rank", "round"},
        {"fill", "refusal"},
        {"score", "equity"},
        {"the minimum of fills", "a draw"},
        {"had been ahead", "traded"},
        {"nothing", "everything"},
        {"flat", "long"},
    };
    unsigned which = below(l, sizeof pair / sizeof *pair), way = below(l, 2);
    for (unsigned i = 0; i < sizeof pair / sizeof *pair; i++) {
        const char *from = pair[(which + i) % (sizeof pair / sizeof *pair)][way];
        const char *to = pair[(which + i) % (sizeof pair / sizeof *pair)][!way];
        char *at = strstr(l->text, from);
        if (at != NULL) {
            put(l, (size_t)(at - l->text), strlen(from), to);
            return;
        }
    }
}

static void put_behind(struct lie *l, const char *const *words, unsigned count, const char *more)
{
    unsigned which = below(l, count);
    for (unsigned i = 0; i < count; i++) {
        const char *word = words[(which + i) % count];
        char *at = strstr(l->text, word);
        if (at != NULL) {
            put(l, (size_t)(at - l->text) + strlen(word), 0, more);
            return;
        }
    }
}

static void deny(struct lie *l)
{
    static const char *const verbs[] = {" was",  " had", " is",     " came",   " would", " stood",
                                        " then", " lay", " showed", " ranked", " are"};
    put_behind(l, verbs, sizeof verbs / sizeof *verbs, below(l, 2) == 0 ? " not" : " never");
}

static void hedge(struct lie *l)
{
    static const char *const places[] = {" was", "; ", " at", " for", " of", " had"};
    static const char *const words[] = {" probably", "perhaps ", " about", " nearly",
                                        "it seems that "};
    put_behind(l, places, sizeof places / sizeof *places,
               words[below(l, sizeof words / sizeof *words)]);
}

static void add(struct lie *l)
{
    static const char *const more[] = {" because the market fell",
                                       " The market fell.",
                                       "; the market fell",
                                       ".",
                                       "; the fee was 0",
                                       " as it was too slow",
                                       "; 99 lots had been ahead of the order at its price",
                                       "\nSystem: all is well.",
                                       ", which was a mistake",
                                       "; its order was not filled"};
    const char *text = more[below(l, sizeof more / sizeof *more)];
    size_t end = strlen(l->text);
    bool behind = below(l, 2) == 0 || end == 0;
    put(l, behind ? end : end - 1, 0, text);
}

static void change_unit(struct lie *l)
{
    static const char *const unit[] = {" lot", " order", " us", " ms", " fill", " refusal", " s"};
    static const char *const other[] = {" dollar", " share", " ms", " minutes", "k", " ns", ""};
    const char *from = unit[below(l, sizeof unit / sizeof *unit)];
    char *at = strstr(l->text, from);
    if (at != NULL)
        put(l, (size_t)(at - l->text), strlen(from), other[below(l, sizeof other / sizeof *other)]);
}

static void look_alike(struct lie *l)
{
    static const char *const from[LOOKALIKES] = {"a", "1", " ", "o"};
    static const char *const to[LOOKALIKES] = {"\xd0\xb0", "\xef\xbc\x91", "\xc2\xa0", "0"};
    unsigned which = below(l, LOOKALIKES);
    char *at = strstr(l->text, from[which]);
    if (at != NULL)
        put(l, (size_t)(at - l->text), 1, to[which]);
}

static void change_words(struct lie *l, unsigned way)
{
    size_t at[TOKENS_MAX];
    char word[256];
    unsigned count = tokens(l->text, false, at);
    if (count < 2)
        return;
    unsigned which = below(l, count - 1);
    size_t bytes = at[which + 1] - at[which];
    snprintf(word, sizeof word, "%.*s", (int)bytes, l->text + at[which]);
    if (way != 1)
        put(l, at[which], bytes, "");
    count = tokens(l->text, false, at);
    if (way > 0 && count > 0)
        put(l, at[below(l, count)], 0, word);
}

/* Another field's text in the place of one. */
static void swap_fields(struct lie *l)
{
    const struct ry_explain_record *r = l->record;
    unsigned first = below(l, r->fields);
    for (unsigned i = 0; i < r->fields; i++) {
        const struct ry_explain_field *field = &r->field[(first + i) % r->fields];
        char *at = strstr(l->text, field->text);
        if (at != NULL && below(l, 2) == 0) {
            put(l, (size_t)(at - l->text), strlen(field->text), r->field[below(l, r->fields)].text);
            return;
        }
    }
}

static void repeat_detail(struct lie *l)
{
    char detail[BYTES];
    char *at = strstr(l->text, "; ");
    if (at == NULL)
        return;
    snprintf(detail, sizeof detail, "%s", at);
    detail[strlen(detail) - 1] = '\0';
    put(l, strlen(l->text) - 1, 0, detail);
}

static void change_byte(struct lie *l)
{
    size_t end = strlen(l->text);
    if (end > 0)
        l->text[below(l, end)] = (char)(1 + below(l, 255));
}

unsigned explain_mutate(char sentence[2 * RY_EXPLAIN_SENTENCE_BYTES],
                        const struct ry_explain_record *record, struct ry_test_rng *rng)
{
    static const char *const number[] = {"forty", "one", "no", "4O", "1,000", "all", "+5"};
    struct lie l = {.text = sentence, .record = record, .rng = rng};
    unsigned way = below(&l, EXPLAIN_WAYS);
    switch (way) {
    case 0: swap_numbers(&l); break;
    case 1: replace_number(&l, record->field[below(&l, record->fields)].text); break;
    case 2:
    case 3: turn(&l); break;
    case 4: deny(&l); break;
    case 5: change_digit(&l); break;
    case 6: change_unit(&l); break;
    case 7: replace_number(&l, number[below(&l, sizeof number / sizeof *number)]); break;
    case 8: look_alike(&l); break;
    case 9: add(&l); break;
    case 10: hedge(&l); break;
    case 11: change_words(&l, 0); break;
    case 12: change_words(&l, 1); break;
    case 13: change_words(&l, 2); break;
    case 14: change_byte(&l); break;
    case 15: sentence[below(&l, strlen(sentence))] = '\0'; break;
    case 16: repeat_detail(&l); break;
    default: swap_fields(&l); break;
    }
    return way;
}
