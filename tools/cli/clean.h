/* `royale clean DIR`: tidies a library of battles. Returns the exit code. */
#ifndef RY_TOOLS_CLI_CLEAN_H
#define RY_TOOLS_CLI_CLEAN_H

int ry_cli_clean(int argc, char **argv);

#endif
