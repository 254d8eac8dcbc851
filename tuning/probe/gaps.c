#include "tuning/probe/gaps.h"

#include <stdlib.h>
#include <string.h>

#include "shm/clock.h"

#define WARM_NS 2000000 /* until the core runs at its speed, and its cache knows the loop */

struct gaps {
    struct ry_probe_gaps_core *row;
    int64_t time_ns, threshold_ns;
};

static void spin_until(int64_t end_ns)
{
    while (ry_clock_ns() < end_ns) {
    }
}

static void read_the_clock(void *context)
{
    const struct gaps *gaps = context;
    struct ry_probe_gaps_core *row = gaps->row;
    const int64_t threshold_ns = gaps->threshold_ns;
    memset(&row->gaps, 0, sizeof row->gaps); /* no page of it comes into being during the loop */
    spin_until(ry_clock_ns() + WARM_NS);
    int64_t begin_ns = ry_clock_ns(), end_ns = begin_ns + gaps->time_ns, last_ns = begin_ns;
    int64_t shortest_ns = INT64_MAX, stolen_ns = 0, longest_ns = 0, longest_at_ns = 0;
    uint64_t readings = 0;
    while (last_ns < end_ns) {
        int64_t now_ns = ry_clock_ns(), gap_ns = now_ns - last_ns;
        readings++;
        if (gap_ns < shortest_ns)
            shortest_ns = gap_ns;
        if (gap_ns > threshold_ns) {
            ry_histogram_add(&row->gaps, (uint64_t)gap_ns);
            stolen_ns += gap_ns;
            if (gap_ns > longest_ns) {
                longest_ns = gap_ns;
                longest_at_ns = last_ns - begin_ns;
            }
        }
        last_ns = now_ns;
    }
    row->time_ns = last_ns - begin_ns;
    row->readings = readings;
    row->reading_ns = shortest_ns;
    row->longest_ns = longest_ns;
    row->longest_at_ns = longest_at_ns;
    row->stolen_ns = stolen_ns;
    row->ran = true;
}

/* Some of the rows, side by side: those whose cores can be used. */
static void measure(const struct gaps *what, struct ry_probe_gaps_core *row, unsigned count)
{
    struct gaps *gaps = calloc(count, sizeof *gaps);
    struct ry_probe_work *work = calloc(count, sizeof *work);
    char why[RY_PROBE_WHY_BYTES] = "no memory";
    unsigned usable = 0;
    for (unsigned i = 0; i < count && gaps != NULL && work != NULL; i++) {
        if (!ry_probe_usable(row[i].core, row[i].why))
            continue;
        gaps[usable] = *what;
        gaps[usable].row = &row[i];
        work[usable] = (struct ry_probe_work){
            .core = row[i].core, .body = read_the_clock, .context = &gaps[usable]};
        usable++;
    }
    if (gaps == NULL || work == NULL || ry_probe_together(work, usable, why) != 0)
        for (unsigned i = 0; i < count; i++)
            if (row[i].why[0] == '\0')
                memcpy(row[i].why, why, sizeof row[i].why);
    free(gaps);
    free(work);
}

int ry_probe_gaps(const struct ry_probe_gaps_asked *asked, struct ry_probe_gaps_result *result)
{
    struct gaps gaps = {.time_ns = asked->time_ns,
                        .threshold_ns = asked->threshold_ns > 0 ? asked->threshold_ns
                                                                : RY_PROBE_GAPS_THRESHOLD_NS};
    *result = (struct ry_probe_gaps_result){.threshold_ns = gaps.threshold_ns};
    unsigned all = ry_tuning_cpus_count(&asked->cores);
    result->core = calloc(all + 1, sizeof *result->core);
    if (result->core == NULL)
        return -1;
    for (int cpu = ry_tuning_cpus_next(&asked->cores, 0); cpu >= 0;
         cpu = ry_tuning_cpus_next(&asked->cores, (unsigned)cpu + 1))
        result->core[result->cores++].core = (unsigned)cpu;
    unsigned at_once = asked->at_once > 0 ? asked->at_once : all;
    for (unsigned first = 0; first < all; first += at_once) {
        unsigned left = all - first;
        measure(&gaps, &result->core[first], left < at_once ? left : at_once);
    }
    return 0;
}

void ry_probe_gaps_free(struct ry_probe_gaps_result *result)
{
    free(result->core);
    *result = (struct ry_probe_gaps_result){.cores = 0};
}
