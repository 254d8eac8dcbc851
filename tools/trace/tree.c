#include "tools/trace/tree.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

const struct ry_trace_hop ry_trace_hops[RY_HOPS] = {
    [RY_HOP_FEED] = {"feed", "feed#",
                     "packet taken from the port, or message looked at in a file; decoded; "
                     "about to stand in the feed's ring"},
    [RY_HOP_MERGE] = {"merge", "exec",
                      "read from the feed's ring; next of all sources; about to be an input"},
    [RY_HOP_APPLY] = {"apply", "exec", "the input is published and the machine applies it"},
    [RY_HOP_JOURNAL] =
        {"journal", "journal",
         "the input is read from the ring of inputs; in a block that the kernel has"},
    [RY_HOP_DURABLE] = {"durable", "journal", "from there until an fdatasync has confirmed it"},
    [RY_HOP_WAKE] = {"wake", "exec",
                     "from the input's application until the agent's wake stands on its link"},
    [RY_HOP_CALLBACK] = {"callback", "agent#",
                         "the wake is read; the strategy's callback has returned"},
    [RY_HOP_ANSWER] = {"answer", "agent#",
                       "from there until its commands and acknowledgement stand in its ring"},
    [RY_HOP_COMMAND] = {"command", "exec",
                        "the command is read; its latency is over; about to be an input"},
    [RY_HOP_REPORT] = {"report", "exec",
                       "from the input's application until the report stands on the agent's link"},
};

/* ---- ids ------------------------------------------------------------------------------------- */

/* What tells a span of its trace from all others. */
struct key {
    uint64_t hop, agent, number;
};

static uint64_t id_of(const uint8_t trace[RY_TRACE_ID_BYTES], const struct key *key)
{
    struct {
        uint8_t trace[RY_TRACE_ID_BYTES];
        struct key key;
    } all;
    memcpy(all.trace, trace, sizeof all.trace);
    all.key = *key;
    const uint64_t id = XXH3_64bits(&all, sizeof all);
    return id != 0 ? id : 1; /* 0 is no id */
}

static struct key key_of(const struct ry_span *span)
{
    switch ((enum ry_hop)span->hop) {
    case RY_HOP_APPLY: return (struct key){RY_HOP_APPLY, 0, span->input};
    case RY_HOP_WAKE:
    case RY_HOP_CALLBACK:
    case RY_HOP_ANSWER:
    case RY_HOP_COMMAND:
    case RY_HOP_REPORT: return (struct key){span->hop, span->agent, span->number};
    case RY_HOP_FEED:
    case RY_HOP_MERGE:
    case RY_HOP_JOURNAL:
    case RY_HOP_DURABLE:
    case RY_HOPS: break;
    }
    return (struct key){span->hop, 0, 0};
}

/* hop 0: it has none. */
static struct key key_above(const struct ry_span *span)
{
    switch ((enum ry_hop)span->hop) {
    case RY_HOP_MERGE: return (struct key){RY_HOP_FEED, 0, 0};
    case RY_HOP_JOURNAL: return (struct key){RY_HOP_MERGE, 0, 0};
    case RY_HOP_DURABLE: return (struct key){RY_HOP_JOURNAL, 0, 0};
    case RY_HOP_APPLY:
        if (span->number != 0)
            return (struct key){RY_HOP_COMMAND, span->agent, span->number};
        return (struct key){RY_HOP_MERGE, 0, 0};
    case RY_HOP_WAKE:
    case RY_HOP_REPORT: return (struct key){RY_HOP_APPLY, 0, span->input};
    case RY_HOP_CALLBACK: return (struct key){RY_HOP_WAKE, span->agent, span->number};
    case RY_HOP_ANSWER: return (struct key){RY_HOP_CALLBACK, span->agent, span->number};
    case RY_HOP_COMMAND: return (struct key){RY_HOP_CALLBACK, span->agent, span->wake};
    case RY_HOP_FEED:
    case RY_HOPS: break;
    }
    return (struct key){0, 0, 0};
}

void ry_trace_ids(struct ry_trace_ids *ids, const struct ry_battle_id *battle,
                  const struct ry_span *span)
{
    struct {
        struct ry_battle_id battle;
        uint64_t source, source_seq;
    } of = {*battle, span->source, span->source_seq};
    XXH128_canonical_t trace;
    XXH128_canonicalFromHash(&trace, XXH3_128bits(&of, sizeof of));
    memcpy(ids->trace, trace.digest, sizeof ids->trace);
    ids->trace[0] |= 1; /* never all zero */
    const struct key own = key_of(span), above = key_above(span);
    ids->span = id_of(ids->trace, &own);
    ids->parent = above.hop == 0 ? 0 : id_of(ids->trace, &above);
}

/* ---- who may write it ------------------------------------------------------------------------ */

static bool is_written_by(const struct ry_span *span, const char *process)
{
    char name[RY_NAME_BYTES];
    const char *writer = ry_trace_hops[span->hop].process;
    const size_t length = strcspn(writer, "#");
    const unsigned own =
        span->hop == RY_HOP_FEED ? span->source - (unsigned)RY_SOURCE_FEED : span->agent;
    if (writer[length] == '\0')
        return strcmp(writer, process) == 0;
    snprintf(name, sizeof name, "%.*s%u", (int)length, writer, own);
    return strcmp(name, process) == 0;
}

/* Hops of agents have one, hops of the feed's record have none. */
static bool has_its_agent(const struct ry_span *span)
{
    switch ((enum ry_hop)span->hop) {
    case RY_HOP_FEED:
    case RY_HOP_MERGE:
    case RY_HOP_JOURNAL:
    case RY_HOP_DURABLE: return span->agent == RY_SPAN_NOBODY;
    case RY_HOP_APPLY:
        return span->number == 0 ? span->agent == RY_SPAN_NOBODY : span->agent < RY_AGENTS_MAX;
    case RY_HOP_WAKE:
    case RY_HOP_CALLBACK:
    case RY_HOP_ANSWER:
    case RY_HOP_COMMAND:
    case RY_HOP_REPORT: return span->agent < RY_AGENTS_MAX;
    case RY_HOPS: break;
    }
    return false;
}

bool ry_trace_fits(const char *process, const struct ry_span *span, int64_t now_ns)
{
    return span->hop >= RY_HOP_FEED && span->hop < RY_HOPS && span->source_seq != 0 &&
           span->source >= RY_SOURCE_FEED && span->source < RY_SOURCE_FEED + RY_FEEDS_MAX &&
           (span->instrument < RY_INSTRUMENTS_MAX || span->instrument == RY_SPAN_NOBODY) &&
           span->begin_ns > 0 && span->end_ns >= span->begin_ns && span->end_ns <= now_ns &&
           has_its_agent(span) && is_written_by(span, process);
}
