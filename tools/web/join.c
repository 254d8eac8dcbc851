#include "tools/web/join.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "shm/clock.h"
#include "tools/web/answer.h"

#define BLOCK_BYTES 64 /* of the library's buffer, which is never filled */

/* The owner of one of the stream's sockets. */
struct ry_web_joiner {
    struct ry_web_server *server;
    struct MHD_Connection *connection;        /* server-sent events */
    struct MHD_UpgradeResponseHandle *socket; /* a WebSocket's */
    struct ry_keys_ticket *ticket;            /* NULL: without a key */
    char *since;                              /* NULL: none */
    bool added, ended;
};

void ry_web_joiner_free(struct ry_web_joiner *joiner)
{
    if (joiner == NULL)
        return;
    free(joiner->since);
    free(joiner->ticket);
    free(joiner);
}

static struct ry_web_joiner *new_joiner(struct ry_web_server *server,
                                        struct MHD_Connection *connection,
                                        const struct ry_web_joins *joins)
{
    struct ry_web_joiner *joiner = calloc(1, sizeof *joiner);
    if (joiner == NULL)
        return NULL;
    joiner->server = server;
    joiner->connection = connection;
    if (joins->since != NULL)
        joiner->since = strdup(joins->since);
    if (joins->ticket->id[0] != '\0')
        joiner->ticket = malloc(sizeof *joiner->ticket);
    if ((joins->since != NULL && joiner->since == NULL) ||
        (joins->ticket->id[0] != '\0' && joiner->ticket == NULL)) {
        ry_web_joiner_free(joiner);
        return NULL;
    }
    if (joiner->ticket != NULL)
        *joiner->ticket = *joins->ticket;
    return joiner;
}

/* NULL: it cannot be taken. */
static struct ry_web_client *add(struct ry_web_joiner *joiner, int fd, enum ry_web_wire wire)
{
    const int on = 1, off = 0;
    /* What the library holds back of the answer's head goes with the first frame. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_CORK, &off, sizeof off);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct ry_web_client *client =
        ry_web_stream_add(&joiner->server->stream, fd, wire, joiner->since, joiner, ry_clock_ns());
    joiner->added = client != NULL;
    free(joiner->since);
    joiner->since = NULL;
    return client;
}

void ry_web_join_gone(void *owner, enum ry_web_wire wire)
{
    struct ry_web_joiner *joiner = owner;
    if (wire == RY_WEB_SSE) {
        joiner->ended = true;
        MHD_resume_connection(joiner->connection);
        return;
    }
    (void)MHD_upgrade_action(joiner->socket, MHD_UPGRADE_ACTION_CLOSE);
}

bool ry_web_join_may(void *owner)
{
    const struct ry_web_joiner *joiner = owner;
    return joiner->ticket == NULL ||
           ry_keys_stands(joiner->server->keys, joiner->ticket, ry_clock_wall_ns());
}

/* ---- server-sent events ---------------------------------------------------------------------- */

/* Called when the head is out, and when the stream has let the client go. */
static ssize_t on_body(void *context, uint64_t position, char *to, size_t room)
{
    struct ry_web_joiner *joiner = context;
    (void)position, (void)to, (void)room;
    if (joiner->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (joiner->added)
        return 0;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(joiner->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info == NULL || add(joiner, info->connect_fd, RY_WEB_SSE) == NULL)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    MHD_suspend_connection(joiner->connection);
    return 0;
}

static struct MHD_Response *make_events(struct ry_web_joiner *joiner)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, on_body, joiner, NULL);
    if (response == NULL)
        return NULL;
    ry_web_describe(response, "text/event-stream", RY_WEB_NO_STORE, RY_WEB_NO_PAGE);
    /* A proxy that gathers answers before it passes them on would hold frames back. */
    (void)MHD_add_response_header(response, "X-Accel-Buffering", "no");
    /* The body ends with the connection: frames are the same bytes for every client. */
    (void)MHD_set_response_options(response, MHD_RF_HTTP_VERSION_1_0_ONLY, MHD_RO_END);
    return response;
}

/* ---- WebSocket ------------------------------------------------------------------------------- */

static void on_upgrade(void *context, struct MHD_Connection *connection, void *of_request,
                       const char *extra, size_t extra_bytes, MHD_socket fd,
                       struct MHD_UpgradeResponseHandle *socket)
{
    struct ry_web_joiner *joiner = context;
    (void)connection, (void)of_request;
    joiner->socket = socket;
    struct ry_web_client *client = add(joiner, fd, RY_WEB_WEBSOCKET);
    if (client == NULL)
        ry_web_join_gone(joiner, RY_WEB_WEBSOCKET);
    else if (extra_bytes > 0)
        ry_web_stream_hear(&joiner->server->stream, client, extra, extra_bytes, ry_clock_ns());
}

static struct MHD_Response *make_upgrade(struct ry_web_joiner *joiner,
                                         const struct ry_web_joins *joins)
{
    struct MHD_Response *response = MHD_create_response_for_upgrade(on_upgrade, joiner);
    if (response == NULL)
        return NULL;
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_UPGRADE, "websocket");
    (void)MHD_add_response_header(response, "Sec-WebSocket-Accept", joins->accept);
    if (joins->protocol != NULL)
        (void)MHD_add_response_header(response, "Sec-WebSocket-Protocol", joins->protocol);
    return response;
}

enum MHD_Result ry_web_join(struct ry_web_server *server, struct MHD_Connection *connection,
                            const struct ry_web_joins *joins, struct ry_web_joiner **joiner)
{
    *joiner = new_joiner(server, connection, joins);
    if (*joiner == NULL)
        return MHD_NO;
    struct MHD_Response *response =
        joins->accept != NULL ? make_upgrade(*joiner, joins) : make_events(*joiner);
    if (response == NULL)
        return MHD_NO;
    const enum MHD_Result result = MHD_queue_response(
        connection, joins->accept != NULL ? MHD_HTTP_SWITCHING_PROTOCOLS : MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}
