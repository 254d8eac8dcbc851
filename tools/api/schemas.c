#include "tools/api/schemas.h"

#include <stdio.h>
#include <string.h>

#include "tools/text/json.h"
#include "tools/text/row_schema.h"

#define DIGITS      "^(0|-?[1-9][0-9]*)$"
#define UNSIGNED    "^(0|[1-9][0-9]*)$"
#define MONEY       "^-?(0|[1-9][0-9]*)\\.[0-9]{6}$"
#define PRICE       "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$"
#define ID          "^[0-9a-f]{32}$"
#define MOMENT      "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{9}Z$"
#define REFERENCE   "#/components/schemas/"
#define TEXT_BYTES  512
#define MEMBER_TEXT 64

#define RY_API_OBJECT(id, name, sentence) static const struct ry_api_member members_##id[] = {
#define RY_API_MEMBER(id, name, kind, of, sentence)                                                \
    {name, RY_API_##kind, of, false, false, sentence},
#define RY_API_NULL(id, name, kind, of, sentence)  {name, RY_API_##kind, of, true, false, sentence},
#define RY_API_MAYBE(id, name, kind, of, sentence) {name, RY_API_##kind, of, true, true, sentence},
#define RY_API_OBJECT_END(id)                                                                      \
    }                                                                                              \
    ;
#include "tools/api/schemas.def"

static const struct ry_api_object table[] = {
#define RY_API_OBJECT(id, name, sentence)                                                          \
    {name, sentence, members_##id, sizeof members_##id / sizeof *members_##id},
#include "tools/api/schemas.def"
};

unsigned ry_api_objects(const struct ry_api_object **objects)
{
    *objects = table;
    return sizeof table / sizeof *table;
}

/* ---- in words -------------------------------------------------------------------------------- */

static const char *const words[] = {
    [RY_API_MONEY] = "money",
    [RY_API_PRICE] = "price",
    [RY_API_COUNT] = "count",
    [RY_API_WHOLE] = "integer",
    [RY_API_I64] = "decimal string",
    [RY_API_U64] = "decimal string",
    [RY_API_TEXT] = "text",
    [RY_API_ID] = "32 hexadecimal digits",
    [RY_API_BOOL] = "true or false",
    [RY_API_MOMENT] = "moment",
    [RY_API_REF] = "",
    [RY_API_LIST] = "list of ",
    [RY_API_MAP] = "by name: ",
    [RY_API_ANY] = "object",
    [RY_API_LEVELS] = "list of [price, count]",
    [RY_API_LIST_TEXT] = "list of text",
    [RY_API_LIST_I64] = "list of decimal strings",
    [RY_API_LIST_INTEGER] = "list of integers or nulls",
    [RY_API_LIST_BOOL] = "list of true or false",
    [RY_API_MAP_TEXT] = "by name: text",
    [RY_API_MAP_COUNT] = "by name: count",
    [RY_API_MAP_INTEGER] = "by name: integer",
    [RY_API_MAP_MONEY] = "by name: money",
    [RY_API_MAP_LIST_TEXT] = "by name: list of text",
    [RY_API_MAP_MAP] = "by name: by name: count or text",
};

const char *ry_api_member_type(char text[64], const struct ry_api_member *member)
{
    snprintf(text, MEMBER_TEXT, "%s%s%s", words[member->kind], member->of != NULL ? member->of : "",
             member->optional   ? ", absent or null"
             : member->nullable ? " or null"
                                : "");
    return text;
}

/* ---- as JSON Schema -------------------------------------------------------------------------- */

static json_t *of_type(const char *type)
{
    return ry_text_json_whole(json_pack("{s:s}", "type", type));
}

static json_t *of_pattern(const char *pattern)
{
    return ry_text_json_whole(json_pack("{s:s, s:s}", "type", "string", "pattern", pattern));
}

/* An integer, or beyond 2^53 - 1 a decimal string. */
static json_t *of_integer(bool is_signed)
{
    return ry_text_json_whole(json_pack("{s:[s,s], s:I, s:s}", "type", "integer", "string",
                                        "minimum", is_signed ? (json_int_t)INT64_MIN : 0, "pattern",
                                        is_signed ? DIGITS : UNSIGNED));
}

static json_t *of_object(const char *name)
{
    char reference[TEXT_BYTES];
    snprintf(reference, sizeof reference, REFERENCE "%.128s", name);
    return ry_text_json_whole(json_pack("{s:s}", "$ref", reference));
}

static json_t *list_of(json_t *items)
{
    return ry_text_json_whole(json_pack("{s:s, s:o}", "type", "array", "items", items));
}

static json_t *map_of(json_t *values)
{
    return ry_text_json_whole(
        json_pack("{s:s, s:o}", "type", "object", "additionalProperties", values));
}

static json_t *of_levels(void)
{
    json_t *pair = ry_text_json_whole(json_pack("{s:s, s:[o,o], s:i, s:i}", "type", "array",
                                                "prefixItems", of_pattern(PRICE), of_integer(false),
                                                "minItems", 2, "maxItems", 2));
    return list_of(pair);
}

static json_t *of_member(const struct ry_api_member *member)
{
    switch (member->kind) {
    case RY_API_MONEY: return of_pattern(MONEY);
    case RY_API_PRICE: return of_pattern(PRICE);
    case RY_API_COUNT: return of_integer(false);
    case RY_API_WHOLE: return of_integer(true);
    case RY_API_I64: return of_pattern(DIGITS);
    case RY_API_U64: return of_pattern(UNSIGNED);
    case RY_API_TEXT: return of_type("string");
    case RY_API_ID: return of_pattern(ID);
    case RY_API_BOOL: return of_type("boolean");
    case RY_API_MOMENT: return of_pattern(MOMENT);
    case RY_API_REF: return of_object(member->of);
    case RY_API_LIST: return list_of(of_object(member->of));
    case RY_API_MAP: return map_of(of_object(member->of));
    case RY_API_ANY: return of_type("object");
    case RY_API_LEVELS: return of_levels();
    case RY_API_LIST_TEXT: return list_of(of_type("string"));
    case RY_API_LIST_I64: return list_of(of_pattern(DIGITS));
    case RY_API_LIST_INTEGER:
        return list_of(ry_text_json_whole(json_pack("{s:[s,s]}", "type", "integer", "null")));
    case RY_API_LIST_BOOL:
        return list_of(ry_text_json_whole(json_pack("{s:[s,s]}", "type", "boolean", "null")));
    case RY_API_MAP_TEXT: return map_of(of_type("string"));
    case RY_API_MAP_COUNT: return map_of(of_integer(false));
    case RY_API_MAP_INTEGER: return map_of(of_integer(true));
    case RY_API_MAP_MONEY: return map_of(of_pattern(MONEY));
    case RY_API_MAP_LIST_TEXT: return map_of(list_of(of_type("string")));
    case RY_API_MAP_MAP:
        return map_of(
            map_of(ry_text_json_whole(json_pack("{s:[s,s]}", "type", "integer", "string"))));
    }
    return of_type("object");
}

static json_t *or_null(json_t *schema)
{
    json_t *type = json_object_get(schema, "type");
    if (type == NULL)
        return ry_text_json_whole(json_pack("{s:[o,o]}", "oneOf", schema, of_type("null")));
    if (json_is_array(type))
        ry_text_json_add(type, json_string("null"));
    else
        ry_text_json_set(schema, "type", json_pack("[O,s]", type, "null"));
    return schema;
}

static void set_member(json_t *properties, json_t *required, const struct ry_api_member *member,
                       const char *name, json_t *schema)
{
    /* A moment is null where there is none. */
    if (member->nullable || member->kind == RY_API_MOMENT)
        schema = or_null(schema);
    if (json_object_get(schema, "$ref") == NULL)
        ry_text_json_set(schema, "description", json_string(member->sentence));
    ry_text_json_set(properties, name, schema);
    if (!member->optional)
        ry_text_json_add(required, json_string(name));
}

static json_t *of_table(const struct ry_api_object *object)
{
    json_t *properties = ry_text_json_whole(json_object());
    json_t *required = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < object->members; i++) {
        const struct ry_api_member *member = &object->member[i];
        char name_ns[TEXT_BYTES];
        set_member(properties, required, member, member->name, of_member(member));
        if (member->kind != RY_API_MOMENT)
            continue;
        snprintf(name_ns, sizeof name_ns, "%s_ns", member->name);
        set_member(properties, required, member, name_ns, of_pattern(DIGITS));
    }
    return ry_text_json_whole(
        json_pack("{s:s, s:s, s:o, s:o, s:b}", "description", object->sentence, "type", "object",
                  "properties", properties, "required", required, "additionalProperties", 0));
}

/* The rows' own schema, each sort a schema of its own: Row.fill. */
static void set_rows(json_t *schemas)
{
    char name[TEXT_BYTES];
    const char *sort;
    json_t *of_sort, *rows = ry_text_row_schema(), *any = ry_text_json_whole(json_array());
    json_object_foreach(json_object_get(rows, "$defs"), sort, of_sort)
    {
        snprintf(name, sizeof name, "Row.%.64s", sort);
        ry_text_json_set(schemas, name, json_incref(of_sort));
        ry_text_json_add(any, of_object(name));
    }
    ry_text_json_set(
        schemas, "Row",
        json_pack("{s:s, s:o}", "description", "a row: docs/RECORDS.md", "oneOf", any));
    json_decref(rows);
}

void ry_api_schemas(json_t *schemas)
{
    for (unsigned i = 0; i < sizeof table / sizeof *table; i++)
        ry_text_json_set(schemas, table[i].name, of_table(&table[i]));
    set_rows(schemas);
}
