#include "tools/proof/proof.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shm/clock.h"
#include "shm/printable.h"
#include "tools/proof/battle.h"
#include "tools/proof/facts.h"
#include "tools/proof/fields.h"
#include "tools/proof/figures.h"
#include "tools/proof/files.h"
#include "tools/proof/html.h"
#include "tools/proof/measure.h"
#include "tools/proof/reading.h"
#include "tools/proof/switches.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"
#include "tools/text/options.h"
#include "tools/text/version.h"

#define OUT_NAME  "proof.html"
#define SECOND_NS INT64_C(1000000000)
#define ABLATE_PART                                                                                \
    10 /* each measurement of --ablate has this part of the time, a second at least */

struct options {
    const char *out, *before, *from, *root, *cores;
    uint64_t seconds, battle_seconds;
    bool json, ablate, fields;
};

static const struct ry_text_option option_table[] = {
    {.name = "out",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, out),
     .help = "where the page goes, its JSON beside it; " OUT_NAME " if it is not given"},
    {.name = "json",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, json),
     .help = "the JSON on standard output; no page, but with --out"},
    {.name = "seconds",
     .argument = "N",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, seconds),
     .min = 1,
     .max = RY_PROOF_SECONDS_MAX,
     .help = "how long all probes take together; 30 if it is not given"},
    {.name = "battle-seconds",
     .argument = "N",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, battle_seconds),
     .min = 1,
     .max = RY_PROOF_BATTLE_SECONDS_MAX,
     .help = "the battle is stopped in order after that; 600 if it is not given"},
    {.name = "before",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, before),
     .help = "the JSON of an earlier report, to lay under this one; if it is not given, the\n"
             "one that was kept on this machine"},
    {.name = "ablate",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, ablate),
     .help = "sets back each stage that is applied alone, measures, and sets it again (root)"},
    {.name = "from",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, from),
     .help = "measures nothing: the page of a report's JSON"},
    {.name = "cores",
     .argument = "LIST",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, cores),
     .help = "the hot cores, \"2-5\", in place of a battle file's"},
    {.name = "root",
     .argument = "DIR",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, root),
     .help = "settings of the machine in DIR, for tests; what is measured is this one"},
    {.name = "fields",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, fields),
     .help = "the fields of the JSON, as a table in Markdown"},
};

static const struct ry_text_command command = {
    .name = "royale tune report",
    .synopsis = "[--out FILE] [--json] [--seconds N] [--before FILE] [--ablate] [BATTLE.yaml]",
    .many = true,
    .about =
        "Measures how quiet the machine's cores are and what they are from each other and from memory, counts\n"
        "interrupts and switches while a battle runs, and writes one page that opens from a folder, and its JSON.\n"
        "Where nothing is applied yet the report is kept, and lies under each later one; a longer one that is\n"
        "kept already stays.\n"
        "It fills the cores with work while it measures: not beside a battle that matters.\n",
    .ends =
        "Exit codes: 0 ok, 1 a stage that --ablate set back could not be set again, 2 wrong arguments, battle\n"
        "file or JSON, 3 a file cannot be written, or --ablate has nothing to do or no root; a battle that\n"
        "cannot run: its own.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

static const char *out_of(const struct options *options)
{
    return options->out != NULL ? options->out : OUT_NAME;
}

static void say(const char *line)
{
    fprintf(stderr, "%s\n", line);
}

/* ---- measuring ------------------------------------------------------------------------------- */

static json_t *begin(const struct options *options, struct ry_proof_aim *aim, const char *file)
{
    json_t *report = ry_text_json_whole(json_object());
    const struct ry_tuning_target *target = &aim->target;
    ry_text_json_set(report, "format", ry_text_json_integer(RY_PROOF_FORMAT));
    ry_text_json_set(report, "royale", json_string(RY_VERSION));
    ry_text_json_set_time(report, "taken", ry_clock_wall_ns());
    ry_text_json_set(report, "seconds", ry_text_json_count(options->seconds));
    ry_text_json_set(report, "battle",
                     file != NULL ? ry_text_json_string(target->battle, sizeof target->battle)
                                  : json_null());
    ry_proof_facts(report, &aim->host, target, file != NULL ? &aim->placement : NULL);
    ry_proof_facts_stages(report, &aim->host, target);
    return report;
}

static int battle(json_t *figures, const struct options *options, const struct ry_proof_aim *aim,
                  const char *file, const char *royale)
{
    bool bound = false;
    for (unsigned i = 0; i < aim->placement.count; i++)
        bound |= aim->placement.process[i].core != RY_TUNING_PLACEMENT_NONE;
    if (!bound)
        say("no process of this battle gets a core of its own on this machine (royale plan says "
            "why): there will be no counts of it");
    fprintf(stderr, "battle %s, %llu s at most\n", aim->target.battle,
            (unsigned long long)options->battle_seconds);
    return ry_proof_battle(figures, royale, file, options->battle_seconds, say);
}

/* The battle first: it finds the machine as it stands. */
static int measure(json_t *report, const struct options *options, struct ry_proof_aim *aim,
                   const char *file, const char *royale)
{
    const struct ry_proof_asked asked = {.host = &aim->host,
                                         .target = &aim->target,
                                         .time_ns = (int64_t)options->seconds * SECOND_NS,
                                         .say = say};
    json_t *figures = ry_proof_figures();
    const int code = file != NULL ? battle(figures, options, aim, file, royale) : RY_EXIT_OK;
    if (code != RY_EXIT_OK) {
        json_decref(figures);
        return code;
    }
    json_t *part = ry_proof_measure(&asked);
    ry_proof_figures_join(figures, part);
    json_decref(part);
    if (json_object_update(report, figures) != 0)
        (void)ry_text_json_whole(NULL);
    json_decref(figures);
    return RY_EXIT_OK;
}

/* Before anything is measured: is there something for --ablate to compare? */
static int may_ablate(const json_t *report, const struct ry_proof_aim *aim)
{
    if (json_array_size(ry_proof_list(report, "applied")) == 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT,
                            "--ablate: nothing is applied: royale tune apply first, as root");
    if (ry_tuning_cpus_count(&aim->target.hot) == 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT,
                            "--ablate measures hot cores, and none is hot here: name them by "
                            "--cores, or a battle whose processes get cores of their own");
    return RY_EXIT_OK;
}

static int ablate(json_t *report, const struct options *options, struct ry_proof_aim *aim)
{
    char why[RY_PROOF_ABLATE_WHY_BYTES];
    int64_t time_ns = (int64_t)options->seconds * SECOND_NS / ABLATE_PART;
    const size_t stages = json_array_size(ry_proof_list(report, "applied"));
    ry_text_json_set(report, "ablation", ry_text_json_whole(json_array()));
    if (!options->ablate)
        return RY_EXIT_OK;
    time_ns = time_ns < SECOND_NS ? SECOND_NS : time_ns;
    fprintf(stderr, "%zu stages, %zu measurements of %lld.%lld s each\n", stages, 2 * stages + 1,
            (long long)(time_ns / SECOND_NS), (long long)(time_ns % SECOND_NS / (SECOND_NS / 10)));
    if (ry_proof_switches_run(report, aim, time_ns, say, why))
        return RY_EXIT_OK;
    return ry_text_fail(RY_EXIT_FAILED,
                        "--ablate ended early: %s; `royale tune apply` sets what is missing, "
                        "`royale tune revert` sets all back",
                        why);
}

/* ---- what is said at the end ----------------------------------------------------------------- */

enum unit { TIME, SHARE, COUNT };

static const char *say_figure(char text[RY_PROOF_NS_BYTES], int64_t figure, enum unit unit)
{
    if (unit == TIME)
        return ry_proof_say_ns(text, figure);
    if (unit == SHARE)
        return ry_proof_say_ppm(text, figure);
    snprintf(text, RY_PROOF_NS_BYTES, "%" PRId64, figure);
    return text;
}

static void put_figure(const char *what, int64_t now, int64_t before, enum unit unit)
{
    char text[RY_PROOF_NS_BYTES];
    if (now < 0)
        return;
    printf("%s: %s", what, say_figure(text, now, unit));
    if (before >= 0)
        printf(" (before: %s)", say_figure(text, before, unit));
    putchar('\n');
}

/* A report that was made elsewhere says what it likes. */
static void put_sentences(const json_t *list, const char *begin, const char *of, const char *says)
{
    size_t i;
    const json_t *each;
    char what[RY_PROOF_WHY_BYTES], why[RY_PROOF_WHY_BYTES];
    json_array_foreach(list, i, each)
        printf("%s%s: %s\n", begin, ry_printable(what, ry_proof_string(each, of), sizeof what),
               ry_printable(why, ry_proof_string(each, says), sizeof why));
}

static void put_summary(const json_t *report, const json_t *before, const char *out)
{
    put_figure("longest gap on a hot core", ry_proof_longest_ns(report),
               ry_proof_longest_ns(before), TIME);
    put_figure("time taken from a hot core", ry_proof_stolen_ppm(report),
               ry_proof_stolen_ppm(before), SHARE);
    put_figure("interrupts on hot cores during the battle", ry_proof_interrupts(report, "battle"),
               ry_proof_interrupts(before, "battle"), COUNT);
    put_figure("switches of bound processes during the battle", ry_proof_switches(report, "battle"),
               ry_proof_switches(before, "battle"), COUNT);
    put_sentences(ry_proof_list(report, "meaning"), "", "of", "sentence");
    put_sentences(ry_proof_list(report, "not_measured"), "not measured: ", "what", "why");
    if (ry_proof_beside(report, before) != NULL)
        printf("before: %s\n", ry_proof_beside(report, before));
    printf("page: %s\n", out);
}

/* The page, the JSON, or both. */
static int write_all(const struct options *options, const json_t *report, const json_t *before)
{
    const char *out = out_of(options);
    if (options->json)
        (void)ry_text_json_line(stdout, json_deep_copy(report));
    if (options->json && options->out == NULL)
        return RY_EXIT_OK;
    const int code = ry_proof_files_write(out, report, before);
    if (code == RY_EXIT_OK && !options->json)
        put_summary(report, before, out);
    return code;
}

static int from_file(const struct options *options)
{
    json_t *report = ry_proof_files_read(options->from);
    json_t *before = options->before != NULL ? ry_proof_files_read(options->before) : NULL;
    const bool read = report != NULL && (before != NULL || options->before == NULL);
    const int code = read ? write_all(options, report, before) : RY_EXIT_USAGE;
    json_decref(report);
    json_decref(before);
    return code;
}

static int report_of(const struct options *options, struct ry_proof_aim *aim, const char *file,
                     const char *royale)
{
    const int64_t began = ry_clock_machine_ns();
    json_t *report = begin(options, aim, file), *before = NULL;
    int ablated = RY_EXIT_OK;
    int code = options->ablate ? may_ablate(report, aim) : RY_EXIT_OK;
    if (code == RY_EXIT_OK && !ry_proof_files_before(&before, options->before, &aim->host, report))
        code = RY_EXIT_USAGE;
    if (code == RY_EXIT_OK)
        code = measure(report, options, aim, file, royale);
    if (code == RY_EXIT_OK) {
        ablated = ablate(report, options, aim);
        ry_text_json_set(report, "took_ns", ry_text_json_i64(ry_clock_machine_ns() - began));
        code = write_all(options, report, before);
        if (code == RY_EXIT_OK && !options->json &&
            json_array_size(ry_proof_list(report, "applied")) == 0)
            ry_proof_files_keep(&aim->host, report);
    }
    json_decref(report);
    json_decref(before);
    return ablated != RY_EXIT_OK ? ablated : code;
}

int ry_proof_main(int argc, char **argv, ry_proof_take_aim *take_aim, const char *royale)
{
    struct options options = {
        .root = "", .seconds = RY_PROOF_SECONDS, .battle_seconds = RY_PROOF_BATTLE_SECONDS};
    const char *none = NULL;
    int code = ry_text_options(&command, argc, argv, &options, &none);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (options.fields) {
        ry_proof_fields_print(stdout);
        return RY_EXIT_OK;
    }
    if (argc - optind > 1)
        return ry_text_fail(RY_EXIT_USAGE, "tune report takes one battle file at most");
    if (options.from != NULL)
        return from_file(&options);
    if (options.ablate && options.root[0] == '\0' && geteuid() != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "--ablate changes the machine: be root");
    struct ry_proof_aim *aim = calloc(1, sizeof *aim);
    const char *file = optind < argc ? argv[optind] : NULL;
    if (aim == NULL)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "no memory");
    code = options.json && options.out == NULL ? RY_EXIT_OK : ry_proof_files_try(out_of(&options));
    if (code == RY_EXIT_OK)
        code = take_aim(aim, options.root, file, options.cores);
    if (code == RY_EXIT_OK)
        code = report_of(&options, aim, file, royale);
    free(aim);
    return code;
}
