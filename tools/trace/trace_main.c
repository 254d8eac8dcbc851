/*
 * royale-trace: the traces of a battle that runs (shm/records/span.h) to a collector or a file, and
 * their figures at the end.
 *
 * One thread: reads the rings, joins traces, posts batches without waiting for the collector.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shm/clock.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"
#include "tools/text/options.h"
#include "tools/text/stop.h"
#include "tools/trace/anchor.h"
#include "tools/trace/paths.h"
#include "tools/trace/rings.h"
#include "tools/trace/sender.h"

#define HEADER_BYTES 4096
#define NAP_NS       INT64_C(1000000)
/* A battle of which no span has come for so long is asked whether it still runs. */
#define SILENCE_NS INT64_C(500000000)
/* What may still be sent when the battle is over, or the program is ended. */
#define DRAIN_NS INT64_C(5000000000)
#define FLUSH_NS (RY_TRACE_FLUSH_MS * INT64_C(1000000))

struct options {
    const char *otlp, *file, *header_file, *directory;
    uint64_t wait_s;
};

static const struct ry_text_option option_table[] = {
    {.name = "otlp",
     .argument = "URL",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, otlp),
     .help = "POST the spans there as OTLP/JSON: http://127.0.0.1:4318/v1/traces is where a\n"
             "collector on this machine listens (Jaeger, the OpenTelemetry Collector)"},
    {.name = "header-file",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, header_file),
     .help = "send its first line with each POST: \"Authorization: Bearer ...\"; a command line\n"
             "would show the key to every user of the machine"},
    {.name = "file",
     .argument = "OUT",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, file),
     .help = "write the same requests to a file, one JSON object a line; -: standard output"},
    {.name = "wait",
     .argument = "S",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, wait_s),
     .max = 86400,
     .help = "wait so many seconds for a battle in DIR that has not begun; default: not at all"},
};

static const struct ry_text_command command = {
    .name = "royale-trace",
    .operand = "DIR",
    .about =
        "Traces of the battle that runs in DIR, whose battle file has `trace: {every: N}`: the way of one in N\n"
        "records from the packet to what came of it, a span each hop. Sends them to a collector, writes them to\n"
        "a file, and prints at the end how long each hop took. The battle does not wait for this program: what\n"
        "it does not read in time is lost, and counted.\n",
    .ends =
        "Exit codes: 0 ok, 1 the file could not be written, or the collector took nothing; 2 wrong arguments,\n"
        "3 no battle runs in DIR, or it has no traces.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

struct trace {
    const struct options *options;
    struct ry_trace_names names;
    struct ry_trace_rings rings;
    struct ry_trace_scene scene;
    struct ry_trace_anchor anchor;
    struct ry_trace_paths paths;
    struct ry_trace_sender sender;              /* url NULL: nothing is sent */
    char header[HEADER_BYTES];                  /* sent with each POST; "": none */
    FILE *file;                                 /* NULL: nothing is written */
    struct ry_trace_item batch[RY_TRACE_BATCH]; /* for the file */
    unsigned batched;
    int64_t batched_ns; /* when its first came */
    int64_t now_ns;
    bool broken; /* the file takes no more */
};

static void say(void *context, const char *line)
{
    (void)context;
    (void)ry_text_fail(RY_EXIT_OK, "%s", line);
}

static void nap(void)
{
    const struct timespec pause = {.tv_nsec = NAP_NS};
    (void)nanosleep(&pause, NULL); /* a signal ends it: the loop looks why */
}

/* ---- spans ----------------------------------------------------------------------------------- */

static void write_batch(struct trace *trace)
{
    if (trace->batched == 0)
        return;
    json_t *request = ry_trace_otlp(&trace->scene, trace->batch, trace->batched);
    trace->batched = 0;
    if (ry_text_json_line(trace->file, request) == 0 && fflush(trace->file) == 0)
        return;
    if (!trace->broken)
        (void)ry_text_fail(RY_EXIT_OK, "cannot write %s: %s", trace->options->file,
                           strerror(errno));
    trace->broken = true;
}

static void give(void *context, unsigned ring, const struct ry_span *span)
{
    struct trace *trace = context;
    const struct ry_trace_item item = {.span = *span, .ring = ring};
    ry_trace_paths_add(&trace->paths, span);
    if (trace->sender.url != NULL)
        ry_trace_sender_add(&trace->sender, &item, trace->now_ns);
    if (trace->file == NULL || trace->broken)
        return;
    if (trace->batched == 0)
        trace->batched_ns = trace->now_ns;
    trace->batch[trace->batched++] = item;
    if (trace->batched == RY_TRACE_BATCH)
        write_batch(trace);
}

static const char *process_of(const void *context, unsigned ring)
{
    const struct ry_trace_rings *rings = context;
    return rings->ring[ring].process;
}

/* Reads what is there and hands it on; returns how many spans. */
static unsigned step(struct trace *trace)
{
    trace->now_ns = ry_clock_ns();
    const unsigned spans = ry_trace_rings_read(&trace->rings, give, trace);
    if (trace->sender.url != NULL)
        ry_trace_sender_step(&trace->sender, trace->now_ns, false, 0);
    if (trace->batched > 0 && trace->now_ns - trace->batched_ns >= FLUSH_NS)
        write_batch(trace);
    return spans;
}

static bool runs(const char *directory)
{
    struct ry_role_door door;
    char why[RY_ROLE_DOOR_WHY_BYTES];
    if (ry_role_door_enter(&door, directory, why) != 0)
        return false;
    ry_role_door_leave(&door);
    return true;
}

/* Until the battle is over or a signal comes. */
static void follow(struct trace *trace)
{
    int64_t heard_ns = ry_clock_ns();
    while (!ry_text_stopped()) {
        if (step(trace) > 0) {
            heard_ns = trace->now_ns;
            continue;
        }
        if (trace->now_ns - heard_ns >= SILENCE_NS) {
            heard_ns = trace->now_ns;
            if (!runs(trace->options->directory))
                break;
        }
        nap();
    }
    while (!ry_text_stopped() && step(trace) > 0) /* what was written before the end was seen */
        ;
}

/* What waits to be sent, for as long as it may take. */
static void drain(struct trace *trace)
{
    const int64_t until_ns = ry_clock_ns() + DRAIN_NS;
    write_batch(trace);
    if (trace->sender.url == NULL)
        return;
    for (;;) {
        const int64_t now_ns = ry_clock_ns();
        ry_trace_sender_step(&trace->sender, now_ns, true, 20);
        if (ry_trace_sender_idle(&trace->sender) || now_ns >= until_ns)
            return;
        if (trace->sender.in_flight == 0)
            nap();
    }
}

/* ---- opening --------------------------------------------------------------------------------- */

static int enter(struct trace *trace)
{
    const struct options *options = trace->options;
    const int64_t until_ns = ry_clock_ns() + (int64_t)options->wait_s * RY_NS_PER_SECOND;
    char why[RY_ROLE_DOOR_WHY_BYTES];
    bool untraced;
    while (ry_trace_rings_enter(&trace->rings, options->directory, &untraced, why) != 0) {
        if (untraced)
            return ry_text_fail(RY_EXIT_ENVIRONMENT,
                                "%s: %s: its battle file needs a section `trace: {every: N}`, and "
                                "of N records one is traced",
                                options->directory, why);
        if (ry_text_stopped() || ry_clock_ns() >= until_ns)
            return ry_text_fail(RY_EXIT_ENVIRONMENT,
                                "%s: %s; traces are of a battle that runs (--wait S waits for one)",
                                options->directory, why);
        nap();
    }
    return RY_EXIT_OK;
}

/* The battle runs, so its first inputs will be there in a moment. */
static int read_names(struct trace *trace)
{
    char why[RY_JOURNAL_TEXT_BYTES] = "";
    int result;
    while ((result = ry_trace_names_read(&trace->names, trace->options->directory, why)) == 0 &&
           !ry_text_stopped())
        nap();
    return result > 0 ? RY_EXIT_OK
                      : ry_text_fail(RY_EXIT_ENVIRONMENT, "%s: %s", trace->options->directory, why);
}

/* The first line of the file, "Name: value"; its words are in no message. */
static int read_header(struct trace *trace)
{
    const char *path = trace->options->header_file;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "cannot open %s: %s", path, strerror(errno));
    setbuf(file, NULL); /* no copy of it stays behind */
    const bool read = fgets(trace->header, sizeof trace->header, file) != NULL;
    const bool whole = read && (strchr(trace->header, '\n') != NULL || feof(file));
    fclose(file);
    trace->header[strcspn(trace->header, "\r\n")] = '\0';
    if (whole && strchr(trace->header, ':') != NULL)
        return RY_EXIT_OK;
    return ry_text_fail(
        RY_EXIT_USAGE,
        "--header-file %s: its first line is to be \"Name: value\", shorter than %d bytes", path,
        HEADER_BYTES);
}

/* What stands in a URL stands on the command line and in messages. */
static bool has_user(const char *url)
{
    const char *host = strstr(url, "://");
    host = host == NULL ? url : host + 3;
    return memchr(host, '@', strcspn(host, "/?#")) != NULL;
}

static int open_targets(struct trace *trace)
{
    const struct options *options = trace->options;
    if (options->otlp != NULL && has_user(options->otlp))
        return ry_text_fail(
            RY_EXIT_USAGE,
            "--otlp: the URL has a user or a password in it, which others can see: put a line \"Authorization: ...\" into a file, for --header-file");
    const int code = options->header_file == NULL ? RY_EXIT_OK : read_header(trace);
    if (code != RY_EXIT_OK)
        return code;
    if (ry_trace_paths_open(&trace->paths) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "no memory for %u traces", RY_TRACE_PATHS_MAX);
    if (options->file != NULL) {
        trace->file = strcmp(options->file, "-") == 0 ? stdout : fopen(options->file, "we");
        if (trace->file == NULL)
            return ry_text_fail(RY_EXIT_ENVIRONMENT, "cannot open %s: %s", options->file,
                                strerror(errno));
    }
    if (options->otlp == NULL)
        return RY_EXIT_OK;
    trace->sender =
        (struct ry_trace_sender){.scene = &trace->scene,
                                 .url = options->otlp,
                                 .header = {trace->header[0] != '\0' ? trace->header : NULL},
                                 .say = say};
    if (ry_trace_sender_open(&trace->sender) == 0)
        return RY_EXIT_OK;
    trace->sender.url = NULL;
    return ry_text_fail(RY_EXIT_ENVIRONMENT, "no memory for %u spans", RY_TRACE_QUEUE);
}

static void set_scene(struct trace *trace)
{
    trace->anchor = ry_trace_anchor_take();
    trace->scene = (struct ry_trace_scene){.names = &trace->names,
                                           .process = process_of,
                                           .context = &trace->rings,
                                           .unix_ns = trace->anchor.unix_ns};
}

/* ---- the end --------------------------------------------------------------------------------- */

static void report_sent(const struct trace *trace, FILE *out)
{
    const struct ry_trace_counts *counts = &trace->sender.counts;
    fprintf(out,
            "sent to %s: %" PRIu64 " spans in %" PRIu64 " requests; refused: %" PRIu64
            ", dropped: %" PRIu64 ", requests without an answer: %" PRIu64 "\n",
            trace->options->otlp, counts->sent, counts->requests, counts->refused, counts->dropped,
            counts->failed);
}

/* Behind the spans, where these go to standard output: on standard error. */
static void report(const struct trace *trace)
{
    FILE *out = trace->file == stdout ? stderr : stdout;
    const struct ry_trace_paths *paths = &trace->paths;
    ry_trace_paths_print(paths, out);
    fprintf(out,
            "%" PRIu64 " spans of %" PRIu64 " traces, %" PRIu64
            " of them whole up to the machine; spans lost: %" PRIu64 " lapped, %" PRIu64
            " not of their process\n",
            trace->rings.spans, paths->traces, paths->whole, ry_trace_rings_lapped(&trace->rings),
            ry_trace_rings_foreign(&trace->rings));
    fprintf(out, "times: exact to %" PRId64 " ns against wall time, as it was when this began\n",
            trace->anchor.exact_ns);
    if (trace->options->otlp != NULL)
        report_sent(trace, out);
}

static int judge(const struct trace *trace)
{
    const struct ry_trace_counts *counts = &trace->sender.counts;
    const bool in_vain =
        trace->options->otlp != NULL && trace->rings.spans > 0 && counts->sent == 0;
    return trace->broken || in_vain ? RY_EXIT_FAILED : RY_EXIT_OK;
}

static void close_all(struct trace *trace)
{
    if (trace->sender.url != NULL)
        ry_trace_sender_close(&trace->sender);
    if (trace->file != NULL && trace->file != stdout && fclose(trace->file) != 0)
        trace->broken = true;
}

static int run(struct trace *trace)
{
    int code = open_targets(trace);
    if (code == RY_EXIT_OK)
        code = enter(trace);
    if (code == RY_EXIT_OK) {
        code = read_names(trace);
        if (code == RY_EXIT_OK) {
            set_scene(trace);
            follow(trace);
            drain(trace);
        }
    }
    close_all(trace);
    if (code == RY_EXIT_OK) {
        ry_trace_paths_finish(&trace->paths);
        report(trace);
        code = judge(trace);
    }
    ry_trace_rings_leave(&trace->rings);
    ry_trace_paths_close(&trace->paths);
    return code;
}

int main(int argc, char **argv)
{
    static struct trace trace; /* large */
    static struct options options;
    (void)ry_clock_init();
    const int code = ry_text_options(&command, argc, argv, &options, &options.directory);
    if (code != RY_EXIT_OK)
        return ry_text_end(code == RY_TEXT_HELPED ? RY_EXIT_OK : code);
    ry_text_stop_by_signals();
    trace.options = &options;
    return ry_text_end(run(&trace));
}
