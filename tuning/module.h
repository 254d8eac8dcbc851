/*
 * Loading a module of the kernel by the program that the kernel itself would call for it
 * (/proc/sys/kernel/modprobe): modprobe(8) knows what the module needs and what the administrator
 * has forbidden.
 *
 * One of the calls of struct ry_tuning_calls (tuning/host.h) on this machine. 0, or -errno:
 * -ENOENT: there is no such program; -ENODEV: it could not, or may not, load the module.
 */
#ifndef RY_TUNING_MODULE_H
#define RY_TUNING_MODULE_H

#include "tuning/host.h"

int ry_tuning_module_load(const struct ry_tuning_host *host, const char *module);

#endif
