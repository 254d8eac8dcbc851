/*
 * What Linux does that is no file (struct ry_tuning_calls), for this machine: a file a subject.
 */
#ifndef RY_TUNING_CALLS_H
#define RY_TUNING_CALLS_H

#include "tuning/host.h"

extern const struct ry_tuning_calls ry_tuning_calls_of_linux;

#endif
