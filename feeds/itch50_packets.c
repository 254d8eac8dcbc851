/*
 * itch50 by packets: datagrams of a network card or a capture; the MoldUDP64 packet in them; the
 * messages that its line has not had; the fields of an ITCH message; its event.
 *
 * Only the end of its session ends a capture in order; what a capture has behind that is looked at
 * and told, not taken. A device has no end of its own, and nobody waits for what follows there.
 */
#include <stdio.h>
#include <stdlib.h>

#include "feeds/frames.h"
#include "feeds/itch50.h"
#include "feeds/line/moldudp64.h"
#include "feeds/wire/bytes.h"

struct itch50_packets {
    struct ry_feed_frames frames;
    struct ry_wire_moldudp64 packet; /* with messages left */
    struct ry_line_moldudp64 line;
    struct ry_feed_itch50 itch;
    uint32_t group; /* to which the session's first packet went, and its port */
    uint16_t port;
    bool late;        /* an INCOMPLETE is owed: the line began within its session */
    bool cut;         /* one was given for the end that is missing */
    bool broken_told; /* why the capture cannot be read on */
};

int ry_feed_itch50_packets_open(struct ry_feed_handler *handler)
{
    struct itch50_packets *pipeline = calloc(1, sizeof *pipeline);
    const bool from_first = handler->feed->incomplete == RY_BATTLE_INCOMPLETE_END;
    handler->state = pipeline;
    if (pipeline == NULL ||
        ry_line_moldudp64_open(&pipeline->line, from_first, &handler->counters) != 0)
        return ry_feed_fail(handler, "feed %s: no memory", handler->feed->name);
    if (ry_feed_itch50_open(&pipeline->itch, handler) != 0)
        return -1;
    return ry_feed_frames_open(&pipeline->frames, handler);
}

static bool is_capture(const struct ry_feed_handler *handler)
{
    return handler->feed->path[0] != '\0';
}

/* ---- lines for people ------------------------------------------------------------------------ */

static void tell_session(struct ry_feed_handler *handler, const struct ry_wire_moldudp64 *packet)
{
    char session[RY_WIRE_MOLDUDP64_SESSION_BYTES + 1];
    ry_feed_say(handler, RY_LOG_INFO, "%s: session \"%s\" begins at sequence %llu",
                ry_feed_source(handler),
                ry_wire_printable(session, packet->session, sizeof packet->session),
                (unsigned long long)packet->sequence);
}

/* A device that was listened to in vain. */
static void tell_in_vain(struct ry_feed_handler *handler)
{
    const struct itch50_packets *pipeline = handler->state;
    char text[RY_FEED_HANDLER_ERROR_BYTES];
    if (handler->counters.packets == 0 || pipeline->line.begun || handler->error[0] != '\0')
        return;
    ry_feed_frames_in_vain(&pipeline->frames, handler, text, sizeof text);
    ry_feed_say(handler, RY_LOG_WARN, "%s: %s", ry_feed_source(handler), text);
}

/* The first of its kind; further ones are counted. */
static void tell_old_end(struct ry_feed_handler *handler, const struct ry_wire_moldudp64 *packet,
                         uint64_t before)
{
    const struct itch50_packets *pipeline = handler->state;
    if (before == 0 && handler->counters.old_ends != 0)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: an end of session with sequence %llu where %llu is due is passed over; "
                    "further ones are counted only",
                    ry_feed_source(handler), (unsigned long long)packet->sequence,
                    (unsigned long long)pipeline->line.expected);
}

static void tell_after(struct ry_feed_handler *handler, const struct ry_wire_moldudp64 *packet)
{
    const struct itch50_packets *pipeline = handler->state;
    char ended[RY_WIRE_MOLDUDP64_SESSION_BYTES + 1], session[sizeof ended];
    if (handler->counters.after_end == 1)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: behind the end of session \"%s\" at sequence %llu more follows, first "
                    "sequence %llu of session \"%s\": not taken; counted only",
                    ry_feed_source(handler),
                    ry_wire_printable(ended, pipeline->line.session, sizeof packet->session),
                    (unsigned long long)pipeline->line.expected,
                    (unsigned long long)packet->sequence,
                    ry_wire_printable(session, packet->session, sizeof packet->session));
}

/* ---- where the feed ends --------------------------------------------------------------------- */

/* Why a session cannot be the only one here, and how to take one. */
static void add_remedy(const struct itch50_packets *pipeline,
                       const struct ry_wire_datagram *datagram, char *text, size_t room)
{
    char ours[RY_FEED_ADDRESS_BYTES], other[RY_FEED_ADDRESS_BYTES];
    const size_t n = strlen(text);
    if (datagram->group != pipeline->group)
        snprintf(text + n, room - n,
                 ": two feeds, one to group %s, one to group %s: choose one with `group: %s`",
                 ry_feed_address(datagram->group, other), ry_feed_address(pipeline->group, ours),
                 ours);
    else if (datagram->port != pipeline->port)
        snprintf(text + n, room - n,
                 ": two feeds, one to UDP port %u, one to UDP port %u: choose one with "
                 "`udp_port: %u`",
                 datagram->port, pipeline->port, pipeline->port);
    else
        snprintf(text + n, room - n, ": give the battle a capture of one session");
}

static enum ry_feed_handler_result session_breaks(struct ry_feed_handler *handler,
                                                  const struct ry_wire_datagram *datagram)
{
    const struct itch50_packets *pipeline = handler->state;
    char why[2 * RY_LINE_TEXT_BYTES];
    ry_line_moldudp64_explain(&pipeline->line, &pipeline->packet, RY_LINE_SESSION, why);
    add_remedy(pipeline, datagram, why, sizeof why);
    return ry_feed_fail(handler, "%s: %s", ry_feed_source(handler), why);
}

/* The line lacks something. The feed is over, or goes on with an INCOMPLETE, as the battle says. */
static enum ry_feed_handler_result line_lacks(struct ry_feed_handler *handler,
                                              enum ry_line_result result, struct ry_input *event)
{
    const struct itch50_packets *pipeline = handler->state;
    char why[RY_LINE_TEXT_BYTES], lost[RY_LINE_TEXT_BYTES];
    ry_line_moldudp64_explain(&pipeline->line, &pipeline->packet, result, why);
    if (result == RY_LINE_LATE && !is_capture(handler))
        snprintf(why, sizeof why,
                 "%llu messages of the session came before: the book begins incomplete",
                 (unsigned long long)handler->counters.late_start);
    ry_feed_frames_lost(handler, lost, sizeof lost);
    if (handler->feed->incomplete == RY_BATTLE_INCOMPLETE_END)
        return ry_feed_fail(handler,
                            "%s: %s%s; `incomplete: warn` lets the battle go on and stamps its "
                            "result",
                            ry_feed_source(handler), why, lost);
    return ry_feed_incomplete(handler,
                              result == RY_LINE_LATE ? RY_INCOMPLETE_LATE : RY_INCOMPLETE_GAP,
                              &pipeline->itch.normaliser.clock, event, "%s%s", why, lost);
}

static enum ry_feed_handler_result nothing_came(struct ry_feed_handler *handler)
{
    const struct itch50_packets *pipeline = handler->state;
    const struct ry_feed_counters *c = &handler->counters;
    char why[RY_FEED_HANDLER_ERROR_BYTES / 2], lost[RY_LINE_TEXT_BYTES] = "";
    if (c->packets == 0) {
        snprintf(why, sizeof why, "the capture has no packets");
    } else if (c->heartbeats + c->foreign_ends == 0) {
        ry_feed_frames_in_vain(&pipeline->frames, handler, why, sizeof why);
    } else {
        ry_line_moldudp64_explain(&pipeline->line, NULL, RY_LINE_EMPTY, why);
        ry_feed_frames_lost(handler, lost, sizeof lost);
    }
    return ry_feed_fail(handler, "%s: %s%s", ry_feed_source(handler), why, lost);
}

/* ---- packets --------------------------------------------------------------------------------- */

static enum ry_feed_handler_result session_ends(struct ry_feed_handler *handler,
                                                struct ry_input *event)
{
    struct itch50_packets *pipeline = handler->state;
    return ry_feed_itch50_end(&pipeline->itch, handler, "capture", event);
}

static void begin(struct ry_feed_handler *handler, const struct ry_wire_datagram *datagram)
{
    struct itch50_packets *pipeline = handler->state;
    pipeline->group = datagram->group;
    pipeline->port = datagram->port;
    pipeline->late = handler->counters.late_start > 0;
    tell_session(handler, &pipeline->packet);
}

/* datagram: whose packet it is; NULL: of the session, it was kept. */
static enum ry_feed_handler_result take_packet(struct ry_feed_handler *handler,
                                               const struct ry_wire_datagram *datagram,
                                               struct ry_input *event)
{
    struct itch50_packets *pipeline = handler->state;
    struct ry_line_moldudp64 *line = &pipeline->line;
    const bool begun = line->begun;
    const uint64_t old_ends = handler->counters.old_ends;
    const enum ry_line_result result = ry_line_moldudp64_take(line, &pipeline->packet);
    if (line->begun && !begun)
        begin(handler, datagram);
    tell_old_end(handler, &pipeline->packet, old_ends);
    switch (result) {
    case RY_LINE_TAKE:
    case RY_LINE_OLD:
    case RY_LINE_HEARTBEAT:
    case RY_LINE_AHEAD: break;
    case RY_LINE_END:
        return is_capture(handler) ? RY_FEED_HANDLER_QUIET : session_ends(handler, event);
    case RY_LINE_AFTER: tell_after(handler, &pipeline->packet); break;
    case RY_LINE_GAP: {
        const enum ry_feed_handler_result goes_on = line_lacks(handler, result, event);
        ry_line_moldudp64_skip(line);
        return goes_on;
    }
    case RY_LINE_SESSION: return session_breaks(handler, datagram);
    case RY_LINE_LATE:
    case RY_LINE_CUT:
    case RY_LINE_EMPTY: return line_lacks(handler, result, event);
    }
    return RY_FEED_HANDLER_QUIET;
}

/* broken: why the capture cannot be read on; NULL: it was read to its end. */
static enum ry_feed_handler_result capture_ends(struct ry_feed_handler *handler, const char *broken,
                                                struct ry_input *event)
{
    struct itch50_packets *pipeline = handler->state;
    enum ry_feed_handler_result goes_on;
    if (broken != NULL && !pipeline->broken_told)
        ry_feed_say(handler, RY_LOG_WARN, "%s", broken);
    pipeline->broken_told = broken != NULL;
    const enum ry_line_result result =
        pipeline->cut ? RY_LINE_END : ry_line_moldudp64_finish(&pipeline->line);
    switch (result) {
    case RY_LINE_EMPTY: return nothing_came(handler);
    case RY_LINE_GAP:
        goes_on = line_lacks(handler, result, event);
        ry_line_moldudp64_skip(&pipeline->line);
        return goes_on;
    case RY_LINE_CUT: pipeline->cut = true; return line_lacks(handler, result, event);
    case RY_LINE_TAKE:
    case RY_LINE_OLD:
    case RY_LINE_HEARTBEAT:
    case RY_LINE_AHEAD:
    case RY_LINE_END:
    case RY_LINE_AFTER:
    case RY_LINE_SESSION:
    case RY_LINE_LATE: break;
    }
    return session_ends(handler, event);
}

static enum ry_feed_handler_result next_packet(struct ry_feed_handler *handler,
                                               struct ry_input *event)
{
    struct itch50_packets *pipeline = handler->state;
    const struct ry_port_frames *port = &pipeline->frames.port;
    struct ry_wire_datagram datagram;
    bool ours = false;
    if (ry_line_moldudp64_due(&pipeline->line, &pipeline->packet))
        return take_packet(handler, NULL, event);
    switch (ry_feed_frames_next(&pipeline->frames, handler, &datagram, &ours)) {
    case RY_PORT_FRAMES_FRAME: break;
    case RY_PORT_FRAMES_NONE: return RY_FEED_HANDLER_IDLE;
    case RY_PORT_FRAMES_ENDED: return capture_ends(handler, NULL, event);
    case RY_PORT_FRAMES_BROKEN: return capture_ends(handler, port->why(port->context), event);
    }
    if (!ours)
        return RY_FEED_HANDLER_QUIET;
    const enum ry_wire_packet_result result =
        ry_wire_moldudp64_parse(datagram.payload, datagram.length, &pipeline->packet);
    if (result == RY_WIRE_PACKET_OK)
        return take_packet(handler, &datagram, event);
    pipeline->packet.left = 0;
    ry_feed_frames_drop(handler, result);
    return RY_FEED_HANDLER_QUIET;
}

enum ry_feed_handler_result ry_feed_itch50_packets_next(struct ry_feed_handler *handler,
                                                        struct ry_input *event)
{
    struct itch50_packets *pipeline = handler->state;
    const uint8_t *message;
    size_t length;
    if (pipeline->late) {
        pipeline->late = false;
        return line_lacks(handler, RY_LINE_LATE, event);
    }
    if (!ry_wire_moldudp64_next(&pipeline->packet, &message, &length))
        return next_packet(handler, event);
    const uint64_t number = pipeline->line.expected - pipeline->packet.left - 1;
    return ry_feed_itch50_message(&pipeline->itch, handler, message, length, "sequence", number,
                                  event);
}

unsigned ry_feed_itch50_packets_span(struct ry_feed_handler *handler, struct ry_input *events,
                                     unsigned room)
{
    struct itch50_packets *pipeline = handler->state;
    struct ry_wire_moldudp64 *packet = &pipeline->packet;
    if (pipeline->late || packet->left == 0)
        return 0;
    const struct ry_normalise_itch_taken taken = ry_normalise_itch_span(
        &pipeline->itch.normaliser, packet->next, ry_wire_moldudp64_rest(packet), events, room);
    packet->next += taken.bytes;
    packet->left = (uint16_t)(packet->left - taken.messages);
    return taken.events;
}

void ry_feed_itch50_packets_close(struct ry_feed_handler *handler)
{
    struct itch50_packets *pipeline = handler->state;
    tell_in_vain(handler);
    ry_feed_frames_close(&pipeline->frames, handler);
    ry_line_moldudp64_close(&pipeline->line);
    ry_feed_itch50_close(&pipeline->itch);
    free(pipeline);
}
