/*
 * The engine: makes of what the stages tell what check, plan and diff show, what apply does, what
 * verify finds and what revert takes back. It alone changes the machine (tuning/effect.h), and
 * each change is in the journal (tuning/saved.h) before it is made.
 *
 * - apply asks a stage, and for each setting that is missing saves what stands there, writes,
 *   reads it again. What the machine did not let be set, or not as it was wanted, is put back and
 *   told with the reason; only of a number of which there can be fewer (huge pages) what there is
 *   stays. Applied twice, nothing is done and nothing saved.
 * - What does not go with a boot is written where the system sets it at each boot:
 *   RY_TUNING_SYSCTL_PATH and RY_TUNING_TMPFILES_PATH, files of ours like any other in the journal.
 * - revert goes by the journal alone, from the last change to the first, and strikes out what was
 *   put back. What a boot has undone by itself is struck out without a write. It can be done again
 *   from wherever it was ended.
 */
#ifndef RY_TUNING_ENGINE_H
#define RY_TUNING_ENGINE_H

#include <stdint.h>

#include "tuning/saved.h"
#include "tuning/stage.h"

#define RY_TUNING_SYSCTL_PATH   "/etc/sysctl.d/90-royale-tune.conf"
#define RY_TUNING_TMPFILES_PATH "/etc/tmpfiles.d/royale-tune.conf"
/* The stage in whose name the two are in the journal. */
#define RY_TUNING_KEPT "kept"

/* Which stages: a bit each, by their place in ry_tuning_stages. */
typedef uint64_t ry_tuning_mask;
#define RY_TUNING_ALL UINT64_MAX

enum ry_tuning_deed {
    RY_TUNING_LOOKED = 0, /* nothing was done: setting->state says how it is */
    RY_TUNING_SET,        /* from setting->was to setting->now */
    RY_TUNING_RESTORED,   /* reads as it did before: setting->now */
    RY_TUNING_FORGOTTEN,  /* a boot had undone it, or there is no such thing any more */
    RY_TUNING_FAILED,     /* setting->why */
};

/* What becomes known, one setting after another. */
struct ry_tuning_told {
    void (*tell)(void *context, const char *stage, const struct ry_tuning_setting *setting,
                 enum ry_tuning_deed deed, const char *was);
    void *context;
};

/* check, plan, diff: each setting of these stages. */
void ry_tuning_check(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                     ry_tuning_mask stages, const struct ry_tuning_told *told);

/* 0: what could be set is (told says what could not); -errno: the journal cannot be written, and
 * nothing was changed that is not in it. -EWOULDBLOCK: another process is at it; -EBADMSG: the
 * journal is damaged, revert first. */
int ry_tuning_apply(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                    ry_tuning_mask stages, const struct ry_tuning_told *told);

/* Tells each change that stands in the journal as it is now: OK, or MISSING and `why`. */
int ry_tuning_verify(const struct ry_tuning_host *host, ry_tuning_mask stages,
                     const struct ry_tuning_told *told);

/* 0: everything was put back that could be (told says what could not, it stays in the journal);
 * -errno as above, -EBADMSG: likewise, but lines of the journal were damaged: what they spoke of
 * is not known, and the journal stays. Also where the journal cannot be written all is put back. */
int ry_tuning_revert(const struct ry_tuning_host *host, ry_tuning_mask stages,
                     const struct ry_tuning_told *told);

#endif
