/*
 * An agent's orders that ended without being filled whole, or were refused: what somebody looks
 * through who asks why.
 */
#ifndef RY_TOOLS_WHY_LIST_H
#define RY_TOOLS_WHY_LIST_H

#include <jansson.h>
#include <stdio.h>

#include "tools/why/scan.h"

struct ry_why_list_entry {
    uint64_t cl_ord_id;
    int64_t arrival, time; /* of its end */
    int64_t qty, filled, limit;
    uint16_t instrument;
    uint8_t side;
    bool rejected;
    uint8_t code; /* enum ry_reject, enum ry_cancel; NONE: it stood when the battle ended */
};

/* Prints, or puts into `json` (an array; else NULL), the last `max` of them, the newest last. 0, or
 * -1 with `error`. */
int ry_why_list(FILE *out, json_t *json, const struct ry_why_scan *scan,
                const struct ry_why_battle *battle, const char *directory, uint64_t max,
                char *error);

#endif
