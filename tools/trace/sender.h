/*
 * Sends spans to a collector: a queue, of which a batch at a time is one POST.
 *
 * Nothing here waits: whoever reads spans adds them, and calls ry_trace_sender_step in between.
 * What the collector does: 200..299           taken (what its answer says that it refused is
 * counted) 429, 502, 503, 504, no answer within RY_TRACE_POST_MS, or nobody there away: the batch
 * waits at the queue's head, and is tried again after a pause that doubles from RY_TRACE_PAUSE_MS
 * to RY_TRACE_PAUSE_MS_MAX anything else      it refuses the batch: dropped and counted, none like
 * it is sent again A span for which the queue has no room is dropped and counted. When the
 * collector goes away, comes back, or refuses for the first time, `say` gets a line.
 */
#ifndef RY_TOOLS_TRACE_SENDER_H
#define RY_TOOLS_TRACE_SENDER_H

#include "tools/http/http.h"
#include "tools/trace/otlp.h"

#define RY_TRACE_QUEUE        32768u /* spans, 2 MiB */
#define RY_TRACE_FLUSH_MS     200    /* a batch that is not full is sent when its first is so old */
#define RY_TRACE_CONNECT_MS   2000
#define RY_TRACE_POST_MS      5000
#define RY_TRACE_PAUSE_MS     100
#define RY_TRACE_PAUSE_MS_MAX 5000
#define RY_TRACE_ANSWER_BYTES (64u << 10)
#define RY_TRACE_HEADERS_MAX  (RY_HTTP_HEADERS_MAX - 1)
#define RY_TRACE_SENDER_LINE  512

struct ry_trace_counts {
    uint64_t sent;     /* spans that the collector took */
    uint64_t dropped;  /* for which there was no room while it was away, or no time at the end */
    uint64_t refused;  /* that it did not want */
    uint64_t requests; /* POSTs, those that failed too */
    uint64_t failed;   /* that it was away for */
};

struct ry_trace_sender {
    const struct ry_trace_scene *scene;
    struct ry_http *http;
    const char *url;
    const char *header[RY_TRACE_HEADERS_MAX]; /* more of them; NULL: no more */
    void (*say)(void *context, const char *line);
    void *context;
    struct ry_trace_counts counts;
    struct ry_trace_item *queue; /* [RY_TRACE_QUEUE], span n at n % RY_TRACE_QUEUE */
    uint64_t begin, end;
    int64_t added_ns;      /* when the oldest in the queue that is not in a batch was added */
    unsigned in_flight;    /* spans of the batch that was posted; 0: none is */
    unsigned pause_ms;     /* 0: the collector is there, as far as is known */
    int64_t try_ns;        /* not before */
    uint64_t dropped_away; /* counts.dropped when it went away */
    bool refused_said;
};

/* The rest of `sender` is zero but scene, url, header, say. 0, or -1: no memory. */
int ry_trace_sender_open(struct ry_trace_sender *sender);

void ry_trace_sender_add(struct ry_trace_sender *sender, const struct ry_trace_item *item,
                         int64_t now_ns);

/* Goes on with a POST, begins one that is due (`flush`: also one that is not full). now_ns:
 * ry_clock_ns. wait_ms: how long to wait for the collector where there is nothing else to do. */
void ry_trace_sender_step(struct ry_trace_sender *sender, int64_t now_ns, bool flush,
                          unsigned wait_ms);

/* Nothing waits to be sent. */
static inline bool ry_trace_sender_idle(const struct ry_trace_sender *sender)
{
    return sender->begin == sender->end;
}

/* What was not sent is dropped, and counted. */
void ry_trace_sender_close(struct ry_trace_sender *sender);

#endif
