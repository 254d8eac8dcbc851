/*
 * The port of frames (feeds/port/port.h) through DPDK 22.11: a network card, any vdev, or a capture
 * file behind the net_pcap vdev.
 *
 * The EAL starts in this process (after the exec; it survives no fork), as a primary of its own
 * with its own file prefix, and leaves nothing behind: see dpdk.c. All use of rte_ headers is in
 * that file.
 *
 * A capture loses no frame when it is not pulled; a card drops what its ring cannot hold, which the
 * sequence numbers show.
 */
#ifndef RY_FEEDS_PORT_DPDK_H
#define RY_FEEDS_PORT_DPDK_H

#include "feeds/port/port.h"
#include "shm/log.h"

/* What to read. Strings stay the caller's, for as long as the port is open. */
struct ry_port_dpdk_source {
    const char *path;   /* a pcap; empty: the device */
    const char *device; /* a PCI address, or a vdev with its parameters */
    unsigned feed;      /* number of the feed, in the EAL's file prefix */
};

/* Starts the EAL and the one device. Once in a process. 0, or -1 with the reason in `error`; what
 * DPDK itself said stands in the log, which must be good until the process ends. */
int ry_port_dpdk_open(struct ry_port_frames *frames, const struct ry_port_dpdk_source *source,
                      const struct ry_log_sink *log, char error[RY_PORT_ERROR_BYTES]);

#endif
