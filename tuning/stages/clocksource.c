/*
 * With the time-stamp counter as clock source the time is read without a call of the kernel; with
 * HPET or the ACPI timer a read takes a microsecond, of every process that asks. The clocks of KVM
 * and Hyper-V are read from the counter too: as good where a guest is offered nothing else.
 */
#include <string.h>

#include "tuning/stage.h"
#include "tuning/stages/words.h"

#define FOLDER    "/sys/devices/system/clocksource/clocksource0"
#define CURRENT   FOLDER "/current_clocksource"
#define AVAILABLE FOLDER "/available_clocksource"
/* Of guests. */
#define BY_COUNTER "kvm-clock hyperv_clocksource_tsc_page"

void ry_tuning_stage_clocksource(const struct ry_tuning_host *host,
                                 const struct ry_tuning_target *target,
                                 const struct ry_tuning_findings *findings)
{
    char available[256], now[64];
    (void)target;
    if (!ry_tuning_host_line(host, CURRENT, now, sizeof now) ||
        !ry_tuning_host_line(host, AVAILABLE, available, sizeof available))
        ry_tuning_tell_fact(findings, RY_TUNING_CANNOT, CURRENT, "", "tsc",
                            "this kernel does not say where it takes the time from");
    else if (ry_tuning_stages_lists(available, "tsc"))
        ry_tuning_tell(host, findings, RY_TUNING_PLAIN, CURRENT, "tsc", NULL);
    else if (ry_tuning_stages_lists(BY_COUNTER, now))
        ry_tuning_tell_fact(findings, RY_TUNING_OK, CURRENT, now, "",
                            "read from the CPU's counter as well; this guest is not offered tsc");
    else if (strcmp(now, "arch_sys_counter") == 0)
        ry_tuning_tell_fact(findings, RY_TUNING_OK, CURRENT, now, "", "the counter of this CPU");
    else
        ry_tuning_tell_fact(findings, RY_TUNING_YOURS, CURRENT, now, "tsc",
                            "the kernel does not trust the counter (dmesg | grep -i tsc says why): "
                            "update the firmware, or, in a guest, have the host pass an invariant "
                            "TSC on");
}
