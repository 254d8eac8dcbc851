#include "tools/cli/counters.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/battle/nearest.h"
#include "tools/cli/counters_running.h"
#include "tools/counters/tables.h"
#include "tools/text/exit.h"
#include "tools/text/markup.h"
#include "tools/text/options.h"

static const char *kind_of(enum ry_counter_kind kind)
{
    switch (kind) {
    case RY_COUNTER_KIND_COUNTER: return "counter";
    case RY_COUNTER_KIND_GAUGE: return "gauge";
    case RY_COUNTER_KIND_HASH: return "hash";
    }
    return "?";
}

/* ---- the three forms ------------------------------------------------------------------------- */

static void print_plain(const struct ry_counters_of *of)
{
    printf("%s: %s\n", of->name, of->title);
    for (unsigned i = 0; i < of->count; i++) {
        const struct ry_counter *counter = &of->table->counter[i];
        printf("  %-26s %-8s %-9s %s\n", counter->name, kind_of(counter->kind), counter->unit,
               counter->sentence);
        if (counter->remedy[0] != '\0')
            printf("  %-26s %-8s %-9s -> %s\n", "", "", "", counter->remedy);
    }
}

static void print_markdown(const struct ry_counters_of *of)
{
    fputs("| counter | kind | unit | what is counted | what to do if it is not zero |\n"
          "|---|---|---|---|---|\n",
          stdout);
    for (unsigned i = 0; i < of->count; i++) {
        const struct ry_counter *counter = &of->table->counter[i];
        printf("| `%s` | %s | %s | ", counter->name, kind_of(counter->kind), counter->unit);
        ry_text_markdown(stdout, counter->sentence);
        fputs(" | ", stdout);
        ry_text_markdown(stdout, counter->remedy);
        fputs(" |\n", stdout);
    }
}

static void print_man(const struct ry_counters_of *of)
{
    printf(".SH %s\n", of->name);
    ry_text_man(stdout, of->title);
    fputs(".\n", stdout);
    for (unsigned i = 0; i < of->count; i++) {
        const struct ry_counter *counter = &of->table->counter[i];
        printf(".TP\n.BR %s \" (%s, %s)\"\n", counter->name, kind_of(counter->kind), counter->unit);
        ry_text_man(stdout, counter->sentence);
        fputs(".\n", stdout);
        if (counter->remedy[0] != '\0') {
            fputs(".br\nIf not zero: ", stdout);
            ry_text_man(stdout, counter->remedy);
            fputs(".\n", stdout);
        }
    }
}

static void begin_man(void)
{
    fputs(".\\\" Made by `royale counters --man` from the counters.def of each role.\n"
          ".TH ROYALE\\-COUNTERS 7 \"\" royale \"Miscellaneous\"\n"
          ".SH NAME\nroyale\\-counters \\- what the processes of a battle count\n"
          ".SH DESCRIPTION\n"
          "Each process of a battle counts what it does and what it refuses. A\n.I counter\n"
          "never falls, a\n.I gauge\nis a state of this moment or the largest until now, a\n"
          ".I hash\nis shown as 16 hexadecimal digits.\n.PP\n"
          ".B royale run\nprints as\n.I odd\nthose that are not zero though this page says\n"
          ".RI \\(lq If\\~not\\~zero \\(rq ,\n"
          "with what to do; all that are not zero are printed by\n.B royale counters\n.IR DIR .\n",
          stdout);
}

/* ---- the command ----------------------------------------------------------------------------- */

enum form {
    FORM_PLAIN,
    FORM_MARKDOWN,
    FORM_MAN,
};

static const struct ry_counters_of *find(const char *name)
{
    for (const struct ry_counters_of *of = ry_counters_all; of->name != NULL; of++)
        if (strcmp(of->name, name) == 0)
            return of;
    return NULL;
}

static void print_one(const struct ry_counters_of *of, enum form form, bool first)
{
    static void (*const print[])(const struct ry_counters_of *of) = {
        [FORM_PLAIN] = print_plain, [FORM_MARKDOWN] = print_markdown, [FORM_MAN] = print_man};
    if (!first && form != FORM_MAN)
        putchar('\n');
    print[form](of);
}

static void print_roles(char **role, int roles, enum form form)
{
    if (form == FORM_MAN)
        begin_man();
    for (int i = 0; i < roles; i++)
        print_one(find(role[i]), form, i == 0);
    for (unsigned i = 0; roles == 0 && ry_counters_all[i].name != NULL; i++)
        print_one(&ry_counters_all[i], form, i == 0);
    if (form == FORM_MAN)
        fputs(".SH SEE ALSO\n.BR royale (1)\n", stdout);
}

struct options {
    bool man, markdown;
};

static const struct ry_text_option option_table[] = {
    {.name = "man",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, man),
     .help = "as the manual page royale-counters(7)"},
    {.name = "markdown",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, markdown),
     .help = "as tables"},
};

static const struct ry_text_command command = {
    .name = "royale counters",
    .synopsis = "[--man | --markdown] [ROLE ...]\n       royale counters DIR",
    .operand = "ROLE",
    .many = true,
    .about =
        "Prints what the processes of a battle count: name, unit, kind, what is counted, and what to do\n"
        "if it is not zero.\n",
    .ends = "ROLE: feed, exec, machine, journal, agent, export, loop; default: all of them.\n"
            "DIR: the directory of a battle: the counters of its processes that are not zero.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

static int unknown(const char *name)
{
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, name);
    for (const struct ry_counters_of *of = ry_counters_all; of->name != NULL; of++)
        (void)ry_battle_nearest_offer(&nearest, of->name);
    return ry_text_fail(RY_EXIT_USAGE,
                        "no role and no directory %s%s; `royale counters --help` lists the roles",
                        name, nearest.said);
}

/* A role's name is a role's; a directory of that name is ./feed. */
static bool is_directory(const char *name)
{
    struct stat status;
    return find(name) == NULL && stat(name, &status) == 0 && S_ISDIR(status.st_mode);
}

int ry_cli_counters(int argc, char **argv)
{
    struct options options = {.man = false};
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    const bool plain = !options.man && !options.markdown;
    if (optind == argc - 1 && plain && is_directory(argv[optind]))
        return ry_cli_counters_running(stdout, argv[optind]);
    for (int i = optind; i < argc; i++)
        if (is_directory(argv[i]))
            return ry_text_fail(RY_EXIT_USAGE, "the directory %s stands alone, without options",
                                argv[i]);
    for (int i = optind; i < argc; i++)
        if (find(argv[i]) == NULL)
            return unknown(argv[i]);
    print_roles(argv + optind, argc - optind,
                options.man        ? FORM_MAN
                : options.markdown ? FORM_MARKDOWN
                                   : FORM_PLAIN);
    return RY_EXIT_OK;
}
