/*
 * Each device's interrupts go to the CPUs of its own list, those yet to come to the ones of
 * default_smp_affinity. Documentation/core-api/irq/irq-affinity.rst.
 *
 * Some cannot be moved: those whose CPUs the kernel chose itself (managed interrupts: one queue of
 * a disk for each CPU; writing says EIO or EPERM) and the timer. From 6.12 on their files are
 * read-only (kernel commit c7718e5c76d4 "genirq/proc: Correctly set file permissions for affinity
 * control files"); older kernels do not tell before one writes, so there the names of the drivers
 * that ask for managed interrupts decide. They are harmless: a managed interrupt comes to a CPU
 * only if that CPU itself asked the device for something.
 *
 * Where irqbalance runs, it moves each within what it may use: told to leave hot cores alone (its
 * own stage), it leaves none of them anywhere else than on housekeeping ones.
 *
 * Numbers of interrupts change from boot to boot, and most are there before anybody could set the
 * default: nothing is kept but by irqaffinity= on the kernel line.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tuning/stages/spare.h"

#define FOLDER "/proc/irq/"

static const char managed[] =
    "the kernel chose its CPUs itself (managed): it comes to a hot core only if that core asks the "
    "device; isolcpus=managed_irq,.. on the kernel line keeps it away";

struct looking {
    const struct ry_tuning_host *host;
    const struct ry_tuning_target *target;
    const struct ry_tuning_findings *findings;
    bool balanced; /* irqbalance runs */
};

/* The handler's name is a folder among the files of an interrupt. */
static void find_handler(void *context, const char *name)
{
    static const char *const files[] = {
        "affinity_hint", "effective_affinity", "effective_affinity_list",
        "node",          "smp_affinity",       "smp_affinity_list",
        "spurious"};
    char *handler = context;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(name, files[i]) == 0)
            return;
    if (handler[0] == 0)
        snprintf(handler, RY_TUNING_PATH_BYTES, "%s", name);
}

static bool is_managed(const char *handler)
{
    static const char *const names[] = {"nvme*q[1-9]*",   "virtio*-req.*",  "virtio*-request",
                                        "megasas*-msix*", "mpt3sas*-msix*", "mpi3mr*-msix*",
                                        "smartpqi*"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (fnmatch(names[i], handler, 0) == 0)
            return true;
    return false;
}

/* Why its list cannot be set, as far as can be seen; NULL: it can. */
static const char *refusal(const struct ry_tuning_host *host, const char *path, const char *handler)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    struct stat file;
    if (strcmp(handler, "timer") == 0)
        return "the kernel's own timer, which it does not move";
    if (is_managed(handler))
        return managed;
    if (ry_tuning_host_path(host, path, full) && stat(full, &file) == 0 &&
        (file.st_mode & S_IWUSR) == 0)
        return managed;
    return NULL;
}

/* The housekeeping CPUs of the device's memory node, or all. */
static void nearby(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                   const char *irq, struct ry_tuning_cpus *cpus)
{
    char path[RY_TUNING_PATH_BYTES];
    long long node;
    *cpus = (struct ry_tuning_cpus){.word = {0}};
    snprintf(path, sizeof path, FOLDER "%s/node", irq);
    if (ry_tuning_host_number(host, path, &node) && node >= 0)
        for (unsigned i = 0; i < target->machine.cpus; i++)
            if (target->machine.cpu[i].node == (unsigned)node)
                ry_tuning_cpus_add(cpus, target->machine.cpu[i].cpu);
    ry_tuning_cpus_both(cpus, cpus, &target->house);
    if (ry_tuning_cpus_count(cpus) == 0)
        *cpus = target->house;
}

static void tell_irq(void *context, const char *name)
{
    const struct looking *looking = context;
    char folder[RY_TUNING_PATH_BYTES], path[RY_TUNING_PATH_BYTES], why[RY_TUNING_SENTENCE_BYTES];
    char handler[RY_TUNING_PATH_BYTES] = "", cannot[RY_TUNING_SENTENCE_BYTES];
    struct ry_tuning_cpus rest;
    if (name[strspn(name, "0123456789")] != 0)
        return;
    snprintf(folder, sizeof folder, FOLDER "%.16s", name);
    snprintf(path, sizeof path, FOLDER "%.16s/smp_affinity_list", name);
    (void)ry_tuning_host_list(looking->host, folder, find_handler, handler);
    if (handler[0] == 0) /* nobody listens: it never comes */
        return;
    snprintf(why, sizeof why, "interrupt of %.256s", handler);
    const char *reason = refusal(looking->host, path, handler);
    if (reason != NULL)
        snprintf(cannot, sizeof cannot, "interrupt of %.256s: %s", handler, reason);
    if (looking->balanced)
        rest = looking->target->house;
    else
        nearby(looking->host, looking->target, name, &rest);
    ry_tuning_stages_spare(looking->host, looking->target, looking->findings,
                           &(struct ry_tuning_spare){
                               .path = path,
                               .form = RY_TUNING_PART,
                               .rest = &rest,
                               .whole = looking->balanced,
                               .quiet = true,
                               .gone_with_boot = true,
                               .why = why,
                               .cannot = reason != NULL ? cannot : NULL,
                           });
}

void ry_tuning_stage_irqs(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                          const struct ry_tuning_findings *findings)
{
    char setup[RY_TUNING_TEXT_BYTES];
    int asked = ry_tuning_host_irqbalance(host, "setup", setup, sizeof setup);
    struct looking looking = {host, target, findings, asked != -ENOENT && asked != -ENOSYS};
    ry_tuning_stages_spare(host, target, findings,
                           &(struct ry_tuning_spare){
                               .path = FOLDER "default_smp_affinity",
                               .form = RY_TUNING_MASK,
                               .rest = &target->house,
                               .gone_with_boot = true,
                               .absent = "this kernel does not say where interrupts go",
                           });
    (void)ry_tuning_host_list(host, FOLDER, tell_irq, &looking);
}
