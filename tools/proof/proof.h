/*
 * `royale tune report`: measures the machine, compares with a report of before, says what each
 * stage is worth, and writes it all as one page and as JSON.
 */
#ifndef RY_TOOLS_PROOF_PROOF_H
#define RY_TOOLS_PROOF_PROOF_H

#include "tuning/host.h"
#include "tuning/placement.h"
#include "tuning/saved.h"
#include "tuning/target.h"

/* Kept where nothing is applied, and laid under later reports. */
#define RY_PROOF_BEFORE_PATH RY_TUNING_STATE_FOLDER "/before.json"

/* What the machine is tuned for, as all of `royale tune` see it. */
struct ry_proof_aim {
    struct ry_tuning_host host;
    struct ry_tuning_target target;
    struct ry_tuning_placement placement; /* of a battle */
};

/* From a battle file, or from a list of hot cores, or (both NULL) from the machine alone; `root`:
 * "" or the folder of another one. RY_EXIT_OK, or said. */
typedef int ry_proof_take_aim(struct ry_proof_aim *aim, const char *root, const char *file,
                              const char *cores);

/* The command line: argv[0] is the command's name. `royale` is the program that runs battles. The
 * exit code; what failed is said. */
int ry_proof_main(int argc, char **argv, ry_proof_take_aim *take_aim, const char *royale);

#endif
