#include "tools/kafka/producer.h"

#include <string.h>

#include "shm/clock.h"
#include "tools/kafka/message.h"

/* Of a wait for the last deliveries. Where only failures are reported, nothing wakes flush: it
 * looks when its time is over, or each 10 ms. */
#define FLUSH_MS      1
#define POLITE_MS     1000 /* to end a transaction on the way out */
#define DESTROY_MS    10000
#define QUEUE_FULL_MS 5

/* ---- the client ------------------------------------------------------------------------------ */

/* Only of messages that failed; from rd_kafka_poll, flush and commit, so in the sender's thread. */
static void on_undelivered(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    struct ry_kafka_producer *p = message->_private;
    (void)client;
    (void)opaque;
    bool purged = message->err == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
                  message->err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
    if (p->undelivered != RD_KAFKA_RESP_ERR_NO_ERROR || purged)
        return;
    p->undelivered = message->err;
    snprintf(p->undelivered_topic, sizeof p->undelivered_topic, "%s",
             rd_kafka_topic_name(message->rkt));
}

int ry_kafka_producer_open(struct ry_kafka_producer *p, struct ry_kafka_calls *calls,
                           const char *id, char error[RY_KAFKA_ERROR_BYTES])
{
    const struct ry_kafka_settings *settings = calls->settings;
    p->calls = calls;
    p->id = id;
    rd_kafka_conf_t *conf = ry_kafka_conf(settings, RY_KAFKA_PRODUCER, id, &calls->ear, error);
    if (conf == NULL)
        return -1;
    /* Deliveries need no word each: a transaction is there as a whole or not at all. */
    rd_kafka_conf_set(conf, "delivery.report.only.error", "true", NULL, 0);
    rd_kafka_conf_set_dr_msg_cb(conf, on_undelivered);
    p->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, RY_KAFKA_ERROR_BYTES);
    if (p->client == NULL) {
        ry_kafka_settings_scrub(settings, error);
        rd_kafka_conf_destroy(conf);
        return -1;
    }
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++)
        if (settings->topic[i].rows != 0)
            p->topic[i] = rd_kafka_topic_new(p->client, settings->topic[i].name, NULL);
    p->cursors = rd_kafka_topic_new(p->client, settings->cursors, NULL);
    p->begun = false;
    return 0;
}

/* ---- what an error asks for ------------------------------------------------------------------ */

static bool is_fenced(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
           code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

/* Says what failed, with a remedy where somebody can do something about it. */
static void complain(struct ry_kafka_producer *p, const char *call, rd_kafka_resp_err_t code,
                     const char *text)
{
    const struct ry_kafka_settings *settings = p->calls->settings;
    char reason[RY_KAFKA_REASON_BYTES + sizeof RY_KAFKA_SAYS];
    ry_kafka_calls_reason(p->calls, reason);
    if (code == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED ||
        code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)
        ry_kafka_calls_complain(p->calls,
                                "kafka: %s: %s; allow this user Write and Describe on "
                                "transactional id %s",
                                call, text, p->id);
    else if (code == RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT)
        ry_kafka_calls_complain(p->calls,
                                "kafka: %s: %s; royale.transaction_ms is %u, at most the brokers' "
                                "transaction.max.timeout.ms is allowed",
                                call, text, settings->transaction_ms);
    else if (!ry_kafka_calls_away(p->calls))
        ry_kafka_calls_complain(p->calls, "kafka: %s: %s%s; it is tried again", call, text, reason);
}

/* The client's fatal error; NO_ERROR: it has none. */
static rd_kafka_resp_err_t fatal(const struct ry_kafka_producer *p, char *text, size_t bytes)
{
    return rd_kafka_fatal_error(p->client, text, bytes);
}

/* Of a call that failed with `text`, unless a fatal error was behind it; it may be aborted if
 * `abortable`. */
static enum ry_kafka_outcome blame(struct ry_kafka_producer *p, const char *call,
                                   rd_kafka_resp_err_t code, char text[RY_KAFKA_ERROR_BYTES],
                                   bool abortable)
{
    rd_kafka_poll(p->client, 0); /* what was not delivered says more */
    rd_kafka_resp_err_t dead = fatal(p, text, RY_KAFKA_ERROR_BYTES);
    if (dead != RD_KAFKA_RESP_ERR_NO_ERROR)
        code = dead;
    /* Whom a successor has fenced has nothing to complain of: the cursor says by whom. */
    if (is_fenced(code))
        return RY_KAFKA_FENCED;
    if (p->undelivered == RD_KAFKA_RESP_ERR_NO_ERROR)
        complain(p, call, code, text);
    return abortable && dead == RD_KAFKA_RESP_ERR_NO_ERROR ? RY_KAFKA_REFUSED : RY_KAFKA_ANEW;
}

/* After a transactional call; takes `error`. */
static enum ry_kafka_outcome judge(struct ry_kafka_producer *p, const char *call,
                                   rd_kafka_error_t *error)
{
    char text[RY_KAFKA_ERROR_BYTES];
    if (error == NULL) {
        ry_kafka_calls_well(p->calls);
        return RY_KAFKA_DONE;
    }
    rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    bool abortable = rd_kafka_error_txn_requires_abort(error) != 0;
    snprintf(text, sizeof text, "%s", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return blame(p, call, code, text, abortable);
}

/* Why messages were not delivered. */
static void complain_undelivered(struct ry_kafka_producer *p)
{
    const char *topic = p->undelivered_topic, *file = p->calls->settings->file;
    const char *what = rd_kafka_err2str(p->undelivered);
    switch ((int)p->undelivered) {
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        ry_kafka_calls_complain(p->calls,
                                "kafka: topic %s is not there; `royale kafka init%s%s` makes it",
                                topic, *file != '\0' ? " --config " : "", file);
        break;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        ry_kafka_calls_complain(
            p->calls, "kafka: topic %s: %s; allow this user Write and Describe on it", topic, what);
        break;
    default:
        ry_kafka_calls_complain(p->calls, "kafka: topic %s: %s; it is tried again", topic, what);
        break;
    }
}

/* ---- a transaction --------------------------------------------------------------------------- */

enum ry_kafka_outcome ry_kafka_producer_init(struct ry_kafka_producer *p)
{
    const struct ry_kafka_settings *settings = p->calls->settings;
    /* The library waits no longer than twice the transaction's time. */
    uint32_t ms = settings->call_ms < 2 * settings->transaction_ms ? settings->call_ms
                                                                   : 2 * settings->transaction_ms;
    ry_kafka_calls_enter(p->calls, "init_transactions", ms);
    rd_kafka_error_t *error = rd_kafka_init_transactions(p->client, (int)ms);
    ry_kafka_calls_leave(p->calls);
    return judge(p, "init_transactions", error);
}

static enum ry_kafka_outcome begin(struct ry_kafka_producer *p)
{
    char text[RY_KAFKA_ERROR_BYTES];
    p->undelivered = RD_KAFKA_RESP_ERR_NO_ERROR;
    /* begin_transaction has no limit, and with a fatal error on its way it may never return: the
     * one that is known already is no reason to try. */
    rd_kafka_resp_err_t dead = fatal(p, text, sizeof text);
    if (dead != RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (!is_fenced(dead))
            complain(p, "begin_transaction", dead, text);
        return is_fenced(dead) ? RY_KAFKA_FENCED : RY_KAFKA_ANEW;
    }
    ry_kafka_calls_enter(p->calls, "begin_transaction", 0);
    rd_kafka_error_t *error = rd_kafka_begin_transaction(p->client);
    ry_kafka_calls_leave(p->calls);
    enum ry_kafka_outcome outcome = judge(p, "begin_transaction", error);
    p->begun = outcome == RY_KAFKA_DONE;
    return outcome;
}

/* Time that a wait has: call_ms from its last progress, and the transaction's in all. */
struct patience {
    int64_t begun_ns, moved_ns;
    int left; /* messages that were not delivered when it moved last */
};

static bool patient(const struct ry_kafka_producer *p, struct patience *patience)
{
    const struct ry_kafka_settings *settings = p->calls->settings;
    int64_t now = ry_clock_ns();
    int left = rd_kafka_outq_len(p->client);
    if (left != patience->left) {
        patience->left = left;
        patience->moved_ns = now;
    }
    return now - patience->moved_ns < settings->call_ms * INT64_C(1000000) &&
           now - patience->begun_ns < settings->transaction_ms * INT64_C(1000000) &&
           !ry_kafka_calls_stopped(p->calls);
}

static enum ry_kafka_outcome late(struct ry_kafka_producer *p, const struct patience *patience)
{
    char reason[RY_KAFKA_REASON_BYTES + sizeof RY_KAFKA_SAYS];
    ry_kafka_calls_reason(p->calls, reason);
    if (!ry_kafka_calls_away(p->calls))
        ry_kafka_calls_complain(p->calls,
                                "kafka: the brokers do not take messages (%d wait)%s; the client "
                                "is made anew",
                                patience->left, reason);
    return RY_KAFKA_ANEW;
}

/* One message; waits while the library's queue is full. Takes `headers` if it is sent. */
static enum ry_kafka_outcome send_one(struct ry_kafka_producer *p, struct patience *patience,
                                      rd_kafka_vu_t *what, size_t whats)
{
    for (;;) {
        char text[RY_KAFKA_ERROR_BYTES];
        rd_kafka_error_t *error = rd_kafka_produceva(p->client, what, whats);
        if (error == NULL)
            return RY_KAFKA_DONE;
        rd_kafka_resp_err_t code = rd_kafka_error_code(error);
        snprintf(text, sizeof text, "%s", rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) /* the transaction has failed already */
            return blame(p, "produce", code, text, true);
        ry_kafka_calls_enter(p->calls, "poll", QUEUE_FULL_MS);
        rd_kafka_poll(p->client, QUEUE_FULL_MS);
        ry_kafka_calls_leave(p->calls);
        if (!patient(p, patience))
            return late(p, patience);
    }
}

static rd_kafka_headers_t *headers_of(struct ry_kafka_producer *p,
                                      const struct ry_kafka_batch_message *m, uint64_t epoch)
{
    rd_kafka_headers_t **headers = &p->headers[m->topic][m->kind];
    if (*headers == NULL)
        *headers = ry_kafka_message_headers(p->calls->settings, (enum ry_kafka_topic)m->topic,
                                            (enum ry_results_row_kind)m->kind, epoch);
    return rd_kafka_headers_copy(*headers);
}

static enum ry_kafka_outcome send_rows(struct ry_kafka_producer *p, struct patience *patience,
                                       const struct ry_kafka_batch *batch, uint64_t epoch)
{
    for (size_t i = 0; i < batch->messages; i++) {
        const struct ry_kafka_batch_message *m = &batch->message[i];
        rd_kafka_headers_t *headers = headers_of(p, m, epoch);
        rd_kafka_vu_t what[] = {
            {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = p->topic[m->topic]},
            {.vtype = RD_KAFKA_VTYPE_KEY,
             .u.mem = {.ptr = batch->bytes + m->key_at, .size = m->key_bytes}},
            {.vtype = RD_KAFKA_VTYPE_VALUE,
             .u.mem = {.ptr = batch->bytes + m->value_at, .size = m->value_bytes}},
            {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
            {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = p},
            {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = 0}, /* no copy: the batch stays */
        };
        enum ry_kafka_outcome outcome = send_one(p, patience, what, sizeof what / sizeof *what);
        if (outcome != RY_KAFKA_DONE) {
            rd_kafka_headers_destroy(headers);
            return outcome;
        }
    }
    return RY_KAFKA_DONE;
}

static enum ry_kafka_outcome send_cursor(struct ry_kafka_producer *p, struct patience *patience,
                                         const struct ry_kafka_cursor *cursor)
{
    char key[sizeof p->calls->settings->id + RY_KAFKA_KEY_BYTES], value[RY_KAFKA_CURSOR_BYTES];
    int key_bytes = snprintf(key, sizeof key, "%s", p->id);
    rd_kafka_vu_t what[] = {
        {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = p->cursors},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {.ptr = key, .size = (size_t)key_bytes}},
        {.vtype = RD_KAFKA_VTYPE_VALUE,
         .u.mem = {.ptr = value, .size = ry_kafka_cursor_print(value, cursor)}},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = p},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
    };
    return send_one(p, patience, what, sizeof what / sizeof *what);
}

/* Until every message is delivered, or has failed. */
static enum ry_kafka_outcome drain(struct ry_kafka_producer *p, struct patience *patience)
{
    for (;;) {
        char text[RY_KAFKA_ERROR_BYTES];
        ry_kafka_calls_enter(p->calls, "flush", FLUSH_MS);
        rd_kafka_resp_err_t left = rd_kafka_flush(p->client, FLUSH_MS);
        ry_kafka_calls_leave(p->calls);
        if (left == RD_KAFKA_RESP_ERR_NO_ERROR)
            return RY_KAFKA_DONE;
        if (fatal(p, NULL, 0) != RD_KAFKA_RESP_ERR_NO_ERROR)
            return blame(p, "flush", left, text, false);
        if (!patient(p, patience))
            return late(p, patience);
    }
}

static enum ry_kafka_outcome commit(struct ry_kafka_producer *p)
{
    int ms = (int)p->calls->settings->call_ms;
    ry_kafka_calls_enter(p->calls, "commit_transaction", ms);
    rd_kafka_error_t *error = rd_kafka_commit_transaction(p->client, ms);
    ry_kafka_calls_leave(p->calls);
    enum ry_kafka_outcome outcome = judge(p, "commit_transaction", error);
    if (outcome == RY_KAFKA_DONE)
        p->begun = false;
    return outcome;
}

enum ry_kafka_outcome ry_kafka_producer_transact(struct ry_kafka_producer *p,
                                                 const struct ry_kafka_batch *batch,
                                                 const struct ry_kafka_cursor *cursor)
{
    enum ry_kafka_outcome outcome = begin(p);
    if (outcome != RY_KAFKA_DONE)
        return outcome;
    struct patience patience = {.begun_ns = ry_clock_ns()};
    patience.moved_ns = patience.begun_ns;
    if (batch != NULL)
        outcome = send_rows(p, &patience, batch, cursor->epoch);
    if (outcome == RY_KAFKA_DONE)
        outcome = send_cursor(p, &patience, cursor);
    if (outcome == RY_KAFKA_DONE)
        outcome = drain(p, &patience);
    if (outcome == RY_KAFKA_DONE)
        outcome = commit(p);
    if (p->undelivered != RD_KAFKA_RESP_ERR_NO_ERROR && !is_fenced(p->undelivered))
        complain_undelivered(p);
    return outcome;
}

/* ---- letting go ------------------------------------------------------------------------------ */

/* Whether it is done is nobody's care: the next client's init_transactions does it as well. */
static void abort_it(struct ry_kafka_producer *p)
{
    ry_kafka_calls_enter(p->calls, "abort_transaction", POLITE_MS);
    rd_kafka_error_t *error = rd_kafka_abort_transaction(p->client, POLITE_MS);
    ry_kafka_calls_leave(p->calls);
    if (error != NULL)
        rd_kafka_error_destroy(error);
}

void ry_kafka_producer_drop(struct ry_kafka_producer *p, bool politely)
{
    if (p->client == NULL)
        return;
    if (politely && p->begun && fatal(p, NULL, 0) == RD_KAFKA_RESP_ERR_NO_ERROR)
        abort_it(p);
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++)
        if (p->topic[i] != NULL)
            rd_kafka_topic_destroy(p->topic[i]);
    memset(p->topic, 0, sizeof p->topic);
    rd_kafka_topic_destroy(p->cursors);
    ry_kafka_calls_enter(p->calls, "destroy", DESTROY_MS);
    rd_kafka_destroy(p->client);
    ry_kafka_calls_leave(p->calls);
    p->cursors = NULL;
    p->client = NULL;
    p->begun = false;
}

void ry_kafka_producer_close(struct ry_kafka_producer *p)
{
    ry_kafka_producer_drop(p, true);
    for (unsigned topic = 0; topic < RY_KAFKA_TOPICS; topic++)
        for (unsigned kind = 0; kind < RY_RESULTS_ROWS; kind++)
            if (p->headers[topic][kind] != NULL)
                rd_kafka_headers_destroy(p->headers[topic][kind]);
    memset(p->headers, 0, sizeof p->headers);
}
