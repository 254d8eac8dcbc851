#include "core/exec/counters.h"

static const struct ry_counter counters[] = {
#define RY_COUNTER RY_COUNTER_ROW
#include "core/exec/counters.def"
/* and behind them: */
#include "core/arena/counters.def"
#undef RY_COUNTER
};

const struct ry_counter_table ry_exec_counter_table = {counters, RY_EXEC_COUNTERS};
