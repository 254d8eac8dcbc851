/*
 * A lock of a battle's folder (flock), for as long as a descriptor is open: whoever is at work
 * there shares it (`royale run`, an export), and only who has it alone removes the folder.
 */
#ifndef RY_CORE_JOURNAL_LOCK_H
#define RY_CORE_JOURNAL_LOCK_H

#include <stdbool.h>

/* A descriptor to close, or -1 with errno; never waits. EWOULDBLOCK: somebody has it otherwise. A
 * symbolic link is no such folder. */
int ry_journal_lock(const char *directory, bool shared);

#endif
