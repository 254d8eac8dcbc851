/*
 * The engine at work on a fake host: what it told, counted, and the process killed at each of its
 * steps in turn.
 */
#ifndef RY_TESTS_SUPPORT_FAKE_ENGINE_H
#define RY_TESTS_SUPPORT_FAKE_ENGINE_H

#include "tests/support/fake_host.h"
#include "tuning/engine.h"

struct ry_test_deeds {
    int error;         /* what the engine returned */
    unsigned told[5];  /* by enum ry_tuning_deed */
    unsigned state[5]; /* of those LOOKED, by enum ry_tuning_state */
    bool only_facts;   /* all that was told are facts */
    char why[RY_TUNING_PATH_BYTES + RY_TUNING_SENTENCE_BYTES + 8]; /* of the last that FAILED */
};

struct ry_test_deeds ry_test_host_check(struct ry_test_host *fake,
                                        const struct ry_tuning_target *target,
                                        ry_tuning_mask stages);
struct ry_test_deeds ry_test_host_apply(struct ry_test_host *fake,
                                        const struct ry_tuning_target *target,
                                        ry_tuning_mask stages);
struct ry_test_deeds ry_test_host_verify(struct ry_test_host *fake, ry_tuning_mask stages);
struct ry_test_deeds ry_test_host_revert(struct ry_test_host *fake, ry_tuning_mask stages);

/* Fails the test at the first path that is not as ry_test_host_whole() said `before`. */
void ry_test_host_is(const struct ry_test_host *fake, const char *before, const char *when,
                     unsigned step);

/* apply, or without a target revert, in a process of its own, killed at `step`; false: it came to
 * its end before. */
bool ry_test_host_killed(struct ry_test_host *fake, const struct ry_tuning_target *target,
                         ry_tuning_mask stages, unsigned step);

/* apply -> apply again (nothing) -> verify -> revert (all is as it was); then apply killed at each
 * step of its own and reverted; then revert killed at each and done again; then both killed, one
 * after the other, at a third of the steps. `every` n: only at each nth step. Fails the test where
 * the machine is not byte for byte what it was, or something of the journal is left. Returns what
 * apply told at first. */
struct ry_test_deeds ry_test_host_kill_everywhere(struct ry_test_host *fake,
                                                  const struct ry_tuning_target *target,
                                                  ry_tuning_mask stages, unsigned every);

#endif
