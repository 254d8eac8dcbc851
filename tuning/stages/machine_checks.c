/*
 * Every check_interval seconds a timer on every CPU reads the banks of machine checks. Errors that
 * end a process or the machine, and corrected ones that the CPU reports by an interrupt, are heard
 * without it. The value is one for all CPUs, so that one file of theirs is enough.
 */
#include "tuning/stage.h"

void ry_tuning_stage_machine_checks(const struct ry_tuning_host *host,
                                    const struct ry_tuning_target *target,
                                    const struct ry_tuning_findings *findings)
{
    ry_tuning_tell(
        host, findings, RY_TUNING_NUMBER,
        "/sys/devices/system/machinecheck/machinecheck0/check_interval", "0",
        target->machine.guest
            ? "this guest has no machine checks to poll for"
            : "this kernel polls for no machine checks (mce=off, or another kind of CPU)");
}
