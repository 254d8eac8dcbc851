/*
 * The battle file, read: YAML -> checked struct ry_battle, or every mistake with its place.
 *
 * Allocates the battle (free it with free) and asks tzdata and the machine's cores; for processes
 * with one thread.
 */
#ifndef RY_CORE_BATTLE_READ_H
#define RY_CORE_BATTLE_READ_H

#include <sched.h>

#include "core/battle/battle.h"
#include "core/battle/errors.h"

#define RY_BATTLE_FILE_BYTES_MAX (8u << 20)

/* Where a text comes from and what it is checked against. */
struct ry_battle_source {
    const char *directory;  /* relative paths start from here; absolute */
    const cpu_set_t *cores; /* that roles may be placed on; NULL: any */
    /* Folders in which strategies are looked up by name, the first first, NULL at the end. A name
     * that is in none is a mistake. NULL: only `directory`. */
    const char *const *strategies;
    bool embedded; /* read by a program that embeds the battle, which can be an agent */
};

/* Reads a file; relative paths in it start from its own folder, cores are those that this process
 * may use. NULL with errors set. */
struct ry_battle *ry_battle_read(const char *path, struct ry_battle_errors *errors);

/* The two halves of it. The text is the caller's to free; the text need not end with a NUL. */
char *ry_battle_load(const char *path, size_t *bytes, struct ry_battle_errors *errors);
struct ry_battle *ry_battle_parse(const char *text, size_t bytes,
                                  const struct ry_battle_source *source,
                                  struct ry_battle_errors *errors);

/* The folder of a file, absolute, for struct ry_battle_source; false if there is none. */
bool ry_battle_folder(const char *path, char folder[RY_BATTLE_PATH_BYTES]);

#endif
