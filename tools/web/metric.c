#include "tools/web/metric.h"

#include <stdio.h>
#include <string.h>

#include "core/role/counters.h"

#define DIGITS "0123456789"

/* Units that a name is better without: "royale_journal_syncs", not "..._syncs_times". */
static const char *const unsaid[] = {"times", "calls", "steps", "bool", "hash"};

/* Units whose values are shown in Prometheus's base units. */
static const struct {
    const char *unit, *base;
    unsigned decimals;
} based[] = {
    {"ns", "seconds", 9},
    {"permille", "ratio", 3},
};

static bool is_of_loop(const struct ry_counter *counter)
{
    for (unsigned i = 0; i < ry_role_counter_table.count; i++)
        if (strcmp(ry_role_counter_table.counter[i].name, counter->name) == 0)
            return true;
    return false;
}

/* Where a word of `name`, between underscores, is `word`; NULL: nowhere. */
static const char *find_word(const char *name, const char *word)
{
    const size_t bytes = strlen(word);
    for (const char *at = name; bytes > 0 && (at = strstr(at, word)) != NULL; at++)
        if ((at == name || at[-1] == '_') && (at[bytes] == '_' || at[bytes] == '\0'))
            return at;
    return NULL;
}

/* "block_ns_max" without "ns" is "block_max". */
static void leave_out(char *name, const char *word)
{
    char *at = name + (find_word(name, word) - name), *behind = at + strlen(word);
    if (*behind == '_')
        behind++;
    else if (at > name)
        at--;
    memmove(at, behind, strlen(behind) + 1);
}

static bool ends_with(const char *name, const char *end)
{
    const size_t bytes = strlen(name), end_bytes = strlen(end);
    return bytes > end_bytes && name[bytes - end_bytes - 1] == '_' &&
           strcmp(name + bytes - end_bytes, end) == 0;
}

/* The unit as a word of a name, "" where a name has none. */
static void word_of(char word[RY_WEB_UNIT_BYTES], const char *unit)
{
    size_t bytes = 0;
    for (unsigned i = 0; i < sizeof unsaid / sizeof *unsaid; i++)
        if (strcmp(unit, unsaid[i]) == 0)
            unit = "";
    for (; unit[bytes] != '\0' && bytes < RY_WEB_UNIT_BYTES - 1; bytes++) {
        const char c = unit[bytes];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        word[bytes] = plain ? c : '_';
    }
    word[bytes] = '\0';
}

/* What would be taken for the end that a kind adds is no part of a family's name. */
static bool ends_as_a_kind(const char *name)
{
    return ends_with(name, "total") || ends_with(name, "info") || ends_with(name, "created");
}

static void append(struct ry_web_metric *metric, const char *text)
{
    const size_t bytes = strlen(metric->name);
    snprintf(metric->name + bytes, sizeof metric->name - bytes, "_%s", text);
}

static void put_name(struct ry_web_metric *metric, const char *role, size_t role_bytes,
                     const char *name)
{
    snprintf(metric->name, sizeof metric->name, "royale_%.*s", (int)role_bytes, role);
    if (name[0] != '\0')
        append(metric, name);
    if (!ends_as_a_kind(metric->name) && metric->unit[0] != '\0' &&
        find_word(name, metric->unit) == NULL)
        append(metric, metric->unit);
    if (ends_as_a_kind(metric->name))
        append(metric, "");
    if (!ends_with(metric->name, metric->unit))
        metric->unit[0] = '\0';
}

void ry_web_metric_of(struct ry_web_metric *metric, const char *process,
                      const struct ry_counter *counter)
{
    char name[RY_COUNTER_NAME_MAX + 1];
    size_t role_bytes = strcspn(process, DIGITS);
    snprintf(name, sizeof name, "%s", counter->name);
    *metric = (struct ry_web_metric){.kind = RY_WEB_GAUGE, .help = counter->sentence};
    switch (counter->kind) {
    case RY_COUNTER_KIND_COUNTER: metric->kind = RY_WEB_COUNTER; break;
    case RY_COUNTER_KIND_GAUGE: metric->kind = RY_WEB_GAUGE; break;
    case RY_COUNTER_KIND_HASH: metric->kind = RY_WEB_INFO; break;
    }
    /* A hash has no unit, whatever its label says. */
    const char *unit = metric->kind == RY_WEB_INFO ? "" : counter->unit;
    word_of(metric->unit, unit);
    for (unsigned i = 0; i < sizeof based / sizeof *based; i++) {
        if (strcmp(unit, based[i].unit) != 0)
            continue;
        metric->decimals = based[i].decimals;
        snprintf(metric->unit, sizeof metric->unit, "%s", based[i].base);
        if (find_word(name, unit) != NULL)
            leave_out(name, unit);
    }
    if (is_of_loop(counter)) {
        process = "process";
        role_bytes = strlen(process);
    }
    put_name(metric, process, role_bytes, name);
}
