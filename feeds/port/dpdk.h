/*
 * Frames through DPDK 22.11: a network card, any vdev, or a capture file behind the net_pcap vdev.
 *
 * The EAL starts in this process (after the exec; it survives no fork), as a primary of its own
 * with its own file prefix, and leaves nothing behind: see port_dpdk.c. All use of rte_ headers is
 * in that file.
 *
 * The port can pause: frames that are not asked for stay where they are. A capture loses none by
 * that; a card drops what its ring cannot hold, which the sequence numbers show.
 */
#ifndef RY_FEEDS_PORT_DPDK_H
#define RY_FEEDS_PORT_DPDK_H

#include "core/battle/battle.h"
#include "feeds/handler.h"

#define RY_PORT_DPDK_ERROR_BYTES 640

struct ry_port_dpdk;

/* Starts the EAL and the one device that the feed names. Once in a process. NULL with the reason in
 * `error`; what DPDK itself said stands in the log. */
struct ry_port_dpdk *ry_port_dpdk_open(const struct ry_battle_feed *feed, unsigned index,
                                       const struct ry_feed_handler_log *log,
                                       char error[RY_PORT_DPDK_ERROR_BYTES]);

/* Adds what the device dropped to the counters, with a line about it if there was any. Once, before
 * close. */
void ry_port_dpdk_count(struct ry_port_dpdk *port, struct ry_feed_counters *counters);

/* Stops the device and the EAL. */
void ry_port_dpdk_close(struct ry_port_dpdk *port);

/* How the handler gets its frames. */
struct ry_port_packets ry_port_dpdk_packets(struct ry_port_dpdk *port);

#endif
