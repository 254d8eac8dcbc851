#include "tools/generate/pcap.h"

#include "tools/generate/itch.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_SECOND UINT64_C(1000000000)

#define ETHERNET_BYTES 14
#define IPV4_BYTES     20
#define UDP_BYTES      8
#define IPV4_AT        ETHERNET_BYTES
#define UDP_AT         (IPV4_AT + IPV4_BYTES)
#define MOLD_AT        (UDP_AT + UDP_BYTES)
#define FRAME_BYTES    (MOLD_AT + RY_GENERATE_MOLD_BYTES_MAX)

#define ETHERTYPE_IPV4_CODE 0x0800
#define IPV4_VERSION_LENGTH 0x45
#define IPV4_DONT_FRAGMENT  0x4000
#define IPV4_UDP            17
#define IPV4_TTL            16
#define MOLD_END_OF_SESSION 0xffff
#define SNAPSHOT_LENGTH     65535

struct ry_generate_pcap {
    pcap_t *dead;
    pcap_dumper_t *dumper;
    int64_t day_s;
    uint64_t packets;
    uint64_t sequence; /* of the next packet's first message */
    uint64_t first_ns; /* of the packet's messages */
    uint64_t last_ns;  /* of the packet's messages; later, of the last packet */
    uint16_t count;    /* messages that wait in the frame */
    size_t mold_bytes;
    char session[10];
    uint8_t frame[FRAME_BYTES];
};

/* ---- headers --------------------------------------------------------------------------------- */

/* What does not change from packet to packet. */
static void fill_frame(struct ry_generate_pcap *pcap)
{
    static const uint8_t group[6] = {RY_GENERATE_GROUP_MAC};
    static const uint8_t source[6] = {RY_GENERATE_SOURCE_MAC};
    uint8_t *ip = pcap->frame + IPV4_AT;
    uint8_t *udp = pcap->frame + UDP_AT;
    memcpy(pcap->frame, group, sizeof group);
    memcpy(pcap->frame + 6, source, sizeof source);
    ry_generate_put16(pcap->frame + 12, ETHERTYPE_IPV4_CODE);
    ip[0] = IPV4_VERSION_LENGTH;
    ry_generate_put16(ip + 6, IPV4_DONT_FRAGMENT);
    ip[8] = IPV4_TTL;
    ip[9] = IPV4_UDP;
    ry_generate_put32(ip + 12, RY_GENERATE_SOURCE_ADDRESS);
    ry_generate_put32(ip + 16, RY_GENERATE_GROUP_ADDRESS);
    ry_generate_put16(udp, RY_GENERATE_SOURCE_PORT);
    ry_generate_put16(udp + 2, RY_GENERATE_GROUP_PORT);
    memcpy(pcap->frame + MOLD_AT, pcap->session, sizeof pcap->session);
}

/* RFC 1071, onto a sum that is already there; big-endian words. */
static uint64_t sum_words(uint64_t sum, const uint8_t *at, size_t bytes)
{
    for (; bytes >= 2; at += 2, bytes -= 2)
        sum += (uint64_t)at[0] << 8 | at[1];
    return bytes == 1 ? sum + ((uint64_t)at[0] << 8) : sum;
}

static uint16_t fold(uint64_t sum)
{
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void fill_checksums(uint8_t *frame, size_t mold_bytes)
{
    uint8_t *ip = frame + IPV4_AT;
    uint8_t *udp = frame + UDP_AT;
    ry_generate_put16(ip + 10, 0);
    ry_generate_put16(ip + 10, fold(sum_words(0, ip, IPV4_BYTES)));

    /* With the pseudo header: addresses, protocol, length. Zero would mean "none". */
    ry_generate_put16(udp + 6, 0);
    uint64_t sum = sum_words(IPV4_UDP + UDP_BYTES + mold_bytes, ip + 12, 8);
    uint16_t checksum = fold(sum_words(sum, udp, UDP_BYTES + mold_bytes));
    ry_generate_put16(udp + 6, checksum == 0 ? 0xffff : checksum);
}

/* ---- packets --------------------------------------------------------------------------------- */

/* Sends the frame with `mold_bytes` of payload and a count that can also be a code. */
static bool send_packet(struct ry_generate_pcap *pcap, uint64_t time_ns, size_t mold_bytes,
                        uint16_t count)
{
    uint8_t *frame = pcap->frame;
    ry_generate_put16(frame + IPV4_AT + 2, (uint16_t)(IPV4_BYTES + UDP_BYTES + mold_bytes));
    ry_generate_put16(frame + IPV4_AT + 4, (uint16_t)pcap->packets);
    ry_generate_put16(frame + UDP_AT + 4, (uint16_t)(UDP_BYTES + mold_bytes));
    ry_generate_put64(frame + MOLD_AT + 10, pcap->sequence);
    ry_generate_put16(frame + MOLD_AT + 18, count);
    fill_checksums(frame, mold_bytes);

    struct pcap_pkthdr header = {.caplen = (bpf_u_int32)(MOLD_AT + mold_bytes),
                                 .len = (bpf_u_int32)(MOLD_AT + mold_bytes)};
    header.ts.tv_sec = pcap->day_s + (int64_t)(time_ns / NS_PER_SECOND);
    /* A file of nanosecond precision has them in this field. */
    header.ts.tv_usec = (suseconds_t)(time_ns % NS_PER_SECOND);
    pcap_dump((u_char *)pcap->dumper, &header, frame);
    pcap->packets++;
    pcap->last_ns = time_ns;
    return ferror(pcap_dump_file(pcap->dumper)) == 0;
}

static bool send_waiting(struct ry_generate_pcap *pcap)
{
    if (pcap->count == 0)
        return true;
    bool ok = send_packet(pcap, pcap->last_ns, pcap->mold_bytes, pcap->count);
    pcap->sequence += pcap->count;
    pcap->count = 0;
    pcap->mold_bytes = RY_GENERATE_MOLD_HEADER_BYTES;
    return ok;
}

static bool beat(struct ry_generate_pcap *pcap, uint64_t until_ns)
{
    bool ok = true;
    while (ok && pcap->packets > 0 && until_ns - pcap->last_ns > RY_GENERATE_PCAP_HEARTBEAT_NS)
        ok = send_packet(pcap, pcap->last_ns + RY_GENERATE_PCAP_HEARTBEAT_NS,
                         RY_GENERATE_MOLD_HEADER_BYTES, 0);
    return ok;
}

bool ry_generate_pcap_write(struct ry_generate_pcap *pcap, uint64_t time_ns, const uint8_t *message,
                            size_t bytes)
{
    bool ok = true;
    bool full = pcap->mold_bytes + 2 + bytes > RY_GENERATE_MOLD_BYTES_MAX;
    if (pcap->count > 0 && (full || time_ns - pcap->first_ns > RY_GENERATE_PCAP_HOLD_NS))
        ok = send_waiting(pcap);
    if (pcap->count == 0) {
        ok = ok && beat(pcap, time_ns);
        pcap->first_ns = time_ns;
    }
    uint8_t *at = pcap->frame + MOLD_AT + pcap->mold_bytes;
    ry_generate_put16(at, (uint16_t)bytes);
    memcpy(at + 2, message, bytes);
    pcap->mold_bytes += 2 + bytes;
    pcap->count++;
    pcap->last_ns = time_ns;
    return ok;
}

bool ry_generate_pcap_end(struct ry_generate_pcap *pcap)
{
    bool ok = send_waiting(pcap);
    for (int n = 0; ok && n < RY_GENERATE_PCAP_ENDS; n++)
        ok = send_packet(pcap, pcap->last_ns + NS_PER_SECOND, RY_GENERATE_MOLD_HEADER_BYTES,
                         MOLD_END_OF_SESSION);
    return ok && pcap_dump_flush(pcap->dumper) == 0;
}

/* ---- the file -------------------------------------------------------------------------------- */

struct ry_generate_pcap *ry_generate_pcap_open(FILE *file, int64_t day_s, const char *session)
{
    struct ry_generate_pcap *pcap = calloc(1, sizeof *pcap);
    pcap_t *dead = pcap_open_dead_with_tstamp_precision(DLT_EN10MB, SNAPSHOT_LENGTH,
                                                        PCAP_TSTAMP_PRECISION_NANO);
    if (pcap == NULL || dead == NULL) {
        fclose(file);
        errno = ENOMEM;
        goto failed;
    }
    pcap->dead = dead;
    pcap->day_s = day_s;
    pcap->sequence = 1;
    pcap->mold_bytes = RY_GENERATE_MOLD_HEADER_BYTES;
    memcpy(pcap->session, session, sizeof pcap->session);
    fill_frame(pcap);
    /* It closes the stream when it cannot write its header. */
    pcap->dumper = pcap_dump_fopen(dead, file);
    if (pcap->dumper != NULL)
        return pcap;
failed:
    if (dead != NULL)
        pcap_close(dead);
    free(pcap);
    return NULL;
}

uint64_t ry_generate_pcap_packets(const struct ry_generate_pcap *pcap)
{
    return pcap->packets;
}

void ry_generate_pcap_close(struct ry_generate_pcap *pcap)
{
    if (pcap == NULL)
        return;
    pcap_dump_close(pcap->dumper);
    pcap_close(pcap->dead);
    free(pcap);
}
