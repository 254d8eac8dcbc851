#include "tuning/calls.h"

#include <errno.h>
#include <sys/mount.h>

#include "tuning/ethtool.h"
#include "tuning/irqbalance.h"
#include "tuning/module.h"

static int mount_it(const struct ry_tuning_host *host, const char *type, const char *path,
                    const char *options)
{
    (void)host;
    return mount("royale", path, type, MS_NOSUID | MS_NODEV, options) == 0 ? 0 : -errno;
}

static int unmount_it(const struct ry_tuning_host *host, const char *path)
{
    (void)host;
    return umount2(path, UMOUNT_NOFOLLOW) == 0 ? 0 : -errno;
}

const struct ry_tuning_calls ry_tuning_calls_of_linux = {
    .nic_get = ry_tuning_ethtool_get,
    .nic_set = ry_tuning_ethtool_set,
    .load_module = ry_tuning_module_load,
    .irqbalance = ry_tuning_irqbalance_ask,
    .mount = mount_it,
    .unmount = unmount_it,
};
