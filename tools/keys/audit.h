/*
 * Lines about who did what and who was refused, one JSON object each:
 *
 *     {"time_ns": "1767605400000000000", "time": "2026-01-05T09:30:00Z", "what": "write",
 *      "verdict": "ok", "key": "1f0c22ab", "name": "desk", "peer": "192.0.2.7",
 *      "method": "POST", "path": "/v1/battles", "why": null, "left_out": 0}
 *
 * They go to a file, which may be rotated either way: it is opened for appending, so one that was
 * truncated goes on at its beginning; and one that was renamed or removed is made anew. No secret
 * is ever in a line: of a key its id, and a path's digits that could be a key's are stars.
 *
 * Writes are always there. Of refusals RY_KEYS_AUDIT_RATE a second, after a burst: a stranger must
 * not fill the disk. `left_out` of the next line says how many were not written.
 */
#ifndef RY_TOOLS_KEYS_AUDIT_H
#define RY_TOOLS_KEYS_AUDIT_H

#include "tools/keys/limit.h"

#define RY_KEYS_AUDIT_RATE  10
#define RY_KEYS_AUDIT_BURST 200

struct ry_keys_audit {
    const char *path; /* NULL: standard error */
    int fd;
    struct ry_keys_bucket bucket; /* of refusals */
    uint64_t left_out;
    bool failed; /* said once, until a line arrives again */
};

struct ry_keys_line {
    int64_t now_ns;
    bool write;             /* what was asked for; else it only looks */
    const char *verdict;    /* "ok", or the code of the refusal */
    const char *key, *name; /* NULL: no known key */
    const char *peer;
    const char *method, *path;
    const char *why; /* NULL: nothing was wrong */
};

/* `path` is kept. 0, or -1 with errno set. */
int ry_keys_audit_open(struct ry_keys_audit *audit, const char *path);
void ry_keys_audit_close(struct ry_keys_audit *audit);

/* A line that cannot be written is said on standard error, the first of a row. */
void ry_keys_audit_say(struct ry_keys_audit *audit, const struct ry_keys_line *line);

#endif
