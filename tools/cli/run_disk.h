/*
 * Whether a battle's directory has room for it, looked at before anything is started.
 *
 *     journal = RY_SLOT_PAYLOAD x messages, messages = bytes of a feed's file / bytes a message
 *
 * Bytes a message were measured and stand in a table by format and compression. Example: a gzipped
 * ITCH day of 5.5 GB has 11 bytes a message, so 500 million messages, so 28 GB of journal. That is
 * the most that the feeds can make: messages of instruments that are not listed, or from outside
 * the battle's hours, make none. What agents send comes on top. What a battle of the same name took
 * is the better guess: without room for that none is started. (A battle that is another by now can
 * have another name.)
 */
#ifndef RY_TOOLS_CLI_RUN_DISK_H
#define RY_TOOLS_CLI_RUN_DISK_H

#include "core/battle/battle.h"

/* Bytes that the feeds' files can make of a journal; 0: nothing can be said (a network card). */
uint64_t ry_cli_run_disk_estimate(const struct ry_battle *battle);

/* `before`: the most that a battle of this name has taken beside it; 0: there is none. RY_EXIT_OK,
 * with a warning on standard error if the estimate is above what is free; RY_EXIT_ENVIRONMENT,
 * said, if not even an empty battle has room, or none that takes as much as those before. */
int ry_cli_run_disk(const struct ry_battle *battle, const char *directory, uint64_t before);

#endif
