/* What libmicrohttpd's daemon calls for each request; the context is the server. */
#ifndef RY_TOOLS_WEB_REQUEST_H
#define RY_TOOLS_WEB_REQUEST_H

#include <microhttpd.h>

/* Called for a request's headers, for each part of its body, and when it is there whole. */
enum MHD_Result ry_web_request(void *context, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_bytes, void **of_request);

/* Called when it was answered, or will not be. */
void ry_web_request_end(void *context, struct MHD_Connection *connection, void **of_request,
                        enum MHD_RequestTerminationCode why);

#endif
