/* What the files of tools/writes share. */
#ifndef RY_TOOLS_WRITES_INTERNAL_H
#define RY_TOOLS_WRITES_INTERNAL_H

#include "tools/writes/writes.h"

#define RY_WRITES_OWN        ".royale-web" /* of a library */
#define RY_WRITES_AGENTS     "agents"      /* likewise */
#define RY_WRITES_PATH_BYTES (RY_WRITES_FOLDER_BYTES + 2 * RY_WRITES_NAME_BYTES + 32)

/* Whether it can name a file of ours. */
bool ry_writes_is_name(const char *name);

/* True, or answered that there is no library. */
bool ry_writes_has_library(const struct ry_writes *writes, struct ry_writes_answer *answer);

/* The settings that were sent for an agent; {} if none were; NULL: they cannot be read. */
json_t *ry_writes_agent_settings(const struct ry_writes *writes, const char *name);

/* The battle file with agents added to its list. Text of malloc; NULL, answered. */
char *ry_writes_compose(const struct ry_writes *writes, const char *path, const json_t *agents,
                        size_t *bytes, struct ry_writes_answer *answer);

/* The process that listens at the door of a battle's folder: a descriptor of it (pidfd_open); -1
 * with the reason, RY_ROLE_DOOR_NOBODY if none does. */
int ry_writes_supervisor(const char *directory, pid_t *pid, char why[RY_WRITES_WHY_BYTES]);

#endif
