#include "core/exec/stream.h"

uint64_t ry_exec_stream_entries(uint64_t max, size_t longest)
{
    uint64_t entries = 1;
    while (entries < max + RY_EXEC_STREAM_BURST + 2 * longest)
        entries *= 2;
    return entries;
}

size_t ry_exec_stream_bytes(uint64_t entries)
{
    return (size_t)entries * (sizeof(union ry_told_any) + sizeof(struct ry_exec_stream_entry));
}

void ry_exec_stream_start(struct ry_exec_stream *stream, void *memory, uint64_t entries)
{
    *stream = (struct ry_exec_stream){
        .record = memory,
        .entry = (struct ry_exec_stream_entry *)((union ry_told_any *)memory + entries),
        .mask = entries - 1,
    };
}
