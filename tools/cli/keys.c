#include "tools/cli/keys.h"

#include <getopt.h>
#include <stdio.h>

#include "core/battle/keys.h"
#include "tools/text/exit_codes.h"

static const char usage[] =
    "usage: royale keys [--man]\n"
    "Prints the keys of the battle file; --man: as the manual page royale-battle(5).\n";

int ry_cli_keys(int argc, char **argv)
{
    static const struct option options[] = {
        {"help", no_argument, NULL, 'h'}, {"man", no_argument, NULL, 'm'}, {0}};
    bool man = false;
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (c != 'm') {
            fputs(usage, c == 'h' ? stdout : stderr);
            return c == 'h' ? RY_EXIT_OK : RY_EXIT_USAGE;
        }
        man = true;
    }
    if (optind != argc) {
        fputs(usage, stderr);
        return RY_EXIT_USAGE;
    }
    if (man)
        ry_battle_keys_print_man(stdout);
    else
        ry_battle_keys_print(stdout);
    return RY_EXIT_OK;
}
