#include "tools/web/frame.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WS_LAST         0x80 /* of a message's parts: all of ours have one */
#define WS_TEXT         0x1
#define WS_PING         0x9
#define WS_HEADER_BYTES 10 /* at most, without a mask */
#define WS_SHORT_MAX    125
#define WS_LONG         126 /* two bytes of length follow */
#define WS_LONGEST      127 /* eight */
#define SSE_BEAT        ":\n\n"
#define LAPPED          ",\"lapped\":true"

static const char *name_of(enum ry_web_frame_kind kind)
{
    return kind == RY_WEB_SNAPSHOT ? "snapshot" : "delta";
}

void ry_web_cursor(char cursor[RY_WEB_CURSOR_BYTES], const char battle[RY_WEB_BATTLE_BYTES],
                   uint64_t input, uint64_t number)
{
    snprintf(cursor, RY_WEB_CURSOR_BYTES, "%.8s-%" PRIu64 "-%" PRIu64, battle, input, number);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static size_t put_header(uint8_t header[WS_HEADER_BYTES], size_t payload)
{
    unsigned length_bytes = payload <= WS_SHORT_MAX ? 0 : payload <= UINT16_MAX ? 2 : 8;
    header[0] = WS_LAST | WS_TEXT;
    header[1] = length_bytes == 0 ? (uint8_t)payload : length_bytes == 2 ? WS_LONG : WS_LONGEST;
    for (unsigned i = 0; i < length_bytes; i++)
        header[2 + i] = (uint8_t)(payload >> 8 * (length_bytes - 1 - i));
    return 2 + length_bytes;
}

static bool take_room(struct ry_web_bytes *wire, size_t bytes)
{
    wire->at = malloc(bytes);
    wire->bytes = bytes;
    return wire->at != NULL;
}

/* Both forms of one text. */
static bool encode(struct ry_web_frame *frame, const char *text, size_t bytes)
{
    uint8_t header[WS_HEADER_BYTES];
    char event[RY_WEB_CURSOR_BYTES + 64];
    const size_t before = put_header(header, bytes);
    const size_t named = (size_t)snprintf(
        event, sizeof event, "id: %s\nevent: %s\ndata: ", frame->cursor, name_of(frame->kind));
    struct ry_web_bytes *sse = &frame->wire[RY_WEB_SSE], *ws = &frame->wire[RY_WEB_WEBSOCKET];
    if (!take_room(sse, named + bytes + 2) || !take_room(ws, before + bytes))
        return false;
    memcpy(sse->at, event, named);
    memcpy(sse->at + named, text, bytes);
    memcpy(sse->at + named + bytes, "\n\n", 2);
    memcpy(ws->at, header, before);
    memcpy(ws->at + before, text, bytes);
    return true;
}

static struct ry_web_frame *new_frame(enum ry_web_frame_kind kind, const char *cursor,
                                      const char *since, uint64_t number)
{
    struct ry_web_frame *frame = calloc(1, sizeof *frame);
    if (frame == NULL)
        return NULL;
    frame->kind = kind;
    frame->uses = 1;
    frame->number = number;
    snprintf(frame->cursor, sizeof frame->cursor, "%s", cursor);
    snprintf(frame->since, sizeof frame->since, "%s", since);
    return frame;
}

static struct ry_web_frame *make(struct ry_web_frame *frame, const char *head, uint64_t input,
                                 const char *body)
{
    char *text = NULL;
    if (frame == NULL)
        return NULL;
    const int bytes =
        asprintf(&text, "{\"type\":\"%s\",\"id\":\"%" PRIu64 "\",\"cursor\":\"%s\"%s%s%s,%s}",
                 name_of(frame->kind), input, frame->cursor, head, frame->since,
                 frame->since[0] != '\0' ? "\"" : "", body);
    const bool whole = bytes >= 0 && encode(frame, text, (size_t)bytes);
    if (bytes >= 0)
        free(text);
    if (whole)
        return frame;
    ry_web_frame_drop(frame);
    return NULL;
}

struct ry_web_frame *ry_web_frame_snapshot(const char *cursor, uint64_t input, uint64_t number,
                                           const char *body)
{
    return make(new_frame(RY_WEB_SNAPSHOT, cursor, "", number), "", input, body);
}

struct ry_web_frame *ry_web_frame_delta(const char *cursor, const char *since, uint64_t input,
                                        uint64_t number, const char *body)
{
    return make(new_frame(RY_WEB_DELTA, cursor, since, number), ",\"since\":\"", input, body);
}

static bool copy(struct ry_web_bytes *wire, const void *head, size_t head_bytes, const void *rest,
                 size_t rest_bytes)
{
    if (!take_room(wire, head_bytes + rest_bytes))
        return false;
    memcpy(wire->at, head, head_bytes);
    if (rest_bytes > 0)
        memcpy(wire->at + head_bytes, rest, rest_bytes);
    return true;
}

struct ry_web_frame *ry_web_frame_control(uint8_t opcode, const void *payload, size_t bytes)
{
    const uint8_t header[] = {(uint8_t)(WS_LAST | opcode), (uint8_t)bytes};
    struct ry_web_frame *frame = new_frame(RY_WEB_CONTROL, "", "", 0);
    assert(bytes <= RY_WEB_CONTROL_BYTES);
    if (frame != NULL &&
        copy(&frame->wire[RY_WEB_WEBSOCKET], header, sizeof header, payload, bytes))
        return frame;
    ry_web_frame_drop(frame);
    return NULL;
}

struct ry_web_frame *ry_web_frame_beat(void)
{
    struct ry_web_frame *frame = ry_web_frame_control(WS_PING, NULL, 0);
    if (frame != NULL && copy(&frame->wire[RY_WEB_SSE], SSE_BEAT, strlen(SSE_BEAT), NULL, 0))
        return frame;
    ry_web_frame_drop(frame);
    return NULL;
}

/* ---- for who was lapped ---------------------------------------------------------------------- */

/* Where the text begins in the form for server-sent events, and how long it is. */
static struct ry_web_bytes text_of(const struct ry_web_frame *frame)
{
    const struct ry_web_bytes *sse = &frame->wire[RY_WEB_SSE];
    char *begin = memchr(sse->at, '{', sse->bytes);
    return (struct ry_web_bytes){begin, sse->bytes - 2 - (size_t)(begin - sse->at)};
}

struct ry_web_frame *ry_web_frame_lapped(struct ry_web_frame *snapshot)
{
    if (snapshot->lapped != NULL)
        return snapshot->lapped;
    assert(snapshot->kind == RY_WEB_SNAPSHOT);
    const struct ry_web_bytes text = text_of(snapshot);
    /* Behind the cursor, which is the last of what stands before the body. */
    const char *cursor = memmem(text.at, text.bytes, snapshot->cursor, strlen(snapshot->cursor));
    const size_t before = (size_t)(cursor - text.at) + strlen(snapshot->cursor) + 1;
    struct ry_web_frame *lapped =
        new_frame(RY_WEB_SNAPSHOT, snapshot->cursor, "", snapshot->number);
    char *all = malloc(text.bytes + strlen(LAPPED));
    if (lapped != NULL && all != NULL) {
        memcpy(all, text.at, before);
        memcpy(all + before, LAPPED, strlen(LAPPED));
        memcpy(all + before + strlen(LAPPED), text.at + before, text.bytes - before);
        if (encode(lapped, all, text.bytes + strlen(LAPPED)))
            snapshot->lapped = lapped;
    }
    free(all);
    if (snapshot->lapped == NULL)
        ry_web_frame_drop(lapped);
    return snapshot->lapped;
}

/* ---- readers --------------------------------------------------------------------------------- */

struct ry_web_frame *ry_web_frame_use(struct ry_web_frame *frame)
{
    frame->uses++;
    return frame;
}

void ry_web_frame_drop(struct ry_web_frame *frame)
{
    if (frame == NULL || --frame->uses > 0)
        return;
    ry_web_frame_drop(frame->lapped);
    for (unsigned i = 0; i < RY_WEB_WIRES; i++)
        free(frame->wire[i].at);
    free(frame);
}
