/*
 * The sink `jsonl`: rows as lines of JSON, one row a line (tools/text/row_json.h), to one of
 *
 *     standard output            (`out` NULL), or whatever else is no file: a pipe, a device
 *     one file                   rows.jsonl
 *     a folder, that ends in /   rows/rows-00000000000000000001.jsonl,
 *                                rows/rows-00000000000000184467.jsonl, ...
 *
 * In a folder a file is named by the input of its first row. When it has `rotate_bytes` or more and
 * a row of another input comes, it is brought to disk (fsync) and never touched again; that row
 * begins a new one. So each file holds whole inputs, and whoever collects files may take all but
 * the last.
 *
 * The cursor is the last whole line that is there. Example: a file ends in
 *
 *     ...,"input":812,"n":2,...}\n{"type":"fill","batt
 *
 * because the disk was full, or the process killed. At the next start the 19 bytes of the torn line
 * are cut off, with a line that says so, and input 812's third row is written next. `durable` is
 * what the kernel has; after a power cut the file may end earlier, and is continued there.
 *
 * Refused, as an error of open: a file whose end is no row, or a row of another battle; one that
 * another exporter writes to (flock).
 */
#ifndef RY_TOOLS_EXPORT_JSONL_H
#define RY_TOOLS_EXPORT_JSONL_H

#include "tools/export/sink.h"

/* Makes a sink that is not open yet. */
void ry_export_jsonl(struct ry_export_sink *sink);

#endif
