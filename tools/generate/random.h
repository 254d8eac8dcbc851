/*
 * Random numbers of the generator: xoshiro256** seeded by splitmix64 (Blackman and Vigna, public
 * domain). Integers only, so that every machine draws alike.
 */
#ifndef RY_TOOLS_GENERATE_RANDOM_H
#define RY_TOOLS_GENERATE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct ry_generate_random {
    uint64_t state[4];
};

static inline void ry_generate_random_seed(struct ry_generate_random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        seed += UINT64_C(0x9e3779b97f4a7c15);
        uint64_t z = seed;
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        random->state[i] = z ^ (z >> 31);
    }
}

static inline uint64_t ry_generate_rotate(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

static inline uint64_t ry_generate_next(struct ry_generate_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = ry_generate_rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = ry_generate_rotate(s[3], 45);
    return result;
}

/* 0..n-1, n >= 1; the bias of the multiplication is below n / 2^32. */
static inline uint32_t ry_generate_below(struct ry_generate_random *random, uint32_t n)
{
    return (uint32_t)(((ry_generate_next(random) >> 32) * n) >> 32);
}

/* True once in n. */
static inline bool ry_generate_once_in(struct ry_generate_random *random, uint32_t n)
{
    return ry_generate_below(random, n) == 0;
}

#define RY_GENERATE_EXPONENTIAL_ONE UINT64_C(65536)

/*
 * About exponential with mean RY_GENERATE_EXPONENTIAL_ONE (4 % above it), at most 45 times the
 * mean: -ln(u) by the leading zeros of u, the logarithm between powers of two taken as straight.
 */
static inline uint64_t ry_generate_exponential(struct ry_generate_random *random)
{
    const uint64_t ln2 = 45426; /* x 65536 */
    uint64_t u = ry_generate_next(random) | 1;
    int zeros = __builtin_clzll(u);
    uint64_t fraction = zeros == 63 ? 0 : (u << (zeros + 1)) >> 48;
    uint64_t log2 = ((uint64_t)zeros + 1) * RY_GENERATE_EXPONENTIAL_ONE - fraction;
    return (log2 * ln2) >> 16;
}

#endif
