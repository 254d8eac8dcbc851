/* The battle files of the queue, in the order of their names. */
#ifndef RY_TOOLS_QUEUE_LIST_H
#define RY_TOOLS_QUEUE_LIST_H

#include <limits.h>

#include "tools/queue/queue.h"

#define RY_QUEUE_NAME_BYTES 65

struct ry_queue_list {
    unsigned count;
    char (*name)[RY_QUEUE_NAME_BYTES]; /* 10-open, of 10-open.yaml */
    unsigned others;                   /* .yaml files that are left out */
    char other[NAME_MAX + 1];          /* one of them */
};

/* What a unit's instance may be called without being changed: letters, digits, dots, dashes,
 * underscores; not beginning with a dot or a dash; at most RY_QUEUE_NAME_BYTES - 1. */
#define RY_QUEUE_NAMES "letters, digits, dots, dashes and underscores, at most 64"

/* RY_EXIT_OK, or RY_EXIT_ENVIRONMENT with the reason on standard error. A .yaml file whose name is
 * none of a battle is counted; the second says so on standard error. */
int ry_queue_list_read(struct ry_queue_list *list, const struct ry_queue *queue);
void ry_queue_list_warn(const struct ry_queue_list *list, const struct ry_queue *queue);
void ry_queue_list_free(struct ry_queue_list *list);

#endif
