#include "tools/web/request.h"

#include <stdlib.h>
#include <string.h>

#include "shm/clock.h"
#include "tools/web/answer.h"
#include "tools/web/call.h"
#include "tools/web/focus.h"
#include "tools/web/handshake.h"
#include "tools/web/header.h"
#include "tools/web/join.h"
#include "tools/web/metrics.h"

#define API     "/v1"
#define METRICS "/metrics"
#define BATTLE  "battle" /* the part of the stream's path */

static const char no_page[] =
    "royale-web: its page is not built (`make page` builds it); what a battle counts is at /metrics, "
    "its API at /v1\n";

/* One request, from its headers to its end: of a client of the stream, as long as it streams. */
struct request {
    struct ry_web_server *server;
    struct MHD_Connection *connection;
    const char *method, *path, *version;
    struct ry_web_call *call; /* of the API; NULL: another path */
    struct ry_web_joiner *joiner;
};

static struct ry_web_visitor *visitor_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL ? info->socket_context : NULL;
}

/* ---- answers --------------------------------------------------------------------------------- */

/* `response` NULL: no memory; the connection ends. */
static enum MHD_Result queue(const struct request *request, unsigned status,
                             struct MHD_Response *response)
{
    struct ry_web_counts *counts = &request->server->state->counts;
    if (response == NULL) {
        counts->failed++;
        return MHD_NO;
    }
    if (status < MHD_HTTP_BAD_REQUEST)
        counts->answered++;
    else
        counts->refused++;
    return MHD_queue_response(request->connection, status, response);
}

static enum MHD_Result queue_once(const struct request *request, unsigned status,
                                  struct MHD_Response *response)
{
    const enum MHD_Result result = queue(request, status, response);
    if (response != NULL)
        MHD_destroy_response(response);
    return result;
}

static enum MHD_Result queue_answer(const struct request *request, struct ry_api_answer *answer)
{
    return queue_once(request, answer->status, ry_web_answer_api(answer));
}

static enum MHD_Result refuse(const struct request *request, enum ry_api_error error,
                              const char *message)
{
    struct ry_api_answer answer = {.status = 0};
    if (message != NULL)
        ry_api_refuse(&answer, error, NULL, "%s", message);
    else
        ry_api_refuse(&answer, error, NULL, NULL);
    if (error == RY_API_E_method_not_allowed)
        ry_web_answer_header(&answer, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    return queue_answer(request, &answer);
}

/* ---- the page -------------------------------------------------------------------------------- */

static enum MHD_Result answer_page(const struct request *request)
{
    struct ry_web_header header;
    const struct ry_web_page *page = ry_web_pages_find(request->server->pages, request->path);
    if (page == NULL && strcmp(request->path, "/") == 0)
        return queue_once(request, MHD_HTTP_OK, ry_web_answer_text(no_page));
    if (page == NULL)
        return refuse(request, RY_API_E_not_found, NULL);
    const char *has =
        ry_web_header_take(&header, request->connection, MHD_HTTP_HEADER_IF_NONE_MATCH);
    if (has != NULL && strstr(has, page->etag) != NULL)
        return queue(request, MHD_HTTP_NOT_MODIFIED, page->unchanged);
    const char *takes =
        ry_web_header_take(&header, request->connection, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    return queue(request, MHD_HTTP_OK,
                 page->packed != NULL && ry_web_header_has(takes, "gzip") ? page->packed
                                                                          : page->plain);
}

/* ---- the stream ------------------------------------------------------------------------------ */

static const char *battle_of(const struct ry_api_match *match)
{
    for (unsigned i = 0; i < match->parts; i++)
        if (match->part[i].name_bytes == strlen(BATTLE) &&
            memcmp(match->part[i].name, BATTLE, strlen(BATTLE)) == 0)
            return match->part[i].value;
    return "";
}

static bool is_followed(struct ry_web_server *server, const char *battle)
{
    pthread_mutex_lock(&server->state->lock);
    const bool is = ry_web_focus_is(server->state, battle);
    pthread_mutex_unlock(&server->state->lock);
    return is;
}

static enum ry_web_greeting greeting_of(struct MHD_Connection *connection,
                                        char accept[RY_WEB_ACCEPT_BYTES])
{
    struct ry_web_header upgrade, hop, key, version;
    const struct ry_web_handshake asked = {
        .upgrade = ry_web_header_take(&upgrade, connection, MHD_HTTP_HEADER_UPGRADE),
        .connection = ry_web_header_take(&hop, connection, MHD_HTTP_HEADER_CONNECTION),
        .key = ry_web_header_take(&key, connection, "Sec-WebSocket-Key"),
        .version = ry_web_header_take(&version, connection, "Sec-WebSocket-Version"),
    };
    const enum ry_web_greeting greeting = ry_web_handshake_judge(&asked);
    if (greeting == RY_WEB_GREETING_OK)
        ry_web_handshake_accept(accept, asked.key);
    return greeting;
}

/* RFC 6455, 4.4: the answer names the version that it would take. */
static enum MHD_Result refuse_version(const struct request *request)
{
    struct ry_api_answer answer = {.status = 0};
    ry_api_refuse(&answer, RY_API_E_bad_request, NULL, "a WebSocket of another version than %s",
                  RY_WEB_VERSION);
    answer.status = MHD_HTTP_UPGRADE_REQUIRED;
    ry_web_answer_header(&answer, "Sec-WebSocket-Version", RY_WEB_VERSION);
    return queue_answer(request, &answer);
}

/* ?since= is for who cannot set a header; the header is the browser's own, and newer. */
static const char *since_of(struct ry_web_header *header, struct MHD_Connection *connection)
{
    const char *since = ry_web_header_take(header, connection, "Last-Event-ID");
    return since != NULL ? since
                         : MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "since");
}

static enum MHD_Result join(struct request *request, const char *accept)
{
    struct ry_web_header since, protocols;
    const char *asked =
        ry_web_header_take(&protocols, request->connection, "Sec-WebSocket-Protocol");
    const struct ry_web_joins joins = {
        .since = since_of(&since, request->connection),
        .ticket = &request->call->told.ticket,
        .accept = accept,
        .protocol = ry_web_header_has(asked, RY_KEYS_PROTOCOL) ? RY_KEYS_PROTOCOL : NULL};
    request->server->state->counts.answered++;
    const enum MHD_Result result =
        ry_web_join(request->server, request->connection, &joins, &request->joiner);
    /* It may stream for hours, and needs no more than its joiner. */
    ry_web_call_free(request->call);
    request->call = NULL;
    return result;
}

static enum MHD_Result answer_stream(struct request *request)
{
    char accept[RY_WEB_ACCEPT_BYTES];
    const enum ry_web_greeting greeting = greeting_of(request->connection, accept);
    if (greeting == RY_WEB_GREETING_VERSION)
        return refuse_version(request);
    const bool old = strcmp(request->version, MHD_HTTP_VERSION_1_1) != 0;
    if (greeting == RY_WEB_GREETING_WRONG || (greeting == RY_WEB_GREETING_OK && old))
        return refuse(
            request, RY_API_E_bad_request,
            "no handshake of a WebSocket: HTTP/1.1, Connection: Upgrade, and a Sec-WebSocket-Key of "
            "16 bytes in base64");
    if (!is_followed(request->server, battle_of(&request->call->match)))
        return refuse(request, RY_API_E_not_followed, NULL);
    if (request->server->stream.clients >= request->server->streams_max)
        return refuse(request, RY_API_E_busy, "as many read the stream as this server can serve");
    if (strcmp(request->method, MHD_HTTP_METHOD_HEAD) == 0)
        return queue_once(request, MHD_HTTP_OK, ry_web_answer_text(""));
    return join(request, greeting == RY_WEB_GREETING_OK ? accept : NULL);
}

/* ---- requests -------------------------------------------------------------------------------- */

static enum MHD_Result answer(struct request *request)
{
    if (request->call == NULL && strcmp(request->path, METRICS) == 0)
        return queue(request, MHD_HTTP_OK, ry_web_metrics(request->server, request->connection));
    if (request->call == NULL)
        return answer_page(request);
    if (request->call->route->who == RY_API_STREAM)
        return answer_stream(request);
    if (!ry_web_call_make(request->call, request->server->api,
                          request->server->stream.outlet->ready))
        return MHD_YES;
    return queue_answer(request, &request->call->answer);
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

/* MHD_YES with `refused` unset: it may ask. */
static enum MHD_Result judge(const struct request *request, enum ry_keys_scope needs,
                             struct ry_keys_told *told, bool *refused)
{
    struct ry_api_answer answer = {.status = 0};
    const struct ry_web_judged judged = {
        .method = request->method,
        .path = request->path,
        .needs = needs,
        .websocket = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
                                                 MHD_HTTP_HEADER_UPGRADE) != NULL};
    *refused = !ry_web_judge(request->server, request->connection, &judged, told);
    if (!*refused)
        return MHD_YES;
    ry_web_judge_refuse(told, &answer);
    return queue_answer(request, &answer);
}

static enum MHD_Result begin_file(const struct request *request)
{
    struct ry_keys_told told;
    bool refused;
    if (strcmp(request->method, MHD_HTTP_METHOD_GET) != 0 &&
        strcmp(request->method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(request, RY_API_E_method_not_allowed, NULL);
    if (has_body(request->connection))
        return refuse(request, RY_API_E_bad_request,
                      "a request with a body, where there is nothing to send");
    return strcmp(request->path, METRICS) == 0 ? judge(request, RY_KEYS_READ, &told, &refused)
                                               : MHD_YES;
}

static enum MHD_Result begin_call(struct request *request)
{
    static const enum ry_keys_scope scopes[] = {[RY_API_FREE] = RY_KEYS_FREE,
                                                [RY_API_READ] = RY_KEYS_READ,
                                                [RY_API_OPERATE] = RY_KEYS_OPERATE,
                                                [RY_API_ADMIN] = RY_KEYS_ADMIN};
    bool refused = false;
    struct ry_web_call *call = request->call =
        ry_web_call_new(request->connection, request->method, request->path);
    if (call == NULL)
        return MHD_NO;
    if (call->route == NULL)
        return queue_answer(request, &call->answer);
    if (call->route->scope != RY_API_FREE) {
        const enum MHD_Result result =
            judge(request, scopes[call->route->scope], &call->told, &refused);
        if (refused)
            return result;
    }
    return ry_web_call_may_send(call) ? MHD_YES : queue_answer(request, &call->answer);
}

static bool is_below(const char *path, const char *folder)
{
    const size_t bytes = strlen(folder);
    return strncmp(path, folder, bytes) == 0 && (path[bytes] == '\0' || path[bytes] == '/');
}

/* Who is answered the first time is closed behind the answer, whatever else it sends; the others
 * may ask again. */
enum MHD_Result ry_web_request(void *context, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_bytes, void **of_request)
{
    struct request *request = *of_request;
    if (request == NULL) {
        request = calloc(1, sizeof *request);
        if (request == NULL)
            return MHD_NO;
        *request = (struct request){.server = context,
                                    .connection = connection,
                                    .method = method,
                                    .path = url,
                                    .version = version};
        *of_request = request;
        return is_below(url, API) ? begin_call(request) : begin_file(request);
    }
    if (*upload_bytes > 0) {
        const size_t bytes = *upload_bytes;
        *upload_bytes = 0;
        return request->call != NULL && ry_web_call_take(request->call, upload, bytes) ? MHD_YES
                                                                                       : MHD_NO;
    }
    ry_web_visitor_asked(visitor_of(connection));
    return answer(request);
}

void ry_web_request_end(void *context, struct MHD_Connection *connection, void **of_request,
                        enum MHD_RequestTerminationCode why)
{
    struct ry_web_server *server = context;
    struct request *request = *of_request;
    (void)why;
    if (request == NULL)
        return;
    ry_web_joiner_free(request->joiner);
    ry_web_call_free(request->call);
    free(request);
    *of_request = NULL;
    ry_web_visitor_waits(&server->visitors, visitor_of(connection), ry_clock_ns());
}
