/*
 * What keeps the machine busy with battles: the queue, the units royale@*, and whatever else runs a
 * battle in the library (tools/library/lock.h). With the hold made before, what is not seen here
 * has not begun and will not: the queue and royale-web look for the hold after they have taken
 * their locks, systemd looks when it starts a unit.
 */
#ifndef RY_TOOLS_QUEUE_BUSY_H
#define RY_TOOLS_QUEUE_BUSY_H

#include "tools/queue/queue.h"

/* 1 with what it is in `what`, "the queue; the battles one two"; 0: nothing; -1: it cannot be told,
 * `what` is the reason. */
int ry_queue_busy(const struct ry_queue *queue, char what[RY_QUEUE_WHY_BYTES]);

/* The queue's own lock: a descriptor to hold it by, -1 with errno (EWOULDBLOCK: another one runs
 * the queue). */
int ry_queue_lock(const struct ry_queue *queue);
/* 1: somebody runs the queue; 0: nobody; -1 with errno. */
int ry_queue_locked(const struct ry_queue *queue);

#endif
