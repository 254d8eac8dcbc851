#include "core/journal/trace.h"

static struct ry_span *record_of(struct ry_journal_trace *trace, uint64_t number)
{
    return &trace->record[number % RY_JOURNAL_TRACE_RECORDS];
}

void ry_journal_trace_took(struct ry_journal_trace *trace, const struct ry_input_head *head,
                           uint64_t input)
{
    if (head->source < RY_SOURCE_FEED || head->source >= RY_SOURCE_AGENT ||
        head->kind == RY_IN_INSTRUMENT || !ry_span_sampled(trace->every, head->source_seq))
        return;
    if (trace->end - trace->begin == RY_JOURNAL_TRACE_RECORDS) {
        trace->lost++;
        return;
    }
    *record_of(trace, trace->end++) = (struct ry_span){
        .hop = RY_HOP_JOURNAL,
        .source = head->source,
        .agent = RY_SPAN_NOBODY,
        .instrument = ry_span_instrument(head),
        .source_seq = head->source_seq,
        .input = input,
        .begin_ns = trace->clock(),
    };
}

/* The record's hop ends now; the next one begins there. */
static void say(struct ry_journal_trace *trace, struct ry_span *record, int64_t now_ns)
{
    record->end_ns = now_ns;
    ry_ring_write(trace->spans, record, 1);
    record->hop = RY_HOP_DURABLE;
    record->begin_ns = now_ns;
}

void ry_journal_trace_look(struct ry_journal_trace *trace, uint64_t written, uint64_t durable)
{
    if (trace->begin == trace->end)
        return;
    const int64_t now_ns = trace->clock();
    for (; trace->written != trace->end; trace->written++) {
        struct ry_span *record = record_of(trace, trace->written);
        if (record->input > written)
            break;
        say(trace, record, now_ns);
    }
    for (; trace->begin != trace->written; trace->begin++) {
        struct ry_span *record = record_of(trace, trace->begin);
        if (record->input > durable)
            break;
        say(trace, record, now_ns);
    }
}
