/*
 * The values of a row (core/results/rows.def) as every format writes them: which are null, which
 * text a price has, which word a code. What a format adds is its own: quotes, tags, escapes.
 */
#ifndef RY_TOOLS_TEXT_ROW_VALUE_H
#define RY_TOOLS_TEXT_ROW_VALUE_H

#include "core/results/results.h"

enum ry_text_row_value_kind {
    RY_TEXT_ROW_LEFT_OUT = 1, /* as if the row had no such column */
    RY_TEXT_ROW_NULL,
    RY_TEXT_ROW_TEXT,    /* `text`; UTF-8, without a NUL inside */
    RY_TEXT_ROW_COUNT,   /* `count`; of RY_RESULTS_TYPE_COUNT */
    RY_TEXT_ROW_U64,     /* `count`; of RY_RESULTS_TYPE_U64 */
    RY_TEXT_ROW_INTEGER, /* `integer` */
    RY_TEXT_ROW_BOOL,    /* `truth` */
    RY_TEXT_ROW_LIST,    /* `list` */
    RY_TEXT_ROW_MOMENT,  /* `integer`, ns since the Unix epoch */
};

struct ry_text_row_value {
    enum ry_text_row_value_kind kind;
    const char *text; /* in the row, in the results, or in `room` */
    size_t bytes;
    union {
        uint64_t count;
        int64_t integer;
        bool truth;
        const struct ry_results_i64s *list;
    };
    char room[2 * RY_SYMBOL_BYTES]; /* each byte of a name may become two */
};

/* The value of `column`, one of ry_results_key_about's or of the row's own. `r` knows names and
 * price scales; value, row and results stay where they are as long as `text` is used. */
void ry_text_row_value(struct ry_text_row_value *value, const struct ry_results *r,
                       const struct ry_results_row *row, const struct ry_results_column *column);

/* 32 hexadecimal digits, and the NUL. */
#define RY_TEXT_ID_BYTES (2 * RY_BATTLE_ID_BYTES + 1)
const char *ry_text_row_id(char text[RY_TEXT_ID_BYTES], const struct ry_battle_id *id);
/* The way back; NULL is none. False: it is none, `*id` may have changed. */
bool ry_text_row_id_read(struct ry_battle_id *id, const char *text);

#endif
