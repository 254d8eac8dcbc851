/*
 * What every benchmark shares: pinning, the machine's description, the raw cache-line ping-pong as
 * the unit of latency, exact percentiles, and honesty about a machine that is busy.
 *
 * A benchmark is
 *   ry_bench_begin("ring", 2);              heading, machine, ping-pong before
 *   ... ry_bench_pin(0) ... measure ...
 *   ry_bench_rate(...), ry_bench_latency(...)
 *   return ry_bench_end();                  ping-pong after; says whether the latencies stand
 * With fewer free cores than it needs it prints rates, marked, and no latencies.
 */
#ifndef RY_TESTS_SUPPORT_BENCH_H
#define RY_TESTS_SUPPORT_BENCH_H

#include "shm/base.h"

#define RY_BENCH_RUNS 5
/* More than that between before and after: latencies do not stand. */
#define RY_BENCH_PP_MOVED_PPM  200000
#define RY_BENCH_WARM_UP_SHARE 10 /* 1/10 of a run before it, not counted */

/* Chooses the clock, prints heading and machine, looks whether `cores` are free, measures the
 * ping-pong. */
void ry_bench_begin(const char *name, unsigned cores);

/* Measures the ping-pong again and says whether it moved. Returns main's exit code. */
int ry_bench_end(void);

/* Measures the ping-pong anew, as the unit of what follows and the "before" of ry_bench_end: for
 * long benchmarks on virtual machines, whose cores move. Call it right before a latency is
 * measured. */
void ry_bench_pp_now(void);

/* True if the machine has too few free cores for a claim about latency. */
bool ry_bench_oversubscribed(void);

/* Pins the caller to the n-th core that the process may use (n wraps). Returns that core. */
int ry_bench_pin(unsigned n);

/* Stops the compiler from leaving `pointer`'s contents out. */
static inline void ry_bench_keep(const void *pointer)
{
    __asm__ __volatile__("" ::"r"(pointer) : "memory");
}

/* Where $ROYALE_BENCH_RESULT names a file, every figure is a line of it too, for bench-compare:
 * benchmark, row, unit, median, least, most, runs, "quiet" or "busy", with tabs between.
 * ry_bench_rate and ry_bench_latency do that themselves; a benchmark that prints a table of its own
 * calls this. */
void ry_bench_note(const char *row, const char *unit, double median, double least, double most,
                   unsigned runs);

/* One measured figure of several runs: prints its median and range. Sorts `value`. */
void ry_bench_rate(const char *what, const char *unit, double *value, unsigned runs);

/* Ticks of single events (differences of ry_clock_ticks), for exact percentiles. */
struct ry_bench_samples {
    uint64_t *ticks;
    size_t count;
    size_t room;
};

void ry_bench_samples_open(struct ry_bench_samples *samples, size_t room);
void ry_bench_samples_close(struct ry_bench_samples *samples);

static inline void ry_bench_sample(struct ry_bench_samples *samples, uint64_t ticks)
{
    if (samples->count < samples->room)
        samples->ticks[samples->count++] = ticks;
}

/* Prints p50, p99, p99.9, max and mean, in ns and as multiples of the ping-pong. Sorts the samples.
 * `mean_ns`: from batches, where the clock is coarser than what is measured; 0: from the samples.
 */
void ry_bench_latency(const char *what, struct ry_bench_samples *samples, double mean_ns);

#endif
