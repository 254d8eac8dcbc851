/*
 * One call of the API: what the request says, gathered; the answer, at once or by the API's worker,
 * while the connection is suspended.
 */
#ifndef RY_TOOLS_WEB_CALL_H
#define RY_TOOLS_WEB_CALL_H

#include "tools/api/api.h"
#include "tools/web/judge.h"

struct ry_web_call {
    struct MHD_Connection *connection;
    const struct ry_api_route *route;
    struct ry_api_match match;
    struct ry_keys_told told; /* by which key it asks */
    struct ry_api_pair query[RY_API_QUERY_MAX];
    char *body;
    size_t body_room;
    bool submitted;
    bool too_large; /* what is left of its body is not kept */
    int wake;       /* an eventfd in the server's epoll: from outside it the library wakes nobody */
    struct ry_api_request request;
    struct ry_api_answer answer;
};

/* Of that path; call->route NULL: there is none, and the answer says so. NULL: no memory. */
struct ry_web_call *ry_web_call_new(struct MHD_Connection *connection, const char *method,
                                    const char *path);
void ry_web_call_free(struct ry_web_call *call); /* NULL: nothing */

/* Whether it may send what its headers announce; false: the answer says why not. */
bool ry_web_call_may_send(struct ry_web_call *call);

/* A part of its body. False: no memory. What is more than it may send is answered when all of it
 * is there, or cut off with the request's time. */
bool ry_web_call_take(struct ry_web_call *call, const char *bytes, size_t count);

/* The request is whole. True: the answer is there. False: it will be, and the connection, which is
 * suspended, is resumed then. */
bool ry_web_call_make(struct ry_web_call *call, struct ry_api *api, int wake);

#endif
