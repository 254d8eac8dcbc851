#include "tests/support/row_model.h"

#include <check.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tools/text/row_codes.h"
#include "tools/text/row_json.h"

/* ---- names ----------------------------------------------------------------------------------- */

/* Of any bytes but NUL, in four ways by `i`; no NUL if all of it is full. */
static void fill_name(char *name, size_t bytes, unsigned i)
{
    static const char hostile[] = "\"\\/\b\f\n\r\t\x01\x1f\x7f\x80\xbf\xc3\xff' a";
    for (size_t k = 0; k < bytes; k++)
        name[k] = i % 4 == 1   ? hostile[(k + i) % (sizeof hostile - 1)]
                  : i % 4 == 2 ? (char)0xff
                  : i % 4 == 3 ? '\x1f'
                  : k < 3      ? (char)('A' + (int)((i + k) % 26))
                               : 0;
}

const struct ry_results *ry_test_row_results(void)
{
    static struct ry_results_agent agent[RY_TEST_ROW_AGENTS];
    static struct ry_results_instrument instrument[RY_TEST_ROW_INSTRUMENTS];
    static struct ry_results results = {.agents = RY_TEST_ROW_AGENTS,
                                        .agent = agent,
                                        .instruments = RY_TEST_ROW_INSTRUMENTS,
                                        .instrument = instrument};
    for (unsigned i = 0; i < RY_TEST_ROW_AGENTS; i++)
        fill_name(agent[i].name, RY_NAME_BYTES - (i < 4), i);
    for (unsigned i = 0; i < RY_TEST_ROW_INSTRUMENTS; i++) {
        fill_name(instrument[i].symbol, RY_SYMBOL_BYTES - (i < 16), i);
        instrument[i].price_scale = (uint8_t)(i % 19);
    }
    return &results;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Of 64 bits: small of both signs, any, or near an end of int64_t or of what JSON holds. */
static int64_t any_integer(struct ry_test_rng *rng)
{
    static const int64_t end[] = {0, INT64_MIN, RY_RESULTS_INTEGER_MAX, -RY_RESULTS_INTEGER_MAX,
                                  INT64_C(999999999999999999)};
    uint32_t way = ry_test_rng_below(rng, 4);
    uint64_t any = ry_test_rng_next(rng);
    int64_t near = (int64_t)(any % 5) - 2;
    if (way == 0)
        return (int64_t)(any % 2001) - 1000;
    if (way == 1)
        return (int64_t)((uint64_t)end[any / 8 % 5] + (uint64_t)near);
    return (int64_t)(any >> ry_test_rng_below(rng, 64));
}

static __int128 any_money(struct ry_test_rng *rng)
{
    __int128 money = any_integer(rng);
    uint32_t way = ry_test_rng_below(rng, 8);
    if (way == 0)
        return (__int128)((unsigned __int128)1 << 127); /* the smallest */
    return way == 1 ? money * any_integer(rng) : money;
}

static struct ry_results_i64s any_list(struct ry_test_rng *rng)
{
    struct ry_results_i64s list = {.count = ry_test_rng_below(rng, RY_FEATURES_MAX + 1)};
    for (unsigned i = 0; i < list.count; i++)
        list.value[i] = any_integer(rng);
    return list;
}

static void fill_number(void *at, const struct ry_results_column *column, struct ry_test_rng *rng,
                        bool null, unsigned numbers)
{
    uint32_t number = ry_test_rng_below(rng, numbers);
    *(uint16_t *)at = (uint16_t)(null && column->nullable ? RY_RESULTS_NONE : number);
}

static void fill_column(struct ry_results_row *row, const struct ry_results_column *column,
                        struct ry_test_rng *rng)
{
    static const char *const appliances[] = {NULL, "fra1", "K\xc3\xb6ln \"2\"\x1f"};
    void *at = (char *)row + column->offset;
    bool null = ry_test_rng_below(rng, 4) == 0;
    int64_t integer = any_integer(rng);
    switch (column->type) {
    case RY_RESULTS_TYPE_TEXT: *(const char **)at = appliances[ry_test_rng_below(rng, 3)]; return;
    case RY_RESULTS_TYPE_ID:
        for (unsigned i = 0; i < RY_BATTLE_ID_BYTES; i++)
            ((struct ry_battle_id *)at)->byte[i] = (uint8_t)ry_test_rng_next(rng);
        return;
    case RY_RESULTS_TYPE_COUNT:
    case RY_RESULTS_TYPE_U64:
    case RY_RESULTS_TYPE_LOTS: *(int64_t *)at = integer; return;
    case RY_RESULTS_TYPE_TIME: *(int64_t *)at = null ? RY_TIME_NEVER : integer; return;
    case RY_RESULTS_TYPE_I64S: *(struct ry_results_i64s *)at = any_list(rng); return;
    case RY_RESULTS_TYPE_MONEY: *(__int128 *)at = any_money(rng); return;
    case RY_RESULTS_TYPE_PRICE:
        *(int64_t *)at = null && column->nullable         ? RY_RESULTS_NO_PRICE
                         : integer == RY_RESULTS_NO_PRICE ? 0
                                                          : integer;
        return;
    case RY_RESULTS_TYPE_BOOL: *(bool *)at = integer % 2 != 0; return;
    case RY_RESULTS_TYPE_AGENT: fill_number(at, column, rng, null, RY_TEST_ROW_AGENTS); return;
    case RY_RESULTS_TYPE_INSTRUMENT:
        fill_number(at, column, rng, null, RY_TEST_ROW_INSTRUMENTS);
        return;
    case RY_RESULTS_TYPE_SIDE:
    case RY_RESULTS_TYPE_LIQUIDITY:
    case RY_RESULTS_TYPE_CAUSE:
    case RY_RESULTS_TYPE_REJECT:
    case RY_RESULTS_TYPE_CANCEL:
    case RY_RESULTS_TYPE_INCOMPLETE:
    case RY_RESULTS_TYPE_OUT: {
        uint32_t word = ry_test_rng_below(rng, ry_text_row_words(column->type) - 1);
        *(uint8_t *)at = (uint8_t)(null && column->nullable ? 0 : 1 + word);
        return;
    }
    case RY_RESULTS_TYPES: break;
    }
    ck_abort_msg("no type");
}

static void put_no_price(struct ry_results_row *row, const struct ry_results_column *column)
{
    void *at = (char *)row + column->offset;
    *(int64_t *)at = RY_RESULTS_NO_PRICE;
}

/* The number of the row's instrument. */
static uint16_t instrument_of(const struct ry_results_row *row)
{
    const struct ry_results_row_about *about = &ry_results_rows[row->kind];
    for (unsigned i = 0; i < about->columns; i++)
        if (about->column[i].type == RY_RESULTS_TYPE_INSTRUMENT)
            return *(const uint16_t *)ry_results_row_at(row, &about->column[i]);
    return RY_RESULTS_NONE;
}

struct ry_results_row ry_test_row_random(struct ry_test_rng *rng, enum ry_results_row_kind kind)
{
    const struct ry_results_row_about *about = &ry_results_rows[kind];
    struct ry_results_row row = {.kind = kind};
    for (unsigned i = 0; i < ry_results_key_about.columns; i++)
        fill_column(&row, &ry_results_key_about.column[i], rng);
    for (unsigned i = 0; i < about->columns; i++)
        fill_column(&row, &about->column[i], rng);
    for (unsigned i = 0; i < about->columns; i++)
        if (about->column[i].type == RY_RESULTS_TYPE_PRICE &&
            instrument_of(&row) == RY_RESULTS_NONE)
            put_no_price(&row, &about->column[i]);
    return row;
}

/* ---- the model ------------------------------------------------------------------------------- */

static json_t *name_of(const char *name, size_t max)
{
    char utf8[2 * RY_SYMBOL_BYTES];
    size_t n = 0;
    for (size_t i = 0; i < max && name[i] != 0; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c >= 0x80)
            utf8[n++] = (char)(0xc0 | c >> 6);
        utf8[n++] = (char)(c < 0x80 ? c : 0x80 | (c & 0x3f));
    }
    return json_stringn(utf8, n);
}

static json_t *agent_of(const struct ry_results *r, uint16_t number)
{
    return number < r->agents ? name_of(r->agent[number].name, RY_NAME_BYTES) : json_null();
}

static json_t *symbol_of(const struct ry_results *r, uint16_t number)
{
    return number < r->instruments ? name_of(r->instrument[number].symbol, RY_SYMBOL_BYTES)
                                   : json_null();
}

static json_t *decimal_of(__int128 value, unsigned scale)
{
    char text[64], *at = text + sizeof text;
    bool negative = value < 0;
    unsigned __int128 left = negative ? -(unsigned __int128)value : (unsigned __int128)value;
    *--at = 0;
    for (unsigned i = 0; i <= scale || left > 0; i++) {
        if (i == scale && scale > 0)
            *--at = '.';
        *--at = (char)('0' + (int)(left % 10));
        left /= 10;
    }
    if (negative)
        *--at = '-';
    return json_string(at);
}

static json_t *id_of(const struct ry_battle_id *id)
{
    char text[2 * RY_BATTLE_ID_BYTES + 1];
    for (unsigned i = 0; i < RY_BATTLE_ID_BYTES; i++)
        snprintf(text + (size_t)2 * i, 3, "%02x", id->byte[i]);
    return json_string(text);
}

static json_t *word_of(enum ry_results_type type, uint8_t number)
{
    const char *word = ry_text_row_word(type, number);
    return word != NULL ? json_string(word) : json_null();
}

/* An integer where every reader holds it exactly, else a string. */
static json_t *integer_of(__int128 value)
{
    return value >= -RY_RESULTS_INTEGER_MAX && value <= RY_RESULTS_INTEGER_MAX
               ? json_integer((json_int_t)value)
               : decimal_of(value, 0);
}

static json_t *list_of(const struct ry_results_i64s *list)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < list->count; i++)
        json_array_append_new(array, decimal_of(list->value[i], 0));
    return array;
}

static json_t *price_of(const struct ry_results *r, const struct ry_results_row *row, int64_t price)
{
    if (price == RY_RESULTS_NO_PRICE)
        return json_null();
    return decimal_of(price, r->instrument[instrument_of(row)].price_scale);
}

static json_t *value_of(const struct ry_results *r, const struct ry_results_row *row,
                        const struct ry_results_column *column)
{
    const void *at = ry_results_row_at(row, column);
    switch (column->type) {
    case RY_RESULTS_TYPE_TEXT: return json_string(*(const char *const *)at);
    case RY_RESULTS_TYPE_ID: return id_of(at);
    case RY_RESULTS_TYPE_COUNT: return integer_of(*(const uint64_t *)at);
    case RY_RESULTS_TYPE_LOTS: return integer_of(*(const int64_t *)at);
    case RY_RESULTS_TYPE_U64:
        return column->nullable && *(const uint64_t *)at == 0
                   ? json_null()
                   : decimal_of(*(const uint64_t *)at, 0);
    case RY_RESULTS_TYPE_I64S: return list_of(at);
    case RY_RESULTS_TYPE_MONEY: return decimal_of(*(const __int128 *)at, 6);
    case RY_RESULTS_TYPE_PRICE: return price_of(r, row, *(const int64_t *)at);
    case RY_RESULTS_TYPE_BOOL: return json_boolean(*(const bool *)at);
    case RY_RESULTS_TYPE_AGENT: return agent_of(r, *(const uint16_t *)at);
    case RY_RESULTS_TYPE_INSTRUMENT: return symbol_of(r, *(const uint16_t *)at);
    case RY_RESULTS_TYPE_SIDE:
    case RY_RESULTS_TYPE_LIQUIDITY:
    case RY_RESULTS_TYPE_CAUSE:
    case RY_RESULTS_TYPE_REJECT:
    case RY_RESULTS_TYPE_CANCEL:
    case RY_RESULTS_TYPE_INCOMPLETE:
    case RY_RESULTS_TYPE_OUT: return word_of(column->type, *(const uint8_t *)at);
    case RY_RESULTS_TYPE_TIME: /* two members */
    case RY_RESULTS_TYPES: break;
    }
    ck_abort_msg("no type");
}

static json_t *moment_of(int64_t ns)
{
    char text[64];
    struct tm fields;
    int64_t part = ns % RY_NS_PER_SECOND;
    time_t seconds = (time_t)(ns / RY_NS_PER_SECOND);
    if (part < 0) {
        part += RY_NS_PER_SECOND;
        seconds--;
    }
    gmtime_r(&seconds, &fields);
    size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &fields);
    snprintf(text + n, sizeof text - n, ".%09" PRId64 "Z", part);
    return json_string(text);
}

static void set_time(json_t *object, const char *name, int64_t time)
{
    char name_ns[64];
    bool never = time == RY_TIME_NEVER;
    snprintf(name_ns, sizeof name_ns, "%s_ns", name);
    json_object_set_new(object, name_ns, never ? json_null() : decimal_of(time, 0));
    json_object_set_new(object, name, never ? json_null() : moment_of(time));
}

static void set_columns(json_t *object, const struct ry_results *r,
                        const struct ry_results_row_about *about, const struct ry_results_row *row)
{
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        const void *at = ry_results_row_at(row, column);
        if (column->type == RY_RESULTS_TYPE_TEXT && *(const char *const *)at == NULL)
            continue;
        if (column->type == RY_RESULTS_TYPE_TIME)
            set_time(object, column->name, *(const int64_t *)at);
        else
            ck_assert_int_eq(json_object_set_new(object, column->name, value_of(r, row, column)),
                             0);
    }
}

json_t *ry_test_row_model(const struct ry_results *r, const struct ry_results_row *row)
{
    const struct ry_results_row_about *about = &ry_results_rows[row->kind];
    json_t *object = json_object();
    json_object_set_new(object, "type", json_string(about->name));
    set_columns(object, r, &ry_results_key_about, row);
    set_columns(object, r, about, row);
    return object;
}

json_t *ry_test_row_read(const struct ry_results *r, const struct ry_results_row *row)
{
    char text[RY_TEXT_ROW_BYTES];
    size_t bytes = ry_text_row_json(text, r, row);
    json_error_t error;
    json_t *value = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(value != NULL, "%s: %.*s", error.text, (int)bytes, text);
    return value;
}
