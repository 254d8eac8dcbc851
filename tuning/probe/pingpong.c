#include "tuning/probe/pingpong.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shm/atomic.h"
#include "shm/base.h"
#include "shm/clock.h"

#define BATCH_ROUNDS  200u  /* a batch takes 10-100 us */
#define BATCHES_MAX   1000u /* whose median counts */
#define LOOKS_A_CLOCK 1000u /* at the other's word between two looks at the clock */
#define WORD_END      UINT32_MAX
#define PAIR_NS_LEAST 500000 /* less tells nothing: then some pairs are not measured */

struct pair {
    _Alignas(RY_ISOLATION) ry_atomic_u32 ping;
    _Alignas(RY_ISOLATION) ry_atomic_u32 pong;
    _Alignas(RY_ISOLATION) int64_t end_ns;
    unsigned batches;
    int64_t batch_ns[BATCHES_MAX];
};

static void answer(void *context)
{
    struct pair *pair = context;
    for (uint32_t seen = 0, word; (word = ry_load_relaxed(&pair->ping)) != WORD_END;) {
        if (word != seen) {
            seen = word;
            ry_store_relaxed(&pair->pong, seen);
        }
    }
}

/* False: the time is over, and the other one has not answered. */
static bool answered(const struct pair *pair, uint32_t number)
{
    for (;;) {
        for (unsigned i = 0; i < LOOKS_A_CLOCK; i++)
            if (ry_load_relaxed(&pair->pong) == number)
                return true;
        if (ry_clock_ns() > pair->end_ns)
            return false;
    }
}

/* One batch goes before those that count. */
static void ask(void *context)
{
    struct pair *pair = context;
    uint32_t number = 0;
    int64_t begin_ns = ry_clock_ns();
    for (bool warm = false, lives = true; lives && pair->batches < BATCHES_MAX; warm = true) {
        for (unsigned i = 0; i < BATCH_ROUNDS && lives; i++) {
            ry_store_relaxed(&pair->ping, ++number);
            lives = answered(pair, number);
        }
        int64_t now_ns = ry_clock_ns();
        if (warm && lives)
            pair->batch_ns[pair->batches++] = now_ns - begin_ns;
        begin_ns = now_ns;
        lives = lives && now_ns < pair->end_ns;
    }
    ry_store_relaxed(&pair->ping, WORD_END);
}

static int by_time(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Picoseconds one way, or NONE with `why`. */
static int64_t measure(unsigned core, unsigned other, int64_t time_ns, struct pair *pair,
                       char why[RY_PROBE_WHY_BYTES])
{
    const struct ry_probe_work work[] = {
        {.core = other, .body = answer, .context = pair},
        {.core = core, .body = ask, .context = pair},
    };
    ry_store_relaxed(&pair->ping, 0);
    ry_store_relaxed(&pair->pong, 0);
    pair->batches = 0;
    pair->end_ns = ry_clock_ns() + time_ns;
    if (ry_probe_together(work, 2, why) != 0)
        return RY_PROBE_PINGPONG_NONE;
    if (pair->batches == 0) {
        snprintf(why, RY_PROBE_WHY_BYTES,
                 "cores %u and %u did not run side by side long enough: somebody else has them",
                 core, other);
        return RY_PROBE_PINGPONG_NONE;
    }
    qsort(pair->batch_ns, pair->batches, sizeof pair->batch_ns[0], by_time);
    return pair->batch_ns[pair->batches / 2] * 1000 / (2 * BATCH_ROUNDS);
}

static bool make_room(struct ry_probe_pingpong_result *result, const struct ry_tuning_cpus *cores)
{
    size_t count = ry_tuning_cpus_count(cores);
    *result = (struct ry_probe_pingpong_result){.cores = 0};
    result->core = calloc(count + 1, sizeof *result->core);
    result->one_way_ps = calloc(count * count + 1, sizeof *result->one_way_ps);
    if (result->core == NULL || result->one_way_ps == NULL) {
        ry_probe_pingpong_free(result);
        return false;
    }
    for (int cpu = ry_tuning_cpus_next(cores, 0); cpu >= 0;
         cpu = ry_tuning_cpus_next(cores, (unsigned)cpu + 1))
        result->core[result->cores++] = (unsigned)cpu;
    for (size_t i = 0; i < count * count; i++)
        result->one_way_ps[i] = RY_PROBE_PINGPONG_NONE;
    result->pairs = (uint64_t)count * (count - (count > 0)) / 2;
    return true;
}

static void keep_why(struct ry_probe_pingpong_result *result, const char *why)
{
    if (result->why[0] == '\0')
        snprintf(result->why, sizeof result->why, "%s", why);
}

/* Each pair gets its share of what is left. */
static void measure_all(struct ry_probe_pingpong_result *result, int64_t end_ns, struct pair *pair)
{
    uint64_t left = result->pairs;
    for (unsigned apart = 1; apart < result->cores; apart++) {
        for (unsigned i = 0; i + apart < result->cores; i++, left--) {
            char why[RY_PROBE_WHY_BYTES];
            int64_t left_ns = end_ns - ry_clock_ns(), share_ns = left_ns / (int64_t)left;
            if (share_ns < PAIR_NS_LEAST)
                share_ns = PAIR_NS_LEAST;
            if (share_ns > left_ns) {
                keep_why(result, "the time was over");
                return;
            }
            int64_t one_way_ps =
                measure(result->core[i], result->core[i + apart], share_ns, pair, why);
            if (one_way_ps == RY_PROBE_PINGPONG_NONE) {
                keep_why(result, why);
                continue;
            }
            result->measured++;
            result->one_way_ps[(size_t)i * result->cores + i + apart] = one_way_ps;
            result->one_way_ps[(size_t)(i + apart) * result->cores + i] = one_way_ps;
        }
    }
}

int ry_probe_pingpong(const struct ry_probe_pingpong_asked *asked,
                      struct ry_probe_pingpong_result *result)
{
    int64_t end_ns = ry_clock_ns() + asked->time_ns;
    struct pair *pair = aligned_alloc(RY_ISOLATION, sizeof *pair);
    if (pair == NULL || !make_room(result, &asked->cores)) {
        free(pair);
        return -1;
    }
    measure_all(result, end_ns, pair);
    free(pair);
    return 0;
}

void ry_probe_pingpong_free(struct ry_probe_pingpong_result *result)
{
    free(result->core);
    free(result->one_way_ps);
    *result = (struct ry_probe_pingpong_result){.cores = 0};
}
