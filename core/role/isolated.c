#include "core/role/isolated.h"

#include <unistd.h>

enum ry_isolated ry_role_isolated(const struct ry_role_process *process)
{
    if (geteuid() != 0)
        return RY_ISOLATED_NOT;
    return process->user != 0 ? RY_ISOLATED_USERS : RY_ISOLATED_NOBODY;
}
