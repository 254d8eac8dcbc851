#include "tools/web/ear.h"

#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>

#define MASK_BYTES   4
#define LENGTH_LONG  125 /* longer ones have two bytes of length more */
#define LENGTH_WIDER UINT16_MAX

struct ry_web_ear {
    wslay_frame_context_ptr wslay;
    const uint8_t *at; /* given and not taken */
    size_t left;
    uint64_t taken, heard; /* bytes, ever: of frames that are whole */
    bool inside;           /* of a frame, whose header was read */
    uint8_t opcode;
    uint64_t frame_left;
    uint8_t payload[RY_WEB_CONTROL_BYTES];
    size_t bytes;
};

static ssize_t on_take(uint8_t *to, size_t room, int flags, void *context)
{
    struct ry_web_ear *ear = context;
    (void)flags;
    const size_t bytes = ear->left < room ? ear->left : room;
    if (bytes == 0)
        return -1; /* later */
    memcpy(to, ear->at, bytes);
    ear->at += bytes;
    ear->left -= bytes;
    ear->taken += bytes;
    return (ssize_t)bytes;
}

struct ry_web_ear *ry_web_ear_new(void)
{
    const struct wslay_frame_callbacks callbacks = {.recv_callback = on_take};
    struct ry_web_ear *ear = calloc(1, sizeof *ear);
    if (ear != NULL && wslay_frame_context_init(&ear->wslay, &callbacks, ear) != 0) {
        free(ear);
        return NULL;
    }
    return ear;
}

void ry_web_ear_free(struct ry_web_ear *ear)
{
    if (ear == NULL)
        return;
    wslay_frame_context_free(ear->wslay);
    free(ear);
}

void ry_web_ear_give(struct ry_web_ear *ear, const void *bytes, size_t count)
{
    ear->at = bytes;
    ear->left = count;
}

static uint64_t header_bytes(const struct wslay_frame_iocb *frame)
{
    const uint64_t length = frame->payload_length <= LENGTH_LONG    ? 0
                            : frame->payload_length <= LENGTH_WIDER ? 2
                                                                    : 8;
    return 2 + length + MASK_BYTES;
}

static enum ry_web_heard end_of(struct ry_web_ear *ear)
{
    ear->inside = false;
    if (ear->opcode == WSLAY_PING)
        return RY_WEB_HEARD_PING;
    return ear->opcode == WSLAY_CONNECTION_CLOSE ? RY_WEB_HEARD_CLOSE : RY_WEB_HEARD_PART;
}

/* A part of a frame, the first one with its header. */
static enum ry_web_heard hear(struct ry_web_ear *ear, const struct wslay_frame_iocb *frame)
{
    if (!ear->inside) {
        if (!frame->mask || frame->rsv != 0)
            return RY_WEB_HEARD_WRONG;
        if (!wslay_is_ctrl_frame(frame->opcode))
            return RY_WEB_HEARD_DATA;
        if (frame->payload_length > RY_WEB_CONTROL_BYTES || !frame->fin ||
            frame->opcode > WSLAY_PONG)
            return RY_WEB_HEARD_WRONG;
        ear->inside = true;
        ear->opcode = frame->opcode;
        ear->frame_left = frame->payload_length;
        ear->heard += header_bytes(frame) + frame->payload_length;
        ear->bytes = 0;
    }
    if (frame->data_length > ear->frame_left)
        return RY_WEB_HEARD_WRONG;
    if (frame->data_length > 0)
        memcpy(ear->payload + ear->bytes, frame->data, frame->data_length);
    ear->bytes += frame->data_length;
    ear->frame_left -= frame->data_length;
    return ear->frame_left == 0 ? end_of(ear) : RY_WEB_HEARD_PART;
}

enum ry_web_heard ry_web_ear_next(struct ry_web_ear *ear)
{
    for (;;) {
        struct wslay_frame_iocb frame = {0};
        const ssize_t result = wslay_frame_recv(ear->wslay, &frame);
        if (result == WSLAY_ERR_WANT_READ)
            return ear->inside || ear->taken != ear->heard ? RY_WEB_HEARD_PART : RY_WEB_HEARD_ALL;
        if (result < 0)
            return RY_WEB_HEARD_WRONG;
        const enum ry_web_heard heard = hear(ear, &frame);
        if (heard != RY_WEB_HEARD_PART) /* a pong is nothing to tell either */
            return heard;
    }
}

const uint8_t *ry_web_ear_payload(const struct ry_web_ear *ear, size_t *bytes)
{
    *bytes = ear->bytes;
    return ear->payload;
}
