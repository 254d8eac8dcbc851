#include "tools/web/scrape.h"

#include <stdlib.h>
#include <string.h>

#include "tools/web/figures.h"

/* One counter of one process. */
struct line {
    struct ry_web_metric metric;
    const struct ry_web_process *process;
    uint64_t value;
};

/* All counters of all processes, before they can be put into the order of names. */
struct reading {
    unsigned lines;
    struct line line[RY_WEB_PROCESSES_MAX * RY_COUNTERS_MAX];
};

static void read_process(struct reading *reading, const struct ry_web_process *process)
{
    for (unsigned i = 0; i < process->counters && i < process->description.count; i++) {
        const struct ry_counter counter = ry_counters_described(&process->description, i);
        struct line *line = &reading->line[reading->lines++];
        *line = (struct line){.process = process, .value = process->value[i]};
        ry_web_metric_of(&line->metric, process->name, &counter);
    }
}

/* Of one name side by side, in the order of the processes; the first decides what the name is. */
static int compare(const void *a, const void *b)
{
    const struct line *x = *(const struct line *const *)a, *y = *(const struct line *const *)b;
    const int names = strcmp(x->metric.name, y->metric.name);
    return names != 0 ? names : (x > y) - (x < y);
}

static bool is_alike(const struct ry_web_metric *x, const struct ry_web_metric *y)
{
    return x->kind == y->kind && x->decimals == y->decimals && strcmp(x->unit, y->unit) == 0;
}

static void put_line(struct ry_web_exposition *e, const struct ry_web_battle *battle,
                     const struct line *line)
{
    struct ry_web_label label[RY_WEB_LABELS_MAX];
    char hash[17];
    unsigned labels = ry_web_battle_labels(label, battle);
    label[labels++] = (struct ry_web_label){"process", line->process->name};
    label[labels++] = (struct ry_web_label){"name", line->process->own};
    if (line->metric.kind == RY_WEB_INFO) {
        snprintf(hash, sizeof hash, "%016llx", (unsigned long long)line->value);
        label[labels++] = (struct ry_web_label){"hash", hash};
    }
    ry_web_put_sample(e, &line->metric, label, labels,
                      line->metric.kind == RY_WEB_INFO ? 1 : line->value);
}

/* Lines of one name; returns how many. */
static unsigned put_family(struct ry_web_exposition *e, struct ry_web_state *state,
                           struct line *const *line, unsigned lines)
{
    const struct ry_web_metric *metric = &line[0]->metric;
    const struct ry_web_process *last = NULL;
    unsigned i = 0;
    ry_web_put_family(e, metric);
    for (; i < lines && strcmp(line[i]->metric.name, metric->name) == 0; i++) {
        if (line[i]->process == last || !is_alike(&line[i]->metric, metric)) {
            state->counts.dropped++;
            continue;
        }
        last = line[i]->process;
        put_line(e, &state->battle, line[i]);
    }
    return i;
}

static void put_all(struct ry_web_exposition *e, struct ry_web_state *state,
                    struct reading *reading, struct line **sorted)
{
    for (unsigned i = 0; i < state->processes; i++)
        read_process(reading, &state->process[i]);
    unsigned lines = 0;
    for (unsigned i = 0; i < reading->lines; i++) {
        const struct line *line = &reading->line[i];
        /* A hash is set when the battle has ended. */
        if (line->metric.kind != RY_WEB_INFO || line->value != 0)
            sorted[lines++] = &reading->line[i];
    }
    qsort(sorted, lines, sizeof *sorted, compare);
    for (unsigned i = 0; i < lines;)
        i += put_family(e, state, sorted + i, lines - i);
}

void ry_web_scrape(struct ry_web_exposition *e, struct ry_web_state *state, int64_t now_ns)
{
    struct reading *reading = malloc(sizeof *reading); /* touched as far as there are counters */
    struct line **sorted = malloc(sizeof *sorted * RY_WEB_PROCESSES_MAX * RY_COUNTERS_MAX);
    e->failed = reading == NULL || sorted == NULL;
    if (!e->failed) {
        pthread_mutex_lock(&state->lock);
        reading->lines = 0;
        state->counts.scrapes++;
        state->counts.dropped = 0;
        put_all(e, state, reading, sorted);
        ry_web_put_figures(e, state, now_ns);
        pthread_mutex_unlock(&state->lock);
        ry_web_put_end(e);
    }
    free(reading);
    free(sorted);
}
