#include "core/arena/hashes.h"

#include "core/arena/hash.h"
#include "core/arena/hashes_wide.h"

#define SEED UINT64_C(1) /* of the streams; zero would leave an address in their states */

static XXH3_state_t *state_at(const struct ry_arena *a, enum ry_arena_stream stream)
{
    return (XXH3_state_t *)ry_arena_at(a, a->at.hashes) + stream;
}

size_t ry_arena_hashes_bytes(void)
{
    return RY_ARENA_STREAMS * sizeof(XXH3_state_t);
}

void ry_arena_hashes_begin(struct ry_arena *a)
{
    for (unsigned i = 0; i < RY_ARENA_STREAMS; i++)
        (void)XXH3_64bits_reset_withSeed(state_at(a, i), SEED);
}

void ry_arena_hashes_fold(struct ry_arena *a, enum ry_arena_stream stream)
{
    XXH3_state_t *state = state_at(a, stream);
    const unsigned char *block = ry_arena_block_at(a, stream);
    if (ry_arena_wide())
        ry_arena_wide_update(state, block, a->waiting[stream]);
    else
        (void)XXH3_64bits_update(state, block, a->waiting[stream]);
    a->waiting[stream] = 0;
}

static uint64_t digest(const struct ry_arena *a, enum ry_arena_stream stream)
{
    XXH3_state_t copy = *state_at(a, stream);
    (void)XXH3_64bits_update(&copy, ry_arena_block_at(a, stream), a->waiting[stream]);
    return XXH3_64bits_digest(&copy);
}

uint64_t ry_arena_input_hash(const struct ry_arena *a)
{
    return digest(a, RY_ARENA_STREAM_INPUTS);
}

uint64_t ry_arena_output_hash(const struct ry_arena *a)
{
    const uint64_t both[2] = {digest(a, RY_ARENA_STREAM_SAID), digest(a, RY_ARENA_STREAM_MARKET)};
    return ry_arena_hash_fold(SEED, both, sizeof both);
}
