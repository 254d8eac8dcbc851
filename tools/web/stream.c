#include "tools/web/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "tools/web/ear.h"

#define EVENTS       (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)
#define BATCH_FRAMES 16
#define HEAR_BYTES   512
#define HEAR_READS   8 /* at a time: whoever says more is no client */
#define ROOM_FIRST   64
#define CLOSE_OPCODE 0x8
#define PONG_OPCODE  0xA

/* ---- a client goes --------------------------------------------------------------------------- */

static void release(struct ry_web_client *client)
{
    ry_web_frame_drop(client->sending);
    ry_web_frame_drop(client->control);
    ry_web_ear_free(client->ear);
    free(client);
}

/* The last one takes its place; a sweep that was under way may have gone past that place. */
static void let_go(struct ry_web_stream *stream, struct ry_web_client *client)
{
    void *owner = client->owner;
    const enum ry_web_wire wire = (enum ry_web_wire)client->wire;
    (void)epoll_ctl(stream->epoll, EPOLL_CTL_DEL, client->fd, NULL);
    stream->client[client->index] = stream->client[--stream->clients];
    stream->client[client->index]->index = client->index;
    if (stream->sweep_left > 0)
        stream->sweep_left = stream->clients;
    release(client);
    stream->gone(owner, wire);
}

/* ---- what it is sent ------------------------------------------------------------------------- */

struct batch {
    struct ry_web_frame *frame[BATCH_FRAMES];
    struct iovec part[BATCH_FRAMES];
    unsigned count;
};

static void put(struct batch *batch, struct ry_web_frame *frame, enum ry_web_wire wire, size_t sent)
{
    const struct ry_web_bytes *bytes = &frame->wire[wire];
    batch->part[batch->count] = (struct iovec){bytes->at + sent, bytes->bytes - sent};
    batch->frame[batch->count++] = frame;
}

static struct ry_web_frame *next_of(struct ry_web_stream *stream, uint64_t has)
{
    struct ry_web_frame *frame = NULL;
    switch (ry_web_ring_next(&stream->ring, has, &frame)) {
    case RY_WEB_NEXT_FRAME: return frame;
    case RY_WEB_NEXT_LAPPED: return ry_web_frame_lapped(frame);
    case RY_WEB_NEXT_WAIT: stream->wants = true; break;
    case RY_WEB_NEXT_NONE: break;
    }
    return NULL;
}

/* All that is to be sent: the rest of a frame, the client's own, what the ring has. */
static void gather(struct ry_web_stream *stream, const struct ry_web_client *client,
                   struct batch *batch)
{
    const enum ry_web_wire wire = (enum ry_web_wire)client->wire;
    struct ry_web_frame *frame;
    uint64_t has = client->has;
    batch->count = 0;
    if (client->sending != NULL)
        put(batch, client->sending, wire, client->sent);
    if (client->control != NULL)
        put(batch, client->control, wire, 0);
    while (!client->closing && batch->count < BATCH_FRAMES &&
           (frame = next_of(stream, has)) != NULL) {
        put(batch, frame, wire, 0);
        has = frame->number;
    }
}

static void count_begun(struct ry_web_stream *stream, const struct ry_web_frame *frame)
{
    if (frame->kind == RY_WEB_CONTROL)
        return;
    stream->counts.frames++;
    stream->counts.snapshots += frame->kind == RY_WEB_SNAPSHOT;
    stream->counts.lapped +=
        stream->ring.snapshot != NULL && frame == stream->ring.snapshot->lapped;
}

/* The client begins with a frame: it has to be sent whole. */
static void begin(struct ry_web_stream *stream, struct ry_web_client *client,
                  struct ry_web_frame *frame)
{
    if (frame == client->sending)
        return;
    count_begun(stream, frame);
    if (frame == client->control) {
        client->sending = client->control;
        client->control = NULL;
    } else {
        client->sending = ry_web_frame_use(frame);
        client->has = frame->number;
    }
    client->sent = 0;
}

/* The kernel took `bytes` of the batch. True: all of it. */
static bool advance(struct ry_web_stream *stream, struct ry_web_client *client,
                    const struct batch *batch, size_t bytes)
{
    for (unsigned i = 0; i < batch->count; i++) {
        if (bytes == 0)
            return false;
        begin(stream, client, batch->frame[i]);
        const size_t taken = bytes < batch->part[i].iov_len ? bytes : batch->part[i].iov_len;
        client->sent += taken;
        bytes -= taken;
        if (taken < batch->part[i].iov_len)
            return false;
        ry_web_frame_drop(client->sending);
        client->sending = NULL;
    }
    return true;
}

/* Sends what there is; false: the client has to go. */
static bool send_all(struct ry_web_stream *stream, struct ry_web_client *client, int64_t now_ns)
{
    for (;;) {
        struct batch batch;
        gather(stream, client, &batch);
        if (batch.count == 0)
            return !client->closing;
        const struct msghdr message = {.msg_iov = batch.part, .msg_iovlen = batch.count};
        const ssize_t sent = sendmsg(client->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0) {
            client->blocked = errno == EAGAIN;
            return client->blocked;
        }
        client->moved_ns = now_ns;
        stream->counts.bytes += (size_t)sent;
        const bool whole = advance(stream, client, &batch, (size_t)sent);
        /* A part means that the kernel is full: it says when it is not. */
        client->blocked = !whole;
        if (!whole)
            return true;
        if (batch.count < BATCH_FRAMES)
            return !client->closing;
    }
}

/* ---- what it says ---------------------------------------------------------------------------- */

/* The last thing that it is told; what stands before it in the ring is not sent any more. */
static bool say(struct ry_web_client *client, uint8_t opcode, const void *payload, size_t bytes)
{
    struct ry_web_frame *frame = ry_web_frame_control(opcode, payload, bytes);
    if (frame == NULL)
        return false;
    ry_web_frame_drop(client->control); /* of two pings the second is answered */
    client->control = frame;
    client->closing = opcode == CLOSE_OPCODE;
    return true;
}

static bool refuse(struct ry_web_stream *stream, struct ry_web_client *client, unsigned why)
{
    const uint8_t code[] = {(uint8_t)(why >> 8), (uint8_t)why};
    stream->counts.wrong++;
    return say(client, CLOSE_OPCODE, code, sizeof code);
}

static bool answer(struct ry_web_stream *stream, struct ry_web_client *client,
                   enum ry_web_heard heard)
{
    size_t bytes;
    const uint8_t *payload = ry_web_ear_payload(client->ear, &bytes);
    switch (heard) {
    case RY_WEB_HEARD_PING: return say(client, PONG_OPCODE, payload, bytes);
    case RY_WEB_HEARD_CLOSE: return say(client, CLOSE_OPCODE, payload, bytes < 2 ? 0 : 2);
    case RY_WEB_HEARD_DATA: return refuse(stream, client, RY_WEB_CLOSE_POLICY);
    case RY_WEB_HEARD_WRONG: return refuse(stream, client, RY_WEB_CLOSE_WRONG);
    case RY_WEB_HEARD_ALL:
    case RY_WEB_HEARD_PART: break;
    }
    return true;
}

/* False: the client has to go. */
static bool hear(struct ry_web_stream *stream, struct ry_web_client *client, const void *bytes,
                 size_t count)
{
    if (client->wire == RY_WEB_SSE)
        return false; /* it has nothing to say behind its request */
    if (client->closing)
        return true;
    if (client->ear == NULL && (client->ear = ry_web_ear_new()) == NULL)
        return false;
    ry_web_ear_give(client->ear, bytes, count);
    for (;;) {
        const enum ry_web_heard heard = ry_web_ear_next(client->ear);
        if (heard == RY_WEB_HEARD_ALL) {
            ry_web_ear_free(client->ear);
            client->ear = NULL;
        }
        if (heard == RY_WEB_HEARD_ALL || heard == RY_WEB_HEARD_PART)
            return true;
        if (!answer(stream, client, heard))
            return false;
        if (client->closing)
            return true;
    }
}

/* False: it has gone, or has to. */
static bool listen_to(struct ry_web_stream *stream, struct ry_web_client *client)
{
    uint8_t bytes[HEAR_BYTES];
    for (unsigned i = 0; i < HEAR_READS; i++) {
        const ssize_t count = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return errno == EAGAIN;
        if (count == 0 || !hear(stream, client, bytes, (size_t)count))
            return false;
    }
    stream->counts.wrong++;
    return false;
}

void ry_web_stream_hear(struct ry_web_stream *stream, struct ry_web_client *client,
                        const void *bytes, size_t count, int64_t now_ns)
{
    if (!hear(stream, client, bytes, count) ||
        (!client->blocked && !send_all(stream, client, now_ns)))
        let_go(stream, client);
}

void ry_web_stream_event(struct ry_web_stream *stream, struct ry_web_client *client,
                         uint32_t events, int64_t now_ns)
{
    bool stays = (events & (EPOLLERR | EPOLLHUP)) == 0;
    if (stays && (events & (EPOLLIN | EPOLLRDHUP)) != 0)
        stays = listen_to(stream, client);
    if (stays && (events & EPOLLOUT) != 0)
        client->blocked = false;
    if (stays && !client->blocked)
        stays = send_all(stream, client, now_ns);
    if (!stays)
        let_go(stream, client);
}

/* ---- sweeps ---------------------------------------------------------------------------------- */

static void visit(struct ry_web_stream *stream, struct ry_web_client *client, int64_t now_ns)
{
    if (stream->beats && stream->may != NULL && !stream->may(client->owner)) {
        let_go(stream, client);
        return;
    }
    if (client->blocked) {
        if (now_ns - client->moved_ns < RY_WEB_STALL_NS)
            return;
        stream->counts.stalled++;
        let_go(stream, client);
        return;
    }
    if (stream->beats && client->control == NULL && now_ns - client->moved_ns >= RY_WEB_BEAT_NS / 2)
        client->control = ry_web_frame_use(stream->beat);
    if (!send_all(stream, client, now_ns))
        let_go(stream, client);
}

static void sweep(struct ry_web_stream *stream, int64_t now_ns)
{
    for (unsigned i = 0; i < RY_WEB_SWEEP_CLIENTS && stream->sweep_left > 0; i++) {
        if (stream->sweep_left > stream->clients)
            stream->sweep_left = stream->clients;
        if (stream->sweep_left == 0)
            break;
        if (stream->sweep_at >= stream->clients)
            stream->sweep_at = 0;
        struct ry_web_client *client = stream->client[stream->sweep_at++];
        stream->sweep_left--;
        visit(stream, client, now_ns);
    }
    if (stream->sweep_left == 0)
        stream->beats = false;
}

static void take_frames(struct ry_web_stream *stream)
{
    struct ry_web_frame *frame;
    while ((frame = ry_web_outlet_take(stream->outlet)) != NULL) {
        (void)ry_web_ring_put(&stream->ring, frame);
        stream->sweep_left = stream->clients;
    }
}

bool ry_web_stream_turn(struct ry_web_stream *stream, int64_t now_ns)
{
    take_frames(stream);
    if (now_ns - stream->beat_ns >= RY_WEB_BEAT_NS) {
        stream->beats = true;
        stream->beat_ns = now_ns;
        stream->sweep_left = stream->clients;
    }
    sweep(stream, now_ns);
    ry_web_outlet_ask(stream->outlet, stream->clients, stream->wants);
    stream->wants = false;
    return stream->sweep_left > 0;
}

/* ---- its life -------------------------------------------------------------------------------- */

static bool make_room(struct ry_web_stream *stream)
{
    if (stream->clients < stream->room)
        return true;
    const unsigned room = stream->room == 0 ? ROOM_FIRST : 2 * stream->room;
    struct ry_web_client **all = reallocarray(stream->client, room, sizeof *all);
    if (all == NULL)
        return false;
    stream->client = all;
    stream->room = room;
    return true;
}

struct ry_web_client *ry_web_stream_add(struct ry_web_stream *stream, int fd, enum ry_web_wire wire,
                                        const char *since, void *owner, int64_t now_ns)
{
    if (stream->clients == RY_WEB_STREAMS_MAX || !make_room(stream))
        return NULL;
    struct ry_web_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return NULL;
    *client = (struct ry_web_client){.fd = fd,
                                     .wire = (uint8_t)wire,
                                     .index = stream->clients,
                                     .moved_ns = now_ns,
                                     .owner = owner};
    struct epoll_event event = {.events = EVENTS, .data.ptr = client};
    if (epoll_ctl(stream->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        free(client);
        return NULL;
    }
    if (since != NULL)
        client->has = ry_web_ring_find(&stream->ring, since);
    stream->client[stream->clients++] = client;
    stream->counts.opened++;
    return client;
}

int ry_web_stream_open(struct ry_web_stream *stream, int epoll, struct ry_web_outlet *outlet,
                       void (*gone)(void *owner, enum ry_web_wire wire))
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = stream};
    *stream = (struct ry_web_stream){.epoll = epoll, .outlet = outlet, .gone = gone};
    stream->beat = ry_web_frame_beat();
    if (stream->beat == NULL || epoll_ctl(epoll, EPOLL_CTL_ADD, outlet->ready, &event) != 0) {
        ry_web_frame_drop(stream->beat);
        return -1;
    }
    return 0;
}

/* Who can take it at once is told that the server goes. */
static void say_going(struct ry_web_stream *stream, struct ry_web_client *client)
{
    static const uint8_t code[] = {RY_WEB_CLOSE_GOING >> 8, RY_WEB_CLOSE_GOING & 0xff};
    if (client->wire == RY_WEB_WEBSOCKET && !client->closing && !client->blocked &&
        say(client, CLOSE_OPCODE, code, sizeof code))
        (void)send_all(stream, client, client->moved_ns);
}

void ry_web_stream_close(struct ry_web_stream *stream)
{
    for (unsigned i = 0; i < stream->clients; i++)
        say_going(stream, stream->client[i]);
    while (stream->clients > 0)
        let_go(stream, stream->client[stream->clients - 1]);
    ry_web_ring_close(&stream->ring);
    ry_web_frame_drop(stream->beat);
    free(stream->client);
}
