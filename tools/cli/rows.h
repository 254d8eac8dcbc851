/* `royale rows`: the rows that a battle gives to other programs. Returns the exit code. */
#ifndef RY_TOOLS_CLI_ROWS_H
#define RY_TOOLS_CLI_ROWS_H

int ry_cli_rows(int argc, char **argv);

#endif
