#include "feeds/recognise.h"

#include <stdio.h>

static const char *format_word(unsigned format)
{
    return format == RY_BATTLE_FORMAT_DBN ? "dbn" : "itch50";
}

static const char *port_word(unsigned port)
{
    switch (port) {
    case RY_BATTLE_PORT_PCAP: return "pcap";
    case RY_BATTLE_PORT_DPDK: return "dpdk";
    default: return "file";
    }
}

/* Which feed would read it, or what to do with what none reads. */
static const struct {
    unsigned format, port;
    const char *remedy;
} ways[] = {
    [RY_WIRE_SNIFFED_BINARYFILE] = {RY_BATTLE_FORMAT_ITCH50, RY_BATTLE_PORT_FILE, NULL},
    [RY_WIRE_SNIFFED_DBN] = {RY_BATTLE_FORMAT_DBN, RY_BATTLE_PORT_FILE, NULL},
    [RY_WIRE_SNIFFED_PCAP] = {RY_BATTLE_FORMAT_ITCH50, RY_BATTLE_PORT_PCAP, NULL},
    [RY_WIRE_SNIFFED_SOUPBIN] =
        {0, 0, "royale reads no TCP sessions: take BinaryFILE, or a capture of MoldUDP64"},
    [RY_WIRE_SNIFFED_PACKED] = {0, 0, "unpack it once"},
    [RY_WIRE_SNIFFED_FOREIGN_PACKED] = {0, 0, "unpack it; royale reads gzip and zstd"},
    [RY_WIRE_SNIFFED_PARQUET] = {0, 0, "take the record of every order as DBN (mbo) or ITCH"},
    [RY_WIRE_SNIFFED_JSON] = {0, 0, "take the record of every order as DBN (mbo) or ITCH"},
    [RY_WIRE_SNIFFED_HTML] = {0, 0, "the download may have failed: fetch the file again"},
    [RY_WIRE_SNIFFED_TEXT] = {0, 0, "take the record of every order as DBN (mbo) or ITCH"},
};

const char *ry_feed_recognise(const struct ry_battle_feed *feed, const uint8_t *bytes, size_t have,
                              char text[RY_FEED_RECOGNISE_BYTES])
{
    const enum ry_wire_sniffed sniffed = ry_wire_sniff(bytes, have);
    if (sniffed == RY_WIRE_SNIFFED_UNKNOWN)
        return NULL;
    const unsigned format = ways[sniffed].format, port = ways[sniffed].port;
    /* DPDK's driver plays captures, too. */
    const bool played = port == RY_BATTLE_PORT_PCAP && feed->port == RY_BATTLE_PORT_DPDK;
    if (format == feed->format && (port == feed->port || played))
        return NULL;
    const int n = snprintf(
        text, RY_FEED_RECOGNISE_BYTES,
        "is %s, and the battle file says format: %s, port: %s: ", ry_wire_sniffed_name(sniffed),
        format_word(feed->format), port_word(feed->port));
    char *rest = text + n;
    const size_t room = RY_FEED_RECOGNISE_BYTES - (size_t)n;
    if (format == 0)
        snprintf(rest, room, "%s", ways[sniffed].remedy);
    else
        snprintf(rest, room, "write %s%s%s%s%s", format != feed->format ? "format: " : "",
                 format != feed->format ? format_word(format) : "",
                 format != feed->format && port != feed->port ? " and " : "",
                 port != feed->port ? "port: " : "", port != feed->port ? port_word(port) : "");
    return text;
}
