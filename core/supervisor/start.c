#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/supervisor/state.h"
#include "shm/records/links.h"

#define BINARY_BYTES (RY_BATTLE_PATH_BYTES + 64)

static int catch_signals(struct ry_supervisor *s)
{
    sigset_t caught;
    sigemptyset(&caught);
    sigaddset(&caught, SIGINT);
    sigaddset(&caught, SIGTERM);
    sigaddset(&caught, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &caught, &s->signals_before) != 0)
        return -1;
    s->signals = signalfd(-1, &caught, SFD_CLOEXEC | SFD_NONBLOCK);
    return s->signals < 0 ? -1 : 0;
}

static int seal_battle(const struct ry_battle *battle)
{
    size_t bytes = ry_battle_bytes(battle->instruments);
    int fd = memfd_create("royale-battle", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return -1;
    if (write(fd, battle, bytes) != (ssize_t)bytes ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int make_battle(struct ry_supervisor *s)
{
    s->battle = seal_battle(s->plan->battle);
    return s->battle < 0 ? -1 : 0;
}

/* Who knew the battle's seed would know the others' random numbers and latencies. BLAKE2b does not
 * lead back to it but by trying: a seed that a strategy can count up to it can find
 * (RY_SUPERVISOR_SEED_GUESSABLE). */
static uint64_t seed_of(const struct ry_battle *battle, unsigned agent)
{
    static const unsigned char domain[crypto_generichash_KEYBYTES] = "royale: the seed of an agent";
    unsigned char digest[crypto_generichash_BYTES];
    uint64_t message[2] = {battle->seed, agent}, seed;
    int failed = crypto_generichash(digest, sizeof digest, (const unsigned char *)message,
                                    sizeof message, domain, sizeof domain);
    assert(failed == 0);
    memcpy(&seed, digest, sizeof seed);
    return seed;
}

/* The battle as one agent may know it: its own entry, no feed, no core of anybody. -1 with errno.
 */
static int make_agent_battle(const struct ry_battle *battle, unsigned agent)
{
    size_t bytes = ry_battle_bytes(battle->instruments);
    struct ry_battle *own = malloc(bytes);
    assert(own != NULL);
    memcpy(own, battle, bytes);
    memset(own->agent, 0, sizeof own->agent);
    memset(own->feed, 0, sizeof own->feed);
    own->agent[agent] = battle->agent[agent];
    own->seed = seed_of(battle, agent);
    int fd = seal_battle(own);
    free(own);
    return fd;
}

static int make_control(struct ry_supervisor *s)
{
    int error = ry_region_create(&s->control, RY_SUPERVISOR_CONTROL_NAME, RY_LAYOUT_CONTROL, 1,
                                 ry_ring_footprint(RY_CONTROL_SLOTS));
    if (error != RY_REGION_OK)
        return -1;
    ry_ring_create(&s->control_ring, ry_region_body(&s->control), RY_CONTROL_SLOTS);
    ry_region_publish(&s->control);
    return 0;
}

static const struct ry_tuning_placed *place_of(const struct ry_supervisor *s, const char *name)
{
    const struct ry_tuning_placement *placement = s->plan->placement;
    for (unsigned i = 0; i < placement->count; i++)
        if (strcmp(placement->process[i].name, name) == 0)
            return &placement->process[i];
    return NULL;
}

static void add_role(struct ry_supervisor *s, enum ry_supervisor_role_kind kind, unsigned index)
{
    const struct ry_supervisor_topology_role *row = &ry_supervisor_topology[kind];
    struct ry_supervisor_member *role = &s->result->role[s->result->count++];
    *role = (struct ry_supervisor_member){.role = row, .kind = kind, .index = index};
    role->child = (struct ry_supervisor_child){.pidfd = -1, .socket = -1};
    role->base.fd = -1;
    if (row->numbered)
        snprintf(role->name, sizeof role->name, "%s%u", row->name, index);
    else
        snprintf(role->name, sizeof role->name, "%s", row->name);
    const char *where = kind == RY_SUPERVISOR_ROLE_VIEW ? "supervisor" : role->name;
    const struct ry_tuning_placed *place = place_of(s, where);
    role->core = place == NULL ? RY_TUNING_PLACEMENT_NONE : place->core;
    role->spin = place != NULL && place->spin && kind != RY_SUPERVISOR_ROLE_VIEW;
}

static void path_of(const struct ry_supervisor *s, const struct ry_supervisor_topology_role *role,
                    char path[BINARY_BYTES])
{
    snprintf(path, BINARY_BYTES, "%s/%s", s->plan->binaries, role->binary);
}

static int cannot(struct ry_supervisor *s, const char *what, const char *which)
{
    ry_supervisor_blame(s, RY_SUPERVISOR_OUTCOME_ENVIRONMENT, -1, "cannot %s %s: %s", what, which,
                        strerror(errno));
    return -1;
}

/* What an agent's process is given of ours, beside LANG: what its libraries must know. No token, no
 * path of a home. */
static const char *const passed_on[] = {
    "PATH", "TZ", "GLIBC_TUNABLES", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS",
};
#define PASSED_ON (sizeof passed_on / sizeof *passed_on)

struct agent_environment {
    char *text[PASSED_ON];
    char *list[PASSED_ON + 2];
};

static void environment_make(struct agent_environment *environment)
{
    static char language[] = "LANG=C";
    unsigned count = 0;
    *environment = (struct agent_environment){.list = {language}};
    for (unsigned i = 0; i < PASSED_ON; i++) {
        const char *value = getenv(passed_on[i]);
        if (value != NULL) {
            int bytes = asprintf(&environment->text[count], "%s=%s", passed_on[i], value);
            assert(bytes > 0);
            environment->list[count + 1] = environment->text[count];
            count++;
        }
    }
}

static void environment_free(struct agent_environment *environment)
{
    for (unsigned i = 0; i < PASSED_ON; i++)
        free(environment->text[i]);
}

/* Forks it; `battle` and `output` are the caller's. */
static int fork_role(struct ry_supervisor *s, struct ry_supervisor_member *role, int battle,
                     int output)
{
    char binary[BINARY_BYTES], index[16];
    bool agent = role->kind == RY_SUPERVISOR_ROLE_AGENT;
    path_of(s, role->role, binary);
    snprintf(index, sizeof index, "%u", role->index);
    struct agent_environment environment;
    environment_make(&environment);
    struct ry_supervisor_child_start start = {
        .binary = binary,
        .index = index,
        .directory = agent ? "/" : s->plan->directory,
        .battle = battle,
        .folder = agent ? "/" : NULL,
        .environment = agent ? environment.list : NULL,
        .output = output,
        .errors = fileno(role->log.file),
        .core = role->core,
        .cores = s->cores,
    };
    int result = ry_supervisor_child_start(&role->child, &start);
    int why = errno;
    environment_free(&environment);
    if (result != 0) {
        errno = why;
        return cannot(s, "start", role->name);
    }
    role->pid = role->child.pid;
    struct ry_role_message place = {
        .kind = RY_ROLE_TELL_PLACE,
        .core = (int16_t)role->core,
        .policy = role->spin ? RY_WAIT_SPIN : RY_WAIT_SHARE,
    };
    ry_supervisor_send(s, role, &place, -1);
    return 0;
}

static int start_agent(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    int battle = make_agent_battle(s->plan->battle, role->index);
    if (battle < 0)
        return cannot(s, "make the battle of", role->name);
    int result = fork_role(s, role, battle, fileno(role->log.file));
    close(battle);
    return result;
}

/* It speaks to whoever started the battle. */
static int start_view(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    int output = s->plan->quiet ? open("/dev/null", O_WRONLY | O_CLOEXEC) : STDOUT_FILENO;
    if (output < 0)
        return cannot(s, "open", "/dev/null");
    int result = fork_role(s, role, s->battle, output);
    if (output != STDOUT_FILENO)
        close(output);
    return result;
}

static int start_role(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    char binary[BINARY_BYTES];
    path_of(s, role->role, binary);
    if (access(binary, X_OK) != 0)
        return cannot(s, "execute", binary);
    if (ry_supervisor_role_log_open(&role->log, s->plan->directory, role->name) != 0)
        return cannot(s, "write", role->log.path);
    switch (role->kind) {
    case RY_SUPERVISOR_ROLE_AGENT: return start_agent(s, role);
    case RY_SUPERVISOR_ROLE_VIEW: return start_view(s, role);
    case RY_SUPERVISOR_ROLE_EXEC:
    case RY_SUPERVISOR_ROLE_FEED:
    case RY_SUPERVISOR_ROLE_JOURNAL:
    case RY_SUPERVISOR_ROLE_KINDS: break;
    }
    return fork_role(s, role, s->battle, fileno(role->log.file));
}

/* Only who can be seen: without agents there is no ranking, without the program nobody misses it.
 */
static bool has_view(const struct ry_supervisor *s)
{
    char binary[BINARY_BYTES];
    path_of(s, &ry_supervisor_topology[RY_SUPERVISOR_ROLE_VIEW], binary);
    return s->plan->battle->agents > 0 && access(binary, X_OK) == 0;
}

static void bind_self(struct ry_supervisor *s)
{
    const struct ry_tuning_placed *own = place_of(s, "supervisor");
    if (own == NULL || own->core < 0)
        return;
    cpu_set_t core;
    CPU_ZERO(&core);
    CPU_SET((size_t)own->core, &core);
    if (sched_setaffinity(0, sizeof core, &core) != 0) {
        ry_supervisor_blame(s, RY_SUPERVISOR_OUTCOME_ENVIRONMENT, -1, "cannot bind to core %d: %s",
                            own->core, strerror(errno));
    }
}

void ry_supervisor_start(struct ry_supervisor *s)
{
    if (catch_signals(s) != 0 || make_battle(s) != 0 || make_control(s) != 0 ||
        sched_getaffinity(0, sizeof s->cores, &s->cores) != 0) {
        ry_supervisor_blame(s, RY_SUPERVISOR_OUTCOME_ENVIRONMENT, -1, "cannot start: %s",
                            strerror(errno));
        return;
    }
    add_role(s, RY_SUPERVISOR_ROLE_EXEC, 0);
    for (unsigned i = 0; i < s->plan->battle->feeds; i++)
        add_role(s, RY_SUPERVISOR_ROLE_FEED, i);
    add_role(s, RY_SUPERVISOR_ROLE_JOURNAL, 0);
    for (unsigned i = 0; i < s->plan->battle->agents; i++)
        add_role(s, RY_SUPERVISOR_ROLE_AGENT, i);
    if (has_view(s))
        add_role(s, RY_SUPERVISOR_ROLE_VIEW, 0);
    bind_self(s);
    for (unsigned i = 0; i < s->result->count && !s->stopping; i++)
        if (start_role(s, &s->result->role[i]) != 0)
            return;
}
