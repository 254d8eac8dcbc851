/*
 * A port: where what a feed reads comes from. It knows files and devices, and nothing of what is in
 * the bytes. Two kinds, by what can happen on the way:
 *
 *   bytes   a stream in order and without holes: a file, an archive, a pipe (feeds/port/file.h).
 *           Its reader looks at as many bytes as it needs and consumes what it has used. Called
 *           once or twice a message, so by name and not through a pointer.
 *   frames  packets as a network delivers them: each whole, but some lost, repeated or late, from
 *           a device (feeds/port/dpdk.h) or out of a capture (feeds/port/pcap.h). Pulled one by one
 *           through struct ry_port_frames, so that a pipeline reads them alike from anywhere, and a
 *           test from memory.
 *
 * No port waits: that nothing is there at the moment is an answer. What is not pulled stays where
 * it is, so that a feed without room in its ring pauses its port; a device drops what its own queue
 * cannot hold, and counts it.
 *
 * The pipeline that reads a port (feeds/pipeline.h) opens and closes it. What a port hands out
 * stays the port's, good until the next call. An error is a sentence that names the file or device.
 * A port includes nothing but shm.
 */
#ifndef RY_FEEDS_PORT_PORT_H
#define RY_FEEDS_PORT_PORT_H

#include "shm/base.h"

#define RY_PORT_ERROR_BYTES 768 /* a path and a reason, with the final NUL */

enum ry_port_frames_result {
    RY_PORT_FRAMES_FRAME = 1,
    RY_PORT_FRAMES_NONE = 0,    /* none at the moment */
    RY_PORT_FRAMES_ENDED = -1,  /* a capture was read to its end */
    RY_PORT_FRAMES_BROKEN = -2, /* a capture that cannot be read on; `why` says it */
};

/* What frames begin with. */
enum ry_port_link {
    RY_PORT_LINK_ETHERNET = 0,
    RY_PORT_LINK_COOKED,  /* LINKTYPE_LINUX_SLL */
    RY_PORT_LINK_COOKED2, /* LINKTYPE_LINUX_SLL2 */
    RY_PORT_LINK_IP,      /* bare */
};

/* Packets that a device lost before anybody could pull them, since it was opened. */
struct ry_port_drops {
    uint64_t missed;    /* its queue had no room */
    uint64_t errors;    /* received with errors, or not readable in a capture */
    uint64_t no_memory; /* no buffer for them */
};

struct ry_port_frames {
    enum ry_port_link link;
    /* The next frame, whole, without the frame check sequence. ENDED and BROKEN come again. */
    enum ry_port_frames_result (*next)(void *context, const uint8_t **frame, size_t *length);
    const char *(*why)(void *context);                         /* NULL: a port that never breaks */
    void (*drops)(void *context, struct ry_port_drops *drops); /* NULL: a port that loses none */
    void (*close)(void *context);                              /* NULL: nothing to close */
    void *context;
};

#endif
