#include "tools/cli/run_result.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/battle/wall.h"
#include "core/exec/counters.h"
#include "core/journal/read.h"
#include "core/results/empty.h"
#include "core/results/follow.h"
#include "tools/cli/battle_export.h"
#include "tools/cli/run_board.h"
#include "tools/cli/run_result_counters.h"
#include "tools/cli/run_result_noise.h"
#include "tools/cli/run_result_warnings.h"
#include "tools/text/books.h"
#include "tools/text/exit.h"
#include "tools/text/hashes.h"
#include "tools/text/stop.h"
#include "tools/text/verdict.h"
#include "tools/view/files.h"

#define BOOK_LEVELS 1  /* `royale replay` shows more */
#define BOOKS_MAX   20 /* more would hide the ranks */
#define WALL_BYTES  96
#define PATH_BYTES  (RY_BATTLE_PATH_BYTES + 64)

/* A battle as its journal tells it. */
struct telling {
    const struct ry_battle *battle;
    const char *directory;
    const struct ry_supervisor_result *result;
    const struct ry_tuning_noise *noise;
    struct ry_follow follow; /* large */
    struct ry_results results;
    struct ry_view_files files;
    bool writes;                       /* the files: the view has not */
    char *crossed;                     /* the books at trade_from: lines */
    char partial[RY_VIEW_ERROR_BYTES]; /* why this is not the whole battle; empty: it is */
};

/* ---- following ------------------------------------------------------------------------------- */

static void on_row(void *context, const struct ry_results_row *row)
{
    struct telling *t = context;
    ry_view_files_row(&t->files, &t->results, row);
}

/* The view has written the whole battle. */
static bool view_is_done(const struct telling *t)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", t->directory, RY_VIEW_RESULTS_FILE);
    for (unsigned i = 0; i < t->result->count; i++)
        if (t->result->role[i].row->speaks && t->result->role[i].row->number == RY_ROLE_ONE)
            return t->result->role[i].done && access(path, R_OK) == 0;
    return false;
}

/* The battle has died before it had a journal: whoever died has said why. */
static bool never_began(const struct telling *t)
{
    char path[PATH_BYTES];
    return t->result->outcome != RY_SUPERVISOR_OUTCOME_DONE &&
           ry_journal_find(t->directory, path, sizeof path) != 0 && errno == ENOENT;
}

static int open_telling(struct telling *t)
{
    char error[512];
    if (never_began(t))
        return -1;
    if (ry_follow_open(&t->follow, t->directory, error, sizeof error) != 0)
        return ry_text_fail(-1, "%s", error);
    ry_results_open(&t->results, &t->follow.reader.file.battle_id, NULL);
    t->results.isolated = (enum ry_isolated)t->follow.reader.file.isolated;
    t->writes = t->battle->agents > 0 &&
                (t->result->outcome != RY_SUPERVISOR_OUTCOME_DONE || !view_is_done(t));
    if (!t->writes)
        return 0;
    if (ry_view_files_open(&t->files, t->directory, 0) == 0) {
        t->results.row = on_row;
        t->results.context = t;
    }
    return 0;
}

static void close_telling(struct telling *t)
{
    ry_view_files_close(&t->files);
    ry_results_close(&t->results);
    ry_follow_close(&t->follow);
    free(t->crossed);
}

/* Applies the whole journal, as far as it goes. */
static void follow_all(struct telling *t, const struct ry_cli_pulse *pulse)
{
    size_t bytes;
    FILE *crossed = open_memstream(&t->crossed, &bytes);
    ry_cli_run_result_open(crossed, &t->follow, &t->results, pulse);
    fclose(crossed);
    while (!ry_text_stopped() &&
           ry_results_step(&t->results, &t->follow, RY_RESULTS_STEP_INPUTS) > 0)
        ry_cli_pulse_beat(pulse, RY_CLI_RESULT_READING);
    if (t->result->outcome != RY_SUPERVISOR_OUTCOME_DONE)
        snprintf(t->partial, sizeof t->partial, "%s", t->result->text);
    else if (t->follow.status != RY_FOLLOW_END)
        snprintf(t->partial, sizeof t->partial, "the journal is not whole: %s", t->follow.text);
}

/* ---- what it comes to ------------------------------------------------------------------------ */

/* What exec said of itself; false if it did not live to say it. */
static bool exec_counters(const struct ry_supervisor_result *result,
                          struct ry_exec_counters *counters)
{
    for (unsigned i = 0; i < result->count; i++) {
        const struct ry_supervisor_member *role = &result->role[i];
        if (role->row->end == RY_SUPERVISOR_END_LEADS && role->counters_count >= RY_EXEC_COUNTERS) {
            memcpy(counters, role->counters, sizeof *counters);
            return true;
        }
    }
    return false;
}

static bool same(const char *name, uint64_t journal, uint64_t exec)
{
    if (journal != exec)
        (void)ry_text_fail(RY_EXIT_FAILED,
                           "the journal gives another %s hash: %016" PRIx64
                           ", exec had %016" PRIx64,
                           name, journal, exec);
    return journal == exec;
}

static int compare(const struct ry_arena *arena, const struct ry_exec_counters *exec)
{
    bool all = same("input", ry_arena_input_hash(arena), exec->input_hash);
    all &= same("output", ry_arena_output_hash(arena), exec->output_hash);
    all &= same("book", ry_arena_book_hash(arena), exec->book_hash);
    all &= same("state", ry_arena_state_hash(arena), exec->state_hash);
    if (!all)
        return RY_EXIT_FAILED;
    if (!ry_arena_conserves(arena))
        return ry_text_fail(RY_EXIT_FAILED, "cash or shares do not sum to what was paid in");
    return RY_EXIT_OK;
}

int ry_cli_run_result_died(const struct ry_supervisor_result *result)
{
    if (result->outcome == RY_SUPERVISOR_OUTCOME_ENVIRONMENT)
        return RY_EXIT_ENVIRONMENT;
    if (result->culprit < 0)
        return RY_EXIT_FAILED;
    const struct ry_supervisor_member *culprit = &result->role[result->culprit];
    int status = culprit->child.status;
    if (culprit->row->number == RY_ROLE_EACH_AGENT)
        return RY_EXIT_AGENT;
    if (culprit->row->number == RY_ROLE_IF_EXPORT)
        return RY_EXIT_ENVIRONMENT; /* its settings or its target: before the battle ran */
    const bool can_tell = culprit->row->number == RY_ROLE_EACH_FEED ||
                          culprit->row->end == RY_SUPERVISOR_END_LEADS; /* one process */
    if (!can_tell || !WIFEXITED(status))
        return RY_EXIT_FAILED;
    return WEXITSTATUS(status) == RY_ROLE_EXIT_EMPTY   ? RY_EXIT_EMPTY
           : WEXITSTATUS(status) == RY_ROLE_EXIT_AGENT ? RY_EXIT_AGENT
                                                       : RY_EXIT_FAILED;
}

int ry_cli_run_result_code(const struct ry_battle *battle, const struct ry_results *results)
{
    struct ry_results_empty empty;
    if (!battle->allow_empty && ry_results_empty(results, &empty))
        return RY_EXIT_EMPTY;
    for (uint16_t id = 0; id < results->agents; id++)
        if (!ry_results_played(&results->agent[id]))
            return RY_EXIT_AGENT;
    return RY_EXIT_OK;
}

/* 0, or -1 with the reason on standard error. */
static int write_files(struct telling *t)
{
    if (!t->writes)
        return 0;
    if (t->results.row != NULL)
        (void)ry_view_files_finish(&t->files, &t->results, ry_follow_arena(&t->follow),
                                   t->partial[0] == 0 ? NULL : t->partial);
    if (t->files.error[0] == 0)
        return 0;
    return ry_text_fail(-1, "%s; make room, then `royale-view --write %s` writes the results",
                        t->files.error, t->directory);
}

/* ---- printing -------------------------------------------------------------------------------- */

static void print_deaths(FILE *out, const struct ry_supervisor_result *result)
{
    for (unsigned i = 0; i < result->count; i++)
        if (result->role[i].death[0] != '\0')
            fprintf(out, "%s\n", result->role[i].death);
}

/* Its ranks are those of a round that had not ended. */
static void print_stopped(FILE *out, const struct telling *t)
{
    char time[WALL_BYTES];
    ry_battle_wall_print(t->results.time / RY_NS_PER_SECOND * RY_NS_PER_SECOND, t->battle->zone,
                         time, sizeof time);
    char *utc = strstr(time, " (");
    if (utc != NULL)
        *utc = 0;
    if (t->results.round == 0)
        fputs(", partial: stopped before trading began", out);
    else
        fprintf(out, ", partial: stopped in round %" PRIu32, t->results.round);
    fprintf(out, " at %s", time);
}

static void print_head(FILE *out, const struct telling *t)
{
    fprintf(out, "result of %s", t->battle->name);
    if (t->partial[0] != 0)
        fprintf(out, ", partial, until input %" PRIu64 ": %s", t->follow.inputs, t->partial);
    else if (t->results.stopped)
        print_stopped(out, t);
    fputc('\n', out);
    ry_text_isolated(out, &t->results);
}

static void print_look_at(FILE *out, const struct telling *t)
{
    print_deaths(out, t->result);
    ry_cli_export_result(out, t->battle, t->directory, t->result, t->follow.inputs);
    fputs(t->crossed, out);
    ry_cli_run_result_odd(out, t->battle, t->result, ry_follow_arena(&t->follow));
    ry_cli_run_result_log(out, t->directory, t->result->role, t->result->count);
}

/* Whether the journal tells what exec had. RY_EXIT_OK: verified; else the reason is said. */
static int verify(const struct telling *t)
{
    struct ry_exec_counters exec;
    if (t->partial[0] != 0 && t->result->outcome == RY_SUPERVISOR_OUTCOME_DONE)
        return ry_text_fail(RY_EXIT_FAILED, "%s", t->partial);
    if (t->partial[0] != 0)
        return RY_EXIT_FAILED; /* whoever died has said why */
    if (!exec_counters(t->result, &exec))
        return ry_text_fail(RY_EXIT_FAILED, "exec published no counters");
    return compare(ry_follow_arena(&t->follow), &exec);
}

static void print_books(FILE *out, const struct telling *t)
{
    if (t->results.instruments <= BOOKS_MAX)
        ry_text_books(out, ry_follow_arena(&t->follow), t->follow.price_scale, BOOK_LEVELS);
    else
        fprintf(out, "books of %u instruments: royale replay %s\n", t->results.instruments,
                t->directory);
}

static void print_throughput(FILE *out, const struct telling *t)
{
    double seconds = (double)t->result->run_ns / (double)RY_NS_PER_SECOND;
    if (seconds > 0)
        fprintf(out, "throughput: %" PRIu64 " inputs in %.3f s, %.0f inputs/s\n", t->follow.inputs,
                seconds, (double)t->follow.inputs / seconds);
}

/* Everything, for result.txt. */
static void print_all(FILE *out, const struct telling *t, bool verified)
{
    const struct ry_arena *arena = ry_follow_arena(&t->follow);
    print_head(out, t);
    ry_cli_run_board_print(out, &t->results, arena, false);
    print_look_at(out, t);
    print_books(out, t);
    ry_text_hashes(out, arena);
    if (verified)
        fputs("verified: the journal gives the same hash\n", out);
    print_throughput(out, t);
    ry_cli_run_result_noise(out, t->battle, t->noise, false);
    fprintf(out, "counters: royale counters %s\n", t->directory);
    fprintf(out, "journal: %s/" RY_JOURNAL_FILE "\n", t->directory);
}

/* What a person reads when the battle is over. Where no agents are, the books are what it came to.
 */
static void print_brief(const struct ry_cli_run_result_out *to, const struct telling *t,
                        bool verified)
{
    const struct ry_arena *arena = ry_follow_arena(&t->follow);
    FILE *out = to->brief;
    print_head(out, t);
    ry_cli_run_board_print(out, &t->results, arena, true);
    print_look_at(out, t);
    if (t->results.agents == 0)
        print_books(out, t);
    ry_cli_run_result_noise(out, t->battle, t->noise, true);
    if (to->counters) {
        print_throughput(out, t);
        ry_cli_run_result_counters(out, t->battle, t->result, arena);
    }
    fputs(verified ? "verified: the journal gives the same hashes: " : "hashes: ", out);
    ry_text_hashes_line(out, arena);
    fprintf(out,
            "\nall of it lies in %s: royale top, status, why, replay and counters show it again\n",
            t->directory);
}

/* The journal holds a battle. */
static int print_telling(const struct ry_cli_run_result_out *out, struct telling *t)
{
    const struct ry_arena *arena = ry_follow_arena(&t->follow);
    ry_results_value(&t->results, arena);
    int written = write_files(t), code = verify(t);
    print_all(out->all, t, code == RY_EXIT_OK);
    print_brief(out, t, code == RY_EXIT_OK);
    ry_cli_run_result_keep_counters(t->directory, t->battle, t->result, arena);
    ry_cli_run_result_keep_noise(t->directory, t->battle, t->noise);
    if (code != RY_EXIT_OK || written != 0)
        return RY_EXIT_FAILED;
    return ry_cli_run_result_code(t->battle, &t->results);
}

int ry_cli_run_result_print(const struct ry_cli_run_result_out *out, const struct ry_battle *battle,
                            const char *directory, const struct ry_supervisor_result *result,
                            const struct ry_tuning_noise *noise)
{
    static struct telling telling; /* large */
    struct telling *t = &telling;
    memset(t, 0, sizeof *t);
    t->battle = battle;
    t->directory = directory;
    t->result = result;
    t->noise = noise;
    ry_text_stop_by_signals();
    if (open_telling(t) != 0)
        return RY_EXIT_FAILED;
    follow_all(t, &out->pulse);
    int code = RY_EXIT_FAILED;
    if (ry_text_stopped())
        code = ry_text_fail(RY_EXIT_SIGNAL + SIGINT,
                            "stopped while the result was computed; `royale replay %s` and "
                            "`royale-view --write %s` compute it again",
                            directory, directory);
    else if (ry_follow_arena(&t->follow) != NULL && ry_arena_battle(t->follow.arena) != NULL)
        code = print_telling(out, t);
    else if (result->outcome == RY_SUPERVISOR_OUTCOME_DONE)
        (void)ry_text_fail(code, "%s", t->partial);
    close_telling(t);
    return code;
}
