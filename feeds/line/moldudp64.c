#include "feeds/line/moldudp64.h"

#include <assert.h>
#include <stdio.h>

#include "feeds/wire/bytes.h"

int ry_line_moldudp64_open(struct ry_line_moldudp64 *line, bool from_first,
                           struct ry_feed_counters *counters)
{
    *line = (struct ry_line_moldudp64){.counters = counters, .from_first = from_first};
    return ry_line_ahead_init(&line->ahead);
}

void ry_line_moldudp64_close(struct ry_line_moldudp64 *line)
{
    ry_line_ahead_free(&line->ahead);
}

/* False: the line cannot begin with this packet. */
static bool begin(struct ry_line_moldudp64 *line, const struct ry_wire_moldudp64 *packet)
{
    const bool late = packet->sequence > 1;
    line->counters->late_start = late ? packet->sequence - 1 : 0;
    if (late && line->from_first)
        return false;
    memcpy(line->session, packet->session, sizeof line->session);
    line->expected = packet->sequence;
    line->begun = true;
    return true;
}

/* A heartbeat or an end that is not this session's affair. */
static enum ry_line_result pass_over(struct ry_line_moldudp64 *line, bool end)
{
    if (end)
        line->counters->foreign_ends++;
    else
        line->counters->heartbeats++;
    return RY_LINE_OLD;
}

static enum ry_line_result nothing_new(struct ry_line_moldudp64 *line, uint16_t count)
{
    if (count == 0) {
        line->counters->heartbeats++;
        return RY_LINE_HEARTBEAT;
    }
    line->counters->duplicates += count;
    return RY_LINE_OLD;
}

/* Passes over the messages that came before; at least one is left. */
static enum ry_line_result take(struct ry_line_moldudp64 *line, struct ry_wire_moldudp64 *packet)
{
    const uint8_t *message;
    size_t length;
    packet->left = packet->count;
    for (uint64_t at = packet->sequence; at < line->expected; at++) {
        (void)ry_wire_moldudp64_next(packet, &message, &length);
        line->counters->duplicates++;
    }
    line->expected = packet->sequence + packet->count;
    line->waited = 0;
    return RY_LINE_TAKE;
}

/* Behind the end of the session: what it said already, and what must not be. */
static enum ry_line_result after(struct ry_line_moldudp64 *line,
                                 const struct ry_wire_moldudp64 *packet, bool same)
{
    if (same && packet->sequence + packet->count <= line->expected)
        return packet->end ? RY_LINE_OLD : nothing_new(line, packet->count);
    if (!same && packet->count == 0)
        return pass_over(line, packet->end);
    line->counters->after_end++;
    return RY_LINE_AFTER;
}

/* Keeps what is ahead, once; a heartbeat holds nothing to keep. */
static enum ry_line_result keep(struct ry_line_moldudp64 *line,
                                const struct ry_wire_moldudp64 *packet)
{
    if (packet->sequence + packet->count > line->known)
        line->known = packet->sequence + packet->count;
    if (packet->count == 0 && !packet->end) {
        line->counters->heartbeats++;
        return RY_LINE_AHEAD;
    }
    if (ry_line_ahead_has(&line->ahead, packet->sequence, packet->count)) {
        line->counters->duplicates += packet->count;
        return RY_LINE_OLD;
    }
    line->counters->reordered++;
    const bool room = ry_line_ahead_keep(&line->ahead, packet->sequence, packet->count,
                                         packet->payload, packet->length);
    assert(room); /* a full store is a GAP at once, below, and a skip empties it */
    return RY_LINE_AHEAD;
}

static enum ry_line_result judge(struct ry_line_moldudp64 *line, struct ry_wire_moldudp64 *packet)
{
    if (packet->sequence > line->expected)
        return keep(line, packet);
    if (packet->end && packet->sequence < line->expected) {
        line->counters->old_ends++;
        return RY_LINE_OLD;
    }
    line->ended = packet->end;
    if (packet->end)
        return RY_LINE_END;
    if (packet->sequence + packet->count <= line->expected)
        return nothing_new(line, packet->count);
    return take(line, packet);
}

/* True once as many packets came as the line waits for. */
static bool waits_too_long(struct ry_line_moldudp64 *line)
{
    if (line->ended || line->known <= line->expected)
        return false;
    line->waited++;
    return line->waited >= RY_LINE_AHEAD_PACKETS || line->ahead.kept == RY_LINE_AHEAD_PACKETS;
}

enum ry_line_result ry_line_moldudp64_take(struct ry_line_moldudp64 *line,
                                           struct ry_wire_moldudp64 *packet)
{
    packet->left = 0; /* gives nothing before the line says so */
    if (!line->begun && packet->count == 0)
        return pass_over(line, packet->end);
    if (!line->begun && !begin(line, packet))
        return RY_LINE_LATE;
    const bool same = memcmp(line->session, packet->session, sizeof line->session) == 0;
    if (line->ended)
        return after(line, packet, same);
    if (!same && packet->count > 0)
        return RY_LINE_SESSION;
    const enum ry_line_result result = same ? judge(line, packet) : pass_over(line, packet->end);
    if (result == RY_LINE_TAKE || !waits_too_long(line))
        return result;
    line->counters->gaps++;
    return RY_LINE_GAP;
}

bool ry_line_moldudp64_due(struct ry_line_moldudp64 *line, struct ry_wire_moldudp64 *packet)
{
    size_t length;
    if (line->ahead.kept == 0 ||
        (!line->ended && ry_line_ahead_first(&line->ahead) > line->expected))
        return false;
    const uint8_t *payload = ry_line_ahead_take(&line->ahead, &length);
    const enum ry_wire_packet_result result = ry_wire_moldudp64_parse(payload, length, packet);
    assert(result == RY_WIRE_PACKET_OK); /* as it was when it was kept */
    return true;
}

enum ry_line_result ry_line_moldudp64_finish(struct ry_line_moldudp64 *line)
{
    if (!line->begun)
        return RY_LINE_EMPTY;
    if (line->ended)
        return RY_LINE_END;
    if (line->known <= line->expected)
        return RY_LINE_CUT;
    line->counters->gaps++;
    return RY_LINE_GAP;
}

/* The number of the first message behind the gap. */
static uint64_t behind_gap(const struct ry_line_moldudp64 *line)
{
    const uint64_t first = ry_line_ahead_first(&line->ahead);
    return first < line->known ? first : line->known;
}

void ry_line_moldudp64_skip(struct ry_line_moldudp64 *line)
{
    line->expected = behind_gap(line);
    line->waited = 0;
}

static void explain_session(const struct ry_line_moldudp64 *line,
                            const struct ry_wire_moldudp64 *packet, char text[RY_LINE_TEXT_BYTES])
{
    char ours[sizeof line->session + 1], other[sizeof packet->session + 1];
    snprintf(text, RY_LINE_TEXT_BYTES, "session \"%s\" in the middle of session \"%s\"",
             ry_wire_printable(other, packet->session, sizeof packet->session),
             ry_wire_printable(ours, line->session, sizeof line->session));
}

static void explain_late(const struct ry_wire_moldudp64 *packet, char text[RY_LINE_TEXT_BYTES])
{
    char session[sizeof packet->session + 1];
    snprintf(
        text, RY_LINE_TEXT_BYTES,
        "the capture begins within the session: expected sequence 1, got %llu of session \"%s\"",
        (unsigned long long)packet->sequence,
        ry_wire_printable(session, packet->session, sizeof packet->session));
}

void ry_line_moldudp64_explain(const struct ry_line_moldudp64 *line,
                               const struct ry_wire_moldudp64 *packet, enum ry_line_result result,
                               char text[RY_LINE_TEXT_BYTES])
{
    const unsigned long long expected = line->expected, behind = behind_gap(line);
    text[0] = '\0';
    switch (result) {
    case RY_LINE_TAKE:
    case RY_LINE_OLD:
    case RY_LINE_HEARTBEAT:
    case RY_LINE_AHEAD:
    case RY_LINE_END:
    case RY_LINE_AFTER: break;
    case RY_LINE_GAP:
        snprintf(text, RY_LINE_TEXT_BYTES,
                 "gap in the sequence: expected %llu, got %llu: %llu messages are missing, the "
                 "book would be wrong",
                 expected, behind, behind - expected);
        break;
    case RY_LINE_SESSION: explain_session(line, packet, text); break;
    case RY_LINE_LATE: explain_late(packet, text); break;
    case RY_LINE_CUT:
        snprintf(text, RY_LINE_TEXT_BYTES,
                 "the capture ends at sequence %llu without an end of session: it is cut",
                 expected);
        break;
    case RY_LINE_EMPTY:
        snprintf(text, RY_LINE_TEXT_BYTES,
                 "not one packet with messages: %llu heartbeats, %llu ends of session",
                 (unsigned long long)line->counters->heartbeats,
                 (unsigned long long)line->counters->foreign_ends);
        break;
    }
}
