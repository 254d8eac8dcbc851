/* `royale status` for people. */
#include <inttypes.h>
#include <string.h>

#include "core/battle/wall.h"
#include "tools/cli/status.h"
#include "tools/text/money.h"
#include "tools/text/verdict.h"

#define WALL_BYTES   128
#define SPAN_BYTES   32
#define MONEY_CELLS  11
#define WHO_BYTES    (2 * RY_NAME_BYTES + 8)
#define SHARE_BYTES  24
#define ALARMS_SHOWN 12
/* Of more agents the first are shown, and of their processes those that something is to be said of.
 */
#define AGENTS_SHOWN    24
#define PROCESSES_SHOWN 12

/* Seconds are enough for a person. */
static void put_time(FILE *out, int64_t time, const char *zone)
{
    char text[WALL_BYTES];
    ry_battle_wall_print(time / RY_NS_PER_SECOND * RY_NS_PER_SECOND, zone, text, sizeof text);
    fputs(text, out);
}

/* "0:29:05" */
static const char *span(char text[SPAN_BYTES], int64_t ns)
{
    const int64_t s = ns / RY_NS_PER_SECOND;
    snprintf(text, SPAN_BYTES, "%" PRIi64 ":%02d:%02d", s / 3600, (int)(s / 60 % 60),
             (int)(s % 60));
    return text;
}

static void put_head(FILE *out, const struct ry_cli_status *status)
{
    const struct ry_results_board *board = &status->board;
    char text[SPAN_BYTES];
    fprintf(out, "battle %s: %s", board->name, status->state);
    if (status->watch.broke[0] != 0)
        fprintf(out, " (%s)", status->watch.broke);
    if (board->round > 0)
        fprintf(out, ", round %" PRIu32, board->round);
    else
        fputs(", agents do not trade yet", out);
    if (board->left_ns >= 0)
        fprintf(out, ", %s left in it", span(text, board->left_ns));
    fputs("\nmarket time ", out);
    put_time(out, board->time, status->watch.names.zone);
    if (board->permille >= 0)
        fprintf(out, ", %d.%d %%", board->permille / 10, board->permille % 10);
    fprintf(out, "; %" PRIu64 " inputs\n", status->watch.follow.inputs);
}

/* ---- the leaderboard ------------------------------------------------------------------------- */

static int name_width(const struct ry_results_board *board)
{
    size_t width = strlen("agent");
    for (unsigned i = 0; i < board->count; i++)
        if (strlen(board->row[i].name) > width)
            width = strlen(board->row[i].name);
    return (int)width;
}

static void put_agent(FILE *out, const struct ry_results_board_row *row, int width)
{
    char score[RY_TEXT_MONEY_BYTES], profit[RY_TEXT_MONEY_BYTES], fall[RY_TEXT_MONEY_BYTES],
        fate[RY_TEXT_FATE_BYTES];
    ry_text_money_short(score, row->score, MONEY_CELLS);
    ry_text_money_short(profit, row->profit, MONEY_CELLS);
    ry_text_money_short(fall, row->drawdown, MONEY_CELLS);
    fprintf(out, "%3" PRIu32 "  %-*s %*s %*s %*s %8" PRIu64 " %8" PRIu64 " %5u", row->rank, width,
            row->name, MONEY_CELLS, score, MONEY_CELLS, profit, MONEY_CELLS, fall, row->fills,
            row->rejects, row->positions);
    if (row->out != RY_OUT_NONE)
        fprintf(out, "  %s", ry_text_fate(fate, row->out, row->out_idle, row->out_round));
    else if (row->goes_next)
        fputs("  goes next", out);
    fputc('\n', out);
}

static void put_board(FILE *out, const struct ry_results_board *board)
{
    const int width = name_width(board);
    if (board->count == 0)
        return;
    fprintf(out, "\n  #  %-*s %*s %*s %*s %8s %8s %5s\n", width, "agent", MONEY_CELLS, "round",
            MONEY_CELLS, "battle", MONEY_CELLS, "drawdown", "fills", "refused", "holds");
    unsigned left_out = 0;
    for (unsigned i = 0; i < board->count; i++) {
        const struct ry_results_board_row *row = &board->row[i];
        if (i < AGENTS_SHOWN || row->goes_next)
            put_agent(out, row, width);
        else
            left_out++;
    }
    if (left_out > 0)
        fprintf(out, "     and %u more: --json lists them\n", left_out);
}

/* ---- processes and feeds --------------------------------------------------------------------- */

static const char *who_is(char who[WHO_BYTES], const struct ry_watch_process *process)
{
    snprintf(who, WHO_BYTES, process->own[0] != 0 ? "%s (%s)" : "%s", process->name, process->own);
    return who;
}

static const char *share(char text[SHARE_BYTES], int permille)
{
    if (permille < 0)
        return "-";
    snprintf(text, SHARE_BYTES, "%d.%d %%", permille / 10, permille % 10);
    return text;
}

static void put_process(FILE *out, const struct ry_watch_process *process, int width)
{
    char who[WHO_BYTES], busy[SHARE_BYTES], core[SHARE_BYTES] = "-", beat[SHARE_BYTES] = "-";
    if (process->core >= 0)
        snprintf(core, sizeof core, "%d", process->core);
    if (process->beat_age_ns >= 0)
        snprintf(beat, sizeof beat, "%" PRIi64 " ms", process->beat_age_ns / 1000000);
    fprintf(out, "%-*s  %-6s %4s %8s %9s", width, who_is(who, process),
            ry_watch_state_name(process->state), core, share(busy, process->busy_permille), beat);
    fprintf(out, " %9" PRIu64 " %-8s %6" PRIu64, process->rate, process->rate_unit, process->lost);
    if (process->lag > 0)
        fprintf(out, "  behind by %" PRIu64 " %s", process->lag, process->lag_unit);
    fputc('\n', out);
}

static bool is_agent(const struct ry_watch_process *process)
{
    return strncmp(process->name, "agent", strlen("agent")) == 0;
}

/* Among many agents one that runs, or has ended, and has lost nothing. */
static bool is_folded(const struct ry_watch_process *process, unsigned agents)
{
    return agents > PROCESSES_SHOWN && is_agent(process) && process->lost == 0 &&
           (process->state == RY_WATCH_RUNS || process->state == RY_WATCH_ENDED);
}

static void put_processes(FILE *out, const struct ry_watch_processes *processes)
{
    char who[WHO_BYTES];
    unsigned agents = 0, run = 0, ended = 0;
    int width = (int)strlen("process");
    if (processes->count == 0)
        return;
    for (unsigned i = 0; i < processes->count; i++)
        if ((int)strlen(who_is(who, &processes->process[i])) > width)
            width = (int)strlen(who);
    fprintf(out, "\n%-*s  %-6s %4s %8s %9s %9s %-8s %6s\n", width, "process", "state", "core",
            "busy", "heartbeat", "a second", "", "lost");
    for (unsigned i = 0; i < processes->count; i++)
        agents += is_agent(&processes->process[i]);
    for (unsigned i = 0; i < processes->count; i++) {
        const struct ry_watch_process *process = &processes->process[i];
        if (!is_folded(process, agents))
            put_process(out, process, width);
        else if (process->state == RY_WATCH_RUNS)
            run++;
        else
            ended++;
    }
    if (run + ended > 0)
        fprintf(out, "and of the agents' processes %u run, %u have ended\n", run, ended);
}

static void put_feeds(FILE *out, const struct ry_watch_processes *processes)
{
    bool first = true;
    for (unsigned i = 0; i < processes->count; i++) {
        const struct ry_watch_process *process = &processes->process[i];
        char who[WHO_BYTES];
        uint64_t events = 0, gaps = 0;
        if (!ry_watch_is_feed(process))
            continue;
        (void)ry_watch_counter(process, "events", &events);
        (void)ry_watch_counter(process, "gaps", &gaps);
        fprintf(out, "%s%s: %" PRIu64 " events, %" PRIu64 " gaps", first ? "\n" : "",
                who_is(who, process), events, gaps);
        if (process->quiet_ns >= RY_NS_PER_SECOND)
            fprintf(out, ", silent for %" PRIi64 " s", process->quiet_ns / RY_NS_PER_SECOND);
        fputc('\n', out);
        first = false;
    }
}

/* ---- alarms ---------------------------------------------------------------------------------- */

static void put_alarms(FILE *out, const struct ry_watch_alarms *alarms)
{
    const unsigned shown = alarms->count < ALARMS_SHOWN ? alarms->count : ALARMS_SHOWN;
    if (alarms->count == 0) {
        fputs("\nno alarms\n", out);
        return;
    }
    fputs("\nalarms\n", out);
    for (unsigned i = 0; i < shown; i++)
        fprintf(out, "%-8s  %s\n", ry_watch_severity_name(alarms->alarm[i].severity),
                alarms->alarm[i].text);
    if (alarms->count + alarms->more > shown)
        fprintf(out, "and %" PRIu64 " more: --json lists them\n",
                alarms->count + alarms->more - shown);
}

void ry_cli_status_text(FILE *out, const struct ry_cli_status *status)
{
    put_head(out, status);
    put_board(out, &status->board);
    put_processes(out, &status->watch.processes);
    put_feeds(out, &status->watch.processes);
    put_alarms(out, &status->watch.alarms);
}
