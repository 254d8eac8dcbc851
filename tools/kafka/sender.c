#include "tools/kafka/sender.h"

#include <inttypes.h>
#include <string.h>
#include <sys/random.h>

#include "shm/clock.h"
#include "tools/kafka/reader.h"
#include "tools/text/row_value.h"

/* ---- what is said ---------------------------------------------------------------------------- */

static void count(struct ry_kafka_sender *s, uint64_t *what)
{
    pthread_mutex_lock(&s->calls.mutex);
    ++*what;
    pthread_mutex_unlock(&s->calls.mutex);
}

static void fail(struct ry_kafka_sender *s, const char *error)
{
    pthread_mutex_lock(&s->calls.mutex);
    s->said.failed = true;
    snprintf(s->said.error, sizeof s->said.error, "%s", error);
    pthread_mutex_unlock(&s->calls.mutex);
}

/* The batch is in the topics for good. */
static void finish_batch(struct ry_kafka_sender *s, const struct ry_kafka_batch *batch,
                         int64_t took_ns)
{
    struct ry_export_counts *counts = &s->said.counts;
    s->cursor.at = batch->end;
    s->cursor.epoch = s->epoch;
    s->cursor.instance = s->instance;
    pthread_mutex_lock(&s->calls.mutex);
    s->said.durable = batch->end;
    counts->rows += batch->rows;
    counts->bytes += batch->sent_bytes;
    counts->batches++;
    if (took_ns > 0)
        counts->commit_ns = (uint64_t)took_ns;
    s->batch = NULL;
    pthread_mutex_unlock(&s->calls.mutex);
}

static const struct ry_kafka_batch *batch_of(struct ry_kafka_sender *s)
{
    pthread_mutex_lock(&s->calls.mutex);
    const struct ry_kafka_batch *batch = s->batch;
    pthread_mutex_unlock(&s->calls.mutex);
    return batch;
}

/* ---- the stages ------------------------------------------------------------------------------ */

static enum ry_kafka_outcome init(struct ry_kafka_sender *s)
{
    char error[RY_KAFKA_ERROR_BYTES];
    if (s->producer.client == NULL &&
        ry_kafka_producer_open(&s->producer, &s->calls, s->id, error) != 0) {
        fail(s, error);
        return RY_KAFKA_END;
    }
    enum ry_kafka_outcome outcome = ry_kafka_producer_init(&s->producer);
    if (outcome == RY_KAFKA_DONE)
        s->stage = RY_KAFKA_LOCATE;
    return outcome;
}

static bool same(const struct ry_export_cursor *a, const struct ry_export_cursor *b)
{
    return a->input == b->input && a->n == b->n;
}

static enum ry_kafka_outcome another(struct ry_kafka_sender *s, const struct ry_kafka_cursor *there)
{
    char text[RY_EXPORT_ERROR_BYTES];
    snprintf(text, sizeof text,
             "kafka: another exporter writes this battle's rows: instance %016" PRIx64
             " has transactional id %s, at input %" PRIu64 ", row %" PRIu64
             "; this one ends, and leaves the battle to it",
             there->instance, s->id, there->at.input, there->at.n);
    fail(s, text);
    return RY_KAFKA_END;
}

/* Somebody took it away. What was in doubt cannot be known any more. */
static enum ry_kafka_outcome gone(struct ry_kafka_sender *s)
{
    char text[RY_EXPORT_ERROR_BYTES];
    snprintf(text, sizeof text,
             "kafka: the cursor of %.161s, which was at input %" PRIu64 ", row %" PRIu64
             ", is gone from %.100s: that topic was made anew, or does not keep its records; the "
             "next export sends the battle from its start",
             s->id, s->cursor.at.input, s->cursor.at.n, s->calls.settings->cursors);
    fail(s, text);
    return RY_KAFKA_END;
}

/* Ours, from before a batch that is known to be there: a broker of the past shows it. */
static enum ry_kafka_outcome outdated(struct ry_kafka_sender *s,
                                      const struct ry_kafka_cursor *there)
{
    ry_kafka_calls_complain(&s->calls,
                            "kafka: %s shows the cursor of %s at input %" PRIu64 ", row %" PRIu64
                            ", which was at input %" PRIu64 ", row %" PRIu64
                            " already: a broker is behind, or has lost records; it is read again",
                            s->calls.settings->cursors, s->id, there->at.input, there->at.n,
                            s->cursor.at.input, s->cursor.at.n);
    return RY_KAFKA_AGAIN;
}

/* The first time: whatever is there is where this exporter goes on. */
static enum ry_kafka_outcome meet(struct ry_kafka_sender *s, const struct ry_kafka_cursor *there)
{
    const struct ry_battle_id battle_id = s->cursor.battle_id; /* without a record there is none */
    s->known = true;
    s->cursor = *there;
    s->cursor.battle_id = battle_id;
    s->epoch = there->epoch + 1;
    s->stage = RY_KAFKA_CLAIM;
    return RY_KAFKA_DONE;
}

/* News for people: where the export goes on, at first and after trouble. */
static void say_where(struct ry_kafka_sender *s)
{
    char text[RY_EXPORT_ERROR_BYTES];
    const struct ry_export_cursor *at = &s->cursor.at;
    if (s->epoch == 1 && !s->anew)
        snprintf(text, sizeof text, "kafka: no cursor for this battle in %s: from its first row",
                 s->calls.settings->cursors);
    else if (at->input == 0)
        snprintf(text, sizeof text, "kafka: goes on with the first row");
    else
        snprintf(text, sizeof text, "kafka: goes on behind row %" PRIu64 " of input %" PRIu64,
                 at->n, at->input);
    s->anew = false;
    ry_kafka_lines_put(&s->calls.lines, RY_LOG_INFO, text);
}

static void be_ready(struct ry_kafka_sender *s)
{
    s->claimed = true;
    say_where(s);
    pthread_mutex_lock(&s->calls.mutex);
    s->said.ready = true;
    s->said.found = s->said.durable = s->cursor.at;
    pthread_mutex_unlock(&s->calls.mutex);
}

/* The table of tools/kafka/sender.h. */
static enum ry_kafka_outcome decide(struct ry_kafka_sender *s, const struct ry_kafka_cursor *there)
{
    const struct ry_kafka_batch *batch = batch_of(s);
    if (!s->known)
        return meet(s, there);
    if (!s->claimed) {
        bool still = there->instance == s->cursor.instance && there->epoch == s->cursor.epoch &&
                     same(&there->at, &s->cursor.at);
        s->stage = RY_KAFKA_CLAIM;
        if (still)
            return RY_KAFKA_DONE;
    }
    if (there->epoch == 0)
        return gone(s);
    if (there->instance != s->instance)
        return another(s, there);
    if (!s->claimed) {
        s->cursor.instance = s->instance;
        be_ready(s);
    }
    if (ry_export_behind(&s->cursor.at, &there->at))
        return outdated(s, there);
    s->stage = RY_KAFKA_SEND;
    if (batch != NULL && same(&there->at, &batch->end))
        finish_batch(s, batch, 0);
    else if (!same(&there->at, &s->cursor.at))
        return another(s, there);
    if (s->anew)
        say_where(s);
    return RY_KAFKA_DONE;
}

static enum ry_kafka_outcome locate(struct ry_kafka_sender *s)
{
    char error[RY_KAFKA_ERROR_BYTES];
    struct ry_kafka_cursor there;
    enum ry_kafka_outcome outcome = ry_kafka_reader_find(&s->calls, s->id, &there, error);
    if (outcome == RY_KAFKA_END)
        fail(s, error);
    return outcome == RY_KAFKA_DONE ? decide(s, &there) : outcome;
}

static struct ry_kafka_cursor cursor_at(const struct ry_kafka_sender *s,
                                        const struct ry_export_cursor *at)
{
    struct ry_kafka_cursor cursor = s->cursor;
    cursor.at = *at;
    cursor.epoch = s->epoch;
    cursor.instance = s->instance;
    return cursor;
}

static enum ry_kafka_outcome claim(struct ry_kafka_sender *s)
{
    struct ry_kafka_cursor cursor = cursor_at(s, &s->cursor.at);
    enum ry_kafka_outcome outcome = ry_kafka_producer_transact(&s->producer, NULL, &cursor);
    if (outcome == RY_KAFKA_DONE) {
        s->cursor = cursor;
        be_ready(s);
        s->stage = RY_KAFKA_SEND;
    }
    return outcome;
}

/* The follower's next; NULL: it wishes to stop. */
static const struct ry_kafka_batch *await_batch(struct ry_kafka_sender *s)
{
    pthread_mutex_lock(&s->calls.mutex);
    while (s->batch == NULL && !s->calls.stop) {
        struct timespec until = ry_kafka_calls_until(RY_KAFKA_PAUSE_MIN_MS);
        pthread_cond_timedwait(&s->calls.wake, &s->calls.mutex, &until);
        pthread_mutex_unlock(&s->calls.mutex);
        rd_kafka_poll(s->producer.client, 0); /* what the library has to tell meanwhile */
        pthread_mutex_lock(&s->calls.mutex);
    }
    const struct ry_kafka_batch *batch = s->calls.stop ? NULL : s->batch;
    pthread_mutex_unlock(&s->calls.mutex);
    return batch;
}

static enum ry_kafka_outcome send_batch(struct ry_kafka_sender *s)
{
    const struct ry_kafka_batch *batch = await_batch(s);
    if (batch == NULL)
        return RY_KAFKA_DONE;
    struct ry_kafka_cursor cursor = cursor_at(s, &batch->end);
    int64_t begun_ns = ry_clock_ns();
    enum ry_kafka_outcome outcome = ry_kafka_producer_transact(&s->producer, batch, &cursor);
    if (outcome == RY_KAFKA_DONE) {
        finish_batch(s, batch, ry_clock_ns() - begun_ns);
        s->pause_ms = 0;
    } else {
        count(s, &s->said.counts.batches_lost);
    }
    return outcome;
}

/* ---- the thread ------------------------------------------------------------------------------ */

static enum ry_kafka_outcome advance(struct ry_kafka_sender *s)
{
    switch (s->stage) {
    case RY_KAFKA_INIT: return init(s);
    case RY_KAFKA_LOCATE: return locate(s);
    case RY_KAFKA_CLAIM: return claim(s);
    case RY_KAFKA_SEND: return send_batch(s);
    }
    return RY_KAFKA_END;
}

static void back_off(struct ry_kafka_sender *s, int64_t least_ms, int64_t most_ms)
{
    s->pause_ms = s->pause_ms == 0 ? RY_KAFKA_PAUSE_MIN_MS : 2 * s->pause_ms;
    if (s->pause_ms < least_ms)
        s->pause_ms = least_ms;
    if (s->pause_ms > most_ms)
        s->pause_ms = most_ms;
    ry_kafka_calls_pause(&s->calls, s->pause_ms);
}

static void make_anew(struct ry_kafka_sender *s, bool politely)
{
    if (ry_kafka_calls_stopped(&s->calls))
        return; /* the thread ends, and closes it politely */
    ry_kafka_producer_drop(&s->producer, politely);
    s->stage = RY_KAFKA_INIT;
    s->anew = s->claimed;
    count(s, &s->said.counts.reconnects);
}

static void *run(void *context)
{
    struct ry_kafka_sender *s = context;
    enum ry_kafka_outcome outcome = RY_KAFKA_DONE;
    while (outcome != RY_KAFKA_END && !ry_kafka_calls_stopped(&s->calls)) {
        outcome = advance(s);
        switch (outcome) {
        case RY_KAFKA_DONE:
        case RY_KAFKA_END: break;
        case RY_KAFKA_AGAIN: back_off(s, 0, RY_KAFKA_PAUSE_MAX_MS); break;
        case RY_KAFKA_ANEW:
            make_anew(s, false);
            back_off(s, 0, RY_KAFKA_PAUSE_MAX_MS);
            break;
        case RY_KAFKA_REFUSED:
            make_anew(s, true);
            back_off(s, 0, RY_KAFKA_PAUSE_REFUSED_MAX_MS);
            break;
        case RY_KAFKA_FENCED:
            count(s, &s->said.counts.fenced);
            make_anew(s, false);
            back_off(s, RY_KAFKA_PAUSE_FENCED_MS, RY_KAFKA_PAUSE_MAX_MS);
            break;
        }
    }
    ry_kafka_producer_close(&s->producer);
    return NULL;
}

/* ---- the follower's side --------------------------------------------------------------------- */

int ry_kafka_sender_open(struct ry_kafka_sender *s, const struct ry_kafka_settings *settings,
                         const struct ry_battle_id *id, char error[RY_KAFKA_ERROR_BYTES])
{
    char text[RY_TEXT_ID_BYTES];
    *s = (struct ry_kafka_sender){.cursor.battle_id = *id};
    ry_kafka_calls_open(&s->calls, settings);
    snprintf(s->id, sizeof s->id, "%s-%s", settings->id, ry_text_row_id(text, id));
    if (getrandom(&s->instance, sizeof s->instance, 0) != (ssize_t)sizeof s->instance)
        snprintf(error, RY_KAFKA_ERROR_BYTES, "kafka: no random number");
    else if (ry_kafka_producer_open(&s->producer, &s->calls, s->id, error) != 0)
        ;
    else if (pthread_create(&s->thread, NULL, run, s) == 0)
        return 0;
    else
        snprintf(error, RY_KAFKA_ERROR_BYTES, "kafka: no thread");
    ry_kafka_producer_close(&s->producer);
    ry_kafka_calls_close(&s->calls);
    return -1;
}

bool ry_kafka_sender_give(struct ry_kafka_sender *s, const struct ry_kafka_batch *batch)
{
    pthread_mutex_lock(&s->calls.mutex);
    bool takes = s->said.ready && !s->said.failed && s->batch == NULL;
    if (takes) {
        s->batch = batch;
        pthread_cond_signal(&s->calls.wake);
    }
    pthread_mutex_unlock(&s->calls.mutex);
    return takes;
}

bool ry_kafka_sender_look(struct ry_kafka_sender *s, struct ry_kafka_said *said)
{
    pthread_mutex_lock(&s->calls.mutex);
    s->said.counts.errors = s->calls.errors;
    *said = s->said;
    bool idle = s->batch == NULL;
    pthread_mutex_unlock(&s->calls.mutex);
    return idle;
}

bool ry_kafka_sender_stop(struct ry_kafka_sender *s)
{
    struct timespec until;
    ry_kafka_calls_stop(&s->calls);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += RY_KAFKA_CLOSE_MS / 1000;
    return pthread_timedjoin_np(s->thread, NULL, &until) == 0;
}

void ry_kafka_sender_close(struct ry_kafka_sender *s)
{
    ry_kafka_calls_close(&s->calls);
}
