/*
 * How often somebody may: a bucket of `burst` tokens that gets `rate` new ones a second. Kept as
 * one moment, the one when the bucket is full again (the "theoretical arrival time" of the generic
 * cell rate algorithm), so nothing has to be filled up as time goes by.
 *
 * Example: rate 2, burst 3. At 0 s three are let through, the fourth waits 0.5 s; at 10 s the
 * bucket is full, and three are let through again.
 *
 * Peers have their buckets in a table of fixed size. An address of IPv6 counts by its first 64
 * bits: those behind are the peer's own to choose. A new peer takes the place whose bucket is full
 * soonest of the RY_KEYS_PEER_WAYS that it may have; who is displaced begins with a full bucket.
 */
#ifndef RY_TOOLS_KEYS_LIMIT_H
#define RY_TOOLS_KEYS_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "tools/keys/credentials.h"

#define RY_KEYS_PEER_WAYS 8
#define RY_KEYS_PEER_SETS 512

struct ry_keys_limit {
    unsigned rate, burst; /* a second; at once; from 1 */
};

struct ry_keys_bucket {
    int64_t full_ns; /* when it is full again; in the past: it is */
};

/* Takes a token. True, or false with how long to wait for one. A clock that was set back costs no
 * more than an empty bucket. */
bool ry_keys_take(struct ry_keys_bucket *bucket, struct ry_keys_limit limit, int64_t now_ns,
                  int64_t *wait_ns);

struct ry_keys_peer {
    uint64_t who; /* 0: nobody */
    struct ry_keys_bucket bucket;
};

struct ry_keys_peers {
    unsigned char secret[16]; /* so that nobody finds addresses that fall into one set */
    struct ry_keys_peer peer[RY_KEYS_PEER_SETS][RY_KEYS_PEER_WAYS];
};

void ry_keys_peers_open(struct ry_keys_peers *peers);
struct ry_keys_bucket *ry_keys_peer(struct ry_keys_peers *peers,
                                    const struct ry_keys_address *address);

#endif
