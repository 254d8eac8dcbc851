#include "core/follow/observe.h"

int ry_follow_observe_by(struct ry_follow *follow, struct ry_follow_observed *observed,
                         struct ry_role_door *door, char why[RY_ROLE_DOOR_WHY_BYTES])
{
    *observed = (struct ry_follow_observed){.inputs.row = NULL};
    int result = ry_role_door_join(door, &observed->inputs, "exec.inputs", why);
    if (result == 0)
        result = ry_role_door_join(door, &observed->journal, "journal.positions", why);
    if (result == 0)
        ry_follow_join(follow, &observed->inputs, &observed->journal);
    else
        ry_follow_unobserve(observed);
    return result;
}

int ry_follow_observe(struct ry_follow *follow, struct ry_follow_observed *observed,
                      const char *directory, char why[RY_ROLE_DOOR_WHY_BYTES])
{
    struct ry_role_door door;
    *observed = (struct ry_follow_observed){.inputs.row = NULL};
    if (ry_role_door_enter(&door, directory, why) != 0)
        return -1;
    int result = ry_follow_observe_by(follow, observed, &door, why);
    ry_role_door_leave(&door);
    return result;
}

bool ry_follow_runs(const char *directory)
{
    struct ry_role_door door;
    char why[RY_ROLE_DOOR_WHY_BYTES];
    if (ry_role_door_enter(&door, directory, why) != 0)
        return false;
    ry_role_door_leave(&door);
    return true;
}

void ry_follow_unobserve(struct ry_follow_observed *observed)
{
    ry_role_link_leave(&observed->inputs);
    ry_role_link_leave(&observed->journal);
}
