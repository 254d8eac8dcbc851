#include "core/follow/follow.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define RY_FOLLOW_AHEAD 24u /* inputs of a journal's block that are hinted at before they come */

__attribute__((format(printf, 2, 3))) static void damaged(struct ry_follow *follow,
                                                          const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(follow->text, sizeof follow->text, format, arguments);
    va_end(arguments);
    follow->status = RY_FOLLOW_DAMAGED;
}

static int opened(struct ry_follow *follow, int result, char *error, size_t error_bytes)
{
    if (result != 0)
        snprintf(error, error_bytes, "%s", follow->reader.text);
    return result;
}

static void start(struct ry_follow *follow)
{
    memset(follow, 0, sizeof *follow);
    follow->until_input = UINT64_MAX;
    follow->until_time = RY_TIME_NEVER;
}

int ry_follow_open(struct ry_follow *follow, const char *directory, char *error, size_t error_bytes)
{
    start(follow);
    return opened(follow, ry_journal_open(&follow->reader, directory), error, error_bytes);
}

int ry_follow_open_fd(struct ry_follow *follow, int fd, const char *name, char *error,
                      size_t error_bytes)
{
    start(follow);
    return opened(follow, ry_journal_open_fd(&follow->reader, fd, name), error, error_bytes);
}

int ry_follow_join_memory(struct ry_follow *follow, const void *ring, size_t bytes, uint64_t epoch,
                          const struct ry_journal_positions *journal)
{
    if (ry_ring_join(&follow->ring, ring, bytes) != 0)
        return -1;
    follow->ring_epoch = epoch;
    follow->journal = journal;
    follow->live = true;
    return 0;
}

void ry_follow_join(struct ry_follow *follow, const struct ry_role_link *inputs,
                    const struct ry_role_link *journal)
{
    follow->ring = inputs->reader;
    follow->ring_epoch = ry_region_epoch(&inputs->region);
    follow->journal = journal->head;
    follow->live = true;
}

uint64_t ry_follow_written(const struct ry_follow *follow)
{
    /* A30: pairs with R30 in core/journal/journal_main.c: so many stand in whole blocks. */
    return ry_load_acquire(&follow->journal->inputs_written);
}

void ry_follow_until(struct ry_follow *follow, uint64_t input, int64_t time)
{
    follow->until_input = input;
    follow->until_time = time;
}

/* ---- where the next input comes from --------------------------------------------------------- */

static bool to_ring(struct ry_follow *follow)
{
    /* Lapped before the journal had written that far: the ring has nothing for us until it has. */
    bool caught_up = follow->inputs > 0 && follow->reader.inputs >= follow->inputs;
    if (!caught_up || follow->reader.block.epoch != follow->ring_epoch)
        return false;
    follow->slot = follow->reader.slot;
    ry_ring_seek(&follow->ring, follow->slot);
    follow->in_ring = true;
    return true;
}

/* The next input out of the ring; NULL: none there, or lapped and back to the journal. */
static const union ry_input_any *from_ring(struct ry_follow *follow)
{
    uint64_t copy[RY_RING_RECORD_BYTES_MAX / 8];
    uint64_t overruns = follow->ring.overruns;
    int n = ry_ring_read(&follow->ring, copy);
    if (n == RY_RING_EMPTY)
        return NULL;
    /* A seek into a slot that was written over meanwhile may land on a later record without an
     * overrun. */
    bool in_place = n > 0 && follow->ring.overruns == overruns &&
                    ry_ring_next(&follow->ring) == follow->slot + (uint64_t)n;
    if (!in_place) {
        follow->in_ring = false;
        follow->lapped++;
        return NULL;
    }
    memcpy(&follow->held, copy, sizeof follow->held);
    if (n > RY_INPUT_SLOTS_MAX || follow->held.head.slots != n) {
        damaged(follow, "input %" PRIu64 " in the ring says %u slots, the ring says %d",
                follow->inputs + 1, follow->held.head.slots, n);
        return NULL;
    }
    follow->slot += (uint64_t)n;
    return &follow->held;
}

static void journal_ended(struct ry_follow *follow)
{
    if (follow->arena != NULL && ry_arena_ended(follow->arena))
        follow->status = RY_FOLLOW_END;
    else
        damaged(follow, "the last block, up to input %" PRIu64 ", does not end the battle",
                follow->inputs);
}

/* The next input out of the journal, past those that the ring gave already. */
static const union ry_input_any *from_journal(struct ry_follow *follow)
{
    const union ry_input_any *input;
    for (;;) {
        if (follow->live)
            ry_journal_limit(&follow->reader, ry_follow_written(follow));
        switch (ry_journal_next(&follow->reader, &input)) {
        case RY_JOURNAL_INPUT:
            if (follow->reader.inputs <= follow->inputs)
                continue;
            return input;
        case RY_JOURNAL_END: journal_ended(follow); return NULL;
        case RY_JOURNAL_ERROR: damaged(follow, "%s", follow->reader.text); return NULL;
        case RY_JOURNAL_TAIL: break;
        }
        if (follow->live)
            return to_ring(follow) ? from_ring(follow) : NULL;
        follow->status = RY_FOLLOW_CUT;
        snprintf(follow->text, sizeof follow->text, "%s", follow->reader.text);
        return NULL;
    }
}

/* ---- applying -------------------------------------------------------------------------------- */

static bool make_arena(struct ry_follow *follow, const union ry_input_any *input)
{
    size_t bytes = 0;
    if (input->head.kind == RY_IN_BATTLE && input->head.slots == RY_BATTLE_SLOTS)
        bytes = ry_arena_footprint(&input->battle);
    if (bytes == 0) {
        damaged(follow, "the first input is no BATTLE that this machine can hold");
        return false;
    }
    follow->memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (follow->memory == MAP_FAILED) {
        follow->memory = NULL;
        damaged(follow, "no memory for the machine (%zu bytes): %s", bytes, strerror(errno));
        return false;
    }
    follow->memory_bytes = bytes;
    follow->arena = ry_arena_create(follow->memory, bytes, &input->battle);
    assert(follow->arena != NULL); /* the footprint was for this very input */
    return true;
}

/* The next input to apply; it stays the next until it was applied. */
static const union ry_input_any *next_input(struct ry_follow *follow)
{
    if (follow->holds)
        return &follow->held;
    const union ry_input_any *input = follow->in_ring ? from_ring(follow) : NULL;
    if (input == NULL && !follow->in_ring && follow->status == RY_FOLLOW_MORE)
        input = from_journal(follow);
    return input;
}

static bool past_until(struct ry_follow *follow, const union ry_input_any *input)
{
    if (follow->inputs < follow->until_input && input->head.time <= follow->until_time)
        return false;
    if (input != &follow->held)
        memcpy(&follow->held, input, input->head.slots * (size_t)RY_SLOT_PAYLOAD);
    follow->holds = true;
    follow->status = RY_FOLLOW_UNTIL;
    return true;
}

/* The cache misses of inputs to come begin before those are applied. */
static void look_ahead(struct ry_follow *follow)
{
    const union ry_input_any *coming;
    while ((coming = ry_journal_coming(&follow->reader, RY_FOLLOW_AHEAD)) != NULL)
        ry_arena_hint(follow->arena, coming);
}

static void apply(struct ry_follow *follow, const union ry_input_any *input,
                  const struct ry_arena_sink *sink, const struct ry_follow_ear *ear)
{
    if (ear != NULL)
        ear->before(ear->context, follow->inputs + 1, input);
    follow->holds = false;
    follow->inputs++;
    const bool applied = ry_arena_apply(follow->arena, input, sink) == RY_ARENA_APPLIED;
    if (applied && input->head.kind == RY_IN_INSTRUMENT)
        follow->price_scale[input->head.instrument] = input->instrument.price_scale;
    const char *why = ear != NULL ? ear->after(ear->context, follow->arena, input, applied) : NULL;
    if (why != NULL)
        damaged(follow, "%s", why);
    else if (follow->live && ry_arena_ended(follow->arena))
        follow->status = RY_FOLLOW_END;
}

unsigned ry_follow_heard(struct ry_follow *follow, unsigned n, const struct ry_arena_sink *sink,
                         const struct ry_follow_ear *ear)
{
    if (follow->status == RY_FOLLOW_UNTIL || follow->status == RY_FOLLOW_CUT)
        follow->status = RY_FOLLOW_MORE;
    unsigned applied = 0;
    while (applied < n && follow->status == RY_FOLLOW_MORE) {
        const union ry_input_any *input = next_input(follow);
        if (input == NULL || past_until(follow, input))
            break;
        if (follow->arena == NULL && !make_arena(follow, input))
            break;
        if (!follow->in_ring)
            look_ahead(follow);
        apply(follow, input, sink, ear);
        applied++;
    }
    return applied;
}

void ry_follow_again(struct ry_follow *follow)
{
    const struct ry_journal_place place = ry_journal_place(&follow->reader);
    ry_journal_return(&follow->reader, &place);
    follow->status = RY_FOLLOW_MORE;
    follow->text[0] = 0;
}

void ry_follow_close(struct ry_follow *follow)
{
    if (follow->memory != NULL)
        munmap(follow->memory, follow->memory_bytes);
    ry_journal_close(&follow->reader);
    follow->memory = NULL;
    follow->arena = NULL;
}
