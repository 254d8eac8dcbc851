/* `royale keys [--man]`: the keys of the battle file, for people or as royale-battle(5). */
#ifndef RY_TOOLS_CLI_KEYS_H
#define RY_TOOLS_CLI_KEYS_H

int ry_cli_keys(int argc, char **argv);

#endif
