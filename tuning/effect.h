/*
 * Every change of the machine that tuning makes goes through here: host->step is called in front
 * of and behind each, so that a test can end the process at any of them. For the engine alone.
 * All return 0, or -errno.
 */
#ifndef RY_TUNING_EFFECT_H
#define RY_TUNING_EFFECT_H

#include <sys/types.h>

#include "tuning/setting.h"

/* Whose a file of ours is, and what it may. */
struct ry_tuning_owner {
    mode_t mode;
    uid_t user;
    gid_t group;
};

/* Lets what is at kind and path be `text`: written into a file that is there, a folder made, a file
 * system mounted ("TYPE OPTIONS"), a device given to a driver ("DRIVER OVERRIDE"), a call. Not for
 * OWN_FILE. */
int ry_tuning_effect_set(const struct ry_tuning_host *host, enum ry_tuning_kind kind,
                         const char *path, const char *text);
/* Lets nothing be there: a file is removed, an empty folder, a file system unmounted. */
int ry_tuning_effect_drop(const struct ry_tuning_host *host, enum ry_tuning_kind kind,
                          const char *path);
/* A whole file in place of what may be there, at once and on the disk. */
int ry_tuning_effect_replace(const struct ry_tuning_host *host, const char *path,
                             const char *content, struct ry_tuning_owner owner);
/* Removes what a process that was killed left half of. */
void ry_tuning_effect_clear(const struct ry_tuning_host *host, const char *path);

/* mkdir -p, each on the disk. No step: it is no change that anybody wants back. */
int ry_tuning_effect_folders(const struct ry_tuning_host *host, const char *path);
/* Brings to the disk that a file of the folder of `path` came or went. */
int ry_tuning_effect_settle(const struct ry_tuning_host *host, const char *path);

#endif
