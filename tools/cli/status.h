/*
 * `royale status DIR`: a battle that runs or is over, in one screen of text or one JSON object.
 */
#ifndef RY_TOOLS_CLI_STATUS_H
#define RY_TOOLS_CLI_STATUS_H

#include <stdio.h>

#include "tools/watch/watch.h"

int ry_cli_status(int argc, char **argv);

/* What both forms show. */
struct ry_cli_status {
    struct ry_watch watch; /* looked at twice, if it runs */
    struct ry_results_board board;
    const char *state; /* "runs", "ended", "stopped", "broke off", "not known", "damaged" */
};

void ry_cli_status_text(FILE *out, const struct ry_cli_status *status);

#define RY_CLI_STATUS_FORMAT 1

/* The fields: docs/WATCHING.md. */
void ry_cli_status_json(FILE *out, const struct ry_cli_status *status);

#endif
