#include "tools/web/answer.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ry_web_describe(struct MHD_Response *response, const char *type, const char *cache,
                     const char *policy)
{
    static const char *const always[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"X-Frame-Options", "DENY"},
    };
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache);
    (void)MHD_add_response_header(response, "Content-Security-Policy", policy);
    for (unsigned i = 0; i < sizeof always / sizeof *always; i++)
        (void)MHD_add_response_header(response, always[i][0], always[i][1]);
}

struct MHD_Response *ry_web_answer_text(const char *text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    if (response != NULL)
        ry_web_describe(response, "text/plain; charset=utf-8", RY_WEB_NO_STORE, RY_WEB_NO_PAGE);
    return response;
}

struct MHD_Response *ry_web_answer_api(struct ry_api_answer *answer)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->bytes, answer->body, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        free(answer->body);
    answer->body = NULL;
    answer->bytes = 0;
    if (response == NULL)
        return NULL;
    ry_web_describe(response, answer->content_type != NULL ? answer->content_type : RY_API_JSON,
                    RY_WEB_NO_STORE, RY_WEB_NO_PAGE);
    if (answer->gzipped)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    for (unsigned i = 0; i < answer->headers; i++)
        (void)MHD_add_response_header(response, answer->header[i].name, answer->header[i].value);
    return response;
}

void ry_web_answer_header(struct ry_api_answer *answer, const char *name, const char *value)
{
    assert(answer->headers < RY_API_HEADERS_MAX);
    struct ry_api_header *header = &answer->header[answer->headers++];
    header->name = name;
    snprintf(header->value, sizeof header->value, "%s", value);
}
