#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/results/board.h"
#include "shm/printable.h"
#include "tools/film/internal.h"
#include "tools/text/verdict.h"

__attribute__((format(printf, 5, 6))) static void add(struct ry_film *film,
                                                      const struct ry_results *results,
                                                      enum ry_film_what what, uint16_t agent,
                                                      const char *format, ...)
{
    va_list arguments;
    if (film->events == RY_FILM_EVENTS_MAX) {
        film->events_left_out++;
        return;
    }
    struct ry_film_event *event = &film->event[film->events++];
    *event = (struct ry_film_event){
        .input = results->input, .time = results->time, .what = what, .agent = agent};
    va_start(arguments, format);
    vsnprintf(event->text, sizeof event->text, format, arguments);
    va_end(arguments);
}

static const char *name_of(char name[RY_NAME_BYTES], const struct ry_results *results,
                           uint16_t agent)
{
    return ry_printable(name, results->agent[agent].name, RY_NAME_BYTES);
}

/* Seen when a column ends: its last input is the event's. */
void ry_film_event_leader(struct ry_film *film, const struct ry_results *results, uint16_t leader)
{
    char name[RY_NAME_BYTES], before[RY_NAME_BYTES];
    if (film->leader == RY_RESULTS_NONE || leader == RY_RESULTS_NONE)
        return;
    if (film->leaders == RY_FILM_LEADERS_MAX) {
        film->events_left_out++;
        return;
    }
    film->leaders++;
    add(film, results, RY_FILM_LEADER, leader, "%s takes the lead from %s",
        name_of(name, results, leader), name_of(before, results, film->leader));
}

/* One that begins as the battle is decided or its hours end is played by nobody, as one without
 * agents. */
static void add_round(struct ry_film *film, const struct ry_results *results,
                      const struct ry_results_row *row)
{
    const uint64_t least = results->agents > 1 ? 2 : 1;
    if (row->round.agents >= least &&
        !ry_results_round_unplayed(results, row->round.round, results->battle.trade_to))
        add(film, results, RY_FILM_ROUND, RY_RESULTS_NONE,
            "round %" PRIu64 " begins with %" PRIu64 " agent%s", row->round.round,
            row->round.agents, row->round.agents == 1 ? "" : "s");
}

/* A rank that is another than at the end of the round before. */
static void add_rank(struct ry_film *film, const struct ry_results *results,
                     const struct ry_results_row *row)
{
    const struct ry_results_agent *agent = &results->agent[row->rank.agent];
    char name[RY_NAME_BYTES];
    if (agent->rounds < 2 || ry_results_round_unplayed(results, row->rank.round, results->time))
        return;
    const uint64_t before = agent->round[agent->rounds - 2].rank;
    if (before != row->rank.rank)
        add(film, results, RY_FILM_RANK, row->rank.agent,
            "%s ends round %" PRIu64 " as number %" PRIu64 ", the round before as number %" PRIu64,
            name_of(name, results, row->rank.agent), row->rank.round, row->rank.rank, before);
}

static void add_out(struct ry_film *film, const struct ry_results *results,
                    const struct ry_results_row *row)
{
    char name[RY_NAME_BYTES];
    const bool idle = row->out.reason == RY_OUT_LAST && row->out.fills < results->battle.min_fills;
    add(film, results, RY_FILM_OUT, row->out.agent,
        "%s is out in round %" PRIu64 ": %s, rank %" PRIu64 " of %u",
        name_of(name, results, row->out.agent), row->out.round, ry_text_out(row->out.reason, idle),
        row->out.rank, results->agents);
}

static void add_stamp(struct ry_film *film, const struct ry_results *results,
                      const struct ry_results_row *row)
{
    char name[RY_NAME_BYTES];
    if (row->stamp.agent == RY_RESULTS_NONE)
        add(film, results, RY_FILM_STAMP, RY_RESULTS_NONE, RY_RESULTS_STOPPED_STAMP);
    else
        add(film, results, RY_FILM_STAMP, row->stamp.agent,
            "not reproducible: %s %s at a moment that a wall clock chose",
            name_of(name, results, row->stamp.agent), ry_text_out(row->stamp.reason, false));
}

static void add_end(struct ry_film *film, const struct ry_results *results)
{
    uint16_t first = RY_RESULTS_NONE;
    char name[RY_NAME_BYTES];
    for (uint16_t id = 0; id < results->agents; id++)
        if (results->agent[id].rank == 1 && results->agent[id].out == RY_OUT_NONE)
            first = id;
    if (first == RY_RESULTS_NONE)
        add(film, results, RY_FILM_END, first, "the battle is over, and nobody is left");
    else
        add(film, results, RY_FILM_END, first, "the battle is over; %s is number 1",
            name_of(name, results, first));
}

void ry_film_event_row(struct ry_film *film, const struct ry_results *results,
                       const struct ry_results_row *row)
{
    switch ((unsigned)row->kind) {
    case RY_RESULTS_ROW_ROUND: add_round(film, results, row); break;
    case RY_RESULTS_ROW_RANK: add_rank(film, results, row); break;
    case RY_RESULTS_ROW_OUT: add_out(film, results, row); break;
    case RY_RESULTS_ROW_STAMP: add_stamp(film, results, row); break;
    case RY_RESULTS_ROW_END: add_end(film, results); break;
    default: break;
    }
}
