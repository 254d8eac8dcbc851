/*
 * The clock as a source: the machine's own moments (TIME), and the END of the battle.
 *
 * TIME comes before every other input at its T, END after all others at its T: at trade_to, or when
 * every feed has ended, at the T of the last record, or when the game is decided, at that moment. A
 * stop ends at once, at the floor (the present T, or what agents were told, if that is
 * later): whatever else has that T comes too late to become an input. Its END carries RY_INF_WALL:
 * how far the battle had come by then, a wall clock chose.
 */
#ifndef RY_CORE_EXEC_SOURCE_CLOCK_H
#define RY_CORE_EXEC_SOURCE_CLOCK_H

#include "core/exec/source.h"

struct ry_exec_clock_source {
    struct ry_exec_merge_source source; /* first: what merge sees */
    struct ry_input record;
    int64_t trade_to; /* RY_TIME_NEVER: when the feeds end */
    int64_t moment;   /* the machine's next */
    int64_t present;  /* T of the last input */
    int64_t floor;    /* no stop may have an earlier T (ry_exec_horizon_floor) */
    uint64_t seq;
    bool feeds_ended;
    bool decided;
    bool stop;
};

void ry_exec_clock_source_start(struct ry_exec_clock_source *clock, int64_t warmup_from,
                                int64_t trade_to);

/* After each input, and after a change of feeds_ended, decided or stop: what comes next. True if
 * the key changed. */
bool ry_exec_clock_source_update(struct ry_exec_clock_source *clock, int64_t present, int64_t floor,
                                 int64_t moment);

#endif
