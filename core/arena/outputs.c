#include "core/arena/outputs.h"

#include "core/arena/hash.h"

void ry_arena_put_state(struct ry_arena *a, uint16_t instrument, bool trading)
{
    ry_arena_put_market(a, RY_MK_STATE, instrument, 0, 0, 0, 0, trading);
}

static void put_bare(struct ry_arena *a, enum ry_market_kind kind)
{
    ry_arena_put_market(a, (uint8_t)kind, 0, 0, 0, 0, 0, 0);
}

/* MARKET-8: START, STATE and END. */
void ry_arena_put_start(struct ry_arena *a)
{
    put_bare(a, RY_MK_START);
}

void ry_arena_put_end(struct ry_arena *a)
{
    put_bare(a, RY_MK_END);
}

/* MARKET-1 */
void ry_arena_group_deliver(struct ry_arena *a)
{
    size_t used = a->group_used;
    struct ry_market *group = (struct ry_market *)ry_arena_at(a, a->at.group);
    *(uint64_t *)&group[used - 1] |= (uint64_t)RY_MKF_LAST
                                     << 40; /* whole, see ry_arena_put_market */
    const struct ry_arena_sink *sink = a->sink && a->sink->market ? a->sink : NULL;
    uint64_t hash = a->output_hash;
    for (size_t i = 0; i < used; i++) {
        hash = ry_arena_hash_fold(hash, &group[i], sizeof group[i]);
        if (sink)
            sink->market(sink->context, &group[i]);
    }
    a->output_hash = hash;
    a->group++;
    a->counters.groups++;
    a->counters.market_records += used;
    a->group_used = 0;
}

int64_t ry_arena_clamp_i64(__int128 x)
{
    return x > INT64_MAX ? INT64_MAX : x < INT64_MIN ? INT64_MIN : (int64_t)x;
}

/* REPORT-1: what every report says. OUT-6: it counts, in or out. */
void ry_arena_put_report(struct ry_arena *a, uint16_t agent, struct ry_report *report)
{
    struct ry_arena_agent *account = &a->agent[agent];
    report->slots = 2;
    report->seq = ++account->reports;
    report->group = a->group;
    report->time = a->time;
    report->agent = agent;
    report->cash = ry_arena_clamp_i64(account->cash);
    if (report->instrument < a->instruments)
        report->position = ry_arena_holding_at(a, report->instrument, agent)->position;
    if (report->kind == RY_RP_FILL) {
        account->fills++;
        a->filled |= UINT64_C(1) << agent;
    } else if (report->kind == RY_RP_REJECTED) {
        account->rejects++;
    }
    a->output_hash = ry_arena_hash_fold(a->output_hash, report, sizeof *report);
    a->counters.reports++;
    if (a->sink && a->sink->report)
        a->sink->report(a->sink->context, report);
}

void ry_arena_put_game(struct ry_arena *a, const struct ry_game *game)
{
    a->output_hash = ry_arena_hash_fold(a->output_hash, game, sizeof *game);
    if (a->sink && a->sink->game)
        a->sink->game(a->sink->context, game);
}
