/*
 * The server: one thread, with libmicrohttpd's daemon and the stream's clients in one epoll. The
 * battle does not know of it.
 *
 *     path            who answers
 *     /metrics        tools/web/metrics.h, for Prometheus
 *     .../stream      tools/web/join.h: server-sent events, or a WebSocket
 *     below /v1       tools/api
 *     others          the page's files (tools/web/pages.h)
 *
 * What a client can cost: RY_WEB_CONNECTIONS_MAX are connected at most (fewer, where the process
 * may not have so many descriptors), with RY_WEB_REQUEST_BYTES each for what they ask; a connection
 * on which nothing moves for RY_WEB_IDLE_SECONDS is gone, and one that has not asked whole within
 * RY_WEB_REQUEST_NS. Requests with bodies are the API's alone.
 */
#ifndef RY_TOOLS_WEB_SERVER_H
#define RY_TOOLS_WEB_SERVER_H

#include "tools/api/api.h"
#include "tools/keys/keys.h"
#include "tools/web/exposition.h"
#include "tools/web/listen.h"
#include "tools/web/pages.h"
#include "tools/web/state.h"
#include "tools/web/stream.h"
#include "tools/web/visitors.h"

#define RY_WEB_CONNECTIONS_MAX 20000
/* Descriptors that are not for clients: the battle's, the journal's, the library's. */
#define RY_WEB_DESCRIPTORS_KEPT 512
#define RY_WEB_REQUEST_BYTES    (6u << 10)
#define RY_WEB_IDLE_SECONDS     10

struct MHD_Daemon;
struct MHD_Response;

struct ry_web_server {
    struct ry_web_state *state;
    const struct ry_web_pages *pages;
    struct ry_keys *keys; /* the server's thread alone */
    struct ry_api *api;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    int epoll, stop; /* an eventfd */
    unsigned streams_max;
    struct ry_web_stream stream;
    struct ry_web_visitors visitors;
    int64_t looked_ns;
    /* By format: what /metrics was made last, and when. */
    struct MHD_Response *made[RY_WEB_FORMATS];
    int64_t made_ns[RY_WEB_FORMATS];
};

struct ry_web_server_of {
    struct ry_web_state *state;
    struct ry_web_outlet *outlet;
    const struct ry_web_pages *pages;
    struct ry_keys *keys;
    struct ry_api
        *api;     /* the server's once it has started; NULL: no request below /v1 but streams */
    int listener; /* the server's in every case */
};

/* 0, or -1: no thread, no memory. Raises the limit of descriptors as far as it may. */
int ry_web_server_start(struct ry_web_server *server, const struct ry_web_server_of *of);

/* Ends all connections, and the API, for whose answers some of them wait. */
void ry_web_server_stop(struct ry_web_server *server);

#endif
