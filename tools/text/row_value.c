#include "tools/text/row_value.h"

#include <assert.h>
#include <string.h>

#include "tools/text/money.h"
#include "tools/text/price.h"
#include "tools/text/row_codes.h"

_Static_assert(2 * RY_SYMBOL_BYTES >= RY_TEXT_PRICE_BYTES, "room for a decimal");
_Static_assert(2 * RY_SYMBOL_BYTES >= RY_TEXT_ID_BYTES, "room for an id");
_Static_assert(RY_SYMBOL_BYTES >= RY_NAME_BYTES, "room for a name");
_Static_assert(RY_SYMBOL_BYTES >= RY_RESULTS_TEXT_BYTES, "room for a text");

const char *ry_text_row_id(char text[RY_TEXT_ID_BYTES], const struct ry_battle_id *id)
{
    static const char digit[] = "0123456789abcdef";
    for (unsigned i = 0; i < RY_BATTLE_ID_BYTES; i++) {
        text[2 * i] = digit[id->byte[i] >> 4];
        text[2 * i + 1] = digit[id->byte[i] & 15];
    }
    text[RY_TEXT_ID_BYTES - 1] = 0;
    return text;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool ry_text_row_id_read(struct ry_battle_id *id, const char *text)
{
    if (text == NULL || strlen(text) != RY_TEXT_ID_BYTES - 1)
        return false;
    for (unsigned i = 0; i < RY_BATTLE_ID_BYTES; i++) {
        int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        id->byte[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static void set_text(struct ry_text_row_value *value, const char *text, size_t bytes)
{
    value->kind = RY_TEXT_ROW_TEXT;
    value->text = text;
    value->bytes = bytes;
}

static void set_word(struct ry_text_row_value *value, const char *word)
{
    value->kind = RY_TEXT_ROW_NULL;
    if (word != NULL)
        set_text(value, word, strlen(word));
}

/* Any bytes: what is not ASCII goes out byte by byte as Latin-1. */
static void set_name(struct ry_text_row_value *value, const char *name, size_t max)
{
    size_t length = 0, n = 0;
    unsigned char all = 0;
    for (; length < max && name[length] != 0; length++)
        all |= (unsigned char)name[length];
    set_text(value, name, length);
    if (all < 0x80)
        return;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c >= 0x80)
            value->room[n++] = (char)(0xc0 | c >> 6);
        value->room[n++] = (char)(c < 0x80 ? c : 0x80 | (c & 0x3f));
    }
    set_text(value, value->room, n);
}

static void set_decimal(struct ry_text_row_value *value, __int128 number, unsigned scale)
{
    const char *text = ry_text_price(value->room, number, scale);
    set_text(value, text, (size_t)(value->room + RY_TEXT_PRICE_BYTES - 1 - text));
}

static void set_agent(struct ry_text_row_value *value, const struct ry_results *r, uint16_t agent)
{
    value->kind = RY_TEXT_ROW_NULL;
    if (agent < r->agents)
        set_name(value, r->agent[agent].name, RY_NAME_BYTES);
}

static void set_instrument(struct ry_text_row_value *value, const struct ry_results *r,
                           uint16_t instrument)
{
    value->kind = RY_TEXT_ROW_NULL;
    if (instrument < r->instruments)
        set_name(value, r->instrument[instrument].symbol, RY_SYMBOL_BYTES);
}

/* In the price unit of the row's instrument; a row with a price has one. */
static void set_price(struct ry_text_row_value *value, const struct ry_results *r,
                      const struct ry_results_row *row, int64_t price)
{
    const struct ry_results_row_about *about = &ry_results_rows[row->kind];
    value->kind = RY_TEXT_ROW_NULL;
    if (price == RY_RESULTS_NO_PRICE)
        return;
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        if (column->type != RY_RESULTS_TYPE_INSTRUMENT)
            continue;
        uint16_t instrument = *(const uint16_t *)ry_results_row_at(row, column);
        assert(instrument < r->instruments);
        set_decimal(value, price, r->instrument[instrument].price_scale);
        return;
    }
}

static void set_u64(struct ry_text_row_value *value, uint64_t number, bool nullable)
{
    value->kind = nullable && number == 0 ? RY_TEXT_ROW_NULL : RY_TEXT_ROW_U64;
    value->count = number;
}

static void set_id(struct ry_text_row_value *value, const struct ry_battle_id *id)
{
    set_text(value, ry_text_row_id(value->room, id), RY_TEXT_ID_BYTES - 1);
}

/* Bytes of the character that UTF-8 has at `at`; 0: none. */
static size_t character(const unsigned char *at)
{
    unsigned char c = at[0], second = at[0] != 0 ? at[1] : 0;
    size_t bytes = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    bool longer_than_needed = (c == 0xe0 && second < 0xa0) || (c == 0xf0 && second < 0x90);
    bool surrogate = c == 0xed && second >= 0xa0, beyond = c == 0xf4 && second >= 0x90;
    if (longer_than_needed || surrogate || beyond)
        return 0;
    for (size_t i = 1; i < bytes; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return bytes;
}

/* Whole characters of UTF-8; what is no UTF-8 is read as names are. */
static void set_appliance(struct ry_text_row_value *value, const char *text)
{
    size_t n = 0;
    value->kind = RY_TEXT_ROW_LEFT_OUT;
    if (text == NULL)
        return;
    while (text[n] != 0) {
        size_t bytes = character((const unsigned char *)text + n);
        if (bytes == 0) {
            set_name(value, text, RY_RESULTS_TEXT_BYTES - 1);
            return;
        }
        if (n + bytes > RY_RESULTS_TEXT_BYTES - 1)
            break;
        n += bytes;
    }
    set_text(value, text, n);
}

static void set_integer(struct ry_text_row_value *value, enum ry_text_row_value_kind kind,
                        int64_t number)
{
    value->kind = kind;
    value->integer = number;
}

void ry_text_row_value(struct ry_text_row_value *value, const struct ry_results *r,
                       const struct ry_results_row *row, const struct ry_results_column *column)
{
    const void *at = ry_results_row_at(row, column);
    const int64_t *integer = at;
    switch (column->type) {
    case RY_RESULTS_TYPE_TEXT: set_appliance(value, *(const char *const *)at); return;
    case RY_RESULTS_TYPE_ID: set_id(value, at); return;
    case RY_RESULTS_TYPE_COUNT:
        value->kind = RY_TEXT_ROW_COUNT;
        value->count = *(const uint64_t *)at;
        return;
    case RY_RESULTS_TYPE_LOTS: set_integer(value, RY_TEXT_ROW_INTEGER, *integer); return;
    case RY_RESULTS_TYPE_U64: set_u64(value, *(const uint64_t *)at, column->nullable); return;
    case RY_RESULTS_TYPE_I64S:
        value->kind = RY_TEXT_ROW_LIST;
        value->list = at;
        return;
    case RY_RESULTS_TYPE_MONEY:
        set_decimal(value, *(const __int128 *)at, RY_TEXT_MONEY_DIGITS);
        return;
    case RY_RESULTS_TYPE_PRICE: set_price(value, r, row, *integer); return;
    case RY_RESULTS_TYPE_TIME:
        set_integer(value, *integer == RY_TIME_NEVER ? RY_TEXT_ROW_NULL : RY_TEXT_ROW_MOMENT,
                    *integer);
        return;
    case RY_RESULTS_TYPE_BOOL:
        value->kind = RY_TEXT_ROW_BOOL;
        value->truth = *(const bool *)at;
        return;
    case RY_RESULTS_TYPE_AGENT: set_agent(value, r, *(const uint16_t *)at); return;
    case RY_RESULTS_TYPE_INSTRUMENT: set_instrument(value, r, *(const uint16_t *)at); return;
    case RY_RESULTS_TYPE_SIDE:
    case RY_RESULTS_TYPE_LIQUIDITY:
    case RY_RESULTS_TYPE_CAUSE:
    case RY_RESULTS_TYPE_REJECT:
    case RY_RESULTS_TYPE_CANCEL:
    case RY_RESULTS_TYPE_INCOMPLETE:
    case RY_RESULTS_TYPE_OUT:
        set_word(value, ry_text_row_word(column->type, *(const uint8_t *)at));
        return;
    case RY_RESULTS_TYPES: break;
    }
    assert(false);
}
