#include "tools/cli/run_twice.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/journal/read.h"
#include "core/results/follow.h"
#include "core/supervisor/supervisor.h"
#include "tools/cli/run_result.h"
#include "tools/text/exit.h"
#include "tools/text/time.h"
#include "tools/text/verdict.h"

#define DIRECTORY_BYTES 400 /* leaves room in RY_BATTLE_PATH_BYTES for what lies inside */
#define REMOVE_OPEN_MAX 8   /* folders held open at once */

/* ---- the two journals ------------------------------------------------------------------------ */

struct reading {
    struct ry_journal_reader reader;
    union ry_input_any input; /* the one at hand; slots 0: none */
    enum ry_journal_next next;
};

static void read_next(struct reading *reading)
{
    const union ry_input_any *input;
    memset(&reading->input, 0, sizeof reading->input);
    reading->next = ry_journal_next(&reading->reader, &input);
    if (reading->next == RY_JOURNAL_INPUT)
        memcpy(&reading->input, input, input->head.slots * (size_t)RY_SLOT_PAYLOAD);
}

static bool is_command(const union ry_input_any *input)
{
    return input->head.source >= RY_SOURCE_AGENT &&
           input->head.source < RY_SOURCE_AGENT + RY_AGENTS_MAX;
}

static const char *kind_of(const union ry_input_any *input)
{
    switch (input->head.kind) {
    case RY_IN_ORDER: return "order";
    case RY_IN_ORDER_CANCEL: return "cancel";
    case RY_IN_DECISION: return "decision";
    case RY_IN_AGENT_DIED: return "death";
    default: return "input";
    }
}

/* Of an input that is no command: what no strategy can have made. */
static void say_source(FILE *out, const struct ry_battle *battle, const struct ry_input_head *head)
{
    if (head->source == RY_SOURCE_CLOCK)
        fputs(head->kind == RY_IN_END ? "the end of the battle" : "a moment of the battle", out);
    else if (head->source >= RY_SOURCE_FEED && head->source - RY_SOURCE_FEED < battle->feeds)
        fprintf(out, "a record of feed %s", battle->feed[head->source - RY_SOURCE_FEED].name);
    else
        fprintf(out, "input of kind %u, source %u", head->kind, head->source);
}

static void say_input(FILE *out, const char *run, const struct ry_battle *battle,
                      const struct reading *reading)
{
    const union ry_input_any *input = &reading->input;
    char time[RY_TEXT_TIME_BYTES];
    if (reading->next != RY_JOURNAL_INPUT) {
        fprintf(out, "  the %s run: has ended\n", run);
        return;
    }
    fprintf(out, "  the %s run: ", run);
    if (is_command(input)) {
        fprintf(out, "%s of agent %s", kind_of(input),
                battle->agent[input->head.source - RY_SOURCE_AGENT].name);
    } else {
        say_source(out, battle, &input->head);
    }
    if (input->head.kind == RY_IN_ORDER) {
        fprintf(out, " (%s %" PRIu32 " at %" PRId64 ")",
                ry_code_name(RY_CODES_SIDE, input->event.side), input->event.qty,
                input->event.price);
    }
    fprintf(out, " at %s\n", ry_text_time(time, input->head.time));
}

/* All before were equal: the command that comes first is one that the other run does not have. */
static int culprit(const struct reading *a, const struct reading *b)
{
    bool a_command = a->next == RY_JOURNAL_INPUT && is_command(&a->input);
    bool b_command = b->next == RY_JOURNAL_INPUT && is_command(&b->input);
    if (!a_command && !b_command)
        return -1;
    bool first = a_command && (!b_command || a->input.head.time <= b->input.head.time);
    return (first ? a : b)->input.head.source - RY_SOURCE_AGENT;
}

static int say_difference(FILE *out, const struct ry_battle *battle, const struct reading *a,
                          const struct reading *b)
{
    int agent = culprit(a, b);
    fprintf(out, "not the same battle twice: input %" PRIu64 " differs\n", a->reader.inputs);
    say_input(out, "first", battle, a);
    say_input(out, "second", battle, b);
    if (agent >= 0) {
        fprintf(out,
                "the commands of agent %s (%s) differ first: it is no function of its callbacks\n",
                battle->agent[agent].name, battle->agent[agent].strategy);
    }
    return RY_EXIT_FAILED;
}

int ry_cli_run_compare(FILE *out, const struct ry_battle *battle, const char *first,
                       const char *second)
{
    static struct reading a, b; /* large */
    if (ry_journal_open(&a.reader, first) != 0)
        return ry_text_fail(RY_EXIT_FAILED, "%s", a.reader.text);
    if (ry_journal_open(&b.reader, second) != 0) {
        ry_journal_close(&a.reader);
        return ry_text_fail(RY_EXIT_FAILED, "%s", b.reader.text);
    }
    int code = RY_EXIT_OK;
    do {
        read_next(&a);
        read_next(&b);
        if (a.next == RY_JOURNAL_ERROR || b.next == RY_JOURNAL_ERROR) {
            code = ry_text_fail(RY_EXIT_FAILED, "%s",
                                a.next == RY_JOURNAL_ERROR ? a.reader.text : b.reader.text);
        } else if (a.next != b.next || memcmp(&a.input, &b.input, sizeof a.input) != 0) {
            code = say_difference(out, battle, &a, &b);
        }
    } while (code == RY_EXIT_OK && a.next == RY_JOURNAL_INPUT);
    if (code == RY_EXIT_OK)
        fprintf(out, "the same battle twice: %" PRIu64 " inputs\n", a.reader.inputs);
    ry_journal_close(&a.reader);
    ry_journal_close(&b.reader);
    return code;
}

/* ---- the two runs ---------------------------------------------------------------------------- */

/* Two trials give nobody rows. */
static struct ry_battle *without_export(const struct ry_battle *battle)
{
    const size_t bytes = ry_battle_bytes(battle->instruments);
    struct ry_battle *copy = malloc(bytes);
    if (copy == NULL)
        abort(); /* no memory */
    memcpy(copy, battle, bytes);
    memset(&copy->export, 0, sizeof copy->export);
    return copy;
}

static int run_in(const struct ry_cli_plan *plan, const struct ry_battle *battle,
                  const char *directory)
{
    static struct ry_supervisor_result result; /* large */
    char log[DIRECTORY_BYTES + 32];
    snprintf(log, sizeof log, "%s/log", directory);
    if (mkdir(directory, 0700) != 0 || mkdir(log, 0700) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "cannot make %s: %s", log, strerror(errno));
    struct ry_supervisor_plan what = {
        .battle = battle,
        .directory = directory,
        .binaries = plan->binaries,
        .placement = &plan->placement,
        .unwatched = true,
    };
    ry_supervisor_run(&what, &result);
    for (unsigned i = 0; i < result.count; i++)
        if (result.role[i].death[0] != '\0')
            (void)ry_text_fail(RY_EXIT_FAILED, "%s", result.role[i].death);
    if (result.outcome != RY_SUPERVISOR_OUTCOME_DONE)
        return ry_text_fail(ry_cli_run_result_died(&result), "%s", result.text);
    return result.signal == 0 ? RY_EXIT_OK : RY_EXIT_SIGNAL + result.signal;
}

/* What was the same twice may still be nothing, or go without an agent. */
static int judge(FILE *out, const struct ry_cli_plan *plan, const char *directory)
{
    static struct ry_follow follow; /* large */
    struct ry_results results;
    char error[512];
    if (ry_follow_open(&follow, directory, error, sizeof error) != 0)
        return ry_text_fail(RY_EXIT_FAILED, "%s", error);
    ry_results_open(&results, &follow.reader.file.battle_id, NULL);
    while (ry_results_step(&results, &follow, RY_RESULTS_STEP_INPUTS) > 0) {
    }
    (void)ry_text_not_played(out, &results);
    (void)ry_text_empty(out, &results);
    int code = ry_cli_run_result_code(plan->battle, &results);
    ry_results_close(&results);
    ry_follow_close(&follow);
    return code;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status;
    (void)kind;
    (void)at;
    (void)remove(path);
    return 0;
}

/* The directories are this program's own, made under a name that nobody had. */
static void remove_all(const char *base)
{
    (void)nftw(base, remove_one, REMOVE_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
}

int ry_cli_run_twice(FILE *out, const struct ry_cli_plan *plan)
{
    const char *folder = getenv("TMPDIR");
    char base[DIRECTORY_BYTES - 16], first[DIRECTORY_BYTES], second[DIRECTORY_BYTES];
    int wanted =
        snprintf(base, sizeof base, "%s/royale-twice-XXXXXX", folder == NULL ? "/tmp" : folder);
    if (wanted >= (int)sizeof base || mkdtemp(base) == NULL)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "cannot make a directory in %s: %s",
                            folder == NULL ? "/tmp" : folder,
                            wanted >= (int)sizeof base ? "its path is too long" : strerror(errno));
    snprintf(first, sizeof first, "%s/first", base);
    snprintf(second, sizeof second, "%s/second", base);
    struct ry_battle *battle = without_export(plan->battle);
    int code = run_in(plan, battle, first);
    if (code == RY_EXIT_OK)
        code = run_in(plan, battle, second);
    free(battle);
    if (code == RY_EXIT_OK)
        code = ry_cli_run_compare(out, plan->battle, first, second);
    if (code == RY_EXIT_OK)
        code = judge(out, plan, first);
    remove_all(base);
    return code;
}
