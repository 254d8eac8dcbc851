#include "tools/cli/codes.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "shm/records/codes.h"
#include "tools/text/exit_codes.h"
#include "tools/text/markup.h"
#include "tools/text/report.h"

static const char usage[] =
    "usage: royale codes [--markdown] [SET ...]\n"
    "Prints the codes of records: number, name, what happened, what to do about it.\n"
    "SET: reject, cancel, out, cause, state, session, side; default: all of them.\n"
    "--markdown: as tables, which the documents of royale have from here.\n";

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
    static const struct option options[] = {
        {"help", no_argument, NULL, 'h'}, {"markdown", no_argument, NULL, 'm'}, {0}};
    bool markdown = false;
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (c != 'm') {
            fputs(usage, c == 'h' ? stdout : stderr);
            return c == 'h' ? RY_EXIT_OK : RY_EXIT_USAGE;
        }
        markdown = true;
    }
    for (int i = optind; i < argc; i++) {
        if (find(argv[i]) == NULL) {
            fprintf(stderr, "royale: no set of codes %s\n%s", argv[i], usage);
            return RY_EXIT_USAGE;
        }
    }
    for (int i = optind; i < argc; i++)
        print_set(find(argv[i]), markdown, i == optind);
    for (unsigned i = 0; optind == argc && i < RY_CODES_COUNT; i++)
        print_set(ry_code_set((enum ry_codes)i), markdown, i == 0);
    return ry_text_written(stdout) ? RY_EXIT_OK : RY_EXIT_FAILED;
}
