/* Whether a request may ask: tools/keys about what it says of itself. */
#ifndef RY_TOOLS_WEB_JUDGE_H
#define RY_TOOLS_WEB_JUDGE_H

#include <microhttpd.h>

#include "tools/api/api.h"
#include "tools/web/server.h"

struct ry_web_judged {
    const char *method, *path;
    enum ry_keys_scope needs;
    bool websocket;
};

/* False: it may not; `told` says why. */
bool ry_web_judge(struct ry_web_server *server, struct MHD_Connection *connection,
                  const struct ry_web_judged *judged, struct ry_keys_told *told);

/* The answer to one that may not. */
void ry_web_judge_refuse(const struct ry_keys_told *told, struct ry_api_answer *answer);

#endif
