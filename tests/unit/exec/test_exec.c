/*
 * exec without its process: the whole sequence against a slow model, its ends, and what it does
 * when the journal is slow, a feed dies or the supervisor stops it.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/exec_rig.h"

/* ---- the model: what the sequence behind the battle's records must be ------------------------ */

#define MODEL_MAX 4096

struct model {
    struct ry_input want[MODEL_MAX];
    unsigned count;
};

static uint64_t rank_of(const struct ry_input_head *head)
{
    if (head->source == RY_SOURCE_CLOCK)
        return head->kind == RY_IN_TIME ? RY_EXEC_TIE_FIRST : RY_EXEC_TIE_LAST;
    return ry_exec_key_tie(7, head->time, head->source);
}

static int by_place(const void *a, const void *b)
{
    const struct ry_input_head *x = &((const struct ry_input *)a)->head,
                               *y = &((const struct ry_input *)b)->head;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    uint64_t rank_x = rank_of(x), rank_y = rank_of(y);
    if (rank_x != rank_y)
        return rank_x < rank_y ? -1 : 1;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return x->source_seq < y->source_seq ? -1 : x->source_seq > y->source_seq;
}

/* Puts the clock's records in, sorts, and cuts behind the END. `last` is the T of the last feed
 * record. */
static void model_finish(struct model *model, const struct ry_battle *battle, int64_t last)
{
    int64_t end = battle->trade_to < last ? battle->trade_to : last;
    struct ry_input clock = {.head = {.slots = 1, .source = RY_SOURCE_CLOCK, .source_seq = 1}};
    if (battle->trade_from <= end) {
        clock.head.kind = RY_IN_TIME;
        clock.head.time = battle->trade_from;
        model->want[model->count++] = clock;
        clock.head.source_seq++;
    }
    clock.head.kind = RY_IN_END;
    clock.head.time = end;
    model->want[model->count++] = clock;
    qsort(model->want, model->count, sizeof *model->want, by_place);
    for (unsigned i = 0; i < model->count; i++)
        if (model->want[i].head.kind == RY_IN_END)
            model->count = i + 1;
}

/* ---- random days ----------------------------------------------------------------------------- */

#define DAY_RECORDS 150

struct day {
    struct ry_input event[RY_FEEDS_MAX][DAY_RECORDS];
    unsigned count[RY_FEEDS_MAX], sent[RY_FEEDS_MAX];
    bool ended[RY_FEEDS_MAX];
    int64_t last;
};

static void day_make(struct day *day, unsigned feeds, struct model *model, uint64_t *random)
{
    memset(day, 0, sizeof *day);
    model->count = 0;
    day->last = RIG_FROM;
    for (unsigned f = 0; f < feeds; f++) {
        day->count[f] = (unsigned)(rig_random(random) % DAY_RECORDS);
        int64_t time = RIG_FROM;
        for (unsigned i = 0; i < day->count[f]; i++) {
            time += (int64_t)(rig_random(random) % 3);
            struct ry_input event =
                rig_add((uint16_t)f, time, (f + 1) * 1000 + i, i % 2 ? RY_BUY : RY_SELL,
                        (i % 2 ? 999900 : 1000100) + (int64_t)(i % 5), 1 + i % 7);
            day->event[f][i] = event;
            event.head.source = (uint16_t)(RY_SOURCE_FEED + f);
            event.head.source_seq = i + 1;
            model->want[model->count++] = event;
        }
        if (time > day->last && day->count[f] > 0)
            day->last = time;
    }
}

/* Sends a few records of a feed chosen by chance; returns whether anything is left. */
static bool day_send(struct day *day, struct rig *rig, uint64_t *random)
{
    bool left = false;
    unsigned feeds = rig->battle->feeds, f = (unsigned)(rig_random(random) % feeds);
    for (unsigned n = (unsigned)(rig_random(random) % 50); n > 0 && day->sent[f] < day->count[f];
         n--)
        rig_send(rig, f, day->event[f][day->sent[f]++]);
    if (day->sent[f] == day->count[f] && !day->ended[f] && rig_random(random) % 2) {
        rig_send_end(rig, f, day->last);
        day->ended[f] = true;
    }
    for (f = 0; f < feeds; f++)
        left |= !day->ended[f];
    return left;
}

static void skip_configuration(struct rig *rig)
{
    union ry_input_any input;
    for (unsigned i = 0; i < ry_exec_configured(rig->battle); i++)
        ck_assert(rig_read(rig, &input));
}

START_TEST(test_sequence_is_the_model)
{
    static struct day day;
    static struct model model;
    uint64_t random = 77 + (uint64_t)_i;
    unsigned feeds = 1 + (unsigned)_i % RY_FEEDS_MAX;
    int64_t trade_to =
        _i % 3 == 0 ? RY_TIME_NEVER : RIG_FROM + 60 + (int64_t)(rig_random(&random) % 120);
    struct rig *rig = rig_open(rig_battle(feeds, RY_FEEDS_MAX, trade_to), _i % 2 ? 64 : RIG_SLOTS);
    day_make(&day, feeds, &model, &random);
    model_finish(&model, rig->battle, day.last);
    skip_configuration(rig);
    unsigned got = 0;
    bool more = true;
    while (more || rig->exec.phase != RY_EXEC_DONE) {
        more = day_send(&day, rig, &random);
        ry_exec_step(&rig->exec);
        union ry_input_any input;
        for (unsigned n = (unsigned)(rig_random(&random) % 100); n > 0 && rig_read(rig, &input);
             n--) {
            ck_assert_uint_lt(got, model.count);
            ck_assert_mem_eq(&input.event, &model.want[got], sizeof input.event);
            got++;
        }
    }
    ck_assert_uint_eq(got, model.count);
    ck_assert(!rig->exec.failed);
    for (unsigned f = 0; f < feeds && trade_to == RY_TIME_NEVER; f++) /* FEED_END is read, too */
        ck_assert_uint_eq(ry_load_relaxed(&rig->positions->events[f].next), day.count[f] + 1);
    ck_assert(ry_arena_ended(rig->exec.arena));
    ck_assert_uint_eq(rig->exec.counters.machine.malformed, 0);
    ck_assert_uint_eq(rig->exec.counters.machine.inputs,
                      model.count + ry_exec_configured(rig->battle));
    ck_assert_uint_eq(rig->exec.counters.state_hash, ry_arena_state_hash(rig->exec.arena));
    rig_close(rig);
}
END_TEST

START_TEST(test_configuration)
{
    struct ry_battle *battle = rig_battle(2, 3, RIG_FROM + 1000);
    union ry_input_any record;
    ck_assert_uint_eq(ry_exec_configured(battle), 4);
    memset(&record, 0xaa, sizeof record);
    ry_exec_configure(battle, 0, &record);
    union ry_input_any want = {.battle = {
                                   .head = {.kind = RY_IN_BATTLE,
                                            .slots = 3,
                                            .source = RY_SOURCE_CONTROL,
                                            .time = RIG_FROM},
                                   .seed = 7,
                                   .warmup_from = RIG_FROM,
                                   .trade_from = RIG_FROM + 50,
                                   .trade_to = RIG_FROM + 1000,
                                   .orders_max = 4096,
                                   .instruments = 3,
                                   .market = RY_MARKET_MERGED,
                                   .name = "rig",
                               }};
    ck_assert_mem_eq(&record, &want, sizeof record);
    ry_exec_configure(battle, 2, &record);
    want = (union ry_input_any){.instrument = {
                                    .head = {.kind = RY_IN_INSTRUMENT,
                                             .slots = 3,
                                             .instrument = 1,
                                             .source = RY_SOURCE_FEED + 1,
                                             .time = RIG_FROM},
                                    .symbol = "S1",
                                    .currency = "USD",
                                    .price_scale = 4,
                                    .tick_size = 100,
                                    .money_per_unit = 100,
                                }};
    ck_assert_mem_eq(&record, &want, sizeof record);
    free(battle);
}
END_TEST

START_TEST(test_waits_for_the_journal)
{
    struct rig *rig = rig_open(rig_battle(1, 1, RY_TIME_NEVER), 16);
    for (uint64_t i = 0; i < 40; i++)
        rig_send(rig, 0, rig_add(0, RIG_FROM, i + 1, RY_BUY, 1000, 1));
    rig_send_end(rig, 0, RIG_FROM);
    rig_settle(rig);
    /* nothing was read: the ring is full to the last slot, and not a slot further */
    ck_assert_uint_eq(ry_ring_written(&rig->exec.inputs), 16);
    ck_assert_int_eq(rig->exec.wait.why, RY_EXEC_WAIT_JOURNAL);
    ck_assert_uint_eq(rig->exec.counters.input_waits, 1);
    rig_settle(rig);
    ck_assert_uint_eq(rig->exec.counters.input_waits, 1); /* counted once each time */
    unsigned n = 0;
    union ry_input_any input;
    while (rig_read(rig, &input) || ry_exec_step(&rig->exec) > 0)
        n += input.head.kind == RY_IN_ADD;
    ck_assert_uint_ge(n, 40);
    ck_assert_int_eq(rig->exec.wait.why, RY_EXEC_WAIT_NOTHING);
    ck_assert_int_eq(rig->exec.phase, RY_EXEC_DONE);
    ck_assert_uint_eq(rig->exec.counters.feed0_events, 40);
    rig_close(rig);
}
END_TEST

START_TEST(test_end_waits_until_the_journal_has_read)
{
    struct rig *rig = rig_open(rig_battle(1, 1, RY_TIME_NEVER), 64);
    rig_send_end(rig, 0, RIG_FROM);
    rig_settle(rig);
    ck_assert_int_eq(rig->exec.phase, RY_EXEC_DRAINING);
    union ry_input_any input;
    while (rig_read(rig, &input))
        ;
    ck_assert_int_eq(input.head.kind, RY_IN_END);
    ck_assert_int_eq(input.head.time, RIG_FROM);
    ck_assert_uint_eq(input.head.flags, 0);
    ck_assert_uint_eq(rig->exec.counters.not_reproducible, 0);
    rig_settle(rig);
    ck_assert_int_eq(rig->exec.phase, RY_EXEC_DONE);
    rig_close(rig);
}
END_TEST

/* Reads all that is there; the last one. */
static union ry_input_any last_input(struct rig *rig)
{
    union ry_input_any input = {.head.kind = RY_IN_NONE}, next;
    while (rig_read(rig, &next))
        input = next;
    return input;
}

START_TEST(test_stop_ends_at_once)
{
    struct rig *rig = rig_open(rig_battle(2, 2, RY_TIME_NEVER), 64);
    /* the other feed may hold it up for ever */
    rig_send(rig, 0, rig_add(0, RIG_FROM, 1, RY_BUY, 1000, 1));
    rig_settle(rig);
    rig_tell(rig, RY_CONTROL_STOP, 0);
    rig_settle(rig);
    union ry_input_any end = last_input(rig);
    ck_assert_int_eq(end.head.kind, RY_IN_END);
    ck_assert_int_eq(end.head.time, rig->exec.horizon.present);
    ck_assert_uint_eq(end.head.flags, RY_INF_WALL);
    ck_assert_uint_eq(rig->exec.counters.not_reproducible, 1);
    ck_assert(!rig->exec.failed);
    rig_close(rig);
}
END_TEST

START_TEST(test_feed_died)
{
    struct rig *rig = rig_open(rig_battle(1, 1, RY_TIME_NEVER), 4096);
    for (uint64_t i = 0; i < 100; i++)
        rig_send(rig, 0, rig_add(0, RIG_FROM + 60 + (int64_t)i, i + 1, RY_BUY, 1000, 1));
    rig_tell(rig, RY_CONTROL_FEED_DIED, 0);
    rig_settle(rig);
    union ry_input_any end = last_input(rig);
    ck_assert_int_eq(end.head.kind, RY_IN_END);
    ck_assert_int_eq(end.head.time, RIG_FROM + 159); /* what it had said before it died counts */
    ck_assert_uint_eq(end.head.flags, RY_INF_WALL);
    ck_assert(rig->exec.failed);
    ck_assert_str_eq(rig->exec.reason, "feed feed0 died before the end of its data");
    rig_settle(rig);
    ck_assert_int_eq(rig->exec.phase, RY_EXEC_DONE);
    rig_close(rig);
}
END_TEST

START_TEST(test_feed_died_after_its_end)
{
    struct rig *rig = rig_open(rig_battle(2, 2, RY_TIME_NEVER), 4096);
    rig_send(rig, 0, rig_add(0, RIG_FROM, 1, RY_BUY, 1000, 1));
    rig_send_end(rig, 0, RIG_FROM);
    rig_tell(rig, RY_CONTROL_FEED_DIED, 0);
    rig_settle(rig);
    ck_assert_int_eq(rig->exec.phase, RY_EXEC_RUNNING);
    rig_send_end(rig, 1, RIG_FROM);
    rig_settle(rig);
    ck_assert_int_eq(last_input(rig).head.kind, RY_IN_END);
    ck_assert(!rig->exec.failed);
    rig_close(rig);
}
END_TEST

START_TEST(test_feed_that_laps_is_broken)
{
    struct rig *rig = rig_open(rig_battle(1, 1, RY_TIME_NEVER), 4096);
    for (uint64_t i = 0; i < RIG_SLOTS + 100; i++)
        rig_send(rig, 0, rig_add(0, RIG_FROM, i + 1, RY_BUY, 1000, 1));
    rig_settle(rig);
    ck_assert(rig->exec.failed);
    ck_assert_str_eq(rig->exec.reason, "feed feed0 wrote over records that were not read");
    rig_close(rig);
}
END_TEST

START_TEST(test_control_is_not_trusted)
{
    struct rig *rig = rig_open(rig_battle(1, 1, RY_TIME_NEVER), 64);
    rig_tell(rig, RY_CONTROL_FEED_DIED, RY_FEEDS_MAX);
    rig_tell(rig, RY_CONTROL_AGENT_DIED, 0); /* the battle has no agents */
    rig_tell(rig, (enum ry_control_kind)99, 0);
    rig_settle(rig);
    ck_assert_uint_eq(rig->exec.counters.control_invalid, 3);
    ck_assert(!rig->exec.failed);
    ck_assert_uint_eq(ry_load_relaxed(&rig->positions->control.next), 3);
    rig_close(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec");
    TCase *c = tcase_create("exec");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, test_sequence_is_the_model, 0, 120);
    tcase_add_test(c, test_configuration);
    tcase_add_test(c, test_waits_for_the_journal);
    tcase_add_test(c, test_end_waits_until_the_journal_has_read);
    tcase_add_test(c, test_stop_ends_at_once);
    tcase_add_test(c, test_feed_died);
    tcase_add_test(c, test_feed_died_after_its_end);
    tcase_add_test(c, test_feed_that_laps_is_broken);
    tcase_add_test(c, test_control_is_not_trusted);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
