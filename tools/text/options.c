#include "tools/text/options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/text/exit.h"

#define FIRST_CODE 256 /* beyond all letters */

/* ---- help ------------------------------------------------------------------------------------ */

/* "--levels N" */
static int label_of(char *text, size_t bytes, const struct ry_text_option *option)
{
    bool takes = option->argument != NULL;
    if (option->fallback != NULL)
        return snprintf(text, bytes, "--%s[=%s]", option->name, option->argument);
    return snprintf(text, bytes, "--%s%s%s", option->name, takes ? " " : "",
                    takes ? option->argument : "");
}

static void put_option(FILE *out, const struct ry_text_option *option, int width)
{
    char label[64];
    (void)label_of(label, sizeof label, option);
    fprintf(out, "  %-*s  ", width, label);
    for (const char *at = option->help; *at != 0; at++) {
        fputc(*at, out);
        if (*at == '\n')
            fprintf(out, "  %-*s  ", width, "");
    }
    fputc('\n', out);
}

static void put_help(FILE *out, const struct ry_text_command *command)
{
    static const struct ry_text_option help = {.name = "help", .help = "this"};
    char label[64];
    int width = 0;
    fprintf(out, "usage: %s", command->name);
    for (unsigned i = 0; i < command->options; i++) {
        int chars = label_of(label, sizeof label, &command->option[i]);
        width = chars > width ? chars : width;
        if (command->synopsis == NULL)
            fprintf(out, " [%s]", label);
    }
    if (command->synopsis != NULL)
        fprintf(out, " %s", command->synopsis);
    else if (command->operand != NULL)
        fprintf(out, command->many ? " [%s ...]" : " %s", command->operand);
    fprintf(out, "\n%s", command->about);
    for (unsigned i = 0; i < command->options; i++)
        put_option(out, &command->option[i], width);
    put_option(out, &help, width);
    if (command->ends != NULL)
        fputs(command->ends, out);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool read_number(const struct ry_text_option *option, const char *text, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == 0 && errno == 0 && *number >= option->min &&
           *number <= option->max;
}

static bool take(const struct ry_text_command *command, const struct ry_text_option *option,
                 void *options, const char *text)
{
    void *at = (char *)options + option->offset;
    switch (option->kind) {
    case RY_TEXT_FLAG: *(bool *)at = true; return true;
    case RY_TEXT_WORD: *(const char **)at = text != NULL ? text : option->fallback; return true;
    case RY_TEXT_NUMBER:
        if (read_number(option, text, at))
            return true;
        fprintf(stderr, "%s: --%s %s: must be a whole number, %" PRIu64 " to %" PRIu64 "\n",
                command->name, option->name, text, option->min, option->max);
        return false;
    case RY_TEXT_READ:
        if (option->read(options, text))
            return true;
        fprintf(stderr, "%s: --%s does not understand %s\n", command->name, option->name, text);
        return false;
    }
    return false;
}

static void make_names(const struct ry_text_command *command,
                       struct option names[RY_TEXT_OPTIONS_MAX + 2])
{
    assert(command->options <= RY_TEXT_OPTIONS_MAX);
    for (unsigned i = 0; i < command->options; i++)
        names[i] =
            (struct option){.name = command->option[i].name,
                            .has_arg = command->option[i].argument == NULL   ? no_argument
                                       : command->option[i].fallback != NULL ? optional_argument
                                                                             : required_argument,
                            .val = FIRST_CODE + (int)i};
    names[command->options] = (struct option){.name = "help", .has_arg = no_argument, .val = 'h'};
    names[command->options + 1] = (struct option){.name = NULL};
}

static int refuse(const struct ry_text_command *command)
{
    fprintf(stderr, "see `%s --help`\n", command->name);
    return RY_EXIT_USAGE;
}

static int refuse_option(const struct ry_text_command *command, const char *said, bool lacks)
{
    if (lacks)
        fprintf(stderr, "%s: option '%s' requires an argument\n", command->name, said);
    else
        fprintf(stderr, "%s: unrecognized option '%s'\n", command->name, said);
    return refuse(command);
}

int ry_text_options(const struct ry_text_command *command, int argc, char **argv, void *options,
                    const char **operand)
{
    struct option names[RY_TEXT_OPTIONS_MAX + 2];
    make_names(command, names);
    optind = 0; /* afresh: another subcommand, or a test, may have read options before */
    opterr = 0; /* its messages begin with argv[0], which is a subcommand's last word alone */
    for (int code; (code = getopt_long(argc, argv, ":h", names, NULL)) != -1;) {
        if (code == 'h') {
            put_help(stdout, command);
            return RY_TEXT_HELPED;
        }
        if (code < FIRST_CODE)
            return refuse_option(command, argv[optind - 1], code == ':');
        if (!take(command, &command->option[code - FIRST_CODE], options, optarg))
            return refuse(command);
    }
    if (command->many)
        return RY_EXIT_OK;
    int wanted = command->operand != NULL ? 1 : 0;
    if (argc - optind != wanted) {
        fprintf(stderr, wanted ? "%s: there must be one %s\n" : "%s takes options alone\n",
                command->name, command->operand);
        return refuse(command);
    }
    if (wanted)
        *operand = argv[optind];
    return RY_EXIT_OK;
}
