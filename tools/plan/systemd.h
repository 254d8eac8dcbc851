/*
 * What systemd's unit royale@NAME lacks for one battle on one machine, as a drop-in: for
 * /etc/systemd/system/royale@NAME.service.d/plan.conf.
 *
 *     [Service]
 *     # The supervisor begins with the house and binds the others: exec to 2, feed0 to 3.
 *     CPUAffinity=0-1
 *     Environment=ROYALE_HOUSE=0-1
 *     # feed0 reads a network card.
 *     DeviceAllow=/dev/vfio/vfio rw
 *     DeviceAllow=char-vfio rw
 *     RestartForceExitStatus=1
 *
 * The unit is closed to all that most battles do without: a network card, the cgroup of an isolated
 * partition, files in homes and in /tmp, folders that rows are exported to. Each is opened only for
 * the battle that names it.
 */
#ifndef RY_TOOLS_PLAN_SYSTEMD_H
#define RY_TOOLS_PLAN_SYSTEMD_H

#include <stdio.h>

#include "core/battle/battle.h"
#include "tuning/placement.h"

void ry_plan_systemd(FILE *out, const struct ry_battle *battle,
                     const struct ry_tuning_placement *placement);

#endif
