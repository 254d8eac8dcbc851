/*
 * Writes that are done once: a client that got no answer asks again with the same Idempotency-Key
 * and is told the first answer, and nothing is done a second time.
 *
 *     switch (ry_writes_once_begin(&once, &asked, &answer, now)) {
 *     case RY_WRITES_ONCE_NEW:      do it; ry_writes_once_end(&once, &asked, &answer)
 *     case RY_WRITES_ONCE_AGAIN:    answer is the first one's
 *     case RY_WRITES_ONCE_OTHER:    the key was used for another request
 *     case RY_WRITES_ONCE_UNKNOWN:  it was begun, and royale-web ended before its answer
 *     }
 *
 * Kept for RY_WRITES_ONCE_NS, the last RY_WRITES_ONCE_MAX, in a file of JSON lines that a
 * restarted royale-web reads; it is written anew at every start, and when it has grown to twice
 * that many lines. Answers of failures that are the server's own (5xx) are not kept: the same
 * request may be tried again. Of the request its hash is kept.
 */
#ifndef RY_TOOLS_WRITES_ONCE_H
#define RY_TOOLS_WRITES_ONCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define RY_WRITES_ONCE_NS          (INT64_C(86400) * 1000000000)
#define RY_WRITES_ONCE_MAX         1024
#define RY_WRITES_ONCE_KEY_BYTES   129 /* printable ASCII */
#define RY_WRITES_ONCE_ACTOR_BYTES 16
#define RY_WRITES_ONCE_BODY_BYTES  8192 /* of an answer; a longer one is not kept */
#define RY_WRITES_ONCE_PATH_BYTES  4096
#define RY_WRITES_ONCE_HASH_BYTES  32

struct ry_writes_once_asked {
    const char *actor; /* whose key; one's Idempotency-Keys are not another's */
    const char *key;   /* the header Idempotency-Key */
    const char *method, *path, *content_type;
    const void *body;
    size_t bytes;
};

struct ry_writes_once_answer {
    unsigned status;
    char *body;     /* NULL: none; who gets an answer frees it */
    char *location; /* likewise */
};

struct ry_writes_once_entry {
    int64_t at_ns; /* wall; 0: free */
    char actor[RY_WRITES_ONCE_ACTOR_BYTES], key[RY_WRITES_ONCE_KEY_BYTES];
    unsigned char hash[RY_WRITES_ONCE_HASH_BYTES]; /* of the request */
    struct ry_writes_once_answer answer;           /* status 0: it was begun */
};

struct ry_writes_once {
    char path[RY_WRITES_ONCE_PATH_BYTES]; /* "": in memory alone */
    int fd;                               /* -1: none */
    unsigned lines;                       /* of the file */
    struct ry_writes_once_entry entry[RY_WRITES_ONCE_MAX];
};

enum ry_writes_once_said {
    RY_WRITES_ONCE_NEW,
    RY_WRITES_ONCE_AGAIN,
    RY_WRITES_ONCE_OTHER,
    RY_WRITES_ONCE_UNKNOWN,
    RY_WRITES_ONCE_FAILED, /* it cannot be kept: nothing may be done; errno says why */
};

/* 1 to 128 printable characters of ASCII, no blanks. */
bool ry_writes_once_is_key(const char *key);

/* Reads what there is. Lines that are none are left out, which is said on standard error. 0, or -1
 * with errno: the file cannot be read or written. `path` NULL: in memory alone. */
int ry_writes_once_open(struct ry_writes_once *once, const char *path, int64_t now_ns);
void ry_writes_once_close(struct ry_writes_once *once);

enum ry_writes_once_said ry_writes_once_begin(struct ry_writes_once *once,
                                              const struct ry_writes_once_asked *asked,
                                              struct ry_writes_once_answer *answer, int64_t now_ns);
/* Keeps a copy of the answer. */
void ry_writes_once_end(struct ry_writes_once *once, const struct ry_writes_once_asked *asked,
                        const struct ry_writes_once_answer *answer);

#endif
