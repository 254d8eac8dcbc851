#include "feeds/line/moldudp64.h"

#include <stdio.h>

#include "feeds/wire/bytes.h"

void ry_line_moldudp64_init(struct ry_line_moldudp64 *line, bool from_first,
                            struct ry_feed_counters *counters)
{
    *line = (struct ry_line_moldudp64){.counters = counters, .from_first = from_first};
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
    return RY_LINE_TAKE;
}

enum ry_line_result ry_line_moldudp64_take(struct ry_line_moldudp64 *line,
                                           struct ry_wire_moldudp64 *packet)
{
    packet->left = 0; /* gives nothing before the line says so */
    if (!line->begun && !begin(line, packet))
        return RY_LINE_LATE;
    if (memcmp(line->session, packet->session, sizeof line->session) != 0)
        return RY_LINE_SESSION;
    if (packet->sequence > line->expected) {
        line->counters->gaps++;
        return RY_LINE_GAP;
    }
    if (packet->end)
        return RY_LINE_END;
    if (packet->sequence + packet->count <= line->expected)
        return nothing_new(line, packet->count);
    return take(line, packet);
}

static void explain_session(const struct ry_line_moldudp64 *line,
                            const struct ry_wire_moldudp64 *packet, char text[RY_LINE_TEXT_BYTES])
{
    char ours[sizeof line->session + 1], other[sizeof packet->session + 1];
    snprintf(text, RY_LINE_TEXT_BYTES, "session \"%s\" in the middle of session \"%s\"",
             ry_wire_printable(other, packet->session, sizeof packet->session),
             ry_wire_printable(ours, line->session, sizeof line->session));
}

void ry_line_moldudp64_explain(const struct ry_line_moldudp64 *line,
                               const struct ry_wire_moldudp64 *packet, enum ry_line_result result,
                               char text[RY_LINE_TEXT_BYTES])
{
    const unsigned long long expected = line->expected;
    text[0] = '\0';
    switch (result) {
    case RY_LINE_TAKE:
    case RY_LINE_OLD:
    case RY_LINE_HEARTBEAT:
    case RY_LINE_END: break;
    case RY_LINE_GAP:
        snprintf(
            text, RY_LINE_TEXT_BYTES,
            "gap in the sequence: expected %llu, got %llu: %llu messages are missing, the book "
            "would be wrong",
            expected, (unsigned long long)packet->sequence, packet->sequence - expected);
        break;
    case RY_LINE_SESSION: explain_session(line, packet, text); break;
    case RY_LINE_LATE:
        snprintf(text, RY_LINE_TEXT_BYTES,
                 "the capture begins within the session: expected sequence 1, got %llu",
                 (unsigned long long)packet->sequence);
        break;
    case RY_LINE_CUT:
        snprintf(text, RY_LINE_TEXT_BYTES,
                 "the capture ends at sequence %llu without an end of session: it is cut",
                 expected);
        break;
    }
}
