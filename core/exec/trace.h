/*
 * Which inputs and wakes are of a traced event, and exec's spans of them (shm/records/span.h).
 *
 * Owned by exec's thread, in memory of its own; a battle without traces has none, and every caller
 * asks for that first. It decides nothing: with it and without it exec writes the same inputs and
 * tells agents the same, but for the two words of a wake that name the event.
 *
 * What is remembered, of the example in shm/records/span.h: that entries 900 to 903 of the outputs
 * are of record 4000 (a range), until the stream begins again; that wake 17 of agent 3 is, until
 * agent 3 has answered a later one. Both have room for a number of them; what has none is traced up
 * to there, and counted.
 */
#ifndef RY_CORE_EXEC_TRACE_H
#define RY_CORE_EXEC_TRACE_H

#include "shm/records/span.h"

#define RY_EXEC_TRACE_RANGES 4096u /* a power of two */
#define RY_EXEC_TRACE_WAKES  64u   /* of one agent; a power of two */

/* The traced record that something comes from. */
struct ry_exec_trace_event {
    uint64_t source_seq; /* 0: from none */
    uint16_t source;
};

/* What a traced input made. */
struct ry_exec_trace_range {
    struct ry_exec_trace_event of;
    uint64_t first, end; /* entries of the outputs */
    uint64_t input;
    int64_t applied_ns;
    uint16_t instrument;
    bool command; /* an agent's: its reports are of the trace, whom it wakes is not */
};

struct ry_exec_trace_wake {
    struct ry_exec_trace_event of;
    uint64_t number;
};

/* A command that was read, until it is applied. */
struct ry_exec_trace_command {
    struct ry_exec_trace_event of;
    uint64_t wake;
    int64_t read_ns;
};

struct ry_exec_trace {
    struct ry_ring_writer *spans;
    int64_t (*clock)(void);
    uint32_t every;
    uint64_t lost;                  /* ranges and wakes that had no room */
    uint64_t reports;               /* that were traced */
    struct ry_exec_trace_range now; /* the input in work */
    int64_t begin_ns;               /* of its application */
    uint16_t agent;                 /* of a command; else RY_SPAN_NOBODY */
    uint64_t command_seq;
    struct ry_exec_trace_range last; /* the record that was traced last, for TOPs, */
    int64_t last_time;               /* and its T */
    uint64_t ranges_begin, ranges_end;
    struct ry_exec_trace_range range[RY_EXEC_TRACE_RANGES];
    struct {
        uint64_t begin, end;
        struct ry_exec_trace_wake wake[RY_EXEC_TRACE_WAKES];
    } of_agent[RY_AGENTS_MAX];
};

/* `trace` is zeroed. clock: ry_clock_machine_ns; a test has its own. */
void ry_exec_trace_start(struct ry_exec_trace *trace, struct ry_ring_writer *spans, uint32_t every,
                         int64_t (*clock)(void));

/* ---- inputs ---------------------------------------------------------------------------------- */

/* When a feed's record was read; 0: it is not traced. */
static inline int64_t ry_exec_trace_read(const struct ry_exec_trace *trace, uint64_t source_seq)
{
    return ry_span_sampled(trace->every, source_seq) ? trace->clock() : 0;
}

/* Input `number` is about to be published and applied; entries of the outputs from `first` on are
 * its own. A feed's record, read at read_ns; an agent's command; anything else. */
void ry_exec_trace_record(struct ry_exec_trace *trace, const struct ry_input_head *head,
                          int64_t read_ns, uint64_t number, uint64_t first);
void ry_exec_trace_commanded(struct ry_exec_trace *trace, const struct ry_input_head *head,
                             const struct ry_exec_trace_command *command, uint64_t number,
                             uint64_t first);
void ry_exec_trace_other(struct ry_exec_trace *trace);

/* It is applied; entries up to `end` are its own. */
void ry_exec_trace_applied(struct ry_exec_trace *trace, uint64_t end);

/* T is closed: entries from `first` to `end` are TOPs' wakes by all inputs of T together, and count
 * as the last traced one's of that T. */
void ry_exec_trace_closed(struct ry_exec_trace *trace, int64_t time, uint64_t first, uint64_t end);

/* The stream begins at 0 again. */
static inline void ry_exec_trace_begin_again(struct ry_exec_trace *trace)
{
    trace->ranges_begin = trace->ranges_end = 0;
}

/* ---- agents ---------------------------------------------------------------------------------- */

/* The traced input that made an entry; NULL: none, or one that is forgotten. */
const struct ry_exec_trace_range *ry_exec_trace_of(const struct ry_exec_trace *trace,
                                                   uint64_t entry);

/* The same, if what the entry wakes is of the trace. */
const struct ry_exec_trace_range *ry_exec_trace_of_wake(const struct ry_exec_trace *trace,
                                                        uint64_t entry);

/* Wake `number` was written to the agent's link, about to be at end_ns. */
void ry_exec_trace_woke(struct ry_exec_trace *trace, const struct ry_exec_trace_range *of,
                        uint16_t agent, uint64_t number, int64_t end_ns);

/* The report of `entry` was written to the agent's link. */
void ry_exec_trace_reported(struct ry_exec_trace *trace, uint64_t entry, uint16_t agent,
                            uint16_t instrument);

/* A command was read that names that wake. Not traced: command->of is zero. */
void ry_exec_trace_arrived(struct ry_exec_trace *trace, uint16_t agent, uint64_t wake,
                           struct ry_exec_trace_command *command);

#endif
