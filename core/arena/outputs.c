#include "core/arena/outputs.h"

#include "core/arena/hashes.h"

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

/* Folds a stream's block if it is full with so many bytes more. */
static void kept(struct ry_arena *a, enum ry_arena_stream stream, size_t bytes)
{
    a->waiting[stream] += bytes;
    if (a->waiting[stream] >= RY_ARENA_BLOCK_BYTES)
        ry_arena_hashes_fold(a, stream);
}

/* MARKET-1 */
void ry_arena_group_deliver(struct ry_arena *a)
{
    size_t used = a->group_used;
    struct ry_market *group = ry_arena_group_at(a);
    *(uint64_t *)&group[used - 1] |= (uint64_t)RY_MKF_LAST
                                     << 40; /* whole, see ry_arena_put_market */
    const struct ry_arena_sink *sink = a->sink;
    for (size_t i = 0; sink && sink->market && i < used; i++)
        sink->market(sink->context, &group[i]);
    a->group++;
    a->counters.groups++;
    a->counters.market_records += used;
    a->group_used = 0;
    kept(a, RY_ARENA_STREAM_MARKET, used * sizeof *group);
}

/* REPORT-1: what every report says. OUT-6: it counts, in or out. */
void ry_arena_put_words(struct ry_arena *a, uint16_t agent, uint16_t instrument,
                        enum ry_report_kind kind, const struct ry_arena_said_words *said)
{
    uint64_t *word = (uint64_t *)(void *)ry_arena_next_game(a);
    struct ry_arena_agent *account = &a->agent[agent];
    bool known = instrument < a->instruments;
    word[0] = said->head;
    word[1] = ++account->reports;
    word[2] = a->group;
    word[3] = (uint64_t)a->time;
    word[4] = said->cl_ord_id;
    word[5] = said->price;
    word[6] = said->lots;
    word[7] = said->order;
    word[8] = said->fee;
    word[9] = (uint64_t)ry_arena_clamp_i64(account->cash);
    word[10] = known ? (uint64_t)ry_arena_holding_at(a, instrument, agent)->position : 0;
    word[11] = word[12] = word[13] = 0;
    if (kind == RY_RP_FILL) {
        account->fills++;
        a->filled |= UINT64_C(1) << agent;
    } else if (kind == RY_RP_REJECTED) {
        account->rejects++;
    }
    a->counters.reports++;
    if (a->sink && a->sink->report)
        a->sink->report(a->sink->context, (const struct ry_report *)(const void *)word);
    kept(a, RY_ARENA_STREAM_SAID, sizeof(struct ry_report));
}

_Static_assert(offsetof(struct ry_report, cause) == 7 && offsetof(struct ry_report, leaves) == 52 &&
                   offsetof(struct ry_report, agent) == 60 &&
                   offsetof(struct ry_report, position) == 80,
               "the words of a report");

void ry_arena_put_game(struct ry_arena *a)
{
    const struct ry_game *game = ry_arena_next_game(a);
    if (a->sink && a->sink->game)
        a->sink->game(a->sink->context, game);
    kept(a, RY_ARENA_STREAM_SAID, sizeof *game);
}
