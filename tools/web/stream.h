/*
 * The stream: sends frames of one ring (tools/web/ring.h) to every client that reads. Everything
 * here is of one thread, the server's; nothing waits.
 *
 * A client is a socket and a cursor. A sweep goes over all of them when a frame has come, in parts
 * of RY_WEB_SWEEP_CLIENTS, so that requests are answered in between. A client gets all that it has
 * not got in one call, straight out of the ring. One whose socket takes nothing more stays behind,
 * and goes on when the kernel says so; one that stays behind for a whole ring gets a snapshot that
 * says so; one whose socket has taken nothing for RY_WEB_STALL_NS is let go.
 *
 * Sockets come and go by way of whoever owns them: ry_web_stream_add, and `gone`.
 */
#ifndef RY_TOOLS_WEB_STREAM_H
#define RY_TOOLS_WEB_STREAM_H

#include "tools/web/outlet.h"
#include "tools/web/ring.h"

#define RY_WEB_STREAMS_MAX   16384
#define RY_WEB_SWEEP_CLIENTS 128
#define RY_WEB_BEAT_NS       INT64_C(1000000000) /* without a frame: that the connection lives */
#define RY_WEB_STALL_NS      INT64_C(60000000000)

struct ry_web_ear;

struct ry_web_client {
    int fd;
    uint8_t wire; /* enum ry_web_wire */
    bool blocked; /* the kernel takes nothing at the moment */
    bool closing; /* with the end of `control` */
    uint32_t index;
    uint64_t has;                 /* the frame whose state it has, or is being sent */
    struct ry_web_frame *sending; /* the rest of it, behind `sent` bytes; NULL: between frames */
    size_t sent;
    struct ry_web_frame *control; /* goes out at the next end of a frame */
    struct ry_web_ear *ear;       /* while a frame of its own is under way */
    int64_t moved_ns;             /* when its socket took something last */
    void *owner;
};

struct ry_web_stream_counts {
    uint64_t opened, frames, bytes; /* sent, to all together */
    uint64_t snapshots, lapped;     /* sent; of those, because it was lapped */
    uint64_t stalled, wrong;        /* let go: took nothing; said what it may not */
};

struct ry_web_stream {
    int epoll;
    struct ry_web_outlet *outlet;
    struct ry_web_ring ring;
    struct ry_web_frame *beat;
    /* Its socket is the owner's again, and not in the epoll; `owner` is what the owner gave. */
    void (*gone)(void *owner, enum ry_web_wire wire);
    /* Whether it may go on to read; asked about once a second. NULL: all may. */
    bool (*may)(void *owner);
    struct ry_web_client **client;
    unsigned clients, room;
    unsigned sweep_at, sweep_left; /* clients */
    bool wants;                    /* a snapshot */
    bool beats;                    /* this sweep has a heartbeat for whoever got nothing lately */
    int64_t beat_ns;               /* when the last such sweep began */
    struct ry_web_stream_counts counts;
};

/* Adds the outlet to `epoll` with the stream as its data. 0, or -1: no memory. */
int ry_web_stream_open(struct ry_web_stream *stream, int epoll, struct ry_web_outlet *outlet,
                       void (*gone)(void *owner, enum ry_web_wire wire));

/* Lets all clients go. */
void ry_web_stream_close(struct ry_web_stream *stream);

/* A client that reads from now on, behind `since`; NULL: from a snapshot on. `since` is what it
 * said itself. NULL: it cannot be taken, `gone` is not called. The epoll's data is the client. */
struct ry_web_client *ry_web_stream_add(struct ry_web_stream *stream, int fd, enum ry_web_wire wire,
                                        const char *since, void *owner, int64_t now_ns);

/* What the epoll says of one of its clients; `now_ns` is ry_clock_ns. It may be gone then. */
void ry_web_stream_event(struct ry_web_stream *stream, struct ry_web_client *client,
                         uint32_t events, int64_t now_ns);

/* Bytes of a client that were read before it was added. */
void ry_web_stream_hear(struct ry_web_stream *stream, struct ry_web_client *client,
                        const void *bytes, size_t count, int64_t now_ns);

/* Takes the frames that have come and goes on with the sweep. True: there is more to do at once. */
bool ry_web_stream_turn(struct ry_web_stream *stream, int64_t now_ns);

#endif
