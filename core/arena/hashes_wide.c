#include "core/arena/hashes_wide.h"

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

/* All that follows may use AVX2, whatever the rest of the program is built for. */
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
#define XXH_VECTOR 2 /* XXH_AVX2, which only the header itself has a name for */
#include "core/arena/hash.h"

_Static_assert(XXH_VECTOR == XXH_AVX2, "XXH_VECTOR is the header's word for AVX2");

void ry_arena_wide_update(void *state, const void *bytes, size_t count)
{
    (void)XXH3_64bits_update((XXH3_state_t *)state, bytes, count);
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
