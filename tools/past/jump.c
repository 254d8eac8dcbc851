#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "tools/past/internal.h"

#define STEP_INPUTS 65536u

static void on_row(void *context, const struct ry_results_row *row)
{
    struct ry_past *past = context;
    if (past->row != NULL)
        past->row(past, row);
}

/* ---- the machine ----------------------------------------------------------------------------- */

static enum ry_past_code open_jump(struct ry_past *past)
{
    char error[RY_JOURNAL_TEXT_BYTES];
    const struct ry_results *first = &past->first.results;
    const int fd = fcntl(past->first.follow.reader.fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return ry_past_say(past, RY_PAST_NO_MEMORY, "no descriptor for a second reader");
    if (ry_follow_open_fd(&past->jump.follow, fd, past->directory, error, sizeof error) != 0)
        return ry_past_say(past, RY_PAST_BROKEN, "%s", error);
    ry_results_open(&past->jump.results, &first->battle_id, NULL);
    past->jump.results.isolated = first->isolated;
    past->jump.results.row = on_row;
    past->jump.results.context = past;
    past->jump_open = true;
    return RY_PAST_OK;
}

static enum ry_past_code return_to(struct ry_past *past, const struct ry_past_copy *copy)
{
    const struct ry_follow_store *store = &past->copies.store;
    if (ry_follow_mark_return(store, &copy->mark, &past->jump.follow) != 0 ||
        ry_results_copy_return(store, &copy->results, &past->jump.results) != 0) {
        /* Half of it is there: the next jump comes from a copy in any case. */
        past->jump.follow.status = RY_FOLLOW_DAMAGED;
        return ry_past_say(past, RY_PAST_NO_MEMORY, "no memory for a second machine");
    }
    return RY_PAST_OK;
}

/* Whether the machine is before the place, and no copy is nearer to it. */
static bool can_go_on(const struct ry_past *past, const struct ry_past_copy *copy, uint64_t input,
                      int64_t time)
{
    const struct ry_follow *follow = &past->jump.follow;
    return follow->status != RY_FOLLOW_DAMAGED && follow->inputs >= copy->mark.inputs &&
           follow->inputs <= input && ry_past_time(&past->jump) <= time;
}

uint64_t ry_past_go_on(struct ry_past *past, uint64_t n, uint64_t input, int64_t time,
                       enum ry_past_code *code)
{
    struct ry_follow *follow = &past->jump.follow;
    uint64_t applied = 0;
    *code = RY_PAST_OK;
    ry_follow_until(follow, input, time);
    while (applied < n && follow->inputs < input) {
        uint64_t want = n - applied < input - follow->inputs ? n - applied : input - follow->inputs;
        want = want < STEP_INPUTS ? want : STEP_INPUTS;
        const unsigned came = ry_results_step(&past->jump.results, follow, (unsigned)want);
        applied += came;
        if (came == want)
            continue;
        if (follow->status == RY_FOLLOW_UNTIL)
            break;
        *code = ry_past_say(past, RY_PAST_BROKEN,
                            "the journal is not any more what it was: behind input %" PRIu64
                            " there were others",
                            follow->inputs);
        follow->status = RY_FOLLOW_DAMAGED;
        break;
    }
    return applied;
}

enum ry_past_code ry_past_jump(struct ry_past *past, uint64_t input, int64_t time)
{
    enum ry_past_code code = RY_PAST_OK;
    past->row = NULL;
    if (!past->jump_open && (code = open_jump(past)) != RY_PAST_OK)
        return code;
    const struct ry_past_copy *copy = ry_past_copies_before(&past->copies, input, time);
    if (!can_go_on(past, copy, input, time))
        code = return_to(past, copy);
    if (code == RY_PAST_OK)
        (void)ry_past_go_on(past, UINT64_MAX, input, time, &code);
    return code;
}

/* ---- seeking --------------------------------------------------------------------------------- */

static enum ry_past_code show(struct ry_past *past, struct ry_past_view *view)
{
    struct ry_past_runner *jump = &past->jump;
    if (ry_follow_arena(&jump->follow) == NULL)
        return ry_past_say(past, RY_PAST_EMPTY, "nothing of the battle is so early");
    ry_results_value(&jump->results, ry_follow_arena(&jump->follow));
    *view = (struct ry_past_view){
        .results = &jump->results,
        .arena = ry_follow_arena(&jump->follow),
        .price_scale = jump->follow.price_scale,
        .input = jump->follow.inputs,
        .time = ry_past_time(jump),
    };
    return RY_PAST_OK;
}

enum ry_past_code ry_past_seek_input(struct ry_past *past, uint64_t input,
                                     struct ry_past_view *view)
{
    const uint64_t inputs = past->first.follow.inputs;
    if (input > inputs && past->state == RY_PAST_READS)
        return ry_past_say(past, RY_PAST_NOT_YET, "read up to input %" PRIu64 " so far", inputs);
    if (input > inputs)
        return ry_past_say(past, RY_PAST_BEYOND, "the battle has %" PRIu64 " inputs%s", inputs,
                           past->state == RY_PAST_ENDED ? "" : " so far");
    const enum ry_past_code code = ry_past_jump(past, input, RY_TIME_NEVER);
    return code == RY_PAST_OK ? show(past, view) : code;
}

enum ry_past_code ry_past_seek_time(struct ry_past *past, int64_t time, struct ry_past_view *view)
{
    if (past->state == RY_PAST_READS && time >= ry_past_time(&past->first))
        return ry_past_say(past, RY_PAST_NOT_YET, "read up to input %" PRIu64 " so far",
                           past->first.follow.inputs);
    const enum ry_past_code code = ry_past_jump(past, past->first.follow.inputs, time);
    return code == RY_PAST_OK ? show(past, view) : code;
}

/* ---- the film of a range --------------------------------------------------------------------- */

static void film_row(struct ry_past *past, const struct ry_results_row *row)
{
    ry_film_row(past->range, &past->jump.results, row);
}

static enum ry_past_code too_wide(struct ry_past *past)
{
    return ry_past_say(past, RY_PAST_TOO_WIDE,
                       "more than %" PRIu64 " inputs lie between from_ns and to_ns",
                       RY_PAST_RANGE_INPUTS_MAX);
}

/* Plays on to `to`, or to the end of what was read. */
static enum ry_past_code play(struct ry_past *past, int64_t to)
{
    const struct ry_past_runner *jump = &past->jump;
    const uint64_t begun = jump->follow.inputs, end = past->first.follow.inputs;
    enum ry_past_code code = RY_PAST_OK;
    past->row = film_row;
    for (;;) {
        const int64_t due = ry_film_due(past->range);
        const int64_t until = due <= to ? due - 1 : to;
        (void)ry_past_go_on(past, UINT64_MAX, end, until, &code);
        if (code == RY_PAST_OK && jump->follow.inputs - begun > RY_PAST_RANGE_INPUTS_MAX)
            code = too_wide(past);
        const bool held = jump->follow.inputs < end;
        if (code != RY_PAST_OK || !held || jump->follow.held.head.time > to)
            break;
        ry_film_turn(past->range, &jump->results, ry_follow_arena(&jump->follow),
                     jump->follow.held.head.time);
    }
    past->row = NULL;
    return code;
}

/* What is behind the last input, but within the range. */
static void finish(struct ry_past *past, int64_t to)
{
    const struct ry_past_runner *jump = &past->jump;
    const struct ry_arena *arena = ry_follow_arena(&jump->follow);
    const bool whole = ry_past_time(&past->first) > to;
    const int64_t until = whole ? to : ry_past_time(&past->first);
    if (until >= ry_film_due(past->range))
        ry_film_turn(past->range, &jump->results, arena, until);
    ry_film_stand(past->range, &jump->results, arena);
    if (whole || past->state == RY_PAST_ENDED)
        ry_film_finish(past->range);
}

static void forget(struct ry_past *past)
{
    ry_film_close(past->range);
    past->range = NULL;
}

/* The course and the depth of each instrument are asked for one after the other. */
static bool is_recorded(const struct ry_past *past, const struct ry_film_of *of)
{
    return past->range != NULL && past->range_inputs == past->first.follow.inputs &&
           past->range_of.from == of->from && past->range_of.to == of->to &&
           past->range_of.columns == of->columns;
}

enum ry_past_code ry_past_film_range(struct ry_past *past, int64_t from, int64_t to,
                                     unsigned columns, const struct ry_film **film)
{
    const struct ry_film_of of = {from, to, columns};
    const uint64_t described = ry_past_described(past), inputs = past->first.follow.inputs;
    if (from >= to || to == RY_TIME_NEVER || from == INT64_MIN || columns < RY_FILM_COLUMNS_MIN ||
        columns > RY_FILM_COLUMNS_MAX)
        return ry_past_say(past, RY_PAST_BAD_ASKED,
                           "from_ns must be before to_ns, columns %u to %u", RY_FILM_COLUMNS_MIN,
                           RY_FILM_COLUMNS_MAX);
    if (past->film == NULL)
        return ry_past_say(past, RY_PAST_EMPTY, "the battle is not described yet");
    if (past->state == RY_PAST_READS && to >= ry_past_time(&past->first))
        return ry_past_say(past, RY_PAST_NOT_YET, "read up to input %" PRIu64 " so far", inputs);
    if (is_recorded(past, &of)) {
        *film = past->range;
        return RY_PAST_OK;
    }
    forget(past);
    enum ry_past_code code = ry_past_jump(past, inputs, from - 1);
    if (code == RY_PAST_OK && past->jump.follow.inputs < described)
        code = ry_past_jump(past, described, RY_TIME_NEVER);
    if (code != RY_PAST_OK)
        return code;
    const struct ry_past_copy *last = ry_past_copies_before(&past->copies, inputs, to);
    if (last->mark.inputs > past->jump.follow.inputs + RY_PAST_RANGE_INPUTS_MAX)
        return too_wide(past);
    past->range = ry_film_open(&past->jump.results, &of, past->film);
    if (past->range == NULL)
        return ry_past_say(past, RY_PAST_NO_MEMORY, "no memory for a film");
    code = play(past, to);
    if (code != RY_PAST_OK) {
        forget(past);
        return code;
    }
    finish(past, to);
    past->range_of = of;
    past->range_inputs = inputs;
    *film = past->range;
    return RY_PAST_OK;
}
