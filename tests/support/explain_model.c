#include "tests/support/explain_model.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DECIMAL_BYTES 64

static const struct english {
    enum ry_explain_kind kind; /* RY_EXPLAIN_KINDS: of every kind */
    bool opening;
    const char *words, *claims;
} english[] = {
#define English(of_kind, is_opening, its_words, its_claims)                                        \
    {RY_EXPLAIN_##of_kind, is_opening, its_words, its_claims},
#include "tests/support/explain_english.def"
};

#define ENGLISH (sizeof english / sizeof *english)

/* ---- numbers, as decimals without zeros that say nothing ------------------------------------- */

/* "-0012.500" as "-12.5" */
static void plain(char out[DECIMAL_BYTES], const char *text, size_t bytes)
{
    bool minus = bytes > 0 && *text == '-';
    size_t at = minus, end = bytes;
    const char *point = memchr(text, '.', bytes);
    while (at + 1 < bytes && text[at] == '0' && isdigit((unsigned char)text[at + 1]))
        at++;
    while (point != NULL && end > 0 && text[end - 1] == '0')
        end--;
    if (point != NULL && text[end - 1] == '.')
        end--;
    assert(end - at + 2 < DECIMAL_BYTES);
    bool zero = end - at == 1 && text[at] == '0';
    snprintf(out, DECIMAL_BYTES, "%s%.*s", minus && !zero ? "-" : "", (int)(end - at), text + at);
}

static void decimal_of(char out[DECIMAL_BYTES], __int128 value, unsigned scale)
{
    char digits[DECIMAL_BYTES], text[DECIMAL_BYTES];
    unsigned count = 0, at = 0;
    unsigned __int128 left = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
    for (; left > 0 || count <= scale; left /= 10)
        digits[count++] = (char)('0' + (int)(left % 10));
    if (value < 0)
        text[at++] = '-';
    while (count > 0) {
        text[at++] = digits[--count];
        if (count == scale && scale > 0)
            text[at++] = '.';
    }
    plain(out, text, at);
}

/* Bytes of the number that `text` begins with; 0: none, or it goes on as something else. */
static size_t number_at(const char *text)
{
    size_t bytes = *text == '-';
    if (!isdigit((unsigned char)text[bytes]))
        return 0;
    while (isdigit((unsigned char)text[bytes]))
        bytes++;
    if (text[bytes] == '.' && isdigit((unsigned char)text[bytes + 1]))
        for (bytes++; isdigit((unsigned char)text[bytes]);)
            bytes++;
    const char next = text[bytes];
    if (next == 0)
        return bytes;
    bool on = isalpha((unsigned char)next) || next == '_' ||
              (strchr(",'/:", next) != NULL && isdigit((unsigned char)text[bytes + 1]));
    return on ? 0 : bytes;
}

/* ---- values in the text: bytes that say the field's value, 0 if they do not -------------------- */

static size_t is_number(const struct ry_explain_field *field, bool other_sign, const char *text)
{
    char said[DECIMAL_BYTES], is[DECIMAL_BYTES];
    size_t bytes = number_at(text);
    if (bytes == 0 || bytes + 2 >= DECIMAL_BYTES || (other_sign && *text == '-'))
        return 0;
    plain(said, text, bytes);
    decimal_of(is, other_sign ? -field->value : field->value, field->scale);
    return strcmp(said, is) == 0 ? bytes : 0;
}

static size_t is_duration(const struct ry_explain_field *field, const char *text)
{
    static const struct {
        const char *name;
        unsigned scale;
    } unit[] = {{" ns", 0}, {" us", 3}, {" ms", 6}, {" s", 9}};
    char said[DECIMAL_BYTES], is[DECIMAL_BYTES];
    size_t bytes = number_at(text);
    if (bytes == 0 || bytes + 2 >= DECIMAL_BYTES)
        return 0;
    plain(said, text, bytes);
    for (unsigned i = 0; i < sizeof unit / sizeof *unit; i++) {
        size_t length = strlen(unit[i].name);
        decimal_of(is, field->value, unit[i].scale);
        if (strncmp(text + bytes, unit[i].name, length) == 0 &&
            !isalnum((unsigned char)text[bytes + length]) && strcmp(said, is) == 0)
            return bytes + length;
    }
    return 0;
}

static size_t is_name(const struct ry_explain_field *field, const char *text)
{
    const char *name = field->text, *at = text;
    if (*at != '"') { /* a plain word that goes no further, and is no number */
        size_t bytes = strlen(name);
        bool plain_word = isalpha((unsigned char)name[0]) != 0;
        for (size_t i = 0; i < bytes; i++)
            plain_word &= isalnum((unsigned char)name[i]) || strchr("-_.", name[i]) != NULL;
        bool ends = strncmp(text, name, bytes) == 0 && !isalnum((unsigned char)text[bytes]) &&
                    text[bytes] != '-' && text[bytes] != '_';
        return plain_word && ends ? bytes : 0;
    }
    for (at++; *at != '"' && *at != '\0'; at++, name++) {
        at += *at == '\\';
        if (*at != *name)
            return 0;
    }
    return *at == '"' && *name == '\0' ? (size_t)(at + 1 - text) : 0;
}

static size_t is_text(const struct ry_explain_field *field, const char *text)
{
    size_t bytes = strlen(field->text);
    return strncmp(text, field->text, bytes) == 0 && !isalnum((unsigned char)text[bytes]) ? bytes
                                                                                          : 0;
}

static size_t is_value(const struct ry_explain_field *field, bool other_sign, const char *text)
{
    switch (field->type) {
    case RY_EXPLAIN_NAME: return is_name(field, text);
    case RY_EXPLAIN_DURATION: return is_duration(field, text);
    case RY_EXPLAIN_LOTS:
    case RY_EXPLAIN_COUNT:
    case RY_EXPLAIN_PRICE:
    case RY_EXPLAIN_MONEY: return is_number(field, other_sign, text);
    case RY_EXPLAIN_SIDE:
    case RY_EXPLAIN_LIQUIDITY:
    case RY_EXPLAIN_WORD:
    case RY_EXPLAIN_PHRASE:
    case RY_EXPLAIN_MOMENT: return is_text(field, text);
    case RY_EXPLAIN_COMPARE: break;
    }
    return 0;
}

/* ---- claims ---------------------------------------------------------------------------------- */

static const struct ry_explain_field *field_of(const struct ry_explain_record *record,
                                               const char *name, size_t bytes)
{
    for (unsigned i = 0; i < record->fields; i++)
        if (strlen(record->field[i].name) == bytes &&
            strncmp(record->field[i].name, name, bytes) == 0)
            return &record->field[i];
    return NULL;
}

static __int128 scaled(const struct ry_explain_field *field, unsigned scale)
{
    __int128 value = field->value;
    for (unsigned i = field->scale; i < scale; i++)
        value *= 10;
    return value;
}

/* "price<limit", "fee>0", "side=buy", "order_type!=market", "?cl_ord_id" */
static bool holds(const struct ry_explain_record *record, const char *claim, size_t bytes)
{
    if (*claim == '?')
        return field_of(record, claim + 1, bytes - 1) != NULL;
    size_t name = strcspn(claim, "<=>!");
    const struct ry_explain_field *left = field_of(record, claim, name);
    size_t sign = claim[name] == '!' ? 2 : 1;
    const char *other = claim + name + sign;
    size_t length = bytes - name - sign;
    const struct ry_explain_field *right = field_of(record, other, length);
    if (left == NULL)
        return false;
    if (left->type < RY_EXPLAIN_LOTS) { /* min_fills is a field, and a word of decided_by */
        bool same = strlen(left->text) == length && strncmp(left->text, other, length) == 0;
        return same == (sign == 1);
    }
    unsigned scale = right != NULL && right->scale > left->scale ? right->scale : left->scale;
    __int128 a = scaled(left, scale), b = right != NULL ? scaled(right, scale) : 0;
    return claim[name] == '<' ? a < b : claim[name] == '>' ? a > b : a == b;
}

static bool all_hold(const struct ry_explain_record *record, const char *claims)
{
    for (const char *at = claims; *at != '\0';) {
        size_t bytes = strcspn(at, " ");
        if (!holds(record, at, bytes))
            return false;
        at += bytes + (at[bytes] == ' ');
    }
    return true;
}

/* ---- sentences ------------------------------------------------------------------------------- */

/* Bytes of `text` that say those words with true values; 0: they do not. */
static size_t said(const struct ry_explain_record *record, const char *words, const char *text)
{
    const char *at = text;
    while (*words != '\0') {
        if (strncmp(words, "(s)", 3) == 0) {
            at += *at == 's';
            words += 3;
        } else if (*words == '<') {
            bool other_sign = words[1] == '-';
            const char *name = words + 1 + other_sign, *end = strchr(name, '>');
            const struct ry_explain_field *field = field_of(record, name, (size_t)(end - name));
            size_t bytes = field == NULL ? 0 : is_value(field, other_sign, at);
            if (bytes == 0)
                return 0;
            at += bytes;
            words = end + 1;
        } else if (*words++ != *at++) {
            return 0;
        }
    }
    return (size_t)(at - text);
}

static bool is_true(const struct ry_explain_record *record, const char *text, bool opening)
{
    for (unsigned i = 0; i < ENGLISH; i++) {
        const struct english *e = &english[i];
        if ((e->kind != record->kind && e->kind != RY_EXPLAIN_KINDS) || e->opening != opening)
            continue;
        size_t bytes = said(record, e->words, text);
        if (bytes == 0 || !all_hold(record, e->claims))
            continue;
        if (!opening && strcmp(text + bytes, ".") == 0)
            return true;
        if (strncmp(text + bytes, "; ", 2) == 0 && is_true(record, text + bytes + 2, false))
            return true;
    }
    return false;
}

bool ry_test_explain_true(const struct ry_explain_record *record, const char *sentence,
                          size_t bytes)
{
    char *copy = strndup(sentence, bytes);
    assert(copy != NULL);
    bool result = strlen(copy) == bytes && is_true(record, copy, true);
    free(copy);
    return result;
}
