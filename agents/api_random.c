/* Random numbers for strategies: xoshiro256** (Blackman, Vigna), its state filled by splitmix64. */
#include "agents/api.h"

#define SPLITMIX_STEP UINT64_C(0x9e3779b97f4a7c15)

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += SPLITMIX_STEP;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t rotate(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

void ry_host_api_random_open(struct ry_host_api_random *random, uint64_t seed, unsigned agent)
{
    /* The seed is drawn from before the agent comes in: neighbours share no stretch of one
     * sequence. */
    uint64_t state = seed;
    state = splitmix(&state) ^ agent;
    for (unsigned i = 0; i < 4; i++)
        random->word[i] = splitmix(&state);
}

uint64_t ry_random(struct ry_agent *agent)
{
    uint64_t *s = ((struct ry_host_api *)agent)->random.word;
    const uint64_t result = rotate(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

/* The high half of x * n; a low half under 2^64 mod n would favour some results and is drawn again
 * (Lemire). */
uint64_t ry_random_below(struct ry_agent *agent, uint64_t n)
{
    if (n == 0)
        return 0;
    const uint64_t unfair = (0 - n) % n;
    unsigned __int128 product;
    do {
        product = (unsigned __int128)ry_random(agent) * n;
    } while ((uint64_t)product < unfair);
    return (uint64_t)(product >> 64);
}

double ry_random_unit(struct ry_agent *agent)
{
    return (double)(ry_random(agent) >> 11) * 0x1p-53;
}
