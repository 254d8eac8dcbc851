/*
 * The port of frames (feeds/port/port.h) out of a capture, by libpcap and without DPDK: pcap with
 * stamps in microseconds or nanoseconds, of either byte order, and pcapng; plain, gzip or zstd
 * (feeds/port/file.h). Frames of Ethernet, Linux cooked captures and bare IP.
 *
 * A capture loses no frame when it is not pulled. It must be a regular file: libpcap waits in its
 * reads, so that nothing could stop a feed on a pipe.
 */
#ifndef RY_FEEDS_PORT_PCAP_H
#define RY_FEEDS_PORT_PCAP_H

#include "feeds/port/file.h"
#include "feeds/port/port.h"

/* 0, or -1 with the reason in `error`. */
int ry_port_pcap_open(struct ry_port_frames *frames, const char *path,
                      char error[RY_PORT_ERROR_BYTES]);

/* Looks at a capture without reading a frame: what its frames are. plain: it is for DPDK's driver,
 * which unpacks nothing. 0, or -1 with the reason in `error`: what cannot be opened. */
int ry_port_pcap_look(const char *path, bool plain, enum ry_port_link *link,
                      char error[RY_PORT_ERROR_BYTES]);

#endif
