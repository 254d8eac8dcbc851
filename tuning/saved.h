/*
 * The journal of changes: what tuning found before it changed it, so that all of it can be put
 * back, also after the process was killed or the machine lost power. It is append only; a record
 * is on the disk before the change that it speaks of is made, and a record that was put back is
 * struck out by a later line.
 *
 * RY_TUNING_SAVED_PATH, a line a record, fields between tabs, in them \\, \t and \n for what would
 * be none, \xHH for other control characters:
 *
 *     CHECK set NUMBER STAGE KIND FORM FLAGS MODE:USER:GROUP BOOT PATH FOUND WANT
 *     CHECK undone NUMBER
 *
 * CHECK is XXH3 of the rest of the line in 16 hexadecimal digits. FLAGS: "a" it was not there, "b"
 * it is gone after a boot, "-" neither. BOOT is the kernel's boot_id.
 * A last line that is not whole was being written when the machine stopped, in front of its change:
 * it is passed over, and cut off by who writes next. A line that is damaged further up, or whose
 * path leads elsewhere ("..", or no / in front), is counted: what it spoke of cannot be put back.
 */
#ifndef RY_TUNING_SAVED_H
#define RY_TUNING_SAVED_H

#include "tuning/effect.h"
#include "tuning/setting.h"

#define RY_TUNING_STATE_FOLDER "/var/lib/royale-tune"
#define RY_TUNING_SAVED_PATH   RY_TUNING_STATE_FOLDER "/changes"
#define RY_TUNING_BOOT_BYTES   40
#define RY_TUNING_STAGE_BYTES  32

struct ry_tuning_change {
    unsigned number; /* from 1 */
    bool undone;
    bool absent; /* nothing was there; found is "" */
    bool gone_with_boot;
    enum ry_tuning_kind kind;
    enum ry_tuning_form form;
    struct ry_tuning_owner owner; /* of an OWN_FILE that was there */
    char stage[RY_TUNING_STAGE_BYTES];
    char boot[RY_TUNING_BOOT_BYTES];
    char path[RY_TUNING_PATH_BYTES];
    char *found; /* byte for byte */
    char *want;
};

struct ry_tuning_saved {
    const struct ry_tuning_host *host;
    int folder, file;      /* locked, and open to append; -1: read only */
    off_t bytes;           /* of whole lines */
    unsigned damaged;      /* lines that are, but for a torn last one */
    unsigned damaged_line; /* the first of them, from 1 */
    unsigned last;         /* the last number given */
    char boot[RY_TUNING_BOOT_BYTES];
    unsigned count, room;
    struct ry_tuning_change *change;
};

/* Reads the journal; none is an empty one. 0, or -errno (-EUCLEAN: as below). */
int ry_tuning_saved_read(struct ry_tuning_saved *saved, const struct ry_tuning_host *host);
/* The same to write, with the lock that nobody else writes. -EWOULDBLOCK: another process does;
 * -EACCES, -EPERM: not root; -EUCLEAN: others may write the journal or its folder, so that what it
 * says is not to be trusted. */
int ry_tuning_saved_open(struct ry_tuning_saved *saved, const struct ry_tuning_host *host);
void ry_tuning_saved_close(struct ry_tuning_saved *saved);

/* Appends `change` (number and boot are given here), on the disk when it returns 0. Its texts are
 * copied. -EINVAL: its path leads elsewhere. */
int ry_tuning_saved_add(struct ry_tuning_saved *saved, const struct ry_tuning_change *change);
/* Strikes one out. */
int ry_tuning_saved_undo(struct ry_tuning_saved *saved, struct ry_tuning_change *change);
/* Removes the journal if nothing in it is left and nothing was damaged. */
int ry_tuning_saved_finish(struct ry_tuning_saved *saved);

/* The newest change of this kind and path that was not struck out and that still can be there: of
 * this boot, or kept over one. NULL: none. */
struct ry_tuning_change *ry_tuning_saved_of(const struct ry_tuning_saved *saved,
                                            enum ry_tuning_kind kind, const char *path);
/* False: a boot has undone it by itself. */
bool ry_tuning_saved_stands(const struct ry_tuning_saved *saved,
                            const struct ry_tuning_change *change);

#endif
