/*
 * For benchmarks of followers: a made market of one agent's orders and cancels, published as exec
 * and journal publish one, by two threads of the benchmark: the one writes the input ring and
 * applies the machine, the other writes the journal.
 *
 * Example: 4,000 inputs a second are an order and its cancel by turns, so 10,000 rows a second
 * (order, ack, rested; cancel_request, cancel).
 */
#ifndef RY_TESTS_SUPPORT_BENCH_MARKET_H
#define RY_TESTS_SUPPORT_BENCH_MARKET_H

#include <pthread.h>
#include <stdbool.h>

#include "core/arena/arena.h"
#include "core/journal/writer.h"
#include "shm/records/links.h"
#include "tests/support/bench.h"

#define RY_BENCH_MARKET_AGENTS 8
/* Rows of an order and its cancel. */
#define RY_BENCH_MARKET_ROWS 5

struct ry_bench_market {
    const char *directory; /* exists; the journal is made there */
    uint64_t inputs;       /* to publish, with those that describe the battle and its END */
    uint64_t per_second;   /* pace; 0: as fast as it goes */
    bool spins;            /* until an input is due; else the publisher sleeps */
    unsigned core;         /* of the publisher (ry_bench_pin); the journal has the next */
    int64_t *published_ns; /* [inputs + 1], by number, or NULL */
    struct ry_bench_samples *samples; /* ticks of each input's own work, or NULL */

    void *ring;
    size_t ring_bytes;
    struct ry_journal_positions positions;
    double seconds; /* of all inputs; after ry_bench_market_wait */
    pthread_t publisher, journal;
    struct ry_journal_writer writer;
    ry_atomic_u32 opened;
};

/* Makes ring and journal, and starts both threads; returns when the journal's file is there. */
void ry_bench_market_start(struct ry_bench_market *market);

/* Until all is published and durable. */
void ry_bench_market_wait(struct ry_bench_market *market);

#endif
