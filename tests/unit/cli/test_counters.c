/* Every table of counters: what people and readers of regions are promised of it. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "core/exec/counters.h"
#include "core/role/counters.h"
#include "shm/counter.h"
#include "tools/cli/counters.h"
#include "tools/counters/tables.h"
#include "tools/text/counters.h"

static struct ry_counters region;
static struct ry_counters_description description;

static bool is_text(const char *text)
{
    const size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return n > 0 && text[n - 1] != '.';
}

/* Its region holds all texts, each is there, and a name is one counter's alone. */
START_TEST(every_counter_says_what_it_is)
{
    const struct ry_counter_table *table = ry_counters_all[_i].table;
    ck_assert_uint_le(ry_counters_all[_i].count, table->count);
    ry_counters_create(&region, table, NULL);
    ck_assert(ry_counters_describe(&region, &description));
    ck_assert_uint_eq(description.count, table->count);
    for (unsigned i = 0; i < table->count; i++) {
        const struct ry_counter *row = &table->counter[i];
        const struct ry_counter told = ry_counters_described(&description, i);
        ck_assert_msg(is_text(row->unit), "%s: unit", row->name);
        ck_assert_msg(is_text(row->sentence), "%s: sentence", row->name);
        ck_assert_msg(row->remedy[0] == '\0' || is_text(row->remedy), "%s: remedy", row->name);
        ck_assert_msg((row->kind == RY_COUNTER_KIND_HASH) == (strcmp(row->unit, "hash") == 0),
                      "%s: kind", row->name);
        ck_assert_str_eq(told.name, row->name);
        ck_assert_str_eq(told.remedy, row->remedy);
        for (unsigned other = 0; other < i; other++)
            ck_assert_str_ne(row->name, table->counter[other].name);
    }
}
END_TEST

/* The run loop's stand in one region with those of every role: a name is one's alone there too. */
START_TEST(the_run_loop_has_names_of_its_own)
{
    for (const struct ry_counters_of *of = ry_counters_all; of->name != NULL; of++)
        for (unsigned i = 0; of->table != &ry_role_counter_table && i < of->count; i++)
            for (unsigned loop = 0; loop < RY_ROLE_COUNTERS; loop++)
                ck_assert_str_ne(of->table->counter[i].name,
                                 ry_role_counter_table.counter[loop].name);
}
END_TEST

/* A row stands where its word does, also behind exec's own. */
START_TEST(rows_and_words_are_in_one_order)
{
    const struct ry_counter *row = ry_exec_counter_table.counter;
    struct ry_exec_counters counters = {.state_hash = 1, .machine = {.demand = 2, .reports = 3}};
    ck_assert_uint_eq(counters.value[RY_EXEC_COUNTER_state_hash], 1);
    ck_assert_str_eq(row[RY_EXEC_COUNTER_state_hash].name, "state_hash");
    ck_assert_uint_eq(row[RY_EXEC_COUNTER_state_hash].kind, RY_COUNTER_KIND_HASH);
    ck_assert_uint_eq(counters.value[(unsigned)RY_EXEC_COUNTERS_OWN + RY_ARENA_COUNTER_demand], 2);
    ck_assert_str_eq(row[(unsigned)RY_EXEC_COUNTERS_OWN + RY_ARENA_COUNTER_demand].name, "demand");
    ck_assert_uint_eq(counters.value[RY_EXEC_COUNTERS - 1], 3);
    ck_assert_str_eq(row[RY_EXEC_COUNTERS - 1].name, "reports");
}
END_TEST

/* What one of the two ways to print a counter makes of it. */
static const char *printed(void (*print)(FILE *out, const struct ry_counter *counter,
                                         uint64_t value),
                           const struct ry_counter *counter, uint64_t value)
{
    static char text[512];
    FILE *out = fmemopen(text, sizeof text, "w");
    ck_assert_ptr_nonnull(out);
    text[0] = '\0';
    print(out, counter, value);
    fclose(out);
    return text;
}

static void odd(FILE *out, const struct ry_counter *counter, uint64_t value)
{
    ry_text_counter_odd(out, "", counter, value);
}

static void odd_of_a_feed(FILE *out, const struct ry_counter *counter, uint64_t value)
{
    ry_text_counter_odd(out, "feed0 (itch)", counter, value);
}

START_TEST(the_kind_says_how_a_value_looks)
{
    const struct ry_counter gaps = {"gaps", RY_COUNTER_KIND_COUNTER, "gaps", "holes", "look"},
                            bytes = {"bytes", RY_COUNTER_KIND_GAUGE, "bytes", "of all", ""},
                            hash = {"state_hash", RY_COUNTER_KIND_HASH, "hash", "of all", "look"};
    ck_assert_str_eq(printed(ry_text_counter, &gaps, 0), "");
    ck_assert_str_eq(printed(ry_text_counter, &gaps, 12),
                     "  gaps                               12 gaps\n");
    ck_assert_str_eq(printed(ry_text_counter, &hash, 0xab),
                     "  state_hash             00000000000000ab hash\n");
    ck_assert_str_eq(printed(ry_text_counter, &bytes, UINT64_MAX),
                     "  bytes                  18446744073709551615 bytes\n");
    ck_assert_str_eq(printed(odd, &gaps, 12), "odd: gaps 12 (holes): look\n");
    ck_assert_str_eq(printed(odd, &gaps, 0), "");
    ck_assert_str_eq(printed(odd, &bytes, 12), "");
    ck_assert_str_eq(printed(odd, &hash, 0xab),
                     "odd: state_hash 00000000000000ab (of all): look\n");
    ck_assert_str_eq(printed(odd_of_a_feed, &gaps, 12),
                     "odd: feed0 (itch): gaps 12 (holes): look\n");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("counters");
    TCase *t = tcase_create("counters");
    int tables = 0;
    while (ry_counters_all[tables].name != NULL)
        tables++;
    tcase_add_loop_test(t, every_counter_says_what_it_is, 0, tables);
    tcase_add_test(t, the_run_loop_has_names_of_its_own);
    tcase_add_test(t, the_kind_says_how_a_value_looks);
    tcase_add_test(t, rows_and_words_are_in_one_order);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
