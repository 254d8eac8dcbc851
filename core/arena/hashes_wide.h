/*
 * Folding a block with vectors of 32 bytes where the processor has them (AVX2): the same digest in
 * half the instructions. Private to hashes.c and its test.
 */
#ifndef RY_CORE_ARENA_HASHES_WIDE_H
#define RY_CORE_ARENA_HASHES_WIDE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether this processor can. */
static inline bool ry_arena_wide(void)
{
    return __builtin_cpu_supports("avx2");
}

/* XXH3_64bits_update of a state (XXH3_state_t) of hash.h; only where ry_arena_wide. */
void ry_arena_wide_update(void *state, const void *bytes, size_t count);

#endif
