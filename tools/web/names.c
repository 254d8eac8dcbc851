#include "tools/web/names.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tools/counters/tables.h"
#include "tools/web/figures.h"

#define NAMES_MAX 1024

struct named {
    struct ry_web_metric metric;
    const char *remedy;
};

struct names {
    unsigned count;
    struct named named[NAMES_MAX];
};

static void add(struct names *names, const struct ry_web_metric *metric, const char *remedy)
{
    assert(names->count < NAMES_MAX);
    names->named[names->count++] = (struct named){*metric, remedy};
}

static void add_figure(void *context, const struct ry_web_metric *metric)
{
    add(context, metric, "");
}

static void add_table(struct names *names, const struct ry_counters_of *of)
{
    for (unsigned i = 0; i < of->count; i++) {
        struct ry_web_metric metric;
        ry_web_metric_of(&metric, of->role, &of->table->counter[i]);
        add(names, &metric, of->table->counter[i].remedy);
    }
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->metric.name, ((const struct named *)b)->metric.name);
}

static void print(FILE *out, const struct named *named)
{
    static const char *const end[] = {
        [RY_WEB_COUNTER] = "_total", [RY_WEB_GAUGE] = "", [RY_WEB_INFO] = "_info"};
    static const char *const type[] = {
        [RY_WEB_COUNTER] = "counter", [RY_WEB_GAUGE] = "gauge", [RY_WEB_INFO] = "info"};
    const struct ry_web_metric *metric = &named->metric;
    fprintf(out, "%s%s\t%s\t%s\t%s\t%s\n", metric->name, end[metric->kind], type[metric->kind],
            metric->unit[0] != '\0' ? metric->unit : "-", metric->help,
            named->remedy[0] != '\0' ? named->remedy : "-");
}

void ry_web_names(FILE *out)
{
    static struct names names; /* large */
    names.count = 0;
    ry_web_each_figure(add_figure, &names);
    for (const struct ry_counters_of *of = ry_counters_all; of->name != NULL; of++)
        add_table(&names, of);
    qsort(names.named, names.count, sizeof names.named[0], compare);
    for (unsigned i = 0; i < names.count; i++)
        print(out, &names.named[i]);
}
