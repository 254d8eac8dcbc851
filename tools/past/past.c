#include "tools/past/past.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/past/internal.h"

enum ry_past_code ry_past_say(struct ry_past *past, enum ry_past_code code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(past->text, sizeof past->text, format, arguments);
    va_end(arguments);
    return code;
}

int64_t ry_past_time(const struct ry_past_runner *runner)
{
    return runner->follow.inputs > 0 ? runner->results.time : INT64_MIN;
}

uint64_t ry_past_described(const struct ry_past *past)
{
    const struct ry_results *r = &past->first.results;
    return r->memory == NULL ? 0 : UINT64_C(1) + r->instruments + r->agents;
}

/* ---- its life -------------------------------------------------------------------------------- */

static void on_row(void *context, const struct ry_results_row *row)
{
    struct ry_past *past = context;
    if (past->film != NULL)
        ry_film_row(past->film, &past->first.results, row);
}

struct ry_past *ry_past_open(const char *directory, const struct ry_past_options *options,
                             char *error, size_t error_bytes)
{
    static const struct ry_past_options usual;
    struct ry_past *past = calloc(1, sizeof *past);
    if (past == NULL) {
        snprintf(error, error_bytes, "no memory for the past of a battle");
        return NULL;
    }
    if (ry_follow_open(&past->first.follow, directory, error, error_bytes) != 0) {
        free(past);
        return NULL;
    }
    snprintf(past->directory, sizeof past->directory, "%s", directory);
    const struct ry_journal_file *file = &past->first.follow.reader.file;
    ry_results_open(&past->first.results, &file->battle_id, NULL);
    past->first.results.isolated = (enum ry_isolated)file->isolated;
    past->first.results.row = on_row;
    past->first.results.context = past;
    ry_past_copies_open(&past->copies, options != NULL ? options : &usual);
    ry_past_copies_take(&past->copies, &past->first);
    if (past->copies.count == 0) {
        snprintf(error, error_bytes, "no memory for the past of a battle");
        ry_past_close(past);
        return NULL;
    }
    return past;
}

static void runner_close(struct ry_past_runner *runner)
{
    ry_results_close(&runner->results);
    ry_follow_close(&runner->follow);
}

void ry_past_close(struct ry_past *past)
{
    if (past == NULL)
        return;
    ry_film_close(past->film);
    ry_film_close(past->range);
    ry_past_copies_close(&past->copies);
    if (past->jump_open)
        runner_close(&past->jump);
    runner_close(&past->first);
    free(past);
}

bool ry_past_replaced(const struct ry_past *past)
{
    return ry_journal_look(&past->first.follow.reader, past->directory) != RY_JOURNAL_SAME;
}

/* ---- the first pass -------------------------------------------------------------------------- */

/* Whether there may be something to read: all was read, and the file is as it was then. */
static bool may_go_on(struct ry_past *past)
{
    struct stat now;
    if (past->state == RY_PAST_READS)
        return true;
    if (past->state == RY_PAST_ENDED || fstat(past->first.follow.reader.fd, &now) != 0)
        return false;
    if (now.st_size == past->looked.st_size && now.st_mtim.tv_sec == past->looked.st_mtim.tv_sec &&
        now.st_mtim.tv_nsec == past->looked.st_mtim.tv_nsec)
        return false;
    if (past->state == RY_PAST_DAMAGED)
        ry_follow_again(&past->first.follow);
    past->state = RY_PAST_READS;
    past->text[0] = 0;
    return true;
}

/* Stops before the next input that something is due before. */
static void aim(struct ry_past *past)
{
    const uint64_t described = ry_past_described(past);
    uint64_t input = past->copies.next;
    int64_t time = RY_TIME_NEVER;
    if (past->film != NULL) {
        const int64_t due = ry_film_due(past->film);
        time = due == RY_TIME_NEVER ? due : due - 1;
    } else if (described == 0) {
        input = 1;
    } else if (past->first.follow.inputs < described && described < input) {
        input = described;
    }
    ry_follow_until(&past->first.follow, input, time);
}

/* Whatever is due before the next input, which the follower holds. */
static void turn(struct ry_past *past)
{
    struct ry_past_runner *first = &past->first;
    const uint64_t described = ry_past_described(past);
    if (past->film == NULL && described > 0 && first->follow.inputs >= described) {
        const struct ry_film_of of = ry_film_of_battle(&first->results.battle);
        past->film = ry_film_open(&first->results, &of, NULL);
    }
    if (past->film != NULL && first->follow.held.head.time >= ry_film_due(past->film))
        ry_film_turn(past->film, &first->results, ry_follow_arena(&first->follow),
                     first->follow.held.head.time);
    if (first->follow.inputs >= past->copies.next)
        ry_past_copies_take(&past->copies, first);
}

static void stop(struct ry_past *past)
{
    const struct ry_follow *follow = &past->first.follow;
    switch (follow->status) {
    case RY_FOLLOW_MORE: return;
    case RY_FOLLOW_UNTIL: turn(past); return;
    case RY_FOLLOW_END:
        past->state = RY_PAST_ENDED;
        if (past->film != NULL)
            ry_film_finish(past->film);
        return;
    case RY_FOLLOW_CUT: past->state = RY_PAST_TAIL; break;
    case RY_FOLLOW_DAMAGED: past->state = RY_PAST_DAMAGED; break;
    }
    (void)ry_past_say(past, RY_PAST_OK, "%s", follow->text);
}

uint64_t ry_past_advance(struct ry_past *past, uint64_t inputs_max)
{
    struct ry_past_runner *first = &past->first;
    uint64_t applied = 0;
    if (!may_go_on(past))
        return 0;
    /* Before its end is looked at: what is written meanwhile is seen next time. */
    (void)fstat(first->follow.reader.fd, &past->looked);
    while (applied < inputs_max && past->state == RY_PAST_READS) {
        const uint64_t left = inputs_max - applied;
        aim(past);
        applied += ry_results_step(&first->results, &first->follow,
                                   left < UINT_MAX ? (unsigned)left : UINT_MAX);
        stop(past);
    }
    return applied;
}

void ry_past_progress(const struct ry_past *past, struct ry_past_progress *progress)
{
    *progress = (struct ry_past_progress){
        .state = past->state,
        .inputs = past->first.follow.inputs,
        .time = ry_past_time(&past->first),
        .copies = past->copies.count,
        .copies_bytes = ry_past_copies_bytes(&past->copies),
        .every_inputs = past->copies.every_inputs,
        .copies_dropped = past->copies.dropped,
    };
}

const struct ry_results *ry_past_results(const struct ry_past *past)
{
    return past->first.results.memory == NULL ? NULL : &past->first.results;
}

const char *ry_past_text(const struct ry_past *past)
{
    return past->text;
}

const struct ry_film *ry_past_film(struct ry_past *past)
{
    if (past->film != NULL)
        ry_film_stand(past->film, &past->first.results, ry_follow_arena(&past->first.follow));
    return past->film;
}
