/*
 * The ring between two cores: throughput, round trip, and what a reader that may be lapped
 * receives. The baselines of the same run: the raw ping-pong of bench.h, and bare slots (a sequence
 * and seven words, one record size, no lapping, no lengths), which is about what the two caches can
 * hand over.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shm/clock.h"
#include "shm/region.h"
#include "shm/ring.h"
#include "tests/support/bench.h"

#define SLOTS          UINT64_C(65536) /* as the event rings */
#define RECORDS        UINT64_C(10000000)
#define POSITION_EVERY 32 /* records between two looks of the writer's at best */
#define ROUND_TRIPS    200000
#define SPINS_TO_YIELD 4096

struct end {
    _Alignas(RY_ISOLATION) struct ry_ring_writer writer;
    _Alignas(RY_ISOLATION) struct ry_ring_reader reader;
    _Alignas(RY_ISOLATION) struct ry_ring_position position;
    _Alignas(RY_ISOLATION) ry_atomic_u64 total; /* slots written, at the end */
    _Alignas(RY_ISOLATION) uint64_t records;
    uint64_t received, sum;
    unsigned n;
    struct ry_region region;
};
static struct end there, back; /* one ring each way */

static void open_ring(struct end *end, const char *name)
{
    if (ry_region_create(&end->region, name, 1, 0, ry_ring_footprint(SLOTS)) != RY_REGION_OK) {
        perror("region");
        exit(EXIT_FAILURE);
    }
}

static void reset_ring(struct end *end, unsigned n, uint64_t records)
{
    void *memory = ry_region_body(&end->region);
    ry_ring_create(&end->writer, memory, SLOTS);
    ry_ring_join(&end->reader, memory, ry_ring_footprint(SLOTS));
    ry_store_relaxed(&end->position.next, 0);
    ry_store_relaxed(&end->total, 0);
    end->n = n;
    end->records = records;
    end->received = end->sum = 0;
}

static inline void spin(unsigned *spins)
{
    if (++*spins % SPINS_TO_YIELD == 0)
        sched_yield();
    else
        ry_pause();
}

/* Reads until all slots that were written are read or lost. */
static void *receive(void *argument)
{
    struct end *end = argument;
    uint64_t words[RY_RING_RECORD_BYTES_MAX / 8], sum = 0, received = 0;
    unsigned spins = 0, since = 0;
    ry_bench_pin(1);
    for (;;) {
        int n = ry_ring_read(&end->reader, words);
        if (n > 0) {
            sum += words[0];
            received++;
            if (++since < POSITION_EVERY)
                continue;
        } else if (n == RY_RING_EMPTY) {
            uint64_t total =
                ry_load_acquire(&end->total); /* A13: pairs with R13 in tests/bench/bench_ring.c */
            if (total != 0 && total == ry_ring_next(&end->reader))
                break;
            spin(&spins);
        }
        ry_ring_position_store(&end->position, ry_ring_next(&end->reader));
        since = 0;
    }
    end->sum = sum;
    end->received = received;
    return NULL;
}

/* `n` and `lossy` are constants in each caller, as they are in the house. */
static inline __attribute__((always_inline)) void send_all(struct end *end, unsigned n, bool lossy)
{
    uint64_t words[RY_RING_RECORD_BYTES_MAX / 8] = {0};
    unsigned spins = 0;
    for (uint64_t i = 0; i < end->records; i++) {
        words[0] = i;
        while (!lossy && !ry_ring_has_room(&end->writer, &end->position, n))
            spin(&spins);
        ry_ring_write(&end->writer, words, n);
    }
    /* R13: pairs with A13 in tests/bench/bench_ring.c */
    ry_store_release(&end->total, ry_ring_written(&end->writer));
}

static void send_1(struct end *end)
{
    send_all(end, 1, false);
}
static void send_3(struct end *end)
{
    send_all(end, 3, false);
}
static void send_lossy(struct end *end)
{
    send_all(end, 1, true);
}

/* M records/s that left; with `received` the share that arrived. */
static double one_way(void (*send)(struct end *), unsigned n, double *received)
{
    pthread_t reader;
    reset_ring(&there, n, RECORDS / n);
    pthread_create(&reader, NULL, receive, &there);
    ry_bench_pin(0);
    int64_t began = ry_clock_ns();
    send(&there);
    int64_t sent = ry_clock_ns();
    pthread_join(reader, NULL);
    int64_t ended = ry_clock_ns();
    if (received != NULL)
        *received = 100.0 * (double)there.received / (double)there.records;
    else if (there.received != there.records ||
             there.sum != there.records * (there.records - 1) / 2)
        abort(); /* a lossless link that lost is no benchmark */
    return (double)there.records * 1e3 / (double)((received != NULL ? sent : ended) - began);
}

/* ---- baseline: bare slots -------------------------------------------------------------------- */

static void *receive_bare(void *argument)
{
    struct end *end = argument;
    const struct ry_ring_slot *slot = end->writer.slot;
    uint64_t words[RY_RING_SLOT_WORDS], sum = 0;
    unsigned spins = 0;
    ry_bench_pin(1);
    for (uint64_t i = 0; i < end->records; i++) {
        /* A14: pairs with R14 in tests/bench/bench_ring.c */
        while (ry_load_acquire(&slot[i % SLOTS].sequence) != i + 1)
            spin(&spins);
        ry_ring_load_payload(&slot[i % SLOTS], (unsigned char *)words);
        ry_bench_keep(words);
        sum += words[0];
        if (i % POSITION_EVERY == 0)
            ry_ring_position_store(&end->position, i + 1);
    }
    end->sum = sum;
    return NULL;
}

static double bare(void)
{
    pthread_t reader;
    reset_ring(&there, 1, RECORDS);
    pthread_create(&reader, NULL, receive_bare, &there);
    ry_bench_pin(0);
    struct ry_ring_slot *slot = there.writer.slot;
    uint64_t words[RY_RING_SLOT_WORDS] = {0}, read = 0;
    unsigned spins = 0;
    int64_t began = ry_clock_ns();
    for (uint64_t i = 0; i < there.records; i++) {
        while (i - read >= SLOTS - POSITION_EVERY) {
            read = ry_load_acquire(&there.position.next); /* A2: pairs with R2 in shm/ring.h */
            spin(&spins);
        }
        words[0] = i;
        ry_bench_keep(words);
        ry_ring_store_payload(&slot[i % SLOTS], (const unsigned char *)words);
        /* R14: pairs with A14 in tests/bench/bench_ring.c */
        ry_store_release(&slot[i % SLOTS].sequence, i + 1);
    }
    pthread_join(reader, NULL);
    return (double)there.records * 1e3 / (double)(ry_clock_ns() - began);
}

/* ---- round trip: a record there, a record back ----------------------------------------------- */

static void *echo(void *unused)
{
    (void)unused;
    uint64_t words[RY_RING_RECORD_BYTES_MAX / 8];
    unsigned spins = 0;
    ry_bench_pin(1);
    for (uint64_t i = 0; i < there.records; i++) {
        while (ry_ring_read(&there.reader, words) <= 0)
            if (++spins % SPINS_TO_YIELD == 0)
                sched_yield();
        ry_ring_write(&back.writer, words, 1);
    }
    return NULL;
}

static double round_trips(struct ry_bench_samples *samples)
{
    uint64_t words[RY_RING_RECORD_BYTES_MAX / 8] = {0};
    uint64_t warm_up = ROUND_TRIPS / RY_BENCH_WARM_UP_SHARE, count = ROUND_TRIPS + warm_up;
    if (ry_bench_oversubscribed())
        count = warm_up + 1000; /* nothing is claimed; that it works is shown */
    unsigned spins = 0;
    reset_ring(&there, 1, count);
    reset_ring(&back, 1, count);
    pthread_t peer;
    pthread_create(&peer, NULL, echo, NULL);
    ry_bench_pin(0);
    int64_t began = 0;
    uint64_t last = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (i == warm_up) {
            began = ry_clock_ns();
            last = ry_clock_ticks();
        }
        words[0] = i;
        ry_ring_write(&there.writer, words, 1);
        while (ry_ring_read(&back.reader, words) <= 0)
            if (++spins % SPINS_TO_YIELD == 0)
                sched_yield();
        if (i < warm_up)
            continue;
        uint64_t now = ry_clock_ticks();
        ry_bench_sample(samples, now - last);
        last = now;
    }
    double mean_ns = (double)(ry_clock_ns() - began) / (double)(count - warm_up);
    pthread_join(peer, NULL);
    return mean_ns;
}

static void throughput(void)
{
    double rate[RY_BENCH_RUNS], share[RY_BENCH_RUNS];
    bare();
    for (unsigned run = 0; run < RY_BENCH_RUNS; run++)
        rate[run] = bare();
    ry_bench_rate("baseline: bare slots, one way", "M/s", rate, RY_BENCH_RUNS);
    for (unsigned run = 0; run < RY_BENCH_RUNS; run++)
        rate[run] = one_way(send_1, 1, NULL);
    ry_bench_rate("ring, lossless, 1-slot records", "M/s", rate, RY_BENCH_RUNS);
    for (unsigned run = 0; run < RY_BENCH_RUNS; run++)
        rate[run] = one_way(send_3, 3, NULL);
    ry_bench_rate("ring, lossless, 3-slot records", "M/s", rate, RY_BENCH_RUNS);
    for (unsigned run = 0; run < RY_BENCH_RUNS; run++)
        rate[run] = one_way(send_lossy, 1, &share[run]);
    ry_bench_rate("ring, may be lapped, 1 slot: written", "M/s", rate, RY_BENCH_RUNS);
    ry_bench_rate("ring, may be lapped, 1 slot: received", "%", share, RY_BENCH_RUNS);
}

int main(void)
{
    ry_bench_begin("ring: two cores, 64-byte slots", 2);
    open_ring(&there, "there");
    open_ring(&back, "back");
    printf("rings of %llu slots on %s pages\n", (unsigned long long)SLOTS,
           there.region.huge ? "huge" : "normal");
    throughput();

    struct ry_bench_samples samples;
    ry_bench_samples_open(&samples, (size_t)ROUND_TRIPS * RY_BENCH_RUNS);
    double sum = 0;
    ry_bench_pp_now();
    for (unsigned run = 0; run < RY_BENCH_RUNS; run++)
        sum += round_trips(&samples);
    ry_bench_latency("ring, round trip through two rings", &samples, sum / RY_BENCH_RUNS);
    ry_bench_samples_close(&samples);
    ry_region_leave(&there.region);
    ry_region_leave(&back.region);
    return ry_bench_end();
}
