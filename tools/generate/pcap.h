/*
 * A pcap of the feed as it would come from the wire: MoldUDP64 in UDP, IPv4 and Ethernet, time
 * stamps in nanoseconds.
 *
 * "MoldUDP64 Protocol Specification 1.00": a packet is session (10), sequence of its first message
 * (8), count (2), then {u16 length, message}; big-endian. A packet is sent when it is full, or when
 * the next message comes more than RY_GENERATE_PCAP_HOLD_NS after its first one; its stamp is the
 * time of its last message. Count 0 is a heartbeat, sent in each RY_GENERATE_PCAP_HEARTBEAT_NS of
 * silence; count 0xFFFF is the end of the session, sent three times. Both carry the sequence that
 * comes next.
 *
 * The clock of the stamps is the exchange's time of day on the date given, taken as UTC.
 */
#ifndef RY_TOOLS_GENERATE_PCAP_H
#define RY_TOOLS_GENERATE_PCAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define RY_GENERATE_PCAP_HOLD_NS      UINT64_C(10000)
#define RY_GENERATE_PCAP_HEARTBEAT_NS UINT64_C(10000000000)
#define RY_GENERATE_PCAP_ENDS         3
#define RY_GENERATE_MOLD_BYTES_MAX    1400 /* of UDP payload */
#define RY_GENERATE_MOLD_HEADER_BYTES 20

/* From, of documentation's network (RFC 5737); to, NASDAQ's group for TotalView-ITCH. */
#define RY_GENERATE_SOURCE_ADDRESS 0xc000020au /* 192.0.2.10 */
#define RY_GENERATE_SOURCE_PORT    26400
#define RY_GENERATE_GROUP_ADDRESS  0xe9360c6fu /* 233.54.12.111 */
#define RY_GENERATE_GROUP_PORT     26477
/* The six bytes; locally administered. */
#define RY_GENERATE_SOURCE_MAC 0x02, 0x00, 0x00, 0x00, 0x02, 0x0a
/* RFC 1112: the group's low 23 bits. */
#define RY_GENERATE_GROUP_MAC 0x01, 0x00, 0x5e, 0x36, 0x0c, 0x6f

struct ry_generate_pcap;

/*
 * Takes the stream over: it is closed by ry_generate_pcap_close, and here on failure. `day_s`: the
 * day's midnight in seconds since the epoch; `session` has 10 characters. NULL: failed, see errno.
 */
struct ry_generate_pcap *ry_generate_pcap_open(FILE *file, int64_t day_s, const char *session);

/* Time never falls. False from any of these: the stream has failed, see errno. */
bool ry_generate_pcap_write(struct ry_generate_pcap *pcap, uint64_t time_ns, const uint8_t *message,
                            size_t bytes);
/* The rest, and the ends of session. */
bool ry_generate_pcap_end(struct ry_generate_pcap *pcap);
uint64_t ry_generate_pcap_packets(const struct ry_generate_pcap *pcap);
void ry_generate_pcap_close(struct ry_generate_pcap *pcap);

#endif
