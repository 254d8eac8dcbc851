/* The export of a battle's directory, finished or running. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/results/follow.h"
#include "shm/atomic.h"
#include "tools/export/export.h"
#include "tools/text/exit_codes.h"

#define BATCH 4096

static const char usage[] =
    "usage: royale-export [--from SEQ] [--follow] [--sink NAME] [--out TARGET] DIR\n"
    "Follows the battle in DIR through its journal (DIR/inputs.ryj) and writes its trades, fills, ranks and\n"
    "eliminations, one JSON object a line.\n"
    "  --from SEQ    leave out what follows from inputs before number SEQ; --out's file is continued\n"
    "  --follow      wait for more until the battle ends\n"
    "  --sink NAME   where to: jsonl (default), a file of lines\n"
    "  --out TARGET  of the sink; jsonl: the file, default standard output\n"
    "Exit codes: 0 ok (also for a journal that is cut), 1 damaged or not written, 2 wrong arguments,\n"
    "3 there is no journal.\n";

static const struct {
    const char *name;
    void (*make)(struct ry_export_sink *sink);
} sinks[] = {{"jsonl", ry_export_jsonl}};
#define SINKS (sizeof sinks / sizeof *sinks)

static ry_atomic_u32 stop; /* a signal asked for it */

static void on_stop(int signal_number)
{
    (void)signal_number;
    ry_store_relaxed(&stop, 1);
}

static bool stopped(void)
{
    return ry_load_relaxed(&stop) != 0;
}

struct options {
    uint64_t from;
    bool resumes, follow;
    const char *out, *directory;
    unsigned sink;
};

static bool read_from(const char *text, struct options *options)
{
    char *end;
    errno = 0;
    options->from = strtoull(text, &end, 10);
    options->resumes = true;
    return text[0] >= '0' && text[0] <= '9' && *end == 0 && errno == 0;
}

static bool read_sink(const char *text, struct options *options)
{
    for (options->sink = 0; options->sink < SINKS; options->sink++)
        if (strcmp(sinks[options->sink].name, text) == 0)
            return true;
    return false;
}

static bool read_option(int c, struct options *options)
{
    switch (c) {
    case 'r': return read_from(optarg, options);
    case 's': return read_sink(optarg, options);
    case 'o': options->out = optarg; return true;
    case 'f': options->follow = true; return true;
    default: return false;
    }
}

/* RY_EXIT_OK, RY_EXIT_USAGE, or -1: help was asked for and given. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {
        {"help", no_argument, NULL, 'h'},      {"from", required_argument, NULL, 'r'},
        {"follow", no_argument, NULL, 'f'},    {"sink", required_argument, NULL, 's'},
        {"out", required_argument, NULL, 'o'}, {0}};
    memset(options, 0, sizeof *options);
    for (int c; (c = getopt_long(argc, argv, "h", names, NULL)) != -1;) {
        if (c == 'h') {
            fputs(usage, stdout);
            return -1;
        }
        if (!read_option(c, options)) {
            if (c != '?')
                fprintf(stderr, "royale-export: does not understand %s\n", optarg);
            fputs(usage, stderr);
            return RY_EXIT_USAGE;
        }
    }
    if (argc - optind != 1) {
        fputs(usage, stderr);
        return RY_EXIT_USAGE;
    }
    options->directory = argv[optind];
    return RY_EXIT_OK;
}

static void handle_signals(void)
{
    const struct sigaction action = {.sa_handler = on_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static int complain(const char *what)
{
    fprintf(stderr, "royale-export: %s\n", what);
    return RY_EXIT_FAILED;
}

/* One pass over the journal, to the end or until it has to be opened again; `*from` moves on with
 * it. */
static enum ry_results_next pass(struct ry_export *export, struct ry_follow *follow,
                                 const struct options *options,
                                 struct ry_results_patience *patience)
{
    while (!stopped() && !export->failed) {
        if (ry_results_step(&export->results, follow, BATCH) == BATCH)
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
        return complain(export->sink->error);
    if (next == RY_RESULTS_DAMAGED)
        return complain(follow->text);
    if (follow->status != RY_FOLLOW_END)
        fprintf(stderr, "royale-export: %s, after input %" PRIu64 "\n",
                stopped() ? "stopped" : follow->text, follow->inputs);
    return RY_EXIT_OK;
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
        if (ry_follow_open(&follow, options->directory, error, sizeof error) != 0) {
            complain(error);
            return RY_EXIT_ENVIRONMENT;
        }
        ry_export_open(&exported, sink, from);
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
        complain(error);
        return false;
    }
    ry_follow_close(&follow);
    return true;
}

int ry_export_alone_main(int argc, char **argv)
{
    struct options options;
    struct ry_export_sink sink;
    int code = read_options(argc, argv, &options);
    if (code != RY_EXIT_OK)
        return code < 0 ? RY_EXIT_OK : code;
    if (!has_journal(options.directory))
        return RY_EXIT_ENVIRONMENT;
    handle_signals();
    sinks[options.sink].make(&sink);
    if (sink.open(&sink, options.out, options.resumes) != 0) {
        complain(sink.error);
        return RY_EXIT_ENVIRONMENT;
    }
    code = run(&options, &sink);
    if (sink.close(&sink) != 0 && code == RY_EXIT_OK)
        code = complain(sink.error);
    return code;
}
