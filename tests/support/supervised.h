/*
 * A supervised battle for tests, with real processes: the test program itself is started under the
 * roles' names and behaves as the test wants it to. A test's main begins
 *
 *     if (ry_test_is_role(argv[0]))
 *         return ry_test_role_main(argc, argv);
 *
 * Environment variables EXEC, FEED, JOURNAL and EXPORT say how a role behaves, "die-step" for one;
 * without them it takes RY_TEST_ROLE_STEPS steps and is done. Two feeds, exec, journal; no agents;
 * with battle.export.sink an exporter too. How often that was started is the size of DIR/starts;
 * once it has read an input DIR/enough is there.
 */
#ifndef RY_TESTS_SUPPORT_SUPERVISED_H
#define RY_TESTS_SUPPORT_SUPERVISED_H

#include <limits.h>

#include "core/supervisor/supervisor.h"

#define RY_TEST_ROLE_STEPS 1000

bool ry_test_is_role(const char *program);
int ry_test_role_main(int argc, char **argv);

struct ry_test_supervised {
    char folder[32];          /* the binaries; gone after the test */
    char directory[PATH_MAX]; /* the battle's */
    struct ry_tuning_placement placement;
    struct ry_supervisor_plan plan;
    struct ry_supervisor_result result;
    struct ry_battle battle; /* without instruments: they would follow */
};
extern struct ry_test_supervised ry_test_supervised;

/* Fixtures of a test. */
void ry_test_supervised_set_up(void);
void ry_test_supervised_tear_down(void);

/* Makes a binary of that name out of the test program. */
void ry_test_supervised_binary(const char *name);

/* Runs the battle; what came of it is in ry_test_supervised.result. */
void ry_test_supervised_run(void);

/* No process of ours is left: neither running nor unreaped. */
void ry_test_nobody_is_left(void);

/* The log of a role, as it stands now. */
const char *ry_test_log_of(const char *name);

unsigned ry_test_open_descriptors(void);

/* Runs the battle in a process of its own, to be signalled: its number, once all roles run; theirs
 * in `pids`. Its exit code is outcome * 64 + signal * 2 + in_order. */
pid_t ry_test_supervised_start(pid_t pids[4]);

#endif
