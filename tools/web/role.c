/*
 * The role "web": the page of a battle that `royale run --web` has started. It ends when the battle
 * has; `royale web DIR` shows that again. Its death is its own affair.
 */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "core/role/role.h"
#include "shm/clock.h"
#include "tools/web/serving.h"
#include "tools/web/web.h"

#define WATCHED     "ROLE.watch"
#define LOOK_NS     (RY_NS_PER_SECOND / 2)       /* at what seldom changes */
#define WATCHED_MAX (2 * RY_WATCH_PROCESSES_MAX) /* with those of processes started again */

struct role {
    struct ry_web_serving serving;
    struct ry_role_link inputs, journal, watched[WATCHED_MAX]; /* read here */
    struct ry_web_links links;
    int64_t looked_ns;
    struct ry_web_address address;
    struct ry_keys *keys;
    int listener;
    bool serves; /* what there is to close */
};

static int web_open(struct ry_role_process *process)
{
    struct role *role = process->role;
    const struct ry_keys_settings settings = {.path = NULL};
    char why[RY_KEYS_WHY_BYTES];
    if (!ry_web_address_read(&role->address, process->battle->web))
        return ry_role_fail(process, "%s is no address and port", process->battle->web);
    role->keys = ry_keys_open(&settings, why);
    if (role->keys == NULL)
        return ry_role_fail(process, "%s", why);
    role->listener = ry_web_listen(&role->address);
    if (role->listener < 0)
        return ry_role_fail(
            process, "cannot listen on %s: %s%s", process->battle->web, strerror(errno),
            errno == EADDRINUSE ? "; is another royale-web there? --web=127.0.0.1:0 "
                                  "takes a port that is free"
                                : "");
    (void)setpriority(PRIO_PROCESS, 0, RY_WEB_NICE);
    return 0;
}

/* Every ROLE.watch that was handed over and is not joined yet; later those of processes that were
 * started again, as far as there is room: one that has none is shown as it was. */
static int join_watched(struct ry_role_process *process)
{
    struct role *role = process->role;
    const char *name;
    bool joined;
    for (unsigned i = 0; (name = ry_role_handed(process, i, &joined)) != NULL; i++) {
        if (joined || !ry_role_link_is(WATCHED, name, 0, 0) || role->links.count == WATCHED_MAX)
            continue;
        if (ry_role_join(process, &role->watched[role->links.count], "%s", name) != 0)
            return -1;
        role->links.count++;
    }
    return 0;
}

static int web_join(struct ry_role_process *process)
{
    struct role *role = process->role;
    role->links = (struct ry_web_links){
        .inputs = &role->inputs, .journal = &role->journal, .watched = role->watched};
    if (ry_role_join(process, &role->inputs, "exec.inputs") != 0 ||
        ry_role_join(process, &role->journal, "journal.positions") != 0)
        return -1;
    return join_watched(process);
}

/* In the first step, not in join: the journal makes its file when it joins. */
static int start(struct ry_role_process *process)
{
    struct role *role = process->role;
    char why[RY_WEB_WHY_BYTES], text[RY_WEB_ADDRESS_BYTES];
    const struct ry_web_serving_of of = {.api = {.directory = process->directory, .inside = true},
                                         .links = &role->links,
                                         .keys = role->keys,
                                         .listener = role->listener};
    role->listener = -1;
    if (ry_web_serving_open(&role->serving, &of, why) != 0)
        return ry_role_fail(process, "%s", why);
    role->serves = true;
    ry_role_log(process, RY_LOG_INFO, "http://%s/", ry_web_address_text(text, &role->address));
    return 0;
}

/* A turn waits itself when there is nothing to do. */
static int web_step(struct ry_role_process *process)
{
    struct role *role = process->role;
    const int64_t now_ns = ry_clock_ns();
    if (!role->serves && start(process) != 0)
        return RY_ROLE_FAILED;
    if (now_ns - role->looked_ns >= LOOK_NS) {
        role->looked_ns = now_ns;
        if (join_watched(process) != 0)
            return RY_ROLE_FAILED;
    }
    ry_web_serving_turn(&role->serving);
    return ry_web_serving_over(&role->serving) ? RY_ROLE_DONE : 1;
}

static void web_close(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (role->serves)
        ry_web_serving_close(&role->serving);
    if (role->keys != NULL)
        ry_keys_close(role->keys);
}

int ry_web_role_main(int argc, char **argv)
{
    static const struct ry_role web_role = {
        .bytes = sizeof(struct role),
        .open = web_open,
        .join = web_join,
        .step = web_step,
        .close = web_close,
    };
    return ry_role_main(&web_role, argc, argv);
}
