#include "core/exec/exec.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/exec/configure.h"
#include "shm/log.h"

_Static_assert(2 * (1 + RY_INSTRUMENTS_MAX) <= RY_INPUTS_SLOTS, "the battle's records fit into the input ring");

/* Ends the battle at the present T with a reason; the first one counts. */
__attribute__((format(printf, 2, 3))) static void fail(struct ry_exec *exec, const char *format, ...)
{
    if (exec->failed)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(exec->reason, sizeof exec->reason, format, arguments);
    va_end(arguments);
    exec->failed = true;
    exec->clock.stop = true;
}

static void publish_and_apply(struct ry_exec *exec, const union ry_input_any *input)
{
    ry_publish_input(&exec->publish, input);
    ry_arena_apply(exec->arena, input, &exec->sink);
    exec->present = input->head.time;
}

static bool feeds_ended(const struct ry_exec *exec)
{
    for (unsigned i = 0; i < exec->battle->feeds; i++)
        if (!exec->feed[i].ended)
            return false;
    return exec->battle->feeds > 0;
}

static bool update_clock(struct ry_exec *exec)
{
    return ry_clock_source_update(&exec->clock, exec->present, ry_arena_next_moment(exec->arena));
}

/* ---- the start ---- */

static void start_feed(struct ry_exec *exec, const struct ry_exec_parts *parts, uint8_t index)
{
    struct ry_feed_source *feed = &exec->feed[index];
    uint64_t *const events[] = {&exec->counters.feed0_events, &exec->counters.feed1_events,
                                &exec->counters.feed2_events, &exec->counters.feed3_events};
    *feed = (struct ry_feed_source){
        .ring = parts->events[index],
        .position = &parts->positions->events[index],
        .arena = exec->arena,
        .rules = {.feed_of = exec->feed_of,
                  .instruments = exec->battle->instruments,
                  .feed = index,
                  .time = exec->battle->warmup_from},
        .seed = exec->battle->seed,
        .events = events[index],
        .invalid = &exec->counters.events_invalid,
        .log = parts->log,
        .name = exec->battle->feed[index].name,
    };
    ry_feed_source_start(feed);
    ry_merge_add(&exec->merge, &feed->source);
}

static void start_sources(struct ry_exec *exec, const struct ry_exec_parts *parts)
{
    const struct ry_battle *battle = exec->battle;
    ry_clock_source_start(&exec->clock, battle->warmup_from, battle->trade_to);
    ry_merge_add(&exec->merge, &exec->clock.source);
    exec->control = (struct ry_control_source){
        .ring = parts->control,
        .position = &parts->positions->control,
        .seed = battle->seed,
        .invalid = &exec->counters.control_invalid,
        .present = battle->warmup_from,
    };
    ry_control_source_start(&exec->control);
    ry_merge_add(&exec->merge, &exec->control.source);
    for (unsigned i = 0; i < battle->instruments; i++)
        exec->feed_of[i] = battle->instrument[i].feed;
    for (unsigned i = 0; i < battle->feeds; i++)
        start_feed(exec, parts, (uint8_t)i);
}

void ry_exec_start(struct ry_exec *exec, const struct ry_exec_parts *parts)
{
    memset(exec, 0, sizeof *exec);
    exec->battle = parts->battle;
    exec->arena = parts->arena;
    exec->publish = (struct ry_publish){
        .inputs = parts->inputs,
        .market = parts->market,
        .journal = parts->journal,
    };
    exec->sink = ry_publish_sink(&exec->publish);
    start_sources(exec, parts);
    for (unsigned i = 0; i < ry_exec_configured(exec->battle); i++) {
        union ry_input_any record;
        ry_exec_configure(exec->battle, i, &record);
        publish_and_apply(exec, &record);
    }
    update_clock(exec);
}

/* ---- the loop ---- */

static void look_at_control(struct ry_exec *exec)
{
    struct ry_control_source *control = &exec->control;
    control->present = exec->present;
    control->source.poll(&control->source);
    exec->clock.stop |= control->stop;
    for (unsigned i = 0; i < exec->battle->feeds; i++)
        exec->feed[i].died |= (control->feeds_died >> i & 1) != 0;
}

static void look_at_feeds(struct ry_exec *exec)
{
    for (unsigned i = 0; i < exec->battle->feeds; i++) {
        struct ry_feed_source *feed = &exec->feed[i];
        if (!feed->source.ready)
            feed->source.poll(&feed->source);
        if (ry_feed_source_broken(feed))
            fail(exec, feed->lapped ? "feed %s wrote over records that were not read"
                                    : "feed %s died before the end of its data", feed->name);
    }
}

static void ended(struct ry_exec *exec)
{
    exec->phase = RY_EXEC_DRAINING;
    exec->counters.input_hash = ry_arena_input_hash(exec->arena);
    exec->counters.output_hash = ry_arena_output_hash(exec->arena);
    exec->counters.book_hash = ry_arena_book_hash(exec->arena);
    exec->counters.state_hash = ry_arena_state_hash(exec->arena);
}

/* Applies records of the one source that is next, for as long as no other comes before. `*n` so far.
 * Returns whether to go on with another. */
static bool apply_run(struct ry_exec *exec, struct ry_merge_source *source, const struct ry_key *bound, unsigned *n)
{
    do {
        const union ry_input_any *input = source->next;
        if (!ry_publish_has_room(&exec->publish, input)) {
            exec->counters.input_waits += !exec->waits;
            exec->waits = true;
            return false;
        }
        exec->waits = false;
        publish_and_apply(exec, input);
        ++*n;
        if (input->head.kind == RY_IN_END) {
            ended(exec);
            return false;
        }
        source->advance(source);
        if (!source->ready)
            exec->clock.feeds_ended = feeds_ended(exec);
    } while (!update_clock(exec) && *n < RY_EXEC_STEP_INPUTS && source->ready && ry_key_before(&source->key, bound));
    return *n < RY_EXEC_STEP_INPUTS;
}

/* The source that is next has no record: looks for one. Returns whether anything is new. */
static bool wait_for(struct ry_exec *exec, struct ry_merge_source *source)
{
    struct ry_key before = source->key;
    source->poll(source);
    /* A feed that turns out to have ended moves the END; the clock has to know before it is asked. */
    exec->clock.feeds_ended = feeds_ended(exec);
    update_clock(exec);
    return source->ready || !ry_key_equal(&before, &source->key);
}

static unsigned sweep(struct ry_exec *exec)
{
    look_at_control(exec);
    look_at_feeds(exec);
    exec->clock.feeds_ended = feeds_ended(exec);
    update_clock(exec);
    unsigned n = 0;
    bool go_on = true;
    while (go_on) {
        struct ry_key bound;
        struct ry_merge_source *source = ry_merge_next(&exec->merge, &bound);
        go_on = source->ready ? apply_run(exec, source, &bound, &n) : wait_for(exec, source);
    }
    exec->counters.sweeps++;
    exec->counters.time_mark = (uint64_t)exec->present;
    exec->counters.machine = *ry_arena_counters(exec->arena);
    return n;
}

unsigned ry_exec_step(struct ry_exec *exec)
{
    if (exec->phase == RY_EXEC_RUNNING)
        return sweep(exec);
    if (exec->phase == RY_EXEC_DRAINING && ry_publish_drained(&exec->publish)) {
        exec->phase = RY_EXEC_DONE;
        return 1;
    }
    return 0;
}
