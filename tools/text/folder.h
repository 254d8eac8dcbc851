/* What a command does to a battle's folder before anybody else has it. */
#ifndef RY_TOOLS_TEXT_FOLDER_H
#define RY_TOOLS_TEXT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* False: there is something in it, or it cannot be read. */
bool ry_text_folder_is_empty(const char *path);

/* Writes a file that was not there. Returns 0, or -1 with errno: EEXIST if it was. */
int ry_text_folder_put(const char *path, const char *text, size_t bytes);

#endif
