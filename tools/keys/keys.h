/*
 * Who may ask royale-web for what: one judgement a request.
 *
 *     scope      may
 *     read       whatever looks: GET and HEAD below /v1, the stream, /metrics
 *     operate    and start and stop battles
 *     admin      and store and remove agents
 *
 * A key ("ryk_1f0c22ab_" and 64 hexadecimal digits, made by `royale key create`) has a scope. It
 * comes as `Authorization: Bearer KEY`, or, from a page that opens a WebSocket, as one of the
 * protocols of Sec-WebSocket-Protocol: "royale.v1, KEY".
 *
 * Without a key nothing is written. Reading is free to a peer on this machine alone, and only if
 *   - it is no proxy that asks for somebody else: none of the headers of ry_keys_forwarding;
 *   - Host names this machine: localhost, 127.0.0.1 or [::1]. Else a page of another site, whose
 *     name was made to lead to 127.0.0.1 (DNS rebinding), reads through its visitor's browser;
 *   - Origin, if there is one, is that Host;
 *   - `always` is not set, for a proxy that sends no such header.
 * With a key, a WebSocket's Origin must still be the Host: browsers let any page open one.
 *
 * How much: each key may read RY_KEYS_READ_RATE times a second and write RY_KEYS_WRITE_RATE times,
 * each peer that is refused RY_KEYS_REFUSED_RATE times, with bursts (tools/keys/limit.h). A local
 * peer without a key is not limited. Through a proxy on this machine the peer is who the last
 * forwarding header's last address names: what the proxy has seen itself.
 *
 * The file of keys is looked at again whenever it has changed, RY_KEYS_LOOK_NS after the last look
 * at the soonest: a key that is revoked is refused within that time, and whoever streams with it is
 * found by ry_keys_stands. If the file cannot be used any more, no key is.
 *
 * One thread uses a struct ry_keys.
 */
#ifndef RY_TOOLS_KEYS_KEYS_H
#define RY_TOOLS_KEYS_KEYS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define RY_KEYS_PROTOCOL                                                                           \
    "royale.v1" /* what a WebSocket with a key in its protocols is answered                        \
                 */
#define RY_KEYS_LOOK_NS INT64_C(200000000)

#define RY_KEYS_READ_RATE     100 /* a second and key */
#define RY_KEYS_READ_BURST    500
#define RY_KEYS_WRITE_RATE    2
#define RY_KEYS_WRITE_BURST   20
#define RY_KEYS_REFUSED_RATE  2 /* a second and peer */
#define RY_KEYS_REFUSED_BURST 40

#define RY_KEYS_ID_BYTES   9 /* 8 hexadecimal digits */
#define RY_KEYS_HASH_BYTES 32
#define RY_KEYS_WHY_BYTES  512

enum ry_keys_scope {
    RY_KEYS_FREE = 0, /* no data: the page's own files; nothing is judged */
    RY_KEYS_READ,
    RY_KEYS_OPERATE,
    RY_KEYS_ADMIN,
};

struct ry_keys_settings {
    const char *path;  /* the file of keys; NULL: ry_keys_default_path */
    const char *audit; /* the file of audit lines; NULL: standard error */
    bool always;       /* a key is needed from this machine too */
};

/* What a request says. Headers: NULL if it has none; several of one name joined by commas. */
struct ry_keys_asked {
    const char *authorization; /* Authorization */
    const char *protocols;     /* Sec-WebSocket-Protocol */
    const char *host, *origin; /* Host, Origin */
    const char *forwarded;     /* the first there is of ry_keys_forwarding */
    const struct sockaddr *peer;
    bool websocket; /* it asks for an upgrade */
    enum ry_keys_scope needs;
    const char *method, *path; /* for the audit's line */
};

enum ry_keys_verdict {
    RY_KEYS_OK = 0,
    RY_KEYS_UNAUTHORIZED = 401,
    RY_KEYS_FORBIDDEN = 403,
    RY_KEYS_LIMITED = 429,
};

/* Which key a long answer was opened with: for ry_keys_stands. Zero: without one. */
struct ry_keys_ticket {
    char id[RY_KEYS_ID_BYTES];
    unsigned char hash[RY_KEYS_HASH_BYTES];
};

struct ry_keys_told {
    enum ry_keys_verdict verdict;
    enum ry_keys_scope scope; /* what it may, by its key or for being local */
    struct ry_keys_ticket ticket;
    const char *code;            /* "ok", "unauthorized", "forbidden", "rate_limited" */
    char why[RY_KEYS_WHY_BYTES]; /* refused: a sentence for the client; no secret is in it */
    const char *remedy;          /* refused: what to do */
    unsigned retry_after_s;      /* LIMITED: from 1 */
};

struct ry_keys;

/* The headers by which proxies say for whom they ask, by number from 0; NULL behind the last. */
const char *ry_keys_forwarding(unsigned number);

/* /etc/royale/keys for root, else $XDG_CONFIG_HOME/royale/keys, ~/.config/royale/keys. "": there
 * is no home. A static buffer. */
const char *ry_keys_default_path(void);

/* A file that is not there has no keys. NULL with the reason: it cannot be read, is damaged, or
 * others may write it; the audit's file cannot be written; no memory. */
struct ry_keys *ry_keys_open(const struct ry_keys_settings *settings, char why[RY_KEYS_WHY_BYTES]);
void ry_keys_close(struct ry_keys *keys);

/* `now_ns` is ry_clock_wall_ns's, here and below: keys' times are of the wall. Should it be set
 * back, nobody waits longer than a burst takes. Writes the audit's line of a write or a refusal. */
enum ry_keys_verdict ry_keys_judge(struct ry_keys *keys, const struct ry_keys_asked *asked,
                                   int64_t now_ns, struct ry_keys_told *told);

/* Whether a long answer may go on: its key is neither revoked nor out of date. */
bool ry_keys_stands(struct ry_keys *keys, const struct ry_keys_ticket *ticket, int64_t now_ns);

/* How many keys are in force; for who listens where others reach. */
unsigned ry_keys_count(struct ry_keys *keys, int64_t now_ns);

#endif
