/*
 * A machine made of plain files in a folder of its own, with as much of a kernel as tuning meets:
 * a CHOICE moves its brackets, a cgroup's folder comes with its files and goes with them, PCI
 * devices change drivers, network cards and irqbalance keep what they were told, mounts stand in
 * /proc/self/mounts. Where a file is none of these, it reads as it was written.
 *
 * What a stage finds there is a text beside the tests, tests/unit/tuning/trees/NAME.tree, a line a
 * file: "PATH = TEXT" (its newline is added; \n, \t for more), "PATH =! TEXT" (nobody may write
 * there: EIO), "PATH -> TARGET", "PATH /" (a folder), "# ..". One {0-7} of a line makes a line
 * each. Beyond Linux's own:
 *
 *     /fake/nic/eth0/ring = rx 512 tx 512              likewise coalesce
 *     /fake/nic/eth0/hint = 140 2     a driver that, with other rings, puts interrupt 140 on CPU 2
 *     /fake/irqbalance = SLEEP 10 BANNED 00000000      absent: it does not run
 */
#ifndef RY_TESTS_SUPPORT_FAKE_HOST_H
#define RY_TESTS_SUPPORT_FAKE_HOST_H

#include "tuning/stage.h"

#define RY_TEST_HOST_REFUSED_MAX 64
#define RY_TEST_HOST_PATHS_MAX   4096
#define RY_TEST_FINDINGS_MAX     1024

struct ry_test_host {
    struct ry_tuning_host host;
    unsigned refused; /* paths that nobody may write */
    char refuse[RY_TEST_HOST_REFUSED_MAX][RY_TUNING_PATH_BYTES];
    char limited[RY_TUNING_PATH_BYTES]; /* of this file the kernel gives no more than limit */
    long long limit;
    long long held;      /* and no less than this: somebody has them */
    unsigned steps_left; /* SIGKILL at this step of the engine, from 1; 0: never */
};

struct ry_test_findings {
    unsigned count;
    struct ry_tuning_setting setting[RY_TEST_FINDINGS_MAX];
};

/* An empty machine; away with it. */
void ry_test_host_open(struct ry_test_host *fake);
void ry_test_host_close(struct ry_test_host *fake);

/* Adds what tests/unit/tuning/trees/NAME.tree says, or a file of one's own. */
void ry_test_host_tree(struct ry_test_host *fake, const char *name);
void ry_test_host_file(struct ry_test_host *fake, const char *path, const char *text);
void ry_test_host_link(struct ry_test_host *fake, const char *path, const char *target);
void ry_test_host_remove(struct ry_test_host *fake, const char *path);
/* From now on writing there is EIO. */
void ry_test_host_refuse(struct ry_test_host *fake, const char *path);

/* From now on what is written there becomes at most this (huge pages: memory is fragmented). */
void ry_test_host_limit(struct ry_test_host *fake, const char *path, long long limit);

/* The content of a file, in a static buffer; NULL: it is not there. */
const char *ry_test_host_text(const struct ry_test_host *fake, const char *path);
/* Each path below the root with its kind, mode and content, sorted; but for the folder of the
 * journal of changes. To be freed. */
char *ry_test_host_whole(const struct ry_test_host *fake);

/* What a stage tells of the machine. */
void ry_test_host_look(const struct ry_test_host *fake, const struct ry_tuning_target *target,
                       const char *stage, struct ry_test_findings *findings);
/* The finding of this path; fails the test if there is none. */
const struct ry_tuning_setting *ry_test_finding(const struct ry_test_findings *findings,
                                                const char *path);
/* Of that path; `want` matters where something is missing. Then: was anything told of it? */
void ry_test_finding_is(const struct ry_test_findings *findings, const char *path,
                        enum ry_tuning_state state, const char *want);
bool ry_test_finding_told(const struct ry_test_findings *findings, const char *path);

/* 4 cores of 2 threads (0-3 and 4-7 beside them), one memory node; hot 1-3 and 5-7; a card eth0 at
 * 0000:3b:00.0 that the kernel drives, and one at 0000:5e:00.0 for vfio. */
void ry_test_target(struct ry_tuning_target *target);

#endif
