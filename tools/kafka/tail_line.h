/*
 * Rows for `royale tail --kafka`: which ones are shown, and how each looks as a line.
 */
#ifndef RY_TOOLS_KAFKA_TAIL_LINE_H
#define RY_TOOLS_KAFKA_TAIL_LINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "tools/text/row_filter.h"

struct ry_kafka_tail_filter {
    const char *battle; /* what the battle's id begins with; NULL: any */
    struct ry_text_row_filter rows;
};

/* `row` is as ry_kafka_decode gives it. */
bool ry_kafka_tail_shows(const struct ry_kafka_tail_filter *filter, json_t *row);

/*
 * "2026-01-05T14:30:02.000150000Z fra1 0c57f2d1 fill instrument=RYA price=20.0500 qty=100 ..": the
 * moment, the appliance if it says one, the first eight digits of the battle's id, the type, then
 * every other column in its order, null as "-". What could move a cursor is written over.
 */
void ry_kafka_tail_line(FILE *out, json_t *row);

#endif
