/*
 * A pipeline: the way from a port to events, for one format through one port.
 *
 *   bytes  ->  messages  ->  fields  ->  events
 *   port/      wire/, line/  wire/       market/
 *
 * Each is a file of its own here in feeds/ that reads as this sentence, and a row of the one table
 * in pipeline.c. A pipeline includes all four layers; no layer includes a pipeline. `royale check`
 * accepts those pairs of format and port that have a row.
 *
 * `next` takes one message, whatever it is; `span` passes over a whole buffer or packet and stops
 * where one needs more than its event. Both call the layers by name; there is no pointer on the way
 * but the row's, and a frame port's once a frame.
 */
#ifndef RY_FEEDS_PIPELINE_H
#define RY_FEEDS_PIPELINE_H

#include "feeds/handler.h"
#include "feeds/market/normalise.h"
#include "feeds/market/price.h"
#include "feeds/port/file.h"

struct ry_feed_pipeline {
    enum ry_battle_feed_format format;
    enum ry_battle_feed_port port;
    /* Makes handler->state and opens the port. 0, or -1 with the reason in handler->error. */
    int (*open)(struct ry_feed_handler *handler);
    /* Takes one message or packet. EVENT: `event` is filled, all but its number. END: so it is,
     * with FEED_END. */
    enum ry_feed_handler_result (*next)(struct ry_feed_handler *handler, struct ry_input *event);
    /* Takes messages that need nothing of a pipeline but their events, many at once, until `room`
     * events are made; returns how many events, 0 also if there was no such message. NULL: the
     * format has none. The handler calls it when the first time has come and been looked at. */
    unsigned (*span)(struct ry_feed_handler *handler, struct ry_input *events, unsigned room);
    /* Once, after an open that made a state, whatever it answered. Frees the state. */
    void (*close)(struct ry_feed_handler *handler);
};

extern const struct ry_feed_pipeline ry_feed_pipelines[];
extern const unsigned ry_feed_pipelines_count;

/* The row for a feed; NULL: there is none. */
const struct ry_feed_pipeline *ry_feed_pipeline_of(const struct ry_battle_feed *feed);

/* ---- the pipelines --------------------------------------------------------------------------- */

int ry_feed_itch50_file_open(struct ry_feed_handler *handler);
enum ry_feed_handler_result ry_feed_itch50_file_next(struct ry_feed_handler *handler,
                                                     struct ry_input *event);
unsigned ry_feed_itch50_file_span(struct ry_feed_handler *handler, struct ry_input *events,
                                  unsigned room);
void ry_feed_itch50_file_close(struct ry_feed_handler *handler);

int ry_feed_itch50_packets_open(struct ry_feed_handler *handler);
enum ry_feed_handler_result ry_feed_itch50_packets_next(struct ry_feed_handler *handler,
                                                        struct ry_input *event);
unsigned ry_feed_itch50_packets_span(struct ry_feed_handler *handler, struct ry_input *events,
                                     unsigned room);
void ry_feed_itch50_packets_close(struct ry_feed_handler *handler);

int ry_feed_dbn_file_open(struct ry_feed_handler *handler);
enum ry_feed_handler_result ry_feed_dbn_file_next(struct ry_feed_handler *handler,
                                                  struct ry_input *event);
void ry_feed_dbn_file_close(struct ry_feed_handler *handler);

/* ---- what they share ------------------------------------------------------------------------- */

/* A line for people. */
void ry_feed_say(struct ry_feed_handler *handler, enum ry_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Notes why the feed is over; returns RY_FEED_HANDLER_FAILED, which is -1 for an open. */
enum ry_feed_handler_result ry_feed_fail(struct ry_feed_handler *handler, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A price that is finer than its instrument's unit ends the feed, behind the event that its message
 * made, if it made one. what, place, number: as for ry_feed_tell_damage. Returns what `next`
 * answers. */
enum ry_feed_handler_result ry_feed_too_fine(struct ry_feed_handler *handler,
                                             const struct ry_normalise_instruments *instruments,
                                             const struct ry_normalise_too_fine *too_fine,
                                             const char *what, const char *place, uint64_t number,
                                             bool made);

/* The record says of itself that it is incomplete; the format says where and what it lacks.
 * `incomplete: end`: the feed is over. `incomplete: warn`: a warning, and `event` is an INCOMPLETE
 * at the time of the one before it; a reason that was given before is counted alone: QUIET. So a
 * pipeline asks before it takes the message, once a message and reason. Returns what `next`
 * answers, QUIET: take the message. */
enum ry_feed_handler_result ry_feed_incomplete(struct ry_feed_handler *handler,
                                               enum ry_incomplete why,
                                               const struct ry_normalise_clock *clock,
                                               struct ry_input *event, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* What the feed reads, for lines about it: its path, else its device, else its name. */
const char *ry_feed_source(const struct ry_feed_handler *handler);

/* The feed's file, and a line that says of what kind it is. NULL with the reason noted. */
struct ry_port_file *ry_feed_open_file(struct ry_feed_handler *handler);

/* An archive of several parts was read as one: told, for it may be several files put together. */
void ry_feed_tell_members(struct ry_feed_handler *handler, const struct ry_port_file *file);

/* Messages that were damaged so far. */
static inline uint64_t ry_feed_damaged(const struct ry_feed_counters *counters)
{
    return counters->damaged_short + counters->damaged_unknown_type + counters->damaged_bad_length +
           counters->damaged_bad_field;
}

/* Tells of the first damaged message; what: "message", place: "byte" or "sequence". before: what
 * ry_feed_damaged said before the message. */
void ry_feed_tell_damage(struct ry_feed_handler *handler, uint64_t before, const char *what,
                         const char *place, uint64_t number);

/* The last event, at the time of the one before it. Returns RY_FEED_HANDLER_END. */
enum ry_feed_handler_result ry_feed_end(struct ry_input *event,
                                        const struct ry_normalise_clock *clock);

#endif
