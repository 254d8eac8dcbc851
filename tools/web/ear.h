/*
 * What a WebSocket's client says, by wslay: pings and the end. It has nothing else to say to this
 * server.
 *
 * An ear is there while a frame of the client's is under way; most of the time no client has one.
 */
#ifndef RY_TOOLS_WEB_EAR_H
#define RY_TOOLS_WEB_EAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/web/frame.h"

enum ry_web_heard {
    RY_WEB_HEARD_ALL = 0, /* of what it was given; nothing is under way */
    RY_WEB_HEARD_PART,    /* likewise, and the rest of a frame is to come */
    RY_WEB_HEARD_PING,    /* to be answered with its payload */
    RY_WEB_HEARD_CLOSE,   /* likewise, and then closed */
    RY_WEB_HEARD_DATA,    /* a message: not allowed here */
    RY_WEB_HEARD_WRONG,   /* no frame that a client may send */
};

/* RFC 6455, 7.4.1: why a server closes. */
#define RY_WEB_CLOSE_GOING  1001
#define RY_WEB_CLOSE_WRONG  1002
#define RY_WEB_CLOSE_POLICY 1008

struct ry_web_ear;

/* NULL: no memory. */
struct ry_web_ear *ry_web_ear_new(void);
void ry_web_ear_free(struct ry_web_ear *ear); /* NULL: nothing */

/* Gives it bytes; then ry_web_ear_next again and again, until it has heard ALL or PART, or the
 * connection ends. */
void ry_web_ear_give(struct ry_web_ear *ear, const void *bytes, size_t count);
enum ry_web_heard ry_web_ear_next(struct ry_web_ear *ear);

/* The payload of the ping or the close that was heard last. */
const uint8_t *ry_web_ear_payload(const struct ry_web_ear *ear, size_t *bytes);

#endif
