/*
 * The table of roles: each process of a battle is one row, and what the supervisor does differently
 * for one of them is a column. A new role is a row here, the folder of its own, and the lines of
 * its binary in the Makefile. Example: the row of royale-journal says that there is one of it, that
 * it writes journal.positions, is handed exec.inputs and exec.base, gets a core of its own if one
 * is left (the battle file's placement.journal, if that names one), that its death ends the battle,
 * and that it ends by itself after exec.
 *
 * What a region holds is the table of links (core/role/links.c). Every process also writes
 * ROLE.base and ROLE.watch, in a battle with traces ROLE.spans, which no row names. The order of
 * the rows is the order in which processes are started and given cores.
 *
 * The supervisor takes the table as an argument (struct ry_supervisor_plan), so a test adds a row
 * of its own. Rows are constant; nobody writes them.
 */
#ifndef RY_CORE_SUPERVISOR_TOPOLOGY_H
#define RY_CORE_SUPERVISOR_TOPOLOGY_H

#include <stdio.h>

#include "core/battle/battle.h"
#include "core/role/link.h"
#include "shm/records/links.h"
#include "tuning/placement.h"

/* What the death of a process means: that it ended without DONE and without being asked to. */
enum ry_supervisor_death {
    RY_SUPERVISOR_DEATH_ENDS,      /* the battle ends at once, with exit code 1 */
    RY_SUPERVISOR_DEATH_IN_ORDER,  /* likewise, but exec and journal end in order first */
    RY_SUPERVISOR_DEATH_OWN,       /* once the battle runs its own affair; before, as ENDS */
    RY_SUPERVISOR_DEATH_TOLD,      /* a line says so; nobody waits for the process */
    RY_SUPERVISOR_DEATH_RESTARTED, /* once the battle runs it is started again, with regions of its
                                      own anew and the same links (core/supervisor/restart.c);
                                      before, as ENDS */
};

/* How a process comes to its end when all goes well: the stop order. */
enum ry_supervisor_end {
    RY_SUPERVISOR_END_LEADS,   /* its DONE is the end of the battle */
    RY_SUPERVISOR_END_FOLLOWS, /* by itself, however long it takes: the battle is whole with its
                                  DONE */
    RY_SUPERVISOR_END_STOPPED, /* when the leader is done it is asked to stop */
    RY_SUPERVISOR_END_IN_TIME, /* when the leader is done (or has put it out) it has to end by
                                  itself, `still_s` and `end_s` say how soon; then it is killed */
};

/* In which battles a row counts, by `run.processes` of the battle file. */
enum ry_supervisor_way {
    RY_SUPERVISOR_WAY_ANY = 0,
    RY_SUPERVISOR_WAY_EACH,
    RY_SUPERVISOR_WAY_ONE, /* in place of those of EACH */
};

#define RY_SUPERVISOR_LINKS_MAX 12 /* patterns of one row; the last is always NULL */

struct ry_supervisor_role {
    const char *name;                            /* "feed": its processes are feed0, feed1, ... */
    const char *binary;                          /* in the folder of binaries */
    enum ry_role_number number;                  /* how many there are */
    enum ry_supervisor_way way;                  /* in which battles */
    const char *offers[RY_SUPERVISOR_LINKS_MAX]; /* "feed#.events": "#" is its own number */
    const char *wants[RY_SUPERVISOR_LINKS_MAX];  /* "feed*.events": "*" is each number */
    enum ry_supervisor_death death;
    enum ry_supervisor_end end;
    /* A record of this kind, with the process's number, tells exec that the process has ended; 0:
     * exec is not told. FEED_DIED is told of deaths, AGENT_DIED of every end. */
    enum ry_control_kind told;
    uint32_t still_s; /* END_IN_TIME: killed when its heartbeat stands still so long */
    uint32_t end_s;   /* likewise, whatever its heartbeat shows; 0: no such limit */
    /* Instead of end_s, if it is not NULL: what the battle file says. Then it is asked to stop. */
    uint32_t (*end_s_of)(const struct ry_battle *battle);
    enum ry_tuning_role place; /* what it needs of a core */
    /* The core that the battle file names for process `index`, or RY_BATTLE_CORE_NONE: the planner
     * chooses. NULL: it names none. */
    int16_t (*core)(const struct ry_battle *battle, unsigned index);
    /* It runs code that is not the house's: it is shown its own entry of the battle alone, no
     * directory, little of the environment; must be up within game.load_s; prints into a pipe; and
     * does not keep the supervisor with messages. */
    bool stranger;
    /* Who is killed first when the machine runs out of memory: higher is earlier (choom(1)); 0: as
     * royale itself. Agents before who looks on, these before exec. */
    int16_t oom_score_adj;
    /* When the supervisor dies it is told by SIGTERM, not ended by SIGKILL as others are: it has a
     * terminal to give back. */
    bool tidies;
    bool secrets;  /* it is given what the export's settings take from the environment */
    bool speaks;   /* its standard output is the supervisor's; others write into their log */
    bool optional; /* left out where the battle has no agents or the binary is not there */
};

struct ry_supervisor_topology {
    const struct ry_supervisor_role *role;
    unsigned count;
};

/* The house's. */
extern const struct ry_supervisor_topology ry_supervisor_topology;

/* The supervisor as a party to links: what it offers and what it maps of others. Not started by
 * anybody, so not in the table. */
extern const struct ry_supervisor_role ry_supervisor_self;
/* Likewise whoever comes to the observers' door (core/supervisor/door.h): what each is handed. */
extern const struct ry_supervisor_role ry_supervisor_observers;

#define RY_SUPERVISOR_CONTROL_NAME   "supervisor.control"
#define RY_SUPERVISOR_POSITIONS_NAME "exec.positions"
#define RY_SUPERVISOR_PARTS_NAME     "exec.parts"

/* Processes of that row in a battle. */
unsigned ry_supervisor_topology_processes(const struct ry_supervisor_role *role,
                                          const struct ry_battle *battle);

/* True if there is never more than one, and no number in its name. */
bool ry_supervisor_topology_single(const struct ry_supervisor_role *role);

/* The name of its process `index`. */
void ry_supervisor_topology_name(const struct ry_supervisor_role *role, unsigned index,
                                 char name[RY_NAME_BYTES]);

/* Regions of one process: its row's, one pattern of which may be one an agent, and each role's. */
#define RY_SUPERVISOR_OFFERED_MAX (RY_SUPERVISOR_LINKS_MAX - 2 + RY_AGENTS_MAX + 3)

/* True if process `index` of that row is handed the region `region`. */
bool ry_supervisor_topology_wants(const struct ry_supervisor_role *role, unsigned index,
                                  const char *region);

/* True if process `index` of that row may offer `region` in that battle. */
bool ry_supervisor_topology_offers(const struct ry_supervisor_role *role, unsigned index,
                                   const struct ry_battle *battle, const char *region);

/* Regions that one process of that row has to offer in that battle. */
unsigned ry_supervisor_topology_offered(const struct ry_supervisor_role *role,
                                        const struct ry_battle *battle);

/* Adds every process of the battle to the plan, in the order of the table, then the supervisor:
 * what each needs, the core that the battle file names, a feed's card. */
void ry_supervisor_topology_place(const struct ry_supervisor_topology *topology,
                                  const struct ry_battle *battle,
                                  struct ry_tuning_placement *placement);

/* Both tables as docs/ARCHITECTURE.md shows them, in Markdown. */
void ry_supervisor_topology_print(FILE *out, const struct ry_supervisor_topology *topology);

#endif
