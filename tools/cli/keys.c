#include "tools/cli/keys.h"

#include <stdio.h>

#include "core/battle/keys.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"

struct options {
    bool man;
};

static const struct ry_text_option option_table[] = {
    {.name = "man",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, man),
     .help = "as the manual page royale-battle(5)"},
};

static const struct ry_text_command command = {
    .name = "royale keys",
    .about = "Prints the keys of the battle file.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

int ry_cli_keys(int argc, char **argv)
{
    struct options options = {.man = false};
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (options.man)
        ry_battle_keys_print_man(stdout);
    else
        ry_battle_keys_print(stdout);
    return RY_EXIT_OK;
}
