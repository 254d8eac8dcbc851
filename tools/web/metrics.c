#include "tools/web/metrics.h"

#include <stdlib.h>

#include "shm/clock.h"
#include "tools/web/accept.h"
#include "tools/web/answer.h"
#include "tools/web/header.h"
#include "tools/web/scrape.h"

static struct MHD_Response *make(struct ry_web_server *server, enum ry_web_format format,
                                 int64_t now_ns)
{
    struct ry_web_exposition e = {.format = format};
    server->state->counts.streams = server->stream.clients;
    server->state->counts.slow = server->visitors.slow;
    server->state->counts.stream = server->stream.counts;
    ry_web_scrape(&e, server->state, now_ns);
    struct MHD_Response *response =
        e.failed ? NULL : MHD_create_response_from_buffer(e.bytes, e.text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(e.text);
        return NULL;
    }
    ry_web_describe(response, ry_web_content_type(format), RY_WEB_NO_STORE, RY_WEB_NO_PAGE);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT);
    return response;
}

struct MHD_Response *ry_web_metrics(struct ry_web_server *server, struct MHD_Connection *connection)
{
    struct ry_web_header accept;
    (void)ry_web_header_take(&accept, connection, MHD_HTTP_HEADER_ACCEPT);
    const enum ry_web_format format = ry_web_accept(accept.text, accept.bytes);
    const int64_t now_ns = ry_clock_ns();
    if (server->made[format] == NULL || now_ns - server->made_ns[format] >= RY_WEB_SHARED_NS) {
        if (server->made[format] != NULL)
            MHD_destroy_response(server->made[format]);
        server->made[format] = make(server, format, now_ns);
        server->made_ns[format] = now_ns;
    }
    return server->made[format];
}

void ry_web_metrics_close(struct ry_web_server *server)
{
    for (unsigned i = 0; i < RY_WEB_FORMATS; i++)
        if (server->made[i] != NULL)
            MHD_destroy_response(server->made[i]);
}
