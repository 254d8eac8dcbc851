/*
 * Horizons alone: a table of days computed by hand, and random days against a slow model, which
 * keeps a plain list of all that ever woke an agent and looks through it from its beginning.
 */
#include <stdlib.h>
#include <string.h>

#include "core/exec/horizon.h"
#include "tests/support/exec_rig.h"

#define T0          RIG_FROM
#define SEED        7
#define AGENTS      3u
#define INSTRUMENTS 3u
#define GROUPS      16u
#define RUNS        8u

/* The first is below what is allowed: it counts as 1,000. */
static const int64_t latency[AGENTS] = {10, 5000, 20000}, jitter[AGENTS] = {0, 0, 3000};

struct horizon_rig {
    struct ry_exec_horizon horizon;
    struct ry_exec_market head;
    void *memory;
    struct ry_exec_key key[AGENTS];
    uint64_t group, seq[AGENTS]; /* the last */
};

static struct horizon_rig *horizon_open(void)
{
    struct horizon_rig *rig = rig_memory(sizeof *rig);
    rig->memory = rig_memory(ry_exec_wakes_footprint(AGENTS, INSTRUMENTS, GROUPS, RUNS));
    const struct ry_exec_horizon_parts parts = {
        .seed = SEED,
        .warmup_from = T0,
        .agents = AGENTS,
        .instruments = INSTRUMENTS,
        .groups_max = GROUPS,
        .runs_max = RUNS,
        .memory = rig->memory,
        .head = &rig->head,
    };
    ry_exec_horizon_start(&rig->horizon, &parts);
    for (uint16_t i = 0; i < AGENTS; i++) {
        ry_exec_horizon_enter(&rig->horizon, i, latency[i], jitter[i]);
        rig->key[i] = ry_exec_key_never((uint16_t)(RY_SOURCE_AGENT + i));
    }
    return rig;
}

static void horizon_close(struct horizon_rig *rig)
{
    free(rig->memory);
    free(rig);
}

static void send_market(struct horizon_rig *rig, unsigned kind, unsigned instrument, int64_t time,
                        bool last)
{
    const struct ry_market record = {.kind = (uint8_t)kind,
                                     .slots = 1,
                                     .instrument = (uint16_t)instrument,
                                     .flags = last ? RY_MKF_LAST : 0,
                                     .group = rig->group + 1,
                                     .time = time};
    ry_exec_horizon_market(&rig->horizon, &record);
    rig->group += last;
}

static void send_report(struct horizon_rig *rig, unsigned agent, int64_t time)
{
    const struct ry_report record = {.kind = RY_RP_FILL,
                                     .slots = 2,
                                     .seq = ++rig->seq[agent],
                                     .group = rig->group,
                                     .time = time,
                                     .agent = (uint16_t)agent};
    ry_exec_horizon_report(&rig->horizon, &record);
}

/* Acknowledges; false: the timer was moved. */
static bool acknowledge(struct horizon_rig *rig, unsigned agent, unsigned kind, uint64_t number,
                        int64_t timer)
{
    const struct ry_command ack = {
        .kind = RY_CM_ACK, .slots = 1, .wake = (uint8_t)kind, .number = number, .timer = timer};
    int64_t time;
    ck_assert(ry_exec_horizon_wake(&rig->horizon, (uint16_t)agent, ack.wake, number, &time));
    return ry_exec_horizon_acknowledge(&rig->horizon, (uint16_t)agent, &ack, time);
}

/* ---- by hand --------------------------------------------------------------------------------- */

enum what { START, GROUP, REPORT, ACK, SAYS, OUT };

#define NEVER RY_TIME_NEVER

/* One step of agent 1, whose latency is 5,000, and its horizon then, behind T0. */
struct step {
    enum what what;
    int64_t time;           /* of what is made; ACK: the timer, 0: none */
    enum ry_wake_kind wake; /* ACK, SAYS */
    uint64_t number;
    int64_t horizon;
};

static const struct step days[][10] = {
    {/* the header's example */
     {START, 10, 0, 0, 10},
     {ACK, 0, RY_WAKE_START, 0, NEVER},
     {GROUP, 100, 0, 0, 5100},
     {GROUP, 300, 0, 0, 5100},
     {SAYS, 5100, RY_WAKE_GROUP, 2, 5100},
     {ACK, 0, RY_WAKE_GROUP, 2, 5300},
     {ACK, 2000, RY_WAKE_GROUP, 3, 7000},
     {SAYS, 7000, RY_WAKE_TIMER, 2000, 7000},
     {ACK, 0, RY_WAKE_TIMER, 2000, NEVER}},
    {/* nothing wakes before START; a command opens its gate no more than L(1) does */
     {GROUP, 1, 0, 0, NEVER},
     {START, 10, 0, 0, 10},
     {REPORT, 20, 0, 0, 10},
     {SAYS, 5010, RY_WAKE_START, 0, 10},
     {ACK, 0, RY_WAKE_START, 0, 5020},
     {ACK, 0, RY_WAKE_REPORT, 1, NEVER}},
    {/* an acknowledgement takes all that came before it: reports, then their input's group */
     {START, 10, 0, 0, 10},
     {ACK, 0, RY_WAKE_START, 0, NEVER},
     {REPORT, 20, 0, 0, 5020},
     {GROUP, 20, 0, 0, 5020},
     {REPORT, 30, 0, 0, 5020},
     {GROUP, 40, 0, 0, 5020},
     {ACK, 0, RY_WAKE_GROUP, 2, 5030},
     {ACK, 0, RY_WAKE_REPORT, 2, 5040},
     {ACK, 0, RY_WAKE_GROUP, 3, NEVER}},
    {/* one report at a time, though an input made both */
     {START, 10, 0, 0, 10},
     {ACK, 0, RY_WAKE_START, 0, NEVER},
     {REPORT, 20, 0, 0, 5020},
     {REPORT, 20, 0, 0, 5020},
     {REPORT, 30, 0, 0, 5020},
     {ACK, 0, RY_WAKE_REPORT, 1, 5020},
     {ACK, 0, RY_WAKE_REPORT, 2, 5030},
     {ACK, 0, RY_WAKE_REPORT, 3, NEVER}},
    {/* a timer stays while wakes come and go, and a nearer one is moved */
     {START, 10, 0, 0, 10},
     {ACK, 9000, RY_WAKE_START, 0, 14000},
     {GROUP, 20, 0, 0, 5020},
     {ACK, 9000, RY_WAKE_GROUP, 2, 14000},
     {GROUP, 30, 0, 0, 5030},
     {ACK, 31, RY_WAKE_GROUP, 3, 6030}, /* 30 + 1,000 + 5,000 */
     {ACK, 1031, RY_WAKE_TIMER, 1030, 7030}},
    {/* no record arrives before the one before it; out: never */
     {START, 10, 0, 0, 10},
     {SAYS, 5010, RY_WAKE_START, 0, 10},
     {ACK, 0, RY_WAKE_START, 0, NEVER},
     {GROUP, 5000, 0, 0, 10000},
     {SAYS, 10000, RY_WAKE_GROUP, 2, 10000},
     {REPORT, 4900, 0, 0, 10000}, /* as if earlier: still not before */
     {OUT, 0, 0, 0, NEVER},
     {GROUP, 20000, 0, 0, NEVER}},
};

static void take_step(struct horizon_rig *rig, const struct step *step)
{
    const uint64_t number =
        step->wake == RY_WAKE_TIMER ? (uint64_t)T0 + step->number : step->number;
    struct ry_exec_key key = rig->key[1];
    int64_t time;
    switch (step->what) {
    case START: send_market(rig, RY_MK_START, 0, T0 + step->time, true); break;
    case GROUP: send_market(rig, RY_MK_TRADE, 0, T0 + step->time, true); break;
    case REPORT: send_report(rig, 1, T0 + step->time); break;
    case ACK:
        acknowledge(rig, 1, step->wake, number, step->time == 0 ? NEVER : T0 + step->time);
        break;
    case SAYS:
        ck_assert(ry_exec_horizon_wake(&rig->horizon, 1, (uint8_t)step->wake, number, &time));
        ck_assert(ry_exec_horizon_arrival(&rig->horizon, 1, time, &key));
        ck_assert_int_eq(key.time, T0 + step->time);
        ry_exec_horizon_arrived(&rig->horizon, 1, key.time);
        break;
    case OUT: ry_exec_horizon_out(&rig->horizon, 1); break;
    }
}

START_TEST(test_days_by_hand)
{
    struct horizon_rig *rig = horizon_open();
    for (unsigned i = 0; i < sizeof *days / sizeof **days; i++) {
        const struct step *step = &days[_i][i];
        if (step->horizon == 0)
            break;
        take_step(rig, step);
        ry_exec_horizon_key(&rig->horizon, 1, &rig->key[1]);
        const int64_t want = step->horizon == NEVER ? NEVER : T0 + step->horizon;
        ck_assert_msg(rig->key[1].time == want, "step %u: T0 + %lld instead of T0 + %lld", i,
                      (long long)(rig->key[1].time - T0), (long long)step->horizon);
    }
    horizon_close(rig);
}
END_TEST

/* The numbers are part of the sequence's definition. */
START_TEST(test_latencies_are_fixed)
{
    static const int64_t want[] = {882, 549, 851};
    for (uint64_t k = 1; k <= sizeof want / sizeof *want; k++)
        ck_assert_int_eq(ry_exec_horizon_latency(7, 1, k, 5000, 999), 5000 + want[k - 1]);
    ck_assert_int_eq(ry_exec_horizon_latency(7, 1, 1, 5000, 0), 5000);
    const int64_t one = ry_exec_horizon_latency(7, 1, 1, 5000, 1000000);
    ck_assert_int_ne(ry_exec_horizon_latency(8, 1, 1, 5000, 1000000), one);
    ck_assert_int_ne(ry_exec_horizon_latency(7, 2, 1, 5000, 1000000), one);
    ck_assert_int_eq(ry_exec_horizon_latency(7, 1, 1, NEVER - 1, 999), NEVER);
}
END_TEST

START_TEST(test_mark_never_falls)
{
    struct horizon_rig *rig = horizon_open();
    ck_assert_int_eq(ry_exec_horizon_floor(&rig->horizon), T0);
    ry_exec_horizon_mark(&rig->horizon, T0 + 50);
    ry_exec_horizon_mark(&rig->horizon, T0 + 20);
    ck_assert_int_eq(ry_load_relaxed(&rig->head.mark), T0 + 50);
    rig->horizon.present = T0 + 30;
    ck_assert_int_eq(ry_exec_horizon_floor(&rig->horizon), T0 + 50);
    rig->horizon.present = T0 + 70;
    ck_assert_int_eq(ry_exec_horizon_floor(&rig->horizon), T0 + 70);
    horizon_close(rig);
}
END_TEST

/* ---- the model ------------------------------------------------------------------------------- */

#define STEPS       3000u
#define MODEL_WAKES (8 * STEPS)

struct model_wake {
    uint8_t kind;
    uint64_t number, group; /* group: the last one before a report */
    int64_t time;
    bool acknowledged;
};

struct model_agent {
    struct model_wake wake[MODEL_WAKES]; /* all there ever were, in order */
    unsigned count;
    unsigned interest[INSTRUMENTS];
    uint64_t k;
    int64_t arrival, timer;
    bool out;
};

static struct model {
    struct model_agent agent[AGENTS];
    uint64_t group; /* the last */
    uint64_t woken;
    bool started;
} model;

static void model_reset(void)
{
    memset(&model, 0, sizeof model);
    for (unsigned i = 0; i < AGENTS; i++) {
        model.agent[i].timer = NEVER;
        model.agent[i].arrival = INT64_MIN;
        for (unsigned s = 0; s < INSTRUMENTS; s++)
            model.agent[i].interest[s] = RY_INTEREST_ALL;
    }
}

static const struct model_wake *model_first(const struct model_agent *agent)
{
    for (unsigned i = 0; i < agent->count; i++)
        if (!agent->wake[i].acknowledged)
            return &agent->wake[i];
    return NULL;
}

static void model_wakes(unsigned i, struct model_wake wake)
{
    struct model_agent *agent = &model.agent[i];
    if (agent->out)
        return;
    if (model_first(agent) == NULL)
        model.woken |= UINT64_C(1) << i;
    agent->wake[agent->count++] = wake;
}

/* The wake that a record may name. */
static struct model_wake *model_named(struct model_agent *agent, unsigned kind, uint64_t number)
{
    for (unsigned i = 0; i < agent->count; i++)
        if (!agent->wake[i].acknowledged && agent->wake[i].kind == kind &&
            agent->wake[i].number == number)
            return &agent->wake[i];
    return NULL;
}

static int64_t model_arrival(unsigned i, int64_t wake)
{
    const struct model_agent *agent = &model.agent[i];
    const uint64_t stream =
        ry_exec_mix64(~(uint64_t)SEED + (64 + i) * UINT64_C(0x9e3779b97f4a7c15));
    const int64_t time =
        wake + (latency[i] < 1000 ? 1000 : latency[i]) +
        (int64_t)(ry_exec_mix64(stream ^ (agent->k + 1)) % ((uint64_t)jitter[i] + 1));
    return time > agent->arrival ? time : agent->arrival;
}

static int64_t model_horizon(unsigned i, bool gate)
{
    const struct model_agent *agent = &model.agent[i];
    const struct model_wake *first = model_first(agent);
    int64_t time = first != NULL ? first->time : NEVER;
    if (gate && first != NULL && first->kind == RY_WAKE_START)
        return time;
    time = agent->timer < time ? agent->timer : time;
    return time == NEVER ? NEVER : model_arrival(i, time);
}

/* Reports of one T and group are one run. */
static unsigned model_runs(const struct model_agent *agent)
{
    unsigned runs = 0;
    const struct model_wake *last = NULL;
    for (unsigned i = 0; i < agent->count; i++) {
        const struct model_wake *wake = &agent->wake[i];
        if (wake->acknowledged || wake->kind != RY_WAKE_REPORT)
            continue;
        runs += last == NULL || last->time != wake->time || last->group != wake->group;
        last = wake;
    }
    return runs;
}

static int model_full(void)
{
    uint64_t oldest = model.group + 1;
    int agent = -1;
    for (unsigned i = 0; i < AGENTS; i++)
        if (model_runs(&model.agent[i]) == RUNS)
            return (int)i;
    for (unsigned i = 0; i < AGENTS; i++)
        for (unsigned n = 0; n < model.agent[i].count; n++) {
            const struct model_wake *wake = &model.agent[i].wake[n];
            if (wake->acknowledged || wake->kind != RY_WAKE_GROUP || wake->number >= oldest)
                continue;
            oldest = wake->number;
            agent = (int)i;
        }
    return model.group + 1 - oldest >= GROUPS ? agent : -1;
}

/* ---- random days against it ------------------------------------------------------------------ */

static void ck_same_horizon(struct horizon_rig *rig, uint16_t i)
{
    const int64_t want = model_horizon(i, true), death = model_horizon(i, false);
    struct ry_exec_key key = ry_exec_key_never((uint16_t)(RY_SOURCE_AGENT + i));
    struct ry_exec_key kept = rig->key[i]; /* its tie is used again if it may */
    ry_exec_horizon_key(&rig->horizon, i, &key);
    ry_exec_horizon_key(&rig->horizon, i, &kept);
    ck_assert(ry_exec_key_equal(&key, &kept));
    ck_assert_int_eq(key.time, want);
    if (want == NEVER)
        ck_assert(ry_exec_key_is_never(&key));
    else
        ck_assert_uint_eq(key.source_seq, model.agent[i].k + 1);
    if (want != NEVER && want == death)
        ck_assert_uint_eq(key.tie, ry_exec_key_tie(SEED, want, (uint16_t)(RY_SOURCE_AGENT + i)));
    rig->key[i] = key;
    ck_assert(ry_exec_horizon_death(&rig->horizon, i, &kept) == (death != NEVER));
    ck_assert_int_eq(kept.time, death != NEVER ? death : ry_exec_horizon_floor(&rig->horizon));
}

/* What exec relies on: outputs bring the horizons of those down that it is told of, no other's. */
static void ck_same_woken(struct horizon_rig *rig)
{
    const uint64_t woken = ry_exec_horizon_woken(&rig->horizon);
    ck_assert_uint_eq(woken, model.woken);
    ck_assert_uint_eq(ry_exec_horizon_woken(&rig->horizon), 0);
    for (uint16_t i = 0; i < AGENTS; i++) {
        struct ry_exec_key key = rig->key[i];
        ry_exec_horizon_key(&rig->horizon, i, &key);
        ck_assert((woken >> i & 1) != 0 || ry_exec_key_equal(&key, &rig->key[i]));
    }
    model.woken = 0;
}

/* An input: reports, then perhaps a group of some records. */
static void random_input(struct horizon_rig *rig, uint64_t *random)
{
    const int64_t time = rig->horizon.present += (int64_t)(rig_random(random) % 3) * 700;
    const bool start = !model.started && rig_random(random) % 8 == 0;
    unsigned agent = (unsigned)(rig_random(random) % AGENTS);
    for (unsigned n = (unsigned)(rig_random(random) % 4); model.started && n > 0; n--) {
        send_report(rig, agent, time);
        model_wakes(agent,
                    (struct model_wake){RY_WAKE_REPORT, rig->seq[agent], model.group, time, false});
    }
    if (!start && rig_random(random) % 4 == 0)
        return;
    uint64_t woken = 0;
    model.group++;
    for (unsigned left = 1 + (unsigned)(rig_random(random) % 3); left > 0; left--) {
        const unsigned kind = RY_MK_CHANGE + (unsigned)(rig_random(random) % 4); /* also END */
        const unsigned instrument = (unsigned)(rig_random(random) % INSTRUMENTS);
        send_market(rig, start && left == 1 ? RY_MK_START : kind, instrument, time, left == 1);
        for (unsigned i = 0; i < AGENTS && !(start && left == 1); i++)
            if (kind <= RY_MK_STATE && model.agent[i].interest[instrument] & 1u << (kind - 1))
                woken |= UINT64_C(1) << i;
    }
    model.started |= start;
    for (unsigned i = 0; i < AGENTS; i++)
        if (start)
            model_wakes(i, (struct model_wake){RY_WAKE_START, 0, 0, time, false});
        else if (model.started && woken >> i & 1)
            model_wakes(i, (struct model_wake){RY_WAKE_GROUP, model.group, 0, time, false});
}

static void both_acknowledge(struct horizon_rig *rig, unsigned i, unsigned kind, uint64_t number,
                             int64_t wake, int64_t timer)
{
    struct model_agent *agent = &model.agent[i];
    const bool kept = timer == agent->timer && kind != RY_WAKE_TIMER;
    const bool near = !kept && timer < wake + 1000;
    struct model_wake *named = model_named(agent, kind, number);
    ck_assert(acknowledge(rig, i, kind, number, timer) == !near);
    agent->timer = near ? wake + 1000 : timer;
    for (unsigned n = 0; named != NULL && &agent->wake[n] <= named; n++)
        agent->wake[n].acknowledged = true;
}

static void random_interest(struct horizon_rig *rig, unsigned i, uint64_t *random)
{
    const unsigned instrument = (unsigned)(rig_random(random) % (INSTRUMENTS + 1));
    const unsigned kinds = (unsigned)(rig_random(random) % 8);
    const uint16_t which = instrument == INSTRUMENTS ? RY_INTEREST_EVERY : (uint16_t)instrument;
    ck_assert(ry_exec_horizon_interest(&rig->horizon, (uint16_t)i, which, kinds));
    ck_assert(!ry_exec_horizon_interest(&rig->horizon, (uint16_t)i, INSTRUMENTS, kinds));
    for (unsigned s = 0; s < INSTRUMENTS; s++)
        if (instrument == INSTRUMENTS || instrument == s)
            model.agent[i].interest[s] = kinds;
}

/* A record of agent i that names a wake: one that waits, or any number. */
static void random_word(struct horizon_rig *rig, unsigned i, uint64_t *random)
{
    struct model_agent *agent = &model.agent[i];
    unsigned kind = RY_WAKE_START + (unsigned)(rig_random(random) % 4);
    const uint64_t last = kind == RY_WAKE_REPORT ? rig->seq[i] : model.group;
    uint64_t number = kind == RY_WAKE_START ? 0 : last + 1 - rig_random(random) % (2 * GROUPS);
    if (kind == RY_WAKE_TIMER)
        number = (uint64_t)agent->timer + rig_random(random) % 8 / 7;
    const struct model_wake *first = model_first(agent);
    if (first != NULL && rig_random(random) % 2) {
        kind = first->kind;
        number = first->number;
    }
    const struct model_wake *named = model_named(agent, kind, number);
    const bool timer =
        kind == RY_WAKE_TIMER && agent->timer != NEVER && number == (uint64_t)agent->timer;
    int64_t time;
    ck_assert(ry_exec_horizon_wake(&rig->horizon, (uint16_t)i, (uint8_t)kind, number, &time) ==
              (named != NULL || timer));
    if (named == NULL && !timer)
        return;
    ck_assert_int_eq(time, timer ? agent->timer : named->time);
    if (kind == RY_WAKE_START)
        random_interest(rig, i, random);
    if (rig_random(random) % 3 == 0) {
        struct ry_exec_key key = rig->key[i];
        ck_assert(ry_exec_horizon_arrival(&rig->horizon, (uint16_t)i, time, &key));
        ck_assert_int_eq(key.time, model_arrival(i, time));
        ck_assert_uint_eq(key.source_seq, agent->k + 1);
        ry_exec_horizon_arrived(&rig->horizon, (uint16_t)i, key.time);
        agent->arrival = key.time;
        agent->k++;
        return;
    }
    const unsigned sets = (unsigned)(rig_random(random) % 4);
    int64_t next = sets == 0 ? NEVER : agent->timer;
    if (sets > 1)
        next = time + (int64_t)(rig_random(random) % 9000) - 500;
    both_acknowledge(rig, i, kind, number, time, next);
}

static void put_out(struct horizon_rig *rig, unsigned i)
{
    struct model_agent *agent = &model.agent[i];
    ry_exec_horizon_out(&rig->horizon, (uint16_t)i);
    agent->out = true;
    agent->timer = NEVER;
    for (unsigned n = 0; n < agent->count; n++)
        agent->wake[n].acknowledged = true;
}

START_TEST(test_random_days_are_the_models)
{
    uint64_t random = 31 + (uint64_t)_i, fulls = 0, said = 0;
    struct horizon_rig *rig = horizon_open();
    model_reset();
    for (unsigned step = 0; step < STEPS; step++) {
        const int full = ry_exec_horizon_full(&rig->horizon);
        ck_assert_int_eq(full, model_full());
        fulls += full >= 0;
        const unsigned who = full >= 0 ? (unsigned)full : (unsigned)(rig_random(&random) % AGENTS);
        if (full >= 0 || rig_random(&random) % 3 != 0) {
            random_word(rig, who, &random);
        } else {
            random_input(rig, &random);
            ck_same_woken(rig);
        }
        if (step == STEPS / 2 || step == STEPS * 3 / 4)
            put_out(rig, step == STEPS / 2);
        if (rig_random(&random) % 10 == 0)
            ry_exec_horizon_mark(&rig->horizon,
                                 rig->horizon.present + (int64_t)(rig_random(&random) % 2000));
        for (uint16_t i = 0; i < AGENTS; i++)
            ck_same_horizon(rig, i);
    }
    for (unsigned i = 0; i < AGENTS; i++)
        said += model.agent[i].k;
    ck_assert_uint_gt(fulls, 5); /* a day in which nothing happens shows nothing */
    ck_assert_uint_gt(said, 300);
    ck_assert_uint_gt(model.group, 300);
    horizon_close(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_horizon");
    TCase *c = tcase_create("exec_horizon");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, test_days_by_hand, 0, (int)(sizeof days / sizeof *days));
    tcase_add_test(c, test_latencies_are_fixed);
    tcase_add_test(c, test_mark_never_falls);
    tcase_add_loop_test(c, test_random_days_are_the_models, 0, 30);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
