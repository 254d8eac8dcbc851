/*
 * A library: a folder whose subfolders are battles, each with the journal of one. What is listed is
 * cheap to know: the journal's header, the heads of its blocks, results.json, and whether somebody
 * answers at the door; a battle whose files have not changed is not looked at again.
 *
 *     ry_library_open(&library, "DIR", many);
 *     ry_library_look(&library);                      whenever it should be of now
 *     battle = ry_library_find(&library, "es-hour");  by folder, by battle_id, or "current"
 *     ry_library_close(&library);
 */
#ifndef RY_TOOLS_LIBRARY_LIBRARY_H
#define RY_TOOLS_LIBRARY_LIBRARY_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "core/journal/block.h"

#define RY_LIBRARY_BATTLES_MAX 4096
#define RY_LIBRARY_STATE_BYTES 16

struct ry_library_battle {
    char folder[NAME_MAX + 1]; /* its name here */
    char directory[PATH_MAX];
    struct ry_journal_file file;        /* the journal's header */
    char state[RY_LIBRARY_STATE_BYTES]; /* as tools/watch says it; "damaged": no header, or
                                           ry_library_damaged */
    bool runs, damaged;
    bool packed;                  /* the journal is compressed */
    int64_t begun_ns, changed_ns; /* wall time: of the journal's birth, of its last change */
    uint64_t bytes;               /* of the journal's file, compressed or not */
    uint64_t plain_bytes;         /* of the journal as it was written */
    uint64_t inputs;              /* in whole blocks */
    bool ended;                   /* the last of them has the battle's end */
    json_t
        *results; /* of results.json, of this battle; NULL: it is not there: winner, agents, .. */
    /* Its own. */
    bool inside;
    struct stat seen_journal, seen_results;
    uint64_t walked; /* bytes of the journal whose blocks were looked at, of this file: */
    ino_t walked_ino;
    bool found; /* by the present look */
};

struct ry_library {
    char directory[PATH_MAX];
    bool many;   /* else the directory is a battle's own */
    bool inside; /* ry_library_open_inside */
    unsigned count, room;
    struct ry_library_battle *battle; /* by folder's name */
    uint64_t more;                    /* that had no room */
};

/* Looks as well. 0, or -1 with errno: it is no folder that can be read. */
int ry_library_open(struct ry_library *library, const char *directory, bool many);

/* The same of one battle for a role of that battle, which nobody lets in at its door: it runs as
 * long as it has not ended. */
int ry_library_open_inside(struct ry_library *library, const char *directory);

/* As it is now; pointers to battles are void. 0, or -1 with errno. */
int ry_library_look(struct ry_library *library);

void ry_library_close(struct ry_library *library);

/* By folder, by the 32 hexadecimal digits of its id, or "current": ry_library_focus. NULL: none. */
const struct ry_library_battle *ry_library_find(const struct ry_library *library, const char *name);

/* The one that runs, the youngest of several; else the one that was changed last. NULL: there is
 * none. */
const struct ry_library_battle *ry_library_focus(const struct ry_library *library);

/* Who read the whole journal in `directory` found it damaged: so it is listed until its file
 * changes, unless it runs, when a block may be on its way. */
void ry_library_damaged(struct ry_library *library, const char *directory);

/* Does a folder have the journal of a battle in it? */
bool ry_library_is_battle(const char *directory);

/* {"name", "battle", "battle_id", "state", "begun..", "inputs", "agents", "winner", ..} */
json_t *ry_library_json(const struct ry_library_battle *battle);

#endif
