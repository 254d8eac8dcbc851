/*
 * What disturbs the cores of a battle, from when it begins to run until exec is done: two looks of
 * tuning/noise.h. A battle that has no core of its own is not looked at.
 */
#include <string.h>

#include "core/supervisor/state.h"

static bool has_core(const struct ry_supervisor_member *role)
{
    return role->row->core != NULL && role->core >= 0;
}

static struct ry_tuning_noise_look *look(const struct ry_supervisor *s)
{
    struct ry_tuning_noise_process process[RY_SUPERVISOR_MEMBERS_MAX];
    struct ry_tuning_cpus cores = {.word = {0}};
    unsigned count = 0;
    for (unsigned i = 0; i < s->result->count; i++) {
        const struct ry_supervisor_member *role = &s->result->role[i];
        if (!has_core(role))
            continue;
        process[count] = (struct ry_tuning_noise_process){.pid = role->pid, .core = role->core};
        memcpy(process[count].name, role->name, sizeof process[count].name);
        ry_tuning_cpus_add(&cores, (unsigned)role->core);
        count++;
    }
    return count == 0 ? NULL : ry_tuning_noise_look(&s->host, &cores, process, count);
}

void ry_supervisor_noise_begins(struct ry_supervisor *s)
{
    if (s->plan->noise == NULL)
        return;
    ry_tuning_host_open(&s->host, "");
    s->quiet = look(s);
}

void ry_supervisor_noise_ends(struct ry_supervisor *s)
{
    struct ry_tuning_noise_look *after = s->quiet == NULL ? NULL : look(s);
    if (after == NULL)
        return;
    for (unsigned i = 0, process = 0; i < s->result->count; i++) {
        const struct ry_supervisor_member *role = &s->result->role[i];
        if (!has_core(role))
            continue;
        if (role->child.pid <= 0)
            ry_tuning_noise_ended(after, process, (uint64_t)role->child.usage.ru_nvcsw,
                                  (uint64_t)role->child.usage.ru_nivcsw);
        process++;
    }
    (void)ry_tuning_noise_between(s->plan->noise, s->quiet, after);
    ry_tuning_noise_forget(after);
    ry_tuning_noise_forget(s->quiet);
    s->quiet = NULL;
}
