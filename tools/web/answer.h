/* What all answers of the server have in common: headers, and texts of one line. */
#ifndef RY_TOOLS_WEB_ANSWER_H
#define RY_TOOLS_WEB_ANSWER_H

#include <microhttpd.h>

#include "tools/api/api.h"

#define RY_WEB_NO_STORE "no-store"

/* Of what is no page: a browser that shows it all the same loads and runs nothing. */
#define RY_WEB_NO_PAGE "default-src 'none'; frame-ancestors 'none'"

/* Content-Type, Cache-Control, Content-Security-Policy, and what keeps browsers from guessing and
 * from showing it inside another site's page. */
void ry_web_describe(struct MHD_Response *response, const char *type, const char *cache,
                     const char *policy);

/* The API's, whose body it takes over. NULL: no memory. */
struct MHD_Response *ry_web_answer_api(struct ry_api_answer *answer);

/* `name` is static. */
void ry_web_answer_header(struct ry_api_answer *answer, const char *name, const char *value);

/* An answer of one line of text, which is copied. NULL: no memory. */
struct MHD_Response *ry_web_answer_text(const char *text);

#endif
