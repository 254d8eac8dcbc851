/*
 * The private stream: what the machine made for agents, kept in exec's own memory until it is due
 * on each agent's link (link.h).
 *
 * An example. Agents 0 and 3 asked for the orders of instrument 5, agent 3 to be woken by them. A
 * CHANGE of instrument 5 at T = 300 is kept once, told to {0, 3}; behind its group an entry without
 * a record of its own wakes {3}. Agent 0 owes nothing: it gets the CHANGE at once, and its cursor
 * stands behind both. Agent 3 owes an answer since T = 200: its cursor stays, and both wait for it.
 *
 * One writer and reader, exec's thread. Entries are numbered from 0; an entry lies at its number
 * modulo the memory's size. When every cursor stands at the end the stream begins at 0 again, so
 * that what is hot stays in the cache.
 *
 * Limits: with RY_EXEC_STREAM_RECORDS entries held back for an agent from which an answer can be
 * had, exec begins no later T. Within a T it goes on, since the wakes of a T are given when it is
 * closed, and so it does for an agent whose command waits to be applied. RY_EXEC_STREAM_BURST
 * entries more, and the battle fails with a reason. The memory holds both and what two inputs can
 * make, the one that went beyond and the END (shm/records/longest.h), backed when it is touched.
 */
#ifndef RY_CORE_EXEC_STREAM_H
#define RY_CORE_EXEC_STREAM_H

#include <assert.h>
#include <stdbool.h>

#include "shm/records/told.h"

#define RY_EXEC_STREAM_RECORDS (UINT64_C(1) << 20)
#define RY_EXEC_STREAM_BURST   (UINT64_C(1) << 22)

struct ry_exec_stream_entry {
    int64_t time;   /* T of the input that made it */
    uint64_t told;  /* bits of the agents that get the record */
    uint64_t woken; /* bits of the agents that it wakes, behind the record */
};

struct ry_exec_stream {
    struct ry_exec_stream_entry *entry;
    union ry_told_any *record;
    uint64_t mask;
    uint64_t end; /* the number of the next entry */
};

/* Entries that the memory of a stream has room for whose limit is `max` and to which one input adds
 * at most `longest`. */
uint64_t ry_exec_stream_entries(uint64_t max, size_t longest);
size_t ry_exec_stream_bytes(uint64_t entries);
void ry_exec_stream_start(struct ry_exec_stream *stream, void *memory, uint64_t entries);

static inline struct ry_exec_stream_entry *ry_exec_stream_at(const struct ry_exec_stream *stream,
                                                             uint64_t number)
{
    return &stream->entry[number & stream->mask];
}

static inline const union ry_told_any *ry_exec_stream_record(const struct ry_exec_stream *stream,
                                                             uint64_t number)
{
    return &stream->record[number & stream->mask];
}

/* Appends an entry; the caller fills its record, as much of it as the record is long. */
static inline union ry_told_any *ry_exec_stream_add(struct ry_exec_stream *stream, int64_t time,
                                                    uint64_t told, uint64_t woken)
{
    const uint64_t at = stream->end++ & stream->mask;
    stream->entry[at] = (struct ry_exec_stream_entry){.time = time, .told = told, .woken = woken};
    return &stream->record[at];
}

#endif
