/* How fast the battle goes. */
#include "tools/top/top.h"

#define PACE_NS RY_NS_PER_SECOND

static uint64_t per_second(uint64_t amount, uint64_t passed_ns)
{
    return (uint64_t)((unsigned __int128)amount * RY_NS_PER_SECOND / passed_ns);
}

void ry_top_measure(struct ry_top *top, int64_t now_ns)
{
    const struct ry_results *r = &top->watch->results;
    const uint64_t inputs = top->watch->follow.inputs;
    const int64_t passed = now_ns - top->pace_ns;
    if (top->view.paused) { /* the figures are the moment's, too */
        top->pace_ns = 0;
        return;
    }
    if (top->pace_ns == 0 || inputs < top->pace_inputs || r->time < top->pace_time) {
        top->pace.known = false;
        top->pace_ns = 0;
        if (top->reading)
            return;
    } else if (passed < PACE_NS) {
        return;
    } else {
        top->pace.known = true;
        top->pace.inputs_s = per_second(inputs - top->pace_inputs, (uint64_t)passed);
        top->pace.speed_tenth =
            top->pace_time == 0 ? 0
                                : (uint64_t)((__int128)(r->time - top->pace_time) * 10 / passed);
    }
    top->pace_ns = now_ns;
    top->pace_time = r->time;
    top->pace_inputs = inputs;
}
