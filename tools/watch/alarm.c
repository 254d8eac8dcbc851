#include "tools/watch/alarm.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/watch/internal.h"

/* What should move has not for so long. */
#define SILENT_NS   INT64_C(5000000000)
#define SECONDS(ns) ((ns) / RY_NS_PER_SECOND)
#define WHO_BYTES   (2 * RY_NAME_BYTES + 8)

const char *ry_watch_severity_name(enum ry_watch_severity severity)
{
    switch (severity) {
    case RY_WATCH_INFO: return "info";
    case RY_WATCH_WARNING: return "warning";
    case RY_WATCH_CRITICAL: return "critical";
    }
    return "?";
}

/* Worst first, of equals in the order in which they were found. */
__attribute__((format(printf, 3, 4))) static void
add(struct ry_watch_alarms *alarms, enum ry_watch_severity severity, const char *format, ...)
{
    unsigned at = alarms->count;
    while (at > 0 && alarms->alarm[at - 1].severity < severity)
        at--;
    if (alarms->count == RY_WATCH_ALARMS_MAX) {
        alarms->more++;
        if (at == RY_WATCH_ALARMS_MAX)
            return;
    } else {
        alarms->count++;
    }
    struct ry_watch_alarm *alarm = &alarms->alarm[at];
    memmove(alarm + 1, alarm, (alarms->count - 1 - at) * sizeof *alarm);
    alarm->severity = severity;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(alarm->text, sizeof alarm->text, format, arguments);
    va_end(arguments);
    ry_make_printable(alarm->text, strlen(alarm->text), '?');
}

static const char *who_is(char who[WHO_BYTES], const struct ry_watch_process *process)
{
    snprintf(who, WHO_BYTES, process->own[0] != 0 ? "%s (%s)" : "%s", process->name, process->own);
    return who;
}

/* The market and its record: without one of these there is no battle. */
static bool is_essential(const struct ry_watch_process *process)
{
    return strcmp(process->name, "exec") == 0 || strcmp(process->name, "journal") == 0 ||
           ry_watch_is_feed(process);
}

/* ---- counters -------------------------------------------------------------------------------- */

/* Odd counters that mean that the result follows from less, or from something else, than the market
 * was. */
static bool is_grave(const char *name)
{
    static const char *const grave[] = {
        "gaps",           "late_start",        "device_missed",      "device_no_memory",
        "damaged_short",  "damaged_bad_field", "damaged_bad_length", "damaged_unknown_type",
        "dropped_price",  "dropped_quantity",  "incomplete",         "dbn_error",
        "dbn_flagged",    "orders_full",       "book_full",          "not_reproducible",
        "events_invalid", "control_invalid",   "malformed",
    };
    for (unsigned i = 0; i < sizeof grave / sizeof grave[0]; i++)
        if (strcmp(name, grave[i]) == 0)
            return true;
    return false;
}

static void look_at_counters(struct ry_watch_alarms *alarms, const struct ry_watch_process *process)
{
    char who[WHO_BYTES];
    const struct ry_counters_description *are = process->description;
    for (unsigned i = 0; i < process->counters && i < are->count; i++) {
        const struct ry_counter counter = ry_counters_described(are, i);
        if (process->value[i] == 0 || counter.remedy[0] == '\0')
            continue;
        add(alarms, is_grave(counter.name) ? RY_WATCH_CRITICAL : RY_WATCH_WARNING,
            "%s: %s %" PRIu64 " (%s): %s", who_is(who, process), counter.name, process->value[i],
            counter.sentence, counter.remedy);
    }
}

/* ---- processes ------------------------------------------------------------------------------- */

static void look_at_beat(struct ry_watch *w, const struct ry_watch_process *process)
{
    char who[WHO_BYTES];
    if (process->state == RY_WATCH_STANDS)
        add(&w->alarms, is_essential(process) ? RY_WATCH_CRITICAL : RY_WATCH_WARNING,
            "%s stands still: no heartbeat for %" PRIi64
            " s: it was stopped, hangs or was killed; %s/log says what it did last",
            who_is(who, process), SECONDS(process->beat_age_ns), w->directory);
}

static void look_at_lines(struct ry_watch_alarms *alarms, const struct ry_watch_process *process)
{
    char who[WHO_BYTES];
    const uint64_t kept = process->lines < RY_WATCH_LINES ? process->lines : RY_WATCH_LINES;
    for (uint64_t i = process->lines - kept; i < process->lines; i++) {
        const struct ry_watch_line *line = &process->line[i % RY_WATCH_LINES];
        const bool error = line->level == RY_LOG_ERROR;
        add(alarms, error && is_essential(process) ? RY_WATCH_CRITICAL : RY_WATCH_WARNING,
            "%s: %s: %s", who_is(who, process), error ? "error" : "warning", line->text);
    }
}

/* A feed that gives nothing while market time stands still, in trading hours; one that has
 * published what exec has not taken is not silent. */
static void look_at_feed(struct ry_watch *w, const struct ry_watch_process *process, int64_t now_ns)
{
    char who[WHO_BYTES];
    const struct ry_watch_process *exec = ry_watch_process_find(&w->processes, "exec");
    const bool trades = w->results.round > 0 && !w->results.ended;
    const bool taken = exec == NULL || exec->lag == 0;
    if (!ry_watch_is_feed(process) || !trades || !taken || process->state != RY_WATCH_RUNS ||
        process->quiet_ns < SILENT_NS || now_ns - w->time.moved_ns < SILENT_NS)
        return;
    add(&w->alarms, RY_WATCH_WARNING,
        "%s is silent: no event for %" PRIi64
        " s, and market time stands still: look at the line, the card, or the file's end",
        who_is(who, process), SECONDS(process->quiet_ns));
}

/* ---- the battle ------------------------------------------------------------------------------ */

/* A record without an end. */
static void look_at_end(struct ry_watch *w)
{
    const bool cut = w->follow.status == RY_FOLLOW_CUT,
               left = ry_role_link_there(&w->observed.inputs) && !w->results.ended;
    const char *stops = cut ? "; its journal stops: " : "", *where = cut ? w->follow.text : "";
    if (w->running || (!cut && !left && !w->closed) || w->results.ended)
        return;
    if (ry_watch_broke_off(w))
        add(&w->alarms, RY_WATCH_CRITICAL, "the battle has not ended, and %s: %s%s%s",
            w->why[0] != 0 ? w->why : "nobody asked at its door",
            w->broke[0] != 0 ? w->broke : "it broke off, and nothing in its folder says why", stops,
            where);
    else if (w->closed)
        add(&w->alarms, RY_WATCH_WARNING,
            "whether the battle runs cannot be seen (%s): what is shown is its journal; who runs "
            "it, and root, see more",
            w->why);
}

static void look_at_result(struct ry_watch *w)
{
    char stamp[RY_RESULTS_STAMP_BYTES];
    ry_results_stamp(stamp, &w->results);
    if (stamp[0] != 0)
        add(&w->alarms, RY_WATCH_CRITICAL,
            "the result: %s: do not compare it with that of another run", stamp);
    if (w->follow.status == RY_FOLLOW_DAMAGED)
        add(&w->alarms, RY_WATCH_CRITICAL,
            "the journal cannot be followed: %s: what is shown ends there", w->follow.text);
    look_at_end(w);
    if (w->follow.lapped > 0)
        add(&w->alarms, RY_WATCH_INFO,
            "this display was lapped %" PRIu64
            " times and read on from the journal: nothing is lost, it may be late",
            w->follow.lapped);
    if (w->results.isolated == RY_ISOLATED_NOT || w->results.isolated == RY_ISOLATED_NOBODY ||
        w->results.isolated == RY_ISOLATED_ONE)
        add(&w->alarms, RY_WATCH_INFO, "%s",
            ry_code(RY_CODES_ISOLATION, w->results.isolated)->sentence);
}

/* Inputs that the kernel has and the disk does not confirm. Of a battle that broke off nobody asks
 * the disk any more. */
static void look_at_disk(struct ry_watch *w, int64_t now_ns)
{
    const struct ry_watch_process *journal = ry_watch_process_find(&w->processes, "journal");
    uint64_t written, durable;
    if (ry_watch_broke_off(w) || journal == NULL || !ry_role_link_there(&journal->link) ||
        !ry_watch_counter(journal, "inputs_written", &written) ||
        !ry_watch_counter(journal, "inputs_durable", &durable))
        return;
    if (w->durable.moved_ns == 0 || durable != w->durable.value || durable >= written)
        w->durable = (struct ry_watch_mark){.value = durable, .moved_ns = now_ns};
    if (now_ns - w->durable.moved_ns >= SILENT_NS)
        add(&w->alarms, RY_WATCH_CRITICAL,
            "the journal is not durable: the disk has confirmed nothing for %" PRIi64 " s, %" PRIu64
            " inputs wait: look at the disk under %s",
            SECONDS(now_ns - w->durable.moved_ns), written - durable, w->directory);
}

void ry_watch_alarms_make(struct ry_watch *w, int64_t now_ns)
{
    const uint64_t time = (uint64_t)w->results.time;
    if (w->time.moved_ns == 0 || time != w->time.value)
        w->time = (struct ry_watch_mark){.value = time, .moved_ns = now_ns};
    w->alarms.count = 0;
    w->alarms.more = 0;
    look_at_result(w);
    for (unsigned i = 0; i < w->processes.count; i++)
        look_at_beat(w, &w->processes.process[i]);
    for (unsigned i = 0; i < w->processes.count; i++)
        look_at_feed(w, &w->processes.process[i], now_ns);
    look_at_disk(w, now_ns);
    for (unsigned i = 0; i < w->processes.count; i++)
        look_at_counters(&w->alarms, &w->processes.process[i]);
    for (unsigned i = 0; i < w->processes.count; i++)
        look_at_lines(&w->alarms, &w->processes.process[i]);
}
