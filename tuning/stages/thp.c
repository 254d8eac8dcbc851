/*
 * Transparent huge pages: exec asks for them (madvise) for the arena's memory, touched once at
 * start. Everybody else shall not get them unasked, and nobody shall be stopped so that the kernel
 * can make them: not at a fault (defrag), not by khugepaged, not by kcompactd, which by default
 * also moves locked memory. Documentation/admin-guide/mm/transhuge.rst;
 * Documentation/admin-guide/sysctl/vm.rst, "compaction_proactiveness" (from 5.9 on) and
 * "compact_unevictable_allowed".
 */
#include <stdio.h>
#include <string.h>

#include "tuning/stage.h"

#define THP  "/sys/kernel/mm/transparent_hugepage"
#define NONE "this kernel has no transparent huge pages"

struct looking {
    const struct ry_tuning_host *host;
    const struct ry_tuning_findings *findings;
};

/* From 6.8 on each size below has its own switch; "inherit" follows the one of all. */
static void tell_size(void *context, const char *path)
{
    const struct looking *looking = context;
    struct ry_tuning_setting setting = {
        .kind = RY_TUNING_FILE, .form = RY_TUNING_CHOICE, .quiet = true};
    if (!ry_tuning_host_line(looking->host, path, setting.now, sizeof setting.now))
        return;
    const char *word = strchr(setting.now, '[');
    if (word == NULL)
        return;
    word++;
    int length = (int)strcspn(word, "]");
    snprintf(setting.path, sizeof setting.path, "%s", path);
    if (strncmp(word, "always]", strlen("always]")) == 0)
        snprintf(setting.want, sizeof setting.want, "madvise");
    else
        snprintf(setting.want, sizeof setting.want, "%.*s", length, word);
    ry_tuning_tell_setting(looking->host, looking->findings, &setting);
}

void ry_tuning_stage_thp(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                         const struct ry_tuning_findings *findings)
{
    struct looking looking = {host, findings};
    (void)target;
    ry_tuning_tell(host, findings, RY_TUNING_CHOICE, THP "/enabled", "madvise", NONE);
    ry_tuning_tell(host, findings, RY_TUNING_CHOICE, THP "/defrag", "madvise", NULL);
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, THP "/khugepaged/defrag", "0", NULL);
    (void)ry_tuning_host_glob(host, THP "/hugepages-*kB/enabled", tell_size, &looking);
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, "/proc/sys/vm/compaction_proactiveness", "0",
                   NULL);
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, "/proc/sys/vm/compact_unevictable_allowed",
                   "0", NULL);
}
