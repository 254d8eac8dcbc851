/* `royale run [--dir DIR] [--quiet] FILE`: runs a battle. Returns the exit code. */
#ifndef RY_TOOLS_CLI_RUN_H
#define RY_TOOLS_CLI_RUN_H

int ry_cli_run(int argc, char **argv);

#endif
