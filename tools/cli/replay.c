#include "tools/cli/replay.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/follow/follow.h"
#include "core/results/follow.h"
#include "shm/printable.h"
#include "tools/text/books.h"
#include "tools/text/exit.h"
#include "tools/text/hashes.h"
#include "tools/text/json.h"
#include "tools/text/machine_counters.h"
#include "tools/text/options.h"
#include "tools/text/results_json.h"
#include "tools/text/row_value.h"
#include "tools/text/time.h"
#include "tools/text/verdict.h"

#define LEVELS_DEFAULT 5

struct options {
    const char *directory;
    const char *until; /* as given; NULL: to the end */
    uint64_t until_input;
    int64_t until_time;
    uint64_t levels;
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

bool ry_cli_replay_until(const char *text, uint64_t *input, int64_t *time)
{
    uint64_t number;
    const char *rest;
    if (strchr(text, 'T') != NULL)
        return ry_text_time_read(text, time);
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

static bool read_until(void *context, const char *text)
{
    struct options *options = context;
    options->until = text;
    return ry_cli_replay_until(text, &options->until_input, &options->until_time);
}

static bool read_hash(void *context, const char *text)
{
    struct options *options = context;
    options->expects = true;
    if (strlen(text) != 16 || strspn(text, "0123456789abcdefABCDEF") != 16)
        return false;
    options->expect = strtoull(text, NULL, 16);
    return true;
}

static const struct ry_text_option option_table[] = {
    {.name = "until",
     .argument = "WHEN",
     .kind = RY_TEXT_READ,
     .read = read_until,
     .help =
         "stop before the first input that is past WHEN: the number of an input; a time\n"
         "YYYY-MM-DDTHH:MM:SS[.fraction]Z (UTC); or ns since the epoch, as 1548748800000000000ns"},
    {.name = "levels",
     .argument = "N",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, levels),
     .max = RY_TEXT_LEVELS_MAX,
     .help = "of each book, 0 to 1000; default 5"},
    {.name = "json",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, json),
     .help = "one JSON object"},
    {.name = "expect",
     .argument = "HASH",
     .kind = RY_TEXT_READ,
     .read = read_hash,
     .help = "fail if the state hash is another (16 hexadecimal digits, as printed)"},
};

static const struct ry_text_command command = {
    .name = "royale replay",
    .operand = "DIR",
    .about =
        "Applies the journal of the battle in DIR (DIR/inputs.ryj) again and prints what comes of it.\n",
    .ends =
        "Exit codes: 0 ok (also for a journal that is cut; the output says where), 1 damaged or another hash,\n"
        "2 wrong arguments, 3 there is no journal.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* ---- following ------------------------------------------------------------------------------- */

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

static void print_text(const struct ry_follow *follow, const struct ry_results *results,
                       const struct options *options)
{
    char name[RY_NAME_BYTES], id[RY_TEXT_ID_BYTES];
    printf("battle %s, seed %" PRIu64 ", id %s\n",
           ry_printable(name, follow->reader.file.name, sizeof name), follow->reader.file.seed,
           ry_text_row_id(id, &follow->reader.file.battle_id));
    if (follow->arena == NULL) {
        printf("0 inputs: %s\n", follow->text);
        return;
    }
    print_end(follow, options);
    ry_text_isolated(stdout, results);
    ry_text_stamps(stdout, results);
    (void)ry_text_not_played(stdout, results);
    (void)ry_text_empty(stdout, results);
    ry_text_books(stdout, follow->arena, follow->price_scale, (unsigned)options->levels);
    printf("counters:\n");
    ry_text_machine_counters(stdout, follow->arena);
    ry_text_hashes(stdout, follow->arena);
}

static void print_json(const struct ry_follow *follow, const struct ry_results *results,
                       const struct options *options)
{
    const struct ry_journal_file *file = &follow->reader.file;
    char id[RY_TEXT_ID_BYTES];
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "battle", ry_text_json_string(file->name, sizeof file->name));
    ry_text_json_set(object, "battle_id", json_string(ry_text_row_id(id, &file->battle_id)));
    ry_text_json_set(object, "seed", ry_text_json_u64(file->seed));
    ry_text_json_set(object, "inputs", ry_text_json_count(follow->inputs));
    ry_text_json_set(object, "end", json_string(end_name(follow->status)));
    ry_text_json_set(object, "text", ry_text_json_string(follow->text, sizeof follow->text));
    if (follow->arena != NULL) {
        ry_text_json_set(object, "isolation",
                         json_string(ry_code_name(RY_CODES_ISOLATION, results->isolated)));
        ry_text_json_set(object, "stamps", ry_text_results_stamps(results));
        ry_text_json_set_time(object, "time", ry_arena_time(follow->arena));
        ry_text_json_set(
            object, "instruments",
            ry_text_books_json(follow->arena, follow->price_scale, (unsigned)options->levels));
        ry_text_json_set(object, "counters", ry_text_machine_counters_json(follow->arena, true));
        ry_text_json_set(object, "hashes", ry_text_hashes_json(follow->arena));
    }
    (void)json_dumpf(object, stdout, JSON_INDENT(2)); /* ry_text_written sees what failed */
    putchar('\n');
    json_decref(object);
}

static int judge(const struct ry_follow *follow, const struct options *options)
{
    int code = RY_EXIT_OK;
    if (follow->status == RY_FOLLOW_DAMAGED)
        code = ry_text_fail(RY_EXIT_FAILED, "the journal is damaged: %s", follow->text);
    if (follow->arena != NULL && !ry_arena_conserves(follow->arena))
        code = ry_text_fail(RY_EXIT_FAILED, "cash or shares do not sum to what was paid in");
    /* A walk over all standing orders: only where it is asked for. */
    uint64_t state =
        options->expects && follow->arena != NULL ? ry_arena_state_hash(follow->arena) : 0;
    if (options->expects && state != options->expect)
        code = ry_text_fail(RY_EXIT_FAILED, "the state hash is %016" PRIx64 ", not %016" PRIx64,
                            state, options->expect);
    return code;
}

int ry_cli_replay(int argc, char **argv)
{
    static struct ry_follow follow;
    struct ry_results results;
    struct options options = {
        .until_input = UINT64_MAX, .until_time = RY_TIME_NEVER, .levels = LEVELS_DEFAULT};
    char error[512];
    int code = ry_text_options(&command, argc, argv, &options, &options.directory);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (ry_follow_open(&follow, options.directory, error, sizeof error) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
    ry_follow_until(&follow, options.until_input, options.until_time);
    ry_results_open(&results, &follow.reader.file.battle_id, NULL);
    results.isolated = (enum ry_isolated)follow.reader.file.isolated;
    while (ry_results_step(&results, &follow, RY_RESULTS_STEP_INPUTS) == RY_RESULTS_STEP_INPUTS)
        ;
    if (options.json)
        print_json(&follow, &results, &options);
    else
        print_text(&follow, &results, &options);
    bool written = ry_text_written(stdout); /* what it says comes before what is wrong with it */
    code = judge(&follow, &options);
    if (!written)
        code = RY_EXIT_FAILED;
    ry_results_close(&results);
    ry_follow_close(&follow);
    return code;
}
