/* The generator: its random numbers, its view of the book, and what comes when. */
#include "tests/model/flow.h"
#include "tests/model/flow_internal.h"

#include <string.h>

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
uint64_t ry_flow_random(struct ry_flow *flow)
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

uint64_t ry_flow_below(struct ry_flow *flow, uint64_t n)
{
    return ry_flow_random(flow) % n;
}

bool ry_flow_chance(struct ry_flow *flow, unsigned in_1000)
{
    return ry_flow_below(flow, 1000) < in_1000;
}

static bool remember(void *context, const struct ry_book_order *order)
{
    struct ry_flow *flow = context;
    if (flow->seen_count == RY_FLOW_SEEN) {
        return false;
    }
    flow->seen[flow->seen_count++] = *order;
    return true;
}

static void look(struct ry_flow *flow, const struct ry_model *view, uint16_t instrument)
{
    flow->seen_count = 0;
    ry_model_walk(view, instrument, RY_BUY, remember, flow);
    flow->seen_first_sell = flow->seen_count;
    ry_model_walk(view, instrument, RY_SELL, remember, flow);
}

const struct ry_book_order *ry_flow_best(const struct ry_flow *flow, enum ry_side side)
{
    const size_t first = side == RY_BUY ? 0 : flow->seen_first_sell;
    const size_t end = side == RY_BUY ? flow->seen_first_sell : flow->seen_count;
    return first < end ? &flow->seen[first] : NULL;
}

const struct ry_book_order *ry_flow_pick(struct ry_flow *flow, uint16_t owner)
{
    if (flow->seen_count == 0) {
        return NULL;
    }
    const bool buys = ry_flow_chance(flow, 500);
    size_t at = buys ? 0 : flow->seen_first_sell;
    if (ry_flow_chance(flow, 400)) {
        at = ry_flow_below(flow, flow->seen_count);
    } else {
        at += ry_flow_below(flow, 4);
    }
    for (size_t i = 0; i < flow->seen_count; i++, at++) {
        const struct ry_book_order *order = &flow->seen[at % flow->seen_count];
        if (order->owner == owner && (owner != RY_OWNER_RECORDED || order->rec > 0)) {
            return order;
        }
    }
    return NULL;
}

void ry_flow_init(struct ry_flow *flow, uint64_t seed, enum ry_flow_profile profile)
{
    static const uint16_t instruments[RY_FLOW_PROFILES] = {4, 3, 6, 2, 2, 3};
    memset(flow, 0, sizeof *flow);
    uint64_t state = seed * RY_FLOW_PROFILES + (uint64_t)profile;
    for (int i = 0; i < 4; i++) {
        flow->random[i] = splitmix64(&state);
    }
    flow->profile = profile;
    flow->steps_end = 15000;
    flow->warmup = 300;
    /* References are any numbers: 0 and those beyond 2^63 too. */
    flow->ref_next = profile == RY_FLOW_TINY      ? 0
                     : profile == RY_FLOW_HOSTILE ? UINT64_MAX - 1000
                                                  : 1;
    flow->instruments = instruments[profile];
    flow->agents = profile == RY_FLOW_RECORD ? 0 : RY_FLOW_AGENTS_MAX;
}

const char *ry_flow_profile_name(enum ry_flow_profile profile)
{
    static const char *const names[RY_FLOW_PROFILES] = {"calm", "agents", "hostile",
                                                        "tiny", "deep",   "record"};
    return names[profile];
}

/* Small random steps, often none, at times into the next second. */
static void advance(struct ry_flow *flow)
{
    const uint64_t what = ry_flow_below(flow, 1000);
    if (what < 600) {
        return;
    }
    const uint64_t most = what < 900 ? 1000 : what < 990 ? 10000000 : 400000000;
    flow->time += (int64_t)(1 + ry_flow_below(flow, most));
}

static void control(struct ry_flow *flow, uint8_t kind, uint16_t source, struct ry_input *out)
{
    out->head.kind = kind;
    out->head.source = source;
    out->head.time = flow->time;
}

/* The next input of the battle's description; false when it is complete. */
static bool describe(struct ry_flow *flow, const struct ry_model *view, union ry_input_any *out)
{
    if (ry_model_battle(view) == NULL) {
        ry_flow_battle(flow, &out->battle);
        return true;
    }
    const uint64_t good = ry_model_counters(view)->inputs - ry_model_counters(view)->malformed;
    if (good <= flow->instruments) {
        ry_flow_instrument(flow, (uint16_t)(good - 1), &out->instrument);
        return true;
    }
    if (good <= (uint64_t)flow->instruments + flow->agents) {
        ry_flow_agent(flow, (uint16_t)(good - 1 - flow->instruments), &out->agent);
        return true;
    }
    return false;
}

/* While the battle is described, something that is out of turn. */
static void out_of_turn(struct ry_flow *flow, union ry_input_any *out)
{
    switch (ry_flow_below(flow, 4)) {
    case 0:
        memset(out, 0, sizeof *out);
        ry_flow_battle(flow, &out->battle);
        break;
    case 1:
        memset(out, 0, sizeof *out);
        ry_flow_instrument(flow, 1, &out->instrument);
        out->head.time = flow->time;
        break;
    case 2:
        memset(out, 0, sizeof *out);
        ry_flow_agent(flow, 1, &out->agent);
        out->head.time = flow->time;
        break;
    default:
        control(flow, RY_IN_TIME, RY_SOURCE_CLOCK, &out->event);
        out->head.slots = 1;
        break;
    }
}

static bool quiet(const struct ry_flow *flow, uint16_t instrument)
{
    return instrument == 5 && flow->steps < flow->warmup + 600;
}

/* An instrument that starts with nothing recorded: then one side, then the other, never a print. */
static void wake(struct ry_flow *flow, const struct ry_model *view, uint16_t instrument,
                 struct ry_input *out)
{
    if (flow->steps < flow->warmup || flow->agents == 0 || ry_flow_chance(flow, 30)) {
        out->head.kind = RY_IN_CLEAR;
        out->head.instrument = instrument;
        out->head.source = RY_SOURCE_FEED + 1;
    } else {
        ry_flow_command(flow, view, instrument, out);
    }
}

static void event(struct ry_flow *flow, const struct ry_model *view, union ry_input_any *out)
{
    static const unsigned commands[RY_FLOW_PROFILES] = {250, 650, 400, 500, 300, 0};
    uint16_t instrument = (uint16_t)ry_flow_below(flow, flow->instruments);
    if (flow->profile == RY_FLOW_HOSTILE && ry_flow_chance(flow, 300)) {
        instrument = 2; /* where prices are small and negative, most things meet */
    }
    look(flow, view, instrument);
    out->head.source_seq = ++flow->source_seq;
    const bool hostile = flow->profile == RY_FLOW_HOSTILE;
    if (ry_flow_chance(flow, flow->steps < flow->warmup ? 10 : 1)) {
        control(flow, RY_IN_TIME, RY_SOURCE_CLOCK, &out->event);
    } else if (hostile && flow->steps > flow->steps_end / 4 * 3 && ry_flow_chance(flow, 3)) {
        control(flow, RY_IN_AGENT_DIED, RY_SOURCE_CONTROL, &out->event);
        out->event.qty = (uint32_t)(1 + ry_flow_below(flow, 4));
    } else if (quiet(flow, instrument)) {
        wake(flow, view, instrument, &out->event);
    } else if (flow->agents > 0 && ry_flow_chance(flow, commands[flow->profile])) {
        ry_flow_command(flow, view, instrument, &out->event);
    } else {
        ry_flow_recorded(flow, view, instrument, &out->event);
    }
}

/* END, and two inputs that come too late. */
static bool end(struct ry_flow *flow, struct ry_input *out)
{
    if (flow->after_end == 3) {
        return false;
    }
    control(flow, flow->after_end++ == 1 ? RY_IN_TIME : RY_IN_END, RY_SOURCE_CLOCK, out);
    return true;
}

bool ry_flow_next(struct ry_flow *flow, const struct ry_model *view, union ry_input_any *out)
{
    memset(out, 0, sizeof *out);
    out->head.slots = 1;
    flow->steps++;
    const bool hostile = flow->profile == RY_FLOW_HOSTILE;
    if (ry_model_ended(view) || flow->steps > flow->steps_end) {
        return end(flow, &out->event);
    }
    out->head.time = flow->time;
    if (describe(flow, view, out)) {
        out->head.time = flow->time;
        if (hostile && ry_flow_chance(flow, 800)) {
            ry_flow_spoil(flow, out);
        } else if (hostile && ry_flow_chance(flow, 600)) {
            out_of_turn(flow, out);
        }
        return true;
    }
    advance(flow);
    const int64_t moment = ry_model_next_moment(view);
    if (flow->steps > flow->warmup && flow->time < moment && moment != RY_TIME_NEVER) {
        flow->time = moment;
    }
    out->head.time = flow->time;
    if (flow->time >= moment) {
        control(flow, RY_IN_TIME, RY_SOURCE_CLOCK, &out->event);
        return true;
    }
    event(flow, view, out);
    if (hostile && ry_flow_chance(flow, 15)) {
        ry_flow_spoil(flow, out);
    }
    return true;
}
