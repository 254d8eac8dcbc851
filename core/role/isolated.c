#include "core/role/isolated.h"

#include <unistd.h>

enum ry_isolated ry_role_isolated(void)
{
    return geteuid() == 0 ? RY_ISOLATED_USERS : RY_ISOLATED_NOT;
}
