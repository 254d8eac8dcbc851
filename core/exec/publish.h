/*
 * What exec writes for others: the input ring and the market ring.
 *
 * Law 3: an input stands in the input ring before its outputs leave. The input ring may not lap the
 * journal; the market ring may lap, so far nobody in lockstep reads it.
 */
#ifndef RY_CORE_EXEC_PUBLISH_H
#define RY_CORE_EXEC_PUBLISH_H

#include "core/arena/arena.h"
#include "shm/ring.h"

struct ry_publish {
    struct ry_ring_writer inputs;
    struct ry_ring_writer market;
    const struct ry_ring_position *journal; /* how far the journal has read */
};

static inline bool ry_publish_has_room(struct ry_publish *publish, const union ry_input_any *input)
{
    return ry_ring_has_room(&publish->inputs, publish->journal, input->head.slots);
}

static inline void ry_publish_input(struct ry_publish *publish, const union ry_input_any *input)
{
    ry_ring_write(&publish->inputs, input, input->head.slots);
}

/* The journal has read all that was published. */
bool ry_publish_drained(const struct ry_publish *publish);

/* Outputs into their rings. */
struct ry_sink ry_publish_sink(struct ry_publish *publish);

#endif
