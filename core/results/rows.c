#include "core/results/rows.h"

#define ALWAYS   false
#define NULLABLE true

static const struct ry_results_column key_columns[] = {
#define RY_KEY(tag, column, type, unit, sentence)                                                  \
    {tag,                                                                                          \
     #column,                                                                                      \
     RY_RESULTS_TYPE_##type,                                                                       \
     ALWAYS,                                                                                       \
     unit,                                                                                         \
     sentence,                                                                                     \
     offsetof(struct ry_results_row, key.column)},
#include "core/results/rows.def"
};

const struct ry_results_row_about ry_results_key_about = {
    0, "key", "What every row begins with", key_columns, sizeof key_columns / sizeof *key_columns};

/* columns_fill[] and so on. */
#define RY_ROW(tag, id, row, sentence) static const struct ry_results_column columns_##row[] = {
#define RY_COLUMN(row, tag, column, type, nulls, unit, sentence)                                   \
    {tag,                                                                                          \
     #column,                                                                                      \
     RY_RESULTS_TYPE_##type,                                                                       \
     nulls,                                                                                        \
     unit,                                                                                         \
     sentence,                                                                                     \
     offsetof(struct ry_results_row, row.column)},
#define RY_ROW_END(row)                                                                            \
    }                                                                                              \
    ;
#include "core/results/rows.def"

const struct ry_results_row_about ry_results_rows[RY_RESULTS_ROWS] = {
#define RY_ROW(tag, id, row, sentence)                                                             \
    {tag, #row, sentence, columns_##row, sizeof columns_##row / sizeof *columns_##row},
#include "core/results/rows.def"
};

const struct ry_results_type_about ry_results_types[RY_RESULTS_TYPES] = {
#define RY_TYPE(type, c_type, sentence) {#type, sentence},
#include "core/results/rows.def"
};
