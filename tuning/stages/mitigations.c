/*
 * Reported alone: whether strangers' code runs on the machine, and so what protection it needs, is
 * for its owner to say. The probes of system calls and futexes (tuning/probe) say what it costs.
 */
#include <stdio.h>
#include <string.h>

#include "tuning/stage.h"

#define FOLDER "/sys/devices/system/cpu/vulnerabilities"

struct looking {
    const struct ry_tuning_host *host;
    const struct ry_tuning_findings *findings;
    unsigned known, met, open;
};

static void each_fault(void *context, const char *name)
{
    struct looking *looking = context;
    struct ry_tuning_setting fact = {
        .kind = RY_TUNING_FACT, .state = RY_TUNING_REPORTED, .quiet = true};
    snprintf(fact.path, sizeof fact.path, FOLDER "/%s", name);
    if (!ry_tuning_host_line(looking->host, fact.path, fact.now, sizeof fact.now))
        return;
    looking->known++;
    bool met = strstr(fact.now, "Mitigation:") != NULL; /* "KVM: Mitigation: VMX disabled" too */
    bool other = strcmp(fact.now, "Not affected") == 0;
    looking->met += met;
    looking->open += !met && !other;
    looking->findings->take(looking->findings->context, &fact);
}

void ry_tuning_stage_mitigations(const struct ry_tuning_host *host,
                                 const struct ry_tuning_target *target,
                                 const struct ry_tuning_findings *findings)
{
    struct looking looking = {.host = host, .findings = findings};
    char now[128];
    (void)target;
    if (!ry_tuning_host_list(host, FOLDER, each_fault, &looking)) {
        ry_tuning_tell_fact(findings, RY_TUNING_REPORTED, FOLDER, "", "",
                            "this kernel does not list its CPU's faults");
        return;
    }
    snprintf(now, sizeof now, "%u mitigated, %u open, %u not of this CPU", looking.met,
             looking.open, looking.known - looking.met - looking.open);
    ry_tuning_tell_fact(findings, RY_TUNING_REPORTED, FOLDER, now, "",
                        "mitigations=off in the kernel line makes system calls cheaper: only for a "
                        "machine on which nothing runs but what you trust, strategies too");
}
