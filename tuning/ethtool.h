/*
 * Rings and coalescing of a network card by the kernel's ioctl (linux/ethtool.h), as text:
 *
 *     ring       rx 512 tx 512                   descriptors
 *     ring-max   rx 4096 tx 4096                 as many as the driver takes; only read
 *     coalesce   rx-usecs 8 rx-frames 0 tx-usecs 8 tx-frames 0 adaptive-rx 1 adaptive-tx 0
 *
 * The two calls of struct ry_tuning_calls (tuning/host.h) on this machine: the host's root has no
 * meaning for them. 0, or -errno: -EOPNOTSUPP: the driver has no such thing; -ENODEV: no such
 * interface; -EINVAL: a word that is not one of these, or a value that the driver does not take.
 */
#ifndef RY_TUNING_ETHTOOL_H
#define RY_TUNING_ETHTOOL_H

#include "tuning/host.h"

int ry_tuning_ethtool_get(const struct ry_tuning_host *host, const char *interface,
                          const char *what, char *text, size_t bytes);
/* Sets the values that `text` names, and leaves the others as they are. */
int ry_tuning_ethtool_set(const struct ry_tuning_host *host, const char *interface,
                          const char *what, const char *text);

#endif
