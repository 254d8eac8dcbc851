/*
 * Control: what the supervisor has to say (struct ry_control in shm/records/links.h).
 *
 * All of it are flags that say that something will not come, so nothing waits for them to get a
 * turn, and none becomes an input of its own: STOP ends the battle (source_clock.h), a feed that
 * died fails it, an agent that died says its last word at its own place (source_agent.h).
 */
#ifndef RY_CORE_EXEC_SOURCE_CONTROL_H
#define RY_CORE_EXEC_SOURCE_CONTROL_H

#include "shm/records/links.h"
#include "shm/ring.h"

struct ry_exec_control_source {
    struct ry_ring_reader ring;
    struct ry_ring_position *position;
    unsigned agents;
    uint64_t *invalid;            /* counter */
    uint64_t agents_died;         /* bit of each agent */
    uint64_t agents_died_outside; /* of which: at somebody's wall clock (enum ry_control_how) */
    uint32_t feeds_died;          /* bit of each feed */
    bool stop;
};

/* Reads all that was said. `control` has ring, position, agents and invalid set; the rest zero at
 * first. */
void ry_exec_control_source_poll(struct ry_exec_control_source *control);

#endif
