/*
 * The second word of `royale queue hold` and its like: found in a table, helped with, or refused
 * with the nearest that there is.
 */
#ifndef RY_TOOLS_CLI_VERB_H
#define RY_TOOLS_CLI_VERB_H

#include <stdio.h>

struct ry_cli_verbs {
    const char *of;                     /* the command that has them: "queue" */
    const char *(*name)(unsigned verb); /* of each below count */
    unsigned count;
    void (*print_usage)(FILE *out);
};

/* argv[0] is the command's name. RY_EXIT_OK with the verb of argv[1]; RY_TEXT_HELPED, its help was
 * asked for; or RY_EXIT_USAGE, said. */
int ry_cli_verb(const struct ry_cli_verbs *verbs, int argc, char **argv, unsigned *verb);

#endif
