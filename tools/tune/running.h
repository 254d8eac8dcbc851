/*
 * Battles that run on the machine, for who is about to change it under them.
 */
#ifndef RY_TOOLS_TUNE_RUNNING_H
#define RY_TOOLS_TUNE_RUNNING_H

#include "tuning/host.h"

#define RY_TUNE_RUNNING_BYTES 160

/* Of the first `royale run` among the machine's processes (/proc/PID/cmdline) what was typed and
 * its number, printable: "royale run demo.yaml (process 4711)". False: there is none. */
bool ry_tune_running(const struct ry_tuning_host *host, char text[RY_TUNE_RUNNING_BYTES]);

#endif
