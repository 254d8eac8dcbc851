/*
 * The command line of a program or subcommand: one table from which come the reading and the help.
 *
 * Example: {.name = "levels", .argument = "N", .kind = RY_TEXT_NUMBER, .offset = offsetof(struct
 * options, levels), .max = 1000, .help = "of each book"} reads `--levels 5` into a uint64_t and
 * prints "  --levels N  of each book".
 */
#ifndef RY_TOOLS_TEXT_OPTIONS_H
#define RY_TOOLS_TEXT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RY_TEXT_OPTIONS_MAX 16

enum ry_text_option_kind {
    RY_TEXT_FLAG = 1, /* no argument; sets a bool */
    RY_TEXT_WORD,     /* sets a const char * */
    RY_TEXT_NUMBER,   /* a whole number, min to max; sets a uint64_t */
    RY_TEXT_READ,     /* `read` takes it */
};

struct ry_text_option {
    const char *name;     /* without the dashes */
    const char *argument; /* "N", as the help calls it; NULL: FLAG */
    const char *fallback; /* WORD: what `--NAME` alone says; then it is `--NAME=N`. NULL: nothing */
    enum ry_text_option_kind kind;
    size_t offset; /* in the struct that ry_text_options fills */
    uint64_t min, max;
    bool (*read)(void *options, const char *text); /* false: not understood */
    const char *help;                              /* lines; none ends in a newline */
};

struct ry_text_command {
    const char *name;     /* "royale replay" */
    const char *synopsis; /* behind the name; NULL: all options, then `operand` */
    const char *operand;  /* "DIR": there must be one; NULL: there must be none */
    bool many;            /* any number of operands: argv[optind] .. argv[argc - 1] */
    const char *about;    /* what it does: lines, the last ends in a newline */
    const char *ends;     /* exit codes, and what else there is to say: the same; NULL: nothing */
    const struct ry_text_option *option;
    unsigned options;
};

#define RY_TEXT_HELPED (-1) /* help was asked for and printed: nothing is left to do */

/* Fills `options`, which holds the defaults, and `*operand` (where there is to be one alone).
 * RY_EXIT_OK; RY_EXIT_USAGE with the reason, and where the help is, on standard error; or
 * RY_TEXT_HELPED. */
int ry_text_options(const struct ry_text_command *command, int argc, char **argv, void *options,
                    const char **operand);

#endif
