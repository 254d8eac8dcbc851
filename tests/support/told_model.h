/*
 * A slow model of what an agent is told: a plain list of all that was made for it, from which what
 * is due is looked up from its beginning, by the rules of docs/TIME.md; and of its TOPs, as the
 * machine had them, and as the agent has them by what it was told.
 */
#ifndef RY_TESTS_SUPPORT_TOLD_MODEL_H
#define RY_TESTS_SUPPORT_TOLD_MODEL_H

#include "tests/support/told_rig.h"

#define TOLD_STEPS     4000u
#define TOLD_ITEMS_MAX (16u * TOLD_STEPS)

struct told_item {
    int64_t time;
    enum ry_wake_kind wake; /* 0: a record */
    bool held;              /* a report, which is written with its wake, not before */
    uint64_t group;
    union ry_told_any record;
};

struct told_side {
    struct ry_arena_depth level[RY_TOP_MAX];
    unsigned count;
};

/* The first levels of an instrument as of `time`, and until the next. */
struct told_top {
    int64_t time;
    uint16_t instrument;
    struct told_side side[2];
};

struct told_model {
    unsigned interest[TOLD_INSTRUMENTS];
    bool listens, out, dead;
    struct told_item log[TOLD_ITEMS_MAX]; /* all that was made for it, in order */
    unsigned count, put;                  /* log[put] is the first that was not due yet */
    struct told_item due[TOLD_ITEMS_MAX]; /* all that should have been written, if there was room */
    unsigned due_count, seen;             /* seen: and was written */
    unsigned wakes_due, given, acked;
    unsigned go_first;            /* wakes that were due before those of the last go */
    int64_t wake[TOLD_ITEMS_MAX]; /* T of wake i + 2; START's is answered */
    int64_t timer;
    struct told_top top[TOLD_STEPS];
    unsigned tops;
    struct told_side told[TOLD_INSTRUMENTS][2]; /* its own book, made of what it was told */
    struct ry_ring_reader reader; /* looks at all that is written, and makes no room */
};

/* Something more was made for it, while it is in. */
void told_model_add(struct told_model *m, const struct told_item *item);
/* Out: all that is left but wakes. */
void told_model_leave(struct told_model *m);
/* What becomes due when no input before `closed` comes any more. */
void told_model_due(struct told_model *m, int64_t closed);
/* T of the first wake that is made and not due; RY_TIME_NEVER: there is none. */
int64_t told_model_pending(const struct told_model *m);
/* It has a wake that it owes an answer, or one of a go that is not all written; or it is gone: exec
 * does not wait for room. */
bool told_model_busy(const struct told_model *m);
bool told_model_same(const struct told_side *a, const struct told_side *b);
/* The last that is not later than `time`; NULL: there is none. */
const struct told_top *told_model_top_at(const struct told_model *m, uint16_t instrument,
                                         int64_t time);
/* A level of a TOP: in order, never more than the agent asked for. */
void told_model_level(struct told_model *m, const struct ry_told_level *level);
/* What it was told of its TOPs is what they were at `time`. */
void told_model_ck_top(const struct told_model *m, int64_t time);

#endif
