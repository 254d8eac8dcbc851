/* `royale tune`: the host's settings, looked at, set, verified and put back. */
#ifndef RY_TOOLS_CLI_TUNE_H
#define RY_TOOLS_CLI_TUNE_H

int ry_cli_tune(int argc, char **argv);

#endif
