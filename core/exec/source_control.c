#include "core/exec/source_control.h"

_Static_assert(RY_AGENTS_MAX <= 64, "one bit for each agent");

static void set_key(struct ry_control_source *control)
{
    struct ry_merge_source *source = &control->source;
    source->ready = control->first < control->count;
    if (!source->ready) {
        source->key = ry_key_never(RY_SOURCE_CONTROL);
        return;
    }
    const struct ry_input *record = &control->record[control->first];
    source->next = (const union ry_input_any *)record;
    source->key = (struct ry_key){
        .time = record->head.time,
        .tie = ry_key_tie(control->seed, record->head.time, RY_SOURCE_CONTROL),
        .source_seq = record->head.source_seq,
        .source = RY_SOURCE_CONTROL,
    };
}

static bool agent_died(struct ry_control_source *control, uint16_t agent)
{
    if (agent >= control->agents)
        return false;
    if (control->dead & UINT64_C(1) << agent)
        return true; /* nobody dies twice */
    control->dead |= UINT64_C(1) << agent;
    control->record[control->count++] = (struct ry_input){
        .head = {.kind = RY_IN_AGENT_DIED,
                 .slots = 1,
                 .source = RY_SOURCE_CONTROL,
                 .time = control->present,
                 .source_seq = ++control->seq},
        .qty = agent,
    };
    return true;
}

static bool understood(struct ry_control_source *control, const struct ry_control *said)
{
    switch (said->kind) {
    case RY_CONTROL_STOP: control->stop = true; return true;
    case RY_CONTROL_FEED_DIED:
        if (said->index >= RY_FEEDS_MAX)
            return false;
        control->feeds_died |= 1u << said->index;
        return true;
    case RY_CONTROL_AGENT_DIED: return agent_died(control, said->index);
    default: return false;
    }
}

static void poll_control(struct ry_merge_source *source)
{
    struct ry_control_source *control = source->context;
    union {
        struct ry_control said;
        uint64_t word[RY_RING_RECORD_BYTES_MAX / 8];
    } copy;
    int slots;
    bool any = false;
    while ((slots = ry_ring_read(&control->ring, &copy)) != RY_RING_EMPTY) {
        any = true;
        if (slots != 1 || !understood(control, &copy.said))
            ++*control->invalid;
    }
    if (!any)
        return;
    ry_ring_position_store(control->position, ry_ring_next(&control->ring));
    set_key(control);
}

static void advance_control(struct ry_merge_source *source)
{
    struct ry_control_source *control = source->context;
    control->first++;
    set_key(control);
}

void ry_control_source_start(struct ry_control_source *control)
{
    control->source = (struct ry_merge_source){
        .context = control,
        .advance = advance_control,
        .poll = poll_control,
    };
    set_key(control);
}
