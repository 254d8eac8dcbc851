/*
 * The generator's days, looked at by a second reader: a slow book from the encoded bytes alone,
 * decoded by the offsets of the published layouts, that holds every promise of
 * tools/generate/generate.h against them.
 */
#include "tests/support/test.h"
#include "tools/generate/generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- files ----------------------------------------------------------------------------------- */

struct bytes {
    uint8_t *at;
    size_t size;
};

static char folder[] = "/tmp/royale-generate-XXXXXX";

static const char *path_of(const char *name)
{
    static char paths[4][256];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static struct bytes read_file(const char *path)
{
    struct bytes bytes = {0};
    FILE *file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    fseek(file, 0, SEEK_END);
    bytes.size = (size_t)ftell(file);
    rewind(file);
    bytes.at = malloc(bytes.size + 1);
    ck_assert_uint_eq(fread(bytes.at, 1, bytes.size, file), bytes.size);
    fclose(file);
    return bytes;
}

static uint64_t big(const uint8_t *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

/* ---- a slow, obvious book -------------------------------------------------------------------- */

struct order {
    uint64_t arrival; /* counts; the queue's order */
    uint32_t price;
    uint32_t left; /* 0: not living */
    uint16_t locate;
    char side;
    uint64_t after, before; /* the instrument's list of living orders, by reference */
};

struct instrument {
    uint8_t symbol[8];
    uint64_t first; /* reference of the first living order */
    bool halted;
    uint64_t trades, volume, turnover, cross_volume, live;
    uint32_t cross_price;     /* of the C 'N' since the last Q; 0: none */
    uint64_t cross_shares[2]; /* by side */
    uint64_t crosses;
};

struct checker {
    struct order *order; /* by reference */
    size_t orders;
    struct instrument *instrument; /* by locate */
    uint32_t instruments;
    uint64_t arrivals, time, ref, match, messages, live, live_peak;
    uint64_t count[128], improved, partial, sweeps, ticks_one, ticks_more, swept_time;
    uint64_t crossed_while_halted, cross_messages, halted_actions;
    char session; /* the last S */
    char why[256];
};

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

static bool comes_before(const struct order *a, const struct order *b)
{
    if (a->price != b->price)
        return a->side == 'B' ? a->price > b->price : a->price < b->price;
    return a->arrival < b->arrival;
}

/* The first in price-time priority, by looking at every living order. */
static uint64_t front_of(const struct checker *c, const struct instrument *in, char side)
{
    uint64_t front = 0;
    for (uint64_t ref = in->first; ref != 0; ref = c->order[ref].after)
        if (c->order[ref].side == side &&
            (front == 0 || comes_before(&c->order[ref], &c->order[front])))
            front = ref;
    return front;
}

static void insert(struct checker *c, struct instrument *in, uint64_t ref, struct order order)
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

static void reduce(struct checker *c, struct instrument *in, uint64_t ref, uint32_t shares)
{
    struct order *o = &c->order[ref];
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

static bool check_add(struct checker *c, const uint8_t *m, struct instrument *in, uint16_t locate)
{
    uint64_t ref = big(m + 11, 8);
    struct order order = {.price = (uint32_t)big(m + 32, 4),
                          .left = (uint32_t)big(m + 20, 4),
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

static bool check_execution(struct checker *c, const uint8_t *m, struct instrument *in,
                            uint16_t locate)
{
    uint64_t ref = big(m + 11, 8);
    uint32_t shares = (uint32_t)big(m + 19, 4);
    REQUIRE(ref > 0 && ref <= c->ref && c->order[ref].left > 0 && c->order[ref].locate == locate);
    struct order o = c->order[ref];
    REQUIRE(shares > 0 && shares <= o.left);
    REQUIRE(front_of(c, in, o.side) == ref);
    REQUIRE(big(m + 23, 8) > c->match);
    REQUIRE(c->session == 'S' || c->session == 'Q');
    c->match = big(m + 23, 8);
    uint32_t price = m[0] == 'C' ? (uint32_t)big(m + 32, 4) : o.price;
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

static bool check_change(struct checker *c, const uint8_t *m, struct instrument *in,
                         uint16_t locate)
{
    uint64_t ref = big(m + 11, 8);
    REQUIRE(ref > 0 && ref <= c->ref && c->order[ref].left > 0 && c->order[ref].locate == locate);
    struct order o = c->order[ref];
    if (m[0] == 'D') {
        reduce(c, in, ref, o.left);
    } else if (m[0] == 'X') {
        uint32_t shares = (uint32_t)big(m + 19, 4);
        REQUIRE(shares > 0 && shares < o.left);
        reduce(c, in, ref, shares);
    } else {
        uint64_t ref_new = big(m + 19, 8);
        struct order order = {.price = (uint32_t)big(m + 31, 4),
                              .left = (uint32_t)big(m + 27, 4),
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
static bool check_print(struct checker *c, const uint8_t *m, struct instrument *in)
{
    uint32_t shares = (uint32_t)big(m + 20, 4);
    uint32_t price = (uint32_t)big(m + 32, 4);
    uint64_t buy = front_of(c, in, 'B');
    uint64_t sell = front_of(c, in, 'S');
    REQUIRE(big(m + 11, 8) == 0 && m[19] == 'B' && shares > 0);
    REQUIRE(memcmp(m + 24, in->symbol, 8) == 0);
    REQUIRE(!in->halted && (c->session == 'S' || c->session == 'Q'));
    REQUIRE(buy == 0 || price > c->order[buy].price);
    REQUIRE(sell == 0 || price < c->order[sell].price);
    REQUIRE(big(m + 36, 8) > c->match);
    c->match = big(m + 36, 8);
    in->trades++;
    in->volume += shares;
    in->turnover += (uint64_t)shares * price;
    return true;
}

static bool check_cross(struct checker *c, const uint8_t *m, struct instrument *in)
{
    uint64_t shares = big(m + 11, 8);
    uint32_t price = (uint32_t)big(m + 27, 4);
    uint64_t buy = front_of(c, in, 'B');
    uint64_t sell = front_of(c, in, 'S');
    REQUIRE(memcmp(m + 19, in->symbol, 8) == 0);
    REQUIRE(shares > 0 && shares <= UINT32_MAX && big(m + 31, 8) > c->match);
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
    c->match = big(m + 31, 8);
    in->cross_price = 0;
    in->cross_shares[0] = in->cross_shares[1] = 0;
    in->cross_volume += shares;
    in->crosses++;
    return true;
}

static bool check_system(struct checker *c, const uint8_t *m)
{
    static const char order[] = "OSQMEC";
    static const uint64_t minutes[] = {0, 240, 570, 960, 1200, 1200};
    const char *at = c->session == 0 ? order : strchr(order, c->session) + 1;
    REQUIRE(*at != '\0' && m[11] == (uint8_t)*at);
    REQUIRE(c->time >= minutes[at - order] * UINT64_C(60000000000));
    c->session = (char)m[11];
    return true;
}

static bool check_frame(struct checker *c, const uint8_t *m, struct instrument *in, uint16_t locate)
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

static bool check_touch(struct checker *c, const uint8_t *m, struct instrument *in)
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

static bool check_message(struct checker *c, const uint8_t *m, size_t length)
{
    uint16_t locate = (uint16_t)big(m + 1, 2);
    c->messages++;
    REQUIRE(length == length_of(m[0]));
    REQUIRE(big(m + 5, 6) >= c->time && c->session != 'C');
    c->time = big(m + 5, 6);
    c->count[m[0]]++;
    if (m[0] == 'S') {
        REQUIRE(locate == 0);
        return check_system(c, m);
    }
    REQUIRE(locate >= 1 && locate <= c->instruments);
    struct instrument *in = &c->instrument[locate];
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

static void start(struct checker *c, uint32_t instruments, uint64_t messages)
{
    *c = (struct checker){
        .instruments = instruments, .orders = messages + 1, .swept_time = UINT64_MAX};
    c->order = calloc(c->orders, sizeof *c->order);
    c->instrument = calloc(instruments + 1, sizeof *c->instrument);
    ck_assert(c->order != NULL && c->instrument != NULL);
}

static void stop(struct checker *c)
{
    free(c->order);
    free(c->instrument);
}

/* Reads a BinaryFILE to its end mark, which must be the last of the file. */
static void check_file(struct checker *c, struct bytes bytes)
{
    size_t at = 0;
    for (;;) {
        ck_assert_uint_le(at + 2, bytes.size);
        size_t length = big(bytes.at + at, 2);
        at += 2;
        if (length == 0)
            break;
        ck_assert_uint_le(at + length, bytes.size);
        ck_assert_msg(check_message(c, bytes.at + at, length), "%s", c->why);
        at += length;
    }
    ck_assert_uint_eq(at, bytes.size);
    ck_assert_int_eq(c->session, 'C');
}

static void check_report(const struct checker *c, const struct ry_generate_report *report)
{
    ck_assert_uint_eq(report->messages, c->messages);
    ck_assert_uint_eq(report->orders_live_peak, c->live_peak);
    for (size_t type = 0; type < 128; type++)
        ck_assert_uint_eq(report->count[type], c->count[type]);
    for (uint32_t i = 0; i < c->instruments; i++) {
        const struct instrument *in = &c->instrument[i + 1];
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

/* ---- the days -------------------------------------------------------------------------------- */

static void make(const struct ry_generate_options *options, struct ry_generate_report *report)
{
    char error[512] = "";
    int result = ry_generate_files(options, report, error, sizeof error);
    ck_assert_msg(result == RY_GENERATE_OK, "%s", error);
}

static const struct {
    uint64_t messages;
    uint32_t instruments;
    uint64_t seed;
    bool no_auction, no_halt;
} days[] = {
    {1100, 1, 1, false, false},      {1400, 4, 2, false, false},
    {1400, 4, 3, true, false},       {5000, 3, 4, false, true},
    {20000, 7, 5, false, false},     {30000, 1, 6, false, false},
    {60000, 4, 1, false, false},     {60000, 2, 8, false, false},
    {25000, 200, 9, false, false},   {1100, 1, 10, true, true},
    {6000, 50, 11, false, false},    {100000, 4, UINT64_MAX, false, false},
    {901000, 9000, 1, false, false},
};
#define DAYS ((int)(sizeof days / sizeof days[0]))

START_TEST(day_keeps_its_promises)
{
    struct ry_generate_options options = {.messages = days[_i].messages,
                                          .instruments = days[_i].instruments,
                                          .seed = days[_i].seed,
                                          .no_auction = days[_i].no_auction,
                                          .no_halt = days[_i].no_halt,
                                          .itch = path_of("day.itch"),
                                          .force = true};
    struct ry_generate_report report;
    struct checker c;
    make(&options, &report);
    struct bytes bytes = read_file(options.itch);
    start(&c, options.instruments, options.messages);
    check_file(&c, bytes);
    check_report(&c, &report);

    ck_assert_uint_eq(c.messages, options.messages);
    ck_assert_uint_eq(c.count['R'], options.instruments);
    ck_assert_uint_eq(c.count['H'], options.instruments + (options.no_halt ? 0 : 2));
    ck_assert_uint_eq(c.count['Q'],
                      (options.no_auction ? 0 : options.instruments) + (options.no_halt ? 0 : 1));
    ck_assert_uint_gt(c.count['E'], 0);
    ck_assert_uint_gt(c.ticks_one, c.ticks_more);
    if (!options.no_halt) {
        ck_assert_uint_gt(c.crossed_while_halted, 0);
        ck_assert_uint_ge(c.halted_actions, 4);
    }
    if (!options.no_auction || !options.no_halt)
        ck_assert_uint_gt(c.cross_messages, 0);
    stop(&c);
    free(bytes.at);
    ry_generate_report_free(&report);
}
END_TEST

/* Small days, where what is rare in a large one happens often. */
START_TEST(many_seeds_keep_them_too)
{
    int seeds = ry_test_long() ? 1000 : 30;
    for (int n = 0; n < seeds; n++) {
        uint32_t instruments = 1 + (uint32_t)n % 9;
        struct ry_generate_options options = {.messages = 2000 + 37 * (uint64_t)n,
                                              .instruments = instruments,
                                              .seed = 1000 + (uint64_t)n,
                                              .itch = path_of("seeds.itch"),
                                              .force = true};
        struct ry_generate_report report;
        struct checker c;
        make(&options, &report);
        struct bytes bytes = read_file(options.itch);
        start(&c, options.instruments, options.messages);
        check_file(&c, bytes);
        check_report(&c, &report);
        ck_assert_uint_eq(c.messages, options.messages);
        ck_assert_uint_eq(c.count['Q'], options.instruments + 1);
        stop(&c);
        free(bytes.at);
        ry_generate_report_free(&report);
    }
}
END_TEST

static void near(const struct checker *c, char type, uint64_t ppm_low, uint64_t ppm_high)
{
    uint64_t ppm = c->count[(int)type] * 1000000 / c->messages;
    ck_assert_msg(ppm >= ppm_low && ppm <= ppm_high, "%c: %llu ppm", type, (unsigned long long)ppm);
}

START_TEST(mix_is_near_the_published_one)
{
    struct ry_generate_options options = {.messages = 300000,
                                          .instruments = 2,
                                          .seed = 21,
                                          .itch = path_of("mix.itch"),
                                          .force = true};
    struct ry_generate_report report;
    struct checker c;
    make(&options, &report);
    struct bytes bytes = read_file(options.itch);
    start(&c, options.instruments, options.messages);
    check_file(&c, bytes);
    near(&c, 'A', 420000, 460000);
    near(&c, 'D', 410000, 450000);
    near(&c, 'U', 75000, 100000);
    near(&c, 'E', 14000, 32000);
    near(&c, 'F', 2000, 8000);
    near(&c, 'X', 8000, 15000);
    near(&c, 'P', 2000, 6000);
    near(&c, 'C', 200, 4000);
    ck_assert_uint_gt(c.improved, 0);
    ck_assert_uint_gt(c.partial, c.count['E'] / 10);
    ck_assert_uint_gt(c.sweeps, c.count['E'] / 10);
    ck_assert_uint_gt(c.ticks_one, 3 * c.ticks_more);
    stop(&c);
    free(bytes.at);
    ry_generate_report_free(&report);
}
END_TEST

/* FNV-1a; the number has been the same from gcc and clang, with and without sanitizers. */
static uint64_t hash_of(struct bytes bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ bytes.at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

START_TEST(a_seed_names_a_day)
{
    uint64_t hashes[3];
    for (int i = 0; i < 3; i++) {
        struct ry_generate_options options = {.messages = 10000,
                                              .instruments = 4,
                                              .seed = i == 2 ? 8 : 7,
                                              .itch = path_of("seed.itch"),
                                              .force = true};
        make(&options, NULL);
        struct bytes bytes = read_file(options.itch);
        hashes[i] = hash_of(bytes);
        free(bytes.at);
    }
    ck_assert_uint_eq(hashes[0], hashes[1]);
    ck_assert_uint_ne(hashes[0], hashes[2]);
    ck_assert_uint_eq(hashes[0], UINT64_C(15866271681407695185));
}
END_TEST

/* ---- the checker itself must be able to fail ------------------------------------------------- */

/* Adds to a byte of the first message of a type in regular trading: does the checker mind? */
static bool notices(struct bytes day, char type, size_t offset, int change)
{
    struct bytes bytes = {malloc(day.size), day.size};
    struct checker c;
    bool changed = false, ok = true;
    memcpy(bytes.at, day.at, day.size);
    start(&c, 2, 20000);
    for (size_t at = 0; ok && big(bytes.at + at, 2) != 0; at += 2 + big(bytes.at + at, 2)) {
        uint8_t *m = bytes.at + at + 2;
        if (!changed && c.session == 'Q' && m[0] == (uint8_t)type && m[offset] + change < 256) {
            m[offset] = (uint8_t)(m[offset] + change);
            changed = true;
        }
        ok = check_message(&c, m, big(bytes.at + at, 2));
    }
    stop(&c);
    free(bytes.at);
    ck_assert(changed);
    return !ok;
}

START_TEST(checker_sees_faults)
{
    struct ry_generate_options options = {.messages = 20000,
                                          .instruments = 2,
                                          .seed = 3,
                                          .itch = path_of("faults.itch"),
                                          .force = true};
    make(&options, NULL);
    struct bytes day = read_file(options.itch);
    ck_assert(notices(day, 'E', 18, 1));                            /* another order */
    ck_assert(notices(day, 'E', 19, 1));                            /* 2^24 shares more */
    ck_assert(notices(day, 'D', 17, 64));                           /* an order that is not there */
    ck_assert(notices(day, 'A', 10, 1) || notices(day, 'A', 5, 1)); /* time that falls afterwards */
    ck_assert(notices(day, 'A', 18, 1));                            /* a reference out of turn */
    ck_assert(notices(day, 'X', 19, 1));
    ck_assert(notices(day, 'P', 33, 10)); /* far outside the spread */
    ck_assert(notices(day, 'Q', 29, 20)); /* not the price of its executions */
    ck_assert(notices(day, 'C', 33, 10));
    free(day.at);
}
END_TEST

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static Suite *generate_suite(void)
{
    Suite *suite = suite_create("generate");
    TCase *tests = tcase_create("days");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, day_keeps_its_promises, 0, DAYS);
    tcase_add_test(tests, many_seeds_keep_them_too);
    tcase_add_test(tests, mix_is_near_the_published_one);
    tcase_add_test(tests, a_seed_names_a_day);
    tcase_add_test(tests, checker_sees_faults);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(generate_suite)
