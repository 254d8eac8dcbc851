/*
 * Rows as tables of ClickHouse: one table for each row of core/results/rows.def, and one for lines
 * of JSON, out of which a view for each row fills its table.
 */
#ifndef RY_TOOLS_TEXT_ROW_CLICKHOUSE_H
#define RY_TOOLS_TEXT_ROW_CLICKHOUSE_H

#include <stdio.h>

void ry_text_row_clickhouse(FILE *out);

#endif
