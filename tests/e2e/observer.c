/*
 * A follower that joins a running battle by its door: the journal, then the ring, to the end. Says
 * on standard output when it has caught up with the battle, how many inputs came from the ring, and
 * the hashes.
 * usage: observer DIR
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/follow/observe.h"
#include "core/results/follow.h"
#include "tools/text/hashes.h"

static int complain(const char *what)
{
    fprintf(stderr, "observer: %s\n", what);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static struct ry_follow follow; /* large */
    struct ry_follow_observed observed;
    struct ry_arena_sink sink = {0};
    char error[RY_JOURNAL_TEXT_BYTES], why[RY_ROLE_DOOR_WHY_BYTES];
    uint64_t from_ring = 0;
    bool caught_up = false;
    if (argc != 2)
        return complain("usage: observer DIR");
    if (ry_follow_open(&follow, argv[1], error, sizeof error) != 0)
        return complain(error);
    if (ry_follow_observe(&follow, &observed, argv[1], why) != 0)
        return complain(why);
    while (follow.status == RY_FOLLOW_MORE) {
        unsigned applied = ry_follow_step(&follow, 1, &sink);
        if (applied > 0 && follow.in_ring && from_ring++ == 0) {
            puts("reads the ring");
            fflush(stdout);
        }
        if (applied == 0 && follow.in_ring && !caught_up) {
            caught_up = true;
            puts("caught up");
            fflush(stdout);
        }
        if (applied == 0 && follow.status == RY_FOLLOW_MORE)
            ry_results_wait();
    }
    if (follow.status != RY_FOLLOW_END)
        return complain(follow.text);
    printf("%" PRIu64 " inputs, %" PRIu64 " of them from the ring\n", follow.inputs, from_ring);
    ry_text_hashes(stdout, ry_follow_arena(&follow));
    ry_follow_close(&follow);
    ry_follow_unobserve(&observed);
    return EXIT_SUCCESS;
}
