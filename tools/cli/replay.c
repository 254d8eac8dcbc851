#include "tools/cli/replay.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/follow/follow.h"
#include "tools/text/exit_codes.h"
#include "tools/text/report.h"

#define BATCH          4096
#define LEVELS_DEFAULT 5

static const char usage[] =
    "usage: royale replay [--until WHEN] [--levels N] [--json] [--expect HASH] DIR\n"
    "Applies the journal of the battle in DIR (DIR/inputs.ryj) again and prints what comes of it.\n"
    "  --until WHEN   stop before the first input that is past WHEN: the number of an input; a time\n"
    "                 YYYY-MM-DDTHH:MM:SS[.fraction]Z (UTC); or ns since the epoch, as 1548748800000000000ns\n"
    "  --levels N     of each book, 0 to 1000; default 5\n"
    "  --json         one JSON object\n"
    "  --expect HASH  fail if the state hash is another (16 hexadecimal digits, as printed)\n"
    "Exit codes: 0 ok (also for a journal that is cut; the output says where), 1 damaged or another hash,\n"
    "2 wrong arguments, 3 there is no journal.\n";

struct options {
    const char *directory;
    const char *until; /* as given; NULL: to the end */
    uint64_t until_input;
    int64_t until_time;
    unsigned levels;
    bool json;
    bool expects;
    uint64_t expect;
};

/* ---- arguments ------------------------------------------------------------------------------- */

/* All digits, at least one; what is behind them goes to `rest`. */
static bool read_number(const char *text, uint64_t *number, const char **rest)
{
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    errno = 0;
    *number = strtoull(text, &end, 10);
    *rest = end;
    return errno == 0;
}

static bool read_utc(const char *text, int64_t *time)
{
    struct tm fields = {.tm_isdst = 0};
    const char *at = strptime(text, "%Y-%m-%dT%H:%M:%S", &fields);
    if (at == NULL)
        return false;
    int64_t ns = 0, unit = RY_NS_PER_SECOND;
    if (*at == '.')
        for (at++; isdigit((unsigned char)*at) && unit > 1; at++)
            ns += (*at - '0') * (unit /= 10);
    if (strcmp(at, "Z") != 0 || at[-1] == '.')
        return false;
    int64_t seconds = timegm(&fields);
    return !__builtin_mul_overflow(seconds, RY_NS_PER_SECOND, time) &&
           !__builtin_add_overflow(*time, ns, time);
}

bool ry_cli_replay_until(const char *text, uint64_t *input, int64_t *time)
{
    uint64_t number;
    const char *rest;
    if (strchr(text, 'T') != NULL)
        return read_utc(text, time);
    if (!read_number(text, &number, &rest))
        return false;
    if (*rest == 0) {
        *input = number;
        return true;
    }
    if (strcmp(rest, "ns") != 0 || number >= (uint64_t)RY_TIME_NEVER)
        return false;
    *time = (int64_t)number;
    return true;
}

static bool read_levels(const char *text, unsigned *levels)
{
    uint64_t number;
    const char *rest;
    if (!read_number(text, &number, &rest) || *rest != 0 || number > RY_TEXT_LEVELS_MAX)
        return false;
    *levels = (unsigned)number;
    return true;
}

static bool read_hash(const char *text, struct options *options)
{
    options->expects = true;
    if (strlen(text) != 16 || strspn(text, "0123456789abcdefABCDEF") != 16)
        return false;
    options->expect = strtoull(text, NULL, 16);
    return true;
}

static bool read_option(int c, struct options *options)
{
    switch (c) {
    case 'u':
        options->until = optarg;
        return ry_cli_replay_until(optarg, &options->until_input, &options->until_time);
    case 'l': return read_levels(optarg, &options->levels);
    case 'x': return read_hash(optarg, options);
    case 'j': options->json = true; return true;
    default: return false;
    }
}

/* RY_EXIT_OK, RY_EXIT_USAGE, or -1: help was asked for and given. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {
        {"help", no_argument, NULL, 'h'},         {"until", required_argument, NULL, 'u'},
        {"levels", required_argument, NULL, 'l'}, {"json", no_argument, NULL, 'j'},
        {"expect", required_argument, NULL, 'x'}, {0}};
    *options = (struct options){
        .until_input = UINT64_MAX, .until_time = RY_TIME_NEVER, .levels = LEVELS_DEFAULT};
    for (int c; (c = getopt_long(argc, argv, "h", names, NULL)) != -1;) {
        if (c == 'h') {
            fputs(usage, stdout);
            return -1;
        }
        if (!read_option(c, options)) {
            if (c != '?')
                fprintf(stderr, "royale: replay does not understand %s\n", optarg);
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

/* ---- following ------------------------------------------------------------------------------- */

static void no_report(void *context, const struct ry_report *report)
{
    (void)context;
    (void)report;
}

static void no_market(void *context, const struct ry_market *market)
{
    (void)context;
    (void)market;
}

static const char *end_name(enum ry_follow_status status)
{
    switch (status) {
    case RY_FOLLOW_MORE: return "more";
    case RY_FOLLOW_UNTIL: return "until";
    case RY_FOLLOW_END: return "end";
    case RY_FOLLOW_CUT: return "cut";
    case RY_FOLLOW_DAMAGED: return "damaged";
    }
    return "?";
}

static void print_end(const struct ry_follow *follow, const struct options *options)
{
    char time[RY_TEXT_TIME_BYTES];
    printf("%" PRIu64 " inputs, the last at %s: ", follow->inputs,
           ry_text_time(time, ry_arena_time(follow->arena)));
    if (follow->status == RY_FOLLOW_END)
        printf("the battle has ended\n");
    else if (follow->status == RY_FOLLOW_UNTIL)
        printf("stopped at --until %s\n", options->until);
    else
        printf("%s\n", follow->text);
}

static void print_text(const struct ry_follow *follow, const struct options *options)
{
    char name[RY_NAME_BYTES];
    printf("battle %s, seed %" PRIu64 "\n",
           ry_text_printable(name, follow->reader.file.name, sizeof name),
           follow->reader.file.seed);
    if (follow->arena == NULL) {
        printf("0 inputs: %s\n", follow->text);
        return;
    }
    print_end(follow, options);
    ry_text_books(stdout, follow->arena, follow->price_scale, options->levels);
    printf("counters:\n");
    ry_text_counters(stdout, follow->arena);
    ry_text_hashes(stdout, follow->arena);
}

static void print_json(const struct ry_follow *follow, const struct options *options)
{
    printf("{\n  \"battle\": ");
    ry_text_json_string(stdout, follow->reader.file.name, RY_NAME_BYTES);
    printf(",\n  \"seed\": %" PRIu64 ",\n  \"inputs\": %" PRIu64
           ",\n  \"end\": \"%s\",\n  \"text\": ",
           follow->reader.file.seed, follow->inputs, end_name(follow->status));
    ry_text_json_string(stdout, follow->text, sizeof follow->text);
    if (follow->arena != NULL) {
        printf(",\n  \"time_ns\": %" PRId64 ",\n", ry_arena_time(follow->arena));
        ry_text_json(stdout, follow->arena, follow->price_scale, options->levels);
    }
    printf("\n}\n");
}

static int judge(const struct ry_follow *follow, const struct options *options)
{
    int code = RY_EXIT_OK;
    if (follow->status == RY_FOLLOW_DAMAGED) {
        fprintf(stderr, "royale: the journal is damaged: %s\n", follow->text);
        code = RY_EXIT_FAILED;
    }
    if (follow->arena != NULL && !ry_arena_conserves(follow->arena)) {
        fprintf(stderr, "royale: cash or shares do not sum to what was paid in\n");
        code = RY_EXIT_FAILED;
    }
    /* A walk over all standing orders: only where it is asked for. */
    uint64_t state =
        options->expects && follow->arena != NULL ? ry_arena_state_hash(follow->arena) : 0;
    if (options->expects && state != options->expect) {
        fprintf(stderr, "royale: the state hash is %016" PRIx64 ", not %016" PRIx64 "\n", state,
                options->expect);
        code = RY_EXIT_FAILED;
    }
    return code;
}

int ry_cli_replay(int argc, char **argv)
{
    static const struct ry_arena_sink sink = {.report = no_report, .market = no_market};
    static struct ry_follow follow;
    struct options options;
    char error[512];
    int code = read_options(argc, argv, &options);
    if (code != RY_EXIT_OK)
        return code < 0 ? RY_EXIT_OK : code;
    if (ry_follow_open(&follow, options.directory, error, sizeof error) != 0) {
        fprintf(stderr, "royale: %s\n", error);
        return RY_EXIT_ENVIRONMENT;
    }
    ry_follow_until(&follow, options.until_input, options.until_time);
    while (ry_follow_step(&follow, BATCH, &sink) == BATCH)
        ;
    if (options.json)
        print_json(&follow, &options);
    else
        print_text(&follow, &options);
    bool written = ry_text_written(stdout); /* what it says comes before what is wrong with it */
    code = judge(&follow, &options);
    if (!written)
        code = RY_EXIT_FAILED;
    ry_follow_close(&follow);
    return code;
}
