/* A topic against the rows that a journal gives: each kind of defect by hand, and random topics
 * against a slow model that looks at every message for every row.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/arena_rig.h"
#include "tests/support/results_rig.h"
#include "tests/support/test.h"
#include "tools/kafka/verify_compare.h"

#define ROWS_MAX       48
#define PARTITIONS_MAX 4
#define MESSAGES_MAX   (4 * ROWS_MAX)
#define TEXT_BYTES     192
#define CASES          20000

struct message {
    char key[48], value[TEXT_BYTES];
    bool others; /* another battle's */
    bool bad_header;
    struct ry_export_cursor at; /* as the value says */
};

struct partition {
    struct message *message[MESSAGES_MAX];
    unsigned count, next;
};

static struct {
    struct message row[ROWS_MAX]; /* as they should be, in their order */
    unsigned rows, partitions;
    struct partition partition[PARTITIONS_MAX];
    struct message made[MESSAGES_MAX];
    unsigned makes;
    bool fails; /* the source */
} topic;

static struct ry_kafka_compare compare;
static rd_kafka_headers_t *wanted, *good, *bad;
static struct ry_test_rng random_numbers;

/* ---- a topic in memory ----------------------------------------------------------------------- */

static rd_kafka_headers_t *headers(const char *version, const char *epoch)
{
    rd_kafka_headers_t *made = rd_kafka_headers_new(3);
    rd_kafka_header_add(made, "schema", -1, "royale.fill", -1);
    if (version != NULL)
        rd_kafka_header_add(made, "version", -1, version, -1);
    rd_kafka_header_add(made, "epoch", -1, epoch, -1);
    return made;
}

static void begin(void)
{
    memset(&topic, 0, sizeof topic);
    topic.partitions = 1;
    wanted = headers("4", "0");
    good = headers("4", "17");
    bad = headers(NULL, "17");
}

static void finish(void)
{
    rd_kafka_headers_destroy(wanted);
    rd_kafka_headers_destroy(good);
    rd_kafka_headers_destroy(bad);
}

static void write_value(struct message *message, const struct ry_battle_id *id)
{
    char hex[RY_TEXT_ID_BYTES];
    snprintf(message->value, sizeof message->value,
             "{\"type\":\"fill\",\"battle_id\":\"%s\",\"input\":%" PRIu64 ",\"n\":%" PRIu64
             ",\"pad\":\"................\"}",
             ry_text_row_id(hex, id), message->at.input, message->at.n);
}

static struct message *make(uint64_t input, uint64_t n, const char *key)
{
    ck_assert_uint_lt(topic.makes, MESSAGES_MAX);
    struct message *message = &topic.made[topic.makes++];
    *message = (struct message){.at = {input, n}};
    snprintf(message->key, sizeof message->key, "%s", key);
    write_value(message, &stage_id);
    return message;
}

static struct message *expect(uint64_t input, uint64_t n, const char *key)
{
    struct message *message = make(input, n, key);
    topic.row[topic.rows++] = *message;
    return message;
}

static void insert(unsigned p, unsigned at, struct message *message)
{
    struct partition *partition = &topic.partition[p];
    memmove(&partition->message[at + 1], &partition->message[at],
            (partition->count - at) * sizeof partition->message[0]);
    partition->message[at] = message;
    partition->count++;
}

static void append(unsigned p, struct message *message)
{
    insert(p, topic.partition[p].count, message);
}

static struct message *take_out(unsigned p, unsigned at)
{
    struct partition *partition = &topic.partition[p];
    struct message *message = partition->message[at];
    partition->count--;
    memmove(&partition->message[at], &partition->message[at + 1],
            (partition->count - at) * sizeof partition->message[0]);
    return message;
}

static int peek(void *context, unsigned p, struct ry_kafka_seen *seen)
{
    (void)context;
    const struct partition *partition = &topic.partition[p];
    if (topic.fails)
        return -1;
    if (partition->next == partition->count)
        return 0;
    const struct message *message = partition->message[partition->next];
    *seen = (struct ry_kafka_seen){
        .key = message->key,
        .value = message->value[0] != 0 ? message->value : NULL,
        .key_bytes = strlen(message->key),
        .value_bytes = strlen(message->value),
        .headers = message->bad_header ? bad : good,
        .offset = partition->next,
    };
    return 1;
}

static void next(void *context, unsigned p)
{
    (void)context;
    topic.partition[p].next++;
}

static void run_until(bool compacted, struct ry_export_cursor until)
{
    const struct ry_kafka_source source = {
        .peek = peek, .next = next, .partitions = topic.partitions};
    for (unsigned p = 0; p < topic.partitions; p++)
        topic.partition[p].next = 0;
    ry_kafka_compare_open(&compare, "t", RY_KAFKA_JSON, compacted, &stage_id, &source);
    for (unsigned i = 0; i < topic.rows; i++) {
        const struct message *row = &topic.row[i];
        const struct ry_kafka_expected expected = {.at = row->at,
                                                   .kind = RY_RESULTS_ROW_FILL,
                                                   .key = row->key,
                                                   .value = row->value,
                                                   .key_bytes = strlen(row->key),
                                                   .value_bytes = strlen(row->value),
                                                   .headers = wanted};
        ry_kafka_compare_row(&compare, &expected);
    }
    ry_kafka_compare_end(&compare, &until);
    ry_kafka_compare_close(&compare);
}

static void run(void)
{
    run_until(false, (struct ry_export_cursor){UINT64_MAX, UINT64_MAX});
}

/* One defect, and this is said of it. */
static void want(enum ry_kafka_defect defect, const char *text)
{
    run();
    ck_assert(!compare.failed && compare.defective);
    ck_assert_str_eq(compare.first_text, text);
    ck_assert_int_eq(compare.first, defect);
    for (unsigned d = 0; d < RY_KAFKA_DEFECTS; d++)
        ck_assert_msg(compare.count[d] == (d == defect), "%s: %" PRIu64, ry_kafka_defects[d],
                      compare.count[d]);
}

/* Rows (1, 1) .. (6, 1), keys a b a b a b, in partitions 0 and 1. */
static void six(void)
{
    memset(&topic, 0, sizeof topic);
    topic.partitions = 2;
    for (unsigned i = 0; i < 6; i++)
        append(i % 2, expect(i + 1, 1, i % 2 == 0 ? "a" : "b"));
}

/* ---- by hand --------------------------------------------------------------------------------- */

START_TEST(test_equal)
{
    six();
    struct message *other = make(3, 1, "a");
    write_value(other, &(struct ry_battle_id){{0x77}});
    insert(0, 1, other);
    struct message *text = make(1, 1, "a");
    strcpy(text->value, "no row at all");
    insert(1, 0, text);
    run();
    ck_assert(!compare.defective && !compare.failed);
    ck_assert_uint_eq(compare.equal, 6);
    ck_assert_uint_eq(compare.expected, 6);
    ck_assert_uint_eq(compare.others, 2);
}
END_TEST

START_TEST(test_missing)
{
    six();
    (void)take_out(0, 1);
    want(RY_KAFKA_MISSING, "t: fill (input 3, n 1), key a: missing: partition 0 goes on without "
                           "it at offset 1");

    six();
    (void)take_out(1, 2);
    want(RY_KAFKA_MISSING, "t: fill (input 6, n 1), key b: missing: partition 1 ends before it");
}
END_TEST

START_TEST(test_missing_key)
{
    six();
    topic.partition[1].count = 0;
    run();
    ck_assert_uint_eq(compare.count[RY_KAFKA_MISSING], 3);
    ck_assert_str_eq(compare.first_text,
                     "t: fill (input 2, n 1), key b: missing: no partition has it");
}
END_TEST

START_TEST(test_double)
{
    six();
    append(0, make(1, 1, "a"));
    want(RY_KAFKA_DOUBLE, "t partition 0 offset 3: fill (input 1, n 1), key a: double: the row "
                          "stands there before");

    six();
    insert(1, 0, make(1, 1, "a"));
    want(RY_KAFKA_DOUBLE, "t partition 1 offset 0: fill (input 1, n 1), key a: double: the row "
                          "stands there before");
}
END_TEST

START_TEST(test_swapped)
{
    six();
    insert(0, 1, take_out(0, 2));
    want(RY_KAFKA_ORDER, "t partition 0 offset 2: fill (input 3, n 1), key a: out of order: a "
                         "later row stands before it");
}
END_TEST

START_TEST(test_different_value)
{
    six();
    char *value = topic.partition[0].message[1]->value;
    char *pad = strstr(value, "....");
    ck_assert_ptr_nonnull(pad);
    pad[9] = 'x';
    run();
    ck_assert_int_eq(compare.first, RY_KAFKA_DIFFERENT);
    char text[RY_KAFKA_COMPARE_TEXT_BYTES];
    snprintf(text, sizeof text,
             "t partition 0 offset 1: fill (input 3, n 1), key a: different: its value differs "
             "from byte %td on: ..\":\".........x......\"}.., the journal says "
             "..\":\"................\"}..",
             pad + 9 - value + 1);
    want(RY_KAFKA_DIFFERENT, text);
}
END_TEST

START_TEST(test_different_key_and_header)
{
    six();
    strcpy(topic.partition[0].message[0]->key, "z");
    want(RY_KAFKA_DIFFERENT,
         "t partition 0 offset 0: fill (input 1, n 1), key a: different: its key is z");

    six();
    topic.partition[1].message[2]->bad_header = true;
    want(RY_KAFKA_DIFFERENT, "t partition 1 offset 2: fill (input 6, n 1), key b: different: its "
                             "header version is not there, or another");
}
END_TEST

START_TEST(test_elsewhere)
{
    six();
    insert(1, 1, take_out(0, 1));
    want(RY_KAFKA_ELSEWHERE, "t partition 1 offset 1: fill (input 3, n 1), key a: elsewhere: "
                             "earlier rows of its key stand in partition 0");
}
END_TEST

START_TEST(test_foreign)
{
    six();
    insert(1, 1, make(3, 2, "b"));
    want(RY_KAFKA_FOREIGN, "t partition 1 offset 1: fill (input 3, n 2), key b: foreign: the "
                           "journal has no such row for this topic");

    six();
    append(0, make(7, 1, "a"));
    want(RY_KAFKA_FOREIGN, "t partition 0 offset 3: fill (input 7, n 1), key a: foreign: the "
                           "journal has no such row for this topic");
    run_until(false, (struct ry_export_cursor){6, 1});
    ck_assert(!compare.defective);
    ck_assert_uint_eq(compare.beyond, 1);
}
END_TEST

START_TEST(test_foreign_unreadable)
{
    six();
    struct message *cut = make(4, 1, "b");
    cut->value[strlen(cut->value) - 1] = 0;
    insert(1, 1, cut);
    want(RY_KAFKA_FOREIGN, "t partition 1 offset 1: foreign: key b: its value is no row that can "
                           "be read, around row (input 4, n 1)");
}
END_TEST

START_TEST(test_foreign_tombstone)
{
    char key[48], hex[RY_TEXT_ID_BYTES];
    snprintf(key, sizeof key, "%s|alpha", ry_text_row_id(hex, &stage_id));
    append(0, expect(1, 1, key));
    struct message *tombstone = make(1, 1, key);
    tombstone->value[0] = 0;
    append(0, tombstone);
    run();
    ck_assert_uint_eq(compare.count[RY_KAFKA_FOREIGN], 1);
    ck_assert_ptr_nonnull(strstr(compare.first_text, "its value is empty, which deletes the key"));
}
END_TEST

START_TEST(test_compacted)
{
    six();
    (void)take_out(0, 0);
    (void)take_out(0, 0);
    run_until(true, (struct ry_export_cursor){UINT64_MAX, UINT64_MAX});
    ck_assert(!compare.defective);
    ck_assert_uint_eq(compare.compacted_away, 2);
    ck_assert_uint_eq(compare.equal, 4);
    run();
    ck_assert_uint_eq(compare.count[RY_KAFKA_MISSING], 2); /* of a topic that keeps all */
    (void)take_out(0, 0);                                  /* the last of its key */
    run_until(true, (struct ry_export_cursor){UINT64_MAX, UINT64_MAX});
    ck_assert_uint_eq(compare.count[RY_KAFKA_MISSING], 3);
    ck_assert_uint_eq(compare.compacted_away, 0);
}
END_TEST

START_TEST(test_source_fails)
{
    six();
    topic.fails = true;
    run();
    ck_assert(compare.failed);
}
END_TEST

/* ---- random topics against the model --------------------------------------------------------- */

static unsigned draw(unsigned below)
{
    return ry_test_rng_below(&random_numbers, below);
}

static void make_rows(void)
{
    char key[8];
    unsigned rows = 1 + draw(ROWS_MAX - 1), keys = 1 + draw(5);
    uint64_t input = 1, n = 0;
    topic.partitions = 1 + draw(PARTITIONS_MAX);
    for (unsigned i = 0; i < rows; i++) {
        if (draw(2) == 0) {
            input += 1 + draw(3);
            n = 0;
        }
        n += 1 + draw(3);
        unsigned k = draw(keys);
        snprintf(key, sizeof key, "k%u", k);
        append(k % topic.partitions, expect(input, n, key));
    }
}

static void plant(void)
{
    unsigned p = draw(topic.partitions), q = draw(topic.partitions);
    struct partition *partition = &topic.partition[p];
    if (partition->count == 0)
        return;
    unsigned at = draw(partition->count);
    struct message *message = partition->message[at], *copy;
    switch (draw(9)) {
    case 0: (void)take_out(p, at); break;
    case 1: insert(q, draw(topic.partition[q].count + 1), message); break;
    case 2: insert(p, draw(partition->count), take_out(p, at)); break;
    case 3:
        message = take_out(p, at);
        insert(q, draw(topic.partition[q].count + 1), message);
        break;
    case 4: message->value[strlen(message->value) - 3] ^= 1; break;
    case 5: strcpy(message->key, draw(2) == 0 ? "k0" : "other"); break;
    case 6: message->bad_header = true; break;
    case 7: /* beside the rows' names, or beyond them all */
        copy = make(message->at.input + draw(4), message->at.n + draw(3), message->key);
        insert(p, draw(partition->count + 1), copy);
        break;
    default:
        copy = make(message->at.input, message->at.n, message->key);
        copy->others = true;
        write_value(copy, &(struct ry_battle_id){{1}});
        insert(p, draw(partition->count + 1), copy);
        break;
    }
}

static bool same_at(const struct ry_export_cursor *a, const struct ry_export_cursor *b)
{
    return a->input == b->input && a->n == b->n;
}

/* A later row stands before it in its partition. */
static bool blocked(const struct partition *partition, unsigned at)
{
    for (unsigned i = 0; i < at; i++)
        if (!partition->message[i]->others &&
            ry_export_behind(&partition->message[i]->at, &partition->message[at]->at))
            return true;
    return false;
}

static struct {
    uint64_t count[RY_KAFKA_DEFECTS], compacted_away, equal;
    bool defective;
    struct ry_export_cursor first;
} model;

static void say(enum ry_kafka_defect defect, const struct ry_export_cursor *at)
{
    model.count[defect]++;
    if (!model.defective || ry_export_behind(&model.first, at))
        model.first = *at;
    model.defective = true;
}

static unsigned occurrences(const struct ry_export_cursor *at)
{
    unsigned count = 0;
    for (unsigned p = 0; p < topic.partitions; p++)
        for (unsigned i = 0; i < topic.partition[p].count; i++)
            count += !topic.partition[p].message[i]->others &&
                     same_at(&topic.partition[p].message[i]->at, at);
    return count;
}

/* The message that stands for the row: the first that is not blocked, of its key's partition if
 * there is one. NULL: none; `*p` is its partition. */
static const struct message *stands_for(const struct message *row, int home, unsigned *p)
{
    const struct message *found = NULL;
    for (unsigned q = 0; q < topic.partitions; q++)
        for (unsigned i = 0; i < topic.partition[q].count; i++) {
            const struct message *message = topic.partition[q].message[i];
            if (message->others || !same_at(&message->at, &row->at) ||
                blocked(&topic.partition[q], i))
                continue;
            if (found == NULL || (*p != q && (int)q == home)) {
                found = message;
                *p = q;
            }
        }
    return found;
}

static void make_model(bool compacted)
{
    int home[ROWS_MAX];           /* the partition of each row's key, once it is known */
    bool matched[ROWS_MAX] = {0}; /* with its own key */
    memset(&model, 0, sizeof model);
    for (unsigned i = 0; i < topic.rows; i++) {
        const struct message *row = &topic.row[i];
        unsigned p = 0, times = occurrences(&row->at);
        home[i] = -1;
        for (unsigned j = 0; j < i; j++)
            if (strcmp(topic.row[j].key, row->key) == 0 && home[j] >= 0)
                home[i] = home[j];
        const struct message *message = stands_for(row, home[i], &p);
        for (unsigned j = 1; j < times; j++)
            say(RY_KAFKA_DOUBLE, &row->at);
        if (message == NULL && times > 0)
            say(RY_KAFKA_ORDER, &row->at);
        if (message == NULL)
            continue;
        matched[i] = strcmp(message->key, row->key) == 0;
        bool elsewhere = matched[i] && home[i] >= 0 && home[i] != (int)p;
        if (matched[i] && home[i] < 0)
            home[i] = (int)p;
        if (elsewhere)
            say(RY_KAFKA_ELSEWHERE, &row->at);
        else if (!matched[i] || message->bad_header || strcmp(message->value, row->value) != 0)
            say(RY_KAFKA_DIFFERENT, &row->at);
        else
            model.equal++;
    }
    for (unsigned i = 0; i < topic.rows; i++) {
        bool later = false;
        for (unsigned j = i + 1; j < topic.rows; j++)
            later |= matched[j] && strcmp(topic.row[i].key, topic.row[j].key) == 0;
        if (occurrences(&topic.row[i].at) > 0)
            continue;
        if (compacted && later)
            model.compacted_away++;
        else
            say(RY_KAFKA_MISSING, &topic.row[i].at);
    }
    for (unsigned p = 0; p < topic.partitions; p++)
        for (unsigned i = 0; i < topic.partition[p].count; i++) {
            const struct message *message = topic.partition[p].message[i];
            bool known = message->others;
            for (unsigned j = 0; j < topic.rows; j++)
                known |= same_at(&topic.row[j].at, &message->at);
            if (!known)
                say(RY_KAFKA_FOREIGN, &message->at);
        }
}

START_TEST(test_model)
{
    uint64_t seen[RY_KAFKA_DEFECTS] = {0}, clean = 0, away = 0;
    random_numbers.x = 20260105;
    for (unsigned i = 0; i < CASES; i++) {
        bool compacted = draw(3) == 0;
        memset(&topic, 0, sizeof topic);
        make_rows();
        for (unsigned defects = draw(5); defects > 0; defects--)
            plant();
        run_until(compacted, (struct ry_export_cursor){UINT64_MAX, UINT64_MAX});
        make_model(compacted);
        ck_assert(!compare.failed);
        for (unsigned d = 0; d < RY_KAFKA_DEFECTS; d++) {
            ck_assert_msg(compare.count[d] == model.count[d],
                          "case %u, %s: %" PRIu64 ", the model says %" PRIu64 "; %s", i,
                          ry_kafka_defects[d], compare.count[d], model.count[d],
                          compare.first_text);
            seen[d] += model.count[d];
        }
        ck_assert_uint_eq(compare.equal, model.equal);
        ck_assert_uint_eq(compare.compacted_away, model.compacted_away);
        ck_assert_int_eq(compare.defective, model.defective);
        ck_assert(!model.defective || same_at(&compare.first_at, &model.first));
        clean += !model.defective;
        away += model.compacted_away;
    }
    for (unsigned d = 0; d < RY_KAFKA_DEFECTS; d++)
        ck_assert_msg(seen[d] > 100, "%s: %" PRIu64, ry_kafka_defects[d], seen[d]);
    ck_assert_uint_gt(clean, 100);
    ck_assert_uint_gt(away, 100);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("kafka compare");
    TCase *t = tcase_create("compare");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, begin, finish);
    tcase_add_test(t, test_equal);
    tcase_add_test(t, test_missing);
    tcase_add_test(t, test_missing_key);
    tcase_add_test(t, test_double);
    tcase_add_test(t, test_swapped);
    tcase_add_test(t, test_different_value);
    tcase_add_test(t, test_different_key_and_header);
    tcase_add_test(t, test_elsewhere);
    tcase_add_test(t, test_foreign);
    tcase_add_test(t, test_foreign_unreadable);
    tcase_add_test(t, test_foreign_tombstone);
    tcase_add_test(t, test_compacted);
    tcase_add_test(t, test_source_fails);
    tcase_add_test(t, test_model);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
