/* The bucket of one moment against one that is filled up token by token; the table of peers. */
#include "tests/support/test.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "tools/keys/limit.h"

#define SECOND_NS INT64_C(1000000000)

static uint64_t random_state = 0x9e3779b97f4a7c15u;
static uint64_t draw(uint64_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % below;
}

/* What the words say: `burst` tokens at most, a new one every `each_ns`; counted in parts of a
 * token, one a nanosecond. */
struct slow {
    int64_t each_ns, room, have, at_ns;
};

static bool slow_take(struct slow *s, int64_t now_ns, int64_t *wait_ns)
{
    for (int64_t left = now_ns - s->at_ns; left > 0 && s->have < s->room; left--)
        s->have++;
    s->at_ns = now_ns;
    *wait_ns = s->have >= s->each_ns ? 0 : s->each_ns - s->have;
    if (*wait_ns > 0)
        return false;
    s->have -= s->each_ns;
    return true;
}

START_TEST(a_bucket_is_the_slow_one)
{
    random_state += (uint64_t)_i;
    /* Large rates: a token is few nanoseconds, which the slow one counts one by one. */
    const struct ry_keys_limit limit = {(unsigned)(SECOND_NS / (int64_t)(1 + draw(40))),
                                        1 + (unsigned)draw(9)};
    const int64_t each_ns = SECOND_NS / limit.rate;
    struct slow slow = {each_ns, each_ns * limit.burst, each_ns * limit.burst, 1000};
    struct ry_keys_bucket bucket = {.full_ns = 0};
    unsigned let = 0;
    for (int64_t now_ns = 1000, i = 0; i < 3000; i++) {
        int64_t wait_ns, slow_wait_ns;
        now_ns += (int64_t)draw(draw(4) == 0 ? 400 : 30);
        const bool took = ry_keys_take(&bucket, limit, now_ns, &wait_ns);
        ck_assert_int_eq(took, slow_take(&slow, now_ns, &slow_wait_ns));
        ck_assert_int_eq(wait_ns, slow_wait_ns);
        let += took;
    }
    ck_assert_uint_gt(let, 0);
}
END_TEST

START_TEST(who_waits_as_told_is_let_through)
{
    const struct ry_keys_limit limit = {3, 2};
    struct ry_keys_bucket bucket = {.full_ns = 0};
    int64_t now_ns = 5 * SECOND_NS, wait_ns;
    for (unsigned i = 0; i < 100; i++) {
        if (ry_keys_take(&bucket, limit, now_ns, &wait_ns))
            continue;
        now_ns += wait_ns - 1;
        ck_assert(!ry_keys_take(&bucket, limit, now_ns, &wait_ns));
        ck_assert_int_eq(wait_ns, 1);
        now_ns += wait_ns;
        ck_assert(ry_keys_take(&bucket, limit, now_ns, &wait_ns));
    }
}
END_TEST

START_TEST(a_clock_set_back_costs_a_bucket_at_most)
{
    const struct ry_keys_limit limit = {10, 5};
    struct ry_keys_bucket bucket = {.full_ns = 0};
    int64_t wait_ns;
    ck_assert(ry_keys_take(&bucket, limit, 1000000 * SECOND_NS, &wait_ns));
    ck_assert(!ry_keys_take(&bucket, limit, 0, &wait_ns));
    ck_assert_int_le(wait_ns, SECOND_NS / limit.rate);
}
END_TEST

static struct ry_keys_peers peers; /* large */

static struct ry_keys_address address(const char *text)
{
    struct ry_keys_address read;
    ck_assert_int_eq(inet_pton(AF_INET6, text, &read.number), 1);
    return read;
}

START_TEST(each_peer_has_its_bucket)
{
    const struct ry_keys_limit limit = {1, 1};
    const struct ry_keys_address a = address("::ffff:192.0.2.7"), b = address("::ffff:192.0.2.8");
    int64_t wait_ns;
    ry_keys_peers_open(&peers);
    ck_assert(ry_keys_take(ry_keys_peer(&peers, &a), limit, SECOND_NS, &wait_ns));
    ck_assert(!ry_keys_take(ry_keys_peer(&peers, &a), limit, SECOND_NS, &wait_ns));
    ck_assert(ry_keys_take(ry_keys_peer(&peers, &b), limit, SECOND_NS, &wait_ns));
}
END_TEST

START_TEST(a_network_of_ipv6_is_one_peer)
{
    const struct ry_keys_address a = address("2001:db8::1"), same = address("2001:db8::ffff:2"),
                                 other = address("2001:db8:0:1::1");
    ry_keys_peers_open(&peers);
    ck_assert_ptr_eq(ry_keys_peer(&peers, &a), ry_keys_peer(&peers, &same));
    ck_assert_ptr_ne(ry_keys_peer(&peers, &a), ry_keys_peer(&peers, &other));
}
END_TEST

/* Ten thousand others come by once each; who is limited stays so while they have full buckets. */
START_TEST(the_table_keeps_those_who_are_limited)
{
    const struct ry_keys_limit limit = {1, 3};
    const struct ry_keys_address bad = address("::ffff:192.0.2.7");
    int64_t wait_ns;
    ry_keys_peers_open(&peers);
    for (unsigned i = 0; i < limit.burst; i++)
        ck_assert(ry_keys_take(ry_keys_peer(&peers, &bad), limit, SECOND_NS, &wait_ns));
    for (unsigned i = 0; i < 10000; i++) {
        char text[64];
        snprintf(text, sizeof text, "2001:db8:%x:%x::1", i / 256, i % 256);
        const struct ry_keys_address other = address(text);
        (void)ry_keys_peer(&peers, &other); /* and takes nothing */
    }
    ck_assert(!ry_keys_take(ry_keys_peer(&peers, &bad), limit, SECOND_NS, &wait_ns));
}
END_TEST

static Suite *limits(void)
{
    Suite *suite = suite_create("keys_limit");
    TCase *tests = tcase_create("limit");
    tcase_add_loop_test(tests, a_bucket_is_the_slow_one, 0, 40);
    tcase_add_test(tests, who_waits_as_told_is_let_through);
    tcase_add_test(tests, a_clock_set_back_costs_a_bucket_at_most);
    tcase_add_test(tests, each_peer_has_its_bucket);
    tcase_add_test(tests, a_network_of_ipv6_is_one_peer);
    tcase_add_test(tests, the_table_keeps_those_who_are_limited);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(limits)
