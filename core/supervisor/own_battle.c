#include "core/supervisor/own_battle.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Who knew the battle's seed would know the others' random numbers and latencies. BLAKE2b does not
 * lead back to it but by trying: a seed that a strategy can count up to it can find
 * (RY_SUPERVISOR_SEED_GUESSABLE in core/supervisor/supervisor.h). */
static uint64_t seed_of(const struct ry_battle *battle, unsigned agent)
{
    static const unsigned char domain[crypto_generichash_KEYBYTES] = "royale: the seed of an agent";
    unsigned char digest[crypto_generichash_BYTES];
    uint64_t message[2] = {battle->seed, agent}, seed;
    int failed = crypto_generichash(digest, sizeof digest, (const unsigned char *)message,
                                    sizeof message, domain, sizeof domain);
    assert(failed == 0);
    memcpy(&seed, digest, sizeof seed);
    return seed;
}

struct ry_battle *ry_supervisor_own_battle(const struct ry_battle *battle, unsigned agent)
{
    size_t bytes = ry_battle_bytes(battle->instruments);
    struct ry_battle *own = malloc(bytes);
    assert(own != NULL);
    memcpy(own, battle, bytes);
    memset(own->agent, 0, sizeof own->agent);
    memset(own->feed, 0, sizeof own->feed);
    memset(&own->export, 0, sizeof own->export);
    own->screen = 0;
    memset(own->web, 0, sizeof own->web);
    own->processes = RY_BATTLE_PROCESSES_EACH; /* however the battle is run: no agent sees it */
    own->agent[agent] = battle->agent[agent];
    own->seed = seed_of(battle, agent);
    return own;
}
