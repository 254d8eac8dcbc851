/*
 * A follower: the same machine over the same inputs, for everybody who wants to know something.
 *
 * Inputs come from the journal and then, where the live input ring was joined, from the ring; a
 * follower that was lapped there goes back to the journal. Outputs go to the caller's sink. A
 * follower costs the processes that it follows nothing.
 *
 *     ry_follow_open(&f, dir);                          a finished, cut or growing journal
 *     ry_follow_join(&f, &inputs, &journal);            only when live
 *     while (ry_follow_step(&f, 4096, sink) > 0) ...    look at f.status when it returns 0
 *     ry_follow_close(&f);
 *
 * The arena's memory is mapped when the BATTLE input comes, lazily backed; ry_follow_arena is NULL
 * before.
 */
#ifndef RY_CORE_FOLLOW_FOLLOW_H
#define RY_CORE_FOLLOW_FOLLOW_H

#include "core/arena/arena.h"
#include "core/journal/read.h"
#include "core/role/link.h"
#include "shm/records/links.h"

enum ry_follow_status {
    RY_FOLLOW_MORE = 0, /* not at the end; live: nothing new at the moment */
    RY_FOLLOW_UNTIL,    /* the next input is past what ry_follow_until asked for */
    RY_FOLLOW_END,      /* the END input was applied, nothing follows it */
    RY_FOLLOW_CUT,      /* not live, and the journal stops short of END: `text` says where */
    RY_FOLLOW_DAMAGED,  /* `text` says where and what; nothing after it was applied */
};

struct ry_follow {
    struct ry_journal_reader reader;
    struct ry_arena *arena; /* NULL: the BATTLE input has not come */
    void *memory;
    size_t memory_bytes;
    uint8_t price_scale[RY_INSTRUMENTS_MAX]; /* by instrument, once its input was applied: the
                                                machine has no use for it */
    uint64_t inputs;                         /* applied so far */
    uint64_t slot;                           /* in_ring: where in it the next input stands */
    uint64_t until_input;
    int64_t until_time;
    /* Live. */
    struct ry_ring_reader ring;
    const struct ry_journal_positions *journal;
    uint64_t ring_epoch;
    bool live, in_ring;
    uint64_t lapped;         /* times the ring had moved on */
    union ry_input_any held; /* read from the ring, not applied yet */
    bool holds;
    enum ry_follow_status status;
    char text[RY_JOURNAL_TEXT_BYTES];
};

/* Opens DIR's journal. 0, or -1 with `error`; then there is nothing to close. */
int ry_follow_open(struct ry_follow *follow, const char *directory, char *error,
                   size_t error_bytes);

/* The same for an open journal file; takes the descriptor over in every case. */
int ry_follow_open_fd(struct ry_follow *follow, int fd, const char *name, char *error,
                      size_t error_bytes);

/* Follows live from here on: `inputs` is the link exec.inputs, `journal` is journal.positions, both
 * joined. They stay the caller's and mapped until the follower is closed. */
void ry_follow_join(struct ry_follow *follow, const struct ry_role_link *inputs,
                    const struct ry_role_link *journal);

/* The same for memory that is no link (tests, benches). 0, or -1 if there is no ring. */
int ry_follow_join_memory(struct ry_follow *follow, const void *ring, size_t bytes, uint64_t epoch,
                          const struct ry_journal_positions *journal);

/* Live: inputs that the journal has given to the kernel, so that they outlive every process of the
 * battle. */
uint64_t ry_follow_written(const struct ry_follow *follow);

/* Stops before an input with a higher number or a later T. UINT64_MAX, RY_TIME_NEVER: no such
 * limit. */
void ry_follow_until(struct ry_follow *follow, uint64_t input, int64_t time);

/* Who hears of each input, beside its outputs. */
struct ry_follow_ear {
    void *context;
    void (*before)(void *context, uint64_t number, const union ry_input_any *input);
    /* applied: it was not malformed. NULL, or why the follower cannot go on: RY_FOLLOW_DAMAGED. */
    const char *(*after)(void *context, const struct ry_arena *arena,
                         const union ry_input_any *input, bool applied);
};

/* Applies up to `n` inputs; returns how many. Fewer than n: `status` says why. `ear` may be NULL.
 */
unsigned ry_follow_heard(struct ry_follow *follow, unsigned n, const struct ry_arena_sink *sink,
                         const struct ry_follow_ear *ear);

static inline unsigned ry_follow_step(struct ry_follow *follow, unsigned n,
                                      const struct ry_arena_sink *sink)
{
    return ry_follow_heard(follow, n, sink, NULL);
}

/* After RY_FOLLOW_DAMAGED: the next step looks again, for who knows that the journal has changed
 * since: of one that is still written a block may have been on its way. */
void ry_follow_again(struct ry_follow *follow);

static inline const struct ry_arena *ry_follow_arena(const struct ry_follow *follow)
{
    return follow->arena;
}

void ry_follow_close(struct ry_follow *follow);

#endif
