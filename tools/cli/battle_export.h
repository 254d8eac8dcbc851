/*
 * What `royale check` and `royale run` say of a battle's export: where its rows go, whether that
 * can be, and, when the battle is over, what is not there yet and how to go on.
 */
#ifndef RY_TOOLS_CLI_BATTLE_EXPORT_H
#define RY_TOOLS_CLI_BATTLE_EXPORT_H

#include "core/supervisor/supervisor.h"
#include "tools/cli/battle_plan.h"

/* A line of the battle in short; nothing without an export. */
void ry_cli_export_print(FILE *out, const struct ry_cli_plan *plan);

/* Whether the program is there, and its settings can be used; each that is not, on standard error.
 * Returns how many are not. */
unsigned ry_cli_export_files(const struct ry_cli_plan *plan);

/* "royale-export --sink kafka --config /etc/kafka.conf battle": what exports the rest of the battle
 * in `directory`, to be typed into a shell. */
void ry_cli_export_command(FILE *out, const struct ry_battle *battle, const char *directory);

/* The battle has an exporter, and the target has not all rows of it. */
bool ry_cli_export_lacks(const struct ry_supervisor_result *result);

/* Of a battle that is over and has `inputs`: how often its exporter was started again, and
 * that the target has all rows, or how many inputs' rows are missing there. Nothing without an
 * export. */
void ry_cli_export_result(FILE *out, const struct ry_battle *battle, const char *directory,
                          const struct ry_supervisor_result *result, uint64_t inputs);

#endif
