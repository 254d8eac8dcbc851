#include "tools/web/judge.h"

#include <stdio.h>

#include "shm/clock.h"
#include "tools/web/answer.h"
#include "tools/web/header.h"

#define SECONDS_BYTES 16

static const char *forwarded(struct ry_web_header *header, struct MHD_Connection *connection)
{
    const char *name, *text = NULL;
    for (unsigned i = 0; text == NULL && (name = ry_keys_forwarding(i)) != NULL; i++)
        text = ry_web_header_take(header, connection, name);
    return text;
}

bool ry_web_judge(struct ry_web_server *server, struct MHD_Connection *connection,
                  const struct ry_web_judged *judged, struct ry_keys_told *told)
{
    struct ry_web_header authorization, protocols, host, origin, proxy;
    const union MHD_ConnectionInfo *peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct ry_keys_asked asked = {
        .authorization =
            ry_web_header_take(&authorization, connection, MHD_HTTP_HEADER_AUTHORIZATION),
        .protocols = ry_web_header_take(&protocols, connection, "Sec-WebSocket-Protocol"),
        .host = ry_web_header_take(&host, connection, MHD_HTTP_HEADER_HOST),
        .origin = ry_web_header_take(&origin, connection, MHD_HTTP_HEADER_ORIGIN),
        .forwarded = forwarded(&proxy, connection),
        .peer = peer != NULL ? peer->client_addr : NULL,
        .websocket = judged->websocket,
        .needs = judged->needs,
        .method = judged->method,
        .path = judged->path,
    };
    return ry_keys_judge(server->keys, &asked, ry_clock_wall_ns(), told) == RY_KEYS_OK;
}

static enum ry_api_error error_of(enum ry_keys_verdict verdict)
{
    switch (verdict) {
    case RY_KEYS_UNAUTHORIZED: return RY_API_E_unauthorized;
    case RY_KEYS_LIMITED: return RY_API_E_limited;
    case RY_KEYS_FORBIDDEN:
    case RY_KEYS_OK: break;
    }
    return RY_API_E_forbidden;
}

void ry_web_judge_refuse(const struct ry_keys_told *told, struct ry_api_answer *answer)
{
    char seconds[SECONDS_BYTES];
    json_t *details = told->remedy != NULL ? json_pack("{s:s}", "remedy", told->remedy) : NULL;
    ry_api_refuse(answer, error_of(told->verdict), details, "%s", told->why);
    if (told->verdict == RY_KEYS_UNAUTHORIZED)
        ry_web_answer_header(answer, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"royale\"");
    snprintf(seconds, sizeof seconds, "%u", told->retry_after_s);
    if (told->verdict == RY_KEYS_LIMITED)
        ry_web_answer_header(answer, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
}
