/*
 * A frame: one step of what the stream shows of a battle, encoded once for all who read it.
 *
 *     DELTA      leads from the state behind frame number - 1 to the state behind frame number
 *     SNAPSHOT   has the whole state behind frame `number`
 *     CONTROL    says nothing of the battle: a heartbeat, or a WebSocket's own
 *
 * Text of the first two, one JSON object:
 *     {"type":"delta","id":"INPUT","cursor":"C","since":"C of the frame before",BODY}
 *     {"type":"snapshot","id":"INPUT","cursor":"C",BODY}
 * and with "lapped":true behind the cursor for whoever asked to go on behind a frame that is gone.
 * BODY is the maker's (tools/web/maker.h). A cursor "1f0c22ab-184467-1790000000123" names the
 * battle's first 8 hexadecimal digits, the last input, and the frame's number.
 *
 * The watcher makes it and hands it over (tools/web/outlet.h); then it is the server's thread's
 * alone, which counts its readers in `uses`.
 */
#ifndef RY_TOOLS_WEB_FRAME_H
#define RY_TOOLS_WEB_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RY_WEB_CURSOR_BYTES  64 /* 8 digits, two of 20, and NUL */
#define RY_WEB_CONTROL_BYTES 125
#define RY_WEB_BATTLE_BYTES  9 /* 8 hexadecimal digits and NUL */

enum ry_web_frame_kind {
    RY_WEB_SNAPSHOT = 1,
    RY_WEB_DELTA,
    RY_WEB_CONTROL,
};

/* How bytes of a frame go out. */
enum ry_web_wire {
    RY_WEB_SSE = 0,   /* "id: C\nevent: delta\ndata: TEXT\n\n" */
    RY_WEB_WEBSOCKET, /* TEXT as one unmasked message (RFC 6455, 5.2) */
    RY_WEB_WIRES,
};

struct ry_web_bytes {
    char *at;
    size_t bytes;
};

struct ry_web_frame {
    enum ry_web_frame_kind kind;
    unsigned uses; /* from 1; ry_web_frame_drop frees it with the last */
    uint64_t number;
    char cursor[RY_WEB_CURSOR_BYTES];
    char since[RY_WEB_CURSOR_BYTES]; /* DELTA: cursor of the frame before */
    struct ry_web_bytes wire[RY_WEB_WIRES];
    struct ry_web_frame *lapped; /* SNAPSHOT: for who was lapped, once somebody was */
    struct ry_web_frame *next;   /* in the outlet */
};

/* Writes the cursor of a frame. */
void ry_web_cursor(char cursor[RY_WEB_CURSOR_BYTES], const char battle[RY_WEB_BATTLE_BYTES],
                   uint64_t input, uint64_t number);

/* `body` are the members behind the cursor, without the braces. NULL: no memory. */
struct ry_web_frame *ry_web_frame_snapshot(const char *cursor, uint64_t input, uint64_t number,
                                           const char *body);
struct ry_web_frame *ry_web_frame_delta(const char *cursor, const char *since, uint64_t input,
                                        uint64_t number, const char *body);

/* That the connection lives: a comment, a ping. */
struct ry_web_frame *ry_web_frame_beat(void);
/* A WebSocket's own, with at most RY_WEB_CONTROL_BYTES; `opcode` is RFC 6455's. */
struct ry_web_frame *ry_web_frame_control(uint8_t opcode, const void *payload, size_t bytes);

/* The same snapshot, with "lapped":true; the snapshot's own, so that it is not dropped. NULL: no
 * memory. */
struct ry_web_frame *ry_web_frame_lapped(struct ry_web_frame *snapshot);

struct ry_web_frame *ry_web_frame_use(struct ry_web_frame *frame);
void ry_web_frame_drop(struct ry_web_frame *frame); /* NULL: nothing */

#endif
