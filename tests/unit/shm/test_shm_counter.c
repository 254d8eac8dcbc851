#include "tests/support/test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "shm/counter.h"

static const struct ry_counter four[] = {
    {"bytes", RY_COUNTER_KIND_COUNTER, "bytes", "bytes that came", ""},
    {"gaps", RY_COUNTER_KIND_COUNTER, "gaps", "holes", "listen again"},
    {"time", RY_COUNTER_KIND_GAUGE, "ns", "market time", ""},
    {"state_hash", RY_COUNTER_KIND_HASH, "hash", "hash of all ~", "compare it"},
};
static const struct ry_counter_table table = {four, 4};

START_TEST(counters_are_copied_out)
{
    static struct ry_counters shared;
    uint64_t values[4] = {1, UINT64_MAX, 3, 4}, read[RY_COUNTERS_MAX + 1] = {0};
    ry_counters_create(&shared, &table, NULL);
    ck_assert_uint_eq(ry_counters_read(&shared, read, RY_COUNTERS_MAX), 4);
    ck_assert_uint_eq(read[1], 0);
    ry_counters_publish(&shared, 0, values, 4);
    ck_assert_uint_eq(ry_counters_read(&shared, read, RY_COUNTERS_MAX), 4);
    ck_assert_mem_eq(read, values, sizeof values);
    memset(read, 0xee, sizeof read);
    ck_assert_uint_eq(ry_counters_read(&shared, read, 2), 2);
    ck_assert_uint_eq(read[2], UINT64_C(0xeeeeeeeeeeeeeeee));

    ry_store_relaxed(&shared.count, UINT32_MAX); /* what another process wrote is untrusted */
    ck_assert_uint_eq(ry_counters_read(&shared, read, RY_COUNTERS_MAX + 1), RY_COUNTERS_MAX);
    ck_assert_uint_eq(read[RY_COUNTERS_MAX], UINT64_C(0xeeeeeeeeeeeeeeee));
}
END_TEST

/* The run loop says how many there are when the supervisor reads already. */
static void *say_how_many(void *context)
{
    struct ry_counters *shared = context;
    for (unsigned i = 0; i < 20000; i++)
        ry_counters_create(shared, i % 2 == 0 ? &table : NULL, NULL);
    return NULL;
}

START_TEST(the_count_may_come_while_others_read)
{
    static struct ry_counters shared;
    uint64_t read[RY_COUNTERS_MAX];
    pthread_t writer;
    ry_counters_create(&shared, NULL, NULL);
    ck_assert_int_eq(pthread_create(&writer, NULL, say_how_many, &shared), 0);
    for (unsigned i = 0; i < 20000; i++) {
        unsigned count = ry_counters_read(&shared, read, RY_COUNTERS_MAX);
        ck_assert(count == 0 || count == 4);
        for (unsigned k = 0; k < count; k++)
            ck_assert_uint_eq(read[k], 0);
    }
    pthread_join(writer, NULL);
}
END_TEST

static struct ry_counters region;
static struct ry_counters_description description;

START_TEST(labels_lie_in_the_region)
{
    ry_counters_create(&region, NULL, NULL);
    ck_assert(!ry_counters_describe(&region, &description));
    ck_assert_uint_eq(description.count, 0);
    ry_counters_create(&region, &table, NULL);
    ck_assert(ry_counters_describe(&region, &description));
    ck_assert_uint_eq(description.count, 4);
    memset(&region, 0xff, sizeof region); /* what was copied stays */
    for (unsigned i = 0; i < 4; i++) {
        const struct ry_counter counter = ry_counters_described(&description, i);
        ck_assert_str_eq(counter.name, four[i].name);
        ck_assert_str_eq(counter.unit, four[i].unit);
        ck_assert_str_eq(counter.sentence, four[i].sentence);
        ck_assert_str_eq(counter.remedy, four[i].remedy);
        ck_assert_uint_eq(counter.kind, four[i].kind);
    }
}
END_TEST

/* What the run loop counts stands behind what its role counts, or alone. */
START_TEST(two_tables_in_one_region)
{
    static const struct ry_counter_table rest = {four + 2, 2};
    uint64_t values[4] = {1, 2, 3, 4}, more[2] = {5, 6}, read[RY_COUNTERS_MAX];
    ry_counters_create(&region, &table, &rest);
    ry_counters_publish(&region, 0, values, 4);
    ry_counters_publish(&region, 4, more, 2);
    ck_assert_uint_eq(ry_counters_read(&region, read, RY_COUNTERS_MAX), 6);
    for (unsigned i = 0; i < 6; i++)
        ck_assert_uint_eq(read[i], i + 1);
    ck_assert(ry_counters_describe(&region, &description));
    ck_assert_uint_eq(description.count, 6);
    ck_assert_str_eq(ry_counters_described(&description, 3).name, four[3].name);
    ck_assert_str_eq(ry_counters_described(&description, 4).name, four[2].name);
    ck_assert_str_eq(ry_counters_described(&description, 5).remedy, four[3].remedy);
    ry_counters_create(&region, NULL, &rest);
    ck_assert(ry_counters_describe(&region, &description));
    ck_assert_uint_eq(description.count, 2);
    ck_assert_str_eq(ry_counters_described(&description, 0).name, four[2].name);
}
END_TEST

static struct ry_counters_labels *labels_of(struct ry_counters *shared)
{
    return (void *)((char *)shared + offsetof(struct ry_counters, labels));
}

/* What another process wrote, damaged in one place each. */
static void damage(int how)
{
    struct ry_counters_labels *labels = labels_of(&region);
    struct ry_counter_label *label = &labels->label[3];
    char *name = labels->text + label->name, *sentence = labels->text + label->sentence;
    switch (how) {
    case 0: ry_store_relaxed(&region.count, RY_COUNTERS_MAX + 1); break;
    case 1: ry_store_relaxed(&region.count, UINT32_MAX); break;
    case 2: ry_store_relaxed(&region.count, 5); break; /* a label that was never written */
    case 3: label->kind = 0; break;
    case 4: label->kind = RY_COUNTER_KIND_HASH + 1; break;
    case 5: label->name = RY_COUNTERS_TEXT_BYTES; break;
    case 6: label->unit = UINT16_MAX; break;
    case 7: label->sentence = RY_COUNTERS_TEXT_BYTES; break;
    case 8: label->remedy = UINT16_MAX; break;
    case 9: memset(labels->text, 'a', sizeof labels->text); break; /* no end at all */
    case 10:
        label->remedy = RY_COUNTERS_TEXT_BYTES - 1;
        labels->text[RY_COUNTERS_TEXT_BYTES - 1] = 'x';
        break;
    case 11: name[0] = '\0'; break;
    case 12: name[1] = ' '; break;
    case 13: name[1] = 'A'; break;
    case 14: memset(name, 'a', RY_COUNTER_NAME_MAX + 1); break;
    case 15: sentence[0] = '\033'; break; /* a terminal would obey */
    case 16: sentence[0] = '\n'; break;
    case 17: sentence[0] = '\177'; break;
    case 18: sentence[0] = (char)0x9b; break;
    default: break;
    }
}
#define DAMAGES 19

START_TEST(damaged_labels_are_none)
{
    ry_counters_create(&region, &table, NULL);
    /* A name of the longest length is one. */
    memset(labels_of(&region)->text + labels_of(&region)->label[3].name, 'a', RY_COUNTER_NAME_MAX);
    labels_of(&region)->text[labels_of(&region)->label[3].name + RY_COUNTER_NAME_MAX] = '\0';
    labels_of(&region)->label[3].sentence = labels_of(&region)->label[3].unit =
        labels_of(&region)->label[3].remedy = labels_of(&region)->label[2].name;
    ck_assert(ry_counters_describe(&region, &description));
    ry_counters_create(&region, &table, NULL);
    damage(_i);
    ck_assert(!ry_counters_describe(&region, &description));
    ck_assert_uint_eq(description.count, 0);
}
END_TEST

/* The bucket of the only value that is in the histogram, and that bucket's upper edge. */
static unsigned bucket_and_edge(uint64_t value, uint64_t *edge)
{
    static struct ry_histogram h;
    memset(&h, 0, sizeof h);
    ry_histogram_add(&h, value);
    h.max = UINT64_MAX; /* so that the edge itself is told */
    *edge = ry_histogram_percentile(&h, 50000);
    unsigned found = RY_HISTOGRAM_BUCKETS;
    for (unsigned i = 0; i < RY_HISTOGRAM_BUCKETS; i++)
        if (h.bucket[i] != 0)
            found = i;
    ck_assert_uint_lt(found, RY_HISTOGRAM_BUCKETS);
    ck_assert_uint_eq(h.bucket[found], 1);
    return found;
}

/* Walks over all edges: each bucket begins where the one before ended, the last ends at the last
 * u64. */
START_TEST(buckets_meet_exactly)
{
    uint64_t first = 0, edge = 0;
    for (unsigned i = 0; i < RY_HISTOGRAM_BUCKETS; i++) {
        ck_assert_uint_eq(bucket_and_edge(first, &edge), i);
        ck_assert_uint_ge(edge, first);
        uint64_t width = edge - first;
        ck_assert_uint_le(width, first / 16); /* 6.25 % at most */
        uint64_t same;
        ck_assert_uint_eq(bucket_and_edge(edge, &same), i);
        ck_assert_uint_eq(same, edge);
        first = edge + 1;
    }
    ck_assert_uint_eq(edge, UINT64_MAX);
}
END_TEST

START_TEST(known_edges)
{
    static const struct {
        uint64_t value;
        unsigned bucket;
        uint64_t edge;
    } known[] = {
        {0, 0, 0},
        {15, 15, 15},
        {16, 16, 16},
        {31, 31, 31},
        {32, 32, 33},
        {33, 32, 33},
        {34, 33, 35},
        {63, 47, 63},
        {64, 48, 67},
        {1000, 111, 1023},
        {1024, 112, 1087},
        {1000000, 270, 1015807},
        {UINT64_MAX, 975, UINT64_MAX},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint64_t edge;
        ck_assert_uint_eq(bucket_and_edge(known[i].value, &edge), known[i].bucket);
        ck_assert_uint_eq(edge, known[i].edge);
    }
}
END_TEST

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

START_TEST(percentiles_of_known_values)
{
    enum { VALUES = 10007 };
    static uint64_t value[VALUES];
    static struct ry_histogram h;
    uint64_t state = 1, sum = 0;
    for (int i = 0; i < VALUES; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        value[i] = (state >> 33) >> (state >> 60);
        sum += value[i];
        ry_histogram_add(&h, value[i]);
    }
    qsort(value, VALUES, sizeof value[0], by_value);
    ck_assert_uint_eq(h.count, VALUES);
    ck_assert_uint_eq(h.sum, sum);
    ck_assert_uint_eq(h.max, value[VALUES - 1]);
    static const uint32_t share[] = {0, 1, 10000, 50000, 90000, 99000, 99900, 99999, 100000};
    for (size_t i = 0; i < sizeof share / sizeof share[0]; i++) {
        uint64_t rank = ((uint64_t)VALUES * share[i] + 99999) / 100000;
        uint64_t exact = value[rank == 0 ? 0 : rank - 1];
        uint64_t told = ry_histogram_percentile(&h, share[i]), edge;
        bucket_and_edge(exact, &edge);
        ck_assert_uint_eq(told, edge < h.max ? edge : h.max);
    }
}
END_TEST

START_TEST(percentiles_of_little)
{
    static struct ry_histogram h;
    ck_assert_uint_eq(ry_histogram_percentile(&h, 50000), 0);
    ry_histogram_add(&h, 1000);
    ck_assert_uint_eq(ry_histogram_percentile(&h, 0), 1000); /* never above the greatest value */
    ck_assert_uint_eq(ry_histogram_percentile(&h, 100000), 1000);
    ry_histogram_add(&h, 3);
    ck_assert_uint_eq(ry_histogram_percentile(&h, 50000), 3);
    ck_assert_uint_eq(ry_histogram_percentile(&h, 50001), 1000);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("shm_counter");
    TCase *t = tcase_create("counter");
    tcase_add_test(t, counters_are_copied_out);
    tcase_add_test(t, the_count_may_come_while_others_read);
    tcase_add_test(t, labels_lie_in_the_region);
    tcase_add_test(t, two_tables_in_one_region);
    tcase_add_loop_test(t, damaged_labels_are_none, 0, DAMAGES);
    tcase_add_test(t, buckets_meet_exactly);
    tcase_add_test(t, known_edges);
    tcase_add_test(t, percentiles_of_known_values);
    tcase_add_test(t, percentiles_of_little);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
