/*
 * Hot cores, and the idle threads beside them, stay out of idle states that take longer to leave
 * than tuning/idle.h says; housekeeping cores may sleep as deep as they like, which leaves power to
 * the hot ones. While a battle with spinning processes runs, the supervisor holds the promise for
 * the whole machine besides.
 */
#include "tuning/idle.h"

#include <stdio.h>

#include "tuning/stage.h"

#define CPUS "/sys/devices/system/cpu"

struct looking {
    const struct ry_tuning_host *host;
    const struct ry_tuning_findings *findings;
    unsigned states, deep;
};

static void each_state(void *context, const char *state)
{
    struct looking *looking = context;
    struct ry_tuning_setting setting = {
        .kind = RY_TUNING_FILE, .form = RY_TUNING_NUMBER, .want = "1", .quiet = true};
    char path[RY_TUNING_PATH_BYTES];
    long long us;
    looking->states++;
    snprintf(path, sizeof path, "%s/latency", state);
    if (!ry_tuning_host_number(looking->host, path, &us) || us <= RY_TUNING_IDLE_US_MAX)
        return;
    looking->deep++;
    snprintf(setting.path, sizeof setting.path, "%s/disable", state);
    ry_tuning_tell_setting(looking->host, looking->findings, &setting);
}

static void tell_promise(const struct ry_tuning_host *host,
                         const struct ry_tuning_findings *findings)
{
    char why[RY_TUNING_SENTENCE_BYTES];
    snprintf(why, sizeof why,
             "royale run, as root, holds it open with %d us while a battle with spinning "
             "processes runs",
             RY_TUNING_IDLE_US_MAX);
    if (ry_tuning_host_exists(host, RY_TUNING_IDLE_PROMISE))
        ry_tuning_tell_fact(findings, RY_TUNING_REPORTED, RY_TUNING_IDLE_PROMISE, "there", "", why);
    else
        ry_tuning_tell_fact(findings, RY_TUNING_REPORTED, RY_TUNING_IDLE_PROMISE, "absent", "",
                            "this kernel takes no promise of a core's time to wake");
}

void ry_tuning_stage_idle(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                          const struct ry_tuning_findings *findings)
{
    struct looking looking = {.host = host, .findings = findings};
    for (int cpu = ry_tuning_cpus_next(&target->hot, 0); cpu >= 0;
         cpu = ry_tuning_cpus_next(&target->hot, (unsigned)cpu + 1)) {
        char pattern[RY_TUNING_PATH_BYTES];
        snprintf(pattern, sizeof pattern, CPUS "/cpu%d/cpuidle/state*", cpu);
        (void)ry_tuning_host_glob(host, pattern, each_state, &looking);
    }
    if (ry_tuning_cpus_count(&target->hot) == 0)
        ry_tuning_tell_fact(findings, RY_TUNING_OK, CPUS "/cpuidle", "", "",
                            "no core is hot: each may sleep");
    else if (looking.states == 0)
        ry_tuning_tell_fact(findings, RY_TUNING_CANNOT, CPUS "/cpuidle", "", "",
                            target->machine.guest
                                ? "Linux lists no idle states here: in a guest the host decides "
                                  "what a core that halts does"
                                : "Linux lists no idle states here (no driver, or idle= in the "
                                  "kernel line)");
    else if (looking.deep == 0)
        ry_tuning_tell_fact(findings, RY_TUNING_OK, CPUS "/cpuidle", "", "",
                            "no state of a hot core takes long to leave");
    tell_promise(host, findings);
}
