/*
 * `royale status` of a folder of battles.
 */
#ifndef RY_TOOLS_CLI_STATUS_LIBRARY_H
#define RY_TOOLS_CLI_STATUS_LIBRARY_H

#include <stdbool.h>

#define RY_CLI_STATUS_LIBRARY_FORMAT 1
/* Where the folder is, if the command says nothing. */
#define RY_CLI_STATUS_LIBRARY "ROYALE_LIBRARY"

/* Prints it; returns the exit code. */
int ry_cli_status_library(const char *directory, bool json);

#endif
