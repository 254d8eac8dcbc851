/*
 * The text of a battle file for another folder: each relative path written out from the folder of
 * the file. So the copy that a battle leaves can be run where it lies.
 */
#ifndef RY_CORE_BATTLE_ABSOLUTE_H
#define RY_CORE_BATTLE_ABSOLUTE_H

#include <stddef.h>

/* `text` is a battle file that ry_battle_parse took. The new text is the caller's to free, and what
 * it means is the caller's to compare: a file in UTF-16, or a folder whose name is no UTF-8, comes
 * out as something else. Names of installed strategies stay names. */
char *ry_battle_absolute(const char *text, size_t bytes, const char *folder, size_t *bytes_now);

#endif
