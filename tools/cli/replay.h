/* `royale replay DIR`: follows a battle's journal and reports. Returns the exit code. */
#ifndef RY_TOOLS_CLI_REPLAY_H
#define RY_TOOLS_CLI_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

int ry_cli_replay(int argc, char **argv);

/* Reads --until: an input number, ns since the epoch ("...ns"), or a UTC time
 * YYYY-MM-DDTHH:MM:SS[.f]Z. Sets one of the two, leaves the other as it is. */
bool ry_cli_replay_until(const char *text, uint64_t *input, int64_t *time);

#endif
