/*
 * The supervisor: starts the roles of a battle, hands them each other's regions, watches them to
 * the end.
 *
 * One thread. It waits in poll on each role's socket and pidfd and on a signalfd; the first SIGINT,
 * SIGTERM or SIGHUP asks exec to end the battle in order, the second stops everything at once. A
 * role that ends without having said DONE, or not with exit code 0, has died. What that means
 * stands in the role's row (core/supervisor/topology.h), as does everything else in which one role
 * differs from another. However the battle ends, when ry_supervisor_run returns no role is left. A
 * role whose heartbeat stands still goes on, but a line says so.
 *
 * An agent that exec has done with (exec.positions, `out`), every agent and the view when exec is
 * done, have nothing left but to end. Who then stands still is killed. An agent has to be loaded
 * within game.load_s. Neither holds for an agent that a debugger traces.
 *
 * Every deadline counts time in which the supervisor ran: a battle that was stopped as a whole
 * (Ctrl-Z) and continued has missed none.
 *
 * What agents say is not trusted. Until its strategy is loaded an agent's process runs the host's
 * code alone, and a message that it has no reason to send ends the run. From then on it has no
 * socket: its base region says what it has to say (core/role/words.h), and nothing that it does can
 * hold the supervisor up. An agent's battle shows its own entry alone, a seed drawn for it, and no
 * feed; its folder is the root, so no argument tells it where the journal is; its session is its
 * own, so no terminal is. As root each agent has a user that no other process of the box has
 * (core/supervisor/users.h).
 *
 * While the battle runs, observers join it by a socket in its directory (core/supervisor/door.h). A
 * directory whose socket another battle answers is refused: RY_SUPERVISOR_OUTCOME_ENVIRONMENT.
 */
#ifndef RY_CORE_SUPERVISOR_SUPERVISOR_H
#define RY_CORE_SUPERVISOR_SUPERVISOR_H

#include <stdio.h>

#include "core/role/message.h"
#include "core/role/role.h"
#include "core/supervisor/child.h"
#include "core/supervisor/role_log.h"
#include "core/supervisor/topology.h"
#include "tuning/noise.h"
#include "tuning/placement.h"

/* Processes of a battle, with room for rows of which there is one. */
#define RY_SUPERVISOR_MEMBERS_MAX  (RY_FEEDS_MAX + RY_AGENTS_MAX + 12)
#define RY_SUPERVISOR_KILL_SECONDS 5 /* after SIGTERM: SIGKILL */
/* For exec and journal to end in order, after a signal to the supervisor or a feed's death; then
 * SIGTERM to all. So one signal ends royale within ORDER and KILL seconds; within MOVELESS and KILL
 * if exec or journal stand still. */
#define RY_SUPERVISOR_ORDER_SECONDS 60
/* Seeds below it a strategy finds by trying, from its own. */
#define RY_SUPERVISOR_SEED_GUESSABLE   (UINT64_C(1) << 32)
#define RY_SUPERVISOR_MOVELESS_SECONDS 10 /* a heartbeat that stands still so long is told */
/* A role whose death means a new start gets it after so long, the next time after twice as long, up
 * to RESTART_WAITS_MAX times; one that lived for that has the first wait again. */
#define RY_SUPERVISOR_RESTART_SECONDS   1
#define RY_SUPERVISOR_RESTART_WAITS_MAX 30
/* Started again so often within RESTART_MINUTE first waits, it is given up at its next death. */
#define RY_SUPERVISOR_RESTARTS_MAX   5
#define RY_SUPERVISOR_RESTART_MINUTE 60

struct ry_supervisor_offered {
    char name[RY_REGION_NAME_BYTES];
    int fd;
};

/* One role's process, as the supervisor knows it. */
struct ry_supervisor_member {
    const struct ry_supervisor_role *row;
    unsigned index;
    char name[RY_NAME_BYTES];
    pid_t pid; /* also after it ended */
    int core;  /* negative: none of its own */
    int node;  /* memory node of that core */
    bool spin;
    bool enter; /* the core lies in the isolated partition */
    struct ry_supervisor_child child;
    struct ry_supervisor_role_log log;
    struct ry_role_link base, watch; /* not there: not yet */
    struct ry_supervisor_offered offered[RY_SUPERVISOR_OFFERED_MAX];
    unsigned offered_count;
    bool opened, joined, done;
    uint32_t user;  /* a stranger's, which no other process on the box has; 0: none */
    bool own_user;  /* and /proc says that it has become that */
    uint32_t heard; /* enum ry_role_said: what of its words was taken */
    bool asked_to_stop;
    /* By the supervisor's own clock (core/supervisor/state.h). */
    int64_t kill_at_ns;                   /* 0: not asked to stop */
    int64_t end_since_ns, still_since_ns; /* 0: it need not end; it did something since */
    uint64_t heartbeat;                   /* at still_since_ns */
    char
        death[RY_ROLE_MESSAGE_TEXT_BYTES + 128]; /* "agent3 (noise) died: ..."; empty: it did not */
    uint64_t beat;                               /* the heartbeat when it was last looked at */
    int64_t moveless_ns; /* that it stands still, as the supervisor's ticks count */
    bool moveless;       /* and that was said */
    char why[RY_ROLE_MESSAGE_TEXT_BYTES];           /* of FAILED */
    unsigned restarts;                              /* since the battle ran */
    int64_t restart_at_ns;                          /* 0: it is not to be started again */
    int64_t restart_wait_ns, restarted_ns;          /* the last wait, the last start; 0: none */
    int64_t restart_ns[RY_SUPERVISOR_RESTARTS_MAX]; /* the last starts that count, in a ring */
    unsigned restarts_counted;
    uint64_t counters[RY_COUNTERS_MAX]; /* as last published */
    unsigned counters_count;
    struct ry_counters_description counters_are; /* what the role says that each of them is */
};

struct ry_supervisor_hooks {
    void *context;
    /* Every 50 ms while roles run, counters freshly read. May be NULL. */
    void (*progress)(void *context, const struct ry_supervisor_member *roles, unsigned count);
    /* A process died or was killed, and the battle goes on: role->death says it. May be NULL. */
    void (*died)(void *context, const struct ry_supervisor_member *role);
    /* A line for people, also while the battle goes on. NULL: "royale: LINE" on standard error. */
    void (*say)(void *context, const char *line);
};

struct ry_supervisor_plan {
    const struct ry_battle *battle;
    const char *directory;                         /* exists, with a folder log in it */
    const char *binaries;                          /* the folder with the roles' binaries */
    const struct ry_supervisor_topology *topology; /* NULL: the house's */
    const struct ry_tuning_placement *placement; /* by names: "exec", "feed0", ..., "supervisor" */
    bool quiet;                                  /* the view prints nothing */
    bool unwatched; /* no view: whoever runs the battle makes its files of the journal */
    struct ry_supervisor_hooks hooks;
    int64_t moveless_ns; /* 0: RY_SUPERVISOR_MOVELESS_SECONDS */
    int64_t kill_ns;     /* 0: RY_SUPERVISOR_KILL_SECONDS */
    int64_t order_ns;    /* 0: RY_SUPERVISOR_ORDER_SECONDS */
    int64_t restart_ns;  /* 0: RY_SUPERVISOR_RESTART_SECONDS */
    const char *users;   /* NULL: RY_SUPERVISOR_USERS_FILE */
    /* Where it goes what disturbed the cores of the battle; the caller's, zeroed before and freed
     * by ry_tuning_noise_free. It stays as it is where no process has a core of its own, or the
     * battle did not come to run. NULL: nobody wants to know. */
    struct ry_tuning_noise *noise;
};

enum ry_supervisor_outcome {
    RY_SUPERVISOR_OUTCOME_DONE = 0,        /* every role is done */
    RY_SUPERVISOR_OUTCOME_DIED = 1,        /* a role died: `culprit`, `text` */
    RY_SUPERVISOR_OUTCOME_ENVIRONMENT = 2, /* could not be started at all: `text` */
};

struct ry_supervisor_result {
    enum ry_supervisor_outcome outcome;
    int signal;    /* that asked to stop; 0: none */
    bool in_order; /* who leads and who follows (exec, journal) said DONE: the journal is whole */
    char text[RY_ROLE_MESSAGE_TEXT_BYTES + 128]; /* "exec died: killed by signal 9 (Killed)" */
    int culprit;                                 /* index into `role`; -1: none */
    int64_t run_ns;                              /* from GO to exec's DONE */
    unsigned count;
    struct ry_supervisor_member
        role[RY_SUPERVISOR_MEMBERS_MAX]; /* processes gone, logs and regions closed */
};

/* Runs the battle to its end. */
void ry_supervisor_run(const struct ry_supervisor_plan *plan, struct ry_supervisor_result *result);

#endif
