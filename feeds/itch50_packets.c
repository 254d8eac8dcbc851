/*
 * itch50 by packets: frames of a network card or a capture; the MoldUDP64 packet in an Ethernet
 * frame, IPv4, UDP; the messages that its line has not had; the fields of an ITCH message; its
 * event.
 *
 * Only the end of its session ends a capture in order. A device has no end of its own.
 */
#include <stdio.h>
#include <stdlib.h>

#include "feeds/itch50.h"
#include "feeds/line/moldudp64.h"
#include "feeds/port/dpdk.h"
#include "feeds/wire/bytes.h"

struct itch50_packets {
    struct ry_port_frames frames;
    struct ry_wire_moldudp64 packet; /* with messages left */
    struct ry_line_moldudp64 line;
    struct ry_feed_itch50 itch;
};

static int open_port(struct ry_feed_handler *handler, struct ry_port_frames *frames)
{
    const struct ry_battle_feed *feed = handler->feed;
    const struct ry_port_dpdk_source source = {
        .path = feed->path, .device = feed->device, .feed = handler->index};
    char error[RY_PORT_ERROR_BYTES];
    if (handler->frames.next != NULL) {
        *frames = handler->frames;
        return 0;
    }
    if (ry_port_dpdk_open(frames, &source, &handler->log, error) != 0)
        return ry_feed_fail(handler, "feed %s: %s", feed->name, error);
    return 0;
}

int ry_feed_itch50_packets_open(struct ry_feed_handler *handler)
{
    struct itch50_packets *pipeline = calloc(1, sizeof *pipeline);
    handler->state = pipeline;
    if (pipeline == NULL)
        return ry_feed_fail(handler, "feed %s: no memory", handler->feed->name);
    if (open_port(handler, &pipeline->frames) != 0 ||
        ry_feed_itch50_open(&pipeline->itch, handler) != 0)
        return -1;
    /* A capture is a whole day; a device can be joined late. */
    ry_line_moldudp64_init(&pipeline->line, handler->feed->path[0] != '\0', &handler->counters);
    return 0;
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

static void tell_late(struct ry_feed_handler *handler)
{
    if (handler->counters.late_start > 0)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: %llu messages of the session came before: the book begins incomplete",
                    ry_feed_source(handler), (unsigned long long)handler->counters.late_start);
}

/* What the frames were of which none was taken. */
static void describe_frames(const struct ry_feed_handler *handler, char *text, size_t room)
{
    const struct ry_feed_counters *c = &handler->counters;
    snprintf(text, room,
             "%s: no packet was for this feed: of %llu packets %llu go to other ports than UDP %u, "
             "%llu are no IPv4 UDP, %llu are damaged or no MoldUDP64",
             ry_feed_source(handler), (unsigned long long)c->packets,
             (unsigned long long)c->packets_other_port, handler->feed->udp_port,
             (unsigned long long)c->packets_other,
             (unsigned long long)(c->packets_fragment + c->packets_short + c->packets_bad_length));
}

/* A device that was listened to in vain. */
static void tell_in_vain(struct ry_feed_handler *handler)
{
    const struct itch50_packets *pipeline = handler->state;
    char text[RY_FEED_HANDLER_ERROR_BYTES];
    if (handler->counters.packets == 0 || pipeline->line.begun || handler->error[0] != '\0')
        return;
    describe_frames(handler, text, sizeof text);
    ry_feed_say(handler, RY_LOG_WARN, "%s", text);
}

/* ---- packets --------------------------------------------------------------------------------- */

static enum ry_feed_handler_result drop_packet(struct ry_feed_counters *counters,
                                               enum ry_wire_packet_result result)
{
    switch (result) {
    case RY_WIRE_PACKET_FRAGMENT: counters->packets_fragment++; break;
    case RY_WIRE_PACKET_SHORT: counters->packets_short++; break;
    case RY_WIRE_PACKET_BAD_LENGTH: counters->packets_bad_length++; break;
    case RY_WIRE_PACKET_OTHER_PORT: counters->packets_other_port++; break;
    case RY_WIRE_PACKET_OTHER:
    case RY_WIRE_PACKET_OK: counters->packets_other++; break;
    }
    return RY_FEED_HANDLER_QUIET;
}

static enum ry_feed_handler_result line_breaks(struct ry_feed_handler *handler,
                                               enum ry_line_result result)
{
    const struct itch50_packets *pipeline = handler->state;
    char why[RY_LINE_TEXT_BYTES];
    ry_line_moldudp64_explain(&pipeline->line, &pipeline->packet, result, why);
    return ry_feed_fail(handler, "%s: %s", ry_feed_source(handler), why);
}

static enum ry_feed_handler_result take_packet(struct ry_feed_handler *handler,
                                               struct ry_input *event)
{
    struct itch50_packets *pipeline = handler->state;
    const bool begins = !pipeline->line.begun;
    if (begins)
        tell_session(handler, &pipeline->packet);
    const enum ry_line_result result = ry_line_moldudp64_take(&pipeline->line, &pipeline->packet);
    if (begins && result != RY_LINE_LATE)
        tell_late(handler);
    switch (result) {
    case RY_LINE_TAKE:
    case RY_LINE_OLD:
    case RY_LINE_HEARTBEAT: return RY_FEED_HANDLER_QUIET;
    case RY_LINE_END:
        ry_feed_itch50_tell_absent(&pipeline->itch, handler);
        return ry_feed_end(event, &pipeline->itch.normaliser.clock);
    case RY_LINE_GAP:
    case RY_LINE_SESSION:
    case RY_LINE_LATE:
    case RY_LINE_CUT: break;
    }
    return line_breaks(handler, result);
}

static enum ry_feed_handler_result capture_ends(struct ry_feed_handler *handler)
{
    const struct itch50_packets *pipeline = handler->state;
    if (pipeline->line.begun)
        return line_breaks(handler, RY_LINE_CUT);
    if (handler->counters.packets == 0)
        return ry_feed_fail(handler, "%s: the capture has no packets", ry_feed_source(handler));
    describe_frames(handler, handler->error, sizeof handler->error);
    return RY_FEED_HANDLER_FAILED;
}

static enum ry_feed_handler_result next_frame(struct ry_feed_handler *handler,
                                              struct ry_input *event)
{
    struct itch50_packets *pipeline = handler->state;
    const uint8_t *frame, *payload;
    size_t length, payload_length;
    switch (pipeline->frames.next(pipeline->frames.context, &frame, &length)) {
    case RY_PORT_FRAMES_FRAME: break;
    case RY_PORT_FRAMES_NONE: return RY_FEED_HANDLER_IDLE;
    case RY_PORT_FRAMES_ENDED: return capture_ends(handler);
    }
    handler->counters.packets++;
    handler->counters.bytes += length;
    enum ry_wire_packet_result result =
        ry_wire_udp_payload(frame, length, handler->feed->udp_port, &payload, &payload_length);
    if (result == RY_WIRE_PACKET_OK)
        result = ry_wire_moldudp64_parse(payload, payload_length, &pipeline->packet);
    if (result == RY_WIRE_PACKET_OK)
        return take_packet(handler, event);
    pipeline->packet.left = 0;
    return drop_packet(&handler->counters, result);
}

enum ry_feed_handler_result ry_feed_itch50_packets_next(struct ry_feed_handler *handler,
                                                        struct ry_input *event)
{
    struct itch50_packets *pipeline = handler->state;
    const uint8_t *message;
    size_t length;
    if (!ry_wire_moldudp64_next(&pipeline->packet, &message, &length))
        return next_frame(handler, event);
    const uint64_t number = pipeline->line.expected - pipeline->packet.left - 1;
    return ry_feed_itch50_message(&pipeline->itch, handler, message, length, "sequence", number,
                                  event);
}

static void count_drops(struct ry_feed_handler *handler, const struct ry_port_frames *frames)
{
    struct ry_port_drops drops = {0};
    if (frames->drops != NULL)
        frames->drops(frames->context, &drops);
    handler->counters.device_missed += drops.missed;
    handler->counters.device_errors += drops.errors;
    handler->counters.device_no_memory += drops.no_memory;
    if (drops.missed + drops.errors + drops.no_memory > 0)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: the device missed %llu packets, %llu came with errors, %llu found no "
                    "memory",
                    ry_feed_source(handler), (unsigned long long)drops.missed,
                    (unsigned long long)drops.errors, (unsigned long long)drops.no_memory);
}

void ry_feed_itch50_packets_close(struct ry_feed_handler *handler)
{
    struct itch50_packets *pipeline = handler->state;
    tell_in_vain(handler);
    count_drops(handler, &pipeline->frames);
    if (pipeline->frames.close != NULL)
        pipeline->frames.close(pipeline->frames.context);
    ry_feed_itch50_close(&pipeline->itch);
    free(pipeline);
}
