#include "tools/one/journal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "shm/clock.h"

__attribute__((format(printf, 2, 3))) static int fail(struct ry_one_journal *journal,
                                                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(journal->writer.error, sizeof journal->writer.error, format, arguments);
    va_end(arguments);
    return -1;
}

int ry_one_journal_open(struct ry_one_journal *journal,
                        const struct ry_one_journal_options *options)
{
    struct ry_battle_id id;
    journal->part = options->part;
    journal->inputs = options->inputs;
    journal->positions = options->positions;
    if (ry_one_log_open(&journal->log, options->directory, "journal", false) != 0)
        return fail(journal, "its log: %s", strerror(errno));
    if (getrandom(&id, sizeof id, 0) != (ssize_t)sizeof id)
        return fail(journal, "no random number for the battle's id: %s", strerror(errno));
    const struct ry_journal_options writer = {
        .battle_id = id,
        .name = options->battle->name,
        .seed = options->battle->seed,
        .isolated = options->isolated,
        .epoch = options->epoch,
        .block_bytes = options->battle->journal_block_bytes,
        .now_ns = ry_clock_ns(),
    };
    if (ry_journal_writer_open(&journal->writer, options->directory, &writer) != 0)
        return -1;
    journal->opened = true;
    if (journal->part != NULL)
        ry_counters_create(&journal->part->counters, &ry_journal_counter_table, NULL);
    return 0;
}

static void publish_positions(struct ry_one_journal *journal)
{
    struct ry_journal_positions *positions = journal->positions;
    ry_ring_position_store(&positions->inputs, ry_ring_next(&journal->inputs));
    /* R30: pairs with A30 in core/follow/follow.c */
    ry_store_release(&positions->inputs_written, journal->writer.written);
    ry_store_relaxed(&positions->inputs_durable, journal->writer.durable);
}

/* No block is closed because it is old: no clock is looked at. */
int ry_one_journal_take(struct ry_one_journal *journal)
{
    int slots;
    do {
        void *room = ry_journal_writer_room(&journal->writer);
        const uint64_t slot = ry_ring_next(&journal->inputs);
        slots = ry_ring_read(&journal->inputs, room);
        if (slots < 0)
            return fail(journal, "inputs were written over that were not read");
        if (slots > 0 && ry_journal_writer_took(&journal->writer, (unsigned)slots, slot, 0) != 0)
            return -1;
    } while (slots > 0);
    publish_positions(journal);
    return 0;
}

int ry_one_journal_finish(struct ry_one_journal *journal)
{
    if (ry_one_journal_take(journal) != 0 ||
        ry_journal_writer_flush(&journal->writer, ry_clock_ns()) != 0)
        return -1;
    publish_positions(journal);
    return 0;
}

void ry_one_journal_close(struct ry_one_journal *journal)
{
    if (journal->opened) {
        if (journal->part != NULL)
            ry_counters_publish(&journal->part->counters, 0, journal->writer.counters.value,
                                RY_JOURNAL_COUNTERS);
        ry_journal_writer_close(&journal->writer);
    }
    ry_one_log_close(&journal->log);
}
