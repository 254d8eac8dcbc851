/*
 * The hold: while STATE/hold is there no battle begins. royale@.service looks for it
 * (ConditionPathExists=!), so does the queue before each battle, and royale-web before it starts
 * one. What stands in it is for people: {"held_ns": .., "held": .., "user": "root", "why": ".."};
 * an empty file holds as well.
 */
#ifndef RY_TOOLS_QUEUE_HOLD_H
#define RY_TOOLS_QUEUE_HOLD_H

#include <jansson.h>

#include "tools/queue/queue.h"

/* Not to know is to be held: a folder that cannot be looked into. */
bool ry_queue_hold_there(const struct ry_queue *queue);

/* What stands in it; NULL: there is no hold. {}: nothing that is understood. */
json_t *ry_queue_hold_read(const struct ry_queue *queue);

/* RY_EXIT_OK also if it was there (then it is left as it is), or gone. Else RY_EXIT_ENVIRONMENT,
 * with the reason on standard error. */
int ry_queue_hold_make(const struct ry_queue *queue, const char *why);
int ry_queue_hold_drop(const struct ry_queue *queue);

#endif
