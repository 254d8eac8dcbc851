#include "tools/cli/run_progress.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/battle/wall.h"
#include "core/exec/counters.h"
#include "shm/clock.h"

#define TERMINAL_EVERY_NS (RY_NS_PER_SECOND / 5)
#define LINE_EVERY_NS     (10 * RY_NS_PER_SECOND)
#define WAITS_NS          RY_NS_PER_SECOND /* for the export, before it is said */
#define BAR_CELLS         24

void ry_cli_run_progress_init(struct ry_cli_run_progress *progress, const struct ry_battle *battle,
                              FILE *out)
{
    *progress = (struct ry_cli_run_progress){
        .battle = battle, .out = out, .terminal = isatty(fileno(out)) == 1};
}

static void print_bar(const struct ry_cli_run_progress *progress, int64_t time)
{
    const struct ry_battle *battle = progress->battle;
    if (battle->trade_to == RY_TIME_NEVER)
        return;
    int64_t whole = battle->trade_to - battle->trade_from, gone = time - battle->trade_from;
    int64_t percent = gone <= 0 ? 0 : gone >= whole ? 100 : gone / (whole / 100 + 1);
    char bar[BAR_CELLS + 1];
    for (int i = 0; i < BAR_CELLS; i++)
        bar[i] = i * 100 < percent * BAR_CELLS ? '#' : '.';
    bar[BAR_CELLS] = '\0';
    fprintf(progress->out, " [%s] %3d %%", bar, (int)percent);
}

static void print_line(struct ry_cli_run_progress *progress,
                       const struct ry_exec_counters *counters, int64_t now)
{
    char time[96];
    uint64_t inputs = counters->machine.inputs;
    uint64_t since = inputs - progress->inputs;
    double seconds = (double)(now - progress->since_ns) / (double)RY_NS_PER_SECOND;
    ry_battle_wall_print((int64_t)counters->market_time, progress->battle->zone, time, sizeof time);
    char *utc = strstr(time, " (");
    if (utc != NULL)
        *utc = '\0';
    fprintf(progress->out, "%s%s  %" PRIu64 " inputs, %.0f inputs/s",
            progress->terminal ? "\r\033[K" : "", time, inputs, (double)since / seconds);
    print_bar(progress, (int64_t)counters->market_time);
    fputs(progress->terminal ? "" : "\n", progress->out);
    fflush(progress->out);
    progress->drawn = progress->terminal;
    progress->inputs = inputs;
    progress->last_ns = progress->since_ns = now;
}

/* Whether the export alone goes on. */
static bool export_goes_on(const struct ry_supervisor_member *roles, unsigned count)
{
    bool over = false, goes_on = false;
    for (unsigned i = 0; i < count; i++) {
        over |= roles[i].row->end == RY_SUPERVISOR_END_LEADS && roles[i].done;
        goes_on |= roles[i].row->number == RY_ROLE_IF_EXPORT && !roles[i].done &&
                   (roles[i].child.pid > 0 || roles[i].restart_at_ns != 0);
    }
    return over && goes_on;
}

/* Once, if it is more than a moment. */
static void say_waits(struct ry_cli_run_progress *progress, int64_t now)
{
    if (progress->over_ns == 0)
        progress->over_ns = now;
    if (progress->waits || now - progress->over_ns < WAITS_NS)
        return;
    ry_cli_run_progress_end(progress);
    fprintf(progress->out, "the battle is over; waiting for the export, %" PRIu32 " s at most\n",
            progress->battle->export.end_s);
    fflush(progress->out);
    progress->waits = true;
}

void ry_cli_run_progress_show(void *context, const struct ry_supervisor_member *roles,
                              unsigned count)
{
    struct ry_cli_run_progress *progress = context;
    int64_t now = ry_clock_ns();
    if (export_goes_on(roles, count)) {
        say_waits(progress, now);
        return;
    }
    if (progress->since_ns == 0) {
        progress->last_ns = progress->since_ns = now;
        return;
    }
    if (now - progress->last_ns < (progress->terminal ? TERMINAL_EVERY_NS : LINE_EVERY_NS))
        return;
    for (unsigned i = 0; i < count; i++) {
        struct ry_exec_counters counters;
        if (roles[i].row->end != RY_SUPERVISOR_END_LEADS ||
            roles[i].counters_count < RY_EXEC_COUNTERS)
            continue;
        memcpy(&counters, roles[i].counters, sizeof counters);
        if (counters.machine.inputs > 0 &&
            (int64_t)counters.market_time >= progress->battle->warmup_from)
            print_line(progress, &counters, now);
    }
}

void ry_cli_run_progress_end(struct ry_cli_run_progress *progress)
{
    if (progress->drawn) {
        fputs("\r\033[K", progress->out);
        fflush(progress->out);
        progress->drawn = false;
    }
}
