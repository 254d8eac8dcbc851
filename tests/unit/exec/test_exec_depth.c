/* LEVELS and TOPs, against a book made of each order's changes: random battles through the machine,
 * with many agents that asked for many things, each of which makes its own book of what it is told.
 */
#include <stdlib.h>
#include <string.h>

#include "core/exec/depth.h"
#include "tests/support/arena_flow.h"
#include "tests/support/depth_rig.h"

#define ORDERS_MAX  300
#define INSTRUMENTS 3
#define LEVELS_MAX  (ORDERS_MAX + 1)
#define WATCHERS    12

/* ---- a book of orders: what an agent with ORDERS has ----------------------------------------- */

struct order {
    int64_t price;
    uint32_t qty; /* 0: it shows nothing */
    uint16_t instrument;
    uint8_t side;
};

static struct order orders[ORDERS_MAX + 1]; /* by the machine's id */

/* Price, lots and orders of a level, without padding. */
struct level {
    int64_t price;
    uint64_t qty, orders;
};

struct side {
    struct level level[LEVELS_MAX]; /* best first */
    unsigned count;
};

/* ck_assert writes to a pipe each time, which is too slow for each record. */
static void must(bool holds, const char *what)
{
    if (!holds)
        ck_abort_msg("%s", what);
}

static bool better(unsigned side, int64_t x, int64_t y)
{
    return side == RY_BUY ? x > y : x < y;
}

/* The level at a price, made where it belongs if it is not there. */
static struct level *level_at(struct side *levels, unsigned side, int64_t price)
{
    unsigned at = 0;
    while (at < levels->count && better(side, levels->level[at].price, price))
        at++;
    if (at == levels->count || levels->level[at].price != price) {
        must(levels->count < LEVELS_MAX, "too many levels");
        memmove(&levels->level[at + 1], &levels->level[at],
                (levels->count++ - at) * sizeof levels->level[0]);
        levels->level[at] = (struct level){.price = price};
    }
    return &levels->level[at];
}

static void remove_level(struct side *levels, const struct level *gone)
{
    const size_t at = (size_t)(gone - levels->level);
    levels->count--;
    memmove(&levels->level[at], &levels->level[at + 1],
            (levels->count - at) * sizeof levels->level[0]);
}

static void levels_of_orders(struct side *levels, unsigned instrument, unsigned side)
{
    levels->count = 0;
    for (unsigned id = 1; id <= ORDERS_MAX; id++) {
        if (!orders[id].qty || orders[id].instrument != instrument || orders[id].side != side)
            continue;
        struct level *level = level_at(levels, side, orders[id].price);
        level->qty += orders[id].qty;
        level->orders++;
    }
}

/* ---- those who are told ---------------------------------------------------------------------- */

struct watcher {
    unsigned interest[INSTRUMENTS];
    bool forgotten;
    struct side book[INSTRUMENTS][2];
    unsigned records; /* of the group or close in work, on any instrument that wakes */
};

static struct watcher watcher[WATCHERS];

static bool has_levels(unsigned interest)
{
    return (interest & RY_INTEREST_BOOK_MASK) == RY_INTEREST_LEVELS;
}

static bool has_top(unsigned interest)
{
    return (interest & RY_INTEREST_BOOK_MASK) == RY_INTEREST_BOOK_TOP;
}

/* What the flow made of what these tests are about. */
static struct {
    unsigned crossed, halts, clears, outs, forgotten, unsorted, repeated, many, left, came, spared;
} met;

struct emitted {
    bool top;
    uint64_t group;
    int64_t time;
    uint64_t *places; /* LEVELS: one a record */
    unsigned count;
};

static uint64_t place(unsigned instrument, unsigned side, int64_t price)
{
    return (uint64_t)instrument << 40 | (uint64_t)side << 36 | (uint64_t)(price + (1 << 30));
}

/* A record says something: what is gone was there, what is told differs from what was. */
static void apply(struct watcher *w, const struct ry_told_level *told, unsigned max)
{
    struct side *levels = &w->book[told->instrument][told->side - 1];
    const unsigned before = levels->count;
    struct level *level = level_at(levels, told->side, told->price);
    const struct level now = {told->price, told->qty, told->orders};
    must(!max || memcmp(level, &now, sizeof now) != 0, "a TOP's record that says nothing");
    met.came += max && levels->count > before;
    met.left += max && !told->qty;
    *level = now;
    if (!told->qty)
        remove_level(levels, level);
    must(!max || levels->count <= max, "more levels than asked for");
}

static void emit(void *context, const struct ry_told_level *told, uint64_t agents)
{
    struct emitted *emitted = context;
    const bool bare = told->kind == RY_TOLD_LEVEL && told->slots == 1 && !told->zero &&
                      !told->zero2 && !told->zero3 && !told->zero4 && told->time == emitted->time &&
                      told->group == emitted->group && !told->qty == !told->orders;
    must(bare && agents && agents < UINT64_C(1) << WATCHERS, "a bad record");
    for (unsigned i = 0; i < WATCHERS; i++) {
        const unsigned interest = watcher[i].interest[told->instrument];
        if (!(agents >> i & 1)) {
            must(emitted->top || watcher[i].forgotten || !has_levels(interest),
                 "a level was not told");
            continue;
        }
        must((emitted->top ? has_top(interest) : has_levels(interest)) && !watcher[i].forgotten,
             "nobody asked for it");
        apply(&watcher[i], told, emitted->top ? ry_interest_top(interest) : 0);
        watcher[i].records += (interest & RY_INTEREST_WAKE_BOOK) != 0;
    }
    if (!emitted->top)
        emitted->places[emitted->count++] = place(told->instrument, told->side, told->price);
}

/* Who was told something that wakes. */
static void check_woken(uint64_t woken)
{
    for (unsigned i = 0; i < WATCHERS; i++) {
        must((woken >> i & 1) == (watcher[i].records != 0),
             "woken by what it was not told, or not");
        watcher[i].records = 0;
    }
    must(woken >> WATCHERS == 0, "nobody is woken");
}

static bool same_levels(const struct side *is, const struct side *want, unsigned max)
{
    const unsigned count = want->count < max ? want->count : max;
    return is->count == count && memcmp(is->level, want->level, count * sizeof want->level[0]) == 0;
}

static void check_books(bool top)
{
    static struct side want;
    for (unsigned instrument = 0; instrument < INSTRUMENTS; instrument++)
        for (unsigned side = RY_BUY; side <= RY_SELL; side++) {
            levels_of_orders(&want, instrument, side);
            for (unsigned i = 0; i < WATCHERS; i++) {
                const unsigned interest = watcher[i].interest[instrument];
                if (watcher[i].forgotten || !(top ? has_top(interest) : has_levels(interest)))
                    continue;
                const unsigned max = top ? ry_interest_top(interest) : LEVELS_MAX;
                must(same_levels(&watcher[i].book[instrument][side - 1], &want, max),
                     "a book of levels is not that of orders");
            }
        }
}

/* ---- a battle -------------------------------------------------------------------------------- */

struct battle {
    struct ry_test_arena arena;
    struct ry_exec_depth depth;
    void *memory;
    struct ry_test_rng rng;
    int64_t time;
};

static bool wants_levels(unsigned instrument)
{
    for (unsigned i = 0; i < WATCHERS; i++)
        if (!watcher[i].forgotten && has_levels(watcher[i].interest[instrument]))
            return true;
    return false;
}

static int by_number(const void *x, const void *y)
{
    const uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return a < b ? -1 : a > b;
}

/* What the changes of the input touched, each place once; and how it came. */
static unsigned touched(const struct ry_test_kept *kept, uint64_t *places)
{
    unsigned count = 0, once = 0;
    for (unsigned i = 0; i < kept->markets; i++) {
        const struct ry_market *m = &kept->market[i];
        if (m->kind != RY_MK_CHANGE || !wants_levels(m->instrument))
            continue;
        places[count++] = place(m->instrument, m->side, m->price);
        met.unsorted += count > 1 && places[count - 2] > places[count - 1];
    }
    qsort(places, count, sizeof places[0], by_number);
    for (unsigned i = 0; i < count; i++)
        if (i == 0 || places[i] != places[i - 1])
            places[once++] = places[i];
    met.repeated += once < count;
    met.many += once > 8;
    return once;
}

static void check_touched(const struct ry_test_kept *kept, struct emitted *emitted)
{
    static uint64_t places[RY_TEST_KEPT_MAX];
    const unsigned count = touched(kept, places);
    qsort(emitted->places, emitted->count, sizeof places[0], by_number);
    must(emitted->count == count && memcmp(emitted->places, places, count * sizeof places[0]) == 0,
         "other levels than were touched");
}

/* The machine's changes go to the book of orders, and where somebody wants them to the depth. */
static void group(struct battle *b, const struct ry_test_kept *kept)
{
    static uint64_t places[RY_TEST_KEPT_MAX];
    for (unsigned i = 0; i < kept->markets; i++) {
        const struct ry_market *m = &kept->market[i];
        met.halts += m->kind == RY_MK_STATE;
        if (m->kind != RY_MK_CHANGE)
            continue;
        orders[m->order] = (struct order){m->price, m->qty, m->instrument, m->side};
        if (ry_exec_depth_wanted(&b->depth, m->instrument))
            ry_exec_depth_change(&b->depth, m);
    }
    const uint64_t number = kept->markets ? kept->market[0].group : 0;
    struct emitted emitted = {.group = number, .time = b->time, .places = places};
    check_woken(ry_exec_depth_group(&b->depth, number, b->time, emit, &emitted));
    check_touched(kept, &emitted);
    check_books(false);
}

static void close_time(struct battle *b)
{
    struct emitted emitted = {.top = true, .time = b->time};
    if (ry_exec_depth_open(&b->depth))
        check_woken(ry_exec_depth_close(&b->depth, b->time, emit, &emitted));
    else
        met.spared++;
    must(!ry_exec_depth_open(&b->depth), "closed and open");
    check_books(true);
}

static unsigned random_interest(struct ry_test_rng *rng)
{
    static const unsigned tops[] = {1, 3, 20, 3, 1, 2, 5};
    const unsigned wake = ry_test_rng_below(rng, 2) ? RY_INTEREST_WAKE_BOOK : 0;
    const uint32_t x = ry_test_rng_below(rng, 12);
    if (x < 7)
        return RY_INTEREST_TOP(tops[x]) | wake;
    return x < 10    ? RY_INTEREST_LEVELS | wake
           : x == 10 ? RY_INTEREST_ORDERS | wake
                     : RY_INTEREST_NONE;
}

/* Everybody knows the whole book as it stands, and says, at times twice, what it is to be told. */
static void start(struct battle *b)
{
    struct ry_arena_cursor cursor = {0};
    struct ry_arena_book_order order;
    memset(orders, 0, sizeof orders);
    memset(watcher, 0, sizeof watcher);
    while (ry_arena_next_order(b->arena.arena, &cursor, &order))
        orders[order.order] = (struct order){order.price, order.open, order.instrument, order.side};
    for (unsigned i = 0; i < WATCHERS; i++)
        for (unsigned instrument = 0; instrument < INSTRUMENTS; instrument++) {
            struct watcher *w = &watcher[i];
            for (unsigned times = 1 + ry_test_rng_below(&b->rng, 2); times > 0; times--) {
                w->interest[instrument] = random_interest(&b->rng);
                ry_exec_depth_interest(&b->depth, (uint16_t)i, (uint16_t)instrument,
                                       w->interest[instrument]);
            }
            for (unsigned side = RY_BUY; side <= RY_SELL; side++) {
                struct side *levels = &w->book[instrument][side - 1];
                levels_of_orders(levels, instrument, side);
                const unsigned most = ry_interest_top(w->interest[instrument]);
                if (has_top(w->interest[instrument]) && levels->count > most)
                    levels->count = most;
            }
        }
    check_books(false);
    check_books(true);
}

static void see(const struct battle *b, const union ry_input_any *input)
{
    struct ry_arena_depth bid, ask;
    for (uint16_t i = 0; i < INSTRUMENTS; i++)
        met.crossed += ry_arena_top(b->arena.arena, i, RY_BUY, &bid, 1) &&
                       ry_arena_top(b->arena.arena, i, RY_SELL, &ask, 1) && bid.price >= ask.price;
    met.clears += input->head.kind == RY_IN_CLEAR && b->arena.kept->markets > 20;
    for (unsigned i = 0; i < b->arena.kept->games; i++)
        met.outs += b->arena.kept->game[i].kind == RY_GM_OUT;
}

static void forget(struct battle *b)
{
    const uint16_t who = (uint16_t)ry_test_rng_below(&b->rng, WATCHERS);
    met.forgotten += !watcher[who].forgotten;
    ry_exec_depth_forget(&b->depth, who);
    watcher[who].forgotten = true;
}

static struct battle open_battle(const struct ry_input_battle *input)
{
    struct battle b = {.arena = ry_test_arena_open(input), .rng = {input->seed}};
    b.memory = ry_test_depth_start(&b.depth, b.arena.arena, input);
    return b;
}

static void close_battle(struct battle *b)
{
    ry_test_arena_close(&b->arena);
    free(b->memory);
}

static void run(uint64_t seed, uint32_t prices, uint16_t agents, uint32_t inputs)
{
    struct ry_input_battle input = ry_test_arena_battle(ORDERS_MAX, INSTRUMENTS, agents);
    input.round_ns = 1000000;
    input.min_fills = 3;
    input.seed = seed;
    struct battle b = open_battle(&input);
    b.arena.loss_max = seed % 2 ? b.arena.loss_max : 30000000;
    ry_test_arena_configure(&b.arena, &input, 100);
    struct ry_test_flow flow = {.rng = {seed},
                                .refs = ORDERS_MAX * 2,
                                .prices = prices,
                                .instruments = INSTRUMENTS,
                                .agents = agents,
                                .tick = 100};
    for (uint32_t i = 0; i < inputs; i++) {
        const bool later = ry_test_rng_below(&flow.rng, 3) == 0, begun = i > inputs / 20;
        if (later && begun)
            close_time(&b);
        b.time += later ? 20000 : 0;
        const union ry_input_any any = ry_test_flow_next(&flow, b.time);
        ry_test_arena_put(&b.arena, &any);
        if (begun) {
            group(&b, b.arena.kept);
            see(&b, &any);
            if (ry_test_rng_below(&b.rng, inputs / 6) == 0)
                forget(&b);
        }
        if (i == inputs / 20)
            start(&b);
    }
    close_battle(&b);
}

START_TEST(books_agree)
{
    for (uint64_t seed = 1; seed <= 24; seed++)
        run(seed, seed % 3 ? 12 : seed % 2 ? 40 : 6000, seed % 4 ? 4 : 12, 3000);
    ck_assert_uint_gt(met.crossed, 1000);
    ck_assert_uint_gt(met.halts, 100);
    ck_assert_uint_gt(met.clears, 20);
    ck_assert_uint_gt(met.outs, 40);
    ck_assert_uint_gt(met.forgotten, 40);
    ck_assert_uint_gt(met.unsorted, 100);
    ck_assert_uint_gt(met.repeated, 100);
    ck_assert_uint_gt(met.many, 50);
    ck_assert_uint_gt(met.left, 1000);
    ck_assert_uint_gt(met.came, 1000);
    ck_assert_uint_gt(met.spared, 1000);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_depth");
    TCase *c = tcase_create("depth");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, books_agree);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
