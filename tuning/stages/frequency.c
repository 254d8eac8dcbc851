/*
 * One high frequency for hot cores. What there is to set differs by driver:
 *
 *     intel_pstate, amd-pstate-epp   the CPU itself chooses within limits; governor "performance"
 *                                    and the preference of the same name hold it at the upper one
 *     intel_cpufreq, amd-pstate,     the governor chooses
 *     acpi-cpufreq, ..
 *
 * The frequencies that a policy is held to are the kernel's own (cpuinfo_max_freq). Boost is
 * wanted: housekeeping cores idle, so that there is room for it, and a hot core never does anything
 * else.
 */
#include <stdio.h>
#include <string.h>

#include "tuning/stage.h"
#include "tuning/stages/words.h"

#define CPUFREQ     "/sys/devices/system/cpu/cpufreq"
#define PSTATE      "/sys/devices/system/cpu/intel_pstate"
#define PERFORMANCE "performance"
#define TEXT_BYTES  1024

struct looking {
    const struct ry_tuning_host *host;
    const struct ry_tuning_target *target;
    const struct ry_tuning_findings *findings;
    unsigned policies;
    char driver[64]; /* the last that was told */
};

static void path_of(const char *policy, const char *name, char path[RY_TUNING_PATH_BYTES])
{
    snprintf(path, RY_TUNING_PATH_BYTES, "%s/%s", policy, name);
}

static bool line_of(const struct looking *looking, const char *policy, const char *name,
                    char text[TEXT_BYTES])
{
    char path[RY_TUNING_PATH_BYTES];
    path_of(policy, name, path);
    return ry_tuning_host_line(looking->host, path, text, TEXT_BYTES);
}

static void tell(const struct looking *looking, enum ry_tuning_form form, const char *policy,
                 const char *name, const char *want)
{
    struct ry_tuning_setting setting = {.kind = RY_TUNING_FILE, .form = form, .quiet = true};
    path_of(policy, name, setting.path);
    snprintf(setting.want, sizeof setting.want, "%s", want);
    if (ry_tuning_host_exists(looking->host, setting.path))
        ry_tuning_tell_setting(looking->host, looking->findings, &setting);
}

/* affected_cpus: "0 1 16 17", blanks between numbers, unlike any other list of CPUs. */
static bool is_hot(const struct looking *looking, const char *policy)
{
    char text[TEXT_BYTES], *at = text;
    unsigned cpu;
    int taken = 0;
    if (!line_of(looking, policy, "affected_cpus", text))
        return false;
    for (; sscanf(at, "%u%n", &cpu, &taken) == 1; at += taken)
        if (cpu < RY_TUNING_CPUS_MAX && ry_tuning_cpus_has(&looking->target->hot, cpu))
            return true;
    return false;
}

static const char *about_driver(const char *driver)
{
    static const struct {
        const char *driver, *about;
    } known[] = {
        {"intel_pstate", "the CPU chooses by itself, within the limits and by the preference"},
        {"amd-pstate-epp", "the CPU chooses by itself, within the limits and by the preference"},
        {"intel_cpufreq", "intel_pstate in passive mode: the governor chooses"},
        {"amd-pstate", "in passive or guided mode: the governor chooses"},
        {"acpi-cpufreq", "the governor chooses among the steps that the firmware lists"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].driver, driver) == 0)
            return known[i].about;
    return "the governor chooses";
}

static void tell_driver(struct looking *looking, const char *policy)
{
    char driver[TEXT_BYTES], path[RY_TUNING_PATH_BYTES];
    if (!line_of(looking, policy, "scaling_driver", driver) || strcmp(driver, looking->driver) == 0)
        return;
    snprintf(looking->driver, sizeof looking->driver, "%.63s", driver);
    path_of(policy, "scaling_driver", path);
    ry_tuning_tell_fact(looking->findings, RY_TUNING_REPORTED, path, driver, "",
                        about_driver(driver));
}

static void tell_governor(const struct looking *looking, const char *policy)
{
    char offered[TEXT_BYTES], now[TEXT_BYTES], path[RY_TUNING_PATH_BYTES];
    char why[RY_TUNING_SENTENCE_BYTES];
    if (!line_of(looking, policy, "scaling_available_governors", offered) ||
        ry_tuning_stages_lists(offered, PERFORMANCE)) {
        tell(looking, RY_TUNING_PLAIN, policy, "scaling_governor", PERFORMANCE);
        return;
    }
    if (!line_of(looking, policy, "scaling_governor", now))
        return;
    path_of(policy, "scaling_governor", path);
    snprintf(why, sizeof why, "this kernel offers only: %.200s", offered);
    ry_tuning_tell_fact(looking->findings, RY_TUNING_CANNOT, path, now, PERFORMANCE, why);
}

/* The firmware's own limit lies below what the CPU can do. */
static void tell_firmware(const struct looking *looking, const char *policy, const char *most)
{
    char path[RY_TUNING_PATH_BYTES], now[TEXT_BYTES];
    long long limit, can;
    path_of(policy, "bios_limit", path);
    if (!line_of(looking, policy, "bios_limit", now) || sscanf(now, "%lld", &limit) != 1 ||
        sscanf(most, "%lld", &can) != 1 || limit >= can)
        return;
    ry_tuning_tell_fact(looking->findings, RY_TUNING_YOURS, path, now, most,
                        "the firmware holds this core below what it can do: look there for a "
                        "power limit or a power-saving profile");
}

/* Preference before governor: under "performance" the kernel lets nobody change the preference, so
 * that revert, which goes the other way round, can put both back. */
static void each_policy(void *context, const char *policy)
{
    struct looking *looking = context;
    char most[TEXT_BYTES], offered[TEXT_BYTES];
    looking->policies++;
    if (!is_hot(looking, policy))
        return;
    tell_driver(looking, policy);
    tell(looking, RY_TUNING_NUMBER, policy, "boost", "1");
    if (line_of(looking, policy, "energy_performance_available_preferences", offered) &&
        ry_tuning_stages_lists(offered, PERFORMANCE))
        tell(looking, RY_TUNING_PLAIN, policy, "energy_performance_preference", PERFORMANCE);
    tell_governor(looking, policy);
    if (line_of(looking, policy, "cpuinfo_max_freq", most)) {
        tell(looking, RY_TUNING_AT_LEAST, policy, "scaling_max_freq", most);
        tell_firmware(looking, policy, most);
    }
}

void ry_tuning_stage_frequency(const struct ry_tuning_host *host,
                               const struct ry_tuning_target *target,
                               const struct ry_tuning_findings *findings)
{
    struct looking looking = {.host = host, .target = target, .findings = findings};
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, PSTATE "/no_turbo", "0", NULL);
    ry_tuning_tell(host, findings, RY_TUNING_AT_LEAST, PSTATE "/max_perf_pct", "100", NULL);
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, CPUFREQ "/boost", "1", NULL);
    (void)ry_tuning_host_glob(host, CPUFREQ "/policy*", each_policy, &looking);
    if (looking.policies > 0)
        return;
    ry_tuning_tell_fact(findings, RY_TUNING_CANNOT, CPUFREQ, "", PERFORMANCE,
                        target->machine.guest
                            ? "a guest does not set the clock: see to it on the host"
                            : "Linux has no driver for the clock here: give the control of it to "
                              "the operating system in the firmware");
}
