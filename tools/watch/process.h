/*
 * The processes of a battle as their watch regions (core/role/role.h) show them: what each is,
 * where it runs, whether it lives, how busy it is, how far behind, what it has lost.
 *
 * All of it comes from counters that lie in ROLE.watch with their labels, so that a process that
 * this program has never heard of is shown too. The figures of every process come from
 * core/role/counters.def (core, phase, time with work, moment of the last copy); the rest
 * is looked up by name. Of a battle that is over they come from DIR/counters.txt, as far as it has
 * them.
 */
#ifndef RY_TOOLS_WATCH_PROCESS_H
#define RY_TOOLS_WATCH_PROCESS_H

#include "core/role/door.h"
#include "core/role/role.h"

#define RY_WATCH_PROCESSES_MAX (RY_FEEDS_MAX + RY_AGENTS_MAX + 16) /* a battle has fewer others */
#define RY_WATCH_STALE_NS      INT64_C(1000000000) /* without a copy of counters: it stands still */
#define RY_WATCH_LINES         4
#define RY_WATCH_LINE_BYTES    256

enum ry_watch_state {
    RY_WATCH_STARTS = 1, /* opens and joins */
    RY_WATCH_RUNS,
    RY_WATCH_STANDS, /* no heartbeat for RY_WATCH_STALE_NS */
    RY_WATCH_ENDED,
};

/* A line of WARN or ERROR in the process's log. */
struct ry_watch_line {
    enum ry_log_level level;
    int64_t wall_ns;
    char text[RY_WATCH_LINE_BYTES]; /* printable */
};

struct ry_watch_process {
    char name[RY_NAME_BYTES]; /* "exec", "agent3"; printable, as `own` */
    char own[RY_NAME_BYTES];  /* of the battle file: an agent's, a feed's; else "" */
    enum ry_watch_state state;
    int core;            /* that it was last seen on; -1: not known */
    int64_t beat_age_ns; /* since its counters were copied out; -1: not known, or it has ended */
    int busy_permille;   /* time in which it had work, of all since the last look; -1: not known */
    uint64_t lag;        /* records, inputs: that it has to read; 0 where it has nothing to read */
    const char *lag_unit;
    uint64_t lost; /* overruns, gaps, lapped: the sum of counters that name a loss */
    uint64_t rate; /* a second since the last look, of what it does most: inputs, events, records */
    const char *rate_unit;
    const char *waits_for; /* exec, of a look in which it had more than half of its time to spare:
                              who held it up, "agents", "the journal", "feeds"; "": not known */
    int64_t quiet_ns;      /* since a look saw more of that than the look before; -1: not known */
    unsigned counters;     /* and the counters themselves, with their labels */
    uint64_t value[RY_COUNTERS_MAX], before[RY_COUNTERS_MAX];
    struct ry_counters_description *description;
    struct ry_role_link link; /* the region; zero: of a battle that is over */
    bool borrowed;            /* the link is its giver's */
    /* line[(lines - 1 - i) % RY_WATCH_LINES] is the i-th from the end; of a battle that runs. */
    uint64_t lines;
    struct ry_watch_line line[RY_WATCH_LINES];
    unsigned looks;
    int64_t moved_ns; /* when a look saw more of what it does most */
};

struct ry_watch_processes {
    unsigned count;
    struct ry_watch_process *process; /* [RY_WATCH_PROCESSES_MAX] */
    int64_t looked_ns;                /* by the clock of the last ry_watch_look; 0: none yet */
};

/* The value of the counter of that name; false: it has none. */
bool ry_watch_counter(const struct ry_watch_process *process, const char *name, uint64_t *value);

/* NULL: there is none of that name. */
const struct ry_watch_process *ry_watch_process_find(const struct ry_watch_processes *processes,
                                                     const char *name);

/* "feed0" and so on. */
bool ry_watch_is_feed(const struct ry_watch_process *process);

/* "starts", "runs", "stands", "ended" */
const char *ry_watch_state_name(enum ry_watch_state state);

#endif
