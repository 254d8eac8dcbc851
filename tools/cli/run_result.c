#include "tools/cli/run_result.h"

#include <inttypes.h>
#include <string.h>

#include "core/exec/counters.h"
#include "core/results/follow.h"
#include "tools/cli/run_board.h"
#include "tools/cli/run_result_warnings.h"
#include "tools/text/books.h"
#include "tools/text/counters.h"
#include "tools/text/exit.h"
#include "tools/text/hashes.h"
#include "tools/text/machine_counters.h"

#define BOOK_LEVELS 1 /* `royale replay` shows more */

/* What exec said of itself; false if it did not live to say it. */
static bool exec_counters(const struct ry_supervisor_result *result,
                          struct ry_exec_counters *counters)
{
    for (unsigned i = 0; i < result->count; i++) {
        const struct ry_supervisor_member *role = &result->role[i];
        if (role->row->end == RY_SUPERVISOR_END_LEADS && role->counters_count == RY_EXEC_COUNTERS) {
            memcpy(counters, role->counters, sizeof *counters);
            return true;
        }
    }
    return false;
}

/* Applies the whole journal. 0, or -1 with the reason on standard error. */
static int follow_all(FILE *out, struct ry_follow *follow, struct ry_results *results)
{
    ry_cli_run_result_open(out, follow, results);
    while (ry_results_step(results, follow, RY_RESULTS_STEP_INPUTS) > 0) {
    }
    if (follow->status != RY_FOLLOW_END || ry_follow_arena(follow) == NULL)
        return ry_text_fail(-1, "the journal is not whole: %s", follow->text);
    ry_results_value(results, ry_follow_arena(follow));
    return 0;
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

static int compare(FILE *out, const struct ry_arena *arena, const struct ry_exec_counters *exec)
{
    bool all = same("input", ry_arena_input_hash(arena), exec->input_hash);
    all &= same("output", ry_arena_output_hash(arena), exec->output_hash);
    all &= same("book", ry_arena_book_hash(arena), exec->book_hash);
    all &= same("state", ry_arena_state_hash(arena), exec->state_hash);
    if (!all)
        return RY_EXIT_FAILED;
    fprintf(out, "verified: the journal gives the same hash\n");
    return RY_EXIT_OK;
}

static int print_journal(FILE *out, const char *directory, const struct ry_exec_counters *exec)
{
    static struct ry_follow follow; /* large */
    struct ry_results results;
    char error[512];
    if (ry_follow_open(&follow, directory, error, sizeof error) != 0)
        return ry_text_fail(RY_EXIT_FAILED, "%s", error);
    int code = RY_EXIT_FAILED;
    ry_results_open(&results, &follow.reader.file.battle_id, NULL);
    if (follow_all(out, &follow, &results) == 0) {
        ry_text_books(out, ry_follow_arena(&follow), follow.price_scale, BOOK_LEVELS);
        fputs("the machine:\n", out);
        ry_text_machine_counters(out, ry_follow_arena(&follow));
        ry_text_machine_odd(out, ry_follow_arena(&follow));
        ry_cli_run_board_print(out, &results, ry_follow_arena(&follow));
        ry_text_hashes(out, ry_follow_arena(&follow));
        code = compare(out, ry_follow_arena(&follow), exec);
    }
    ry_results_close(&results);
    ry_follow_close(&follow);
    return code;
}

/* How to show one. */
typedef void counter_printer(FILE *out, const struct ry_counter *counter, uint64_t value);

/* Those of the first `count` that are amounts. */
static void show_counters(FILE *out, const struct ry_supervisor_member *role, unsigned count,
                          counter_printer *print)
{
    for (unsigned i = 0; i < count && i < role->counters_count && i < role->counters_are.count;
         i++) {
        const struct ry_counter counter = ry_counters_described(&role->counters_are, i);
        if (counter.kind == RY_COUNTER_KIND_COUNTER)
            print(out, &counter, role->counters[i]);
    }
}

/* What each process counted. The machine's counters follow from the journal. */
static void print_process(FILE *out, const struct ry_battle *battle,
                          const struct ry_supervisor_member *role)
{
    if (role->row->number == RY_ROLE_EACH_FEED) {
        fprintf(out, "%s (%s):\n", role->name, battle->feed[role->index].name);
        show_counters(out, role, RY_COUNTERS_MAX, ry_text_counter);
        show_counters(out, role, RY_COUNTERS_MAX, ry_text_counter_odd);
    } else if (role->row->number == RY_ROLE_EACH_AGENT) {
        fprintf(out, "%s (%s):", role->name, battle->agent[role->index].name);
        show_counters(out, role, RY_COUNTERS_MAX, ry_text_counter_short);
        fputc('\n', out);
        show_counters(out, role, RY_COUNTERS_MAX, ry_text_counter_odd);
    } else if (role->row->end == RY_SUPERVISOR_END_LEADS && battle->agents > 0) {
        fprintf(out, "%s:\n", role->name);
        show_counters(out, role, RY_EXEC_COUNTERS_OWN, ry_text_counter);
        show_counters(out, role, RY_EXEC_COUNTERS_OWN, ry_text_counter_odd);
    }
}

static void print_deaths(FILE *out, const struct ry_supervisor_result *result)
{
    for (unsigned i = 0; i < result->count; i++)
        if (result->role[i].death[0] != '\0')
            fprintf(out, "%s\n", result->role[i].death);
}

int ry_cli_run_result_print(FILE *out, const struct ry_battle *battle, const char *directory,
                            const struct ry_supervisor_result *result)
{
    struct ry_exec_counters exec;
    for (unsigned i = 0; i < result->count; i++)
        print_process(out, battle, &result->role[i]);
    if (!exec_counters(result, &exec))
        return ry_text_fail(RY_EXIT_FAILED, "exec published no counters");
    int code = print_journal(out, directory, &exec);
    print_deaths(out, result);
    ry_cli_run_result_log(out, directory, result->role, result->count);
    double seconds = (double)result->run_ns / (double)RY_NS_PER_SECOND;
    fprintf(out, "throughput: %" PRIu64 " inputs in %.3f s, %.0f inputs/s\n", exec.machine.inputs,
            seconds, seconds > 0 ? (double)exec.machine.inputs / seconds : 0);
    fprintf(out, "journal: %s/inputs.ryj\n", directory);
    return code;
}
