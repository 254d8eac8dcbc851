/*
 * Whole generated days through the model: what must hold in every state, a book of recorded orders
 * that knows nothing of agents beside it, and that the days exercise every clause of
 * docs/MATCHING.md.
 */
#include "tests/model/flow.h"
#include "tests/model/model.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_FIRST                                                                                 \
    1451u /* of seeds that make every clause happen within the short run's inputs                  \
           */

/* --- What holds in every state of every day. --- */

struct side_check {
    bool record_only;
    bool any;
    bool good;
    enum ry_side side;
    int64_t price; /* of the order before */
};

static bool good_order(const struct side_check *check, const struct ry_arena_book_order *seen)
{
    if (check->any &&
        (check->side == RY_BUY ? seen->price > check->price : seen->price < check->price))
        return false;
    if (seen->owner != RY_OWNER_RECORDED)
        return !check->record_only && seen->open > 0 && seen->rec == 0 && seen->surplus == 0;
    if (check->record_only && (seen->open != seen->rec || seen->surplus != 0))
        return false;
    return seen->open <= seen->rec && (seen->rec > 0 || seen->surplus > 0);
}

static bool check_order(void *context, const struct ry_arena_book_order *seen)
{
    struct side_check *check = context;
    check->good = good_order(check, seen);
    check->any = true;
    check->price = seen->price;
    return check->good;
}

/* check's own assertions write to a pipe each time, too slow for every input: ck_abort_msg alone.
 */
static void check_state(const struct ry_model *model, uint16_t instrument, bool record_only)
{
    for (int side = RY_BUY; side <= RY_SELL; side++) {
        struct side_check check = {
            .record_only = record_only, .good = true, .side = (enum ry_side)side};
        ry_model_walk(model, instrument, (enum ry_side)side, check_order, &check);
        if (!check.good) {
            ck_abort_msg("an order that cannot stand so, after %lu inputs",
                         (unsigned long)ry_model_counters(model)->inputs);
        }
    }
    const struct ry_arena_counters *c = ry_model_counters(model);
    if (c->demand !=
        c->demand_agents + c->demand_surplus + c->demand_target + c->demand_displaced + c->unmet)
        ck_abort_msg("demand went nowhere");
    if (!ry_model_conserves(model))
        ck_abort_msg("cash or shares are lost");
}

/* Applies whole days; adds up what was exercised. */
static uint64_t run_day(uint64_t seed, enum ry_model_flow_profile profile, uint64_t *clauses)
{
    struct ry_model_flow *flow = malloc(sizeof *flow);
    ck_assert_ptr_nonnull(flow);
    struct ry_model *model = ry_model_create();
    union ry_input_any in;
    ry_model_flow_init(flow, seed, profile);
    while (ry_model_flow_next(flow, model, &in)) {
        ry_model_apply(model, &in, NULL);
        check_state(model, in.head.instrument, profile == RY_MODEL_FLOW_RECORD);
    }
    ck_assert(ry_model_ended(model));
    const uint64_t inputs = ry_model_counters(model)->inputs;
    for (int i = 0; i < RY_MODEL_CLAUSES; i++)
        clauses[i] += ry_model_clauses(model)[i];
    ry_model_destroy(model);
    free(flow);
    return inputs;
}

START_TEST(every_clause)
{
    static uint64_t clauses[RY_MODEL_CLAUSES];
    const uint64_t inputs_max = ry_test_long() ? 5000000 : 185000;
    uint64_t inputs = 0;
    for (uint64_t seed = SEED_FIRST; inputs < inputs_max; seed++)
        for (int profile = 0; profile < RY_MODEL_FLOW_PROFILES; profile++)
            inputs += run_day(seed, (enum ry_model_flow_profile)profile, clauses);
    for (int i = 0; i < RY_MODEL_CLAUSES; i++)
        printf("# clause %s %lu\n", ry_model_clause_texts[i].name, (unsigned long)clauses[i]);
    printf("# inputs %lu\n", (unsigned long)inputs);
    for (int i = 0; i < RY_MODEL_CLAUSES; i++) {
        const struct ry_model_clause_text *text = &ry_model_clause_texts[i];
        ck_assert_msg((clauses[i] == 0) == text->never, "%s: %s", text->name, text->text);
    }
}
END_TEST

/* The same seed makes the same day; another one does not. */
START_TEST(repeatable)
{
    uint64_t hash[3];
    for (int i = 0; i < 3; i++) {
        struct ry_model_flow *flow = malloc(sizeof *flow);
        struct ry_model *model = ry_model_create();
        union ry_input_any in;
        ry_model_flow_init(flow, i == 2 ? 8 : 7, RY_MODEL_FLOW_HOSTILE);
        flow->steps_end = 3000;
        while (ry_model_flow_next(flow, model, &in))
            ry_model_apply(model, &in, NULL);
        hash[i] =
            ry_model_input_hash(model) ^ ry_model_output_hash(model) ^ ry_model_book_hash(model);
        ry_model_destroy(model);
        free(flow);
    }
    ck_assert_uint_eq(hash[0], hash[1]);
    ck_assert_uint_ne(hash[0], hash[2]);
}
END_TEST

/* --- A book of recorded orders alone, which knows nothing of agents. --- */

#define PLAIN_MAX 1000

struct plain_book {
    struct ry_arena_book_order order[PLAIN_MAX]; /* in order of arrival */
    size_t count;
};

static struct ry_arena_book_order *plain_find(struct plain_book *book, uint16_t instrument,
                                              uint64_t ref)
{
    for (size_t i = 0; i < book->count; i++)
        if (book->order[i].ref == ref && book->order[i].instrument == instrument)
            return &book->order[i];
    return NULL;
}

static void plain_remove(struct plain_book *book, struct ry_arena_book_order *gone)
{
    const size_t at = (size_t)(gone - book->order);
    memmove(gone, gone + 1, (--book->count - at) * sizeof *gone);
}

static void plain_add(struct plain_book *book, const struct ry_input *in, uint64_t ref,
                      uint8_t side)
{
    ck_assert_uint_lt(book->count, PLAIN_MAX);
    book->order[book->count++] = (struct ry_arena_book_order){.ref = ref,
                                                              .price = in->price,
                                                              .rec = in->qty,
                                                              .instrument = in->head.instrument,
                                                              .side = side};
}

static void plain_apply(struct plain_book *book, const struct ry_input *in)
{
    struct ry_arena_book_order *found = plain_find(book, in->head.instrument, in->ref);
    switch (in->head.kind) {
    case RY_IN_ADD:
        if (found == NULL)
            plain_add(book, in, in->ref, in->side);
        break;
    case RY_IN_EXEC:
    case RY_IN_CANCEL:
    case RY_IN_AUCTION:
        if (found != NULL && ((in->head.flags & RY_INF_ALL) != 0 || in->qty >= found->rec))
            plain_remove(book, found);
        else if (found != NULL)
            found->rec -= in->qty;
        break;
    case RY_IN_REPLACE:
        if (found != NULL && (in->ref == in->ref_new ||
                              plain_find(book, in->head.instrument, in->ref_new) == NULL)) {
            const uint8_t side = found->side;
            plain_remove(book, found);
            plain_add(book, in, in->ref_new, side);
        }
        break;
    case RY_IN_CLEAR:
        for (size_t i = book->count; i-- > 0;)
            if (book->order[i].instrument == in->head.instrument)
                plain_remove(book, &book->order[i]);
        break;
    default: break;
    }
}

/* Where one side of the model stands while it is compared with what is left of a plain book. */
struct plain_walk {
    struct plain_book left;
};

static bool plain_compare(void *context, const struct ry_arena_book_order *seen)
{
    struct plain_book *left = &((struct plain_walk *)context)->left;
    struct ry_arena_book_order *best = NULL; /* the first to arrive of those with the best price */
    for (size_t i = 0; i < left->count; i++) {
        struct ry_arena_book_order *order_left = &left->order[i];
        if (order_left->instrument == seen->instrument && order_left->side == seen->side &&
            (best == NULL || (seen->side == RY_BUY ? order_left->price > best->price
                                                   : order_left->price < best->price)))
            best = order_left;
    }
    if (best == NULL || best->ref != seen->ref || best->price != seen->price ||
        best->rec != seen->rec)
        ck_abort_msg("reference %lu is not the next", (unsigned long)seen->ref);
    plain_remove(left, best);
    return true;
}

static void compare_books(const struct ry_model *model, const struct plain_book *book)
{
    static struct plain_walk walk;
    walk.left = *book;
    for (uint16_t i = 0; i < 3; i++) {
        ry_model_walk(model, i, RY_BUY, plain_compare, &walk);
        ry_model_walk(model, i, RY_SELL, plain_compare, &walk);
    }
    ck_assert_uint_eq(walk.left.count, 0);
}

START_TEST(record_alone)
{
    static struct plain_book book;
    struct ry_model_flow *flow = malloc(sizeof *flow);
    struct ry_model *model = ry_model_create();
    union ry_input_any in;
    ry_model_flow_init(flow, 3, RY_MODEL_FLOW_RECORD);
    for (unsigned n = 0; ry_model_flow_next(flow, model, &in); n++) {
        ry_model_apply(model, &in, NULL);
        plain_apply(&book, &in.event);
        if (n % 16 == 0)
            compare_books(model, &book);
    }
    compare_books(model, &book);
    ck_assert_uint_gt(book.count, 0);
    ry_model_destroy(model);
    free(flow);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("flow");
    TCase *cases = tcase_create("days");
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, every_clause);
    tcase_add_test(cases, repeatable);
    tcase_add_test(cases, record_alone);
    suite_add_tcase(s, cases);
    return s;
}

RY_TEST_MAIN(suite)
