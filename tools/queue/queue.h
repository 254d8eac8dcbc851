/*
 * The queue of battles: the battle files of one folder, run one after the other, and the hold that
 * keeps battles from beginning while the appliance is changed.
 *
 *     /etc/royale/battles.d/10-open.yaml    the queue: files NAME.yaml in their names' order
 *     /etc/royale/battles.d/20-close.yaml
 *     /var/lib/royale/hold                  while it is there no battle begins (hold.h)
 *     /var/lib/royale/queue.json            how far the queue is (record.h)
 *     /var/lib/royale/queue.lock            whoever runs the queue has it locked
 *     /var/lib/royale/battles/..            the library, where battles go
 *
 * A battle is a unit of systemd, royale@NAME, or with `direct` a process of the queue. One that
 * fails is said, and the next is started. One whose end the queue has not seen (it was killed, the
 * machine lost its power) is started again by the next queue; none is left out.
 */
#ifndef RY_TOOLS_QUEUE_QUEUE_H
#define RY_TOOLS_QUEUE_QUEUE_H

#include <limits.h>
#include <stdbool.h>

#define RY_QUEUE_BATTLES   "/etc/royale/battles.d"
#define RY_QUEUE_STATE     "/var/lib/royale"
#define RY_QUEUE_HOLD      "hold"
#define RY_QUEUE_RECORD    "queue.json"
#define RY_QUEUE_LOCK      "queue.lock"
#define RY_QUEUE_LIBRARY   "battles"
#define RY_QUEUE_MAX       1024 /* battles */
#define RY_QUEUE_LOOK_MS   200  /* between two looks at what is waited for */
#define RY_QUEUE_WHY_BYTES 512

struct ry_queue {
    const char *battles, *state; /* the two folders */
    bool direct;                 /* no units: processes of the queue */
};

/* Runs what is left of the queue, or with `anew` all of it; a line for each battle on standard
 * output. RY_EXIT_OK; RY_EXIT_FAILED, a battle failed; RY_EXIT_HELD, the hold is there and battles
 * are left; RY_EXIT_ENVIRONMENT, another one runs the queue, or something cannot be used;
 * RY_EXIT_SIGNAL + the signal. */
int ry_queue_run(const struct ry_queue *queue, bool anew);

/* Holds, and waits until no battle runs, `wait_s` at most; negative: does not wait. RY_EXIT_OK;
 * RY_EXIT_LATE: one still runs, and the hold stays; RY_EXIT_ENVIRONMENT. */
int ry_queue_hold(const struct ry_queue *queue, const char *why, long wait_s);

/* Lets battles begin again, and with systemd a queue that the hold has interrupted go on. */
int ry_queue_release(const struct ry_queue *queue);

int ry_queue_status(const struct ry_queue *queue, bool json);
int ry_queue_list(const struct ry_queue *queue, bool json);

#endif
