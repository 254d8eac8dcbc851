#include "tools/cli/run_result_noise.h"

#include <inttypes.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"
#include "tools/text/noise_json.h"
#include "tools/text/version.h"
#include "tools/text/whole.h"

#define FORMAT      1
#define BRIEF_CORES 6
#define BRIEF_NAMES 3
#define NS_PER_MS   (RY_NS_PER_SECOND / 1000)

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* "agent3, noise" of a process agent3; others are called as they are. */
static void print_who(FILE *out, const struct ry_battle *battle, const char *name)
{
    char text[RY_NAME_BYTES];
    unsigned agent;
    fputs(name, out);
    if (sscanf(name, "agent%u", &agent) == 1 && agent < battle->agents)
        fprintf(out, ", %s", ry_printable(text, battle->agent[agent].name, sizeof text));
}

static void print_interrupts(FILE *out, const struct ry_tuning_noise_rows *rows, bool brief)
{
    unsigned shown = brief && rows->count > BRIEF_NAMES ? BRIEF_NAMES : rows->count;
    unsigned more = rows->count - shown + rows->more;
    if (!rows->known) {
        fputs("interrupts not known", out);
        return;
    }
    fprintf(out, "%" PRIu64 " interrupt%s", rows->times, plural(rows->times));
    for (unsigned i = 0; i < shown; i++)
        fprintf(out, "%s%s %" PRIu64, i == 0 ? " (" : ", ", rows->row[i].name, rows->row[i].times);
    if (more > 0)
        fprintf(out, ", %u more", more);
    if (shown > 0)
        fputc(')', out);
}

static unsigned bound_to(const struct ry_tuning_noise *noise, unsigned core)
{
    unsigned count = 0;
    for (unsigned i = 0; i < noise->processes; i++)
        count += noise->process[i].process.core == (int)core;
    return count;
}

/* Whose they are is said where several share the core. */
static void print_switches(FILE *out, const struct ry_tuning_noise *noise, unsigned core)
{
    const bool several = bound_to(noise, core) > 1;
    for (unsigned i = 0; i < noise->processes; i++) {
        const struct ry_tuning_noise_switches *switches = &noise->process[i];
        uint64_t all = switches->given_up + switches->forced;
        if (switches->process.core != (int)core)
            continue;
        const char *of = several ? " of " : "", *who = several ? switches->process.name : "";
        if (switches->known)
            fprintf(out, ", %" PRIu64 " switch%s%s%s (%" PRIu64 " against its will)", all,
                    all == 1 ? "" : "es", of, who, switches->forced);
        else
            fprintf(out, ", switches%s%s not known", of, who);
    }
}

/* Names of kernel threads, or of strangers; nothing: there are none. */
static void print_names(FILE *out, const struct ry_tuning_noise_core *core, bool kernel, bool brief)
{
    unsigned count = 0, left = 0;
    for (unsigned i = 0; i < core->threads; i++) {
        const struct ry_tuning_noise_thread *thread = &core->thread[i];
        if (thread->kernel != kernel)
            continue;
        if (brief && count == BRIEF_NAMES) {
            left++;
            continue;
        }
        fprintf(out, "%s%s (%s%" PRIu64 ")", count == 0 ? "" : ", ", thread->name,
                thread->bound ? "" : "up to ", thread->switches);
        count++;
    }
    if (left > 0)
        fprintf(out, ", %u more", left);
}

static unsigned count_names(const struct ry_tuning_noise_core *core, bool kernel)
{
    unsigned count = 0;
    for (unsigned i = 0; i < core->threads; i++)
        count += core->thread[i].kernel == kernel;
    return count;
}

static void print_threads(FILE *out, const struct ry_tuning_noise_core *core, bool brief)
{
    if (!core->threads_known) {
        fputs(", kernel threads not known", out);
        return;
    }
    fputs(count_names(core, true) > 0 ? ", kernel threads: " : ", no kernel threads", out);
    print_names(out, core, true, brief);
    if (count_names(core, false) > 0)
        fputs(", other processes: ", out);
    print_names(out, core, false, brief);
    if (core->threads_more > 0)
        fprintf(out, ", and %u more", core->threads_more);
}

static void print_core(FILE *out, const struct ry_battle *battle,
                       const struct ry_tuning_noise *noise, const struct ry_tuning_noise_core *core,
                       bool brief)
{
    unsigned count = 0;
    fprintf(out, "core %u (", core->core);
    for (unsigned i = 0; i < noise->processes; i++) {
        if (noise->process[i].process.core != (int)core->core)
            continue;
        fputs(count++ > 0 ? " and " : "", out);
        print_who(out, battle, noise->process[i].process.name);
    }
    fputs("): ", out);
    print_interrupts(out, &core->interrupts, brief);
    print_switches(out, noise, core->core);
    print_threads(out, core, brief);
    if (core->stolen_known && core->stolen_ms > 0)
        fprintf(out, ", %" PRIu64 " ms taken by a hypervisor", core->stolen_ms);
    fputs(core->online ? "\n" : ", offline\n", out);
}

void ry_cli_run_result_noise(FILE *out, const struct ry_battle *battle,
                             const struct ry_tuning_noise *noise, bool brief)
{
    if (noise->cores == 0) {
        fputs("no process was bound to a core of its own: interrupts and switches were not "
              "counted\n",
              out);
        return;
    }
    unsigned shown = brief && noise->cores > BRIEF_CORES ? BRIEF_CORES : noise->cores;
    for (unsigned i = 0; i < shown; i++)
        print_core(out, battle, noise, &noise->core[i], brief);
    if (shown < noise->cores)
        fprintf(out, "%u more cores: result.txt, " RY_CLI_NOISE_FILE "\n", noise->cores - shown);
    if (!brief)
        fprintf(out,
                "counted for %" PRId64 ".%03" PRId64 " s; with softirqs in " RY_CLI_NOISE_FILE "\n",
                noise->time_ns / RY_NS_PER_SECOND, noise->time_ns % RY_NS_PER_SECOND / NS_PER_MS);
    if (!brief && noise->why[0] != '\0')
        fprintf(out, "not known: %s\n", noise->why);
}

static json_t *as_json(const struct ry_battle *battle, const struct ry_tuning_noise *noise)
{
    json_t *object = ry_text_json_whole(json_object()), *counts = ry_text_noise_json(noise);
    ry_text_json_set(object, "format", ry_text_json_integer(FORMAT));
    ry_text_json_set(object, "royale", json_string(RY_VERSION));
    ry_text_json_set(object, "battle", ry_text_json_string(battle->name, sizeof battle->name));
    (void)json_object_update(object, counts);
    json_decref(counts);
    return object;
}

void ry_cli_run_result_keep_noise(const char *directory, const struct ry_battle *battle,
                                  const struct ry_tuning_noise *noise)
{
    struct ry_text_whole whole;
    if (ry_text_whole_open(&whole, directory, RY_CLI_NOISE_FILE, 0) == 0) {
        json_t *object = as_json(battle, noise);
        int failed = json_dumpf(object, whole.file, JSON_INDENT(2));
        failed |= fputc('\n', whole.file) == EOF;
        json_decref(object);
        if (failed != 0 && !ferror(whole.file)) {
            ry_text_whole_drop(&whole);
            snprintf(whole.error, sizeof whole.error, "no memory for " RY_CLI_NOISE_FILE);
        } else if (ry_text_whole_keep(&whole) == 0) {
            return;
        }
    }
    (void)ry_text_fail(RY_EXIT_FAILED, "%s", whole.error);
}
