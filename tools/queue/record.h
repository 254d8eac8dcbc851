/*
 * How far the queue is, kept in STATE/queue.json, whole or absent at any moment:
 *
 *     {"format": 1, "state": "running", "unit": true, "began_ns": ..,
 *      "running": "20-close", "since_ns": ..,
 *      "battles": [{"battle": "10-open", "outcome": "ok", "exit_code": 0, "why": null,
 *                   "began_ns": .., "ended_ns": ..}]}
 *
 * state: running; complete; held and stopped, with battles left, which the next queue begins with.
 * A queue that was killed leaves "running", and nobody has the queue's lock. outcome: ok, failed.
 */
#ifndef RY_TOOLS_QUEUE_RECORD_H
#define RY_TOOLS_QUEUE_RECORD_H

#include <jansson.h>
#include <stdint.h>

#include "tools/queue/queue.h"

struct ry_queue_outcome {
    bool failed;
    int exit_code;                /* of royale run; 128 + a signal; negative: there is none */
    char why[RY_QUEUE_WHY_BYTES]; /* for people; empty: nothing to say */
    int64_t began_ns, ended_ns;   /* wall time */
};

/* NULL: there is none, or none that is understood. */
json_t *ry_queue_record_read(const struct ry_queue *queue);

/* The record that a queue goes on with: the one that is there if battles are left in it, else a new
 * one. `unit`: it runs as royale-queue.service. */
json_t *ry_queue_record_begin(const struct ry_queue *queue, bool anew, bool unit);

/* Whether the battle is among those that have ended. */
bool ry_queue_record_has(const json_t *record, const char *battle);

/* A battle begins; has ended; the queue is now in that state. Each is kept on the disk. RY_EXIT_OK,
 * or RY_EXIT_ENVIRONMENT with the reason on standard error. */
int ry_queue_record_running(const struct ry_queue *queue, json_t *record, const char *battle,
                            int64_t now_ns);
int ry_queue_record_ended(const struct ry_queue *queue, json_t *record, const char *battle,
                          const struct ry_queue_outcome *outcome);
int ry_queue_record_state(const struct ry_queue *queue, json_t *record, const char *state);

#endif
