/*
 * A strategy's library as a copy of its own: several agents of one process each have one, and with
 * it their own global variables, however often the same library is loaded.
 *
 * The dynamic linker knows a library by its file, so each copy is a file of its own, in memory
 * (memfd). What a C++ compiler marks as unique in a process (inline variables, static members of
 * templates) would still be one for all copies: in the copy it is marked as an ordinary symbol.
 *
 * What lies behind the library stays one for all: libc's own state (rand(), the locale, the
 * environment), and the libraries that the strategy links.
 */
#ifndef RY_AGENTS_COPY_H
#define RY_AGENTS_COPY_H

#include "agents/load.h"

/* A descriptor of a copy of the library behind `fd`, for ry_host_load_library; -1 with the reason
 * in `why`. It stays open for as long as the library is used. `path` is for messages. */
int ry_host_copy(int fd, const char *path, char why[RY_HOST_LOAD_WHY_BYTES]);

#endif
