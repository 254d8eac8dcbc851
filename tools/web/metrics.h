/*
 * /metrics. A text is made at most every RY_WEB_SHARED_NS for each format; requests in between get
 * the same.
 */
#ifndef RY_TOOLS_WEB_METRICS_H
#define RY_TOOLS_WEB_METRICS_H

#include <microhttpd.h>

#include "tools/web/server.h"

#define RY_WEB_SHARED_NS INT64_C(100000000)

/* In the format that the request asks for; the server's. NULL: no memory. */
struct MHD_Response *ry_web_metrics(struct ry_web_server *server,
                                    struct MHD_Connection *connection);

void ry_web_metrics_close(struct ry_web_server *server);

#endif
