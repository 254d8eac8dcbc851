#include "tools/proof/facts.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "tools/plan/json.h"
#include "tools/text/json.h"
#include "tools/text/version.h"
#include "tuning/probe/memory.h"

#define VALUE_BYTES 512

static json_t *text_of(const char *text)
{
    return ry_text_json_string(text, strlen(text));
}

/* ---- kernel and versions --------------------------------------------------------------------- */

static void put_kernel(json_t *report, const struct ry_tuning_host *host)
{
    json_t *kernel = ry_text_json_whole(json_object());
    struct utsname name = {.release = ""};
    char line[RY_TUNING_TEXT_BYTES] = "";
    (void)uname(&name);
    (void)ry_tuning_host_line(host, "/proc/cmdline", line, sizeof line);
    ry_text_json_set(report, "host", text_of(name.nodename));
    ry_text_json_set(kernel, "release", text_of(name.release));
    ry_text_json_set(kernel, "version", text_of(name.version));
    ry_text_json_set(kernel, "line", text_of(line));
    ry_text_json_set(report, "kernel", kernel);
}

static void add_version(json_t *versions, const char *name, const char *version)
{
    json_t *row = ry_text_json_whole(json_object());
    ry_text_json_set(row, "name", text_of(name));
    ry_text_json_set(row, "version", text_of(version));
    ry_text_json_add(versions, row);
}

/* Of a file of /proc or /sys; absent: not told. */
static void add_file(json_t *versions, const struct ry_tuning_host *host, const char *name,
                     const char *path)
{
    char value[VALUE_BYTES];
    if (ry_tuning_host_line(host, path, value, sizeof value) && value[0] != '\0')
        add_version(versions, name, value);
}

/* "microcode\t: 0xa101148" of the first CPU. */
static void add_microcode(json_t *versions, const struct ry_tuning_host *host)
{
    char text[RY_TUNING_TEXT_BYTES];
    const ssize_t bytes = ry_tuning_host_read(host, "/proc/cpuinfo", text, sizeof text);
    if (bytes < 0 && bytes != -EFBIG)
        return;
    const char *at = strstr(text, "\nmicrocode");
    const char *colon = at != NULL ? strchr(at + 1, ':') : NULL;
    if (colon == NULL)
        return;
    char value[VALUE_BYTES];
    snprintf(value, sizeof value, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
    add_version(versions, "microcode", value);
}

static void put_versions(json_t *report, const struct ry_tuning_host *host)
{
    json_t *versions = ry_text_json_whole(json_array());
    const unsigned hwloc = hwloc_get_api_version();
    char text[64];
    add_version(versions, "royale", RY_VERSION);
    add_version(versions, "libc", gnu_get_libc_version());
    snprintf(text, sizeof text, "%u.%u.%u (API)", hwloc >> 16, hwloc >> 8 & 0xff, hwloc & 0xff);
    add_version(versions, "hwloc", text);
    add_file(versions, host, "firmware", "/sys/class/dmi/id/bios_version");
    add_file(versions, host, "machine", "/sys/class/dmi/id/product_name");
    add_file(versions, host, "clock source",
             "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    add_microcode(versions, host);
    ry_text_json_set(report, "versions", versions);
}

/* ---- what each CPU is for -------------------------------------------------------------------- */

static const struct ry_tuning_placed *process_on(const struct ry_tuning_placement *placement,
                                                 unsigned cpu)
{
    for (unsigned i = 0; placement != NULL && i < placement->count; i++)
        if (placement->process[i].core == (int)cpu)
            return &placement->process[i];
    return NULL;
}

static void put_uses(json_t *report, const struct ry_tuning_target *target,
                     const struct ry_tuning_placement *placement)
{
    json_t *uses = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < target->machine.cpus; i++) {
        const unsigned cpu = target->machine.cpu[i].cpu;
        const struct ry_tuning_placed *process = process_on(placement, cpu);
        json_t *row = ry_text_json_whole(json_object());
        ry_text_json_set(row, "cpu", ry_text_json_count(cpu));
        ry_text_json_set(row, "use",
                         json_string(ry_tuning_cpus_has(&target->siblings, cpu) ? "sibling"
                                     : ry_tuning_cpus_has(&target->hot, cpu)    ? "hot"
                                                                                : "house"));
        ry_text_json_set(row, "process",
                         process != NULL ? ry_text_json_string(process->name, sizeof process->name)
                                         : json_null());
        ry_text_json_add(uses, row);
    }
    ry_text_json_set(report, "uses", uses);
}

/* ---- what makes figures mean less ------------------------------------------------------------ */

static void add_meaning(json_t *meaning, const char *of, const char *sentence)
{
    json_t *row = ry_text_json_whole(json_object());
    ry_text_json_set(row, "of", text_of(of));
    ry_text_json_set(row, "sentence", text_of(sentence));
    ry_text_json_add(meaning, row);
}

/* On a machine that is at work for somebody else no figure is tuning's. */
static void add_busy(json_t *meaning, const struct ry_tuning_host *host)
{
    char line[VALUE_BYTES], sentence[VALUE_BYTES];
    if (!ry_tuning_host_line(host, "/proc/loadavg", line, sizeof line) || atoi(line) < 1)
        return;
    snprintf(
        sentence, sizeof sentence,
        "the machine was busy when this began, its load average was %.*s: what was taken from a "
        "core was as likely taken by other processes; measure again when it is idle",
        (int)strcspn(line, " "), line);
    add_meaning(meaning, "all", sentence);
}

static void put_meaning(json_t *report, const struct ry_tuning_host *host,
                        const struct ry_tuning_target *target)
{
    json_t *meaning = ry_text_json_whole(json_array());
    add_busy(meaning, host);
    if (target->machine.guest) {
        add_meaning(
            meaning, "all",
            "this is a virtual machine: its hypervisor takes a core away when it likes, and no "
            "setting of this machine changes that; what settings are worth shows on a bare one");
        add_meaning(meaning, "gaps",
                    "the long ones are as likely the hypervisor's as this kernel's");
        add_meaning(
            meaning, "calls",
            "to wake or interrupt another core the hypervisor may have to step in, which takes "
            "several times as long as on a bare machine");
        add_meaning(meaning, "pingpong, memory",
                    "where cores and memory really lie is the hypervisor's choice, and may change");
        add_meaning(
            meaning, "counts",
            "interrupts and switches are counted truly; what the hypervisor does to a core is in "
            "none of them");
    }
    if (ry_tuning_cpus_count(&target->hot) == 0)
        add_meaning(
            meaning, "all",
            "no core is hot: there are too few for a core of one's own. Figures of hot cores "
            "are left out");
    if (2 * target->machine.l3_bytes > RY_PROBE_MEMORY_BYTES_MAX)
        add_meaning(meaning, "memory",
                    "the last cache holds most of what is read, so that figures are its own as "
                    "much as memory's");
    ry_text_json_set(report, "meaning", meaning);
}

void ry_proof_facts(json_t *report, const struct ry_tuning_host *host,
                    const struct ry_tuning_target *target,
                    const struct ry_tuning_placement *placement)
{
    put_kernel(report, host);
    put_versions(report, host);
    ry_text_json_set(report, "machine", ry_plan_json_machine(&target->machine));
    ry_text_json_set(report, "plan",
                     placement != NULL ? ry_plan_json_placement(placement) : json_null());
    put_uses(report, target, placement);
    put_meaning(report, host, target);
}
