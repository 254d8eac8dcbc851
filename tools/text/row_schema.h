/*
 * The JSON Schema (draft 2020-12) that every exported row keeps, made of core/results/rows.def.
 */
#ifndef RY_TOOLS_TEXT_ROW_SCHEMA_H
#define RY_TOOLS_TEXT_ROW_SCHEMA_H

#include <jansson.h>

json_t *ry_text_row_schema(void);

#endif
