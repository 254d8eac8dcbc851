#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/run/links.h"
#include "core/supervisor/state.h"

static int catch_signals(struct ry_supervisor *s)
{
    sigset_t caught;
    sigemptyset(&caught);
    sigaddset(&caught, SIGINT);
    sigaddset(&caught, SIGTERM);
    sigaddset(&caught, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &caught, &s->signals_before) != 0) {
        return -1;
    }
    s->signals = signalfd(-1, &caught, SFD_CLOEXEC | SFD_NONBLOCK);
    return s->signals < 0 ? -1 : 0;
}

static int make_battle(struct ry_supervisor *s)
{
    const struct ry_battle *battle = s->plan->battle;
    size_t bytes = ry_battle_bytes(battle->instruments);
    s->battle = memfd_create("royale-battle", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (s->battle < 0 || write(s->battle, battle, bytes) != (ssize_t)bytes) {
        return -1;
    }
    return fcntl(s->battle, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
}

static int make_control(struct ry_supervisor *s)
{
    int error = ry_region_create(&s->control, RY_CONTROL_NAME, RY_LAYOUT_CONTROL, 1,
                                 ry_ring_footprint(RY_CONTROL_SLOTS));
    if (error != RY_REGION_OK) {
        return -1;
    }
    ry_ring_create(&s->control_ring, ry_region_body(&s->control), RY_CONTROL_SLOTS);
    ry_region_publish(&s->control);
    return 0;
}

static const struct ry_placed *place_of(const struct ry_supervisor *s, const char *name)
{
    const struct ry_placement *placement = s->plan->placement;
    for (unsigned i = 0; i < placement->count; i++) {
        if (strcmp(placement->process[i].name, name) == 0) {
            return &placement->process[i];
        }
    }
    return NULL;
}

static void add_role(struct ry_supervisor *s, enum ry_role_kind kind, unsigned index)
{
    const struct ry_topology_role *row = &ry_topology[kind];
    struct ry_supervised *role = &s->result->role[s->result->count++];
    *role = (struct ry_supervised){.role = row, .kind = kind, .index = index};
    role->child = (struct ry_child){.pidfd = -1, .socket = -1};
    role->base.fd = -1;
    if (row->numbered) {
        snprintf(role->name, sizeof role->name, "%s%u", row->name, index);
    } else {
        snprintf(role->name, sizeof role->name, "%s", row->name);
    }
    const struct ry_placed *place = place_of(s, role->name);
    role->core = place == NULL ? RY_PLACEMENT_NONE : place->core;
    role->spin = place != NULL && place->spin;
}

static int start_role(struct ry_supervisor *s, struct ry_supervised *role)
{
    char binary[RY_PATH_BYTES + 64], index[16];
    snprintf(binary, sizeof binary, "%s/%s", s->plan->binaries, role->role->binary);
    snprintf(index, sizeof index, "%u", role->index);
    if (access(binary, X_OK) != 0) {
        ry_supervisor_blame(s, RY_OUTCOME_ENVIRONMENT, -1, "cannot execute %s: %s", binary,
                            strerror(errno));
        return -1;
    }
    if (ry_role_log_open(&role->log, s->plan->directory, role->name) != 0) {
        ry_supervisor_blame(s, RY_OUTCOME_ENVIRONMENT, -1, "cannot write %s: %s", role->log.path,
                            strerror(errno));
        return -1;
    }
    struct ry_child_start start = {
        .binary = binary,
        .index = index,
        .directory = s->plan->directory,
        .battle = s->battle,
        .output = fileno(role->log.file),
        .core = role->core,
        .cores = s->cores,
    };
    if (ry_child_start(&role->child, &start) != 0) {
        ry_supervisor_blame(s, RY_OUTCOME_ENVIRONMENT, -1, "cannot start %s: %s", role->name,
                            strerror(errno));
        return -1;
    }
    role->pid = role->child.pid;
    struct ry_message place = {
        .kind = RY_MSG_PLACE,
        .core = (int16_t)role->core,
        .policy = role->spin ? RY_WAIT_SPIN : RY_WAIT_SHARE,
    };
    ry_supervisor_send(s, role, &place, -1);
    return 0;
}

static void bind_self(struct ry_supervisor *s)
{
    const struct ry_placed *own = place_of(s, "supervisor");
    if (own == NULL || own->core < 0) {
        return;
    }
    cpu_set_t core;
    CPU_ZERO(&core);
    CPU_SET((size_t)own->core, &core);
    if (sched_setaffinity(0, sizeof core, &core) != 0) {
        ry_supervisor_blame(s, RY_OUTCOME_ENVIRONMENT, -1, "cannot bind to core %d: %s", own->core,
                            strerror(errno));
    }
}

void ry_supervisor_start(struct ry_supervisor *s)
{
    if (catch_signals(s) != 0 || make_battle(s) != 0 || make_control(s) != 0 ||
        sched_getaffinity(0, sizeof s->cores, &s->cores) != 0) {
        ry_supervisor_blame(s, RY_OUTCOME_ENVIRONMENT, -1, "cannot start: %s", strerror(errno));
        return;
    }
    add_role(s, RY_ROLE_EXEC, 0);
    for (unsigned i = 0; i < s->plan->battle->feeds; i++) {
        add_role(s, RY_ROLE_FEED, i);
    }
    add_role(s, RY_ROLE_JOURNAL, 0);
    bind_self(s);
    for (unsigned i = 0; i < s->result->count && !s->stopping; i++) {
        if (start_role(s, &s->result->role[i]) != 0) {
            return;
        }
    }
}
