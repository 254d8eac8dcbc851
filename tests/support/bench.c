#include "tests/support/bench.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "shm/atomic.h"
#include "shm/clock.h"

#define PP_BATCHES      9
#define PP_ROUNDS       20000
#define PP_ROUNDS_BUSY  500
#define SPINS_TO_YIELD  4096 /* a peer that does not run needs this core */
#define FREE_SAMPLE_NS  250000000
#define FREE_CORE_SLACK 0.25 /* a core that is idle for three quarters counts as free */

static struct {
    char name[64];
    unsigned cores_needed;
    double cores_free;
    bool oversubscribed;
    double pp_before, pp_ns;
} bench;

int ry_bench_pin(unsigned n)
{
    static cpu_set_t allowed; /* the mask at the start, before the first pin */
    static int count;
    if (count == 0) {
        sched_getaffinity(0, sizeof allowed, &allowed);
        count = CPU_COUNT(&allowed);
    }
    n %= (unsigned)count;
    for (unsigned core = 0; core < CPU_SETSIZE; core++) {
        if (!CPU_ISSET(core, &allowed) || n-- != 0)
            continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(core, &one);
        sched_setaffinity(0, sizeof one, &one);
        return (int)core;
    }
    return -1;
}

static int allowed_cores(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/* The first line of `path` that begins with `prefix`, what follows it (and ": "), or "-". */
static const char *line_of(const char *path, const char *prefix)
{
    static char line[4][256];
    static unsigned turn;
    char *text = line[turn++ % 4];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return "-";
    const char *found = "-";
    while (fgets(text, sizeof line[0], file) != NULL) {
        if (strncmp(text, prefix, strlen(prefix)) != 0)
            continue;
        text[strcspn(text, "\n")] = '\0';
        found = text + strlen(prefix);
        found += strspn(found, " \t:");
        break;
    }
    fclose(file);
    return found;
}

static void idle_and_all(uint64_t *idle, uint64_t *all)
{
    *idle = *all = 0;
    const char *text = line_of("/proc/stat", "cpu ");
    for (int field = 0; field < 8 && *text != '\0' && *text != '-'; field++) {
        char *end;
        uint64_t ticks = strtoull(text, &end, 10);
        *all += ticks;
        if (field == 3 || field == 4) /* idle, iowait */
            *idle += ticks;
        text = end;
    }
}

static double free_cores(void)
{
    uint64_t idle[2], all[2];
    idle_and_all(&idle[0], &all[0]);
    nanosleep(&(struct timespec){.tv_nsec = FREE_SAMPLE_NS}, NULL);
    idle_and_all(&idle[1], &all[1]);
    if (all[1] <= all[0])
        return 0;
    double cores = (double)sysconf(_SC_NPROCESSORS_ONLN);
    double share = cores * (double)(idle[1] - idle[0]) / (double)(all[1] - all[0]);
    return share < (double)allowed_cores() ? share : (double)allowed_cores();
}

/* ---- the ping-pong: two lines, each written by one side -------------------------------------- */

static struct {
    _Alignas(RY_ISOLATION) ry_atomic_u64 ping;
    _Alignas(RY_ISOLATION) ry_atomic_u64 pong;
    _Alignas(RY_ISOLATION) uint64_t rounds;
} pp;

static void spin_until(const ry_atomic_u64 *word, uint64_t value)
{
    unsigned spins = 0;
    /* A12: pairs with R12 in tests/support/bench.c */
    while (ry_load_acquire(word) != value)
        if (++spins % SPINS_TO_YIELD == 0)
            sched_yield();
}

static void *pp_peer(void *unused)
{
    (void)unused;
    ry_bench_pin(1);
    for (uint64_t i = 1; i <= pp.rounds * PP_BATCHES; i++) {
        spin_until(&pp.ping, i);
        ry_store_release(&pp.pong, i); /* R12: pairs with A12 in tests/support/bench.c */
    }
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double measure_pp(void)
{
    if (allowed_cores() < 2 && bench.pp_before == 0)
        return 0;
    cpu_set_t before;
    sched_getaffinity(0, sizeof before, &before);
    pp.rounds = bench.oversubscribed ? PP_ROUNDS_BUSY : PP_ROUNDS;
    ry_store_relaxed(&pp.ping, 0);
    ry_store_relaxed(&pp.pong, 0);
    pthread_t peer;
    if (pthread_create(&peer, NULL, pp_peer, NULL) != 0)
        return 0;
    ry_bench_pin(0);
    double batch[PP_BATCHES];
    uint64_t i = 0;
    for (int b = 0; b < PP_BATCHES; b++) {
        int64_t began = ry_clock_ns();
        for (uint64_t r = 0; r < pp.rounds; r++) {
            ry_store_release(&pp.ping, ++i); /* R12: pairs with A12 in tests/support/bench.c */
            spin_until(&pp.pong, i);
        }
        batch[b] = (double)(ry_clock_ns() - began) / (double)pp.rounds;
    }
    pthread_join(peer, NULL);
    sched_setaffinity(0, sizeof before, &before);
    qsort(batch, PP_BATCHES, sizeof batch[0], by_value);
    return batch[PP_BATCHES / 2];
}

/* ---- begin and end --------------------------------------------------------------------------- */

static void print_machine(void)
{
    struct utsname kernel;
    uname(&kernel);
    printf("machine    %s (family %s, model %s), %ld cores (%d allowed)\n",
           line_of("/proc/cpuinfo", "model name"), line_of("/proc/cpuinfo", "cpu family"),
           line_of("/proc/cpuinfo", "model\t"), sysconf(_SC_NPROCESSORS_ONLN), allowed_cores());
    printf("kernel     %s %s, governor %s, clock %s (%.3f ns a tick), kernel's %s\n",
           kernel.sysname, kernel.release,
           line_of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", ""), ry_clock_source(),
           ry_clock_ns_per_tick(),
           line_of("/sys/devices/system/clocksource/clocksource0/current_clocksource", ""));
    printf("huge pages %s free of %s, %s\n", line_of("/proc/meminfo", "HugePages_Free"),
           line_of("/proc/meminfo", "HugePages_Total"), line_of("/proc/meminfo", "Hugepagesize"));
    printf("load       %s; %.1f cores free, %u needed\n", line_of("/proc/loadavg", ""),
           bench.cores_free, bench.cores_needed);
}

void ry_bench_begin(const char *name, unsigned cores)
{
    ry_clock_init();
    snprintf(bench.name, sizeof bench.name, "%s", name);
    bench.cores_needed = cores;
    bench.cores_free = free_cores();
    bench.oversubscribed = bench.cores_free + FREE_CORE_SLACK < (double)cores;
    printf("== %s ==\n", name);
    print_machine();
    bench.pp_before = bench.pp_ns = measure_pp();
    if (bench.oversubscribed)
        printf("oversubscribed: the rates below are what was left of the machine\n");
    printf("pp before  %.1f ns round trip%s\n", bench.pp_ns, bench.oversubscribed ? " (busy)" : "");
    fflush(stdout);
}

int ry_bench_end(void)
{
    double after = measure_pp(), moved = 0;
    if (bench.pp_before > 0)
        moved = (after > bench.pp_before ? after - bench.pp_before : bench.pp_before - after) /
                bench.pp_before;
    printf("pp after   %.1f ns round trip, moved by %.0f %%\n", after, moved * 100);
    if (!bench.oversubscribed && moved * 1e6 > RY_BENCH_PP_MOVED_PPM)
        printf("pp moved by more than %d %%: the latencies above do not stand, run again\n",
               RY_BENCH_PP_MOVED_PPM / 10000);
    fflush(stdout);
    return EXIT_SUCCESS;
}

void ry_bench_pp_now(void)
{
    bench.pp_before = bench.pp_ns = measure_pp();
    printf("pp now     %.1f ns round trip\n", bench.pp_ns);
    fflush(stdout);
}

bool ry_bench_oversubscribed(void)
{
    return bench.oversubscribed;
}

/* ---- figures --------------------------------------------------------------------------------- */

void ry_bench_note(const char *row, const char *unit, double median, double least, double most,
                   unsigned runs)
{
    const char *path = getenv("ROYALE_BENCH_RESULT");
    FILE *file = path == NULL ? NULL : fopen(path, "ae");
    if (file == NULL)
        return;
    fprintf(file, "%s\t%s\t%s\t%.6g\t%.6g\t%.6g\t%u\t%s\n", bench.name, row, unit, median, least,
            most, runs, bench.oversubscribed ? "busy" : "quiet");
    fclose(file);
}

void ry_bench_rate(const char *what, const char *unit, double *value, unsigned runs)
{
    qsort(value, runs, sizeof value[0], by_value);
    printf("%-44s %10.2f %-6s (%.2f .. %.2f in %u runs)%s\n", what, value[runs / 2], unit, value[0],
           value[runs - 1], runs, bench.oversubscribed ? " busy" : "");
    fflush(stdout);
    ry_bench_note(what, unit, value[runs / 2], value[0], value[runs - 1], runs);
}

void ry_bench_samples_open(struct ry_bench_samples *samples, size_t room)
{
    *samples = (struct ry_bench_samples){.ticks = calloc(room, sizeof(uint64_t)), .room = room};
    if (samples->ticks == NULL)
        abort();
    /* the pages are there before the clock runs */
    memset(samples->ticks, 1, room * sizeof(uint64_t));
}

void ry_bench_samples_close(struct ry_bench_samples *samples)
{
    free(samples->ticks);
    *samples = (struct ry_bench_samples){0};
}

static int by_ticks(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static double percentile_ns(const struct ry_bench_samples *samples, uint64_t per_100k)
{
    size_t rank = (size_t)((samples->count * per_100k + 99999) / 100000);
    return (double)samples->ticks[rank == 0 ? 0 : rank - 1] * ry_clock_ns_per_tick();
}

void ry_bench_latency(const char *what, struct ry_bench_samples *samples, double mean_ns)
{
    if (bench.oversubscribed || samples->count == 0) {
        printf("%-44s no latency claim: %s\n", what,
               bench.oversubscribed ? "oversubscribed" : "no samples");
        return;
    }
    double sum = 0;
    for (size_t i = 0; i < samples->count; i++)
        sum += (double)samples->ticks[i];
    if (mean_ns == 0)
        mean_ns = sum / (double)samples->count * ry_clock_ns_per_tick();
    qsort(samples->ticks, samples->count, sizeof samples->ticks[0], by_ticks);
    const double figure[] = {mean_ns, percentile_ns(samples, 50000), percentile_ns(samples, 99000),
                             percentile_ns(samples, 99900), percentile_ns(samples, 100000)};
    static const char *const name[] = {"mean", "p50", "p99", "p99.9", "max"};
    printf("%-44s", what);
    for (int i = 0; i < 5; i++) {
        printf("  %s %.0f ns", name[i], figure[i]);
        if (bench.pp_ns > 0)
            printf(" (%.2f pp)", figure[i] / bench.pp_ns);
        char row[128];
        snprintf(row, sizeof row, "%s, %s", what, name[i]);
        ry_bench_note(row, "ns", figure[i], figure[i], figure[i], 1);
    }
    printf("\n");
    fflush(stdout);
}
