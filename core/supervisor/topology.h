/*
 * The roles and their links, as data: what shm/records/links.h says in words.
 */
#ifndef RY_CORE_SUPERVISOR_TOPOLOGY_H
#define RY_CORE_SUPERVISOR_TOPOLOGY_H

#include "core/battle/battle.h"
#include "shm/region.h"

enum ry_supervisor_role_kind {
    RY_SUPERVISOR_ROLE_EXEC,
    RY_SUPERVISOR_ROLE_FEED,
    RY_SUPERVISOR_ROLE_JOURNAL,
    RY_SUPERVISOR_ROLE_AGENT,
    RY_SUPERVISOR_ROLE_VIEW,
    RY_SUPERVISOR_ROLE_KINDS,
};

/* What a role's end means for the battle. */
enum ry_supervisor_role_done {
    RY_SUPERVISOR_DONE_QUIET,       /* nothing: others go on */
    RY_SUPERVISOR_DONE_STOPS_FEEDS, /* nobody takes events any more */
};

/* What a process's death means for the battle. */
enum ry_supervisor_role_death {
    RY_SUPERVISOR_DEATH_ENDS,  /* the battle, with exit code 1 */
    RY_SUPERVISOR_DEATH_AGENT, /* its own affair once the battle runs: exec is told; before that it
                       ends the battle */
    RY_SUPERVISOR_DEATH_TOLD,  /* nothing: it is said */
};

#define RY_SUPERVISOR_TOPOLOGY_LINKS_MAX 12 /* patterns; the last is always NULL */
#define RY_SUPERVISOR_TOPOLOGY_OFFERED_MAX                                                         \
    (5 + RY_AGENTS_MAX) /* regions of one process: exec's                                          \
                         */

/* Region names: "NAME" is the process itself, "*" each number there is, "#" the process's own
 * number. */
struct ry_supervisor_topology_role {
    const char *name;
    const char *binary;
    bool numbered; /* one process for each feed or agent */
    const char *offers[RY_SUPERVISOR_TOPOLOGY_LINKS_MAX];
    const char *wants[RY_SUPERVISOR_TOPOLOGY_LINKS_MAX];
    enum ry_supervisor_role_done done;
    enum ry_supervisor_role_death death;
};

/* In the order in which they are given cores. */
extern const struct ry_supervisor_topology_role ry_supervisor_topology[RY_SUPERVISOR_ROLE_KINDS];

/* True if process number `index` of that kind is handed the region `region_name`. */
bool ry_supervisor_topology_wants(const struct ry_supervisor_topology_role *role, unsigned index,
                                  const char *region_name);

/* True if the process `process_name` of that kind may offer it, in a battle of so many agents. */
bool ry_supervisor_topology_offers(const struct ry_supervisor_topology_role *role,
                                   const char *process_name, unsigned agents,
                                   const char *region_name);

/* Regions that one process of that kind has to offer in a battle of so many agents. */
unsigned ry_supervisor_topology_offered(const struct ry_supervisor_topology_role *role,
                                        unsigned agents);

#endif
