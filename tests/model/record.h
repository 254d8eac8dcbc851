/* What model_record.c, model_exec.c and model_tape.c share. */
#ifndef RY_TESTS_MODEL_RECORD_H
#define RY_TESTS_MODEL_RECORD_H

#include "tests/model/internal.h"

void ry_model_exec(struct ry_model *model, const struct ry_input *input);

/* It is the last recorded trade now, and counts as volume and turnover. */
void ry_model_record_trade(struct ry_model *model, uint16_t instrument, uint64_t match,
                           int64_t price, uint32_t qty);
/* The same from an EXEC or AUCTION of `order`, if it says that it was printed. */
void ry_model_record_printed(struct ry_model *model, const struct ry_input *input,
                             const struct ry_model_order *order);
void ry_model_broken(struct ry_model *model, const struct ry_input *input);

#endif
