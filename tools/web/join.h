/*
 * How a request becomes a client of the stream. libmicrohttpd has read it; from the answer's head
 * on its socket is the stream's, until the stream lets it go and libmicrohttpd closes it:
 *     server-sent events   the connection is suspended, which takes it out of the library's loop
 *     WebSocket            the library's upgrade
 */
#ifndef RY_TOOLS_WEB_JOIN_H
#define RY_TOOLS_WEB_JOIN_H

#include <microhttpd.h>

#include "tools/web/server.h"

struct ry_web_joins {
    const char *since;                   /* a cursor as the client said it; NULL: none */
    const struct ry_keys_ticket *ticket; /* the key that it came with */
    const char *accept;   /* a WebSocket: what the handshake answers; NULL: server-sent events */
    const char *protocol; /* likewise: the protocol that was chosen; NULL: none was asked for */
};

struct ry_web_joiner;

/* Queues the answer after which the connection is the stream's. MHD_NO: no memory. What is in
 * `joiner` then, also after a failure, belongs to the request and is freed at its end. */
enum MHD_Result ry_web_join(struct ry_web_server *server, struct MHD_Connection *connection,
                            const struct ry_web_joins *joins, struct ry_web_joiner **joiner);

void ry_web_joiner_free(struct ry_web_joiner *joiner); /* NULL: nothing */

/* For the stream (struct ry_web_stream). */
void ry_web_join_gone(void *owner, enum ry_web_wire wire);
bool ry_web_join_may(void *owner);

#endif
