/*
 * The file of keys: JSON, of which each key has its id, name, scope, the moments of its life, and
 * the hash of its text; never the text.
 *
 *     {"royale_keys": 1, "keys": [{"id": "1f0c22ab", "name": "desk", "scope": "read",
 *       "hash": "64 hexadecimal digits", "created_ns": "1767605400000000000",
 *       "created": "2026-01-05T09:30:00Z", "rotated_ns": null, ...}, ...]}
 *
 * Who may: the file is its owner's (mode 0600 when it is made; a group that may read it keeps that)
 * and nobody else's: one that others may read or anybody but the owner may write is refused.
 *
 * It is replaced, never written in place, so a reader has the old or the new one. Writers take
 * turns by a lock on PATH.lock, which stays.
 */
#ifndef RY_TOOLS_KEYS_FILE_H
#define RY_TOOLS_KEYS_FILE_H

#include <jansson.h>
#include <sys/stat.h>

#include "tools/keys/keys.h"

#define RY_KEYS_MAX            256       /* in a file, revoked ones too */
#define RY_KEYS_NAME_BYTES     64        /* printable ASCII */
#define RY_KEYS_FILE_BYTES_MAX (1 << 20) /* of JSON */

struct ry_keys_key {
    char id[RY_KEYS_ID_BYTES];
    char name[RY_KEYS_NAME_BYTES]; /* for people; no two in force have the same */
    enum ry_keys_scope scope;
    unsigned char hash[RY_KEYS_HASH_BYTES];
    /* Wall time; 0: never. */
    int64_t created_ns, rotated_ns, revoked_ns;
    unsigned char old_hash[RY_KEYS_HASH_BYTES]; /* of what it was before it was rotated */
    int64_t old_until_ns;                       /* and until when that is good still */
};

struct ry_keys_file {
    unsigned count;
    struct ry_keys_key key[RY_KEYS_MAX];
};

/* "read", "operate", "admin"; NULL: none of these. */
const char *ry_keys_scope_name(enum ry_keys_scope scope);
/* RY_KEYS_FREE: none. */
enum ry_keys_scope ry_keys_scope_of(const char *name);
bool ry_keys_is_name(const char *name);

/* From JSON of any origin. False with what is wrong with it. */
bool ry_keys_file_parse(struct ry_keys_file *file, const char *text, size_t bytes,
                        char why[RY_KEYS_WHY_BYTES]);
/* Of all, as it is written. */
json_t *ry_keys_file_json(const struct ry_keys_file *file);

/* 0; -1 with the reason. There is none: 0 with no keys. `seen` is of what was read, zero for
 * none. */
int ry_keys_file_read(struct ry_keys_file *file, const char *path, struct stat *seen,
                      char why[RY_KEYS_WHY_BYTES]);

/* Locks and reads for a change; makes the folder if need be. The lock, for one of the two below;
 * -1 with the reason. */
int ry_keys_file_begin(struct ry_keys_file *file, const char *path, char why[RY_KEYS_WHY_BYTES]);
/* Writes, and lets go of the lock. 0; -1 with the reason: the file is as it was. */
int ry_keys_file_keep(const struct ry_keys_file *file, const char *path, int lock,
                      char why[RY_KEYS_WHY_BYTES]);
void ry_keys_file_drop(int lock);

/* Whether the hash is of the key's text, of now or before. */
bool ry_keys_file_has(const struct ry_keys_key *key, const unsigned char hash[RY_KEYS_HASH_BYTES]);
/* And whether that is good: not revoked, and the one before in its time of grace alone. */
bool ry_keys_file_good(const struct ry_keys_key *key, const unsigned char hash[RY_KEYS_HASH_BYTES],
                       int64_t now_ns);

/* Of that id; NULL: there is none. */
struct ry_keys_key *ry_keys_file_find(struct ry_keys_file *file, const char *id);

#endif
