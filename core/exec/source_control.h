/*
 * Control as a source: what the supervisor has to say (struct ry_control in core/run/links.h).
 *
 * Only AGENT_DIED becomes an input, at the present T of the moment when it was read. STOP and FEED_DIED are
 * flags: they say that something will not come, so nothing waits for them to get a turn. Control holds
 * nobody up: without a record it has no horizon.
 */
#ifndef RY_CORE_EXEC_SOURCE_CONTROL_H
#define RY_CORE_EXEC_SOURCE_CONTROL_H

#include "core/exec/source.h"
#include "core/run/links.h"

struct ry_control_source {
    struct ry_merge_source source; /* first: what merge sees */
    struct ry_ring_reader ring;
    struct ry_ring_position *position;
    uint64_t seed;
    uint16_t agents;
    struct ry_input record[RY_AGENTS_MAX]; /* each agent dies once */
    unsigned first, count;
    uint64_t dead; /* bit of each agent that was told dead */
    uint64_t seq;
    uint64_t *invalid; /* counter */
    int64_t present;   /* kept by exec */
    bool stop;
    uint32_t feeds_died; /* bit of each feed */
};

/* `control` has ring, position, seed, agents, invalid and present set; the rest zero. */
void ry_control_source_start(struct ry_control_source *control);

#endif
