/*
 * The ring of frames: what the stream's readers read, each at its own pace.
 *
 * A reader is the number of the frame whose state it has. ry_web_ring_next says what it reads next:
 * the frame behind, as long as the ring has it; else a snapshot. Frames are numbered without gap,
 * so that a snapshot and all deltas behind it give exactly the state. Nobody is waited for: the
 * oldest frame goes when a new one comes.
 *
 * One thread uses it. Frames are counted (ry_web_frame_use), so that who is in the middle of one
 * that goes can finish it.
 */
#ifndef RY_TOOLS_WEB_RING_H
#define RY_TOOLS_WEB_RING_H

#include "tools/web/frame.h"

#define RY_WEB_FRAMES 256 /* 12.8 s at 20 frames a second */
/* A snapshot is handed out as long as not more deltas than that came behind it. */
#define RY_WEB_SNAPSHOT_AGE_MAX 20

struct ry_web_ring {
    struct ry_web_frame *slot[RY_WEB_FRAMES]; /* [number % RY_WEB_FRAMES] */
    uint64_t first, next;                     /* it has first .. next - 1 */
    struct ry_web_frame *snapshot;            /* the last there was; NULL: none */
};

/* Of a reader; no frame has these numbers. */
#define RY_WEB_HAS_NOTHING UINT64_C(0)
#define RY_WEB_HAS_OTHER   (UINT64_MAX - 1) /* a state that is none of ours: it is told so */

enum ry_web_next {
    RY_WEB_NEXT_NONE = 0, /* it has all there is */
    RY_WEB_NEXT_FRAME,
    RY_WEB_NEXT_LAPPED, /* the snapshot is for somebody who had another state */
    RY_WEB_NEXT_WAIT,   /* it needs a snapshot, and there is none that will do: ask for one */
};

/* Takes a frame over: the delta behind the last, a snapshot of what is behind it (a battle that
 * begins), or a snapshot of a state that the ring's readers may have. False: it fits nowhere, and
 * was dropped: readers go on behind the next snapshot. */
bool ry_web_ring_put(struct ry_web_ring *ring, struct ry_web_frame *frame);

/* What a reader that has the state behind frame `has` reads next; not counted for it. */
enum ry_web_next ry_web_ring_next(const struct ry_web_ring *ring, uint64_t has,
                                  struct ry_web_frame **frame);

/* The number of the frame that `cursor` names, if a reader can go on behind it without gap or
 * double; else RY_WEB_HAS_OTHER. `cursor` is whatever a client said. */
uint64_t ry_web_ring_find(const struct ry_web_ring *ring, const char *cursor);

void ry_web_ring_close(struct ry_web_ring *ring);

#endif
