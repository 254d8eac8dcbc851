/*
 * irqbalance moves interrupts between CPUs every ten seconds; what it must not use it takes as a
 * list by its own socket (tuning/irqbalance.h), until it ends. Started anew it reads
 * IRQBALANCE_BANNED_CPULIST (from 1.8 on), which a drop-in of its unit sets; who has set it in
 * /etc/default/irqbalance has the last word. CPUs that are banned already stay so.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tuning/stage.h"
#include "tuning/value.h"

#define DROP_IN "/etc/systemd/system/irqbalance.service.d/90-royale-tune.conf"

static bool is_installed(const struct ry_tuning_host *host)
{
    return ry_tuning_host_exists(host, "/usr/lib/systemd/system/irqbalance.service") ||
           ry_tuning_host_exists(host, "/lib/systemd/system/irqbalance.service");
}

static void tell_running(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                         const struct ry_tuning_findings *findings)
{
    struct ry_tuning_setting ban = {
        .kind = RY_TUNING_IRQBALANCE, .gone_with_boot = true, .path = "irqbalance"};
    struct ry_tuning_cpus banned;
    int error = ry_tuning_value_look(host, &ban);
    if (error == -ENOENT) {
        ry_tuning_tell_fact(findings, RY_TUNING_REPORTED, ban.path, "", "",
                            "it does not run: nobody moves interrupts");
        return;
    }
    if (error == -EACCES)
        snprintf(ban.why, sizeof ban.why, "it tells root alone what it leaves alone");
    else if (error != 0)
        snprintf(ban.why, sizeof ban.why, "it does not answer: %s", strerror(-error));
    else if (ry_tuning_cpus_read_list(&banned, ban.now)) {
        ry_tuning_cpus_with(&banned, &banned, &target->hot);
        ry_tuning_cpus_list(&banned, ban.want);
    }
    ban.state = error != 0 ? RY_TUNING_CANNOT : ry_tuning_judge(&ban);
    findings->take(findings->context, &ban);
}

void ry_tuning_stage_irqbalance(const struct ry_tuning_host *host,
                                const struct ry_tuning_target *target,
                                const struct ry_tuning_findings *findings)
{
    struct ry_tuning_setting drop_in = {.kind = RY_TUNING_OWN_FILE, .path = DROP_IN};
    char hot[RY_TUNING_CPUS_TEXT_BYTES];
    tell_running(host, target, findings);
    if (!is_installed(host))
        return;
    snprintf(drop_in.want, sizeof drop_in.want,
             "# Made by royale tune: no interrupts for hot cores.\n[Service]\n"
             "Environment=IRQBALANCE_BANNED_CPULIST=%.3000s\n",
             ry_tuning_cpus_list(&target->hot, hot));
    ry_tuning_tell_setting(host, findings, &drop_in);
}
