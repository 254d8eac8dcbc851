/* The generator: its random numbers, its view of the book, and what comes when. */
#include "tests/model/flow.h"
#include "tests/model/flow_internal.h"

#include <string.h>

#define TWICE (INT64_C(3) << 31) /* lots: agent 0 took two giants' */
#define OVER  60                 /* inputs that still come when the battle is decided */

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

/* xoshiro256** */
uint64_t ry_model_flow_random(struct ry_model_flow *flow)
{
    uint64_t *s = flow->random;
    const uint64_t result = rotate(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t ry_model_flow_below(struct ry_model_flow *flow, uint64_t n)
{
    return ry_model_flow_random(flow) % n;
}

bool ry_model_flow_chance(struct ry_model_flow *flow, unsigned in_1000)
{
    return ry_model_flow_below(flow, 1000) < in_1000;
}

static bool remember(void *context, const struct ry_arena_book_order *order)
{
    struct ry_model_flow *flow = context;
    if (flow->seen_count == RY_MODEL_FLOW_SEEN)
        return false;
    flow->seen[flow->seen_count++] = *order;
    return true;
}

static void look(struct ry_model_flow *flow, const struct ry_model *view, uint16_t instrument)
{
    flow->seen_count = 0;
    ry_model_walk(view, instrument, RY_BUY, remember, flow);
    flow->seen_first_sell = flow->seen_count;
    ry_model_walk(view, instrument, RY_SELL, remember, flow);
}

const struct ry_arena_book_order *ry_model_flow_best(const struct ry_model_flow *flow,
                                                     enum ry_side side)
{
    const size_t first = side == RY_BUY ? 0 : flow->seen_first_sell;
    const size_t end = side == RY_BUY ? flow->seen_first_sell : flow->seen_count;
    return first < end ? &flow->seen[first] : NULL;
}

const struct ry_arena_book_order *ry_model_flow_pick(struct ry_model_flow *flow, uint16_t owner)
{
    if (flow->seen_count == 0)
        return NULL;
    const bool buys = ry_model_flow_chance(flow, 500);
    size_t at = buys ? 0 : flow->seen_first_sell;
    if (ry_model_flow_chance(flow, 400))
        at = ry_model_flow_below(flow, flow->seen_count);
    else
        at += ry_model_flow_below(flow, 4);
    for (size_t i = 0; i < flow->seen_count; i++, at++) {
        const struct ry_arena_book_order *order = &flow->seen[at % flow->seen_count];
        if (order->owner == owner && (owner != RY_OWNER_RECORDED || order->rec > 0))
            return order;
    }
    return NULL;
}

void ry_model_flow_init(struct ry_model_flow *flow, uint64_t seed,
                        enum ry_model_flow_profile profile)
{
    static const uint16_t instruments[RY_MODEL_FLOW_PROFILES] = {4, 3, 6, 2, 2, 3};
    memset(flow, 0, sizeof *flow);
    uint64_t state = seed * RY_MODEL_FLOW_PROFILES + (uint64_t)profile;
    for (int i = 0; i < 4; i++)
        flow->random[i] = splitmix64(&state);
    flow->profile = profile;
    flow->steps_end = 4000;
    flow->warmup = 300;
    /* References are any numbers: 0 and those beyond 2^63 too. */
    flow->ref_next = profile == RY_MODEL_FLOW_TINY      ? 0
                     : profile == RY_MODEL_FLOW_HOSTILE ? UINT64_MAX - 1000
                                                        : 1;
    flow->instruments = instruments[profile];
    const uint64_t few = ry_model_flow_below(flow, 16);
    flow->agents = profile == RY_MODEL_FLOW_RECORD ? 0
                   : few < 7                       ? (uint16_t)(1 + few % 2)
                                                   : RY_MODEL_FLOW_AGENTS_MAX;
    flow->rounds = ry_model_flow_chance(flow, 500);
    flow->harsh = ry_model_flow_chance(flow, 500);
    if (flow->agents == 1) {
        flow->rounds = true;
        flow->harsh = flow->harsh || ry_model_flow_chance(flow, 700);
    }
    flow->cut = ry_model_flow_chance(flow, 30);
    flow->coarse = ry_model_flow_chance(flow, 500);
    flow->ticked = ry_model_flow_chance(flow, 150);
}

const char *ry_model_flow_profile_name(enum ry_model_flow_profile profile)
{
    static const char *const names[RY_MODEL_FLOW_PROFILES] = {"calm", "agents", "hostile",
                                                              "tiny", "deep",   "record"};
    return names[profile];
}

/* Small random steps, often none, at times into the next second. */
static void advance(struct ry_model_flow *flow)
{
    const uint64_t what = ry_model_flow_below(flow, 1000);
    if (what < 600)
        return;
    const uint64_t most = what < 900 ? 1000 : what < 990 ? 10000000 : 400000000;
    flow->time += (int64_t)(1 + ry_model_flow_below(flow, most));
}

/* Onto the machine's next moment, mostly just onto it, at times past several. */
static void meet_moment(struct ry_model_flow *flow, const struct ry_model *view, int64_t was)
{
    const int64_t moment = ry_model_next_moment(view);
    const bool before = ry_model_round(view) == 0;
    if (moment == RY_TIME_NEVER || moment < was)
        return;
    if (before ? flow->steps > flow->warmup && flow->time < moment
               : flow->hurry || (flow->time > moment && ry_model_flow_chance(flow, 700))) {
        flow->time = moment;
        flow->hurry = false;
    }
    if (flow->time >= moment && ry_model_flow_chance(flow, before ? 200 : 100))
        flow->time += ry_model_battle(view)->round_ns * (int64_t)(1 + ry_model_flow_below(flow, 3));
}

/* The game is over: decided, or the only agent is out. */
static bool is_over(const struct ry_model_flow *flow, const struct ry_model *view)
{
    return ry_model_decided(view) || (flow->agents == 1 && ry_model_killed(view, 0));
}

static void control(struct ry_model_flow *flow, uint8_t kind, uint16_t source, struct ry_input *out)
{
    out->head.kind = kind;
    out->head.source = source;
    out->head.time = flow->time;
}

/* The next input of the battle's description; false when it is complete. */
static bool describe(struct ry_model_flow *flow, const struct ry_model *view,
                     union ry_input_any *out)
{
    if (ry_model_battle(view) == NULL) {
        ry_model_flow_battle(flow, &out->battle);
        return true;
    }
    const uint64_t good = ry_model_counters(view)->inputs - ry_model_counters(view)->malformed;
    if (good <= flow->instruments) {
        ry_model_flow_instrument(flow, (uint16_t)(good - 1), &out->instrument);
        return true;
    }
    if (good <= (uint64_t)flow->instruments + flow->agents) {
        ry_model_flow_agent(flow, (uint16_t)(good - 1 - flow->instruments), &out->agent);
        return true;
    }
    return false;
}

/* While the battle is described, something that is out of turn. */
static void out_of_turn(struct ry_model_flow *flow, union ry_input_any *out)
{
    switch (ry_model_flow_below(flow, 4)) {
    case 0:
        memset(out, 0, sizeof *out);
        ry_model_flow_battle(flow, &out->battle);
        break;
    case 1:
        memset(out, 0, sizeof *out);
        ry_model_flow_instrument(flow, 1, &out->instrument);
        out->head.time = flow->time;
        break;
    case 2:
        memset(out, 0, sizeof *out);
        ry_model_flow_agent(flow, 1, &out->agent);
        out->head.time = flow->time;
        break;
    default:
        control(flow, RY_IN_TIME, RY_SOURCE_CLOCK, &out->event);
        out->head.slots = 1;
        break;
    }
}

static bool quiet(const struct ry_model_flow *flow, uint16_t instrument)
{
    return instrument == 5 && flow->steps < flow->warmup + 600;
}

/* An instrument that starts with nothing recorded: then one side, then the other, never a print. */
static void wake(struct ry_model_flow *flow, const struct ry_model *view, uint16_t instrument,
                 struct ry_input *out)
{
    if (flow->steps < flow->warmup || flow->agents == 0 || ry_model_flow_chance(flow, 30)) {
        out->head.kind = RY_IN_CLEAR;
        out->head.instrument = instrument;
        out->head.source = RY_SOURCE_FEED + 1;
    } else {
        ry_model_flow_command(flow, view, instrument, out);
    }
}

static void die(struct ry_model_flow *flow, uint16_t agent, struct ry_input *out)
{
    control(flow, RY_IN_AGENT_DIED, RY_SOURCE_CONTROL, out);
    out->qty = agent;
    out->head.flags = ry_model_flow_chance(flow, 300)   ? RY_INF_STALLED
                      : ry_model_flow_chance(flow, 100) ? RY_INF_WALL
                                                        : 0;
}

/* Deaths: rare, more often where the instrument is halted, or has lost its reference, and held. */
static bool death(struct ry_model_flow *flow, const struct ry_model *view, uint16_t instrument,
                  struct ry_input *out)
{
    if (flow->agents == 0)
        return false;
    if (flow->hurry && !flow->rounds) {
        flow->hurry = false;
        die(flow, (uint16_t)ry_model_flow_below(flow, flow->agents), out);
        return true;
    }
    const int64_t held = ry_model_position(view, 0, instrument);
    if ((held > TWICE || held < -TWICE) && ry_model_flow_chance(flow, 200)) {
        die(flow, 0, out);
        return true;
    }
    const bool late =
        flow->profile == RY_MODEL_FLOW_HOSTILE && flow->steps > flow->steps_end / 4 * 3;
    uint16_t agent = ry_model_flow_holder(flow, view, instrument);
    const bool bare =
        ry_model_flow_best(flow, RY_BUY) == NULL || ry_model_flow_best(flow, RY_SELL) == NULL;
    int64_t last;
    unsigned in_1000 = late ? 3 : flow->harsh ? 1 : 0;
    if (agent == RY_OWNER_RECORDED)
        agent = (uint16_t)ry_model_flow_below(flow, flow->agents);
    else if (bare && !ry_model_last_price(view, instrument, &last))
        in_1000 = flow->harsh ? 60 : 8;
    else if (flow->harsh && !ry_model_trading(view, instrument))
        in_1000 = 8;
    if (!ry_model_flow_chance(flow, in_1000))
        return false;
    die(flow, agent, out);
    return true;
}

/* The last price jumps: those who hold much are worth little, and nobody has looked yet. */
static void jump(struct ry_model_flow *flow, uint16_t instrument, int64_t held,
                 struct ry_input *out)
{
    const struct ry_model_flow_market *market = &ry_model_flow_markets[instrument];
    const int64_t size = market->center < 0 ? -market->center : market->center;
    int64_t away = size * (int64_t)(10 + ry_model_flow_below(flow, 90)) / 100;
    if (held > 0 || market->center + away > RY_PRICE_ABS_MAX)
        away = -away;
    if (market->center + away < -RY_PRICE_ABS_MAX)
        away = -away;
    out->head.kind = RY_IN_LAST;
    out->head.instrument = instrument;
    out->head.source = (uint16_t)(RY_SOURCE_FEED + instrument % 2);
    out->price = market->center + away;
    out->ref = ry_model_flow_match(flow);
    out->qty = 1;
    flow->hurry = flow->agents > 0 && ry_model_flow_chance(flow, flow->agents < 3 ? 950 : 700);
}

static void event(struct ry_model_flow *flow, const struct ry_model *view, union ry_input_any *out)
{
    static const unsigned commands[RY_MODEL_FLOW_PROFILES] = {250, 650, 400, 500, 300, 0};
    uint16_t instrument = (uint16_t)ry_model_flow_below(flow, flow->instruments);
    if (flow->profile == RY_MODEL_FLOW_HOSTILE && ry_model_flow_chance(flow, 300))
        instrument = 2; /* where prices are small and negative, most things meet */
    look(flow, view, instrument);
    const int64_t held = ry_model_position(view, 0, instrument);
    flow->heavy = held > UINT32_MAX / 2 || held < -(int64_t)(UINT32_MAX / 2);
    out->head.source_seq = ++flow->source_seq;
    const uint16_t holder = ry_model_flow_holder(flow, view, instrument);
    if (ry_model_flow_chance(flow, flow->steps < flow->warmup ? 10 : 1))
        control(flow, RY_IN_TIME, RY_SOURCE_CLOCK, &out->event);
    else if (death(flow, view, instrument, &out->event))
        return;
    else if (flow->harsh && flow->steps > flow->warmup + 60 &&
             ry_model_flow_chance(flow, holder == RY_OWNER_RECORDED ? 0
                                        : flow->agents == 1         ? 250
                                        : flow->agents < 3          ? 100
                                                                    : 8) &&
             !ry_model_flow_never_printed(flow, instrument))
        jump(flow, instrument, ry_model_position(view, holder, instrument), &out->event);
    else if (flow->agents > 0 && ry_model_flow_chance(flow, 8))
        ry_model_flow_decision(flow, &out->decision);
    else if (quiet(flow, instrument))
        wake(flow, view, instrument, &out->event);
    else if (flow->agents > 0 && ry_model_flow_chance(flow, commands[flow->profile]))
        ry_model_flow_command(flow, view, instrument, &out->event);
    else
        ry_model_flow_recorded(flow, view, instrument, &out->event);
}

/* END, and two inputs that come too late. */
static bool end(struct ry_model_flow *flow, struct ry_input *out)
{
    if (flow->after_end == 3)
        return false;
    control(flow, flow->after_end++ == 1 ? RY_IN_TIME : RY_IN_END, RY_SOURCE_CLOCK, out);
    return true;
}

bool ry_model_flow_next(struct ry_model_flow *flow, const struct ry_model *view,
                        union ry_input_any *out)
{
    memset(out, 0, sizeof *out);
    out->head.slots = 1;
    flow->steps++;
    const bool hostile = flow->profile == RY_MODEL_FLOW_HOSTILE;
    flow->over += is_over(flow, view);
    if (ry_model_ended(view) || flow->steps > flow->steps_end || flow->over > OVER)
        return end(flow, &out->event);
    out->head.time = flow->time;
    if (describe(flow, view, out)) {
        out->head.time = flow->time;
        if (hostile && ry_model_flow_chance(flow, 800))
            ry_model_flow_spoil(flow, out);
        else if (hostile && ry_model_flow_chance(flow, 600))
            out_of_turn(flow, out);
        return true;
    }
    if (flow->cut && flow->steps > flow->warmup / 2)
        return end(flow, &out->event);
    const int64_t was = flow->time;
    advance(flow);
    meet_moment(flow, view, was);
    const int64_t moment = ry_model_next_moment(view);
    out->head.time = flow->time;
    if (flow->time >= moment) {
        control(flow, RY_IN_TIME, RY_SOURCE_CLOCK, &out->event);
        return true;
    }
    event(flow, view, out);
    if (hostile && ry_model_flow_chance(flow, 15))
        ry_model_flow_spoil(flow, out);
    return true;
}
