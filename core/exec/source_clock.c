#include "core/exec/source_clock.h"

static void next_is(struct ry_exec_clock_source *clock, enum ry_input_kind kind, uint16_t flags,
                    int64_t time, uint64_t tie)
{
    struct ry_exec_merge_source *source = &clock->source;
    source->ready = true;
    source->key.time = time;
    source->key.tie = tie;
    source->key.source_seq = clock->seq + 1;
    clock->record.head.kind = (uint8_t)kind;
    clock->record.head.flags = flags;
    clock->record.head.time = time;
    clock->record.head.source_seq = clock->seq + 1;
}

static void set_key(struct ry_exec_clock_source *clock)
{
    int64_t end = clock->feeds_ended || clock->decided ? clock->present : clock->trade_to;
    int64_t moment = clock->moment < clock->present ? clock->present : clock->moment;
    if (clock->stop) {
        next_is(clock, RY_IN_END, RY_INF_WALL, clock->floor, RY_EXEC_TIE_FIRST);
    } else if (moment != RY_TIME_NEVER && moment <= end) {
        next_is(clock, RY_IN_TIME, 0, moment, RY_EXEC_TIE_FIRST);
    } else if (end != RY_TIME_NEVER) {
        next_is(clock, RY_IN_END, 0, end, RY_EXEC_TIE_LAST);
    } else {
        clock->source.ready = false;
        clock->source.key = ry_exec_key_never(RY_SOURCE_CLOCK);
    }
}

static void advance_clock(struct ry_exec_merge_source *source)
{
    struct ry_exec_clock_source *clock = source->context;
    clock->seq++;
    set_key(clock);
}

/* Its news come through ry_exec_clock_source_update. */
static void poll_clock(struct ry_exec_merge_source *source)
{
    (void)source;
}

void ry_exec_clock_source_start(struct ry_exec_clock_source *clock, int64_t warmup_from,
                                int64_t trade_to)
{
    *clock = (struct ry_exec_clock_source){
        .source = {.context = clock, .advance = advance_clock, .poll = poll_clock},
        .record = {.head = {.slots = 1, .source = RY_SOURCE_CLOCK}},
        .trade_to = trade_to,
        .moment = RY_TIME_NEVER,
        .present = warmup_from,
        .floor = warmup_from,
    };
    clock->source.next = (const union ry_input_any *)&clock->record;
    set_key(clock);
}

bool ry_exec_clock_source_update(struct ry_exec_clock_source *clock, int64_t present, int64_t floor,
                                 int64_t moment)
{
    struct ry_exec_key before = clock->source.key;
    clock->present = present;
    clock->floor = floor;
    clock->moment = moment;
    set_key(clock);
    return !ry_exec_key_equal(&before, &clock->source.key);
}
