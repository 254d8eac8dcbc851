#include "core/role/isolated.h"

#include <unistd.h>

enum ry_isolated ry_role_isolated(const struct ry_role_process *process)
{
    if (process->battle->processes == RY_BATTLE_PROCESSES_ONE)
        return RY_ISOLATED_ONE;
    if (process->user != 0)
        return RY_ISOLATED_USERS;
    return geteuid() == 0 ? RY_ISOLATED_NOBODY : RY_ISOLATED_NOT;
}
