/*
 * A small HTTP client over libcurl: a POST (or a GET) at a time, with limits of its own for each,
 * over connections that are kept. Example:
 *
 *     struct ry_http *http = ry_http_open();
 *     struct ry_http_request request = {.url = "http://127.0.0.1:4318/v1/traces",
 *                                       .header = {"Content-Type: application/json"},
 *                                       .body = text, .bytes = strlen(text), .limits = limits};
 *     if (ry_http_post(http, &request, &answer) == 0 && answer.status == 200) ...
 *     ry_http_close(http);
 *
 * Who may not wait begins a request and looks at it again and again (ry_http_begin, ry_http_look);
 * nothing of that blocks, neither the search for the name nor the connection. A request that hangs
 * ends by its limits.
 *
 * Only http and https; certificates are checked; a redirect is an answer like any other (status
 * 3xx) and not followed. Proxies are those of the environment (http_proxy, no_proxy, ...), never
 * for this machine itself. What the other side answers is untrusted: bytes, not necessarily text,
 * cut off by no means (longer than the limit is a failure), a NUL behind them.
 *
 * A handle belongs to one thread.
 */
#ifndef RY_TOOLS_HTTP_HTTP_H
#define RY_TOOLS_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RY_HTTP_HEADERS_MAX 8
#define RY_HTTP_WHY_BYTES   320

struct ry_http_limits {
    uint32_t connect_ms;   /* until the connection stands; at least 1 */
    uint32_t whole_ms;     /* until the answer is there, all in all; at least 1 */
    uint32_t answer_bytes; /* of the answer's body, at most */
};

struct ry_http_request {
    const char *url;
    const char *header[RY_HTTP_HEADERS_MAX]; /* "Name: value"; NULL: no more */
    const char *body;                        /* copied; NULL: a GET */
    size_t bytes;
    struct ry_http_limits limits;
};

struct ry_http_answer {
    unsigned status;             /* 200; 0: there was no answer, `why` says so */
    const char *body;            /* the handle's, until the next request; a NUL behind it */
    size_t bytes;                /* of the body */
    char why[RY_HTTP_WHY_BYTES]; /* "Failed to connect to 127.0.0.1 port 4318 ..."; "": answered */
};

struct ry_http;

/* NULL: no memory. */
struct ry_http *ry_http_open(void);

/* Begins a request. 0, or -1 with answer->why: the URL is none, no memory. One at a time. */
int ry_http_begin(struct ry_http *http, const struct ry_http_request *request,
                  struct ry_http_answer *answer);

/* Goes on with what was begun, and waits up to wait_ms for news of it (0: not at all). True: it is
 * over, with an answer or without. */
bool ry_http_look(struct ry_http *http, unsigned wait_ms, struct ry_http_answer *answer);

/* Both, until it is over. 0 if there is an answer, of any status; else -1 with answer->why. */
int ry_http_post(struct ry_http *http, const struct ry_http_request *request,
                 struct ry_http_answer *answer);

/* Also in the middle of a request; NULL does nothing. */
void ry_http_close(struct ry_http *http);

#endif
