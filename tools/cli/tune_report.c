#include "tools/cli/tune_report.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/supervisor/topology.h"
#include "tools/cli/battle_plan.h"
#include "tools/cli/tune_target.h"
#include "tools/proof/proof.h"
#include "tools/text/exit.h"

/* The battle's processes on the machine that is tuned. */
static int place(struct ry_proof_aim *aim, const char *file)
{
    struct ry_cli_plan *plan = calloc(1, sizeof *plan);
    unsigned missing;
    if (plan == NULL)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "no memory");
    int code = ry_cli_plan_open(plan, file);
    if (code == RY_EXIT_OK) {
        snprintf(aim->target.battle, sizeof aim->target.battle, "%s", plan->battle->name);
        ry_supervisor_topology_place(&ry_supervisor_topology, plan->battle, &aim->placement);
        if (ry_tuning_placement_plan(&aim->placement, &aim->target.machine, &missing) != 0)
            code = ry_text_fail(RY_EXIT_USAGE, "%s: its processes cannot be placed", file);
        ry_cli_plan_close(plan);
    }
    free(plan);
    return code;
}

/* The settings are of the machine under the root, what is measured is of this one. */
static int measure_here(struct ry_proof_aim *aim)
{
    char error[RY_TUNING_MACHINE_ERROR_BYTES];
    struct ry_tuning_machine *machine = calloc(1, sizeof *machine);
    int code = RY_EXIT_OK;
    if (machine == NULL || ry_tuning_machine_look(machine, NULL, error) != 0)
        code = ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", machine == NULL ? "no memory" : error);
    else
        aim->target.machine = *machine;
    free(machine);
    return code;
}

static int take_aim(struct ry_proof_aim *aim, const char *root, const char *file, const char *cores)
{
    ry_tuning_host_open(&aim->host, root);
    int code = ry_cli_tune_target(&aim->target, file, cores, root);
    if (code == RY_EXIT_OK && file != NULL)
        code = place(aim, file);
    return code == RY_EXIT_OK && root[0] != '\0' ? measure_here(aim) : code;
}

int ry_cli_tune_report(int argc, char **argv)
{
    char royale[PATH_MAX];
    const int code = ry_cli_place(RY_PLACE_ROYALE, royale);
    if (code != RY_EXIT_OK)
        return code;
    return ry_proof_main(argc, argv, take_aim, royale);
}
