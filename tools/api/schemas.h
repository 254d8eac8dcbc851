/*
 * The answers of the API as JSON Schema, from tools/api/schemas.def.
 */
#ifndef RY_TOOLS_API_SCHEMAS_H
#define RY_TOOLS_API_SCHEMAS_H

#include <jansson.h>
#include <stdbool.h>

enum ry_api_member_kind {
    RY_API_MONEY,  /* a decimal string with six digits behind the point */
    RY_API_PRICE,  /* an exact decimal string */
    RY_API_COUNT,  /* an integer from 0; beyond 2^53 - 1 a decimal string */
    RY_API_WHOLE,  /* an integer; likewise */
    RY_API_I64,    /* a decimal string, always */
    RY_API_U64,    /* likewise, from 0 */
    RY_API_TEXT,   /* */
    RY_API_ID,     /* 32 hexadecimal digits */
    RY_API_BOOL,   /* */
    RY_API_MOMENT, /* two members: NAME_ns, a decimal string, and NAME, RFC 3339; or both null */
    RY_API_REF,    /* an object */
    RY_API_LIST,   /* of objects */
    RY_API_MAP,    /* name: object */
    RY_API_ANY,    /* any object */
    RY_API_LEVELS, /* [[price, lots], ..] */
    RY_API_LIST_TEXT,
    RY_API_LIST_I64,
    RY_API_LIST_INTEGER, /* or nulls */
    RY_API_LIST_BOOL,
    RY_API_MAP_TEXT,
    RY_API_MAP_COUNT,
    RY_API_MAP_INTEGER,
    RY_API_MAP_MONEY,
    RY_API_MAP_LIST_TEXT,
    RY_API_MAP_MAP, /* name: {name: count or text} */
};

struct ry_api_member {
    const char *name;
    enum ry_api_member_kind kind;
    const char *of; /* the object's name; NULL */
    bool nullable, optional;
    const char *sentence;
};

struct ry_api_object {
    const char *name, *sentence;
    const struct ry_api_member *member;
    unsigned members;
};

unsigned ry_api_objects(const struct ry_api_object **objects);

/* "money or null" */
const char *ry_api_member_type(char text[64], const struct ry_api_member *member);

/* Sets every schema by name in `schemas`, rows as well. */
void ry_api_schemas(json_t *schemas);

#endif
