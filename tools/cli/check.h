/* `royale check FILE`: reads a battle file, says what it means. Returns the exit code. */
#ifndef RY_TOOLS_CLI_CHECK_H
#define RY_TOOLS_CLI_CHECK_H

int ry_cli_check(int argc, char **argv);

#endif
