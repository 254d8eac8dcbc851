/* The generator's days, looked at by the second reader of tests/support/itch.h. */
#include "tests/support/itch.h"
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
    const char *close; /* early */
    uint32_t close_minute;
} days[] = {
    {1100, 1, 1, false, false, NULL, 0},       {1400, 4, 2, false, false, NULL, 0},
    {1400, 4, 3, true, false, NULL, 0},        {5000, 3, 4, false, true, NULL, 0},
    {20000, 7, 5, false, false, NULL, 0},      {30000, 1, 6, false, false, NULL, 0},
    {60000, 4, 1, false, false, NULL, 0},      {60000, 2, 8, false, false, NULL, 0},
    {25000, 200, 9, false, false, NULL, 0},    {1100, 1, 10, true, true, NULL, 0},
    {6000, 50, 11, false, false, NULL, 0},     {100000, 4, UINT64_MAX, false, false, NULL, 0},
    {901000, 9000, 1, false, false, NULL, 0},  {30000, 4, 12, false, true, "09:40", 580},
    {60000, 3, 13, false, true, "10:54", 654},
};
#define DAYS ((int)(sizeof days / sizeof days[0]))

START_TEST(day_keeps_its_promises)
{
    struct ry_generate_options options = {.messages = days[_i].messages,
                                          .instruments = days[_i].instruments,
                                          .seed = days[_i].seed,
                                          .no_auction = days[_i].no_auction,
                                          .no_halt = days[_i].no_halt && !days[_i].close,
                                          .close = days[_i].close,
                                          .itch = path_of("day.itch"),
                                          .force = true};
    struct ry_generate_report report;
    struct ry_test_itch c;
    make(&options, &report);
    struct bytes bytes = read_file(options.itch);
    ry_test_itch_start(&c, options.instruments, options.messages);
    if (options.close)
        c.close_minute = days[_i].close_minute;
    ry_test_itch_file(&c, bytes.at, bytes.size);
    ry_test_itch_report(&c, &report);

    options.no_halt = days[_i].no_halt; /* an early close leaves no time for one */
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
    ry_test_itch_stop(&c);
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
        struct ry_test_itch c;
        make(&options, &report);
        struct bytes bytes = read_file(options.itch);
        ry_test_itch_start(&c, options.instruments, options.messages);
        ry_test_itch_file(&c, bytes.at, bytes.size);
        ry_test_itch_report(&c, &report);
        ck_assert_uint_eq(c.messages, options.messages);
        ck_assert_uint_eq(c.count['Q'], options.instruments + 1);
        ry_test_itch_stop(&c);
        free(bytes.at);
        ry_generate_report_free(&report);
    }
}
END_TEST

static void near(const struct ry_test_itch *c, char type, uint64_t ppm_low, uint64_t ppm_high)
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
    struct ry_test_itch c;
    make(&options, &report);
    struct bytes bytes = read_file(options.itch);
    ry_test_itch_start(&c, options.instruments, options.messages);
    ry_test_itch_file(&c, bytes.at, bytes.size);
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
    ry_test_itch_stop(&c);
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
    struct ry_test_itch c;
    bool changed = false, ok = true;
    memcpy(bytes.at, day.at, day.size);
    ry_test_itch_start(&c, 2, 20000);
    for (size_t at = 0; ok && ry_test_itch_number(bytes.at + at, 2) != 0;
         at += 2 + ry_test_itch_number(bytes.at + at, 2)) {
        uint8_t *m = bytes.at + at + 2;
        if (!changed && c.session == 'Q' && m[0] == (uint8_t)type && m[offset] + change < 256) {
            m[offset] = (uint8_t)(m[offset] + change);
            changed = true;
        }
        ok = ry_test_itch_message(&c, m, ry_test_itch_number(bytes.at + at, 2));
    }
    ry_test_itch_stop(&c);
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
