/* `royale run [--dir DIR] [--quiet] FILE`: runs a battle. Returns the exit code. */
#ifndef RY_TOOLS_CMD_RUN_H
#define RY_TOOLS_CMD_RUN_H

int ry_run_battle_main(int argc, char **argv);

#endif
