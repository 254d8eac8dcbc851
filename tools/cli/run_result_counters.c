#include "tools/cli/run_result_counters.h"

#include <stddef.h>

#include "core/exec/counters.h"
#include "tools/text/counters.h"
#include "tools/text/exit.h"
#include "tools/text/machine_counters.h"
#include "tools/text/whole.h"

#define WHO_BYTES (2 * RY_NAME_BYTES + 8)

/* "agent3 (noise)", "exec" */
static const char *who_is(char who[WHO_BYTES], const struct ry_battle *battle,
                          const struct ry_supervisor_member *role)
{
    const char *name = role->row->number == RY_ROLE_EACH_FEED    ? battle->feed[role->index].name
                       : role->row->number == RY_ROLE_EACH_AGENT ? battle->agent[role->index].name
                                                                 : NULL;
    snprintf(who, WHO_BYTES, name != NULL ? "%s (%s)" : "%s", role->name, name);
    return who;
}

static unsigned count_of(const struct ry_supervisor_member *role)
{
    return role->counters_count < role->counters_are.count ? role->counters_count
                                                           : role->counters_are.count;
}

/* exec shows the machine's too; the result has those from the journal. */
static bool is_machine(const struct ry_supervisor_member *role, unsigned counter)
{
    return role->row->end == RY_SUPERVISOR_END_LEADS && counter >= RY_EXEC_COUNTERS_OWN &&
           counter < RY_EXEC_COUNTERS;
}

/* Counters of exec of which the result has a line for each: who did not play and how each died;
 * what makes it not reproducible. */
static bool is_told(const struct ry_supervisor_member *role, unsigned counter)
{
    static const size_t told[] = {offsetof(struct ry_exec_counters, agents_died),
                                  offsetof(struct ry_exec_counters, not_reproducible)};
    for (unsigned i = 0; i < sizeof told / sizeof told[0]; i++)
        if (role->row->end == RY_SUPERVISOR_END_LEADS && counter == told[i] / sizeof(uint64_t))
            return true;
    return false;
}

void ry_cli_run_result_odd(FILE *out, const struct ry_battle *battle,
                           const struct ry_supervisor_result *result, const struct ry_arena *arena)
{
    for (unsigned r = 0; r < result->count; r++) {
        const struct ry_supervisor_member *role = &result->role[r];
        char who[WHO_BYTES];
        for (unsigned i = 0; i < count_of(role); i++) {
            const struct ry_counter counter = ry_counters_described(&role->counters_are, i);
            if (!is_told(role, i) && !is_machine(role, i))
                ry_text_counter_odd(out, who_is(who, battle, role), &counter, role->counters[i]);
        }
    }
    ry_text_machine_odd(out, arena);
}

static void print_role(FILE *out, const struct ry_supervisor_member *role, bool odd)
{
    for (unsigned i = 0; i < count_of(role); i++) {
        const struct ry_counter counter = ry_counters_described(&role->counters_are, i);
        if (is_machine(role, i))
            continue;
        if (odd)
            ry_text_counter_odd(out, "", &counter, role->counters[i]);
        else
            ry_text_counter(out, &counter, role->counters[i]);
    }
}

/* `odd`: behind the counters of each what its odd ones mean. */
static void print(FILE *out, const struct ry_battle *battle,
                  const struct ry_supervisor_result *result, const struct ry_arena *arena, bool odd)
{
    for (unsigned r = 0; r < result->count; r++) {
        char who[WHO_BYTES];
        fprintf(out, "%s:\n", who_is(who, battle, &result->role[r]));
        print_role(out, &result->role[r], false);
        if (odd)
            print_role(out, &result->role[r], true);
    }
    fputs("the machine:\n", out);
    ry_text_machine_counters(out, arena);
    if (odd)
        ry_text_machine_odd(out, arena);
}

void ry_cli_run_result_counters(FILE *out, const struct ry_battle *battle,
                                const struct ry_supervisor_result *result,
                                const struct ry_arena *arena)
{
    print(out, battle, result, arena, false);
}

void ry_cli_run_result_keep_counters(const char *directory, const struct ry_battle *battle,
                                     const struct ry_supervisor_result *result,
                                     const struct ry_arena *arena)
{
    struct ry_text_whole whole;
    if (ry_text_whole_open(&whole, directory, RY_CLI_COUNTERS_FILE, 0) != 0) {
        (void)ry_text_fail(RY_EXIT_FAILED, "%s", whole.error);
        return;
    }
    print(whole.file, battle, result, arena, true);
    if (ry_text_whole_keep(&whole) != 0)
        (void)ry_text_fail(RY_EXIT_FAILED, "%s", whole.error);
}
