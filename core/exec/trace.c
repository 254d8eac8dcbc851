#include "core/exec/trace.h"

#include <assert.h>

void ry_exec_trace_start(struct ry_exec_trace *trace, struct ry_ring_writer *spans, uint32_t every,
                         int64_t (*clock)(void))
{
    assert(every > 0);
    trace->spans = spans;
    trace->every = every;
    trace->clock = clock;
    trace->last_time = RY_TIME_NEVER;
}

static void say(struct ry_exec_trace *trace, enum ry_hop hop, const struct ry_exec_trace_range *of,
                const struct ry_span *rest)
{
    struct ry_span span = *rest;
    span.hop = (uint8_t)hop;
    span.source = of->of.source;
    span.source_seq = of->of.source_seq;
    span.input = of->input;
    ry_ring_write(trace->spans, &span, 1);
}

/* ---- inputs ---------------------------------------------------------------------------------- */

void ry_exec_trace_record(struct ry_exec_trace *trace, const struct ry_input_head *head,
                          int64_t read_ns, uint64_t number, uint64_t first)
{
    if (!ry_span_sampled(trace->every, head->source_seq)) {
        ry_exec_trace_other(trace);
        return;
    }
    trace->begin_ns = trace->clock();
    trace->agent = RY_SPAN_NOBODY;
    trace->command_seq = 0;
    trace->last_time = head->time;
    trace->now = (struct ry_exec_trace_range){
        .of = {.source_seq = head->source_seq, .source = head->source},
        .first = first,
        .input = number,
        .instrument = ry_span_instrument(head),
    };
    say(trace, RY_HOP_MERGE, &trace->now,
        &(struct ry_span){.agent = RY_SPAN_NOBODY,
                          .instrument = ry_span_instrument(head),
                          .begin_ns = read_ns,
                          .end_ns = trace->begin_ns});
}

void ry_exec_trace_commanded(struct ry_exec_trace *trace, const struct ry_input_head *head,
                             const struct ry_exec_trace_command *command, uint64_t number,
                             uint64_t first)
{
    if (command->of.source_seq == 0) {
        ry_exec_trace_other(trace);
        return;
    }
    trace->begin_ns = trace->clock();
    trace->agent = (uint16_t)(head->source - RY_SOURCE_AGENT);
    trace->command_seq = head->source_seq;
    trace->now = (struct ry_exec_trace_range){.of = command->of,
                                              .first = first,
                                              .input = number,
                                              .instrument = ry_span_instrument(head),
                                              .command = true};
    say(trace, RY_HOP_COMMAND, &trace->now,
        &(struct ry_span){.agent = trace->agent,
                          .instrument = ry_span_instrument(head),
                          .begin_ns = command->read_ns,
                          .end_ns = trace->begin_ns,
                          .number = head->source_seq,
                          .wake = command->wake});
}

void ry_exec_trace_other(struct ry_exec_trace *trace)
{
    trace->now.of.source_seq = 0;
}

static void remember(struct ry_exec_trace *trace, const struct ry_exec_trace_range *range)
{
    if (range->first == range->end)
        return;
    if (trace->ranges_end - trace->ranges_begin == RY_EXEC_TRACE_RANGES) {
        trace->ranges_begin++;
        trace->lost++;
    }
    trace->range[trace->ranges_end++ % RY_EXEC_TRACE_RANGES] = *range;
}

void ry_exec_trace_applied(struct ry_exec_trace *trace, uint64_t end)
{
    struct ry_exec_trace_range *now = &trace->now;
    if (now->of.source_seq == 0)
        return;
    now->applied_ns = trace->clock();
    now->end = end;
    say(trace, RY_HOP_APPLY, now,
        &(struct ry_span){.agent = trace->agent,
                          .instrument = now->instrument,
                          .begin_ns = trace->begin_ns,
                          .end_ns = now->applied_ns,
                          .number = trace->command_seq});
    remember(trace, now);
    if (!now->command)
        trace->last = *now;
}

void ry_exec_trace_closed(struct ry_exec_trace *trace, int64_t time, uint64_t first, uint64_t end)
{
    if (trace->last_time != time)
        return;
    trace->last.first = first;
    trace->last.end = end;
    remember(trace, &trace->last);
}

/* ---- agents ---------------------------------------------------------------------------------- */

/* Ranges lie in the order of their entries. */
const struct ry_exec_trace_range *ry_exec_trace_of(const struct ry_exec_trace *trace,
                                                   uint64_t entry)
{
    uint64_t low = trace->ranges_begin, high = trace->ranges_end;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        const struct ry_exec_trace_range *range = &trace->range[middle % RY_EXEC_TRACE_RANGES];
        if (entry < range->first)
            high = middle;
        else if (entry >= range->end)
            low = middle + 1;
        else
            return range;
    }
    return NULL;
}

const struct ry_exec_trace_range *ry_exec_trace_of_wake(const struct ry_exec_trace *trace,
                                                        uint64_t entry)
{
    const struct ry_exec_trace_range *range = ry_exec_trace_of(trace, entry);
    return range == NULL || range->command ? NULL : range;
}

void ry_exec_trace_woke(struct ry_exec_trace *trace, const struct ry_exec_trace_range *of,
                        uint16_t agent, uint64_t number, int64_t end_ns)
{
    say(trace, RY_HOP_WAKE, of,
        &(struct ry_span){.agent = agent,
                          .instrument = of->instrument,
                          .begin_ns = of->applied_ns,
                          .end_ns = end_ns,
                          .number = number});
    uint64_t *const begin = &trace->of_agent[agent].begin, *const end = &trace->of_agent[agent].end;
    if (*end - *begin == RY_EXEC_TRACE_WAKES) {
        ++*begin;
        trace->lost++;
    }
    trace->of_agent[agent].wake[(*end)++ % RY_EXEC_TRACE_WAKES] =
        (struct ry_exec_trace_wake){.of = of->of, .number = number};
}

void ry_exec_trace_reported(struct ry_exec_trace *trace, uint64_t entry, uint16_t agent,
                            uint16_t instrument)
{
    const struct ry_exec_trace_range *of = ry_exec_trace_of(trace, entry);
    if (of != NULL)
        say(trace, RY_HOP_REPORT, of,
            &(struct ry_span){.agent = agent,
                              .instrument = instrument,
                              .begin_ns = of->applied_ns,
                              .end_ns = trace->clock(),
                              .number = ++trace->reports});
}

/* Wakes are answered in their order: earlier ones are done with. */
void ry_exec_trace_arrived(struct ry_exec_trace *trace, uint16_t agent, uint64_t wake,
                           struct ry_exec_trace_command *command)
{
    uint64_t *const begin = &trace->of_agent[agent].begin;
    *command = (struct ry_exec_trace_command){.wake = wake};
    for (; *begin != trace->of_agent[agent].end; ++*begin) {
        const struct ry_exec_trace_wake *first =
            &trace->of_agent[agent].wake[*begin % RY_EXEC_TRACE_WAKES];
        if (first->number > wake)
            return;
        if (first->number == wake) {
            command->of = first->of;
            command->read_ns = trace->clock();
            return;
        }
    }
}
