#include "tools/keys/limit.h"

#include <sodium.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)

_Static_assert(sizeof((struct ry_keys_peers){.secret = {0}}.secret) == crypto_shorthash_KEYBYTES,
               "the secret is the hash's key");
_Static_assert(sizeof(uint64_t) == crypto_shorthash_BYTES, "the hash is a number");

bool ry_keys_take(struct ry_keys_bucket *bucket, struct ry_keys_limit limit, int64_t now_ns,
                  int64_t *wait_ns)
{
    const int64_t each_ns = SECOND_NS / limit.rate, all_ns = each_ns * limit.burst;
    int64_t full_ns = bucket->full_ns > now_ns ? bucket->full_ns : now_ns;
    if (full_ns - now_ns > all_ns)
        full_ns = now_ns + all_ns;
    *wait_ns = full_ns - now_ns + each_ns - all_ns;
    if (*wait_ns > 0) {
        bucket->full_ns = full_ns;
        return false;
    }
    *wait_ns = 0;
    bucket->full_ns = full_ns + each_ns;
    return true;
}

void ry_keys_peers_open(struct ry_keys_peers *peers)
{
    memset(peers, 0, sizeof *peers);
    randombytes_buf(peers->secret, sizeof peers->secret);
}

struct ry_keys_bucket *ry_keys_peer(struct ry_keys_peers *peers,
                                    const struct ry_keys_address *address)
{
    const struct in6_addr *number = &address->number;
    const size_t bytes = IN6_IS_ADDR_V4MAPPED(number) ? sizeof number->s6_addr : 8;
    uint64_t who;
    (void)crypto_shorthash((unsigned char *)&who, number->s6_addr, bytes, peers->secret);
    who += who == 0;
    struct ry_keys_peer *set = peers->peer[who % RY_KEYS_PEER_SETS], *oldest = set;
    for (unsigned i = 0; i < RY_KEYS_PEER_WAYS; i++) {
        if (set[i].who == who)
            return &set[i].bucket;
        if (set[i].bucket.full_ns < oldest->bucket.full_ns)
            oldest = &set[i];
    }
    *oldest = (struct ry_keys_peer){.who = who};
    return &oldest->bucket;
}
