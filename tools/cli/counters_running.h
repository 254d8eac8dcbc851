/* `royale counters DIR`: what the processes of the battle in DIR have counted until now, or until
 * its end. */
#ifndef RY_TOOLS_CLI_COUNTERS_RUNNING_H
#define RY_TOOLS_CLI_COUNTERS_RUNNING_H

#include <stdio.h>

/* Joins by the observers' door (core/role/door.h) and prints for each process its counters that are
 * not zero, with the labels of its own region, and which of them are odd. Of a battle that is over:
 * what `royale run` kept. RY_EXIT_OK, or RY_EXIT_FAILED with the reason on standard error. */
int ry_cli_counters_running(FILE *out, const char *directory);

#endif
