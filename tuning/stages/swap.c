/*
 * A page that was swapped out costs its user a read from disk. vm.swappiness 0: anonymous memory is
 * not swapped out before the machine is almost out of memory
 * (Documentation/admin-guide/sysctl/vm.rst, "swappiness"). Where to swap is the machine's owner's
 * to say: it is reported, not taken away.
 */
#include <stdio.h>
#include <string.h>

#include "tuning/stage.h"

#define SWAPS "/proc/swaps"

/* The first word of each line after the heading, with commas between them. */
static void name_areas(const char *table, char *names, size_t bytes)
{
    size_t used = 0;
    names[0] = 0;
    for (const char *line = strchr(table, '\n'); line != NULL && line[1] != 0;
         line = strchr(line + 1, '\n')) {
        int length = (int)strcspn(line + 1, " \t\n");
        int wrote =
            snprintf(names + used, bytes - used, "%s%.*s", used > 0 ? ", " : "", length, line + 1);
        if (wrote < 0 || (size_t)wrote >= bytes - used)
            return;
        used += (size_t)wrote;
    }
}

void ry_tuning_stage_swap(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                          const struct ry_tuning_findings *findings)
{
    char table[RY_TUNING_TEXT_BYTES];
    char names[RY_TUNING_VALUE_BYTES];
    (void)target;
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, "/proc/sys/vm/swappiness", "0",
                   "this kernel cannot swap");
    if (ry_tuning_host_read(host, SWAPS, table, sizeof table) < 0)
        return;
    name_areas(table, names, sizeof names);
    if (names[0] != 0)
        ry_tuning_tell_fact(
            findings, RY_TUNING_REPORTED, SWAPS, names, "",
            "there is swap: short of memory, the kernel still uses it. `swapoff -a` "
            "and /etc/fstab are yours");
}
