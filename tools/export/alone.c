/* The export of a battle's directory, finished or running. */
#include <inttypes.h>
#include <string.h>

#include "core/results/follow.h"
#include "tools/export/export.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/stop.h"

static const struct {
    const char *name;
    void (*make)(struct ry_export_sink *sink);
} sinks[] = {{"jsonl", ry_export_jsonl}};
#define SINKS (sizeof sinks / sizeof *sinks)

struct options {
    uint64_t from;
    bool follow, force;
    const char *out, *directory;
    unsigned sink;
};

#define FROM_NONE 0 /* inputs count from 1 */

static bool read_sink(void *context, const char *text)
{
    struct options *options = context;
    for (options->sink = 0; options->sink < SINKS; options->sink++)
        if (strcmp(sinks[options->sink].name, text) == 0)
            return true;
    return false;
}

static const struct ry_text_option option_table[] = {
    {.name = "from",
     .argument = "SEQ",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, from),
     .min = 1,
     .max = UINT64_MAX,
     .help = "leave out the rows of inputs before number SEQ; --out's file is continued"},
    {.name = "follow",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, follow),
     .help = "wait for more until the battle ends"},
    {.name = "sink",
     .argument = "NAME",
     .kind = RY_TEXT_READ,
     .read = read_sink,
     .help = "where to: jsonl (default), a file of lines"},
    {.name = "force",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, force),
     .help = "write over --out's file if it is there"},
    {.name = "out",
     .argument = "TARGET",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, out),
     .help = "of the sink; jsonl: the file, default standard output"},
};

static const struct ry_text_command command = {
    .name = "royale-export",
    .operand = "DIR",
    .about =
        "Follows the battle in DIR through its journal (DIR/inputs.ryj) and writes its rows: trades, orders\n"
        "and what became of them, ranks and eliminations, one JSON object a line.\n",
    .ends =
        "Rows: `royale rows`. Exit codes: 0 ok (also for a journal that is cut), 1 damaged or not written,\n"
        "2 wrong arguments, 3 there is no journal.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* One pass over the journal, to the end or until it has to be opened again; `*from` moves on with
 * it. */
static enum ry_results_next pass(struct ry_export *export, struct ry_follow *follow,
                                 const struct options *options,
                                 struct ry_results_patience *patience)
{
    while (!ry_text_stopped() && !export->failed) {
        if (ry_results_step(&export->results, follow, RY_RESULTS_STEP_INPUTS) ==
            RY_RESULTS_STEP_INPUTS)
            continue;
        if (!export->failed)
            export->failed = export->sink->flush(export->sink);
        enum ry_results_next next = ry_results_patience(patience, follow, options->follow);
        if (next != RY_RESULTS_WAIT)
            return next;
        ry_results_wait();
    }
    return RY_RESULTS_DONE;
}

static int judge(const struct ry_export *export, const struct ry_follow *follow,
                 enum ry_results_next next)
{
    if (export->failed)
        return ry_text_fail(RY_EXIT_FAILED, "%s", export->sink->error);
    if (next == RY_RESULTS_DAMAGED)
        return ry_text_fail(RY_EXIT_FAILED, "%s", follow->text);
    if (follow->status == RY_FOLLOW_END)
        return RY_EXIT_OK;
    return ry_text_fail(RY_EXIT_OK, "%s, after input %" PRIu64,
                        ry_text_stopped() ? "stopped" : follow->text, follow->inputs);
}

static int run(const struct options *options, struct ry_export_sink *sink)
{
    static struct ry_follow follow;   /* large, */
    static struct ry_export exported; /* both */
    struct ry_results_patience patience = {0};
    uint64_t from = options->from;
    enum ry_results_next next;
    int code = RY_EXIT_OK;
    do {
        char error[RY_EXPORT_ERROR_BYTES];
        if (ry_follow_open(&follow, options->directory, error, sizeof error) != 0)
            return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
        ry_export_open(&exported, sink, &follow.reader.file.battle_id, from);
        next = pass(&exported, &follow, options, &patience);
        from = follow.inputs >= from ? follow.inputs + 1 : from;
        if (next == RY_RESULTS_AGAIN)
            ry_results_wait();
        else
            code = judge(&exported, &follow, next);
        ry_export_close(&exported);
        ry_follow_close(&follow);
    } while (next == RY_RESULTS_AGAIN);
    return code;
}

/* Before the target is touched: a wrong DIR costs nobody an older file. */
static bool has_journal(const char *directory)
{
    static struct ry_follow follow;
    char error[RY_EXPORT_ERROR_BYTES];
    if (ry_follow_open(&follow, directory, error, sizeof error) != 0) {
        (void)ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
        return false;
    }
    ry_follow_close(&follow);
    return true;
}

int ry_export_alone_main(int argc, char **argv)
{
    struct options options = {.from = FROM_NONE};
    struct ry_export_sink sink;
    int code = ry_text_options(&command, argc, argv, &options, &options.directory);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (!has_journal(options.directory))
        return RY_EXIT_ENVIRONMENT;
    ry_text_stop_by_signals();
    sinks[options.sink].make(&sink);
    enum ry_export_there there = options.from != FROM_NONE ? RY_EXPORT_THERE_RESUME
                                 : options.force           ? RY_EXPORT_THERE_DROP
                                                           : RY_EXPORT_THERE_REFUSE;
    if (sink.open(&sink, options.out, there) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", sink.error);
    code = run(&options, &sink);
    if (sink.close(&sink) != 0 && code == RY_EXIT_OK)
        code = ry_text_fail(RY_EXIT_FAILED, "%s", sink.error);
    return code;
}
