/* A report's files: the page, its JSON, and the report of before. */
#ifndef RY_TOOLS_PROOF_FILES_H
#define RY_TOOLS_PROOF_FILES_H

#include <jansson.h>
#include <stdbool.h>

#include "tuning/host.h"

/* A report that holds (tools/proof/fields.h). NULL: said. A new reference. */
json_t *ry_proof_files_read(const char *path);

/* What is to lie under the report: `path` if it is given; else, where something is applied, the one
 * that was kept on this machine. True with NULL: there is none. False: said. */
bool ry_proof_files_before(json_t **before, const char *path, const struct ry_tuning_host *host,
                           const json_t *report);

/* Keeps a report of a machine on which nothing is applied, unless one is kept that says more: it
 * was measured longer, or has a battle's counts or hot cores and this one has not. What is done is
 * said; whoever is not root keeps it by --before. */
void ry_proof_files_keep(const struct ry_tuning_host *host, const json_t *report);

/* Can both files be written there? RY_EXIT_OK, or said: before it is measured for minutes. */
int ry_proof_files_try(const char *path);

/* Writes the page to `path`, and the JSON beside it, with .json in place of .html. RY_EXIT_OK, or
 * said. */
int ry_proof_files_write(const char *path, const json_t *report, const json_t *before);

#endif
