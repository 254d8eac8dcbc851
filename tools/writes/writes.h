/*
 * What changes something: starts and stops battles of a library, stores agents for them.
 *
 * A library is a folder. The .yaml files in it are battle files, which its owner puts there; each
 * LIBRARY/NAME with an inputs.ryj is a battle; LIBRARY/agents has the agents that were sent:
 * NAME.so, and NAME.json with what a battle file would say about it; LIBRARY/.royale-web is ours:
 * what `royale run` has printed, and the answers that are given again (tools/writes/once.h).
 *
 * A name that came over the network is never a path: letters, digits, dots, dashes and underscores,
 * not beginning with a dot; what it names is opened without following a link.
 *
 * A battle is started by the `royale` beside royale-web: `royale check FILE`, whose mistakes are
 * the answer, then `royale run --quiet --dir LIBRARY/NAME FILE` in a session of its own
 * (tools/writes/launch.h). It is stopped by SIGTERM to its supervisor, which is found by its door:
 * the kernel says who listens there. While the appliance is held (tools/queue/hold.h) none is
 * started. Until a battle has begun the library's lock is shared (tools/library/lock.h): whoever
 * holds the appliance and waits for its battles does not miss one that is on its way.
 *
 * Strangers' agents are stored only if `uploads` is set, and only where they are kept apart:
 * royale-web runs as root, and agents get users of their own (core/supervisor/users.h).
 *
 * All functions may wait for other programs, some seconds; one thread, the API's writer, calls
 * them. What runs belongs to nobody here: battles outlive royale-web.
 */
#ifndef RY_TOOLS_WRITES_WRITES_H
#define RY_TOOLS_WRITES_WRITES_H

#include <limits.h>
#include <stddef.h>

#include "tools/writes/answer.h"
#include "tools/writes/launch.h"
#include "tools/writes/once.h"

#define RY_WRITES_NAME_BYTES        65  /* of a battle or a file, with its NUL */
#define RY_WRITES_FOLDER_BYTES      300 /* of a library's path: `royale run --dir` takes 400 */
#define RY_WRITES_WHY_BYTES         256
#define RY_WRITES_AGENT_BYTES_MAX   (16u << 20) /* of a .so */
#define RY_WRITES_SETTING_BYTES_MAX (64u << 10) /* of what a battle file would say of an agent */
#define RY_WRITES_AGENTS_MAX        256         /* stored */

struct ry_writes_settings {
    const char *library;   /* NULL: one battle's folder is served, there is no library */
    const char *directory; /* of that battle; NULL: a library */
    const char *hold;      /* while this file is there no battle is started; NULL: there is none */
    bool uploads;
};

struct ry_writes {
    struct ry_writes_settings settings;
    char library[RY_WRITES_FOLDER_BYTES]; /* absolute; "": none */
    char royale[PATH_MAX];                /* the program */
    struct ry_writes_launcher launcher;
    struct ry_writes_once once;
};

/* What keeps the agents of the battles that are started here from each other. */
struct ry_writes_isolation {
    bool own_users;                /* each agent is a user of its own */
    char why[RY_WRITES_WHY_BYTES]; /* if not: why not */
};

/* Settings stand until the end. 0; -1 with the reason. Before setpriority: battles inherit it. */
int ry_writes_open(struct ry_writes *writes, const struct ry_writes_settings *settings,
                   char why[RY_WRITES_WHY_BYTES]);
void ry_writes_close(struct ry_writes *writes);

void ry_writes_isolation(struct ry_writes_isolation *isolation);
/* {"agents": "users of their own"|"one user", "why": null|"..", "uploads": bool}. */
json_t *ry_writes_isolation_json(const struct ry_writes *writes);

/* The body of POST /v1/battles: {"file": "demo.yaml", "name": "monday", "agents": ["theirs"]}; name
 * and agents may be left out. */
void ry_writes_start(struct ry_writes *writes, const char *body, size_t bytes,
                     struct ry_writes_answer *answer);

/* `directory` is the battle's, as whoever resolved its name found it. */
void ry_writes_stop(const char *directory, const char *name, struct ry_writes_answer *answer);

void ry_writes_agents(struct ry_writes *writes, struct ry_writes_answer *answer);
void ry_writes_agent(struct ry_writes *writes, const char *name, struct ry_writes_answer *answer);
/* Content-Type application/octet-stream: the .so; application/json: what a battle file says of an
 * agent but its name and its strategy. */
void ry_writes_agent_put(struct ry_writes *writes, const char *name, const char *content_type,
                         const void *body, size_t bytes, struct ry_writes_answer *answer);
void ry_writes_agent_delete(struct ry_writes *writes, const char *name,
                            struct ry_writes_answer *answer);

#endif
