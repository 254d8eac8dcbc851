#include "tools/cli/codes.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "core/battle/nearest.h"
#include "shm/records/codes.h"
#include "tools/text/exit.h"
#include "tools/text/markup.h"
#include "tools/text/options.h"

struct options {
    bool markdown;
};

static const struct ry_text_option option_table[] = {
    {.name = "markdown",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, markdown),
     .help = "as tables, which the documents of royale have from here"},
};

static const struct ry_text_command command = {
    .name = "royale codes",
    .operand = "SET",
    .many = true,
    .about = "Prints the codes of records: number, name, what happened, what to do about it.\n",
    .ends =
        "SET: reject, cancel, out, cause, state, session, incomplete, isolation, side; default: all of them.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

static void print_plain(FILE *out, const struct ry_code_set *set)
{
    fprintf(out, "%s: %s\n", set->name, set->says);
    for (unsigned i = 0; i < set->count; i++) {
        const struct ry_code *code = &set->code[i];
        fprintf(out, "  %2u %-14s %s\n", code->number, code->name, code->sentence);
        if (code->remedy[0] != '\0')
            fprintf(out, "     %-14s -> %s\n", "", code->remedy);
    }
}

static void print_markdown(FILE *out, const struct ry_code_set *set)
{
    fputs("| code | name | what happened | what to do about it |\n|---|---|---|---|\n", out);
    for (unsigned i = 0; i < set->count; i++) {
        const struct ry_code *code = &set->code[i];
        fprintf(out, "| %u | `%s` | ", code->number, code->name);
        ry_text_markdown(out, code->sentence);
        fputs(" | ", out);
        ry_text_markdown(out, code->remedy);
        fputs(" |\n", out);
    }
}

static const struct ry_code_set *find(const char *name)
{
    for (unsigned i = 0; i < RY_CODES_COUNT; i++)
        if (strcmp(ry_code_set((enum ry_codes)i)->name, name) == 0)
            return ry_code_set((enum ry_codes)i);
    return NULL;
}

static int unknown(const char *name)
{
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, name);
    for (unsigned i = 0; i < RY_CODES_COUNT; i++)
        (void)ry_battle_nearest_offer(&nearest, ry_code_set((enum ry_codes)i)->name);
    return ry_text_fail(RY_EXIT_USAGE, "no set of codes %s%s; `royale codes --help` lists them",
                        name, nearest.said);
}

static void print_set(const struct ry_code_set *set, bool markdown, bool first)
{
    if (!first)
        putchar('\n');
    if (markdown)
        print_markdown(stdout, set);
    else
        print_plain(stdout, set);
}

int ry_cli_codes(int argc, char **argv)
{
    struct options options = {.markdown = false};
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    for (int i = optind; i < argc; i++)
        if (find(argv[i]) == NULL)
            return unknown(argv[i]);
    for (int i = optind; i < argc; i++)
        print_set(find(argv[i]), options.markdown, i == optind);
    for (unsigned i = 0; optind == argc && i < RY_CODES_COUNT; i++)
        print_set(ry_code_set((enum ry_codes)i), options.markdown, i == 0);
    return RY_EXIT_OK;
}
