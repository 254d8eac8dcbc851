/*
 * A crowd of readers of the stream, in one thread: connects, reads what comes, and takes the age of
 * each frame. For benchmarks: it reads as little of a frame as tells its age.
 *
 * A frame says when it was made: "at":"TICKS" (ry_clock_ticks, RY_BENCH_CROWD_DIGITS digits) in its
 * first RY_BENCH_CROWD_HEAD bytes. A snapshot has none of its own.
 */
#ifndef RY_TESTS_SUPPORT_BENCH_CROWD_H
#define RY_TESTS_SUPPORT_BENCH_CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shm/atomic.h"

#define RY_BENCH_CROWD_HEAD   320
#define RY_BENCH_CROWD_DIGITS 20
#define RY_BENCH_CROWD_ROOM   ((size_t)4 << 20) /* samples */

/* Shared with who measures. */
struct ry_bench_crowd {
    ry_atomic_u32 connected; /* clients that have their answer's head */
    ry_atomic_u32 measures;  /* 1: ages are taken */
    ry_atomic_u32 stop;
    ry_atomic_u32 broken; /* connections that ended, answers that were none */
    ry_atomic_u64 frames; /* read while it was measured, also those without room for their age */
    uint64_t count;       /* of the samples; to be read when the crowd is gone */
    uint64_t age_ticks[RY_BENCH_CROWD_ROOM];
};

/* Mapped shared, for a child to write; NULL: no memory. */
struct ry_bench_crowd *ry_bench_crowd_new(void);
void ry_bench_crowd_free(struct ry_bench_crowd *crowd);

/* Runs `clients` WebSockets to 127.0.0.1:`port` until `stop`. False: they cannot all connect. */
bool ry_bench_crowd_run(struct ry_bench_crowd *crowd, uint16_t port, unsigned clients);

#endif
