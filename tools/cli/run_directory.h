/*
 * The folder of the battle that `royale run` starts: which one, made, and taken away again from a
 * battle that could not be started.
 *
 *     --dir d/one      d/one, new or empty
 *     --library d      d/es-hour-20261201T090000Z, for a battle of the name es-hour; time in UTC
 *     neither          ./royale-es-hour-20261201-100000; local time
 *
 * Of battles of one name that begin in one second and folder the first gets the name, the others
 * -2, -3, .. behind it. In a library the folder's group may read it (DIR/.. 0750, else 0700): give
 * the library a group and the setgid bit, and the group's programs see its battles. It is locked
 * while this process has it, so that nobody tidies it away.
 */
#ifndef RY_TOOLS_CLI_RUN_DIRECTORY_H
#define RY_TOOLS_CLI_RUN_DIRECTORY_H

#include "core/supervisor/supervisor.h"
#include "tools/cli/battle_plan.h"

/* Leaves room in RY_BATTLE_PATH_BYTES for what lies inside. */
#define RY_CLI_RUN_DIRECTORY_BYTES 400

struct ry_cli_run_directory {
    char path[RY_CLI_RUN_DIRECTORY_BYTES];
    char library[RY_CLI_RUN_DIRECTORY_BYTES]; /* --library; empty: not given */
    bool given;                               /* --dir: `path` is it */
    bool made;                                /* by this run */
    int lock;                                 /* once it is made */
};

/* --dir and --library; false: too long. */
bool ry_cli_run_directory_is(struct ry_cli_run_directory *directory, const char *text);
bool ry_cli_run_directory_in(struct ry_cli_run_directory *directory, const char *text);

/* Makes it with its log/ and a copy of the battle file; from then on `path` is its name.
 * RY_EXIT_OK, or another with the reason on standard error. */
int ry_cli_run_directory_make(struct ry_cli_run_directory *directory,
                              const struct ry_cli_plan *plan);

/* Whoever tidies may have it from here on. */
void ry_cli_run_directory_release(struct ry_cli_run_directory *directory);

/* A battle that could not be started leaves nothing worth keeping: what this run made, and nothing
 * else, goes, unless there is a journal. `result` NULL: no process was started. */
void ry_cli_run_directory_drop(const struct ry_cli_run_directory *directory,
                               const struct ry_cli_plan *plan,
                               const struct ry_supervisor_result *result);

#endif
