/*
 * A folder of files of rows: rows-INPUT.jsonl, INPUT in 20 digits, so that the order of the names
 * is that of the rows. What else lies in the folder is nobody's business. Private to the sink
 * `jsonl`.
 */
#ifndef RY_TOOLS_EXPORT_JSONL_FOLDER_H
#define RY_TOOLS_EXPORT_JSONL_FOLDER_H

#include "tools/export/sink.h"

#define RY_EXPORT_JSONL_NAME_BYTES 64

/* Makes the folder if only that is missing, opens it and locks it. The descriptor, or -1 with the
 * reason in `error`. */
int ry_export_jsonl_folder_open(const char *path, char error[RY_EXPORT_ERROR_BYTES]);

/* The name of the file that begins with that input's rows. */
const char *ry_export_jsonl_folder_name(char name[RY_EXPORT_JSONL_NAME_BYTES], uint64_t input);

/* The input that names the last file of those before `limit` (0: of all); 0: there is none, or the
 * folder cannot be read (then errno is not 0). */
uint64_t ry_export_jsonl_folder_last(int folder, uint64_t limit);

/* Removes every file of rows. 0, or -1 with errno. */
int ry_export_jsonl_folder_clear(int folder);

#endif
