/*
 * What displays show of a battle, running or finished: one model behind `royale top`, `royale
 * status` and whatever else looks on.
 *
 * It follows the battle (core/follow) and keeps, beside the figures of core/results: the last rows
 * of each agent and of each instrument, and of the game; and it looks at the processes' watch
 * regions (tools/watch/process.h) and says what is wrong (tools/watch/alarm.h). Everything lies in
 * the caller's process; nothing is written anywhere. Example:
 *
 *     ry_watch_open(&w, "DIR", true, error, sizeof error); the journal of DIR
 *     ry_watch_enter(&w, why);                             by the observers' door, if it runs
 *     for (;;) {
 *         while (ry_watch_step(&w, 4096) == 4096) ...      inputs
 *         if (ry_watch_next(&w, true) != RY_RESULTS_WAIT) break;
 *         ry_watch_look(&w, ry_clock_ns());                processes, rates, alarms: a few times a
 *                                                          second
 *         ry_results_board_make(&board, &w.results, ry_follow_arena(&w.follow));
 *     }
 *     ry_watch_close(&w);
 *
 * All memory is taken at open, at the door, and when the battle's agents and instruments are known.
 * The struct is large: not for the stack.
 */
#ifndef RY_TOOLS_WATCH_WATCH_H
#define RY_TOOLS_WATCH_WATCH_H

#include "core/follow/observe.h"
#include "core/results/board.h"
#include "core/results/follow.h"
#include "tools/watch/alarm.h"
#include "tools/watch/names.h"
#include "tools/watch/process.h"

#define RY_WATCH_ROWS        256 /* kept of each agent, of each instrument, of the game */
#define RY_WATCH_ERROR_BYTES 1024
#define RY_WATCH_BROKE_BYTES 256

/* The last rows of one sort: row[(count - 1 - i) % RY_WATCH_ROWS] is the i-th from the end. */
struct ry_watch_rows {
    uint64_t count; /* ever */
    struct ry_results_row row[RY_WATCH_ROWS];
};

/* A figure that should move, and since when it has not. */
struct ry_watch_mark {
    uint64_t value;
    int64_t moved_ns; /* 0: not looked at yet */
};

struct ry_watch {
    const char *directory;
    struct ry_follow follow;
    struct ry_follow_observed observed; /* zero: nobody was asked at the door */
    /* A door was entered, or the links were given; a look finds out when the door stays closed. */
    bool running;
    bool closed; /* the door is there, and did not open: to this user, or nobody answers */
    char why[RY_ROLE_DOOR_WHY_BYTES]; /* the door let nobody in; empty: it did, or nobody asked */
    char broke[RY_WATCH_BROKE_BYTES]; /* it broke off: why, printable; empty: nothing says it */
    struct ry_results results;
    /* Who else is told of each row: ry_watch_tell. */
    void (*row)(void *context, const struct ry_results_row *row);
    void *row_context;
    /* NULL until the battle's agents and instruments are known; for good, if it keeps no rows. */
    bool keeps_rows;
    struct ry_watch_rows
        *agent; /* [results.agents]: orders, cancels, decisions, and what came of them */
    struct ry_watch_rows *instrument; /* [results.instruments]: market_trade, state */
    struct ry_watch_rows game;        /* round, rank, out, stamp, incomplete, end */
    struct ry_watch_names names;
    struct ry_watch_processes processes;
    struct ry_watch_alarms alarms;
    struct ry_results_patience patience;
    struct ry_watch_mark time, durable; /* market time; inputs that the disk has */
    int64_t knocked_ns; /* at the door, for the regions of a process that came anew */
    bool knocks;        /* and no answer came yet: */
    int knocked_fd;     /* where it will */
};

/* 0, or -1 with `error`: no journal there; then there is nothing to close. `directory` is kept.
 * `keeps_rows`: what happened is to be shown; 44 KiB for each agent and instrument that has so many
 * rows. */
int ry_watch_open(struct ry_watch *w, const char *directory, bool keeps_rows, char *error,
                  size_t error_bytes);

/* A battle that runs: joins inputs, positions and watch regions by the observers' door. 0, or -1
 * with the reason; then the journal alone is followed, and processes are what the folder kept. */
int ry_watch_enter(struct ry_watch *w, char why[RY_ROLE_DOOR_WHY_BYTES]);

/* The same for a role of the battle, which has joined its links itself: they stay its own, and
 * mapped until ry_watch_close. Then one ROLE.watch after the other; that of a process that was
 * started again takes the place of its first. -1: that is none, or there is no room. */
void ry_watch_join(struct ry_watch *w, const struct ry_role_link *inputs,
                   const struct ry_role_link *journal);
int ry_watch_add(struct ry_watch *w, const struct ry_role_link *watch);

/* From the next step on `row` is told of each row; NULL: nobody is. */
void ry_watch_tell(struct ry_watch *w, void (*row)(void *context, const struct ry_results_row *row),
                   void *context);

/* Applies up to `n` inputs; returns how many. Fewer: w->follow.status, ry_watch_next. */
unsigned ry_watch_step(struct ry_watch *w, unsigned n);

/* What to do when a step applied less than it was asked to: RY_RESULTS_DONE, RY_RESULTS_DAMAGED, or
 * wait and step again. A journal that has to be opened again was: then all begins anew, and the
 * next steps catch up. One that nobody writes is not: its damage stays. */
enum ry_results_next ry_watch_next(struct ry_watch *w, bool waits);

/* Looks at the processes, makes rates and alarms of what changed since the last look; knocks at the
 * door again where something stands still, and never waits for the answer. `now_ns` is ry_clock_ns.
 */
void ry_watch_look(struct ry_watch *w, int64_t now_ns);

/* Its record has no end, and it does not run. Where the door is closed that is not known: false. */
bool ry_watch_broke_off(const struct ry_watch *w);

/* How the battle stands: "runs", "ended", "stopped", "broke off", "damaged", "not known" (its door
 * is closed to us). */
const char *ry_watch_battle_state(const struct ry_watch *w);

/* Before money is shown: values at the market of now, of w->results. */
void ry_watch_value(struct ry_watch *w);

void ry_watch_close(struct ry_watch *w);

#endif
