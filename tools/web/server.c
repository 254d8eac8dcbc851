#include "tools/web/server.h"

#include <microhttpd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tools/web/accept.h"
#include "tools/web/scrape.h"

#define ACCEPT_BYTES 1024 /* of all headers Accept of a request; longer ones are cut */

static const char index_page[] =
    "royale-web: what a battle counts, for Prometheus, is at /metrics\n";
static const char not_found[] = "nothing is here; what a battle counts is at /metrics\n";
static const char no_body[] = "a request with a body: there is nothing to send to this server\n";
static const char not_allowed[] = "only GET and HEAD: this server changes nothing\n";

/* ---- answers --------------------------------------------------------------------------------- */

static void describe(struct MHD_Response *response, const char *type)
{
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
}

static enum MHD_Result answer(struct ry_web_server *server, struct MHD_Connection *connection,
                              unsigned code, const char *text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        server->state->counts.failed++;
        return MHD_NO; /* the connection ends */
    }
    if (code == MHD_HTTP_OK)
        server->state->counts.answered++;
    else
        server->state->counts.refused++;
    describe(response, "text/plain; charset=utf-8");
    if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    enum MHD_Result result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- /metrics -------------------------------------------------------------------------------- */

struct header {
    size_t bytes;
    char text[ACCEPT_BYTES];
};

/* Several headers of one name are one with commas. */
static enum MHD_Result take_accept(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct header *header = context;
    (void)kind;
    if (strcasecmp(name, MHD_HTTP_HEADER_ACCEPT) != 0 || value == NULL)
        return MHD_YES;
    size_t bytes = strlen(value), room = sizeof header->text - header->bytes;
    if (header->bytes > 0 && room > 0) {
        header->text[header->bytes++] = ',';
        room--;
    }
    bytes = bytes < room ? bytes : room;
    memcpy(header->text + header->bytes, value, bytes);
    header->bytes += bytes;
    return MHD_YES;
}

static struct MHD_Response *make(struct ry_web_server *server, enum ry_web_format format,
                                 int64_t now_ns)
{
    struct ry_web_exposition e = {.format = format};
    ry_web_scrape(&e, server->state, now_ns);
    struct MHD_Response *response =
        e.failed ? NULL : MHD_create_response_from_buffer(e.bytes, e.text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(e.text);
        return NULL;
    }
    describe(response, ry_web_content_type(format));
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT);
    return response;
}

static enum MHD_Result answer_metrics(struct ry_web_server *server,
                                      struct MHD_Connection *connection)
{
    struct header accept = {.bytes = 0};
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, take_accept, &accept);
    const enum ry_web_format format = ry_web_accept(accept.text, accept.bytes);
    const int64_t now_ns = ry_clock_ns();
    if (server->made[format] == NULL || now_ns - server->made_ns[format] >= RY_WEB_SHARED_NS) {
        if (server->made[format] != NULL)
            MHD_destroy_response(server->made[format]);
        server->made[format] = make(server, format, now_ns);
        server->made_ns[format] = now_ns;
    }
    if (server->made[format] == NULL) {
        server->state->counts.failed++;
        return MHD_NO;
    }
    server->state->counts.answered++;
    return MHD_queue_response(connection, MHD_HTTP_OK, server->made[format]);
}

static bool has_body(struct MHD_Connection *connection)
{
    static const char *const says[] = {MHD_HTTP_HEADER_CONTENT_LENGTH,
                                       MHD_HTTP_HEADER_TRANSFER_ENCODING};
    for (unsigned i = 0; i < sizeof says / sizeof *says; i++)
        if (MHD_lookup_connection_value(connection, MHD_HEADER_KIND, says[i]) != NULL)
            return true;
    return false;
}

/* Called for a request's headers, and again when it is there whole. Who is answered the first time
 * is closed behind the answer, whatever else it sends; the others may ask again. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_bytes, void **of_request)
{
    static char whole;
    struct ry_web_server *server = context;
    (void)version, (void)upload, (void)upload_bytes;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return answer(server, connection, MHD_HTTP_METHOD_NOT_ALLOWED, not_allowed);
    if (has_body(connection))
        return answer(server, connection, MHD_HTTP_BAD_REQUEST, no_body);
    if (*of_request == NULL) {
        *of_request = &whole;
        return MHD_YES;
    }
    if (strcmp(url, "/metrics") == 0)
        return answer_metrics(server, connection);
    if (strcmp(url, "/") == 0)
        return answer(server, connection, MHD_HTTP_OK, index_page);
    return answer(server, connection, MHD_HTTP_NOT_FOUND, not_found);
}

/* ---- its life -------------------------------------------------------------------------------- */

/* What the library would print of clients that break off or send nonsense. */
static void say_nothing(void *context, const char *format, va_list arguments)
{
    (void)context, (void)format, (void)arguments;
}

int ry_web_server_start(struct ry_web_server *server, struct ry_web_state *state, int listener)
{
    *server = (struct ry_web_server){.state = state};
    server->daemon = MHD_start_daemon(
        MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        on_request, server, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL, MHD_OPTION_LISTEN_SOCKET,
        listener, MHD_OPTION_CONNECTION_LIMIT, (unsigned)RY_WEB_CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)RY_WEB_IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)RY_WEB_REQUEST_BYTES, MHD_OPTION_END);
    if (server->daemon != NULL)
        return 0;
    close(listener);
    return -1;
}

void ry_web_server_stop(struct ry_web_server *server)
{
    MHD_stop_daemon(server->daemon);
    for (unsigned i = 0; i < RY_WEB_FORMATS; i++)
        if (server->made[i] != NULL)
            MHD_destroy_response(server->made[i]);
}
