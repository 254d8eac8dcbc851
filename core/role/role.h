/*
 * A role and its run loop: how every process of the house but the supervisor lives.
 *
 * A role is a table of five steps. The supervisor forks, the child execs the role's binary with
 *   descriptor RY_ROLE_FD_BATTLE   the battle, a sealed memfd (struct ry_battle)
 *   descriptor RY_ROLE_FD_SOCKET   a SEQPACKET socket to the supervisor
 *   argv[1]                       the index among the roles of its kind (feed 0, feed 1, ...)
 *   argv[2]                       the battle's directory
 *   argv[3]                       its name, for who looks at processes: an agent's, else "feed0"
 * and ry_role_main does:
 *   open   (privileged: files, devices) creates the regions it writes, each with ry_role_make
 *   sandbox
 *   join   maps what others write, each with ry_role_join
 *   step   again and again; returns how much work it did; 0 waits (shm/wait.h)
 *   close  on DONE, on SIGTERM (stop), or on failure
 * The whole of a role that counts the inputs of a battle (with its row in
 * core/supervisor/topology.c, tests/unit/supervisor/test_topology.c has one like it):
 *
 *     struct count { struct ry_role_link inputs; uint64_t seen; };
 *     join: return ry_role_join(process, &count->inputs, "exec.inputs");
 *     step: count->seen += ry_ring_read(&count->inputs.reader, record) > 0; ...
 *
 * A role is an instance: what it keeps lies in process->role, `bytes` zeroed bytes that the run
 * loop maps before open and unmaps after close; it has no static state. Its links are left by the
 * run loop too, after close.
 *
 * The heartbeat lives in the role's base region, log and counters in its watch region, its spans in
 * a region that only a battle with traces has; ry_role_main makes them. What the two say to each
 * other on the socket: core/role/message.h. A role that is about to run a stranger's code hangs up
 * in its join (ry_role_hang_up): from then on it speaks by words in its base (core/role/words.h),
 * and runs as soon as it has joined.
 *
 * Once open, a role of a battle with agents is closed to other processes of its user: no ptrace, no
 * way to its descriptors through /proc, no core dump.
 *
 * The process exits with 0 after DONE or SIGTERM, with 1 after ry_role_fail, with 2 when it was not
 * started by a supervisor.
 *
 * SIGTERM asks to stop: `stop` is set, the loop ends after the step, close runs; what fails before
 * GO and after the stop is no failure. It is blocked until ry_role_main can handle it. The
 * supervisor kills a role that has not ended RY_SUPERVISOR_KILL_SECONDS later; when the supervisor
 * dies, PDEATHSIG kills each, whatever it is doing; one that has to tidy up is asked to stop.
 */
#ifndef RY_CORE_ROLE_ROLE_H
#define RY_CORE_ROLE_ROLE_H

#include "core/battle/battle.h"
#include "core/role/counters.h"
#include "core/role/link.h"
#include "core/role/words.h"
#include "shm/counter.h"
#include "shm/log.h"
#include "shm/region.h"
#include "shm/wait.h"

#define RY_ROLE_FD_BATTLE         3
#define RY_ROLE_FD_SOCKET         4
#define RY_ROLE_COUNTERS_EVERY_NS INT64_C(1000000)

/* What a step says instead of an amount of work. */
#define RY_ROLE_DONE   -1 /* the role's work is finished: close and exit 0 */
#define RY_ROLE_FAILED -2 /* said why with ry_role_fail: close and exit with exit_code */

/* Exit code of a feed whose record has nothing for the battle's hours: `royale run` fails with a
 * code of its own then. */
#define RY_ROLE_EXIT_EMPTY 5

/* Of a role that is started again when it dies (RY_SUPERVISOR_DEATH_RESTARTED): */
#define RY_ROLE_EXIT_FINAL 6 /* a new start would meet it again: wrong settings, a successor */
#define RY_ROLE_EXIT_AGAIN 7 /* nothing else helps: a library hangs; however often that is */

/* Exit code of a battle in one process of which an agent could not be loaded. */
#define RY_ROLE_EXIT_AGENT 8

/* The base region of each role, named "ROLE.base" ("feed0.base"); its reader is the supervisor. */
struct ry_role_base {
    _Alignas(RY_ISOLATION) ry_atomic_u64 heartbeat;    /* loops of the run loop */
    ry_atomic_u32 phase;                               /* enum ry_role_phase */
    _Alignas(RY_ISOLATION) struct ry_role_words words; /* of one that has hung up; else zero */
};

/* The head of "ROLE.watch": what the role counts; the ring behind it is its log. For the supervisor
 * and observers, never for an agent. */
struct ry_role_watch {
    _Alignas(RY_ISOLATION) struct ry_counters counters;
};

enum ry_role_phase {
    RY_ROLE_PHASE_OPEN = 1,
    RY_ROLE_PHASE_JOIN = 2,
    RY_ROLE_PHASE_RUN = 3,
    RY_ROLE_PHASE_CLOSED = 4,
};

struct ry_role_process {
    const struct ry_battle *battle;
    const char *directory; /* the battle's directory */
    unsigned index;        /* among the roles of its kind */
    uint32_t user;         /* the number that the supervisor has for it, struct ry_role_message */
    char name[RY_NAME_BYTES]; /* "feed0", "exec", "journal" */
    struct ry_ring_writer *log;
    struct ry_ring_writer *spans; /* of traced events (shm/records/span.h); NULL: none is traced */
    struct ry_role_base *base;
    struct ry_role_watch *watch;
    struct ry_wait wait; /* a role that is rung for says by whom (ry_wait_at), in join or a step */
    /* The role's private counters, in the table's order, and the table; set in open or join, there
     * until after close. NULL: it counts nothing. */
    const uint64_t *counters;
    const struct ry_counter_table *counter_table;
    struct ry_role_counters loop; /* the run loop's, published behind the role's */
    ry_atomic_u32 stop;           /* 1: SIGTERM came; ry_load_relaxed it in long steps */
    struct ry_role_link *links;   /* made and joined, the last first */
    int exit_code;                /* of a failure; 0: 1 */
    void *role;                   /* the role's own state */
};

struct ry_role {
    size_t bytes;                                    /* of its own state; at least 1 */
    int (*open)(struct ry_role_process *process);    /* 0, or -1 after ry_role_fail */
    int (*sandbox)(struct ry_role_process *process); /* may be NULL */
    int (*join)(struct ry_role_process *process);
    int (*step)(
        struct ry_role_process *process); /* work done (0: idle), RY_ROLE_DONE, RY_ROLE_FAILED */
    void (*close)(struct ry_role_process *process);
};

#define RY_ROLE_ARGUMENTS 4 /* of argv */

int ry_role_main(const struct ry_role *role, int argc, char **argv);

/* Whether a supervisor started this process: for a binary that people start too. */
bool ry_role_started(int argc, char **argv);

/* In open: makes the process's own region of that name and hands it to the supervisor, who knows
 * who needs it. "positions" in exec makes exec.positions; printf's format, for "reports%u". The
 * link's memory is the role's and stays until after close. 0, or -1 after ry_role_fail. */
int ry_role_make(struct ry_role_process *process, struct ry_role_link *link, const char *format,
                 ...) __attribute__((format(printf, 3, 4)));

/* Likewise, by its full name: "journal.positions" of a process that is not the journal's own. */
int ry_role_make_named(struct ry_role_process *process, struct ry_role_link *link,
                       const char *name);

/* In join, and for what is handed over later: maps the region of that full name ("feed%u.events"),
 * which the topology promised. 0, or -1 after ry_role_fail. */
int ry_role_join(struct ry_role_process *process, struct ry_role_link *link, const char *format,
                 ...) __attribute__((format(printf, 3, 4)));

/* In join and later: the name of the i-th region that was handed over, and whether it was joined;
 * NULL: there are no more. For a role that is handed one of each process: what a process makes that
 * is started again comes while the role runs, not joined, in the place of its first. */
const char *ry_role_handed(const struct ry_role_process *process, unsigned i, bool *joined);

/* In join, when everything is joined: closes the socket. What the role says afterwards it says in
 * its base; nothing can be sent to it, and it finds out by its parent that the supervisor is gone.
 */
void ry_role_hang_up(struct ry_role_process *process);

/* Closes the descriptors of all regions that the process has; what is mapped stays mapped. Whoever
 * closes all descriptors of the process says so here first. */
void ry_role_close_descriptors(struct ry_role_process *process);

/* Rings for the process that has the bell `other` (shm/wait.h), and counts it. */
static inline void ry_role_ring(struct ry_role_process *process, struct ry_bell *own,
                                const struct ry_bell *other)
{
    process->loop.rings++;
    process->loop.rouses += ry_bell_ring(own, other);
}

/* Says why the role ends: logged as an error, and sent to the supervisor for its last line. Returns
 * -1. */
int ry_role_fail(struct ry_role_process *process, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A line in the role's log. */
#define ry_role_log(process, level, ...) ry_log((process)->log, (level), __VA_ARGS__)

#endif
