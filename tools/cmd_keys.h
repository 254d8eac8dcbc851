/* `royale keys [--man]`: the keys of the battle file, for people or as royale-battle(5). */
#ifndef RY_TOOLS_CMD_KEYS_H
#define RY_TOOLS_CMD_KEYS_H

int ry_keys_main(int argc, char **argv);

#endif
