/*
 * The roles of a battle that is one process (run.processes: one), as others see them: each has its
 * counters and its death here, in the region exec.parts, in place of a process's ROLE.watch and
 * ROLE.base. exec itself is the process and has both of its own. Written by that process, read by
 * the supervisor, which makes members of them when the process has ended
 * (core/supervisor/parts.c).
 */
#ifndef RY_CORE_ROLE_PARTS_H
#define RY_CORE_ROLE_PARTS_H

#include "core/battle/battle.h"
#include "core/role/message.h"
#include "shm/counter.h"

#define RY_ROLE_PART_DEATH_BYTES (RY_ROLE_MESSAGE_TEXT_BYTES + 128)

struct ry_role_part {
    ry_atomic_u32 died; /* 1: `death` says it; released behind it, and never cleared */
    uint32_t zero;
    char death[RY_ROLE_PART_DEATH_BYTES];
    struct ry_counters counters; /* zeroed: it counts nothing */
};
RY_OFFSET(struct ry_role_part, death, 8);
_Static_assert(RY_ROLE_PART_DEATH_BYTES % sizeof(uint64_t) == 0, "the text is copied in words");

struct ry_role_parts {
    /* From the go to exec's end, as a process of exec's own would end: without what the journal
     * waits for the disk. 0: not yet. */
    _Alignas(RY_ISOLATION) ry_atomic_i64 run_ns;
    struct ry_role_part journal;
    struct ry_role_part feed[RY_FEEDS_MAX];
    struct ry_role_part agent[RY_AGENTS_MAX];
};

/* The first death counts. */
void ry_role_part_died(struct ry_role_part *part, const char *death);

/* Whether it has died: then `death` is a printable copy of how. */
bool ry_role_part_death(const struct ry_role_part *part, char death[RY_ROLE_PART_DEATH_BYTES]);

#endif
