#include "tests/support/supervised.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/role/door.h"
#include "core/role/message.h"
#include "tests/support/test.h"

/* ---- the roles ------------------------------------------------------------------------------- */

#define LINKS 8

struct role {
    const char *variable; /* of the environment */
    struct ry_role_link made[LINKS], joined[LINKS];
    unsigned made_count, joined_count;
    pid_t exec;
    struct ry_role_link *inputs; /* exec's: a record a step */
    struct ry_ring_reader control;
    bool found_late, asked;
    int64_t starts;       /* of the exporter, this one too */
    uint64_t counters[3]; /* steps, control records, 42 */
};

static bool behaves(const struct ry_role_process *process, const char *how)
{
    const struct role *role = process->role;
    const char *value = getenv(role->variable);
    return value != NULL && strcmp(value, how) == 0;
}

static const char *variable_of(const char *name)
{
    return strncmp(name, "feed", 4) == 0   ? "FEED"
           : strncmp(name, "exec", 4) == 0 ? "EXEC"
           : strcmp(name, "export") == 0   ? "EXPORT"
                                           : "JOURNAL";
}

static int make(struct ry_role_process *process, const char *what)
{
    struct role *role = process->role;
    return ry_role_make(process, &role->made[role->made_count++], "%s", what);
}

static const struct ry_role_link *join(struct ry_role_process *process, const char *name)
{
    struct role *role = process->role;
    struct ry_role_link *link = &role->joined[role->joined_count++];
    return ry_role_join(process, link, "%s", name) == 0 ? link : NULL;
}

/* What no role of the house does: a region of any name and any size. */
static int offer_by_hand(const char *name, size_t bytes)
{
    struct ry_region region;
    struct ry_role_message message = {.kind = RY_ROLE_TELL_OFFER};
    const struct ry_role_link_row *row = ry_role_link_row(name);
    snprintf(message.name, sizeof message.name, "%s", name);
    if (ry_region_create(&region, name, row == NULL ? 1 : row->layout, 1, bytes) != RY_REGION_OK)
        return -1;
    ry_region_publish(&region);
    return ry_role_message_send(RY_ROLE_FD_SOCKET, &message, region.fd);
}

static bool stop_has_come(const struct ry_role_process *process)
{
    return ry_load_relaxed(&process->stop) != 0;
}

/* Whoever waits for something in open when the stop comes gets EINTR. */
static int wait_for_stop(struct ry_role_process *process)
{
    kill(getppid(), SIGTERM);
    while (!stop_has_come(process) || behaves(process, "slow-open"))
        usleep(1000);
    return ry_role_fail(process, "interrupted");
}

static int open_badly(struct ry_role_process *process)
{
    if (behaves(process, "fail-open"))
        return ry_role_fail(process, "no such thing as %d", 17);
    if (behaves(process, "die-open"))
        abort();
    while (behaves(process, "hang-open"))
        pause();
    if (behaves(process, "stopped-open") || behaves(process, "slow-open"))
        return wait_for_stop(process);
    if (behaves(process, "make-foreign"))
        return make(process, "secrets");
    if (behaves(process, "offer-foreign"))
        return offer_by_hand("exec.secrets", 4096);
    if (behaves(process, "offer-twice"))
        return offer_by_hand("journal.base", sizeof(struct ry_role_base));
    return behaves(process, "offer-nothing") ? 0 : 1;
}

static int open_in(const struct ry_role_process *process, const char *name, int flags)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", process->directory, name);
    return open(path, flags | O_CLOEXEC, 0600);
}

static int count_start(struct ry_role_process *process)
{
    struct role *role = process->role;
    struct stat status;
    int fd = open_in(process, "starts", O_WRONLY | O_APPEND | O_CREAT);
    if (fd < 0 || write(fd, "x", 1) != 1 || fstat(fd, &status) != 0)
        return ry_role_fail(process, "cannot count its starts");
    close(fd);
    role->starts = status.st_size;
    return 0;
}

static int open_role(struct ry_role_process *process)
{
    struct role *role = process->role;
    role->variable = variable_of(process->name);
    int bad = open_badly(process);
    if (bad <= 0)
        return bad;
    fprintf(stderr, "a line on standard error\n");
    if (strcmp(process->name, "export") == 0)
        return count_start(process);
    if (strncmp(process->name, "feed", 4) == 0)
        return make(process, "events");
    if (strcmp(process->name, "journal") == 0)
        return make(process, "positions");
    role->inputs = &role->made[0];
    int inputs = behaves(process, "small-inputs") ? offer_by_hand("exec.inputs", 4096)
                                                  : make(process, "inputs");
    return inputs | make(process, "positions");
}

static const struct ry_counter counters[] = {
    {"steps", RY_COUNTER_KIND_COUNTER, "steps", "steps of the role", ""},
    {"control", RY_COUNTER_KIND_COUNTER, "records", "control records", ""},
    {"answer", RY_COUNTER_KIND_GAUGE, "answers", "42", "ask another question"},
};
static const struct ry_counter_table table = {counters, 3};

static int join_exec(struct ry_role_process *process)
{
    static const char *const names[] = {"feed0.events", "feed1.events", "journal.positions"};
    struct role *role = process->role;
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (join(process, names[i]) == NULL)
            return -1;
    const struct ry_role_link *control = join(process, "supervisor.control");
    if (control != NULL)
        role->control = control->reader;
    return control == NULL ? -1 : 0;
}

static int join_role(struct ry_role_process *process)
{
    struct role *role = process->role;
    process->counters = role->counters;
    process->counter_table = &table;
    if (behaves(process, "fail-join"))
        return -1; /* without a word */
    if (behaves(process, "want-foreign"))
        return join(process, "exec.secrets") == NULL ? -1 : 0;
    if (strcmp(process->name, "exec") == 0)
        return join_exec(process);
    bool feed = strncmp(process->name, "feed", 4) == 0;
    const struct ry_role_link *exec = join(process, feed ? "exec.positions" : "exec.inputs");
    if (exec == NULL)
        return -1;
    role->exec = exec->pid;
    if (strcmp(process->name, "export") == 0)
        return join(process, "journal.positions") == NULL ? -1 : 0;
    return 0;
}

/* Work that only the last look before a sleep finds is work all the same: idleness starts anew. */
static int find_work_late(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (role->found_late) {
        return process->wait.idle_since_ns == 0
                   ? RY_ROLE_DONE
                   : ry_role_fail(process, "still idle after work") - 1;
    }
    role->found_late = process->wait.told;
    return role->found_late;
}

static void step_badly(struct ry_role_process *process)
{
    if (behaves(process, "die-step")) {
        ry_role_log(process, RY_LOG_INFO, "the last words");
        raise(SIGKILL);
    }
    if (behaves(process, "leave-step"))
        _exit(0);
}

/* A process of the battle asks to be an observer, or has its child ask. */
static void ask_at_door(struct ry_role_process *process)
{
    struct role *role = process->role;
    struct ry_role_door door;
    char why[RY_ROLE_DOOR_WHY_BYTES] = "let in";
    if (role->asked)
        return;
    role->asked = true;
    if (behaves(process, "observe")) {
        (void)ry_role_door_enter(&door, process->directory, why);
        ry_role_log(process, RY_LOG_INFO, "at the door: %s", why);
        return;
    }
    pid_t pid = fork();
    if (pid == 0) {
        bool belongs = ry_role_door_enter(&door, process->directory, why) != 0 &&
                       strstr(why, "belongs to the battle") != NULL;
        _exit(belongs ? 17 : 0);
    }
    int status = 0;
    (void)waitpid(pid, &status, 0);
    ry_role_log(process, RY_LOG_INFO, "at the door: a child's %d", WEXITSTATUS(status));
}

static int hear(struct ry_role_process *process, const struct ry_control *record)
{
    struct role *role = process->role;
    if (behaves(process, "deaf"))
        return 0;
    if (record->kind == RY_CONTROL_FEED_DIED && behaves(process, "enough"))
        return RY_ROLE_DONE; /* the battle is over without what that feed lacks */
    if (record->kind == RY_CONTROL_FEED_DIED)
        return ry_role_fail(process, "feed %u has died", record->index) - 1;
    role->counters[1] += record->kind;
    return RY_ROLE_DONE;
}

/* "dies-3": in its first three starts; so does "final-1" and "again-1" with their exit codes. */
static bool bad_start(const struct ry_role_process *process, const char *how)
{
    const struct role *role = process->role;
    const char *value = getenv(role->variable);
    size_t length = strlen(how);
    return value != NULL && strncmp(value, how, length) == 0 && value[length] == '-' &&
           role->starts <= atoi(value + length + 1);
}

static int step_export(struct ry_role_process *process)
{
    struct role *role = process->role;
    uint64_t record[RY_RING_RECORD_BYTES_MAX / 8];
    const bool over = kill(role->exec, 0) != 0;
    if (bad_start(process, "dies") || (over && bad_start(process, "late")))
        raise(SIGKILL);
    process->exit_code = bad_start(process, "final")   ? RY_ROLE_EXIT_FINAL
                         : bad_start(process, "again") ? RY_ROLE_EXIT_AGAIN
                                                       : 0;
    if (process->exit_code != 0)
        return ry_role_fail(process, "start %d was a bad one", (int)role->starts) - 1;
    if (ry_ring_read(&role->joined[0].reader, record) != 0)
        close(open_in(process, "enough", O_WRONLY | O_CREAT));
    role->counters[0]++;
    return over && !behaves(process, "hang") ? RY_ROLE_DONE : 0;
}

/* exec, as long as DIR/enough is not there. */
static int step_until_enough(struct ry_role_process *process)
{
    const struct role *role = process->role;
    int fd = open_in(process, "enough", O_RDONLY);
    if (fd >= 0)
        close(fd);
    ry_ring_write(&role->inputs->writer, (uint64_t[RY_RING_PAYLOAD / 8]){0}, 1);
    return fd >= 0 ? RY_ROLE_DONE : 0;
}

static int step_role(struct ry_role_process *process)
{
    union {
        struct ry_control record;
        unsigned char room[RY_RING_RECORD_BYTES_MAX];
    } control;
    struct role *role = process->role;
    step_badly(process);
    if (behaves(process, "observe") || behaves(process, "observe-child"))
        ask_at_door(process);
    if (behaves(process, "fail-step"))
        return ry_role_fail(process, "the wheel came off") - 1; /* RY_ROLE_FAILED */
    if (role->control.slot != NULL && ry_ring_read(&role->control, &control) == 1)
        return hear(process, &control.record);
    role->counters[2] = 42;
    if (strcmp(process->name, "export") == 0)
        return step_export(process);
    if (behaves(process, "until-enough"))
        return step_until_enough(process);
    if (behaves(process, "last-look"))
        return find_work_late(process);
    if (behaves(process, "after-exec"))
        return kill(role->exec, 0) != 0 ? RY_ROLE_DONE : 0; /* reaped by the supervisor */
    if (behaves(process, "hang") || behaves(process, "enough") || behaves(process, "deaf") ||
        behaves(process, "die-stopped"))
        return 0;
    if (role->inputs != NULL)
        ry_ring_write(&role->inputs->writer, (uint64_t[RY_RING_PAYLOAD / 8]){0}, 1);
    return ++role->counters[0] == RY_TEST_ROLE_STEPS ? RY_ROLE_DONE : 1;
}

static void close_role(struct ry_role_process *process)
{
    if (behaves(process, "die-stopped") && stop_has_come(process)) {
        signal(SIGTERM, SIG_DFL);
        raise(SIGTERM);
    }
    ry_role_log(process, RY_LOG_INFO, "closed");
}

bool ry_test_is_role(const char *program)
{
    const char *name = strrchr(program, '/');
    return name != NULL && strncmp(name, "/royale-", 8) == 0;
}

int ry_test_role_main(int argc, char **argv)
{
    static const struct ry_role role = {.bytes = sizeof(struct role),
                                        .open = open_role,
                                        .join = join_role,
                                        .step = step_role,
                                        .close = close_role};
    return ry_role_main(&role, argc, argv);
}

/* ---- the battles ----------------------------------------------------------------------------- */

struct ry_test_supervised ry_test_supervised;

void ry_test_supervised_binary(const char *name)
{
    char own[PATH_MAX] = {0}, path[PATH_MAX];
    ck_assert_int_gt((int)readlink("/proc/self/exe", own, sizeof own - 1), 0);
    snprintf(path, sizeof path, "%s/%s", ry_test_supervised.folder, name);
    ck_assert_int_eq(symlink(own, path), 0);
}

void ry_test_supervised_set_up(void)
{
    struct ry_test_supervised *t = &ry_test_supervised;
    char log[64];
    strcpy(t->folder, "/tmp/royale-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(t->folder));
    ry_test_supervised_binary("royale-exec");
    ry_test_supervised_binary("royale-feed");
    ry_test_supervised_binary("royale-journal");
    ry_test_supervised_binary("royale-export");
    snprintf(t->directory, sizeof t->directory, "%s/run", t->folder);
    snprintf(log, sizeof log, "%s/run/log", t->folder);
    ck_assert_int_eq(mkdir(t->directory, 0755) | mkdir(log, 0755), 0);
    t->battle = (struct ry_battle){.abi = RY_BATTLE_ABI, .feeds = 2};
    t->placement = (struct ry_tuning_placement){.count = 0};
    t->plan = (struct ry_supervisor_plan){.battle = &t->battle,
                                          .directory = t->directory,
                                          .binaries = t->folder,
                                          .placement = &t->placement};
    unsetenv("EXEC");
    unsetenv("FEED");
    unsetenv("JOURNAL");
    unsetenv("EXPORT");
    /* What a dead supervisor leaves becomes ours to count. */
    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

void ry_test_supervised_tear_down(void)
{
    char command[PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -rf %s", ry_test_supervised.folder);
    ck_assert_int_eq(system(command), 0);
}

void ry_test_supervised_run(void)
{
    ry_supervisor_run(&ry_test_supervised.plan, &ry_test_supervised.result);
}

void ry_test_nobody_is_left(void)
{
    const struct ry_supervisor_result *result = &ry_test_supervised.result;
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    for (unsigned i = 0; i < result->count; i++)
        ck_assert_int_eq(result->role[i].child.pid, 0);
}

unsigned ry_test_open_descriptors(void)
{
    unsigned count = 0;
    DIR *opened = opendir("/proc/self/fd");
    while (readdir(opened) != NULL)
        count++;
    closedir(opened);
    return count;
}

const char *ry_test_log_of(const char *name)
{
    static char text[1 << 14];
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/log/%s.log", ry_test_supervised.directory, name);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* ---- a supervisor in a process of its own ---------------------------------------------------- */

static int told[2]; /* the pids of the running roles, once */

static void tell_pids(void *context, const struct ry_supervisor_member *roles, unsigned count)
{
    static bool done;
    pid_t pids[4] = {0};
    (void)context;
    for (unsigned i = 0; i < count && i < 4; i++) {
        pids[i] = roles[i].pid;
        if (roles[i].counters_count != 3 + RY_ROLE_COUNTERS || roles[i].counters[2] != 42)
            return; /* has not stepped yet */
    }
    if (!done)
        done = write(told[1], pids, sizeof pids) == (ssize_t)sizeof pids;
}

pid_t ry_test_supervised_start(pid_t pids[4])
{
    ck_assert_int_eq(pipe2(told, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        const struct ry_supervisor_result *result = &ry_test_supervised.result;
        ry_test_supervised.plan.hooks.progress = tell_pids;
        ry_test_supervised_run();
        _exit((int)result->outcome * 64 + result->signal * 2 + result->in_order);
    }
    ck_assert_int_eq((int)read(told[0], pids, 4 * sizeof *pids), (int)(4 * sizeof *pids));
    return pid;
}
