#include "tools/explain/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shm/base.h"
#include "shm/clock.h"
#include "shm/printable.h"
#include "tools/http/http.h"

#define LOOK_MS   50 /* so often a signal and the deadline are looked for */
#define NS_PER_MS INT64_C(1000000)
/* The HTTP client's own limits lie behind the deadline, which decides. */
#define BEHIND_MS 10000
#define VERSION   "/v1"
#define ENDPOINT  "/chat/completions"

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), bytes = strlen(end);
    return length >= bytes && strcmp(text + length - bytes, end) == 0;
}

/* "http://127.0.0.1:8080", with "/v1" or "/v1/chat/completions" or nothing behind it. */
static bool set_url(struct ry_explain_client *client, const char *url)
{
    const char *host = strstr(url, "://"), *rest = NULL;
    if (strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0)
        rest = host + 3;
    if (rest == NULL || rest[0] == '\0' || rest[0] == '/') {
        snprintf(client->why, sizeof client->why,
                 "it has to begin with http:// or https:// and a host");
        return false;
    }
    if (memchr(rest, '@', strcspn(rest, "/?#")) != NULL) {
        snprintf(client->why, sizeof client->why,
                 "it has a user or a password in it, which others can see: put the key into a "
                 "file, for --key-file");
        return false;
    }
    size_t length = strlen(url);
    while (url[length - 1] == '/')
        length--;
    int written = snprintf(client->url, sizeof client->url, "%.*s", (int)length, url);
    const char *add = ends_in(client->url, ENDPOINT)  ? ""
                      : ends_in(client->url, VERSION) ? ENDPOINT
                                                      : VERSION ENDPOINT;
    if (written < 0 || (size_t)written + strlen(add) >= sizeof client->url) {
        snprintf(client->why, sizeof client->why, "it is too long");
        return false;
    }
    strcat(client->url, add);
    return true;
}

int ry_explain_client_open(struct ry_explain_client *client,
                           const struct ry_explain_settings *settings)
{
    *client = (struct ry_explain_client){.settings = *settings, .dialect = settings->dialect};
    if (!set_url(client, settings->url))
        return -1;
    if (settings->key != NULL)
        snprintf(client->authorization, sizeof client->authorization, "Authorization: Bearer %s",
                 settings->key);
    client->http = ry_http_open();
    if (client->http == NULL)
        snprintf(client->why, sizeof client->why, "no memory");
    return client->http != NULL ? 0 : -1;
}

void ry_explain_client_close(struct ry_explain_client *client)
{
    ry_http_close(client->http);
    client->http = NULL;
    explicit_bzero(client->authorization, sizeof client->authorization);
}

/* ---- one request ----------------------------------------------------------------------------- */

/* A request that is not waited for any more leaves its handle in the middle. */
static enum ry_explain_outcome give_up(struct ry_explain_client *client,
                                       enum ry_explain_outcome outcome)
{
    ry_http_close(client->http);
    client->http = ry_http_open();
    if (outcome == RY_EXPLAIN_TIMEOUT)
        snprintf(client->why, sizeof client->why, "no answer within the time; --timeout sets it");
    return outcome;
}

static enum ry_explain_outcome failed(struct ry_explain_client *client, const char *why)
{
    (void)ry_printable(client->why, why, sizeof client->why);
    return RY_EXPLAIN_UNREACHABLE;
}

static enum ry_explain_outcome wait_for(struct ry_explain_client *client, int64_t deadline_ns,
                                        struct ry_http_answer *answer)
{
    while (!ry_http_look(client->http, LOOK_MS, answer)) {
        if (client->settings.stopped != NULL && client->settings.stopped())
            return give_up(client, RY_EXPLAIN_STOPPED);
        if (ry_clock_ns() >= deadline_ns)
            return give_up(client, RY_EXPLAIN_TIMEOUT);
    }
    if (answer->status == 0)
        return failed(client, answer->why);
    if (answer->status == 200)
        return RY_EXPLAIN_MODEL;
    snprintf(client->why, sizeof client->why, "HTTP status %u%s", answer->status,
             answer->status == 401 || answer->status == 403   ? ": the key (--key-file)"
             : answer->status == 404                          ? ": the URL or the model's name"
             : answer->status >= 300 && answer->status <= 399 ? ": redirects are not followed"
                                                              : "");
    return RY_EXPLAIN_HTTP;
}

static enum ry_explain_outcome ask_in(struct ry_explain_client *client,
                                      enum ry_explain_dialect dialect,
                                      const struct ry_explain_record *record, int64_t deadline_ns,
                                      char sentence[RY_EXPLAIN_SENTENCE_BYTES])
{
    int64_t left_ms = (deadline_ns - ry_clock_ns()) / NS_PER_MS;
    if (left_ms <= 0)
        return RY_EXPLAIN_TIMEOUT;
    if (client->http == NULL)
        return failed(client, "no memory");
    char *body = ry_explain_request(record, &client->grammar, dialect, client->settings.model);
    if (body == NULL)
        return failed(client, "no memory");
    struct ry_http_request request = {
        .url = client->url,
        .header = {"Content-Type: application/json",
                   client->authorization[0] != '\0' ? client->authorization : NULL},
        .body = body,
        .bytes = strlen(body),
        .limits = {.connect_ms = (uint32_t)left_ms + BEHIND_MS,
                   .whole_ms = (uint32_t)left_ms + BEHIND_MS,
                   .answer_bytes = RY_EXPLAIN_ANSWER_BYTES},
    };
    struct ry_http_answer answer;
    bool begun = ry_http_begin(client->http, &request, &answer) == 0;
    free(body);
    if (!begun)
        return failed(client, answer.why);
    enum ry_explain_outcome outcome = wait_for(client, deadline_ns, &answer);
    if (outcome == RY_EXPLAIN_MODEL)
        outcome = ry_explain_judge(sentence, &client->grammar, dialect, answer.body, answer.bytes);
    return outcome;
}

/* ---- which way to tell the grammar ----------------------------------------------------------- */

static void settle(struct ry_explain_client *client, enum ry_explain_dialect dialect)
{
    client->dialect = dialect;
    client->obeys = true;
}

/* First as llama.cpp has it; where that is refused or ignored, as a schema. */
static enum ry_explain_outcome find_out(struct ry_explain_client *client,
                                        const struct ry_explain_record *record, int64_t deadline_ns,
                                        char sentence[RY_EXPLAIN_SENTENCE_BYTES])
{
    enum ry_explain_outcome outcome =
        ask_in(client, RY_EXPLAIN_GBNF, record, deadline_ns, sentence);
    if (outcome == RY_EXPLAIN_MODEL)
        settle(client, RY_EXPLAIN_GBNF);
    if (outcome != RY_EXPLAIN_HTTP && outcome != RY_EXPLAIN_GRAMMAR &&
        outcome != RY_EXPLAIN_TRUNCATED && outcome != RY_EXPLAIN_NO_ANSWER)
        return outcome;
    outcome = ask_in(client, RY_EXPLAIN_SCHEMA, record, deadline_ns, sentence);
    if (outcome == RY_EXPLAIN_MODEL)
        settle(client, RY_EXPLAIN_SCHEMA);
    else if (++client->probes == RY_EXPLAIN_PROBES_MAX)
        client->dialect = RY_EXPLAIN_SCHEMA;
    return outcome;
}

enum ry_explain_outcome ry_explain_ask(struct ry_explain_client *client,
                                       const struct ry_explain_record *record, int64_t deadline_ns,
                                       char sentence[RY_EXPLAIN_SENTENCE_BYTES])
{
    int64_t own_ns = ry_clock_ns() + client->settings.timeout_ms * NS_PER_MS;
    if (client->failures >= RY_EXPLAIN_FAILURES_MAX)
        return RY_EXPLAIN_GIVEN_UP;
    if (!ry_explain_grammar(&client->grammar, record))
        return RY_EXPLAIN_UNSAYABLE;
    if (own_ns < deadline_ns)
        deadline_ns = own_ns;
    enum ry_explain_outcome outcome =
        client->dialect == RY_EXPLAIN_AUTO
            ? find_out(client, record, deadline_ns, sentence)
            : ask_in(client, client->dialect, record, deadline_ns, sentence);
    client->obeys |= outcome == RY_EXPLAIN_MODEL;
    if (outcome == RY_EXPLAIN_TIMEOUT || outcome == RY_EXPLAIN_UNREACHABLE)
        client->failures++;
    else if (outcome != RY_EXPLAIN_STOPPED)
        client->failures = 0;
    return outcome;
}
