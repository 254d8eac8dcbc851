/*
 * The journal's spans of traced events (shm/records/span.h): of each traced record that is in a
 * block, until it is durable. Owned by the journal's thread; a battle without traces has none.
 * Those that have no room have no span, and are counted.
 */
#ifndef RY_CORE_JOURNAL_TRACE_H
#define RY_CORE_JOURNAL_TRACE_H

#include "shm/records/span.h"

#define RY_JOURNAL_TRACE_RECORDS 4096u /* not durable yet; a power of two */

struct ry_journal_trace {
    struct ry_ring_writer *spans; /* NULL: nothing is traced */
    int64_t (*clock)(void);
    uint32_t every;
    uint64_t lost; /* records that had no room */
    /* Numbers of records ever: before `begin` durable, before `written` written, before `end` in a
     * block. */
    uint64_t begin, written, end;
    struct ry_span record[RY_JOURNAL_TRACE_RECORDS];
};

/* An input was read into a block. Asked of each if there are traces. */
void ry_journal_trace_took(struct ry_journal_trace *trace, const struct ry_input_head *head,
                           uint64_t input);

/* Inputs up to `written` are written, up to `durable` durable. */
void ry_journal_trace_look(struct ry_journal_trace *trace, uint64_t written, uint64_t durable);

#endif
