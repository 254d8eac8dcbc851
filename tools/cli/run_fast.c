#include "tools/cli/run_fast.h"

#include <stdio.h>

#include "tools/text/exit.h"

int ry_cli_run_fast(struct ry_cli_plan *plan, const char *file, bool fast)
{
    struct ry_battle *battle = plan->battle;
    if (!fast && battle->processes != RY_BATTLE_PROCESSES_ONE)
        return RY_EXIT_OK;
    for (unsigned i = 0; i < battle->feeds; i++)
        if (battle->feed[i].port == RY_BATTLE_PORT_DPDK)
            return ry_text_fail(RY_EXIT_USAGE,
                                "feed %s comes through DPDK, which has a process of its own: run "
                                "this battle without --fast (run: {processes: each})",
                                battle->feed[i].name);
    if (battle->trace_every != 0)
        fprintf(stderr, "trace: nothing is traced: one process has no hops from one to another\n");
    battle->trace_every = 0;
    return ry_cli_plan_one_process(plan, file);
}
