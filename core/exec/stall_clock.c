#include "core/exec/stall_clock.h"

int64_t ry_exec_stall_clock_look(struct ry_exec_stall_clock *clock, const struct ry_exec_wait *wait,
                                 int64_t now_ns)
{
    const int64_t since = now_ns - clock->looked_ns;
    clock->looked_ns = now_ns;
    if (!ry_exec_wait_equal(&clock->wait, wait)) {
        clock->wait = *wait;
        clock->waited_ns = 0;
        return 0;
    }
    clock->waited_ns += since < RY_EXEC_STALL_LOOK_NS_MAX ? since : RY_EXEC_STALL_LOOK_NS_MAX;
    return clock->waited_ns;
}

void ry_exec_stall_clock_restart(struct ry_exec_stall_clock *clock)
{
    clock->wait = (struct ry_exec_wait){.why = RY_EXEC_WAIT_NOTHING};
}
