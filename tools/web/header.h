/* A request's headers. Several of one name are one with commas (RFC 9110, 5.3). */
#ifndef RY_TOOLS_WEB_HEADER_H
#define RY_TOOLS_WEB_HEADER_H

#include <microhttpd.h>
#include <stdbool.h>

#define RY_WEB_HEADER_BYTES 1024 /* longer ones are cut */

struct ry_web_header {
    const char *name;
    size_t bytes;
    bool there;
    char text[RY_WEB_HEADER_BYTES]; /* with a NUL */
};

/* Its text; NULL: there is none of that name. */
const char *ry_web_header_take(struct ry_web_header *header, struct MHD_Connection *connection,
                               const char *name);

#endif
