/*
 * The kernel of a fake host: what Linux does when its files are written, over plain files.
 */
#ifndef RY_TESTS_SUPPORT_FAKE_KERNEL_H
#define RY_TESTS_SUPPORT_FAKE_KERNEL_H

#include "tuning/host.h"

extern const struct ry_tuning_calls ry_test_kernel_calls;

#endif
