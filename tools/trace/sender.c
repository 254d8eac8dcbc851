#include "tools/trace/sender.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shm/printable.h"

#define MS_NS INT64_C(1000000)

int ry_trace_sender_open(struct ry_trace_sender *sender)
{
    sender->http = ry_http_open();
    sender->queue = calloc(RY_TRACE_QUEUE, sizeof *sender->queue);
    if (sender->http != NULL && sender->queue != NULL)
        return 0;
    ry_trace_sender_close(sender);
    return -1;
}

void ry_trace_sender_add(struct ry_trace_sender *sender, const struct ry_trace_item *item,
                         int64_t now_ns)
{
    if (sender->end - sender->begin == RY_TRACE_QUEUE) {
        sender->counts.dropped++;
        return;
    }
    if (sender->end - sender->begin == sender->in_flight)
        sender->added_ns = now_ns;
    sender->queue[sender->end++ % RY_TRACE_QUEUE] = *item;
}

/* ---- lines for people ------------------------------------------------------------------------ */

__attribute__((format(printf, 2, 3))) static void say(struct ry_trace_sender *sender,
                                                      const char *format, ...)
{
    char line[RY_TRACE_SENDER_LINE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    ry_make_printable(line, strlen(line), '?');
    sender->say(sender->context, line);
}

/* What the collector answered, in a few words. */
static void words_of(const struct ry_http_answer *answer, char text[RY_HTTP_WHY_BYTES])
{
    if (answer->status == 0)
        snprintf(text, RY_HTTP_WHY_BYTES, "%s", answer->why);
    else
        snprintf(text, RY_HTTP_WHY_BYTES, "status %u%s%.160s", answer->status,
                 answer->bytes > 0 ? ": " : "", answer->body);
}

/* ---- answers --------------------------------------------------------------------------------- */

/* Spans that a collector says it has not taken of a batch that it has: partialSuccess. */
static uint64_t rejected(const struct ry_http_answer *answer, unsigned batch)
{
    uint64_t spans = 0;
    json_t *object = json_loadb(answer->body, answer->bytes, 0, NULL);
    const json_t *value =
        json_object_get(json_object_get(object, "partialSuccess"), "rejectedSpans");
    if (json_is_string(value))
        spans = strtoull(json_string_value(value), NULL, 10);
    else if (json_is_integer(value) && json_integer_value(value) > 0)
        spans = (uint64_t)json_integer_value(value);
    json_decref(object);
    return spans < batch ? spans : batch;
}

static void refuse(struct ry_trace_sender *sender, uint64_t spans,
                   const struct ry_http_answer *answer)
{
    char words[RY_HTTP_WHY_BYTES];
    sender->counts.refused += spans;
    if (spans == 0 || sender->refused_said)
        return;
    sender->refused_said = true;
    words_of(answer, words);
    say(sender,
        "%s refuses spans (%s): they are counted; is it an OTLP/HTTP collector's "
        "/v1/traces?",
        sender->url, words);
}

static void came_back(struct ry_trace_sender *sender)
{
    if (sender->pause_ms == 0)
        return;
    sender->pause_ms = 0;
    say(sender, "%s is back; %" PRIu64 " spans had no room meanwhile", sender->url,
        sender->counts.dropped - sender->dropped_away);
}

/* The batch is done with, one way or the other. */
static void batch_over(struct ry_trace_sender *sender, int64_t now_ns)
{
    sender->begin += sender->in_flight;
    sender->in_flight = 0;
    sender->added_ns = now_ns;
}

static void is_away(struct ry_trace_sender *sender, const struct ry_http_answer *answer,
                    int64_t now_ns)
{
    char words[RY_HTTP_WHY_BYTES];
    sender->counts.failed++;
    sender->in_flight = 0; /* it stays at the queue's head */
    if (sender->pause_ms == 0) {
        sender->dropped_away = sender->counts.dropped;
        words_of(answer, words);
        say(sender,
            "%s is away (%s): tried again and again; spans that find no room are dropped "
            "and counted",
            sender->url, words);
    }
    const unsigned longer = sender->pause_ms == 0 ? RY_TRACE_PAUSE_MS : 2 * sender->pause_ms;
    sender->pause_ms = longer < RY_TRACE_PAUSE_MS_MAX ? longer : RY_TRACE_PAUSE_MS_MAX;
    sender->try_ns = now_ns + sender->pause_ms * MS_NS;
}

static bool means_later(unsigned status)
{
    return status == 0 || status == 429 || status == 502 || status == 503 || status == 504;
}

static void take_answer(struct ry_trace_sender *sender, const struct ry_http_answer *answer,
                        int64_t now_ns)
{
    const unsigned batch = sender->in_flight;
    if (means_later(answer->status)) {
        is_away(sender, answer, now_ns);
        return;
    }
    came_back(sender);
    if (answer->status / 100 == 2) {
        const uint64_t not_taken = rejected(answer, batch);
        sender->counts.sent += batch - not_taken;
        refuse(sender, not_taken, answer);
    } else {
        refuse(sender, batch, answer);
    }
    batch_over(sender, now_ns);
}

/* ---- requests -------------------------------------------------------------------------------- */

static unsigned next_batch(const struct ry_trace_sender *sender)
{
    const uint64_t waiting = sender->end - sender->begin;
    return waiting < RY_TRACE_BATCH ? (unsigned)waiting : RY_TRACE_BATCH;
}

static bool is_due(const struct ry_trace_sender *sender, int64_t now_ns, bool flush)
{
    const unsigned batch = next_batch(sender);
    if (batch == 0 || (sender->pause_ms > 0 && now_ns < sender->try_ns))
        return false;
    return flush || batch == RY_TRACE_BATCH || sender->pause_ms > 0 ||
           now_ns - sender->added_ns >= RY_TRACE_FLUSH_MS * MS_NS;
}

static void post(struct ry_trace_sender *sender, int64_t now_ns)
{
    struct ry_trace_item item[RY_TRACE_BATCH];
    struct ry_http_answer answer;
    const unsigned count = next_batch(sender);
    for (unsigned i = 0; i < count; i++)
        item[i] = sender->queue[(sender->begin + i) % RY_TRACE_QUEUE];
    json_t *json = ry_trace_otlp(sender->scene, item, count);
    char *body = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    assert(body != NULL); /* no memory */
    struct ry_http_request request = {
        .url = sender->url,
        .header = {"Content-Type: application/json"},
        .body = body,
        .bytes = strlen(body),
        .limits = {.connect_ms = RY_TRACE_CONNECT_MS,
                   .whole_ms = RY_TRACE_POST_MS,
                   .answer_bytes = RY_TRACE_ANSWER_BYTES},
    };
    for (unsigned i = 0; i < RY_TRACE_HEADERS_MAX && sender->header[i] != NULL; i++)
        request.header[i + 1] = sender->header[i];
    sender->counts.requests++;
    sender->in_flight = count;
    if (ry_http_begin(sender->http, &request, &answer) != 0)
        is_away(sender, &answer, now_ns);
    free(body);
}

void ry_trace_sender_step(struct ry_trace_sender *sender, int64_t now_ns, bool flush,
                          unsigned wait_ms)
{
    struct ry_http_answer answer;
    if (sender->in_flight == 0 && is_due(sender, now_ns, flush))
        post(sender, now_ns);
    if (sender->in_flight > 0 && ry_http_look(sender->http, wait_ms, &answer))
        take_answer(sender, &answer, now_ns);
}

void ry_trace_sender_close(struct ry_trace_sender *sender)
{
    sender->counts.dropped += sender->end - sender->begin;
    sender->begin = sender->end;
    ry_http_close(sender->http);
    free(sender->queue);
    sender->http = NULL;
    sender->queue = NULL;
}
