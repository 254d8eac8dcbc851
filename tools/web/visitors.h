/*
 * Who is connected and has not asked yet: a connection's request has to be there whole within
 * RY_WEB_REQUEST_NS, however slowly its bytes drip. The server's thread alone.
 */
#ifndef RY_TOOLS_WEB_VISITORS_H
#define RY_TOOLS_WEB_VISITORS_H

#include <stdbool.h>
#include <stdint.h>

#define RY_WEB_REQUEST_NS INT64_C(30000000000)

struct ry_web_visitor {
    struct ry_web_visitor *before, *behind; /* in the order in which they began to wait */
    int64_t since_ns;
    int fd;
    bool waits; /* for the rest of its request, or the next one */
};

struct ry_web_visitors {
    struct ry_web_visitor all; /* the ring's two ends */
    uint64_t slow;             /* let go */
};

void ry_web_visitors_open(struct ry_web_visitors *visitors);

/* NULL: no memory; the connection then has no deadline but the idle one. */
struct ry_web_visitor *ry_web_visitor_new(struct ry_web_visitors *visitors, int fd, int64_t now_ns);
void ry_web_visitor_free(struct ry_web_visitor *visitor); /* NULL: nothing */

/* Its request is there; it may ask again. NULL: nothing. */
void ry_web_visitor_asked(struct ry_web_visitor *visitor);
void ry_web_visitor_waits(struct ry_web_visitors *visitors, struct ry_web_visitor *visitor,
                          int64_t now_ns);

/* Shuts the sockets of those whose time is over: whoever owns them finds their end. */
void ry_web_visitors_look(struct ry_web_visitors *visitors, int64_t now_ns);

#endif
