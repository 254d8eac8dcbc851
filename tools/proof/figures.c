#include "tools/proof/figures.h"

#include <string.h>

#include "tools/text/json.h"
#include "tools/text/noise_json.h"

#define P50 50000u /* shares of ry_histogram_percentile */
#define P99 99000u

static json_t *object(void)
{
    return ry_text_json_whole(json_object());
}

static json_t *list(void)
{
    return ry_text_json_whole(json_array());
}

static void set_count(json_t *of, const char *key, uint64_t count)
{
    ry_text_json_set(of, key, ry_text_json_count(count));
}

static void set_ns(json_t *of, const char *key, int64_t ns)
{
    ry_text_json_set(of, key, ry_text_json_i64(ns));
}

static void set_ns_of(json_t *of, const char *key, const struct ry_histogram *times, uint32_t share)
{
    ry_text_json_set(of, key, ry_text_json_u64(ry_histogram_percentile(times, share)));
}

static void set_text(json_t *of, const char *key, const char *text)
{
    ry_text_json_set(of, key, ry_text_json_string(text, strlen(text)));
}

json_t *ry_proof_figures(void)
{
    json_t *part = object();
    ry_text_json_set(part, "gaps", json_null());
    ry_text_json_set(part, "calls", list());
    ry_text_json_set(part, "pingpong", json_null());
    ry_text_json_set(part, "memory", list());
    ry_text_json_set(part, "rtla", list());
    ry_text_json_set(part, "counts", list());
    ry_text_json_set(part, "not_measured", list());
    return part;
}

void ry_proof_figures_lacks(json_t *part, const char *what, const char *why)
{
    json_t *row = object();
    set_text(row, "what", what);
    set_text(row, "why", why);
    ry_text_json_add(json_object_get(part, "not_measured"), row);
}

/* ---- gaps ------------------------------------------------------------------------------------ */

static json_t *bars_of(const struct ry_histogram *histogram)
{
    json_t *bars = list();
    for (unsigned i = 0; i < RY_HISTOGRAM_BUCKETS; i++) {
        if (histogram->bucket[i] == 0)
            continue;
        json_t *bar = object();
        const uint64_t below = i > 0 ? ry_histogram_edge(i - 1) + 1 : 0;
        ry_text_json_set(bar, "from_ns", ry_text_json_u64(below));
        ry_text_json_set(bar, "to_ns", ry_text_json_u64(ry_histogram_edge(i) + 1));
        set_count(bar, "count", histogram->bucket[i]);
        ry_text_json_add(bars, bar);
    }
    return bars;
}

void ry_proof_figures_gaps(json_t *part, const struct ry_probe_gaps_result *gaps)
{
    json_t *all = object(), *cores = list();
    for (unsigned i = 0; i < gaps->cores; i++) {
        const struct ry_probe_gaps_core *core = &gaps->core[i];
        char why[RY_PROBE_WHY_BYTES + 32];
        if (!core->ran) {
            snprintf(why, sizeof why, "CPU %u: %s", core->core, core->why);
            ry_proof_figures_lacks(part, "gaps", why);
            continue;
        }
        json_t *row = object();
        set_count(row, "cpu", core->core);
        set_ns(row, "ran_ns", core->time_ns);
        set_count(row, "count", core->gaps.count);
        set_ns(row, "stolen_ns", core->stolen_ns);
        set_ns_of(row, "p50_ns", &core->gaps, P50);
        set_ns_of(row, "p99_ns", &core->gaps, P99);
        set_ns(row, "longest_ns", core->longest_ns);
        ry_text_json_set(row, "bars", bars_of(&core->gaps));
        ry_text_json_add(cores, row);
    }
    set_ns(all, "threshold_ns", gaps->threshold_ns);
    ry_text_json_set(all, "cores", cores);
    ry_text_json_set(part, "gaps", all);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void add_call(json_t *part, const char *name, unsigned cpu, int other,
                     const struct ry_probe_times *times)
{
    json_t *row = object();
    set_text(row, "name", name);
    set_count(row, "cpu", cpu);
    ry_text_json_set(row, "other", ry_text_json_integer(other));
    set_count(row, "count", times->count);
    set_ns(row, "shortest_ns", times->shortest_ns);
    set_ns_of(row, "p50_ns", &times->ns, P50);
    set_ns_of(row, "p99_ns", &times->ns, P99);
    ry_text_json_set(row, "longest_ns", ry_text_json_u64(times->ns.max));
    ry_text_json_add(json_object_get(part, "calls"), row);
}

void ry_proof_figures_syscall(json_t *part, unsigned core,
                              const struct ry_probe_syscall_result *result)
{
    if (result->ran)
        add_call(part, "syscall", core, -1, &result->calls);
    else
        ry_proof_figures_lacks(part, "calls, syscall", result->why);
}

void ry_proof_figures_futex(json_t *part, const struct ry_probe_futex_asked *asked,
                            const struct ry_probe_futex_result *result)
{
    if (result->ran)
        add_call(part, "futex", asked->waker, (int)asked->sleeper, &result->woken);
    else
        ry_proof_figures_lacks(part, "calls, futex", result->why);
}

void ry_proof_figures_ipi(json_t *part, const struct ry_probe_ipi_asked *asked,
                          const struct ry_probe_ipi_result *result)
{
    if (result->ran)
        add_call(part, "ipi", asked->from, (int)asked->to, &result->calls);
    else
        ry_proof_figures_lacks(part, "calls, ipi", result->why);
}

/* ---- distances ------------------------------------------------------------------------------- */

void ry_proof_figures_pingpong(json_t *part, const struct ry_probe_pingpong_result *result)
{
    json_t *all = object(), *cpus = list(), *rows = list();
    for (unsigned i = 0; i < result->cores; i++) {
        json_t *row = list();
        for (unsigned k = 0; k < result->cores; k++) {
            const int64_t way = result->one_way_ps[(size_t)i * result->cores + k];
            ry_text_json_add(row, way == RY_PROBE_PINGPONG_NONE ? json_null()
                                                                : ry_text_json_integer(way));
        }
        ry_text_json_add(cpus, ry_text_json_count(result->core[i]));
        ry_text_json_add(rows, row);
    }
    ry_text_json_set(all, "cpus", cpus);
    ry_text_json_set(all, "rows", rows);
    ry_text_json_set(part, "pingpong", all);
    if (result->measured == result->pairs)
        return;
    char why[RY_PROBE_WHY_BYTES + 96];
    snprintf(why, sizeof why, "%llu of %llu pairs%s%s",
             (unsigned long long)(result->pairs - result->measured),
             (unsigned long long)result->pairs,
             result->why[0] != '\0' ? ": " : ": no time was left", result->why);
    ry_proof_figures_lacks(part, "pingpong", why);
}

void ry_proof_figures_memory(json_t *part, const struct ry_probe_memory_result *result)
{
    char why[RY_PROBE_WHY_BYTES + 96];
    for (unsigned i = 0; i < result->rows; i++) {
        const struct ry_probe_memory_row *row = &result->row[i];
        if (!row->ran) {
            snprintf(why, sizeof why, "CPU %u, memory of node %u, %s: %s", row->core,
                     row->memory_node, ry_probe_pages_name(row->pages), row->why);
            ry_proof_figures_lacks(part, "memory", why);
            continue;
        }
        json_t *to = object();
        set_count(to, "cpu", row->core);
        set_count(to, "cpu_node", row->core_node);
        set_count(to, "node", row->memory_node);
        set_text(to, "pages", ry_probe_pages_name(row->pages));
        ry_text_json_set(to, "ps", ry_text_json_integer(row->load_ps));
        ry_text_json_add(json_object_get(part, "memory"), to);
    }
}

/* ---- rtla ------------------------------------------------------------------------------------ */

static void add_rtla(json_t *part, const char *tool, unsigned core, const char *what,
                     const struct ry_probe_rtla_line *line)
{
    json_t *row = object();
    set_text(row, "tool", tool);
    set_count(row, "cpu", core);
    set_text(row, "what", what);
    set_count(row, "count", line->count);
    ry_text_json_set(row, "shortest_us", ry_text_json_integer(line->shortest_us));
    ry_text_json_set(row, "mean_us", ry_text_json_integer(line->mean_us));
    ry_text_json_set(row, "longest_us", ry_text_json_integer(line->longest_us));
    ry_text_json_add(json_object_get(part, "rtla"), row);
}

void ry_proof_figures_rtla(json_t *part, enum ry_probe_rtla_tool tool,
                           const struct ry_probe_rtla_result *result)
{
    const bool timerlat = tool == RY_PROBE_RTLA_TIMERLAT;
    if (!result->ran) {
        ry_proof_figures_lacks(part, timerlat ? "rtla, timerlat" : "rtla, osnoise", result->why);
        return;
    }
    for (unsigned i = 0; i < result->cores; i++) {
        const struct ry_probe_rtla_core *core = &result->core[i];
        if (timerlat) {
            add_rtla(part, "timerlat", core->core, "irq", &core->irq);
            add_rtla(part, "timerlat", core->core, "thread", &core->thread);
        } else
            add_rtla(part, "osnoise", core->core, "noise", &core->irq);
    }
}

/* ---- counts ---------------------------------------------------------------------------------- */

void ry_proof_figures_noise(json_t *part, const char *during, const struct ry_tuning_noise *noise)
{
    json_t *counts = ry_text_noise_json(noise);
    set_text(counts, "during", during);
    ry_text_json_add(json_object_get(part, "counts"), counts);
}

/* ---- two parts ------------------------------------------------------------------------------- */

static void append(json_t *whole, const json_t *part, const char *key)
{
    if (json_array_extend(json_object_get(whole, key), json_object_get(part, key)) != 0)
        (void)ry_text_json_whole(NULL);
}

/* The rows of one core list go to the end of the other's; there is nothing to add them to if the
 * whole has none yet. */
static bool begins(json_t *whole, const json_t *part, const char *key)
{
    json_t *added = json_object_get(part, key);
    if (!json_is_object(added))
        return false;
    if (json_is_object(json_object_get(whole, key)))
        return true;
    ry_text_json_set(whole, key, ry_text_json_whole(json_deep_copy(added)));
    return false;
}

static void add_nulls(json_t *row, size_t count)
{
    while (count-- > 0)
        ry_text_json_add(row, json_null());
}

/* Two matrices become one: between a core of one and a core of the other nothing was measured. */
static void join_pingpong(json_t *whole, const json_t *part)
{
    size_t i, k;
    json_t *row, *way;
    json_t *rows = json_object_get(whole, "rows");
    const json_t *added = json_object_get(part, "rows");
    const size_t had = json_array_size(rows), more = json_array_size(added);
    json_array_foreach(rows, i, row) add_nulls(row, more);
    json_array_foreach(added, i, row)
    {
        json_t *line = list();
        add_nulls(line, had);
        json_array_foreach(row, k, way) ry_text_json_add(line, json_incref(way));
        ry_text_json_add(rows, line);
    }
    append(whole, part, "cpus");
}

static void join_counts(json_t *whole, const json_t *part)
{
    size_t i, k;
    json_t *each, *had;
    json_array_foreach(json_object_get(part, "counts"), i, each)
    {
        const char *during = json_string_value(json_object_get(each, "during"));
        bool joined = false;
        json_array_foreach(
            json_object_get(whole, "counts"), k,
            had) if (strcmp(json_string_value(json_object_get(had, "during")), during) == 0)
        {
            append(had, each, "cores");
            joined = true;
        }
        if (!joined)
            ry_text_json_add(json_object_get(whole, "counts"), json_deep_copy(each));
    }
}

/* What two passes say alike is said once. */
static void join_lacks(json_t *whole, const json_t *part)
{
    json_t *rows = json_object_get(whole, "not_measured"), *each, *had;
    size_t i, k;
    json_array_foreach(json_object_get(part, "not_measured"), i, each)
    {
        bool said = false;
        json_array_foreach(rows, k, had) said = said || json_equal(had, each) != 0;
        if (!said)
            ry_text_json_add(rows, json_deep_copy(each));
    }
}

void ry_proof_figures_join(json_t *whole, const json_t *part)
{
    if (begins(whole, part, "gaps"))
        append(json_object_get(whole, "gaps"), json_object_get(part, "gaps"), "cores");
    if (begins(whole, part, "pingpong"))
        join_pingpong(json_object_get(whole, "pingpong"), json_object_get(part, "pingpong"));
    join_counts(whole, part);
    append(whole, part, "calls");
    append(whole, part, "memory");
    append(whole, part, "rtla");
    join_lacks(whole, part);
}
