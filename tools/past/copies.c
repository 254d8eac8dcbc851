#include <stdlib.h>
#include <string.h>

#include "tools/past/internal.h"

#define ROOM_LOW 16u

void ry_past_copies_open(struct ry_past_copies *copies, const struct ry_past_options *options)
{
    memset(copies, 0, sizeof *copies);
    ry_follow_store_open(&copies->store);
    copies->bytes_max =
        options->copies_bytes_max > 0 ? options->copies_bytes_max : RY_PAST_BYTES_MAX;
    copies->every_inputs = options->every_inputs > 0 ? options->every_inputs : RY_PAST_EVERY_INPUTS;
}

static void drop(struct ry_past_copies *copies, struct ry_past_copy *copy)
{
    ry_follow_mark_drop(&copies->store, &copy->mark);
    ry_results_copy_drop(&copies->store, &copy->results);
}

void ry_past_copies_close(struct ry_past_copies *copies)
{
    for (size_t i = 0; i < copies->count; i++)
        drop(copies, &copies->copy[i]);
    free(copies->copy);
    ry_follow_store_close(&copies->store);
    memset(copies, 0, sizeof *copies);
}

size_t ry_past_copies_bytes(const struct ry_past_copies *copies)
{
    return copies->store.bytes + copies->room * sizeof *copies->copy;
}

/* Every second one goes, the rest stand for twice the inputs. */
static void thin(struct ry_past_copies *copies)
{
    size_t kept = 0;
    for (size_t i = 0; i < copies->count; i++)
        if (i % 2 == 0)
            copies->copy[kept++] = copies->copy[i];
        else
            drop(copies, &copies->copy[i]);
    copies->dropped += copies->count - kept;
    copies->count = kept;
    copies->every_inputs *= 2;
}

static bool make_room(struct ry_past_copies *copies)
{
    if (copies->count < copies->room)
        return true;
    const size_t room = copies->room > 0 ? 2 * copies->room : ROOM_LOW;
    struct ry_past_copy *more = realloc(copies->copy, room * sizeof *more);
    if (more == NULL)
        return false;
    copies->copy = more;
    copies->room = room;
    return true;
}

static bool take(struct ry_past_copies *copies, const struct ry_past_runner *runner)
{
    if (!make_room(copies))
        return false;
    struct ry_past_copy *copy = &copies->copy[copies->count];
    const struct ry_past_copy *before = copies->count > 0 ? copy - 1 : NULL;
    if (ry_follow_mark_take(&copies->store, &copy->mark, &runner->follow,
                            before == NULL ? NULL : &before->mark) != 0)
        return false;
    if (ry_results_copy_take(&copies->store, &copy->results, &runner->results,
                             before == NULL ? NULL : &before->results) != 0) {
        ry_follow_mark_drop(&copies->store, &copy->mark);
        return false;
    }
    copy->time = ry_past_time(runner);
    copies->count++;
    return true;
}

void ry_past_copies_take(struct ry_past_copies *copies, const struct ry_past_runner *runner)
{
    if (!take(copies, runner))
        copies->dropped++;
    while (copies->count > 1 && ry_past_copies_bytes(copies) > copies->bytes_max)
        thin(copies);
    /* From the last one that there is: after thinning too they stand at equal distances. */
    copies->next = copies->every_inputs;
    if (copies->count > 0)
        copies->next += copies->copy[copies->count - 1].mark.inputs;
    if (copies->next <= runner->follow.inputs)
        copies->next = runner->follow.inputs + copies->every_inputs;
}

const struct ry_past_copy *ry_past_copies_before(const struct ry_past_copies *copies,
                                                 uint64_t input, int64_t time)
{
    size_t low = 0, high = copies->count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        const struct ry_past_copy *copy = &copies->copy[middle];
        if (copy->mark.inputs <= input && copy->time <= time)
            low = middle;
        else
            high = middle;
    }
    return &copies->copy[low];
}
