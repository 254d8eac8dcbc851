#include "tests/support/itch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"

uint64_t ry_test_itch_number(const uint8_t *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

/* Where the checker has stopped; the first fault counts. */
#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            snprintf(c->why, sizeof c->why, "message %llu, type %c, line %d: %s",                  \
                     (unsigned long long)c->messages, m[0], __LINE__, #condition);                 \
            return false;                                                                          \
        }                                                                                          \
    } while (0)

static const struct {
    char type;
    size_t length;
} lengths[] = {{'S', 12}, {'R', 39}, {'H', 25}, {'Y', 20}, {'A', 36}, {'F', 40}, {'E', 31},
               {'C', 36}, {'X', 23}, {'D', 19}, {'U', 35}, {'P', 44}, {'Q', 40}};

static size_t length_of(uint8_t type)
{
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        if (lengths[i].type == (char)type)
            return lengths[i].length;
    return 0;
}

static bool comes_before(const struct ry_test_itch_order *a, const struct ry_test_itch_order *b)
{
    if (a->price != b->price)
        return a->side == 'B' ? a->price > b->price : a->price < b->price;
    return a->arrival < b->arrival;
}

/* The first in price-time priority, by looking at every living order. */
static uint64_t front_of(const struct ry_test_itch *c, const struct ry_test_itch_instrument *in,
                         char side)
{
    uint64_t front = 0;
    for (uint64_t ref = in->first; ref != 0; ref = c->order[ref].after)
        if (c->order[ref].side == side &&
            (front == 0 || comes_before(&c->order[ref], &c->order[front])))
            front = ref;
    return front;
}

static void insert(struct ry_test_itch *c, struct ry_test_itch_instrument *in, uint64_t ref,
                   struct ry_test_itch_order order)
{
    order.arrival = ++c->arrivals;
    order.before = 0;
    order.after = in->first;
    if (in->first != 0)
        c->order[in->first].before = ref;
    in->first = ref;
    c->order[ref] = order;
    in->live++;
    if (++c->live > c->live_peak)
        c->live_peak = c->live;
}

static void reduce(struct ry_test_itch *c, struct ry_test_itch_instrument *in, uint64_t ref,
                   uint32_t shares)
{
    struct ry_test_itch_order *o = &c->order[ref];
    o->left -= shares;
    if (o->left > 0)
        return;
    if (o->before != 0)
        c->order[o->before].after = o->after;
    else
        in->first = o->after;
    if (o->after != 0)
        c->order[o->after].before = o->before;
    in->live--;
    c->live--;
}

static bool check_add(struct ry_test_itch *c, const uint8_t *m, struct ry_test_itch_instrument *in,
                      uint16_t locate)
{
    uint64_t ref = ry_test_itch_number(m + 11, 8);
    struct ry_test_itch_order order = {.price = (uint32_t)ry_test_itch_number(m + 32, 4),
                                       .left = (uint32_t)ry_test_itch_number(m + 20, 4),
                                       .locate = locate,
                                       .side = (char)m[19]};
    REQUIRE(ref == c->ref + 1 && ref < c->orders);
    REQUIRE(order.side == 'B' || order.side == 'S');
    REQUIRE(order.left > 0 && order.price > 0 && order.price % 100 == 0);
    REQUIRE(memcmp(m + 24, in->symbol, 8) == 0);
    REQUIRE(m[0] == 'A' || (m[36] >= 'A' && m[36] <= 'Z'));
    c->ref = ref;
    insert(c, in, ref, order);
    return true;
}

static bool check_execution(struct ry_test_itch *c, const uint8_t *m,
                            struct ry_test_itch_instrument *in, uint16_t locate)
{
    uint64_t ref = ry_test_itch_number(m + 11, 8);
    uint32_t shares = (uint32_t)ry_test_itch_number(m + 19, 4);
    REQUIRE(ref > 0 && ref <= c->ref && c->order[ref].left > 0 && c->order[ref].locate == locate);
    struct ry_test_itch_order o = c->order[ref];
    REQUIRE(shares > 0 && shares <= o.left);
    REQUIRE(front_of(c, in, o.side) == ref);
    REQUIRE(ry_test_itch_number(m + 23, 8) > c->match);
    REQUIRE(c->session == 'S' || c->session == 'Q');
    c->match = ry_test_itch_number(m + 23, 8);
    uint32_t price = m[0] == 'C' ? (uint32_t)ry_test_itch_number(m + 32, 4) : o.price;
    if (m[0] == 'C' && m[31] == 'N') {
        REQUIRE(in->cross_price == 0 || in->cross_price == price);
        REQUIRE(o.side == 'B' ? price <= o.price : price >= o.price);
        in->cross_price = price;
        in->cross_shares[o.side == 'S'] += shares;
        c->cross_messages++;
    } else {
        REQUIRE(!in->halted);
        if (m[0] == 'C') {
            uint64_t other = front_of(c, in, o.side == 'B' ? 'S' : 'B');
            REQUIRE(m[31] == 'Y' && price != o.price);
            REQUIRE(o.side == 'B' ? price > o.price : price < o.price);
            if (other != 0)
                REQUIRE(o.side == 'B' ? price < c->order[other].price
                                      : price > c->order[other].price);
            c->improved++;
        }
        in->trades++;
        in->volume += shares;
        in->turnover += (uint64_t)shares * price;
        c->partial += shares < o.left;
        c->sweeps += c->swept_time == c->time;
        c->swept_time = c->time;
    }
    reduce(c, in, ref, shares);
    return true;
}

static bool check_change(struct ry_test_itch *c, const uint8_t *m,
                         struct ry_test_itch_instrument *in, uint16_t locate)
{
    uint64_t ref = ry_test_itch_number(m + 11, 8);
    REQUIRE(ref > 0 && ref <= c->ref && c->order[ref].left > 0 && c->order[ref].locate == locate);
    struct ry_test_itch_order o = c->order[ref];
    if (m[0] == 'D') {
        reduce(c, in, ref, o.left);
    } else if (m[0] == 'X') {
        uint32_t shares = (uint32_t)ry_test_itch_number(m + 19, 4);
        REQUIRE(shares > 0 && shares < o.left);
        reduce(c, in, ref, shares);
    } else {
        uint64_t ref_new = ry_test_itch_number(m + 19, 8);
        struct ry_test_itch_order order = {.price = (uint32_t)ry_test_itch_number(m + 31, 4),
                                           .left = (uint32_t)ry_test_itch_number(m + 27, 4),
                                           .locate = locate,
                                           .side = o.side};
        REQUIRE(ref_new == c->ref + 1 && ref_new < c->orders);
        REQUIRE(order.left > 0 && order.price > 0 && order.price % 100 == 0);
        REQUIRE(order.price != o.price || order.left != o.left);
        c->ref = ref_new;
        reduce(c, in, ref, o.left);
        insert(c, in, ref_new, order);
    }
    return true;
}

/* Strictly inside the spread, and no order's. */
static bool check_print(struct ry_test_itch *c, const uint8_t *m,
                        struct ry_test_itch_instrument *in)
{
    uint32_t shares = (uint32_t)ry_test_itch_number(m + 20, 4);
    uint32_t price = (uint32_t)ry_test_itch_number(m + 32, 4);
    uint64_t buy = front_of(c, in, 'B');
    uint64_t sell = front_of(c, in, 'S');
    REQUIRE(ry_test_itch_number(m + 11, 8) == 0 && m[19] == 'B' && shares > 0);
    REQUIRE(memcmp(m + 24, in->symbol, 8) == 0);
    REQUIRE(!in->halted && (c->session == 'S' || c->session == 'Q'));
    REQUIRE(buy == 0 || price > c->order[buy].price);
    REQUIRE(sell == 0 || price < c->order[sell].price);
    REQUIRE(ry_test_itch_number(m + 36, 8) > c->match);
    c->match = ry_test_itch_number(m + 36, 8);
    in->trades++;
    in->volume += shares;
    in->turnover += (uint64_t)shares * price;
    return true;
}

static bool check_cross(struct ry_test_itch *c, const uint8_t *m,
                        struct ry_test_itch_instrument *in)
{
    uint64_t shares = ry_test_itch_number(m + 11, 8);
    uint32_t price = (uint32_t)ry_test_itch_number(m + 27, 4);
    uint64_t buy = front_of(c, in, 'B');
    uint64_t sell = front_of(c, in, 'S');
    REQUIRE(memcmp(m + 19, in->symbol, 8) == 0);
    REQUIRE(shares > 0 && shares <= UINT32_MAX && ry_test_itch_number(m + 31, 8) > c->match);
    REQUIRE(in->cross_price == 0 || in->cross_price == price);
    REQUIRE(c->session == 'Q');
    if (m[39] == 'O') {
        REQUIRE(!in->halted && in->crosses == 0);
        REQUIRE(in->cross_shares[0] == 0 || in->cross_shares[1] == 0);
        REQUIRE(shares >= in->cross_shares[0] + in->cross_shares[1]);
    } else {
        REQUIRE(m[39] == 'H' && in->halted);
        REQUIRE(in->cross_shares[0] == shares && in->cross_shares[1] == shares);
        REQUIRE(buy == 0 || c->order[buy].price <= price);
        REQUIRE(sell == 0 || c->order[sell].price >= price);
    }
    c->match = ry_test_itch_number(m + 31, 8);
    in->cross_price = 0;
    in->cross_shares[0] = in->cross_shares[1] = 0;
    in->cross_volume += shares;
    in->crosses++;
    return true;
}

static bool check_system(struct ry_test_itch *c, const uint8_t *m)
{
    static const char order[] = "OSQMEC";
    const uint64_t minutes[] = {0, 240, 570, c->close_minute, 1200, 1200};
    const char *at = c->session == 0 ? order : strchr(order, c->session) + 1;
    REQUIRE(*at != '\0' && m[11] == (uint8_t)*at);
    REQUIRE(c->time >= minutes[at - order] * UINT64_C(60000000000));
    REQUIRE(m[11] != 'M' || c->time / UINT64_C(60000000000) == c->close_minute);
    c->session = (char)m[11];
    return true;
}

static bool check_frame(struct ry_test_itch *c, const uint8_t *m,
                        struct ry_test_itch_instrument *in, uint16_t locate)
{
    if (m[0] == 'R') {
        REQUIRE(c->session == 'O' && in->symbol[0] == 0);
        REQUIRE(locate == c->count['R']);
        memcpy(in->symbol, m + 11, 8);
        REQUIRE(in->symbol[0] == 'R' && in->symbol[1] == 'Y');
        return true;
    }
    REQUIRE(memcmp(m + 11, in->symbol, 8) == 0);
    if (m[0] == 'Y')
        return true;
    REQUIRE(m[19] == 'T' || (m[19] == 'H' && !in->halted && c->session == 'Q'));
    REQUIRE(in->cross_price == 0);
    in->halted = m[19] == 'H';
    return true;
}

static bool check_touch(struct ry_test_itch *c, const uint8_t *m,
                        struct ry_test_itch_instrument *in)
{
    uint64_t buy = front_of(c, in, 'B');
    uint64_t sell = front_of(c, in, 'S');
    if (buy == 0 || sell == 0)
        return true;
    uint32_t bid = c->order[buy].price;
    uint32_t ask = c->order[sell].price;
    if (in->halted) {
        c->crossed_while_halted += bid >= ask;
        c->halted_actions++;
        return true;
    }
    REQUIRE(bid < ask);
    if (c->session == 'Q') {
        c->ticks_one += ask - bid == 100;
        c->ticks_more += ask - bid != 100;
    }
    return true;
}

bool ry_test_itch_message(struct ry_test_itch *c, const uint8_t *m, size_t length)
{
    uint16_t locate = (uint16_t)ry_test_itch_number(m + 1, 2);
    c->messages++;
    REQUIRE(length == length_of(m[0]));
    REQUIRE(ry_test_itch_number(m + 5, 6) >= c->time && c->session != 'C');
    c->time = ry_test_itch_number(m + 5, 6);
    c->count[m[0]]++;
    if (m[0] == 'S') {
        REQUIRE(locate == 0);
        return check_system(c, m);
    }
    REQUIRE(locate >= 1 && locate <= c->instruments);
    struct ry_test_itch_instrument *in = &c->instrument[locate];
    /* A cross is one run of messages. */
    REQUIRE(in->cross_price == 0 || m[0] == 'C' || m[0] == 'Q');
    bool ok;
    switch (m[0]) {
    case 'R':
    case 'Y':
    case 'H': ok = check_frame(c, m, in, locate); break;
    case 'A':
    case 'F': ok = check_add(c, m, in, locate); break;
    case 'E':
    case 'C': ok = check_execution(c, m, in, locate); break;
    case 'P': ok = check_print(c, m, in); break;
    case 'Q': ok = check_cross(c, m, in); break;
    default: ok = check_change(c, m, in, locate); break;
    }
    return ok && check_touch(c, m, in);
}

void ry_test_itch_start(struct ry_test_itch *c, uint32_t instruments, uint64_t messages)
{
    *c = (struct ry_test_itch){
        .instruments = instruments,
        .orders = messages + 1,
        .swept_time = UINT64_MAX,
        .close_minute = 960,
    };
    c->order = calloc(c->orders, sizeof *c->order);
    c->instrument = calloc(instruments + 1, sizeof *c->instrument);
    ck_assert(c->order != NULL && c->instrument != NULL);
}

void ry_test_itch_stop(struct ry_test_itch *c)
{
    free(c->order);
    free(c->instrument);
}

void ry_test_itch_file(struct ry_test_itch *c, const uint8_t *bytes, size_t size)
{
    size_t at = 0;
    for (;;) {
        ck_assert_uint_le(at + 2, size);
        size_t length = ry_test_itch_number(bytes + at, 2);
        at += 2;
        if (length == 0)
            break;
        ck_assert_uint_le(at + length, size);
        ck_assert_msg(ry_test_itch_message(c, bytes + at, length), "%s", c->why);
        at += length;
    }
    ck_assert_uint_eq(at, size);
    ck_assert_int_eq(c->session, 'C');
}

void ry_test_itch_report(const struct ry_test_itch *c, const struct ry_generate_report *report)
{
    ck_assert_uint_eq(report->messages, c->messages);
    ck_assert_uint_eq(report->orders_live_peak, c->live_peak);
    for (size_t type = 0; type < 128; type++)
        ck_assert_uint_eq(report->count[type], c->count[type]);
    for (uint32_t i = 0; i < c->instruments; i++) {
        const struct ry_test_itch_instrument *in = &c->instrument[i + 1];
        const struct ry_generate_instrument_report *out = &report->instrument[i];
        uint64_t buy = front_of(c, in, 'B');
        uint64_t sell = front_of(c, in, 'S');
        ck_assert(memcmp(out->symbol, in->symbol, strlen(out->symbol)) == 0);
        ck_assert_uint_eq(out->trades, in->trades);
        ck_assert_uint_eq(out->volume, in->volume);
        ck_assert_uint_eq(out->turnover, in->turnover);
        ck_assert_uint_eq(out->cross_volume, in->cross_volume);
        ck_assert_uint_eq(out->orders_live, in->live);
        ck_assert_uint_eq(out->bid, buy == 0 ? 0 : c->order[buy].price);
        ck_assert_uint_eq(out->ask, sell == 0 ? 0 : c->order[sell].price);
    }
}
