#include "tools/cli/tune_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/supervisor/target.h"
#include "tools/cli/battle_plan.h"
#include "tools/text/exit.h"

static int look(struct ry_tuning_machine *machine, const char *root)
{
    char why[RY_TUNING_MACHINE_ERROR_BYTES];
    if (ry_tuning_machine_look_under(machine, root, why) != 0)
        return ry_text_fail(root[0] != 0 ? RY_EXIT_USAGE : RY_EXIT_ENVIRONMENT,
                            "the machine cannot be looked at: %s", why);
    return RY_EXIT_OK;
}

/* The plan of a battle is made for the machine that is tuned, as root sees it: all its CPUs. */
static int of_battle(struct ry_tuning_target *target, struct ry_tuning_machine *machine,
                     const char *file)
{
    struct ry_cli_plan plan;
    unsigned missing = 0;
    int result = ry_cli_plan_open(&plan, file);
    if (result != RY_EXIT_OK)
        return result;
    memset(&plan.placement, 0, sizeof plan.placement);
    ry_supervisor_topology_place(&ry_supervisor_topology, plan.battle, &plan.placement);
    if (ry_tuning_placement_plan(&plan.placement, machine, &missing) != 0) {
        result = ry_text_fail(
            RY_EXIT_USAGE, "%s: placement: %s: core %d is no core of this machine", file,
            plan.placement.process[missing].name, plan.placement.process[missing].wanted);
    } else {
        ry_supervisor_target(target, &ry_supervisor_topology, plan.battle, machine,
                             &plan.placement);
    }
    ry_cli_plan_close(&plan);
    return result;
}

static int of_cores(struct ry_tuning_target *target, const struct ry_tuning_machine *machine,
                    const char *cores)
{
    struct ry_tuning_cpus set;
    int missing = -1;
    if (!ry_tuning_cpus_read_list(&set, cores) || ry_tuning_cpus_count(&set) == 0)
        return ry_text_fail(RY_EXIT_USAGE, "--cores: \"%s\" is no list of CPUs such as 2-5,8",
                            cores);
    if (ry_tuning_target_cores(target, machine, &set, &missing) == 0)
        return RY_EXIT_OK;
    if (missing >= 0)
        return ry_text_fail(RY_EXIT_USAGE, "--cores: CPU %d is not there, or offline", missing);
    return ry_text_fail(RY_EXIT_USAGE, "--cores: no core is left to keep house");
}

int ry_cli_tune_target(struct ry_tuning_target *target, const char *file, const char *cores,
                       const char *root)
{
    struct ry_tuning_machine *machine = calloc(1, sizeof *machine);
    if (machine == NULL)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "no memory");
    memset(target, 0, sizeof *target);
    int result = look(machine, root);
    if (result == RY_EXIT_OK && file != NULL)
        result = of_battle(target, machine, file);
    else if (result == RY_EXIT_OK)
        ry_tuning_target_whole(target, machine);
    if (result == RY_EXIT_OK && cores != NULL)
        result = of_cores(target, machine, cores);
    free(machine);
    return result;
}
