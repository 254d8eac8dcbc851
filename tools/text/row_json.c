#include "tools/text/row_json.h"

#include <assert.h>
#include <stdio.h>

#include "tools/text/json.h"
#include "tools/text/row_codes.h"

const char *ry_text_row_id(char text[RY_TEXT_ID_BYTES], const struct ry_battle_id *id)
{
    for (unsigned i = 0; i < RY_BATTLE_ID_BYTES; i++)
        snprintf(text + (size_t)2 * i, 3, "%02x", id->byte[i]);
    return text;
}

json_t *ry_text_row_id_json(const struct ry_battle_id *id)
{
    char text[RY_TEXT_ID_BYTES];
    return json_string(ry_text_row_id(text, id));
}

/* ---- values ---------------------------------------------------------------------------------- */

static json_t *agent_of(const struct ry_results *r, uint16_t agent)
{
    return agent < r->agents ? ry_text_json_string(r->agent[agent].name, RY_NAME_BYTES)
                             : json_null();
}

static json_t *instrument_of(const struct ry_results *r, uint16_t instrument)
{
    return instrument < r->instruments
               ? ry_text_json_string(r->instrument[instrument].symbol, RY_SYMBOL_BYTES)
               : json_null();
}

static json_t *list_of(const struct ry_results_i64s *list)
{
    json_t *array = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < list->count; i++)
        ry_text_json_add(array, ry_text_json_i64(list->value[i]));
    return array;
}

static json_t *word_of(enum ry_results_type type, uint8_t number)
{
    const char *word = ry_text_row_word(type, number);
    return word != NULL ? json_string(word) : json_null();
}

/* The price unit of the row's instrument; a row with a price has one. */
static json_t *price_of(const struct ry_results *r, const struct ry_results_row_about *about,
                        const struct ry_results_row *row, int64_t price)
{
    if (price == RY_RESULTS_NO_PRICE)
        return json_null();
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        if (column->type != RY_RESULTS_TYPE_INSTRUMENT)
            continue;
        uint16_t instrument = *(const uint16_t *)ry_results_row_at(row, column);
        assert(instrument < r->instruments);
        return ry_text_json_decimal(price, r->instrument[instrument].price_scale);
    }
    return json_null();
}

static json_t *value_of(const struct ry_results *r, const struct ry_results_row_about *about,
                        const struct ry_results_row *row, const struct ry_results_column *column)
{
    const void *at = ry_results_row_at(row, column);
    switch (column->type) {
    case RY_RESULTS_TYPE_ID: return ry_text_row_id_json(at);
    case RY_RESULTS_TYPE_COUNT: return ry_text_json_count(*(const uint64_t *)at);
    case RY_RESULTS_TYPE_LOTS: return ry_text_json_integer(*(const int64_t *)at);
    case RY_RESULTS_TYPE_U64:
        return column->nullable && *(const uint64_t *)at == 0
                   ? json_null()
                   : ry_text_json_u64(*(const uint64_t *)at);
    case RY_RESULTS_TYPE_I64S: return list_of(at);
    case RY_RESULTS_TYPE_MONEY: return ry_text_json_money(*(const __int128 *)at);
    case RY_RESULTS_TYPE_PRICE: return price_of(r, about, row, *(const int64_t *)at);
    case RY_RESULTS_TYPE_BOOL: return json_boolean(*(const bool *)at);
    case RY_RESULTS_TYPE_AGENT: return agent_of(r, *(const uint16_t *)at);
    case RY_RESULTS_TYPE_INSTRUMENT: return instrument_of(r, *(const uint16_t *)at);
    case RY_RESULTS_TYPE_SIDE:
    case RY_RESULTS_TYPE_LIQUIDITY:
    case RY_RESULTS_TYPE_CAUSE:
    case RY_RESULTS_TYPE_REJECT:
    case RY_RESULTS_TYPE_CANCEL:
    case RY_RESULTS_TYPE_INCOMPLETE:
    case RY_RESULTS_TYPE_OUT: return word_of(column->type, *(const uint8_t *)at);
    case RY_RESULTS_TYPE_TIME: /* two members: set_columns */
    case RY_RESULTS_TYPES: break;
    }
    assert(false);
    return json_null();
}

static void set_columns(json_t *object, const struct ry_results *r,
                        const struct ry_results_row_about *about, const struct ry_results_row *row)
{
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        if (column->type == RY_RESULTS_TYPE_TIME)
            ry_text_json_set_time(object, column->name,
                                  *(const int64_t *)ry_results_row_at(row, column));
        else
            ry_text_json_set(object, column->name, value_of(r, about, row, column));
    }
}

json_t *ry_text_row_json(const struct ry_results *r, const struct ry_results_row *row)
{
    const struct ry_results_row_about *about = &ry_results_rows[row->kind];
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "type", json_string(about->name));
    set_columns(object, r, &ry_results_key_about, row);
    set_columns(object, r, about, row);
    return object;
}
