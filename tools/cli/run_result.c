#include "tools/cli/run_result.h"

#include <inttypes.h>
#include <string.h>

#include "core/exec/counters.h"
#include "core/follow/follow.h"
#include "tools/cli/run_ranks.h"
#include "tools/cli/run_result_warnings.h"
#include "tools/text/counters.h"
#include "tools/text/exit_codes.h"
#include "tools/text/report.h"

#define FOLLOW_BATCH 4096
#define BOOK_LEVELS  1 /* `royale replay` shows more */

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
static int follow_all(FILE *out, struct ry_follow *follow, const struct ry_arena_sink *sink)
{
    ry_cli_run_result_open(out, follow, sink);
    while (ry_follow_step(follow, FOLLOW_BATCH, sink) > 0) {
    }
    if (follow->status != RY_FOLLOW_END || ry_follow_arena(follow) == NULL) {
        fprintf(stderr, "royale: the journal is not whole: %s\n", follow->text);
        return -1;
    }
    return 0;
}

static bool same(const char *name, uint64_t journal, uint64_t exec)
{
    if (journal != exec) {
        fprintf(stderr,
                "royale: the journal gives another %s hash: %016" PRIx64 ", exec had %016" PRIx64
                "\n",
                name, journal, exec);
    }
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

static int print_journal(FILE *out, const struct ry_battle *battle, const char *directory,
                         const struct ry_exec_counters *exec)
{
    static struct ry_follow follow; /* large */
    struct ry_cli_run_ranks ranks;
    char error[512];
    if (ry_follow_open(&follow, directory, error, sizeof error) != 0) {
        fprintf(stderr, "royale: %s\n", error);
        return RY_EXIT_FAILED;
    }
    int code = RY_EXIT_FAILED;
    ry_cli_run_ranks_open(&ranks, battle);
    if (follow_all(out, &follow, &ranks.sink) == 0 &&
        (exec->not_reproducible == 0 || ry_cli_run_ranks_stamps(&ranks, directory) == 0)) {
        ry_text_books(out, ry_follow_arena(&follow), follow.price_scale, BOOK_LEVELS);
        fputs("the machine:\n", out);
        ry_text_counters(out, ry_follow_arena(&follow));
        ry_text_odd(out, ry_follow_arena(&follow));
        ry_cli_run_ranks_print(out, &ranks, ry_follow_arena(&follow));
        ry_text_hashes(out, ry_follow_arena(&follow));
        code = compare(out, ry_follow_arena(&follow), exec);
    }
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
    if (!exec_counters(result, &exec)) {
        fprintf(stderr, "royale: exec published no counters\n");
        return RY_EXIT_FAILED;
    }
    int code = print_journal(out, battle, directory, &exec);
    print_deaths(out, result);
    ry_cli_run_result_log(out, directory, result->role, result->count);
    double seconds = (double)result->run_ns / (double)RY_NS_PER_SECOND;
    fprintf(out, "throughput: %" PRIu64 " inputs in %.3f s, %.0f inputs/s\n", exec.machine.inputs,
            seconds, seconds > 0 ? (double)exec.machine.inputs / seconds : 0);
    fprintf(out, "journal: %s/inputs.ryj\n", directory);
    return code;
}
