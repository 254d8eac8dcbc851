/* `royale counters`: what the processes of a battle count, and what to do about it. */
#ifndef RY_TOOLS_CLI_COUNTERS_H
#define RY_TOOLS_CLI_COUNTERS_H

int ry_cli_counters(int argc, char **argv);

#endif
