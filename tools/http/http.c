#include "tools/http/http.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MS        200 /* ry_http_post looks at least so often */
#define NO_PROXY_BYTES 1024
#define ITSELF         "localhost,127.0.0.1,::1"

struct ry_http {
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    bool begun;
    char error[CURL_ERROR_SIZE];
    char *body; /* of the answer, room for a NUL */
    size_t bytes, room, bytes_max;
    bool too_long;
};

/* ---- the answer's body ----------------------------------------------------------------------- */

static bool make_room(struct ry_http *http, size_t bytes)
{
    if (bytes + 1 <= http->room)
        return true;
    size_t room = http->room > 0 ? http->room : 4096;
    while (room < bytes + 1)
        room *= 2;
    char *body = realloc(http->body, room);
    if (body == NULL)
        return false;
    http->body = body;
    http->room = room;
    return true;
}

/* libcurl's: less than it gave ends the request. */
static size_t take(char *data, size_t size, size_t count, void *context)
{
    struct ry_http *http = context;
    const size_t bytes = size * count;
    if (bytes > http->bytes_max - http->bytes) {
        http->too_long = true;
        return 0;
    }
    if (!make_room(http, http->bytes + bytes))
        return 0;
    memcpy(http->body + http->bytes, data, bytes);
    http->bytes += bytes;
    http->body[http->bytes] = '\0';
    return bytes;
}

/* ---- the request ----------------------------------------------------------------------------- */

struct ry_http *ry_http_open(void)
{
    struct ry_http *http = calloc(1, sizeof *http);
    if (http == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(http);
        return NULL;
    }
    http->multi = curl_multi_init();
    http->easy = curl_easy_init();
    if (http->multi != NULL && http->easy != NULL && make_room(http, 0))
        return http;
    ry_http_close(http);
    return NULL;
}

static int add_headers(struct ry_http *http, const struct ry_http_request *request)
{
    curl_slist_free_all(http->headers);
    http->headers = NULL;
    for (unsigned i = 0; i < RY_HTTP_HEADERS_MAX && request->header[i] != NULL; i++) {
        struct curl_slist *more = curl_slist_append(http->headers, request->header[i]);
        if (more == NULL)
            return -1;
        http->headers = more;
    }
    /* No "Expect: 100-continue": a second lost with servers that do not know it. */
    struct curl_slist *more = curl_slist_append(http->headers, "Expect:");
    if (more == NULL)
        return -1;
    http->headers = more;
    return 0;
}

/* What the environment says, and this machine itself. */
static void set_no_proxy(CURL *easy)
{
    char list[NO_PROXY_BYTES];
    const char *said = getenv("no_proxy");
    said = said != NULL ? said : getenv("NO_PROXY");
    if (said == NULL || said[0] == '\0' ||
        snprintf(list, sizeof list, "%s," ITSELF, said) >= (int)sizeof list)
        snprintf(list, sizeof list, ITSELF);
    if (said == NULL || strcmp(said, "*") != 0)
        curl_easy_setopt(easy, CURLOPT_NOPROXY, list);
}

static bool set_up(struct ry_http *http, const struct ry_http_request *request)
{
    CURL *easy = http->easy;
    curl_easy_reset(easy); /* connections stay */
    CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, request->url);
    code |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    code |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    code |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, http->error);
    code |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)request->limits.connect_ms);
    code |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->limits.whole_ms);
    code |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    code |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, http);
    code |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "royale");
    code |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, http->headers);
    set_no_proxy(easy);
    if (request->body != NULL) {
        code |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->bytes);
        code |= curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->body);
    }
    return code == CURLE_OK;
}

int ry_http_begin(struct ry_http *http, const struct ry_http_request *request,
                  struct ry_http_answer *answer)
{
    assert(!http->begun && request->limits.connect_ms > 0 && request->limits.whole_ms > 0);
    *answer = (struct ry_http_answer){.body = ""};
    http->bytes = 0;
    http->bytes_max = request->limits.answer_bytes;
    http->too_long = false;
    http->error[0] = http->body[0] = '\0';
    if (add_headers(http, request) != 0 || !set_up(http, request) ||
        curl_multi_add_handle(http->multi, http->easy) != CURLM_OK) {
        snprintf(answer->why, sizeof answer->why, "no memory for the request");
        return -1;
    }
    http->begun = true;
    return 0;
}

static void end(struct ry_http *http, CURLcode code, struct ry_http_answer *answer)
{
    long status = 0;
    *answer = (struct ry_http_answer){.body = http->body, .bytes = http->bytes};
    if (code == CURLE_OK) {
        curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
        answer->status = status > 0 ? (unsigned)status : 0;
    } else if (http->too_long) {
        snprintf(answer->why, sizeof answer->why, "the answer is longer than %zu bytes",
                 http->bytes_max);
    } else {
        snprintf(answer->why, sizeof answer->why, "%s",
                 http->error[0] != '\0' ? http->error : curl_easy_strerror(code));
    }
    curl_multi_remove_handle(http->multi, http->easy);
    http->begun = false;
}

bool ry_http_look(struct ry_http *http, unsigned wait_ms, struct ry_http_answer *answer)
{
    int running = 0, left;
    assert(http->begun);
    curl_multi_perform(http->multi, &running);
    if (running > 0 && wait_ms > 0) {
        curl_multi_poll(http->multi, NULL, 0, (int)wait_ms, NULL);
        curl_multi_perform(http->multi, &running);
    }
    const CURLMsg *message = curl_multi_info_read(http->multi, &left);
    if (message == NULL || message->msg != CURLMSG_DONE)
        return false;
    end(http, message->data.result, answer);
    return true;
}

int ry_http_post(struct ry_http *http, const struct ry_http_request *request,
                 struct ry_http_answer *answer)
{
    if (ry_http_begin(http, request, answer) != 0)
        return -1;
    while (!ry_http_look(http, LOOK_MS, answer))
        ;
    return answer->status > 0 ? 0 : -1;
}

void ry_http_close(struct ry_http *http)
{
    if (http == NULL)
        return;
    if (http->begun)
        curl_multi_remove_handle(http->multi, http->easy);
    curl_easy_cleanup(http->easy);
    curl_multi_cleanup(http->multi);
    curl_slist_free_all(http->headers);
    free(http->body);
    free(http);
    curl_global_cleanup();
}
