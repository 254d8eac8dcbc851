/*
 * The API under /v1: what each path answers, of which battle, to whom.
 *
 * One table, tools/api/routes.def, has every path; one, tools/api/errors.def, every error. The
 * server (tools/web) owns sockets and threads of its own, judges keys, and calls:
 *
 *     ry_api_route(method, path, &match)                       any thread; NULL: match.error
 *     ry_api_handle(api, route, &request, &answer)             route->who is RY_API_NOW: cheap
 *     ry_api_submit(api, route, &request, done, context)       RY_API_WORKER: what needs the past,
 *                                                              RY_API_WRITER: what changes things
 *
 * A route of RY_API_STREAM (server-sent events, WebSocket) is the server's own for the battle in
 * focus; of any other battle ry_api_handle refuses it.
 *
 * Threads: the watcher calls ry_api_show; the server's thread routes, handles and submits; two
 * workers, the API's own, make the other answers and call `done`: one looks into the past, one
 * writes, which may take half a minute (`royale check`), so that nobody who reads waits for it.
 */
#ifndef RY_TOOLS_API_API_H
#define RY_TOOLS_API_API_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RY_API_QUEUE_MAX 64 /* requests that wait for a worker */
/* Battles of the library that are open; the least recently used goes. */
#define RY_API_PASTS_MAX 2
/* Of copies of machines, in all that are open together (tools/past): with half a GiB a jump in five
 * million inputs plays 131072 of them at most, which is below 100 ms. */
#define RY_API_COPIES_BYTES ((size_t)1 << 30)
/* That one request reads on of a battle that was not read so far; whoever asks is told `busy`, and
 * the worker goes on meanwhile. */
#define RY_API_READ_INPUTS UINT64_C(1048576)
#define RY_API_NAME_BYTES  256 /* of a part of a path, decoded, with its NUL */
#define RY_API_PARTS_MAX   4   /* variable parts of a path */
#define RY_API_ALLOW_BYTES 64
#define RY_API_JSON        "application/json; charset=utf-8"
#define RY_API_QUERY_MAX   16          /* parameters of a request */
#define RY_API_BODY_BYTES  (64u << 10) /* of a request whose route does not say more */
#define RY_API_AGENT_BYTES                                                                         \
    (17u << 20)         /* and of an agent's library: what is more than it may have is said */
#define RY_API_BUSY_S 1 /* Retry-After of an answer `busy` */

enum ry_api_scope { RY_API_FREE, RY_API_READ, RY_API_OPERATE, RY_API_ADMIN };
enum ry_api_who { RY_API_NOW, RY_API_WORKER, RY_API_WRITER, RY_API_STREAM };

/* Every error of tools/api/errors.def: RY_API_E_not_found and so on. */
enum ry_api_error {
    RY_API_E_none,
#define RY_API_ERROR(code, status, sentence, remedy) RY_API_E_##code,
#include "tools/api/errors.def"
    RY_API_ERRORS,
};

struct ry_api_pair {
    const char *name, *value; /* value "" where the request has none */
};

/* What was asked; all of it the caller's, and standing until the answer is there. */
struct ry_api_request {
    const char *method; /* "GET" of a HEAD as well: who answers leaves the body out */
    const char *path;   /* decoded, from /v1 on */
    const struct ry_api_pair *query;
    unsigned queries;
    const void *body;
    size_t body_bytes;
    const char *content_type;    /* NULL: none */
    const char *idempotency_key; /* NULL: none */
    const char *actor;           /* whose key it is, for the audit: "" without one */
    bool gzip;                   /* the client takes it */
};

#define RY_API_HEADERS_MAX  4
#define RY_API_HEADER_BYTES 256

struct ry_api_header {
    const char *name; /* static */
    char value[RY_API_HEADER_BYTES];
};

struct ry_api_answer {
    unsigned status;
    const char *content_type; /* static */
    char *body;               /* of malloc, the caller's to free; NULL: empty */
    size_t bytes;
    bool gzipped; /* the body is: Content-Encoding: gzip */
    unsigned headers;
    struct ry_api_header header[RY_API_HEADERS_MAX]; /* Retry-After, Location, Link, ETag, .. */
};

struct ry_api;
struct ry_api_call;

enum ry_api_kind { RY_API_INTEGER, RY_API_WORD, RY_API_WORDS, RY_API_FLAG };

struct ry_api_param {
    const char *name;
    enum ry_api_kind kind;
    int64_t least, most;  /* of an integer */
    const char *fallback; /* what it is when it is not given; NULL: nothing */
    bool needed;
    const char *sentence;
};

struct ry_api_route {
    const char *method, *path; /* "/v1/battles/{battle}/state" */
    enum ry_api_scope scope;
    enum ry_api_who who;
    void (*handler)(struct ry_api_call *call);
    const struct ry_api_param *param;
    unsigned params;
    const char *schema;   /* of its answer: a name under #/components/schemas */
    const char *sentence; /* what it answers */
    size_t body_bytes;    /* of a request, at most; 0: it has none */
};

/* The variable parts of a path. */
struct ry_api_match {
    unsigned parts;
    struct {
        const char *name; /* "battle", not ended there: */
        size_t name_bytes;
        char value[RY_API_NAME_BYTES];
    } part[RY_API_PARTS_MAX];
    enum ry_api_error error;        /* without a route: not_found, method_not_allowed */
    char allow[RY_API_ALLOW_BYTES]; /* of method_not_allowed: "GET, HEAD" */
};

struct ry_api_options {
    const char *directory; /* of one battle, or of many */
    bool library;          /* of many */
    bool inside;           /* royale-web is a role of that battle: it does not go to its door */
    bool isolates;         /* royale-web was started as root: agents can have uids of their own */
    bool uploads;          /* --allow-upload */
    void *writes;          /* of the handlers that change something */
    uint64_t read_inputs;  /* 0: RY_API_READ_INPUTS */
};

/* Starts the workers. NULL: no memory, no thread. Options stand until ry_api_close. */
struct ry_api *ry_api_open(const struct ry_api_options *options);

/* Whoever waits is answered `busy` first. */
void ry_api_close(struct ry_api *api);

/* The watcher: the battle in focus is that of `directory`, and this is its picture of now
 * (tools/picture; taken over; NULL: it has none). */
void ry_api_show(struct ry_api *api, const char *directory, json_t *picture);

/* NULL: match->error says why. HEAD finds the routes of GET. */
const struct ry_api_route *ry_api_route(const char *method, const char *path,
                                        struct ry_api_match *match);

/* Every route, for who prints them. */
unsigned ry_api_routes(const struct ry_api_route **routes);

/* Answers at once: parameters that are wrong, and routes of RY_API_NOW. */
void ry_api_handle(struct ry_api *api, const struct ry_api_route *route,
                   const struct ry_api_match *match, const struct ry_api_request *request,
                   struct ry_api_answer *answer);

/* Hands the request to its worker, which calls done(context) when *answer is there; route, match,
 * request and answer stand until then. False: the queue is full; *answer says so. */
bool ry_api_submit(struct ry_api *api, const struct ry_api_route *route,
                   const struct ry_api_match *match, const struct ry_api_request *request,
                   struct ry_api_answer *answer, void (*done)(void *context), void *context);

/* The answer of an error, for the server's own: {"code", "message", "details": {.., "remedy"}}.
 * `message` NULL: the table's sentence. `details` is taken over; NULL: none. */
void ry_api_refuse(struct ry_api_answer *answer, enum ry_api_error error, json_t *details,
                   const char *message, ...) __attribute__((format(printf, 4, 5)));

/* The HTTP status and the word of an error. */
unsigned ry_api_error_status(enum ry_api_error error);
const char *ry_api_error_code(enum ry_api_error error);

#endif
