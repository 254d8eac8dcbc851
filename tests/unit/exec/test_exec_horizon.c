/*
 * Horizons alone: a table of days computed by hand, and random days against a slow model, which
 * keeps a plain list of all that ever woke an agent and looks through it from its beginning.
 */
#include <stdlib.h>
#include <string.h>

#include "core/exec/horizon.h"
#include "tests/support/exec_rig.h"

#define T0     RIG_FROM
#define SEED   7
#define AGENTS 3u
#define NEVER  RY_TIME_NEVER

/* The first is below what is allowed: it counts as 1,000. */
static const int64_t latency[AGENTS] = {10, 5000, 20000}, jitter[AGENTS] = {0, 0, 3000};

struct horizon_rig {
    struct ry_exec_horizon horizon;
    struct ry_exec_key key[AGENTS];
};

static struct horizon_rig *horizon_open(void)
{
    struct horizon_rig *rig = rig_memory(sizeof *rig);
    ry_exec_horizon_start(&rig->horizon, SEED, T0);
    for (uint16_t i = 0; i < AGENTS; i++) {
        ry_exec_horizon_enter(&rig->horizon, i, latency[i], jitter[i]);
        rig->key[i] = ry_exec_key_never((uint16_t)(RY_SOURCE_AGENT + i));
    }
    return rig;
}

/* ---- by hand --------------------------------------------------------------------------------- */

enum what { START = 1, WAKE, ACK, TIMER, GIVEN, SAYS, OUT };

/* One step of agent 1, whose latency is 5,000, and its horizon then; all behind T0. */
struct step {
    enum what what;
    int64_t time;    /* START, WAKE: T. ACK: that of the next wake. TIMER: what it is set to. */
    int64_t wake;    /* TIMER, SAYS: T of the wake that is answered */
    int64_t horizon; /* GIVEN, OUT need nothing else */
};

static const struct step days[][13] = {
    {/* the header's example */
     {START, 10, 0, 10},
     {ACK, NEVER, 0, NEVER},
     {WAKE, 100, 0, 5100},
     {WAKE, 300, 0, 5100},
     {SAYS, 5100, 100, 5100},
     {ACK, 300, 0, 5300},
     {ACK, NEVER, 0, NEVER},
     {TIMER, 2000, 300, 7000},
     {GIVEN, 0, 0, 7000},
     {SAYS, 7000, 2000, 7000},
     {ACK, NEVER, 0, NEVER}},
    {/* a command does not open START's gate by itself: its own key is the source's then */
     {START, 10, 0, 10},
     {SAYS, 5010, 10, 10},
     {ACK, NEVER, 0, NEVER},
     {WAKE, 20, 0, 5020}},
    {/* a timer counts while wakes come and go, the earlier of both; it is moved if it is too near,
        but not if it is the one that is set */
     {START, 10, 0, 10},
     {ACK, NEVER, 0, NEVER},
     {TIMER, 9000, 10, 14000},
     {WAKE, 20, 0, 5020},
     {ACK, NEVER, 0, 14000},
     {TIMER, 9000, 8500, 14000},
     {WAKE, 8700, 0, 13700},
     {ACK, NEVER, 0, 14000},
     {TIMER, 8701, 8700, 14700}, /* 8,700 + 1,000 + 5,000 */
     {GIVEN, 0, 0, 14700},
     {ACK, NEVER, 0, NEVER},
     {TIMER, 10699, 9700, 15700}},
    {/* a timer given before a wake that was made comes first in what is owed */
     {START, 10, 0, 10},
     {ACK, NEVER, 0, NEVER},
     {TIMER, 2000, 10, 7000},
     {WAKE, 2500, 0, 7000},
     {GIVEN, 0, 0, 7000},
     {ACK, 2500, 0, 7500},
     {TIMER, 3100, 2000, 7500},
     {ACK, NEVER, 0, 8100}},
    {/* no record arrives before the one before it; out: never, whatever comes */
     {START, 10, 0, 10},
     {SAYS, 5010, 10, 10},
     {ACK, NEVER, 0, NEVER},
     {WAKE, 5000, 0, 10000},
     {SAYS, 10000, 5000, 10000},
     {ACK, 4900, 0, 10000}, /* as if earlier: still not before */
     {OUT, 0, 0, NEVER},
     {TIMER, NEVER, 5000, NEVER}},
    {/* beyond all time */
     {START, 10, 0, 10},
     {ACK, NEVER, 0, NEVER},
     {TIMER, NEVER - T0 - 1, 10, NEVER},
     {WAKE, 20, 0, 5020}},
};

static int64_t behind(int64_t time)
{
    return time == NEVER ? NEVER : T0 + time;
}

static void take_step(struct horizon_rig *rig, const struct step *step)
{
    struct ry_exec_key key = rig->key[1];
    switch (step->what) {
    case START: ry_exec_horizon_started(&rig->horizon, 1, behind(step->time)); break;
    case WAKE: ry_exec_horizon_woken(&rig->horizon, 1, behind(step->time)); break;
    case ACK: ry_exec_horizon_acknowledged(&rig->horizon, 1, behind(step->time)); break;
    case TIMER:
        ry_exec_horizon_set_timer(&rig->horizon, 1, behind(step->wake), behind(step->time));
        break;
    case GIVEN: ry_exec_horizon_timer_given(&rig->horizon, 1); break;
    case SAYS:
        ck_assert(ry_exec_horizon_arrival(&rig->horizon, 1, behind(step->wake), &key));
        ck_assert_int_eq(key.time, behind(step->time));
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
        if (step->what == 0)
            break;
        take_step(rig, step);
        ry_exec_horizon_key(&rig->horizon, 1, &rig->key[1]);
        ck_assert_msg(rig->key[1].time == behind(step->horizon),
                      "step %u: T0 + %lld instead of T0 + %lld", i,
                      (long long)(rig->key[1].time - T0), (long long)step->horizon);
    }
    free(rig);
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

/* Of the gate: before all others at START's T; of a death in it: not before L(1). */
START_TEST(test_gate_of_start)
{
    struct horizon_rig *rig = horizon_open();
    ry_exec_horizon_started(&rig->horizon, 1, T0 + 10);
    ck_assert_uint_eq(ry_exec_horizon_fresh(&rig->horizon), 2);
    ry_exec_horizon_key(&rig->horizon, 1, &rig->key[1]);
    ck_assert_int_eq(rig->key[1].time, T0 + 10);
    ck_assert_uint_eq(rig->key[1].tie, RY_EXEC_TIE_FIRST);
    ck_assert_uint_eq(rig->key[1].source_seq, 1);
    ck_assert(ry_exec_horizon_death(&rig->horizon, 1, false, &rig->key[1]));
    ck_assert_int_eq(rig->key[1].time, T0 + 5010);
    ck_assert_uint_eq(rig->key[1].tie, ry_exec_key_tie(SEED, T0 + 5010, RY_SOURCE_AGENT + 1));
    free(rig);
}
END_TEST

START_TEST(test_what_is_closed_never_falls)
{
    struct horizon_rig *rig = horizon_open();
    ck_assert_int_eq(ry_exec_horizon_floor(&rig->horizon), T0);
    ry_exec_horizon_close(&rig->horizon, T0 + 50);
    ry_exec_horizon_close(&rig->horizon, T0 + 20);
    rig->horizon.present = T0 + 30;
    ck_assert_int_eq(ry_exec_horizon_floor(&rig->horizon), T0 + 50);
    rig->horizon.present = T0 + 70;
    ck_assert_int_eq(ry_exec_horizon_floor(&rig->horizon), T0 + 70);
    free(rig);
}
END_TEST

/* ---- the model ------------------------------------------------------------------------------- */

#define STEPS 3000u

struct model_agent {
    int64_t wake[2 * STEPS]; /* all there ever were, in order */
    bool acknowledged[2 * STEPS];
    unsigned count;
    bool started, gate;
    uint64_t k;
    int64_t arrival, timer;
};

static struct model {
    struct model_agent agent[AGENTS];
    uint64_t fresh;
    int64_t closed;
} model;

static void model_reset(void)
{
    memset(&model, 0, sizeof model);
    model.closed = T0;
    for (unsigned i = 0; i < AGENTS; i++) {
        model.agent[i].timer = NEVER;
        model.agent[i].arrival = INT64_MIN;
    }
}

/* The place of the first wake that is not acknowledged; count: there is none. */
static unsigned model_first(const struct model_agent *agent)
{
    unsigned i = 0;
    while (i < agent->count && agent->acknowledged[i])
        i++;
    return i;
}

static int64_t model_first_time(const struct model_agent *agent)
{
    const unsigned first = model_first(agent);
    return first < agent->count ? agent->wake[first] : NEVER;
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

static int64_t model_horizon(unsigned i)
{
    const struct model_agent *agent = &model.agent[i];
    int64_t time = model_first_time(agent);
    time = agent->timer < time ? agent->timer : time;
    return time == NEVER ? NEVER : model_arrival(i, time);
}

/* ---- random days against it ------------------------------------------------------------------ */

static void ck_same(struct horizon_rig *rig, uint16_t i)
{
    const struct model_agent *agent = &model.agent[i];
    const int64_t horizon = model_horizon(i), want = agent->gate ? agent->wake[0] : horizon;
    struct ry_exec_key key = ry_exec_key_never((uint16_t)(RY_SOURCE_AGENT + i));
    struct ry_exec_key kept = rig->key[i]; /* its tie is used again if it may */
    ry_exec_horizon_key(&rig->horizon, i, &key);
    ry_exec_horizon_key(&rig->horizon, i, &kept);
    ck_assert(ry_exec_key_equal(&key, &kept));
    ck_assert_int_eq(key.time, want);
    if (want == NEVER)
        ck_assert(ry_exec_key_is_never(&key));
    else
        ck_assert_uint_eq(key.source_seq, agent->k + 1);
    if (agent->gate)
        ck_assert_uint_eq(key.tie, RY_EXEC_TIE_FIRST);
    else if (want != NEVER)
        ck_assert_uint_eq(key.tie, ry_exec_key_tie(SEED, want, (uint16_t)(RY_SOURCE_AGENT + i)));
    rig->key[i] = key;
    const int64_t floor = model.closed > rig->horizon.present ? model.closed : rig->horizon.present;
    ck_assert(ry_exec_horizon_death(&rig->horizon, i, false, &kept) == (horizon != NEVER));
    ck_assert_int_eq(kept.time, horizon != NEVER ? horizon : floor);
    ck_assert(!ry_exec_horizon_death(&rig->horizon, i, true, &kept));
    ck_assert_int_eq(kept.time, floor);
    ck_assert_uint_eq(kept.tie, RY_EXEC_TIE_FIRST);
}

/* What exec relies on: wakes bring the horizons of those down that it is told of, no other's. */
static void ck_fresh(struct horizon_rig *rig)
{
    const uint64_t fresh = ry_exec_horizon_fresh(&rig->horizon);
    ck_assert_uint_eq(fresh, model.fresh);
    ck_assert_uint_eq(ry_exec_horizon_fresh(&rig->horizon), 0);
    for (uint16_t i = 0; i < AGENTS; i++) {
        struct ry_exec_key key = rig->key[i];
        ry_exec_horizon_key(&rig->horizon, i, &key);
        ck_assert((fresh >> i & 1) != 0 || ry_exec_key_equal(&key, &rig->key[i]));
    }
    model.fresh = 0;
}

static void random_wake(struct horizon_rig *rig, unsigned i)
{
    struct model_agent *agent = &model.agent[i];
    const int64_t time = rig->horizon.present;
    if (model_first(agent) == agent->count)
        model.fresh |= UINT64_C(1) << i;
    agent->wake[agent->count++] = time;
    if (agent->started) {
        ry_exec_horizon_woken(&rig->horizon, (uint16_t)i, time);
    } else {
        ry_exec_horizon_started(&rig->horizon, (uint16_t)i, time);
        agent->started = agent->gate = true;
    }
    ck_fresh(rig);
}

/* The first wake is answered: by a record, or by an acknowledgement that sets a timer. */
static void random_answer(struct horizon_rig *rig, unsigned i, uint64_t *random)
{
    struct model_agent *agent = &model.agent[i];
    const unsigned first = model_first(agent);
    if (first == agent->count)
        return;
    const int64_t wake = agent->wake[first];
    if (rig_random(random) % 3 == 0) {
        struct ry_exec_key key = rig->key[i];
        ck_assert(ry_exec_horizon_arrival(&rig->horizon, (uint16_t)i, wake, &key));
        ck_assert_int_eq(key.time, model_arrival(i, wake));
        ck_assert_uint_eq(key.source_seq, agent->k + 1);
        ry_exec_horizon_arrived(&rig->horizon, (uint16_t)i, key.time);
        agent->arrival = key.time;
        agent->k++;
        return;
    }
    agent->acknowledged[first] = true;
    agent->gate = false;
    ry_exec_horizon_acknowledged(&rig->horizon, (uint16_t)i, model_first_time(agent));
    const unsigned sets = (unsigned)(rig_random(random) % 4);
    int64_t timer = sets == 0 ? NEVER : agent->timer;
    if (sets > 1)
        timer = wake + (int64_t)(rig_random(random) % 9000) - 500;
    const bool near = timer != agent->timer && timer < wake + 1000;
    ck_assert(ry_exec_horizon_set_timer(&rig->horizon, (uint16_t)i, wake, timer) == !near);
    agent->timer = near ? wake + 1000 : timer;
}

/* Only while it is earlier than all wakes. */
static void random_timer(struct horizon_rig *rig, unsigned i)
{
    struct model_agent *agent = &model.agent[i];
    const unsigned first = model_first(agent);
    if (agent->timer == NEVER || (first < agent->count && agent->wake[first] <= agent->timer))
        return;
    memmove(&agent->wake[first + 1], &agent->wake[first],
            (agent->count - first) * sizeof *agent->wake);
    agent->wake[first] = agent->timer;
    agent->acknowledged[agent->count++] = false;
    agent->timer = NEVER;
    ry_exec_horizon_timer_given(&rig->horizon, (uint16_t)i);
}

static void put_out(struct horizon_rig *rig, unsigned i)
{
    struct model_agent *agent = &model.agent[i];
    ry_exec_horizon_out(&rig->horizon, (uint16_t)i);
    agent->count = 0;
    agent->timer = NEVER;
    agent->gate = false;
}

START_TEST(test_random_days_are_the_models)
{
    uint64_t random = 31 + (uint64_t)_i, said = 0, wakes = 0;
    struct horizon_rig *rig = horizon_open();
    model_reset();
    for (unsigned step = 0; step < STEPS; step++) {
        const unsigned who = (unsigned)(rig_random(&random) % AGENTS);
        const bool out = who == 0 && step >= STEPS / 2;
        rig->horizon.present += (int64_t)(rig_random(&random) % 3) * 700;
        switch (rig_random(&random) % 5) {
        case 0:
            if (!out)
                random_wake(rig, who);
            break;
        case 1: random_timer(rig, who); break;
        default: random_answer(rig, who, &random); break;
        }
        if (step == STEPS / 2)
            put_out(rig, 0);
        if (rig_random(&random) % 10 == 0) {
            const int64_t close = rig->horizon.present + (int64_t)(rig_random(&random) % 2000);
            ry_exec_horizon_close(&rig->horizon, close);
            model.closed = close > model.closed ? close : model.closed;
        }
        for (uint16_t i = 0; i < AGENTS; i++)
            ck_same(rig, i);
    }
    for (unsigned i = 1; i < AGENTS; i++) {
        said += model.agent[i].k;
        wakes += model.agent[i].count;
    }
    ck_assert_uint_gt(said, 100); /* a day in which nothing happens shows nothing */
    ck_assert_uint_gt(wakes, 200);
    free(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_horizon");
    TCase *c = tcase_create("exec_horizon");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, test_days_by_hand, 0, (int)(sizeof days / sizeof *days));
    tcase_add_test(c, test_latencies_are_fixed);
    tcase_add_test(c, test_gate_of_start);
    tcase_add_test(c, test_what_is_closed_never_falls);
    tcase_add_loop_test(c, test_random_days_are_the_models, 0, 30);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
