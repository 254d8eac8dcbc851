/* The export of a battle's directory, finished or running. */
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/follow/observe.h"
#include "core/journal/lock.h"
#include "tools/export/export.h"
#include "tools/export/sinks.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/stop.h"

/* Between two looks that found nothing. */
#define NAP_NS INT64_C(1000000)
/* A running battle that shows nothing new for so long is asked whether it still runs. */
#define SILENCE_NS   INT64_C(2000000000)
#define ROTATE_BYTES (UINT64_C(256) << 20)

struct options {
    uint64_t from, rotate_bytes;
    bool follow, force;
    const char *out, *config, *brokers, *appliance, *types, *directory;
    struct ry_text_row_filter filter;
    enum ry_export_sinks sink; /* RY_EXPORT_SINKS: not said */
};

static bool read_sink(void *context, const char *text)
{
    struct options *options = context;
    options->sink = ry_export_sink_named(text);
    return options->sink != RY_EXPORT_SINKS;
}

static const struct ry_text_option option_table[] = {
    {.name = "follow",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, follow),
     .help =
         "wait for more until the battle ends; of one that runs, by its door (DIR/observe.sock)"},
    {.name = "sink",
     .argument = "NAME",
     .kind = RY_TEXT_READ,
     .read = read_sink,
     .help = "where to: jsonl, or kafka, which --config or --brokers mean as well; default: jsonl"},
    {.name = "out",
     .argument = "TARGET",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, out),
     .help =
         "jsonl: a file, or a folder that ends in /; one that is there is continued behind its\n"
         "last row. Default: standard output"},
    {.name = "rotate",
     .argument = "BYTES",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, rotate_bytes),
     .min = 4096,
     .max = INT64_MAX,
     .help = "jsonl, a folder: begin a new file when one has so many; default 268435456"},
    {.name = "force",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, force),
     .help = "jsonl, a file: write over it, whatever it has"},
    {.name = "from",
     .argument = "SEQ",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, from),
     .min = 1,
     .max = UINT64_MAX,
     .help = "jsonl: leave out the rows of inputs before number SEQ"},
    {.name = "agent",
     .argument = "NAME",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, filter.agent),
     .help = "jsonl: rows with this agent in them alone"},
    {.name = "instrument",
     .argument = "SYMBOL",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, filter.instrument),
     .help = "jsonl: rows of this instrument alone"},
    {.name = "type",
     .argument = "ROW,..",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, types),
     .help = "jsonl: rows of these names alone: fill,reject; `royale rows` lists them"},
    {.name = "appliance",
     .argument = "NAME",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, appliance),
     .help = "jsonl: the member `appliance` of each row; kafka has it in its settings"},
    {.name = "config",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, config),
     .help = "kafka: the settings (`royale kafka settings` lists them)"},
    {.name = "brokers",
     .argument = "HOST:PORT,..",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, brokers),
     .help = "kafka: instead of bootstrap.servers of the settings; without both 127.0.0.1:9092"},
};

static const struct ry_text_command command = {
    .name = "royale-export",
    .synopsis = "[OPTIONS] DIR | kafka COMMAND .. | league .. | tail ..",
    .operand = "DIR",
    .about =
        "Follows the battle in DIR through its journal (DIR/inputs.ryj) and writes its rows: trades, orders\n"
        "and what became of them, ranks and eliminations, one JSON object a line, or to the topics of Kafka.\n"
        "A target keeps how far it is, and the next export of the same battle goes on there.\n",
    .ends =
        "Rows: `royale rows`. Kafka: `royale kafka --help`, KAFKA.md. Exit codes: 0 ok (also for a journal\n"
        "that is cut), 1 damaged, not written, or another exporter has taken over, 2 wrong arguments,\n"
        "3 there is no journal, or the target cannot be opened.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* What fits no sink, or only the other. NULL: nothing. */
static const char *wrong(const struct options *options)
{
    bool jsonl = options->out != NULL || options->rotate_bytes != 0 || options->force ||
                 options->from != 0 || options->appliance != NULL ||
                 options->filter.agent != NULL || options->filter.instrument != NULL ||
                 options->types != NULL;
    bool kafka = options->config != NULL || options->brokers != NULL;
    if (options->sink == RY_EXPORT_KAFKA && jsonl)
        return "--out, --rotate, --force, --from, --agent, --instrument, --type and --appliance are "
               "of --sink jsonl";
    if (options->sink == RY_EXPORT_JSONL && kafka)
        return "--config and --brokers are of --sink kafka";
    bool folder = options->out != NULL && options->out[0] != 0 &&
                  options->out[strlen(options->out) - 1] == '/';
    if (options->rotate_bytes != 0 && !folder)
        return "--rotate is of a folder, which --out names with / at its end";
    if (options->force && options->from != 0)
        return "--force and --from: one of both";
    return NULL;
}

static void say(void *context, enum ry_log_level level, const char *line)
{
    (void)context;
    if (level <= RY_LOG_INFO)
        (void)ry_text_fail(RY_EXIT_OK, "%s", line);
}

/* ---- the loop -------------------------------------------------------------------------------- */

struct alone {
    struct ry_export *export;
    struct ry_follow_observed observed;
    struct ry_results_patience patience;
    int64_t silent_ns; /* since when nothing new came; 0: it did */
    bool follows;
};

static void join(struct alone *alone)
{
    char why[RY_ROLE_DOOR_WHY_BYTES];
    struct ry_export *export = alone->export;
    if (alone->follows)
        (void)ry_follow_observe(&export->follow, &alone->observed, export->directory, why);
}

static int again(struct alone *alone)
{
    int result = ry_export_again(alone->export);
    ry_follow_unobserve(&alone->observed);
    alone->observed = (struct ry_follow_observed){.inputs.row = NULL};
    if (result == 0)
        join(alone);
    return result;
}

static void nap(int64_t ns)
{
    const struct timespec pause = {.tv_nsec = ns};
    (void)nanosleep(&pause, NULL); /* a signal ends it: the loop looks why */
}

/* Nothing new for a while from a battle that ran: if it has died, its journal is all there is. */
static int after_silence(struct alone *alone)
{
    int64_t now = ry_clock_ns();
    if (alone->silent_ns == 0)
        alone->silent_ns = now;
    if (!alone->export->follow.live || now - alone->silent_ns < SILENCE_NS)
        return 0;
    alone->silent_ns = now;
    if (ry_follow_runs(alone->export->directory))
        return 0;
    alone->follows = alone->export->waits = false;
    return again(alone);
}

/* Damage in a journal that is being written may be a block that is on its way. */
static int after_damage(struct alone *alone)
{
    struct ry_export *export = alone->export;
    if (ry_results_patience(&alone->patience, &export->follow, export->waits) == RY_RESULTS_AGAIN) {
        ry_results_wait();
        return again(alone);
    }
    export->waits = false;
    export->status = RY_EXPORT_MORE; /* what came before goes out */
    return 0;
}

/* -1: the journal could not be opened again. */
static int loop(struct alone *alone)
{
    struct ry_export *export = alone->export;
    while (!ry_text_stopped() && export->status == RY_EXPORT_MORE) {
        unsigned did = ry_export_step(export);
        if (export->status == RY_EXPORT_DAMAGED && export->waits) {
            if (after_damage(alone) != 0)
                return -1;
        } else if (did > 0) {
            alone->silent_ns = 0;
        } else if (export->status == RY_EXPORT_MORE) {
            if (after_silence(alone) != 0)
                return -1;
            nap(NAP_NS);
        }
    }
    return 0;
}

/* ---- the end --------------------------------------------------------------------------------- */

/* A call of the library does not come back, and no thread can be taken out of it: a new process
 * goes on behind the sink's cursor. */
static int replace(const struct ry_export *export, char **argv)
{
    say(NULL, RY_LOG_WARN, export->error);
    execv("/proc/self/exe", argv);
    return ry_text_fail(RY_EXIT_FAILED, "cannot start again: /proc/self/exe");
}

static int judge(const struct ry_export *export, bool kafka)
{
    switch (export->status) {
    case RY_EXPORT_END: return RY_EXIT_OK;
    case RY_EXPORT_ERROR: return ry_text_fail(RY_EXIT_FAILED, "%s", export->error);
    case RY_EXPORT_UNNAMED: return ry_text_fail(RY_EXIT_USAGE, "%s", export->error);
    case RY_EXPORT_DAMAGED: return ry_text_fail(RY_EXIT_FAILED, "%s", export->follow.text);
    case RY_EXPORT_CUT:
    case RY_EXPORT_MORE:
    case RY_EXPORT_STUCK: break;
    }
    if (kafka && ry_text_stopped())
        return RY_EXIT_OK; /* report says it */
    return ry_text_fail(RY_EXIT_OK, "%s, after input %" PRIu64,
                        ry_text_stopped() ? "stopped" : export->follow.text, export->follow.inputs);
}

/* Of Kafka, once it is closed: what was sent, and where the topics stand. */
static void report(const struct ry_export *export)
{
    const struct ry_export_sink *sink = &export->sink;
    bool done = export->status == RY_EXPORT_END || export->status == RY_EXPORT_CUT;
    const char *stopped = !done && ry_text_stopped() ? "stopped: " : "";
    const char *more = *stopped != 0 ? "; the same command goes on" : "";
    char sent[64] = "nothing was sent";
    if (sink->counts.rows > 0)
        snprintf(sent, sizeof sent, "%" PRIu64 " rows in %" PRIu64 " transactions",
                 sink->counts.rows, sink->counts.batches);
    else if (done)
        snprintf(sent, sizeof sent, "nothing to send");
    if (sink->durable.input == 0)
        (void)ry_text_fail(RY_EXIT_OK, "%s%s%s", stopped, sent, more);
    else
        (void)ry_text_fail(RY_EXIT_OK,
                           "%s%s; the topics have all rows up to row %" PRIu64 " of input %" PRIu64
                           "%s%s",
                           stopped, sent, sink->durable.n, sink->durable.input,
                           export->status == RY_EXPORT_END ? ", the battle's last" : "", more);
}

static int run(struct ry_export *export, const struct options *options, char **argv)
{
    const struct ry_export_target target = {
        .out = options->out,
        .rotate_bytes = options->rotate_bytes != 0 ? options->rotate_bytes : ROTATE_BYTES,
        .config = options->config,
        .brokers = options->brokers,
        .there = options->force ? RY_EXPORT_THERE_DROP : RY_EXPORT_THERE_RESUME,
        .say = say,
    };
    bool missing;
    if (ry_export_open(export, &target, &missing) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", export->error);
    struct alone alone = {.export = export, .follows = options->follow};
    join(&alone);
    int code =
        loop(&alone) == 0 ? RY_EXIT_OK : ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", export->error);
    if (export->status == RY_EXPORT_STUCK)
        return replace(export, argv);
    if (code == RY_EXIT_OK)
        code = judge(export, options->sink == RY_EXPORT_KAFKA);
    if (ry_export_close(export) != 0 && code == RY_EXIT_OK)
        code = ry_text_fail(RY_EXIT_FAILED, "%s", export->error);
    if (options->sink == RY_EXPORT_KAFKA)
        report(export);
    ry_follow_unobserve(&alone.observed);
    return code;
}

int ry_export_alone_main(int argc, char **argv)
{
    static struct ry_export export; /* large */
    struct options options = {.sink = RY_EXPORT_SINKS};
    struct ry_text_command named = command;
    if (strncmp(argv[0], "royale ", strlen("royale ")) == 0)
        named.name = argv[0]; /* `royale tail DIR` became this */
    int code = ry_text_options(&named, argc, argv, &options, &options.directory);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (options.sink == RY_EXPORT_SINKS)
        options.sink =
            options.config != NULL || options.brokers != NULL ? RY_EXPORT_KAFKA : RY_EXPORT_JSONL;
    const char *why = wrong(&options);
    if (why != NULL)
        return ry_text_fail(RY_EXIT_USAGE, "%s", why);
    char error[RY_TEXT_ROW_FILTER_BYTES];
    if (options.types != NULL && !ry_text_row_filter_types(&options.filter, options.types, error))
        return ry_text_fail(RY_EXIT_USAGE, "%s", error);
    ry_text_stop_by_signals();
    export.filter = options.filter;
    export.directory = options.directory;
    export.appliance = options.appliance;
    export.waits = options.follow;
    if (options.from != 0)
        export.skip = (struct ry_export_cursor){.input = options.from - 1, .n = UINT64_MAX};
    ry_export_sink_make(&export.sink, options.sink);
    /* Not removed meanwhile; goes with the process. What is no folder is said later. */
    (void)ry_journal_lock(options.directory, true);
    return run(&export, &options, argv);
}
