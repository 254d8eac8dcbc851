/*
 * Rows: what a battle gives to other programs, one struct for each row of core/results/rows.def,
 * and the table of their columns.
 *
 * (battle_id, input, n) names a row for good: the same journal gives the same rows with the same
 * keys to whoever follows it, also to who takes only some of them.
 *
 * Null, where a column may be null: AGENT and INSTRUMENT a number that the battle does not have
 * (RY_RESULTS_NONE), SIDE and OUT 0, PRICE RY_RESULTS_NO_PRICE, U64 0. A TEXT that is NULL is left
 * out; else it should be UTF-8, and what is behind RY_RESULTS_TEXT_BYTES - 1 bytes is left out.
 */
#ifndef RY_CORE_RESULTS_ROWS_H
#define RY_CORE_RESULTS_ROWS_H

#include "core/battle/battle.h"

#define RY_RESULTS_ROWS_FORMAT 3
#define RY_RESULTS_TEXT_BYTES  64 /* of a TEXT, with its NUL */
#define RY_RESULTS_NONE        UINT16_MAX
#define RY_RESULTS_NO_PRICE    INT64_MIN
#define RY_RESULTS_INTEGER_MAX ((INT64_C(1) << 53) - 1) /* every reader of JSON has it exactly */

struct ry_results_i64s {
    uint32_t count;
    int64_t value[RY_FEATURES_MAX];
};

enum ry_results_liquidity {
    RY_RESULTS_MAKER = 1,
    RY_RESULTS_TAKER = 2,
};

enum ry_results_type {
#define RY_TYPE(type, c_type, sentence) RY_RESULTS_TYPE_##type,
#include "core/results/rows.def"
    RY_RESULTS_TYPES,
};

/* The C type of each type of column: ry_results_type_COUNT and so on. */
#define RY_TYPE(type, c_type, sentence) typedef c_type ry_results_type_##type;
#include "core/results/rows.def"

enum ry_results_row_kind {
#define RY_ROW(tag, id, row, sentence) RY_RESULTS_ROW_##id,
#include "core/results/rows.def"
    RY_RESULTS_ROWS,
};

struct ry_results_key {
#define RY_KEY(tag, column, type, unit, sentence) ry_results_type_##type column;
#include "core/results/rows.def"
};

/* struct ry_results_row_fill and so on. */
#define RY_ROW(tag, id, row, sentence)                           struct ry_results_row_##row {
#define RY_COLUMN(row, tag, column, type, nulls, unit, sentence) ry_results_type_##type column;
#define RY_ROW_END(row)                                                                            \
    }                                                                                              \
    ;
#include "core/results/rows.def"

struct ry_results_row {
    enum ry_results_row_kind kind;
    struct ry_results_key key;
    union {
#define RY_ROW(tag, id, row, sentence) struct ry_results_row_##row row;
#include "core/results/rows.def"
    };
};

struct ry_results_column {
    unsigned tag; /* its number for good, where names are not sent: Protobuf */
    const char *name;
    enum ry_results_type type;
    bool nullable;
    const char *unit, *sentence;
    size_t offset; /* in struct ry_results_row */
};

struct ry_results_row_about {
    unsigned tag; /* likewise */
    const char *name, *sentence;
    const struct ry_results_column *column;
    unsigned columns;
};

struct ry_results_type_about {
    const char *name, *sentence;
};

extern const struct ry_results_row_about ry_results_rows[RY_RESULTS_ROWS];
extern const struct ry_results_row_about ry_results_key_about; /* what every row begins with */
extern const struct ry_results_type_about ry_results_types[RY_RESULTS_TYPES];

/* The column's value in `row`, of the C type of its type. */
static inline const void *ry_results_row_at(const struct ry_results_row *row,
                                            const struct ry_results_column *column)
{
    return (const char *)row + column->offset;
}

#endif
