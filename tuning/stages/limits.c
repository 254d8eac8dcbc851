/*
 * A process of an ordinary user that maps memory for a card's DMA (DPDK) has to lock it, and Debian
 * lets it lock 8 MiB. Limits come to a session by PAM and to a service by systemd: one file each,
 * and both count for what is started after them.
 *
 * A process of real-time priority that never sleeps is stopped by the scheduler for 50 ms of each
 * second, unless sched_rt_runtime_us is -1. From 6.12 on that is so only where an
 * ordinary process or a thread of the kernel waits on the same core, and whatever stands there (the
 * fair server: /sys/kernel/debug/sched/fair_server): on an isolated core nobody else waits.
 */
#include <stdio.h>
#include <string.h>

#include "tuning/stage.h"

#define PAM_FOLDER     "/etc/security"
#define PAM_FILE       PAM_FOLDER "/limits.d/90-royale-tune.conf"
#define SYSTEMD_FOLDER "/etc/systemd"
#define SYSTEMD_FILE   SYSTEMD_FOLDER "/system.conf.d/90-royale-tune.conf"
#define LIMITS         "/proc/self/limits"
#define LOCKED         "Max locked memory"

static void tell_file(const struct ry_tuning_host *host, const struct ry_tuning_findings *findings,
                      const char *folder, const char *path, const char *content, const char *absent)
{
    struct ry_tuning_setting setting = {.kind = RY_TUNING_OWN_FILE};
    snprintf(setting.path, sizeof setting.path, "%s", path);
    snprintf(setting.want, sizeof setting.want, "%s", content);
    if (ry_tuning_host_exists(host, folder))
        ry_tuning_tell_setting(host, findings, &setting);
    else
        ry_tuning_tell_fact(findings, RY_TUNING_CANNOT, path, "", "", absent);
}

/* "Max locked memory         8388608              8388608              bytes" */
static void tell_own(const struct ry_tuning_host *host, const struct ry_tuning_findings *findings)
{
    char text[RY_TUNING_TEXT_BYTES], limit[32];
    if (ry_tuning_host_read(host, LIMITS, text, sizeof text) < 0)
        return;
    const char *line = strstr(text, LOCKED);
    if (line == NULL || sscanf(line + strlen(LOCKED), "%31s", limit) != 1)
        return;
    ry_tuning_tell_fact(findings, RY_TUNING_REPORTED, LIMITS, limit, "",
                        strcmp(limit, "unlimited") == 0
                            ? "bytes that this session may lock"
                            : "bytes that this session may lock: new limits count for who logs in "
                              "after apply, and for services from the next boot on");
}

void ry_tuning_stage_limits(const struct ry_tuning_host *host,
                            const struct ry_tuning_target *target,
                            const struct ry_tuning_findings *findings)
{
    (void)target;
    /* A star means everybody but root. */
    tell_file(host, findings, PAM_FOLDER, PAM_FILE,
              "# Of royale tune apply; royale tune revert takes it away.\n"
              "* - memlock unlimited\n"
              "root - memlock unlimited\n",
              "sessions have no limits by PAM here (no libpam-modules)");
    tell_file(host, findings, SYSTEMD_FOLDER, SYSTEMD_FILE,
              "# Of royale tune apply; royale tune revert takes it away.\n"
              "[Manager]\n"
              "DefaultLimitMEMLOCK=infinity\n",
              "services are not systemd's here");
    tell_own(host, findings);
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, "/proc/sys/kernel/sched_rt_runtime_us", "-1",
                   "this kernel does not throttle real-time processes");
}
