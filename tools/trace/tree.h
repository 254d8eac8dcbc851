/*
 * What a span is called, who may write it, and where it lies in the tree of its trace.
 *
 * No process tells another about traces, so ids are made here, of what each span says of itself:
 *   trace id   16 bytes of a hash of (battle id, source, source_seq)
 *   span id    8 bytes of a hash of (trace id, hop, and those numbers that tell spans of it apart)
 *   parent     the same hash, with the numbers of the span above, all of which the span knows
 *
 *     FEED
 *      `- MERGE
 *          |- JOURNAL - DURABLE
 *          `- APPLY (input)
 *              |- REPORT (agent, number)           of agents that the record filled
 *              `- WAKE (agent, wake)
 *                  `- CALLBACK (agent, wake)
 *                      |- ANSWER (agent, wake)
 *                      `- COMMAND (agent, source_seq)
 *                          `- APPLY (input)
 *                              `- REPORT (agent, number)
 */
#ifndef RY_TOOLS_TRACE_TREE_H
#define RY_TOOLS_TRACE_TREE_H

#include "core/battle/battle.h"
#include "shm/records/span.h"

#define RY_TRACE_ID_BYTES 16

struct ry_trace_ids {
    uint8_t trace[RY_TRACE_ID_BYTES];
    uint64_t span;   /* never 0 */
    uint64_t parent; /* 0: the trace's first span */
};

void ry_trace_ids(struct ry_trace_ids *ids, const struct ry_battle_id *battle,
                  const struct ry_span *span);

struct ry_trace_hop {
    const char *name;    /* "merge" */
    const char *process; /* that writes it: "exec", "feed#", "agent#" with its own number */
    const char *says;    /* what lies between its begin and its end */
};

/* By enum ry_hop; 0 is empty. */
extern const struct ry_trace_hop ry_trace_hops[RY_HOPS];

/* Whether `span`, found at now_ns (ry_clock_machine_ns) in the ring of the process of that name
 * ("agent3"), is one that this process may write, of itself, with times that do not run backwards
 * and are over. */
bool ry_trace_fits(const char *process, const struct ry_span *span, int64_t now_ns);

#endif
