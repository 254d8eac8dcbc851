/*
 * Every stage of the table on every machine of tests/unit/tuning/trees: applied, verified and taken
 * back, and killed at each step of both ways; and all stages at once, for one battle after another.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fake_engine.h"
#include "tests/support/test.h"

/* All stages at once have many steps: only at every so many of them. */
#define EVERY_OF_ALL 11

static glob_t trees;

/* The name of a tree: of a machine, not of the engine's own test. */
static bool machine(const char *path, char name[64])
{
    snprintf(name, 64, "%s", strrchr(path, '/') + 1);
    *strrchr(name, '.') = 0;
    return strcmp(name, "engine") != 0;
}

static struct ry_test_deeds on_one(const char *tree, ry_tuning_mask stages, unsigned every)
{
    struct ry_test_host fake;
    struct ry_tuning_target target;
    ry_test_host_open(&fake);
    ry_test_host_tree(&fake, tree);
    ry_test_target(&target);
    struct ry_test_deeds deeds = ry_test_host_kill_everywhere(&fake, &target, stages, every);
    ry_test_host_close(&fake);
    return deeds;
}

/* A stage that sets nothing anywhere was not tried, unless all that it tells are facts. */
START_TEST(test_stage)
{
    unsigned set = 0;
    bool only_facts = true;
    char name[64];
    for (size_t i = 0; i < trees.gl_pathc; i++) {
        if (!machine(trees.gl_pathv[i], name))
            continue;
        struct ry_test_deeds deeds = on_one(name, (ry_tuning_mask)1 << _i, 1);
        set += deeds.told[RY_TUNING_SET];
        only_facts = only_facts && deeds.only_facts;
    }
    ck_assert_msg(set > 0 || only_facts, "%s sets nothing on any of the %zu trees",
                  ry_tuning_stages[_i].name, trees.gl_pathc);
}
END_TEST

START_TEST(test_all_stages)
{
    char name[64];
    if (machine(trees.gl_pathv[_i], name))
        (void)on_one(name, RY_TUNING_ALL, EVERY_OF_ALL);
}
END_TEST

/* Applied for one battle, then for another on fewer cores, then for the first: the way back is to
 * what was there before all of them. */
START_TEST(test_two_battles)
{
    struct ry_test_host fake;
    struct ry_tuning_target one, other;
    char name[64];
    if (!machine(trees.gl_pathv[_i], name))
        return;
    ry_test_host_open(&fake);
    ry_test_host_tree(&fake, name);
    char *before = ry_test_host_whole(&fake);
    ry_test_target(&one);
    other = one;
    ry_tuning_cpus_without(&other.hot, &other.hot, &(struct ry_tuning_cpus){.word = {0x22}});
    ry_tuning_cpus_with(&other.house, &other.house, &(struct ry_tuning_cpus){.word = {0x22}});
    other.huge_bytes[0] *= 2;
    const struct ry_tuning_target *const battles[] = {&one, &other, &one};
    for (unsigned i = 0; i < 3; i++) {
        struct ry_test_deeds deeds = ry_test_host_apply(&fake, battles[i], RY_TUNING_ALL);
        ck_assert_int_eq(deeds.error, 0);
        unsigned failed = deeds.told[RY_TUNING_FAILED];
        deeds = ry_test_host_check(&fake, battles[i], RY_TUNING_ALL);
        ck_assert_uint_eq(deeds.state[RY_TUNING_MISSING], failed);
        deeds = ry_test_host_verify(&fake, RY_TUNING_ALL);
        ck_assert_uint_eq(deeds.state[RY_TUNING_MISSING], 0);
    }
    struct ry_test_deeds deeds = ry_test_host_revert(&fake, RY_TUNING_ALL);
    ck_assert_msg(deeds.error == 0 && deeds.told[RY_TUNING_FAILED] == 0, "%s", deeds.why);
    ry_test_host_is(&fake, before, "after the battle", 3);
    free(before);
    ry_test_host_close(&fake);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("stages_killed");
    TCase *c = tcase_create("killed");
    tcase_set_timeout(c, 300);
    (void)glob("tests/unit/tuning/trees/*.tree", 0, NULL, &trees);
    tcase_add_loop_test(c, test_stage, 0, (int)ry_tuning_stages_count);
    tcase_add_loop_test(c, test_all_stages, 0, (int)trees.gl_pathc);
    tcase_add_loop_test(c, test_two_battles, 0, (int)trees.gl_pathc);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
