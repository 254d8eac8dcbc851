#include "tests/support/liar_rig.h"

#include <arpa/inet.h>
#include <assert.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUEST_BYTES (1u << 20)
#define BODY_BYTES    65536
#define SLOW_MS       20

/* ---- HTTP ------------------------------------------------------------------------------------ */

static void send_all(int socket, const char *text, size_t bytes)
{
    while (bytes > 0) {
        ssize_t sent = send(socket, text, bytes, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        bytes -= (size_t)sent;
    }
}

static void send_text(int socket, const char *text)
{
    send_all(socket, text, strlen(text));
}

static void send_body(int socket, const char *status, const char *body)
{
    char head[256];
    snprintf(head, sizeof head,
             "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
             "Connection: close\r\n\r\n",
             status, strlen(body));
    send_text(socket, head);
    send_text(socket, body);
}

/* The request's body, to be freed; NULL: the other side went. */
static char *receive(int socket)
{
    char *request = calloc(1, REQUEST_BYTES);
    size_t bytes = 0, wanted = REQUEST_BYTES - 1;
    assert(request != NULL);
    while (bytes < wanted) {
        ssize_t got = recv(socket, request + bytes, wanted - bytes, 0);
        if (got <= 0)
            break;
        bytes += (size_t)got;
        const char *end = strstr(request, "\r\n\r\n");
        const char *length = end != NULL ? strcasestr(request, "content-length:") : NULL;
        if (length != NULL)
            wanted = (size_t)(end + 4 - request) + strtoul(length + 15, NULL, 10);
    }
    char *body = strstr(request, "\r\n\r\n");
    body = body != NULL ? strdup(body + 4) : NULL;
    free(request);
    return body;
}

/* ---- what an honest server would say --------------------------------------------------------- */

/* The first alternative of a rule of GBNF, `rule` as in "t0 ::= ": a text in quotes. */
static bool first_of(const char *gbnf, const char *rule, char out[BODY_BYTES])
{
    const char *at = strstr(gbnf, rule);
    size_t bytes = 0;
    if (at == NULL)
        return false;
    for (at = strchr(at, '"') + 1; *at != '"' && bytes + 1 < BODY_BYTES; at++) {
        at += *at == '\\';
        out[bytes++] = *at;
    }
    out[bytes] = '\0';
    return true;
}

static void answer_text(int socket, const char *text, const char *finish)
{
    json_t *answer = json_pack("{s[{s{ss ss} ss}]}", "choices", "message", "role", "assistant",
                               "content", text, "finish_reason", finish);
    char *body = json_dumps(answer, 0);
    assert(body != NULL);
    send_body(socket, "200 OK", body);
    free(body);
    json_decref(answer);
}

static void answer_grammar(int socket, const char *gbnf, bool whole)
{
    static char opening[BODY_BYTES], detail[BODY_BYTES], text[3 * BODY_BYTES];
    if (!first_of(gbnf, "\nt0 ::= ", opening) || !first_of(gbnf, "\nt1 ::= ", detail))
        return;
    snprintf(text, sizeof text, "%s; %s%s", opening, detail, whole ? "." : "");
    answer_text(socket, text, whole ? "stop" : "length");
}

static void answer_schema(int socket, const json_t *request)
{
    json_t *opening, *details;
    json_t *copy = json_deep_copy(request);
    if (json_unpack(copy, "{s{s{s{s{s{so} s{s{so}}}}}}}", "response_format", "json_schema",
                    "schema", "properties", "opening", "enum", &opening, "details", "items", "enum",
                    &details) == 0) {
        json_t *document = json_pack("{sO s[O]}", "opening", json_array_get(opening, 0), "details",
                                     json_array_get(details, 0));
        char *text = json_dumps(document, JSON_INDENT(1));
        assert(text != NULL);
        answer_text(socket, text, "stop");
        free(text);
        json_decref(document);
    } else {
        answer_text(socket, "There is no schema.", "stop");
    }
    json_decref(copy);
}

/* ---- what this one says ---------------------------------------------------------------------- */

/* Until the other side has gone. */
static void trickle(int socket, const char *bytes, size_t count, int pause_ms)
{
    struct pollfd gone = {.fd = socket, .events = POLLIN};
    while (poll(&gone, 1, pause_ms) == 0)
        if (count > 0 && send(socket, bytes, count, MSG_NOSIGNAL) < 0)
            return;
}

static void answer_by_grammar(int socket, enum explain_liar_way way, const json_t *request)
{
    const char *gbnf = json_string_value(json_object_get(request, "grammar"));
    if (gbnf != NULL && way == EXPLAIN_LIAR_REFUSES)
        send_body(socket, "400 Bad Request", "{\"error\":\"what is grammar?\"}");
    else if (gbnf != NULL && way != EXPLAIN_LIAR_SCHEMA)
        answer_grammar(socket, gbnf, way != EXPLAIN_LIAR_CUT);
    else if (gbnf == NULL && way != EXPLAIN_LIAR_GRAMMAR && way != EXPLAIN_LIAR_CUT)
        answer_schema(socket, request);
    else
        answer_text(socket, "As a language model I know better.", "stop");
}

static void answer_one(int socket, const struct explain_liar_answer *answer, const json_t *request)
{
    static const char zeros[4096];
    char status[1024];
    switch (answer->way) {
    case EXPLAIN_LIAR_GRAMMAR:
    case EXPLAIN_LIAR_SCHEMA:
    case EXPLAIN_LIAR_EITHER:
    case EXPLAIN_LIAR_REFUSES:
    case EXPLAIN_LIAR_CUT: answer_by_grammar(socket, answer->way, request); break;
    case EXPLAIN_LIAR_SAYS: answer_text(socket, answer->text, "stop"); break;
    case EXPLAIN_LIAR_BODY: send_body(socket, "200 OK", answer->text); break;
    case EXPLAIN_LIAR_STATUS:
        snprintf(status, sizeof status, "%s", answer->text);
        send_body(socket, status, "{}");
        break;
    case EXPLAIN_LIAR_RAW: send_text(socket, answer->text); break;
    case EXPLAIN_LIAR_SLOW:
        send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{");
        trickle(socket, " ", 1, SLOW_MS);
        break;
    case EXPLAIN_LIAR_SILENT: trickle(socket, NULL, 0, SLOW_MS); break;
    case EXPLAIN_LIAR_HUGE:
        send_text(socket, "HTTP/1.1 200 OK\r\n\r\n{\"choices\":[\"");
        trickle(socket, zeros, sizeof zeros, 0);
        break;
    case EXPLAIN_LIAR_SHORT:
        send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"choices\":[");
        break;
    }
}

static int listen_somewhere(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(listener >= 0 && bind(listener, (struct sockaddr *)&address, length) == 0 &&
           listen(listener, 16) == 0 &&
           getsockname(listener, (struct sockaddr *)&address, &length) == 0);
    *port = ntohs(address.sin_port);
    return listener;
}

static _Noreturn void serve(int listener, const struct explain_liar_answer *answer, unsigned count)
{
    for (unsigned i = 0;; i += i + 1 < count) {
        int socket = accept(listener, NULL, NULL);
        char *body = socket >= 0 ? receive(socket) : NULL;
        json_t *request = body != NULL ? json_loads(body, 0, NULL) : NULL;
        if (socket >= 0)
            answer_one(socket, &answer[i], request);
        json_decref(request);
        free(body);
        close(socket);
    }
}

struct explain_liar explain_liar_start(const struct explain_liar_answer *answer, unsigned count)
{
    struct explain_liar liar;
    int listener = listen_somewhere(&liar.port);
    liar.process = fork();
    assert(liar.process >= 0);
    if (liar.process == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(listener, answer, count);
    }
    close(listener);
    return liar;
}

void explain_liar_end(const struct explain_liar *liar)
{
    kill(liar->process, SIGKILL);
    (void)waitpid(liar->process, NULL, 0);
}

int explain_liar_serve(const struct explain_liar_answer *answer, unsigned count)
{
    uint16_t port;
    int listener = listen_somewhere(&port);
    printf("%u\n", (unsigned)port);
    fflush(stdout);
    serve(listener, answer, count);
}
