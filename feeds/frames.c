#include "feeds/frames.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "feeds/port/dpdk.h"
#include "feeds/port/pcap.h"
#include "feeds/recognise.h"

/* ---- the port -------------------------------------------------------------------------------- */

/* A program that is to poll devices links it by name (the Makefile's DPDK_PORT); DPDK stays out of
 * the others. */
#pragma weak ry_port_dpdk_open

static bool is_regular(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

int ry_feed_frames_open(struct ry_feed_frames *frames, struct ry_feed_handler *handler)
{
    const struct ry_battle_feed *feed = handler->feed;
    const struct ry_port_dpdk_source source = {
        .path = feed->path, .device = feed->device, .feed = handler->index};
    char error[RY_PORT_ERROR_BYTES], what[RY_FEED_RECOGNISE_BYTES];
    int result = 0;
    *frames = (struct ry_feed_frames){.port = handler->frames};
    if (handler->frames.next != NULL)
        return 0;
    if (feed->port == RY_BATTLE_PORT_PCAP)
        result = ry_port_pcap_open(&frames->port, feed->path, error);
    else if (ry_port_dpdk_open != NULL)
        result = ry_port_dpdk_open(&frames->port, &source, &handler->log, error);
    else
        return ry_feed_fail(handler, "feed %s: this program has no DPDK", feed->name);
    if (result == 0)
        return 0;
    if (is_regular(feed->path) && ry_feed_recognise_file(feed, what) != NULL)
        return ry_feed_fail(handler, "feed %s: %s: %s", feed->name, feed->path, what);
    return ry_feed_fail(handler, "feed %s: %s", feed->name, error);
}

static void count_drops(struct ry_feed_handler *handler, const struct ry_port_frames *port)
{
    struct ry_port_drops drops = {0};
    if (port->drops != NULL)
        port->drops(port->context, &drops);
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

void ry_feed_frames_close(struct ry_feed_frames *frames, struct ry_feed_handler *handler)
{
    count_drops(handler, &frames->port);
    if (frames->port.close != NULL)
        frames->port.close(frames->port.context);
}

/* ---- datagrams ------------------------------------------------------------------------------- */

void ry_feed_frames_drop(struct ry_feed_handler *handler, enum ry_wire_packet_result result)
{
    struct ry_feed_counters *counters = &handler->counters;
    switch (result) {
    case RY_WIRE_PACKET_FRAGMENT: counters->packets_fragment++; break;
    case RY_WIRE_PACKET_SHORT: counters->packets_short++; break;
    case RY_WIRE_PACKET_CUT: counters->packets_cut++; break;
    case RY_WIRE_PACKET_BAD_LENGTH: counters->packets_bad_length++; break;
    case RY_WIRE_PACKET_OTHER:
    case RY_WIRE_PACKET_OK: counters->packets_other++; break;
    }
}

/* True if the datagram is known to be no affair of this feed, and is counted so. */
static bool is_other(struct ry_feed_frames *frames, struct ry_feed_handler *handler,
                     const struct ry_wire_datagram *datagram)
{
    const struct ry_battle_feed *feed = handler->feed;
    const bool group = feed->group != 0 && datagram->group != 0 && datagram->group != feed->group;
    const bool port =
        feed->udp_port != 0 && datagram->port != 0 && datagram->port != feed->udp_port;
    if (!group && !port)
        return false;
    if (port)
        handler->counters.packets_other_port++;
    else
        handler->counters.packets_other_group++;
    if (frames->other.group == 0)
        frames->other = *datagram;
    return true;
}

static enum ry_wire_link link_of(enum ry_port_link link)
{
    switch (link) {
    case RY_PORT_LINK_ETHERNET: break;
    case RY_PORT_LINK_COOKED: return RY_WIRE_LINK_COOKED;
    case RY_PORT_LINK_COOKED2: return RY_WIRE_LINK_COOKED2;
    case RY_PORT_LINK_IP: return RY_WIRE_LINK_IP;
    }
    return RY_WIRE_LINK_ETHERNET;
}

enum ry_port_frames_result ry_feed_frames_next(struct ry_feed_frames *frames,
                                               struct ry_feed_handler *handler,
                                               struct ry_wire_datagram *datagram, bool *ours)
{
    const uint8_t *frame;
    size_t length;
    const enum ry_port_frames_result result =
        frames->port.next(frames->port.context, &frame, &length);
    if (result != RY_PORT_FRAMES_FRAME)
        return result;
    if (handler->clock != NULL)
        handler->taken_ns = handler->clock();
    handler->counters.packets++;
    handler->counters.bytes += length;
    const enum ry_wire_packet_result found =
        ry_wire_datagram(link_of(frames->port.link), frame, length, datagram);
    *ours = false;
    if (found == RY_WIRE_PACKET_OTHER || !is_other(frames, handler, datagram)) {
        *ours = found == RY_WIRE_PACKET_OK;
        if (!*ours)
            ry_feed_frames_drop(handler, found);
    }
    return result;
}

/* ---- lines for people ------------------------------------------------------------------------ */

const char *ry_feed_address(uint32_t address, char text[RY_FEED_ADDRESS_BYTES])
{
    snprintf(text, RY_FEED_ADDRESS_BYTES, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
             address >> 8 & 255, address & 255);
    return text;
}

/* Appends a clause about `count` packets, if there are any. */
static void append(char *text, size_t room, const char *before, uint64_t count, const char *format,
                   ...) __attribute__((format(printf, 5, 6)));
static void append(char *text, size_t room, const char *before, uint64_t count, const char *format,
                   ...)
{
    va_list arguments;
    size_t n = strlen(text);
    if (count == 0)
        return;
    n += (size_t)snprintf(text + n, room - n, "%s%llu ", before, (unsigned long long)count);
    if (n >= room)
        return;
    va_start(arguments, format);
    vsnprintf(text + n, room - n, format, arguments);
    va_end(arguments);
}

static void append_lost(const struct ry_feed_counters *c, const char *before, char *text,
                        size_t room)
{
    append(text, room, before, c->packets_cut,
           "are cut by the capture's snapshot length: capture with `-s 0`");
    append(text, room, before, c->packets_fragment,
           "are fragments of larger datagrams, which royale does not put together: capture where "
           "packets are whole");
    append(text, room, before, c->packets_short + c->packets_bad_length,
           "are damaged or no MoldUDP64");
}

void ry_feed_frames_lost(const struct ry_feed_handler *handler, char *text, size_t room)
{
    text[0] = '\0';
    append_lost(&handler->counters, "; packets: ", text, room);
}

void ry_feed_frames_in_vain(const struct ry_feed_frames *frames,
                            const struct ry_feed_handler *handler, char *text, size_t room)
{
    const struct ry_feed_counters *c = &handler->counters;
    const struct ry_battle_feed *feed = handler->feed;
    char group[RY_FEED_ADDRESS_BYTES], wanted[RY_FEED_ADDRESS_BYTES];
    (void)ry_feed_address(frames->other.group, group);
    snprintf(text, room, "no packet was for this feed: of %llu packets",
             (unsigned long long)c->packets);
    append(text, room, " ", c->packets_other_port,
           "go to other ports than UDP %u (the first one to UDP %u of %s);", feed->udp_port,
           frames->other.port, group);
    append(text, room, " ", c->packets_other_group,
           "go to other groups than %s (the first one to %s, UDP %u);",
           ry_feed_address(feed->group, wanted), group, frames->other.port);
    append(text, room, " ", c->packets_other, "are no IPv4 UDP;");
    append_lost(c, " ", text, room);
    const size_t n = strlen(text);
    if (n > 0 && text[n - 1] == ';')
        text[n - 1] = '\0';
}
