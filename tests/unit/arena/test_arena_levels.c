/* The levels of one side and the table of references, each against a slow model. */
#include "core/arena/levels.h"
#include "core/arena/refs.h"
#include "tests/support/arena_rig.h"

#define LEVELS 700

struct model {
    int32_t key[LEVELS];
    uint32_t id[LEVELS];
    unsigned count;
};

static struct ry_test_arena open_one(uint32_t orders_max, int64_t tick)
{
    struct ry_input_battle battle = ry_test_arena_battle(orders_max, 2, 0);
    struct ry_test_arena b = ry_test_arena_open(&battle);
    ry_test_arena_configure(&b, &battle, tick);
    return b;
}

/* The model's smallest key above `key`. */
static uint32_t model_after(const struct model *m, int64_t key)
{
    uint32_t found = 0;
    int64_t best = INT64_MAX;
    for (unsigned i = 0; i < m->count; i++)
        if (m->key[i] > key && m->key[i] < best) {
            best = m->key[i];
            found = m->id[i];
        }
    return found;
}

static uint32_t model_find(const struct model *m, int32_t key)
{
    for (unsigned i = 0; i < m->count; i++)
        if (m->key[i] == key)
            return m->id[i];
    return 0;
}

static void drop(struct ry_arena *a, struct ry_arena_book *book, struct model *m, unsigned at)
{
    ry_arena_level_remove(a, book, m->id[at]);
    m->count--;
    m->key[at] = m->key[m->count];
    m->id[at] = m->id[m->count];
}

/* Adds the level if it is not there, else removes it; makes room by removing any other. */
static void toggle(struct ry_arena *a, struct ry_arena_book *book, struct model *m,
                   struct ry_test_rng *r, int32_t key)
{
    ck_assert_uint_eq(ry_arena_level_find(a, book, key), model_find(m, key));
    for (unsigned i = 0; i < m->count; i++)
        if (m->key[i] == key) {
            drop(a, book, m, i);
            return;
        }
    if (m->count == LEVELS)
        drop(a, book, m, ry_test_rng_below(r, LEVELS));
    m->id[m->count] = ry_arena_level_create(a, book, key);
    m->key[m->count++] = key;
}

/* Prices of several regions, so that the window has to move; off the grid; far away. */
static int32_t random_key(struct ry_test_rng *r, int64_t tick, uint32_t step, bool grid)
{
    int64_t middle = (int64_t)(step / 4000 % 5) * 9000 - 18000;
    int64_t ticks = middle + (int64_t)ry_test_rng_below(r, 600) - 300;
    uint32_t x = ry_test_rng_below(r, 100);
    if (x < 6)
        ticks = (int64_t)ry_test_rng_below(r, 40000) - 20000;
    int64_t key = ticks * tick;
    if (!grid && x > 90)
        key += 1 + ry_test_rng_below(r, 9);
    if (x == 6)
        key = RY_PRICE_ABS_MAX - ry_test_rng_below(r, 3);
    if (x == 7)
        key = -RY_PRICE_ABS_MAX + ry_test_rng_below(r, 3);
    if (key > RY_PRICE_ABS_MAX || key < -RY_PRICE_ABS_MAX)
        key = 0;
    return (int32_t)key;
}

static void levels_run(int64_t tick, bool grid, bool expect_slides)
{
    struct ry_test_arena b = open_one(LEVELS, tick);
    struct ry_test_rng rng = {(uint64_t)tick};
    static struct model m;
    m.count = 0;
    struct ry_arena_book *book = ry_arena_book_at(b.arena, 1, RY_SELL);
    unsigned slides = 0;
    for (uint32_t i = 0; i < 60000; i++) {
        int32_t base = book->base;
        toggle(b.arena, book, &m, &rng, random_key(&rng, tick, i, grid));
        slides += base != book->base;
        int32_t probe = random_key(&rng, tick, i, grid);
        ck_assert_uint_eq(ry_arena_level_find(b.arena, book, probe), model_find(&m, probe));
        ck_assert_uint_eq(ry_arena_level_after(b.arena, book, probe), model_after(&m, probe));
        ck_assert_uint_eq(book->best, model_after(&m, INT64_MIN));
        ck_assert_uint_eq(book->levels, m.count);
    }
    if (expect_slides) {
        ck_assert_uint_gt(slides, 5);
        ck_assert_uint_lt(slides, 300);
        unsigned inside = 0;
        for (unsigned i = 0; i < m.count; i++)
            inside += ry_arena_level_at(b.arena, m.id[i])->in_window;
        ck_assert_uint_gt(inside, 20);
    }
    ry_test_arena_close(&b);
}

START_TEST(levels_like_the_model)
{
    levels_run(1, true, true);
    levels_run(100, false, true);
    levels_run(7, false, true);
    levels_run(50000, false, true);
    levels_run(RY_PRICE_ABS_MAX, false, false);
    levels_run(RY_ARENA_TICK_MAX, false, false);
}
END_TEST

START_TEST(places_are_exact)
{
    static const int64_t ticks[] = {1,     2,     3,     5,      7,       100,       4096,
                                    10000, 65535, 65537, 999983, 1 << 20, 123456789, 2000000000};
    struct ry_test_rng rng = {3};
    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
        struct ry_arena_book book;
        ry_arena_book_init(&book, 0, RY_SELL, ticks[i]);
        int32_t lowest = (int32_t)(-RY_PRICE_ABS_MAX / ticks[i]);
        for (int n = 0; n < 200000; n++) {
            uint32_t span = (uint32_t)(2 * RY_PRICE_ABS_MAX / ticks[i]) + 1;
            book.base = (int32_t)(lowest + (int64_t)ry_test_rng_below(&rng, span));
            int64_t key = (int64_t)ry_test_rng_below(&rng, 4000000001u) - RY_PRICE_ABS_MAX;
            if (n % 4)
                key = ((int64_t)book.base + ry_test_rng_below(&rng, 2 * RY_ARENA_WINDOW_TICKS) -
                       2000) *
                          ticks[i] +
                      (n % 4 == 1);
            if (key > RY_PRICE_ABS_MAX || key < -RY_PRICE_ABS_MAX)
                continue;
            int64_t tick = key / ticks[i];
            bool want = key % ticks[i] == 0 && tick >= book.base &&
                        tick < (int64_t)book.base + RY_ARENA_WINDOW_TICKS;
            uint32_t slot = 0;
            ck_assert_uint_eq(ry_arena_window_place(&book, (int32_t)key, &slot), want);
            ck_assert(!want || slot == ((uint32_t)tick & RY_ARENA_WINDOW_MASK));
        }
    }
}
END_TEST

START_TEST(no_slide_at_each_add)
{
    /* Two busy places further apart than the window: moving must stay rare. */
    struct ry_test_arena b = open_one(100, 1);
    struct ry_arena_book *book = ry_arena_book_at(b.arena, 0, RY_BUY);
    unsigned slides = 0;
    uint32_t keep = ry_arena_level_create(b.arena, book, 0);
    for (int i = 0; i < 20000; i++) {
        int32_t base = book->base;
        ry_arena_level_remove(b.arena, book,
                              ry_arena_level_create(b.arena, book, i % 2 ? 100 : 1000000));
        slides += base != book->base;
    }
    ck_assert_uint_lt(slides, 20000 / 60);
    for (int i = 0; i < 20000; i++) {
        int32_t base = book->base;
        ry_arena_level_remove(b.arena, book, ry_arena_level_create(b.arena, book, (i + 1) * 5000));
        slides += base != book->base;
    }
    ck_assert_uint_lt(slides, 20000 / 30);
    ck_assert_uint_eq(book->best, keep);
    /* Where most new levels are is where the window stays. */
    int32_t home = book->base + 100;
    int32_t base = book->base;
    for (int i = 0; i < 20000; i++) {
        int32_t key = i % 10 ? home + i % 7 : home + 100000 + i;
        ry_arena_level_remove(b.arena, book, ry_arena_level_create(b.arena, book, key));
        ck_assert_int_eq(book->base, base);
    }
    ry_test_arena_close(&b);
}
END_TEST

/* ---- references ------------------------------------------------------------------------------ */

#define NAMES 1000

static uint64_t random_ref(struct ry_test_rng *r, unsigned style)
{
    uint64_t x = ry_test_rng_below(r, 2 * NAMES);
    switch (style) {
    case 0: /* nearly sequential */ return 1000000 + x;
    case 1: /* strides that a naive hash maps to one place */ return x << 20;
    case 2: return x * 8;
    default: /* from the end of the range */ return UINT64_MAX - x;
    }
}

START_TEST(refs_like_the_model)
{
    unsigned style = (unsigned)_i;
    struct ry_test_arena b = open_one(NAMES, 1);
    struct ry_arena *a = b.arena;
    struct ry_test_rng rng = {style};
    bool used[NAMES + 1] = {false};
    unsigned count = 0;
    unsigned most_passed = 0, away = 0;
    for (int step = 0; step < 60000; step++) {
        uint16_t instrument = (uint16_t)ry_test_rng_below(&rng, 2);
        uint64_t ref = random_ref(&rng, style);
        uint32_t slow = 0;
        for (uint32_t id = 1; id <= NAMES; id++)
            if (used[id] && ry_arena_order_at(a, id)->ref == ref &&
                ry_arena_order_at(a, id)->instrument == instrument)
                slow = id;
        ck_assert_uint_eq(ry_arena_ref_find(a, instrument, ref), slow);
        if (slow) {
            ry_arena_ref_erase(a, ref, instrument, slow);
            used[slow] = false;
            count--;
            continue;
        }
        uint32_t id = 1;
        while (id <= NAMES && used[id])
            id++;
        if (id > NAMES)
            continue;
        *ry_arena_order_at(a, id) = (struct ry_arena_order){
            .ref = ref, .instrument = instrument, .owner = RY_ARENA_OWNER_NONE};
        ry_arena_ref_insert_at(a, ry_arena_home_at(a, ref, instrument), ref, instrument, id);
        used[id] = true;
        count++;
    }
    uint32_t in_table = 0;
    for (uint32_t i = 0; i <= a->at.line_mask; i++) {
        const struct ry_arena_line *line = &ry_arena_lines(a)[i];
        unsigned stand = 0;
        for (unsigned slot = 0; slot < RY_ARENA_LINE_SLOTS; slot++)
            stand += line->order[slot] != 0;
        in_table += stand;
        if (line->passed > most_passed)
            most_passed = line->passed;
        away += line->away;
    }
    ck_assert_uint_eq(in_table, count);
    ck_assert_uint_gt(count, NAMES / 2);
    ck_assert_uint_lt(most_passed, 200);
    /* Strides that are at home in few lines go elsewhere. */
    ck_assert(style != 1 || away > NAMES / 4);
    ry_test_arena_close(&b);
}
END_TEST

START_TEST(agents_names_are_apart)
{
    struct ry_test_arena b = open_one(10, 1);
    *ry_arena_order_at(b.arena, 1) =
        (struct ry_arena_order){.ref = 5, .owner = RY_ARENA_OWNER_NONE};
    *ry_arena_order_at(b.arena, 2) = (struct ry_arena_order){.ref = 5, .owner = 0};
    struct ry_arena *a = b.arena;
    ry_arena_ref_insert_at(a, ry_arena_home_at(a, 5, 0), 5, 0, 1);
    ry_arena_ref_insert_at(a, ry_arena_home_at(a, 5, RY_ARENA_SPACE_AGENT), 5, RY_ARENA_SPACE_AGENT,
                           2);
    ck_assert_uint_eq(ry_arena_ref_find(b.arena, 0, 5), 1);
    ck_assert_uint_eq(ry_arena_ref_find(b.arena, RY_ARENA_SPACE_AGENT, 5), 2);
    ck_assert_uint_eq(ry_arena_ref_find(b.arena, RY_ARENA_SPACE_AGENT + 1, 5), 0);
    ry_test_arena_close(&b);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("arena_levels");
    TCase *c = tcase_create("structures");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, levels_like_the_model);
    tcase_add_test(c, places_are_exact);
    tcase_add_test(c, no_slide_at_each_add);
    tcase_add_loop_test(c, refs_like_the_model, 0, 4);
    tcase_add_test(c, agents_names_are_apart);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
