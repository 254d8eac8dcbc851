/*
 * Asks a language model for a sentence about a record, one request at a time.
 *
 * Any server with the API of OpenAI's chat completions. Whatever it answers, it has until its
 * deadline, and no sentence comes from here that is not one of the record's grammar. A server that
 * fails several times in a row is not asked again.
 */
#ifndef RY_TOOLS_EXPLAIN_CLIENT_H
#define RY_TOOLS_EXPLAIN_CLIENT_H

#include "tools/explain/exchange.h"

#define RY_EXPLAIN_URL_BYTES    2048
#define RY_EXPLAIN_KEY_BYTES    4096
#define RY_EXPLAIN_WHY_BYTES    512
#define RY_EXPLAIN_FAILURES_MAX 5 /* timeouts and broken connections in a row */
#define RY_EXPLAIN_PROBES_MAX   3 /* AUTO: records asked both ways, before one is kept to */
#define RY_EXPLAIN_ANSWER_BYTES (1u << 20)

struct ry_explain_settings {
    const char *url;   /* of the server, with or without /v1 or /v1/chat/completions */
    const char *model; /* NULL: not said */
    const char *key;   /* NULL: none */
    enum ry_explain_dialect dialect;
    uint32_t timeout_ms; /* of a record */
    bool (*stopped)(void);
};

struct ry_explain_client {
    struct ry_explain_settings settings;
    char url[RY_EXPLAIN_URL_BYTES];
    char authorization[RY_EXPLAIN_KEY_BYTES + 32]; /* "": none */
    struct ry_http *http;
    enum ry_explain_dialect dialect; /* that is kept to; AUTO: not known yet */
    bool obeys;                      /* it has kept to the grammar */
    unsigned probes, failures;
    char why[RY_EXPLAIN_WHY_BYTES]; /* of the last answer that was none; printable, no secret */
    struct ry_explain_grammar grammar;
};

/* 0, or -1 with client->why: no such URL, or no memory. */
int ry_explain_client_open(struct ry_explain_client *client,
                           const struct ry_explain_settings *settings);
void ry_explain_client_close(struct ry_explain_client *client);

/* RY_EXPLAIN_MODEL with a sentence, or why there is none. Not later than `deadline_ns` (of
 * ry_clock_ns), by and large, and not after settings.stopped. */
enum ry_explain_outcome ry_explain_ask(struct ry_explain_client *client,
                                       const struct ry_explain_record *record, int64_t deadline_ns,
                                       char sentence[RY_EXPLAIN_SENTENCE_BYTES]);

#endif
