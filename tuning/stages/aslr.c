/*
 * Reported alone: randomisation protects, and a battle with strangers' strategies wants it. For
 * comparing figures between two runs one process is run without it, not the machine.
 */
#include <string.h>

#include "tuning/stage.h"

#define RANDOMIZE "/proc/sys/kernel/randomize_va_space"

void ry_tuning_stage_aslr(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                          const struct ry_tuning_findings *findings)
{
    char now[16];
    (void)target;
    if (!ry_tuning_host_line(host, RANDOMIZE, now, sizeof now))
        strcpy(now, "");
    ry_tuning_tell_fact(
        findings, RY_TUNING_REPORTED, RANDOMIZE, now, "",
        strcmp(now, "0") == 0
            ? "memory lies alike in every run, for whoever attacks it too"
            : "memory lies differently in every run, and caches are hit differently with it: "
              "compare medians of several runs, or run what you compare under setarch -R");
}
