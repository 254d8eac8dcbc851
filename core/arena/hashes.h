/*
 * The three running hashes (HASH-1): of the inputs, of reports and records of the game, of market
 * records. Each is the XXH3 of all its records, one after the other, as if they lay in one array.
 *
 * An example. 200 inputs of 56 bytes are applied: the first 128 fill the block of inputs, which is
 * folded into the stream's state as one piece and is empty again; the other 72 lie in the block.
 * The hash of the inputs is that of a copy of the state with those 72 behind it: asking changes
 * nothing.
 *
 * Folding a block costs a fraction of folding its records one by one. Outputs are written into
 * their block once, handed to the sink from there and folded from there.
 *
 * The states hold no address (their seed is not zero, so that the secret lies in them): a copy of
 * the arena goes on by itself.
 */
#ifndef RY_CORE_ARENA_HASHES_H
#define RY_CORE_ARENA_HASHES_H

#include "core/arena/machine.h"

/* Room that the states need in the arena's block. */
size_t ry_arena_hashes_bytes(void);
void ry_arena_hashes_begin(struct ry_arena *a);

/* Folds what lies in a block, and empties it. */
void ry_arena_hashes_fold(struct ry_arena *a, enum ry_arena_stream stream);

/* HASH-1: slots that no record can have are taken as the nearest that one can. */
static inline size_t ry_arena_hashed_slots(const struct ry_input_head *head)
{
    if (head->slots <= 1)
        return 1;
    return head->slots < RY_INPUT_SLOTS_MAX ? head->slots : RY_INPUT_SLOTS_MAX;
}

/* Keeps an input for its hash. */
static inline void ry_arena_hashes_input(struct ry_arena *a, const union ry_input_any *input)
{
    unsigned char *block = ry_arena_block_at(a, RY_ARENA_STREAM_INPUTS);
    size_t *waiting = &a->waiting[RY_ARENA_STREAM_INPUTS];
    size_t slots = ry_arena_hashed_slots(&input->head);
    if (slots == 1)
        memcpy(block + *waiting, input, RY_SLOT_PAYLOAD);
    else
        memcpy(block + *waiting, input, slots * RY_SLOT_PAYLOAD);
    *waiting += slots * RY_SLOT_PAYLOAD;
    if (*waiting >= RY_ARENA_BLOCK_BYTES)
        ry_arena_hashes_fold(a, RY_ARENA_STREAM_INPUTS);
}

#endif
