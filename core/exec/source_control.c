#include "core/exec/source_control.h"

_Static_assert(RY_AGENTS_MAX <= 64, "one bit for each agent");

static bool understood(struct ry_exec_control_source *control, const struct ry_control *said)
{
    switch (said->kind) {
    case RY_CONTROL_STOP: control->stop = true; return true;
    case RY_CONTROL_FEED_DIED:
        if (said->index >= RY_FEEDS_MAX)
            return false;
        control->feeds_died |= 1u << said->index;
        return true;
    case RY_CONTROL_AGENT_DIED:
        if (said->index >= control->agents)
            return false;
        control->agents_died |= UINT64_C(1) << said->index;
        if (said->how != RY_DIED_ITSELF)
            control->agents_died_outside |= UINT64_C(1) << said->index;
        return true;
    default: return false;
    }
}

void ry_exec_control_source_poll(struct ry_exec_control_source *control)
{
    union {
        struct ry_control said;
        uint64_t word[RY_RING_RECORD_BYTES_MAX / 8];
    } copy;
    const uint64_t before = ry_ring_next(&control->ring);
    int slots;
    while ((slots = ry_ring_read(&control->ring, &copy)) != RY_RING_EMPTY)
        if (slots != 1 || !understood(control, &copy.said))
            ++*control->invalid;
    if (ry_ring_next(&control->ring) != before)
        ry_ring_position_store(control->position, ry_ring_next(&control->ring));
}
