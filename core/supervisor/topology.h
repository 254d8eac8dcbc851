/*
 * The roles and their links, as data: what core/run/links.h says in words.
 */
#ifndef RY_CORE_SUPERVISOR_TOPOLOGY_H
#define RY_CORE_SUPERVISOR_TOPOLOGY_H

#include "core/battle/battle.h"
#include "shm/region.h"

enum ry_role_kind {
    RY_ROLE_EXEC,
    RY_ROLE_FEED,
    RY_ROLE_JOURNAL,
    RY_ROLE_KINDS,
};

/* What a role's end means for the battle. */
enum ry_role_done {
    RY_DONE_QUIET,       /* nothing: others go on */
    RY_DONE_STOPS_FEEDS, /* nobody takes events any more */
};

#define RY_TOPOLOGY_LINKS_MAX 6 /* the last is always NULL */

/* Region names; "feed*" stands for each feed of the battle, "NAME" for the role itself. */
struct ry_topology_role {
    const char *name;
    const char *binary;
    bool numbered; /* one process for each feed */
    const char *offers[RY_TOPOLOGY_LINKS_MAX];
    const char *wants[RY_TOPOLOGY_LINKS_MAX];
    enum ry_role_done done;
};

/* In the order in which they are given cores. */
extern const struct ry_topology_role ry_topology[RY_ROLE_KINDS];

/* True if the process `role_name` of that kind is handed the region `region_name`. */
bool ry_topology_wants(const struct ry_topology_role *role, const char *region_name);

/* True if that process may offer it. */
bool ry_topology_offers(const struct ry_topology_role *role, const char *process_name,
                        const char *region_name);

/* Regions that one process of that kind has to offer. */
unsigned ry_topology_offered(const struct ry_topology_role *role);

#endif
