#include "tools/text/row_schema.h"

#include <stdio.h>
#include <string.h>

#include "core/results/rows.h"
#include "tools/text/json.h"
#include "tools/text/row_codes.h"

#define DRAFT    "https://json-schema.org/draft/2020-12/schema"
#define MOMENT   "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{9}Z$"
#define UNSIGNED "^(0|[1-9][0-9]*)$"
#define SIGNED   "^(0|-?[1-9][0-9]*)$"

static json_t *of_pattern(const char *pattern)
{
    return ry_text_json_whole(json_pack("{s:s, s:s}", "type", "string", "pattern", pattern));
}

static json_t *of_range(json_int_t least, json_int_t most)
{
    return ry_text_json_whole(
        json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", least, "maximum", most));
}

static json_t *of_words(enum ry_results_type type)
{
    json_t *words = ry_text_json_whole(json_array());
    for (unsigned i = 1; i < ry_text_row_words(type); i++)
        ry_text_json_add(words, json_string(ry_text_row_word(type, i)));
    return ry_text_json_whole(json_pack("{s:s, s:o}", "type", "string", "enum", words));
}

static json_t *of_list(void)
{
    return ry_text_json_whole(json_pack("{s:s, s:i, s:o}", "type", "array", "maxItems",
                                        RY_FEATURES_MAX, "items", of_pattern(SIGNED)));
}

static json_t *of_name(unsigned bytes)
{
    return ry_text_json_whole(
        json_pack("{s:s, s:i}", "type", "string", "maxLength", (int)bytes - 1));
}

static json_t *of_type(enum ry_results_type type)
{
    switch (type) {
    case RY_RESULTS_TYPE_TEXT: return of_name(RY_RESULTS_TEXT_BYTES);
    case RY_RESULTS_TYPE_ID: return of_pattern("^[0-9a-f]{32}$");
    case RY_RESULTS_TYPE_COUNT: return of_range(0, RY_RESULTS_INTEGER_MAX);
    case RY_RESULTS_TYPE_LOTS: return of_range(-RY_RESULTS_INTEGER_MAX, RY_RESULTS_INTEGER_MAX);
    case RY_RESULTS_TYPE_U64: return of_pattern(UNSIGNED);
    case RY_RESULTS_TYPE_I64S: return of_list();
    case RY_RESULTS_TYPE_MONEY: return of_pattern("^-?(0|[1-9][0-9]*)\\.[0-9]{6}$");
    case RY_RESULTS_TYPE_PRICE: return of_pattern("^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$");
    case RY_RESULTS_TYPE_BOOL: return ry_text_json_whole(json_pack("{s:s}", "type", "boolean"));
    case RY_RESULTS_TYPE_AGENT: return of_name(RY_NAME_BYTES);
    case RY_RESULTS_TYPE_INSTRUMENT: return of_name(RY_SYMBOL_BYTES);
    case RY_RESULTS_TYPE_TIME: return of_pattern(MOMENT); /* NAME; NAME_ns is SIGNED */
    case RY_RESULTS_TYPE_SIDE:
    case RY_RESULTS_TYPE_LIQUIDITY:
    case RY_RESULTS_TYPE_CAUSE:
    case RY_RESULTS_TYPE_REJECT:
    case RY_RESULTS_TYPE_CANCEL:
    case RY_RESULTS_TYPE_INCOMPLETE:
    case RY_RESULTS_TYPE_OUT:
    case RY_RESULTS_TYPES: break;
    }
    return of_words(type);
}

static void allow_null(json_t *schema)
{
    ry_text_json_set(schema, "type", json_pack("[O, s]", json_object_get(schema, "type"), "null"));
    if (json_object_get(schema, "enum") != NULL)
        ry_text_json_add(json_object_get(schema, "enum"), json_null());
}

/* A member that is always there. */
static void set_member(json_t *properties, json_t *required, const char *name, json_t *schema)
{
    ry_text_json_set(properties, name, schema);
    ry_text_json_add(required, json_string(name));
}

static void set_columns(json_t *properties, json_t *required,
                        const struct ry_results_row_about *about)
{
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        json_t *schema = of_type(column->type);
        char name_ns[64], text[256];
        snprintf(text, sizeof text, "%s%s%s", column->sentence, column->unit[0] != 0 ? "; in " : "",
                 column->unit);
        if (column->type == RY_RESULTS_TYPE_TIME) {
            snprintf(name_ns, sizeof name_ns, "%s_ns", column->name);
            set_member(properties, required, name_ns, of_pattern(SIGNED));
        } else {
            ry_text_json_set(schema, "description", json_string(text));
        }
        if (column->nullable)
            allow_null(schema);
        if (column->type == RY_RESULTS_TYPE_TEXT)
            ry_text_json_set(properties, column->name, schema);
        else
            set_member(properties, required, column->name, schema);
    }
}

static json_t *of_row(const struct ry_results_row_about *about)
{
    json_t *properties = ry_text_json_whole(json_object());
    json_t *required = ry_text_json_whole(json_array());
    set_member(properties, required, "type", json_pack("{s:s}", "const", about->name));
    set_columns(properties, required, &ry_results_key_about);
    set_columns(properties, required, about);
    return ry_text_json_whole(json_pack("{s:s, s:s, s:o, s:o, s:b}", "description", about->sentence,
                                        "type", "object", "properties", properties, "required",
                                        required, "additionalProperties", 0));
}

json_t *ry_text_row_schema(void)
{
    json_t *rows = ry_text_json_whole(json_object()), *any = ry_text_json_whole(json_array());
    char title[64], reference[64];
    for (unsigned i = 0; i < RY_RESULTS_ROWS; i++) {
        ry_text_json_set(rows, ry_results_rows[i].name, of_row(&ry_results_rows[i]));
        snprintf(reference, sizeof reference, "#/$defs/%s", ry_results_rows[i].name);
        ry_text_json_add(any, json_pack("{s:s}", "$ref", reference));
    }
    snprintf(title, sizeof title, "Rows of royale, format %d", RY_RESULTS_ROWS_FORMAT);
    return ry_text_json_whole(json_pack("{s:s, s:s, s:o, s:o}", "$schema", DRAFT, "title", title,
                                        "oneOf", any, "$defs", rows));
}
