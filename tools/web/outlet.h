/*
 * The way of frames from the watcher, which makes them, to the server's thread, which sends them.
 * What they say to each other stands under one lock, held for a few instructions:
 *     watcher -> server   frames, in order; a descriptor that is readable when there are some
 *     server -> watcher   how many read, and whether somebody needs a snapshot
 */
#ifndef RY_TOOLS_WEB_OUTLET_H
#define RY_TOOLS_WEB_OUTLET_H

#include <pthread.h>

#include "tools/web/frame.h"

struct ry_web_outlet {
    pthread_mutex_t lock;
    int ready; /* an eventfd, for the server's epoll */
    struct ry_web_frame *first, **last;
    unsigned readers;
    bool wanted;
};

/* 0, or -1 with errno. */
int ry_web_outlet_open(struct ry_web_outlet *outlet);
void ry_web_outlet_close(struct ry_web_outlet *outlet);

/* ---- the watcher ----------------------------------------------------------------------------- */

/* Hands a frame over. */
void ry_web_outlet_put(struct ry_web_outlet *outlet, struct ry_web_frame *frame);

/* How many read; `wanted`: a snapshot is needed, which this call takes on itself. */
unsigned ry_web_outlet_readers(struct ry_web_outlet *outlet, bool *wanted);

/* ---- the server ------------------------------------------------------------------------------ */

/* The next frame, the caller's from now on; NULL: there is none, and `ready` is not readable. */
struct ry_web_frame *ry_web_outlet_take(struct ry_web_outlet *outlet);

void ry_web_outlet_ask(struct ry_web_outlet *outlet, unsigned readers, bool wanted);

#endif
