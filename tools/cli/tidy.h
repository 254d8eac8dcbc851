/*
 * A library after a battle: journals of battles that have ended are compressed, battles beyond what
 * `keep` says removed. `royale run` tidies for its own name, `royale clean` for every name.
 *
 * Each removal and whatever could not be done is said on standard error, each compression on
 * standard output unless it is to be quiet. SIGINT and SIGTERM stop it between two steps: what is
 * left is done the next time.
 */
#ifndef RY_TOOLS_CLI_TIDY_H
#define RY_TOOLS_CLI_TIDY_H

#include "tools/cli/pulse.h"
#include "tools/library/library.h"

struct ry_cli_tidy {
    const char *name; /* of the battles */
    struct ry_battle_keep keep;
    bool compresses;
    bool quiet;
    bool dry; /* only says what it would do */
    struct ry_cli_pulse pulse;
};

/* How many battles could not be tidied. */
unsigned ry_cli_tidy(struct ry_library *library, const struct ry_cli_tidy *ask);

/* The journal of one battle that has ended. False: it could not be compressed, and stays as it is,
 * said. */
bool ry_cli_tidy_compress(const char *directory, bool quiet, const struct ry_cli_pulse *pulse);

#endif
