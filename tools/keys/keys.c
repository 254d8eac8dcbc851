#include "tools/keys/keys.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/keys/audit.h"
#include "tools/keys/file.h"
#include "tools/keys/key.h"

#define SECOND_NS INT64_C(1000000000)

#define MAKE_ONE                                                                                   \
    "make a key with `royale key create` where royale-web runs, and send it as "                   \
    "Authorization: Bearer KEY"

/* What a key has used up. */
struct used {
    char id[RY_KEYS_ID_BYTES];
    struct ry_keys_bucket read, write;
};

struct ry_keys {
    bool always;
    char path[PATH_MAX];
    struct ry_keys_file file;
    struct stat seen;              /* of the file that was read; zero: there was none */
    bool bad;                      /* it cannot be used, which was said */
    int64_t looked_ns;             /* for a change of it; 0: never */
    struct used used[RY_KEYS_MAX]; /* of file.key of the same number */
    struct ry_keys_peers refused;
    struct ry_keys_audit audit;
};

const char *ry_keys_forwarding(unsigned number)
{
    static const char *const names[] = {"X-Forwarded-For",  "Forwarded",         "X-Real-IP",
                                        "X-Forwarded-Host", "X-Forwarded-Proto", "Via"};
    return number < sizeof names / sizeof *names ? names[number] : NULL;
}

const char *ry_keys_default_path(void)
{
    static char path[PATH_MAX];
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    path[0] = '\0';
    if (geteuid() == 0)
        snprintf(path, sizeof path, "/etc/royale/keys");
    else if (config != NULL && config[0] == '/')
        snprintf(path, sizeof path, "%s/royale/keys", config);
    else if (home != NULL && home[0] == '/')
        snprintf(path, sizeof path, "%s/.config/royale/keys", home);
    return path;
}

/* ---- the file of keys ------------------------------------------------------------------------ */

static bool is_seen(const struct stat *there, const struct stat *seen)
{
    return there->st_ino == seen->st_ino && there->st_dev == seen->st_dev &&
           there->st_size == seen->st_size && there->st_mode == seen->st_mode &&
           there->st_uid == seen->st_uid && there->st_ctim.tv_sec == seen->st_ctim.tv_sec &&
           there->st_ctim.tv_nsec == seen->st_ctim.tv_nsec;
}

/* What a key has used up stays with it, wherever it stands in the new file. */
static void keep_used(struct ry_keys *keys)
{
    static const struct used nothing;
    static struct used old[RY_KEYS_MAX];
    memcpy(old, keys->used, sizeof old);
    for (unsigned i = 0; i < keys->file.count; i++) {
        const char *id = keys->file.key[i].id;
        keys->used[i] = nothing;
        for (unsigned o = 0; o < RY_KEYS_MAX; o++)
            if (strcmp(old[o].id, id) == 0)
                keys->used[i] = old[o];
        memcpy(keys->used[i].id, id, RY_KEYS_ID_BYTES);
    }
    for (unsigned i = keys->file.count; i < RY_KEYS_MAX; i++)
        keys->used[i] = nothing;
}

static int read_file(struct ry_keys *keys, char why[RY_KEYS_WHY_BYTES])
{
    const int result = ry_keys_file_read(&keys->file, keys->path, &keys->seen, why);
    if (result != 0)
        keys->file.count = 0;
    keep_used(keys);
    return result;
}

static void look(struct ry_keys *keys, int64_t now_ns)
{
    struct stat there;
    char why[RY_KEYS_WHY_BYTES];
    if (now_ns >= keys->looked_ns && now_ns - keys->looked_ns < RY_KEYS_LOOK_NS)
        return;
    keys->looked_ns = now_ns;
    if (stat(keys->path, &there) != 0)
        memset(&there, 0, sizeof there);
    if (is_seen(&there, &keys->seen))
        return;
    const bool bad = read_file(keys, why) != 0;
    if (bad) {
        keys->seen = there; /* until it changes again */
        fprintf(stderr, "royale-web: no key is good until this is mended: %s\n", why);
    } else if (keys->bad) {
        fprintf(stderr, "royale-web: %s is mended: its keys are good again\n", keys->path);
    }
    keys->bad = bad;
}

struct ry_keys *ry_keys_open(const struct ry_keys_settings *settings, char why[RY_KEYS_WHY_BYTES])
{
    const char *path = settings->path != NULL ? settings->path : ry_keys_default_path();
    struct ry_keys *keys = calloc(1, sizeof *keys);
    if (keys == NULL || sodium_init() < 0) {
        snprintf(why, RY_KEYS_WHY_BYTES, "no memory for keys, or no random numbers");
        free(keys);
        return NULL;
    }
    snprintf(keys->path, sizeof keys->path, "%s", path);
    keys->always = settings->always;
    ry_keys_peers_open(&keys->refused);
    if (read_file(keys, why) == 0) {
        if (ry_keys_audit_open(&keys->audit, settings->audit) == 0)
            return keys;
        snprintf(why, RY_KEYS_WHY_BYTES, "cannot write audit lines to %.300s: %s", settings->audit,
                 strerror(errno));
    }
    free(keys);
    return NULL;
}

void ry_keys_close(struct ry_keys *keys)
{
    ry_keys_audit_close(&keys->audit);
    sodium_memzero(keys, sizeof *keys);
    free(keys);
}

unsigned ry_keys_count(struct ry_keys *keys, int64_t now_ns)
{
    unsigned count = 0;
    look(keys, now_ns);
    for (unsigned i = 0; i < keys->file.count; i++)
        count += keys->file.key[i].revoked_ns == 0;
    return count;
}

/* ---- who asks -------------------------------------------------------------------------------- */

struct asker {
    struct ry_keys_address peer; /* who is told apart by */
    bool known;                  /* there is such an address */
    bool local;                  /* a process of this machine that asks for itself */
    int key;                     /* of the file; -1: none that is good */
    const char *says;            /* "192.0.2.7" */
    char text[RY_KEYS_ADDRESS_BYTES];
};

static void find_peer(struct asker *who, const struct ry_keys_asked *asked)
{
    struct ry_keys_address named;
    who->known = ry_keys_address_of(asked->peer, &who->peer);
    const bool here = who->known && ry_keys_address_is_local(&who->peer);
    who->local = here && asked->forwarded == NULL;
    if (here && asked->forwarded != NULL && ry_keys_forwarded_for(asked->forwarded, &named))
        who->peer = named;
    who->says = who->known ? ry_keys_address_text(who->text, &who->peer) : "?";
}

static enum ry_keys_verdict refuse(struct ry_keys_told *told, enum ry_keys_verdict verdict,
                                   const char *why, const char *remedy)
{
    told->verdict = verdict;
    told->code = verdict == RY_KEYS_FORBIDDEN ? "forbidden" : "unauthorized";
    told->remedy = remedy;
    snprintf(told->why, sizeof told->why, "%s", why);
    return verdict;
}

/* All keys are compared, whichever is found. -1: none has it. */
static int find_key(const struct ry_keys_file *file, const unsigned char hash[RY_KEYS_HASH_BYTES],
                    bool *revoked, int64_t now_ns)
{
    int found = -1;
    *revoked = false;
    for (unsigned i = 0; i < file->count; i++) {
        const struct ry_keys_key *key = &file->key[i];
        const bool has = ry_keys_file_has(key, hash), good = ry_keys_file_good(key, hash, now_ns);
        *revoked |= has && !good;
        found = good ? (int)i : found;
    }
    return found;
}

static enum ry_keys_verdict judge_key(struct ry_keys *keys, struct ry_keys_span text,
                                      struct asker *who, int64_t now_ns, struct ry_keys_told *told)
{
    bool revoked;
    if (!ry_keys_is_key(text.at, text.bytes))
        return refuse(told, RY_KEYS_UNAUTHORIZED,
                      "that is no key: one begins with ryk_ and has 77 characters",
                      "send it whole, as `royale key create` printed it");
    ry_keys_hash(told->ticket.hash, text.at);
    who->key = find_key(&keys->file, told->ticket.hash, &revoked, now_ns);
    if (who->key < 0) {
        sodium_memzero(&told->ticket, sizeof told->ticket);
        if (keys->bad)
            return refuse(told, RY_KEYS_UNAUTHORIZED,
                          "the file of keys is damaged: no key is good at the moment",
                          "see what royale-web has printed, and mend the file");
        return revoked ? refuse(told, RY_KEYS_UNAUTHORIZED, "that key was revoked or rotated",
                                "use the new one, or " MAKE_ONE)
                       : refuse(told, RY_KEYS_UNAUTHORIZED, "that key is not known here", MAKE_ONE);
    }
    memcpy(told->ticket.id, keys->file.key[who->key].id, RY_KEYS_ID_BYTES);
    told->scope = keys->file.key[who->key].scope;
    return RY_KEYS_OK;
}

static enum ry_keys_verdict judge_keyless(const struct ry_keys *keys,
                                          const struct ry_keys_asked *asked,
                                          const struct asker *who, struct ry_keys_told *told)
{
    if (asked->needs > RY_KEYS_READ)
        return refuse(told, RY_KEYS_UNAUTHORIZED, "nothing is written without a key", MAKE_ONE);
    if (!who->local)
        return refuse(told, RY_KEYS_UNAUTHORIZED,
                      "without a key only processes of the machine itself may read, and no proxy "
                      "for others",
                      MAKE_ONE);
    if (keys->always)
        return refuse(told, RY_KEYS_UNAUTHORIZED,
                      "this royale-web wants a key of everybody (--require-key)", MAKE_ONE);
    if (!ry_keys_host_is_local(asked->host))
        return refuse(told, RY_KEYS_FORBIDDEN,
                      "without a key Host must be localhost, 127.0.0.1 or [::1]: another name is "
                      "how a page of another site would read through a visitor's browser",
                      "ask by one of these names, or send a key");
    if (asked->origin != NULL && !ry_keys_origin_is_host(asked->origin, asked->host))
        return refuse(told, RY_KEYS_FORBIDDEN, "a page of another site (Origin) may not read",
                      "open royale-web's own page, or send a key");
    told->scope = RY_KEYS_READ;
    return RY_KEYS_OK;
}

static enum ry_keys_verdict limited(struct ry_keys_told *told, int64_t wait_ns, const char *what)
{
    told->verdict = RY_KEYS_LIMITED;
    told->code = "rate_limited";
    told->retry_after_s = (unsigned)((wait_ns + SECOND_NS - 1) / SECOND_NS);
    told->remedy = "wait as long as Retry-After says";
    snprintf(told->why, sizeof told->why, "%s", what);
    return told->verdict;
}

/* What is good is measured too. */
static enum ry_keys_verdict judge_rate(struct ry_keys *keys, const struct ry_keys_asked *asked,
                                       const struct asker *who, int64_t now_ns,
                                       struct ry_keys_told *told)
{
    static const struct ry_keys_limit read = {RY_KEYS_READ_RATE, RY_KEYS_READ_BURST},
                                      write = {RY_KEYS_WRITE_RATE, RY_KEYS_WRITE_BURST};
    int64_t wait_ns;
    if (who->key < 0)
        return RY_KEYS_OK;
    struct used *used = &keys->used[who->key];
    const bool writes = asked->needs > RY_KEYS_READ;
    if (ry_keys_take(writes ? &used->write : &used->read, writes ? write : read, now_ns, &wait_ns))
        return RY_KEYS_OK;
    return limited(told, wait_ns, writes ? "this key writes too often" : "this key asks too often");
}

static enum ry_keys_verdict judge(struct ry_keys *keys, const struct ry_keys_asked *asked,
                                  struct asker *who, int64_t now_ns, struct ry_keys_told *told)
{
    struct ry_keys_span text = {NULL, 0};
    if (asked->authorization != NULL) {
        text = ry_keys_bearer(asked->authorization);
        if (text.at == NULL)
            return refuse(told, RY_KEYS_UNAUTHORIZED, "Authorization is no Bearer KEY", MAKE_ONE);
    } else if (asked->websocket && asked->protocols != NULL) {
        text = ry_keys_of_protocols(asked->protocols);
    }
    const enum ry_keys_verdict verdict = text.at == NULL ? judge_keyless(keys, asked, who, told)
                                                         : judge_key(keys, text, who, now_ns, told);
    if (verdict != RY_KEYS_OK)
        return verdict;
    if (told->scope < asked->needs) {
        char why[128];
        snprintf(why, sizeof why, "this needs the scope %s, the key has %s",
                 ry_keys_scope_name(asked->needs), ry_keys_scope_name(told->scope));
        return refuse(told, RY_KEYS_FORBIDDEN, why, "use a key with that scope");
    }
    if (asked->websocket && asked->origin != NULL &&
        !ry_keys_origin_is_host(asked->origin, asked->host))
        return refuse(told, RY_KEYS_FORBIDDEN,
                      "a page of another site (Origin) may not open a WebSocket here",
                      "open royale-web's own page; a proxy must pass Host on as it came");
    return judge_rate(keys, asked, who, now_ns, told);
}

/* Who is refused again and again is told to wait. */
static void slow_down(struct ry_keys *keys, const struct asker *who, int64_t now_ns,
                      struct ry_keys_told *told)
{
    static const struct ry_keys_limit limit = {RY_KEYS_REFUSED_RATE, RY_KEYS_REFUSED_BURST};
    static const struct ry_keys_address nobody;
    int64_t wait_ns;
    struct ry_keys_bucket *bucket = ry_keys_peer(&keys->refused, who->known ? &who->peer : &nobody);
    if (!ry_keys_take(bucket, limit, now_ns, &wait_ns))
        (void)limited(told, wait_ns, "too many requests from there were refused");
}

static void say(struct ry_keys *keys, const struct ry_keys_asked *asked, const struct asker *who,
                int64_t now_ns, const struct ry_keys_told *told)
{
    const struct ry_keys_key *key = who->key < 0 ? NULL : &keys->file.key[who->key];
    const struct ry_keys_line line = {
        .now_ns = now_ns,
        .write = asked->needs > RY_KEYS_READ,
        .verdict = told->code,
        .key = key == NULL ? NULL : key->id,
        .name = key == NULL ? NULL : key->name,
        .peer = who->says,
        .method = asked->method,
        .path = asked->path,
        .why = told->verdict == RY_KEYS_OK ? NULL : told->why,
    };
    ry_keys_audit_say(&keys->audit, &line);
}

enum ry_keys_verdict ry_keys_judge(struct ry_keys *keys, const struct ry_keys_asked *asked,
                                   int64_t now_ns, struct ry_keys_told *told)
{
    struct asker who = {.key = -1};
    *told = (struct ry_keys_told){.code = "ok"};
    if (asked->needs == RY_KEYS_FREE)
        return told->verdict;
    look(keys, now_ns);
    find_peer(&who, asked);
    if (judge(keys, asked, &who, now_ns, told) == RY_KEYS_UNAUTHORIZED)
        slow_down(keys, &who, now_ns, told);
    if (told->verdict != RY_KEYS_OK || asked->needs > RY_KEYS_READ)
        say(keys, asked, &who, now_ns, told);
    return told->verdict;
}

bool ry_keys_stands(struct ry_keys *keys, const struct ry_keys_ticket *ticket, int64_t now_ns)
{
    bool revoked;
    look(keys, now_ns);
    return ticket->id[0] == '\0' || find_key(&keys->file, ticket->hash, &revoked, now_ns) >= 0;
}
