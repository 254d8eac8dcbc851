#include "tuning/stage.h"

#define RY_TUNING_STAGE(identifier, name, title, about)                                            \
    {name, title, about, ry_tuning_stage_##identifier},
const struct ry_tuning_stage ry_tuning_stages[] = {
#include "tuning/stage.def"
};
#undef RY_TUNING_STAGE
const unsigned ry_tuning_stages_count = sizeof ry_tuning_stages / sizeof *ry_tuning_stages;
