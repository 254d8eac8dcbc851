/*
 * What only the kernel's command line can set, word by word, against what is there (/proc/cmdline),
 * and how the missing words get there. Never written: a wrong word can keep a machine from booting,
 * so that its owner puts it there.
 *
 *     isolcpus=managed_irq,domain,LIST  no interrupt of a card's queues on hot cores, which nobody
 *                                       can move once the kernel runs; no balancing from the start
 *     nohz_full=LIST                    no tick on a core with one process
 *     rcu_nocbs=LIST                    what RCU frees is freed by housekeeping cores
 *     irqaffinity=LIST                  interrupts that come up later begin on housekeeping cores
 *     tsc=nowatchdog                    no timer that goes round all cores to compare clocks; where
 *                                       the CPU shows that its counter was never set (tsc_adjust)
 *                                       the kernel has none
 *     intel_iommu=on iommu=pt           a card for vfio needs an IOMMU; the kernel's own cards pass
 *     hugepagesz=1G hugepages=..        DPDK's memory: pages of 1 GiB are hard to find later
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tuning/stage.h"

#define CMDLINE    "/proc/cmdline"
#define NOHZ_FULL  "/sys/devices/system/cpu/nohz_full"
#define LINE_BYTES 4096
/* Of one word. */
#define WORD_BYTES (RY_TUNING_CPUS_TEXT_BYTES / 4)

struct looking {
    const struct ry_tuning_host *host;
    const struct ry_tuning_target *target;
    const struct ry_tuning_findings *findings;
    char line[LINE_BYTES];    /* of the running kernel */
    char lacking[LINE_BYTES]; /* words that are not in it, each with a blank before it */
};

/* ---- the line -------------------------------------------------------------------------------- */

/* Names are the same with '-' and with '_'. */
static bool same_name(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (a[i] != b[i] && !((a[i] == '-' || a[i] == '_') && (b[i] == '-' || b[i] == '_')))
            return false;
    return b[length] == 0;
}

/* The next word from `*at` on, quotes kept; what follows "--" is for init. False: no other. */
static bool next_word(const char **at, char word[WORD_BYTES])
{
    size_t length = 0;
    bool quoted = false;
    *at += strspn(*at, " \t\n");
    for (; **at != 0 && (quoted || !isspace((unsigned char)**at)); (*at)++) {
        if (**at == '"')
            quoted = !quoted;
        if (length + 1 < WORD_BYTES)
            word[length++] = **at;
    }
    word[length] = 0;
    return length > 0 && strcmp(word, "--") != 0;
}

/* The value of the last `name=` of the line; false: there is none. */
static bool value_of(const struct looking *looking, const char *name, char value[WORD_BYTES])
{
    char word[WORD_BYTES];
    const char *at = looking->line;
    bool found = false;
    while (next_word(&at, word)) {
        size_t length = strcspn(word, "=");
        if (word[length] != '=' || !same_name(word, name, length))
            continue;
        strcpy(value, word + length + 1);
        found = true;
    }
    return found;
}

/* ---- one word -------------------------------------------------------------------------------- */

/* Tells the word NAME=WANT, of which `value` is there (NULL: nothing), and puts it among what is
 * lacking. */
static void tell(struct looking *looking, const char *name, const char *value, const char *want,
                 bool right, const char *good_for)
{
    char path[WORD_BYTES], now[WORD_BYTES + 64] = "", wanted[WORD_BYTES + 64];
    char why[RY_TUNING_SENTENCE_BYTES];
    snprintf(path, sizeof path, CMDLINE " %s", name);
    snprintf(wanted, sizeof wanted, "%s=%s", name, want);
    if (value != NULL)
        snprintf(now, sizeof now, "%s=%s", name, value);
    snprintf(why, sizeof why, "%s%s", good_for,
             value == NULL || right ? ""
                                    : "; take what is there out of the line: a second one is not "
                                      "heard");
    ry_tuning_tell_fact(looking->findings, right ? RY_TUNING_OK : RY_TUNING_YOURS, path, now,
                        wanted, why);
    size_t used = strlen(looking->lacking);
    if (!right)
        snprintf(looking->lacking + used, sizeof looking->lacking - used, " %s", wanted);
}

/* A list of CPUs, "all" of them too. */
static bool read_cpus(const struct looking *looking, const char *text, struct ry_tuning_cpus *set)
{
    if (strcmp(text, "all") != 0)
        return ry_tuning_cpus_read_list(set, text);
    ry_tuning_cpus_with(set, &looking->target->hot, &looking->target->house);
    return true;
}

static bool covers(const struct looking *looking, const char *list,
                   const struct ry_tuning_cpus *wanted)
{
    struct ry_tuning_cpus there, left;
    if (!read_cpus(looking, list, &there))
        return false;
    ry_tuning_cpus_without(&left, wanted, &there);
    return ry_tuning_cpus_count(&left) == 0;
}

/* NAME=LIST, where more CPUs than are wanted are as good. */
static void tell_cpus(struct looking *looking, const char *name,
                      const struct ry_tuning_cpus *wanted, const char *good_for)
{
    char value[WORD_BYTES], list[RY_TUNING_CPUS_TEXT_BYTES];
    bool there = value_of(looking, name, value);
    (void)ry_tuning_cpus_list(wanted, list);
    tell(looking, name, there ? value : NULL, list, there && covers(looking, value, wanted),
         good_for);
}

/* isolcpus=FLAG,..,LIST; without a flag it means domain. */
static bool isolates(const struct looking *looking, const char *value)
{
    bool domain = false, managed = false, any = false;
    for (; isalpha((unsigned char)*value) && strcmp(value, "all") != 0;
         value += strspn(value, ",")) {
        size_t length = strcspn(value, ",");
        domain |= length == strlen("domain") && strncmp(value, "domain", length) == 0;
        managed |= length == strlen("managed_irq") && strncmp(value, "managed_irq", length) == 0;
        any = true;
        value += length;
    }
    return any && domain && managed && covers(looking, value, &looking->target->hot);
}

static void tell_isolation(struct looking *looking)
{
    char value[WORD_BYTES], want[RY_TUNING_CPUS_TEXT_BYTES + 32], list[RY_TUNING_CPUS_TEXT_BYTES];
    bool there = value_of(looking, "isolcpus", value);
    snprintf(want, sizeof want, "managed_irq,domain,%s",
             ry_tuning_cpus_list(&looking->target->hot, list));
    tell(looking, "isolcpus", there ? value : NULL, want, there && isolates(looking, value),
         "interrupts of cards' queues, which the kernel manages itself, stay off hot cores");
}

/* The boot CPU keeps the time for those without a tick. */
static void tell_tick(struct looking *looking)
{
    struct ry_tuning_cpus wanted = looking->target->hot;
    ry_tuning_cpus_drop(&wanted, 0);
    if (ry_tuning_host_exists(looking->host, NOHZ_FULL))
        tell_cpus(looking, "nohz_full", &wanted, "no tick on a hot core with one process");
    else
        ry_tuning_tell_fact(looking->findings, RY_TUNING_CANNOT, CMDLINE " nohz_full", "", "",
                            "this kernel is built without it (CONFIG_NO_HZ_FULL): hot cores tick");
}

static void tell_interrupts(struct looking *looking)
{
    char value[WORD_BYTES], list[RY_TUNING_CPUS_TEXT_BYTES];
    struct ry_tuning_cpus there;
    bool found = value_of(looking, "irqaffinity", value);
    bool right = found && ry_tuning_cpus_read_list(&there, value) &&
                 !ry_tuning_cpus_meet(&there, &looking->target->hot);
    (void)ry_tuning_cpus_list(&looking->target->house, list);
    tell(looking, "irqaffinity", found ? value : NULL, list, right,
         "interrupts that come up later begin on housekeeping cores");
}

/* ---- what depends on the machine ------------------------------------------------------------- */

/* A word of the first "flags" of /proc/cpuinfo. */
static bool cpu_has(const struct ry_tuning_host *host, const char *word)
{
    char path[2 * RY_TUNING_PATH_BYTES], line[8192], spaced[64];
    bool found = false;
    FILE *file = ry_tuning_host_path(host, "/proc/cpuinfo", path) ? fopen(path, "re") : NULL;
    snprintf(spaced, sizeof spaced, " %s", word);
    size_t length = strlen(spaced);
    for (bool flags = false; file != NULL && !flags && fgets(line, sizeof line, file) != NULL;) {
        flags = strncmp(line, "flags", 5) == 0;
        if (!flags && strncmp(line, "vendor_id", 9) != 0)
            continue;
        for (const char *at = strstr(line, spaced); at != NULL && !found;
             at = strstr(at + 1, spaced))
            found = isspace((unsigned char)at[length]);
    }
    if (file != NULL)
        fclose(file);
    return found;
}

static void tell_watchdog(struct looking *looking)
{
    char source[64], value[WORD_BYTES];
    if (!ry_tuning_host_line(looking->host,
                             "/sys/devices/system/clocksource/clocksource0/current_clocksource",
                             source, sizeof source) ||
        strcmp(source, "tsc") != 0 || cpu_has(looking->host, "tsc_adjust"))
        return;
    bool there = value_of(looking, "tsc", value);
    tell(looking, "tsc", there ? value : NULL, "nowatchdog",
         there && (strcmp(value, "nowatchdog") == 0 || strcmp(value, "reliable") == 0),
         "a timer goes round all cores, hot ones too, to compare the CPU's counter with another "
         "clock");
}

static bool has_vfio(const struct ry_tuning_target *target)
{
    for (unsigned i = 0; i < target->nics; i++)
        if (target->nic[i].vfio)
            return true;
    return false;
}

/* AMD's is on without a word. */
static void tell_iommu(struct looking *looking)
{
    char value[WORD_BYTES];
    if (cpu_has(looking->host, "GenuineIntel")) {
        bool there = value_of(looking, "intel_iommu", value);
        tell(looking, "intel_iommu", there ? value : NULL, "on",
             there && strncmp(value, "on", 2) == 0, "a card for vfio needs the IOMMU");
    }
    bool there = value_of(looking, "iommu", value);
    tell(looking, "iommu", there ? value : NULL, "pt", there && strcmp(value, "pt") == 0,
         "cards that the kernel drives do not pay for the IOMMU");
}

/* One page on each memory node that has a card: "1", with several nodes "0:1,1:1". */
static void tell_pages(struct looking *looking)
{
    const struct ry_tuning_target *target = looking->target;
    char want[64] = "", path[RY_TUNING_PATH_BYTES];
    bool right = true;
    uint64_t seen = 0;
    for (unsigned i = 0; i < target->nics; i++) {
        unsigned node = target->nic[i].node < 0 ? 0 : (unsigned)target->nic[i].node;
        long long pages;
        snprintf(path, sizeof path,
                 "/sys/devices/system/node/node%u/hugepages/hugepages-1048576kB/nr_hugepages",
                 node);
        if (!target->nic[i].vfio || node >= RY_TUNING_NODES_MAX || (seen >> node & 1) != 0 ||
            !ry_tuning_host_number(looking->host, path, &pages))
            continue;
        size_t used = strlen(want);
        if (target->machine.nodes > 1)
            snprintf(want + used, sizeof want - used, "%s%u:1", used == 0 ? "" : ",", node);
        else
            strcpy(want, "1");
        seen |= UINT64_C(1) << node;
        right = right && pages > 0;
    }
    /* One word cannot go without the other. */
    if (seen != 0)
        tell(looking, "hugepagesz=1G hugepages", NULL, want, right,
             "DPDK's memory in pages of 1 GiB, which are hard to find on a machine that has run "
             "for a while");
}

/* ---- how it gets there ----------------------------------------------------------------------- */

struct loader {
    const char *sign; /* a file that tells it */
    const char *path; /* where the words belong */
    const char *before, *after;
    const char *how;
};

static const struct loader loaders[] = {
    {"/etc/default/grub", "/etc/default/grub.d/royale.cfg",
     "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT", "\"",
     "put this line into that file, run update-grub as root, and boot again (the recovery entry of "
     "the menu boots without it)"},
    {"/etc/kernel/cmdline", "/etc/kernel/cmdline", "..", "",
     "add these words to the line in that file, run kernel-install add \"$(uname -r)\" "
     "\"/boot/vmlinuz-$(uname -r)\" as root, and boot again"},
    {"", "the boot loader", "..", "",
     "add these words to the kernel line of whatever boots this machine, and boot again"},
};

static const struct loader *loader_of(const struct ry_tuning_host *host)
{
    const struct loader *loader = loaders;
    while (loader->sign[0] != 0 && !ry_tuning_host_exists(host, loader->sign))
        loader++;
    return loader;
}

static void tell_whole(struct looking *looking)
{
    const struct loader *loader = loader_of(looking->host);
    char want[LINE_BYTES + 128], now[LINE_BYTES + 128] = "";
    if (looking->lacking[0] == 0) {
        ry_tuning_tell_fact(looking->findings, RY_TUNING_OK, CMDLINE, looking->line, "",
                            "every word is there");
        return;
    }
    snprintf(want, sizeof want, "%s%s%s", loader->before, looking->lacking, loader->after);
    (void)ry_tuning_host_line(looking->host, loader->path, now, sizeof now);
    ry_tuning_tell_fact(looking->findings, RY_TUNING_YOURS, loader->path, now, want,
                        strstr(now, want) != NULL
                            ? "the line is in the file, but this boot was without it: run "
                              "update-grub as root, and boot again"
                            : loader->how);
}

void ry_tuning_stage_kernel_line(const struct ry_tuning_host *host,
                                 const struct ry_tuning_target *target,
                                 const struct ry_tuning_findings *findings)
{
    struct looking looking = {.host = host, .target = target, .findings = findings};
    if (!ry_tuning_host_line(host, CMDLINE, looking.line, sizeof looking.line)) {
        ry_tuning_tell_fact(findings, RY_TUNING_CANNOT, CMDLINE, "", "",
                            "the kernel's line cannot be read");
        return;
    }
    if (ry_tuning_cpus_count(&target->hot) > 0 && ry_tuning_cpus_count(&target->house) > 0) {
        tell_isolation(&looking);
        tell_tick(&looking);
        tell_cpus(&looking, "rcu_nocbs", &target->hot,
                  "what RCU has to free for hot cores is freed by housekeeping cores");
        tell_interrupts(&looking);
    } else {
        ry_tuning_tell_fact(
            findings, RY_TUNING_REPORTED, CMDLINE, "", "",
            "no core can be isolated: hot ones and one that keeps house are needed");
    }
    tell_watchdog(&looking);
    if (has_vfio(target))
        tell_iommu(&looking);
    tell_pages(&looking);
    tell_whole(&looking);
}
