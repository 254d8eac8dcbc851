/*
 * Inside the supervisor: its state, and how a battle is brought to its end. Shared by supervisor.c,
 * which watches, start.c, which brings the processes up, talk.c, which hears what they say,
 * death.c, which judges how each has ended, restart.c, which starts some again, end.c, which ends
 * them, pulse.c, which feels whether they move, noise.c, which looks at their cores, and door.c,
 * which answers observers.
 */
#ifndef RY_CORE_SUPERVISOR_STATE_H
#define RY_CORE_SUPERVISOR_STATE_H

#include <signal.h>

#include "core/role/parts.h"
#include "core/supervisor/cause.h"
#include "core/supervisor/door.h"
#include "core/supervisor/supervisor.h"
#include "core/supervisor/users.h"
#include "shm/records/links.h"
#include "tuning/noise.h"

enum ry_supervisor_phase {
    RY_SUPERVISOR_OPENING, /* until all roles are open */
    RY_SUPERVISOR_JOINING, /* until all have joined */
    RY_SUPERVISOR_RUNNING,
};

struct ry_supervisor {
    const struct ry_supervisor_plan *plan;
    struct ry_supervisor_result *result;
    enum ry_supervisor_phase phase;
    bool stopping;  /* everything has been asked to stop */
    bool log_full;  /* said that a log cannot be written */
    bool feed_died; /* exec is told, and ends in order: as failed, unless the battle was over */
    /* Of that feed, until it is known what its death means; culprit -1: nobody's. */
    struct {
        int culprit;
        char how[RY_SUPERVISOR_CAUSE_TEXT_BYTES];
    } feed_death;
    int64_t end_by_ns; /* exec and journal have to end in order until then; 0: nothing ends them */
    int battle;        /* memfd */
    int signals;       /* signalfd */
    sigset_t signals_before;
    cpu_set_t before; /* of the supervisor, before it bound itself */
    cpu_set_t cores;  /* that processes may use which have none of their own */
    cpu_set_t house;  /* for who looks on */
    int idle;         /* holds cores out of deep idle states (tuning/idle.h); -1: not held */
    struct ry_role_link control;
    struct ry_role_link positions; /* exec.positions; not there: not yet */
    struct ry_role_link parts;     /* exec.parts, of a battle that is one process; likewise */
    struct ry_supervisor_door door;
    struct ry_supervisor_users users; /* of the agents */
    bool exec_done;
    int64_t exec_done_ns; /* by awake_ns */
    /* The clock of every deadline in here: time in which the supervisor ran. A look adds at most
     * RY_SUPERVISOR_LOOK_NS_MAX, so that nobody is late because all were stopped (Ctrl-Z), or the
     * machine slept. Above 0, which in a deadline says that there is none. */
    int64_t awake_ns, looked_ns;
    int64_t phase_ns; /* that the phase began, by that clock */
    int64_t go_ns;    /* that the run began, by ry_clock_ns */
    struct ry_tuning_host host;
    struct ry_tuning_noise_look *quiet; /* of the cores, when the run began; NULL: not looked at */
};

/* SIGTERM, and SIGKILL if that does not help. */
void ry_supervisor_ask_to_stop(struct ry_supervisor *s, struct ry_supervisor_member *role);
void ry_supervisor_stop_all(struct ry_supervisor *s);

/* Something is wrong: the first thing that is wrong is what is reported; what follows from it is
 * not. `culprit`: an index into the roles, -1: none. blame also stops everything. */
void ry_supervisor_note(struct ry_supervisor *s, enum ry_supervisor_outcome outcome, int culprit,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));
void ry_supervisor_blame(struct ry_supervisor *s, enum ry_supervisor_outcome outcome, int culprit,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Who it is, for people: "exec", "agent3 (noise)". */
#define RY_SUPERVISOR_WHO_BYTES (2 * RY_NAME_BYTES + 4)
const char *ry_supervisor_who(const struct ry_supervisor *s,
                              const struct ry_supervisor_member *role,
                              char text[RY_SUPERVISOR_WHO_BYTES]);

/* A role broke the rules: that ends the battle, but an agent of a running battle is killed alone.
 */
void ry_supervisor_accuse(struct ry_supervisor *s, struct ry_supervisor_member *role,
                          const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A line about a process that died while the battle goes on; the first of a role is kept. */
void ry_supervisor_tell(struct ry_supervisor *s, struct ry_supervisor_member *role,
                        const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A record for exec, and exec woken. `how`: of AGENT_DIED; else RY_DIED_ITSELF. */
void ry_supervisor_control(struct ry_supervisor *s, enum ry_control_kind kind, unsigned index,
                           enum ry_control_how how);

/* Ends the battle if an agent has not come up in time. Each tick before the battle runs. */
void ry_supervisor_end_loading(struct ry_supervisor *s);

/* Who has nothing left to do but to end and stands still is killed. Each tick. */
void ry_supervisor_end_rest(struct ry_supervisor *s);

/* The time that the battle file gives the role when exec is done is over (END_IN_TIME, end_s_of).
 */
bool ry_supervisor_end_over(const struct ry_supervisor *s, const struct ry_supervisor_member *role);
/* A line that begins with the role's name: for people at once, and in the role's log. */
void ry_supervisor_say(struct ry_supervisor *s, struct ry_supervisor_member *role,
                       const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Its deadlines mean nothing: a debugger holds the process. */
bool ry_supervisor_traced(const struct ry_supervisor_member *role);

/* A line for people, at once. */
void ry_supervisor_show(struct ry_supervisor *s, const char *line);

/* Says once that the logs cannot be written, and of each stranger's that it is full. */
void ry_supervisor_look_at_log(struct ry_supervisor *s, struct ry_supervisor_member *role);

/* Once a tick of `since_ns`: says which heartbeat stands still, and when it moves again. */
void ry_supervisor_feel_pulses(struct ry_supervisor *s, int64_t since_ns);

/* ---- talk.c ---------------------------------------------------------------------------------- */

/* Takes what the role has said, in messages or, one that has hung up, in its words. */
void ry_supervisor_listen(struct ry_supervisor *s, struct ry_supervisor_member *role);

/* Asks those whose row says so to stop, because the leader has ended. */
void ry_supervisor_stop_rest(struct ry_supervisor *s);

/* All are open: hands each what its row of the table wants. */
void ry_supervisor_hand_out(struct ry_supervisor *s);

/* Hangs up on a role that has ended and forgets its regions. */
void ry_supervisor_forget(struct ry_supervisor_member *role);

void ry_supervisor_send_kind(struct ry_supervisor *s, struct ry_supervisor_member *role,
                             enum ry_role_message_kind kind);

/* ---- death.c --------------------------------------------------------------------------------- */

/* The process has ended and is reaped: what that means for the battle. */
void ry_supervisor_judge_end(struct ry_supervisor *s, struct ry_supervisor_member *role);

/* What a feed's death means is known: the battle lacks what that feed did not bring, or it was over
 * without it (exec is done). */
void ry_supervisor_feed_lacked(struct ry_supervisor *s);
void ry_supervisor_feed_not_missed(struct ry_supervisor *s);

/* exec and journal have RY_SUPERVISOR_ORDER_SECONDS to end in order. */
void ry_supervisor_end_in_order(struct ry_supervisor *s);

/* Stops everything when an end in order takes too long, or when after a signal exec or journal
 * stand still. Each tick. */
void ry_supervisor_stop_if_late(struct ry_supervisor *s);

/* ---- restart.c ------------------------------------------------------------------------------- */

/* A role of DEATH_RESTARTED has died, `how`: it will be started again, or is given up; a line says
 * which. */
void ry_supervisor_restart_later(struct ry_supervisor *s, struct ry_supervisor_member *role,
                                 const char *how);

/* Starts those whose time has come; forgets those whose time to end is over. Each tick. */
void ry_supervisor_restart_due(struct ry_supervisor *s);

/* ---- parts.c --------------------------------------------------------------------------------- */

/* exec has ended: of a battle that is one process the other roles become members. */
void ry_supervisor_take_parts(struct ry_supervisor *s);

/* ---- noise.c --------------------------------------------------------------------------------- */

/* The battle begins to run; exec is done, or nobody is left: what lies between goes to plan->noise.
 * Once each; the second does nothing without the first. */
void ry_supervisor_noise_begins(struct ry_supervisor *s);
void ry_supervisor_noise_ends(struct ry_supervisor *s);

/* ---- door.c ---------------------------------------------------------------------------------- */

/* Answers observers that have come, a few at most. */
void ry_supervisor_answer_door(struct ry_supervisor *s);

/* ---- supervisor.c, start.c ------------------------------------------------------------------- */

/* Takes the signals that have come to the supervisor itself. */
void ry_supervisor_take_signals(struct ry_supervisor *s);

/* Signals, battle, control region, processes; sends each its PLACE. What fails is blamed. */
void ry_supervisor_start(struct ry_supervisor *s);

/* One process. -1: it could not be started, blamed; of a battle that runs a line says so. */
int ry_supervisor_start_role(struct ry_supervisor *s, struct ry_supervisor_member *role);

/* ---- descriptors.c --------------------------------------------------------------------------- */

/* Raises the limit of open files to what the processes added so far need. -1: it may not, blamed.
 */
int ry_supervisor_allow_descriptors(struct ry_supervisor *s);

/* Sends a message to a role that may be ending. */
void ry_supervisor_send(struct ry_supervisor *s, struct ry_supervisor_member *role,
                        const struct ry_role_message *message, int fd);

#endif
