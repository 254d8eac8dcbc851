/*
 * Loading a strategy: a shared library that exports `ry_strategy` (agents/agent.h).
 *
 * In two steps, so that nothing of the library (its constructors neither) runs with the privileges
 * that the process was started with: ry_host_load_open finds the file while every folder can still
 * be read; ry_host_load_library loads it out of the descriptor, in the sandbox.
 */
#ifndef RY_AGENTS_LOAD_H
#define RY_AGENTS_LOAD_H

#include <stddef.h>

struct ry_strategy;

#define RY_HOST_LOAD_WHY_BYTES 400

/* A descriptor of the library, or -1 with the reason in `why`. */
int ry_host_load_open(const char *path, char why[RY_HOST_LOAD_WHY_BYTES]);

/* Loads the library behind `fd` (which stays the caller's; `path` is for messages) and checks what
 * it exports. NULL with the reason in `why`. The library stays loaded for as long as the process
 * lives, and is known by the number of its descriptor: a second one needs another number.
 * Floating-point rounding and subnormal numbers are as by default afterwards, whatever its
 * constructors did (-ffast-math changes them). */
const struct ry_strategy *ry_host_load_library(int fd, const char *path,
                                               char why[RY_HOST_LOAD_WHY_BYTES]);

#endif
