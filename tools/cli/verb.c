#include "tools/cli/verb.h"

#include <string.h>

#include "core/battle/nearest.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"

int ry_cli_verb(const struct ry_cli_verbs *verbs, int argc, char **argv, unsigned *verb)
{
    if (argc < 2) {
        verbs->print_usage(stderr);
        return RY_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        verbs->print_usage(stdout);
        return RY_TEXT_HELPED;
    }
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, argv[1]);
    for (*verb = 0; *verb < verbs->count; ++*verb) {
        if (strcmp(argv[1], verbs->name(*verb)) == 0)
            return RY_EXIT_OK;
        (void)ry_battle_nearest_offer(&nearest, verbs->name(*verb));
    }
    return ry_text_fail(RY_EXIT_USAGE, "%s: no command %s%s; `royale %s --help` lists them",
                        verbs->of, argv[1], nearest.said, verbs->of);
}
