/*
 * The server: answers GET and HEAD of /metrics, says at / what there is, refuses the rest. One
 * thread, of libmicrohttpd; the battle does not know of it.
 *
 * What a client can cost: at most RY_WEB_CONNECTIONS_MAX are connected, with RY_WEB_REQUEST_BYTES
 * each for what they ask; one that says nothing for RY_WEB_IDLE_SECONDS is gone. No request's body
 * is read. A text of metrics is made at most every RY_WEB_SHARED_NS for each format; requests in
 * between get the same.
 */
#ifndef RY_TOOLS_WEB_SERVER_H
#define RY_TOOLS_WEB_SERVER_H

#include "tools/web/exposition.h"
#include "tools/web/listen.h"
#include "tools/web/state.h"

#define RY_WEB_CONNECTIONS_MAX 32
#define RY_WEB_REQUEST_BYTES   (16u << 10)
#define RY_WEB_IDLE_SECONDS    10
#define RY_WEB_SHARED_NS       INT64_C(100000000)

struct MHD_Daemon;
struct MHD_Response;

struct ry_web_server {
    struct MHD_Daemon *daemon;
    struct ry_web_state *state;
    /* By format: what was made last, and when. The server's thread alone. */
    struct MHD_Response *made[RY_WEB_FORMATS];
    int64_t made_ns[RY_WEB_FORMATS];
};

/* Serves the listening socket, which is the server's in every case. 0, or -1: no thread, no memory.
 */
int ry_web_server_start(struct ry_web_server *server, struct ry_web_state *state, int listener);

/* Ends all connections. */
void ry_web_server_stop(struct ry_web_server *server);

#endif
