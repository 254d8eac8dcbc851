/*
 * The one hash of the machine: XXH3 with a seed, header-only so that no libxxhash version can
 * change a result at run time.
 */
#ifndef RY_CORE_ARENA_HASH_H
#define RY_CORE_ARENA_HASH_H

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#define XXH_INLINE_ALL
#include <xxhash.h>
#pragma GCC diagnostic pop

#include <stdint.h>

static inline uint64_t ry_arena_hash_fold(uint64_t hash, const void *record, size_t bytes)
{
    return XXH3_64bits_withSeed(record, bytes, hash);
}

#endif
