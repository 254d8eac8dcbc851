/* What model_record.c and model_exec.c share. */
#ifndef RY_TESTS_MODEL_RECORD_H
#define RY_TESTS_MODEL_RECORD_H

#include "tests/model/internal.h"

void ry_model_exec(struct ry_model *model, const struct ry_input *input);

/* The last recorded trade, with volume and turnover. */
void ry_model_set_last(struct ry_model *model, uint16_t instrument, int64_t price, uint32_t qty);
/* The same from an EXEC or AUCTION of `order`, if it says that it was printed. */
void ry_model_set_printed(struct ry_model *model, const struct ry_input *input,
                          const struct ry_model_order *order);

#endif
