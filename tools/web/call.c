#include "tools/web/call.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "tools/web/answer.h"
#include "tools/web/handshake.h"
#include "tools/web/header.h"

#define BODY_FIRST 4096 /* bytes of room */

struct ry_web_call *ry_web_call_new(struct MHD_Connection *connection, const char *method,
                                    const char *path)
{
    struct ry_web_call *call = calloc(1, sizeof *call);
    if (call == NULL)
        return NULL;
    call->connection = connection;
    call->request.method = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0 ? MHD_HTTP_METHOD_GET : method;
    call->request.path = path;
    call->route = ry_api_route(method, path, &call->match);
    if (call->route != NULL)
        return call;
    ry_api_refuse(&call->answer, call->match.error, NULL, NULL);
    if (call->match.allow[0] != '\0')
        ry_web_answer_header(&call->answer, MHD_HTTP_HEADER_ALLOW, call->match.allow);
    return call;
}

void ry_web_call_free(struct ry_web_call *call)
{
    if (call == NULL)
        return;
    free(call->body);
    free(call->answer.body);
    free(call);
}

/* ---- its body -------------------------------------------------------------------------------- */

static const char *header_of(const struct ry_web_call *call, const char *name)
{
    return MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, name);
}

bool ry_web_call_may_send(struct ry_web_call *call)
{
    const char *length = header_of(call, MHD_HTTP_HEADER_CONTENT_LENGTH);
    const bool chunked = header_of(call, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL;
    if (length == NULL && !chunked)
        return true;
    if (call->route->body_bytes == 0 && (chunked || strtoull(length, NULL, 10) > 0)) {
        ry_api_refuse(&call->answer, RY_API_E_bad_request, NULL,
                      "a request with a body, where there is nothing to send");
        return false;
    }
    if (length != NULL && strtoull(length, NULL, 10) > call->route->body_bytes) {
        ry_api_refuse(&call->answer, RY_API_E_too_large, NULL, NULL);
        return false;
    }
    return true;
}

bool ry_web_call_take(struct ry_web_call *call, const char *bytes, size_t count)
{
    const size_t has = call->request.body_bytes;
    call->too_large |= count > call->route->body_bytes - has;
    if (call->too_large)
        return true;
    if (has + count > call->body_room) {
        size_t room = call->body_room == 0 ? BODY_FIRST : 2 * call->body_room;
        room = room < has + count ? has + count : room;
        char *body = realloc(call->body, room);
        if (body == NULL)
            return false;
        call->body = body;
        call->body_room = room;
    }
    memcpy(call->body + has, bytes, count);
    call->request.body = call->body;
    call->request.body_bytes += count;
    return true;
}

/* ---- its answer ------------------------------------------------------------------------------ */

static enum MHD_Result take_pair(void *context, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    struct ry_web_call *call = context;
    (void)kind;
    if (call->request.queries == RY_API_QUERY_MAX)
        return MHD_NO;
    call->query[call->request.queries++] =
        (struct ry_api_pair){.name = name, .value = value != NULL ? value : ""};
    return MHD_YES;
}

/* False: more parameters than any path has. */
static bool gather(struct ry_web_call *call)
{
    struct ry_web_header takes;
    const int asked =
        MHD_get_connection_values(call->connection, MHD_GET_ARGUMENT_KIND, NULL, NULL);
    (void)MHD_get_connection_values(call->connection, MHD_GET_ARGUMENT_KIND, take_pair, call);
    call->request.query = call->query;
    call->request.content_type = header_of(call, MHD_HTTP_HEADER_CONTENT_TYPE);
    call->request.idempotency_key = header_of(call, "Idempotency-Key");
    call->request.actor = call->told.ticket.id;
    call->request.gzip = ry_web_header_has(
        ry_web_header_take(&takes, call->connection, MHD_HTTP_HEADER_ACCEPT_ENCODING), "gzip");
    return asked <= RY_API_QUERY_MAX;
}

/* A worker's thread. The library's resume is for any thread; it hands over what was written. */
static void on_done(void *context)
{
    const struct ry_web_call *call = context;
    const int wake = call->wake; /* it may be gone when the connection goes on */
    MHD_resume_connection(call->connection);
    (void)eventfd_write(wake, 1);
}

bool ry_web_call_make(struct ry_web_call *call, struct ry_api *api, int wake)
{
    if (call->submitted) /* and resumed */
        return true;
    if (call->too_large) {
        ry_api_refuse(&call->answer, RY_API_E_too_large, NULL, NULL);
        return true;
    }
    if (!gather(call)) {
        ry_api_refuse(&call->answer, RY_API_E_bad_parameter, NULL, "more than %d parameters",
                      RY_API_QUERY_MAX);
        return true;
    }
    if (call->route->who == RY_API_NOW) {
        ry_api_handle(api, call->route, &call->match, &call->request, &call->answer);
        return true;
    }
    MHD_suspend_connection(call->connection);
    call->submitted = true;
    call->wake = wake;
    if (ry_api_submit(api, call->route, &call->match, &call->request, &call->answer, on_done, call))
        return false;
    on_done(call); /* the answer says that the queue is full */
    return false;
}
