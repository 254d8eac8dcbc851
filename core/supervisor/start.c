#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/supervisor/environment.h"
#include "core/supervisor/own_battle.h"
#include "core/supervisor/state.h"
#include "shm/denied.h"
#include "shm/records/links.h"
#include "tuning/idle.h"
#include "tuning/machine.h"

#define BINARY_BYTES (RY_BATTLE_PATH_BYTES + 64)

static bool ignored(int signal_number)
{
    struct sigaction action;
    return sigaction(signal_number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static int catch_signals(struct ry_supervisor *s)
{
    sigset_t caught;
    sigemptyset(&caught);
    sigaddset(&caught, SIGINT);
    sigaddset(&caught, SIGTERM);
    if (!ignored(SIGHUP)) /* under nohup(1) a closed terminal is no reason to stop */
        sigaddset(&caught, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &caught, &s->signals_before) != 0)
        return -1;
    s->signals = signalfd(-1, &caught, SFD_CLOEXEC | SFD_NONBLOCK);
    return s->signals < 0 ? -1 : 0;
}

/* -1 with errno, and in `call` what set it. */
static int seal_battle(const struct ry_battle *battle, const char **call)
{
    size_t bytes = ry_battle_bytes(battle->instruments);
    int fd = memfd_create("royale-battle", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    *call = "memfd_create";
    if (fd < 0)
        return -1;
    bool written = write(fd, battle, bytes) == (ssize_t)bytes;
    *call = written ? "fcntl(F_ADD_SEALS)" : "write";
    if (written &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

/* -1 with errno. */
static int make_agent_battle(const struct ry_battle *battle, unsigned agent, const char **call)
{
    struct ry_battle *own = ry_supervisor_own_battle(battle, agent);
    int fd = seal_battle(own, call);
    free(own);
    return fd;
}

static const struct ry_tuning_placed *place_of(const struct ry_supervisor *s, const char *name)
{
    const struct ry_tuning_placement *placement = s->plan->placement;
    for (unsigned i = 0; i < placement->count; i++)
        if (strcmp(placement->process[i].name, name) == 0)
            return &placement->process[i];
    return NULL;
}

static void add_role(struct ry_supervisor *s, const struct ry_supervisor_role *row, unsigned index)
{
    assert(s->result->count < RY_SUPERVISOR_MEMBERS_MAX);
    struct ry_supervisor_member *role = &s->result->role[s->result->count++];
    *role = (struct ry_supervisor_member){
        .row = row, .index = index, .log = RY_SUPERVISOR_ROLE_LOG_NONE};
    role->child = (struct ry_supervisor_child){.pidfd = -1, .socket = -1};
    ry_supervisor_topology_name(row, index, role->name);
    const struct ry_tuning_placed *place = place_of(s, role->name);
    role->core = place == NULL ? RY_TUNING_PLACEMENT_NONE : place->core;
    role->node = place == NULL ? RY_TUNING_PLACEMENT_NONE : place->node;
    role->spin = place != NULL && place->wait == RY_TUNING_SPIN;
    role->enter = place != NULL && place->enter;
    if (row->stranger && s->users.first != 0)
        role->user = s->users.first + index;
}

static void path_of(const struct ry_supervisor *s, const struct ry_supervisor_role *row,
                    char path[BINARY_BYTES])
{
    snprintf(path, BINARY_BYTES, "%s/%s", s->plan->binaries, row->binary);
}

/* A battle that runs goes on. */
static int cannot_because(struct ry_supervisor *s, const char *what, const char *which,
                          const char *why)
{
    char line[BINARY_BYTES + RY_DENIED_BYTES];
    if (s->phase != RY_SUPERVISOR_RUNNING) {
        ry_supervisor_blame(s, RY_SUPERVISOR_OUTCOME_ENVIRONMENT, -1, "cannot %s %s: %s", what,
                            which, why);
    } else {
        snprintf(line, sizeof line, "cannot %s %s: %s", what, which, why);
        ry_supervisor_show(s, line);
    }
    return -1;
}

/* `call` has failed, with errno. */
static int denied(struct ry_supervisor *s, const char *what, const char *which, const char *call)
{
    char text[RY_DENIED_BYTES];
    ry_denied_print(text, sizeof text, call, errno);
    return cannot_because(s, what, which, text);
}

static int cannot(struct ry_supervisor *s, const char *what, const char *which)
{
    return cannot_because(s, what, which, strerror(errno));
}

/* Where whoever has no core of its own may run: all that royale may use, or what keeps house. */
static const cpu_set_t *cores_of(const struct ry_supervisor *s,
                                 const struct ry_supervisor_role *row)
{
    bool hot = row->place == RY_TUNING_EXEC || row->place == RY_TUNING_FEED ||
               row->place == RY_TUNING_AGENT;
    return hot ? &s->cores : &s->house;
}

/* Forks it; `battle` and `output` are the caller's. */
static int fork_role(struct ry_supervisor *s, struct ry_supervisor_member *role, int battle,
                     int output)
{
    char binary[BINARY_BYTES], index[16];
    bool stranger = role->row->stranger;
    path_of(s, role->row, binary);
    snprintf(index, sizeof index, "%u", role->index);
    char **environment = ry_supervisor_environment(role->row, s->plan->battle);
    struct ry_supervisor_child_start start = {
        .binary = binary,
        .index = index,
        .directory = stranger ? "/" : s->plan->directory,
        .name = stranger ? s->plan->battle->agent[role->index].name : role->name,
        .battle = battle,
        .folder = stranger ? "/" : NULL,
        .session = stranger,
        .tidies = role->row->tidies,
        .environment = environment,
        .output = output,
        .errors = ry_supervisor_role_log_output(&role->log),
        .cgroup = role->enter ? RY_TUNING_PARTITION : NULL,
        .core = role->core,
        .cores = *cores_of(s, role->row),
        .node = s->plan->placement->nodes > 1 ? role->node : RY_TUNING_PLACEMENT_NONE,
    };
    int result = ry_supervisor_child_start(&role->child, &start);
    int why = errno;
    free((void *)environment);
    if (result != 0) {
        errno = why;
        return denied(s, "start", role->name, role->child.failed);
    }
    role->pid = role->child.pid;
    struct ry_role_message place = {
        .kind = RY_ROLE_TELL_PLACE,
        .core = (int16_t)role->core,
        .policy = role->spin ? RY_WAIT_SPIN : RY_WAIT_SHARE,
        .user = stranger ? role->user : s->users.first,
        .number = role->row->oom_score_adj,
    };
    snprintf(place.name, sizeof place.name, "%s", role->name);
    ry_supervisor_send(s, role, &place, -1);
    return 0;
}

static int start_stranger(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    const char *call;
    int battle = make_agent_battle(s->plan->battle, role->index, &call);
    if (battle < 0)
        return denied(s, "make the battle of", role->name, call);
    int result = fork_role(s, role, battle, ry_supervisor_role_log_output(&role->log));
    close(battle);
    return result;
}

/* To whoever started the battle. A terminal that is a screen has nobody else to write to it. */
static int start_speaker(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    bool quiet =
        s->plan->quiet || (s->plan->battle->screen != 0 && role->row->number != RY_ROLE_IF_SCREEN);
    int output = quiet ? open("/dev/null", O_WRONLY | O_CLOEXEC) : STDOUT_FILENO;
    if (output < 0)
        return cannot(s, "open", "/dev/null");
    int result = fork_role(s, role, s->battle, output);
    if (output != STDOUT_FILENO)
        close(output);
    return result;
}

int ry_supervisor_start_role(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    char binary[BINARY_BYTES], log[RY_SUPERVISOR_ROLE_LOG_NAME_BYTES];
    bool stranger = role->row->stranger;
    path_of(s, role->row, binary);
    if (access(binary, X_OK) != 0)
        return cannot(s, "execute", binary);
    ry_supervisor_role_log_name(log, role->name,
                                stranger ? s->plan->battle->agent[role->index].name : NULL);
    if (ry_supervisor_role_log_open(&role->log, s->plan->directory, log, stranger,
                                    RY_SUPERVISOR_ROLE_LOG_QUOTA) != 0)
        return cannot(s, "write", role->log.path);
    if (role->row->stranger)
        return start_stranger(s, role);
    if (role->row->speaks)
        return start_speaker(s, role);
    return fork_role(s, role, s->battle, ry_supervisor_role_log_output(&role->log));
}

/* Who is optional only looks on: without agents there is no ranking, without the program nobody
 * misses it. */
static bool takes_part(const struct ry_supervisor *s, const struct ry_supervisor_role *row)
{
    char binary[BINARY_BYTES];
    path_of(s, row, binary);
    return !row->optional || (s->plan->battle->agents > 0 && !(row->speaks && s->plan->unwatched) &&
                              access(binary, X_OK) == 0);
}

static void add_roles(struct ry_supervisor *s)
{
    const struct ry_supervisor_topology *topology = s->plan->topology;
    if (topology == NULL)
        topology = &ry_supervisor_topology;
    for (unsigned i = 0; i < topology->count; i++) {
        const struct ry_supervisor_role *row = &topology->role[i];
        unsigned processes = ry_supervisor_topology_processes(row, s->plan->battle);
        for (unsigned k = 0; takes_part(s, row) && k < processes; k++)
            add_role(s, row, k);
    }
}

static void bind_self(struct ry_supervisor *s)
{
    const struct ry_tuning_placed *own = place_of(s, ry_supervisor_self.name);
    cpu_set_t cores = s->house;
    if (own != NULL && own->core >= 0) {
        CPU_ZERO(&cores);
        CPU_SET((size_t)own->core, &cores);
    }
    if (sched_setaffinity(0, sizeof cores, &cores) != 0)
        (void)denied(s, "bind to", "the cores that keep house", "sched_setaffinity");
}

/* Who spins has a core of its own: of those, none that waits is to sleep deep. A kernel that takes
 * no promise has no such sleep. */
static void hold_idle(struct ry_supervisor *s)
{
    char text[RY_DENIED_BYTES], line[RY_DENIED_BYTES + 128];
    bool spins = false;
    for (unsigned i = 0; i < s->result->count; i++)
        spins |= s->result->role[i].spin;
    if (!spins)
        return;
    s->idle = ry_tuning_idle_hold(RY_TUNING_IDLE_PROMISE);
    if (s->idle >= 0 || s->idle == -ENOENT)
        return;
    ry_denied_print(text, sizeof text, "open", -s->idle);
    snprintf(line, sizeof line, "idle states stay as they are: " RY_TUNING_IDLE_PROMISE ": %s",
             text);
    ry_supervisor_show(s, line);
}

/* A battle does without, but not beside another one. */
static int open_door(struct ry_supervisor *s)
{
    char why[RY_ROLE_DOOR_WHY_BYTES], line[RY_ROLE_DOOR_WHY_BYTES + 64];
    switch (ry_supervisor_door_open(&s->door, s->plan->directory, why)) {
    case RY_SUPERVISOR_DOOR_OPEN: break;
    case RY_SUPERVISOR_DOOR_TAKEN:
        ry_supervisor_blame(s, RY_SUPERVISOR_OUTCOME_ENVIRONMENT, -1, "cannot run in %s: %s",
                            s->plan->directory, why);
        return -1;
    case RY_SUPERVISOR_DOOR_NONE:
        snprintf(line, sizeof line, "no door for observers: %s; the battle goes on", why);
        ry_supervisor_show(s, line);
        break;
    }
    s->door.left = RY_SUPERVISOR_DOOR_ANSWERS;
    return 0;
}

/* As root they are expected: who does without is told. */
static void take_users(struct ry_supervisor *s)
{
    char line[RY_SUPERVISOR_USERS_WHY_BYTES + 96];
    const char *file = s->plan->users;
    if (s->plan->battle->agents == 0 || s->plan->battle->processes == RY_BATTLE_PROCESSES_ONE)
        return;
    ry_supervisor_users_take(&s->users, file == NULL ? RY_SUPERVISOR_USERS_FILE : file);
    if (s->users.first == 0 && geteuid() == 0) {
        snprintf(line, sizeof line, "agents are not isolated from each other, all are nobody: %s",
                 s->users.why);
        ry_supervisor_show(s, line);
    }
}

/* Without a plan, or with too few cores for one, whatever royale may use keeps house. */
static void find_house(struct ry_supervisor *s)
{
    const struct ry_tuning_placement *placement = s->plan->placement;
    s->house = s->cores;
    if (placement->oversubscribed || ry_tuning_cpus_count(&placement->house) == 0)
        return;
    CPU_ZERO(&s->house);
    for (int cpu = ry_tuning_cpus_next(&placement->house, 0); cpu >= 0;
         cpu = ry_tuning_cpus_next(&placement->house, (unsigned)cpu + 1))
        CPU_SET((size_t)cpu, &s->house);
}

static int prepare(struct ry_supervisor *s)
{
    const char *call;
    if (catch_signals(s) != 0)
        return denied(s, "catch", "signals", "signalfd");
    s->battle = seal_battle(s->plan->battle, &call);
    if (s->battle < 0)
        return denied(s, "make", "the battle's memory", call);
    if (sched_getaffinity(0, sizeof s->before, &s->before) != 0)
        return denied(s, "ask for", "the cores", "sched_getaffinity");
    s->cores = s->before;
    if (ry_tuning_machine_in_house())
        memset(&s->cores, 0xff, sizeof s->cores); /* the kernel takes of them what there is */
    find_house(s);
    return 0;
}

void ry_supervisor_start(struct ry_supervisor *s)
{
    char why[RY_ROLE_LINK_WHY_BYTES];
    if (prepare(s) != 0)
        return;
    if (ry_role_link_make(&s->control, RY_SUPERVISOR_CONTROL_NAME, why) != 0) {
        ry_supervisor_blame(s, RY_SUPERVISOR_OUTCOME_ENVIRONMENT, -1, "cannot make %s: %s",
                            RY_SUPERVISOR_CONTROL_NAME, why);
        return;
    }
    if (open_door(s) != 0)
        return;
    take_users(s);
    add_roles(s);
    if (ry_supervisor_allow_descriptors(s) != 0)
        return;
    bind_self(s);
    hold_idle(s);
    for (unsigned i = 0; i < s->result->count && !s->stopping; i++)
        if (ry_supervisor_start_role(s, &s->result->role[i]) != 0)
            return;
}
