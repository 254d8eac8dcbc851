/*
 * The supervisor and the run loop, with real processes: this program itself is started under the
 * roles' names and then behaves as the test wants it to.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/supervisor/supervisor.h"
#include "shm/records/links.h"
#include "tests/support/test.h"

#define STEPS          1000 /* of a role that behaves */
#define ENOUGH_SECONDS 60

/* ---- the roles
 * --------------------------------------------------------------------------------------------- */

/* What a test asks of a role: environment variables EXEC, FEED, JOURNAL. */
static struct {
    const char *name, *variable;
    struct ry_region out[RY_SUPERVISOR_TOPOLOGY_LINKS_MAX], in[16];
    struct ry_ring_writer ring;
    struct ry_ring_reader control;
    uint64_t counters[3]; /* steps, control records, 42 */
} self;

static bool behaves(const char *how)
{
    const char *value = getenv(self.variable);
    return value != NULL && strcmp(value, how) == 0;
}

static int offer(struct ry_role_process *process, unsigned slot, const char *what, uint64_t layout)
{
    char name[64];
    snprintf(name, sizeof name, "%s.%s", process->name, what);
    if (ry_region_create(&self.out[slot], name, layout, 1, 4096) != RY_REGION_OK)
        return ry_role_fail(process, "cannot make %s", name);
    ry_region_publish(&self.out[slot]);
    return ry_role_offer(process, name, &self.out[slot]);
}

static bool stop_has_come(const struct ry_role_process *process)
{
    return ry_load_relaxed(&process->stop) != 0;
}

static int open_role(struct ry_role_process *process)
{
    if (behaves("fail-open"))
        return ry_role_fail(process, "no such thing as %d", 17);
    if (behaves("die-open"))
        abort();
    if (behaves("hang-open"))
        for (;;)
            pause();
    if (behaves("stopped-open") || behaves("slow-open")) {
        /* Whoever waits for something in open when the stop comes gets EINTR. */
        kill(getppid(), SIGTERM);
        while (!stop_has_come(process))
            usleep(1000);
        return behaves("slow-open") ? raise(SIGALRM) : ry_role_fail(process, "interrupted");
    }
    if (behaves("offer-nothing"))
        return 0;
    if (behaves("offer-foreign"))
        return offer(process, 0, "secrets", 1);
    if (behaves("offer-twice"))
        return offer(process, 0, "base", RY_LAYOUT_BASE);
    fprintf(stderr, "a line on standard error\n");
    if (strcmp(self.name, "feed") == 0)
        return offer(process, 0, "events", RY_LAYOUT_EVENTS);
    if (strcmp(self.name, "journal") == 0)
        return offer(process, 0, "positions", RY_LAYOUT_JOURNAL);
    return offer(process, 0, "positions", RY_LAYOUT_POSITIONS) |
           offer(process, 1, "inputs", RY_LAYOUT_INPUTS) |
           offer(process, 2, "market", RY_LAYOUT_MARKET);
}

static const struct ry_counter counters[] = {
    {"steps", RY_COUNTER_KIND_COUNTER, "steps", "steps of the role", ""},
    {"control", RY_COUNTER_KIND_COUNTER, "records", "control records", ""},
    {"answer", RY_COUNTER_KIND_GAUGE, "answers", "42", "ask another question"},
};
static const struct ry_counter_table table = {counters, 3};

static int join_role(struct ry_role_process *process)
{
    process->counters = self.counters;
    process->counter_table = &table;
    if (behaves("fail-join"))
        return -1; /* without a word */
    if (behaves("want-foreign"))
        return ry_role_wanted(process, "exec.secrets", 1, &self.in[0]);
    if (behaves("want-layout"))
        return ry_role_wanted(process, "exec.base", 1, &self.in[0]);
    if (strcmp(self.name, "feed") == 0) {
        return ry_role_wanted(process, "exec.positions", RY_LAYOUT_POSITIONS, &self.in[0]) |
               ry_role_wanted(process, "exec.base", RY_LAYOUT_BASE, &self.in[1]);
    }
    if (strcmp(self.name, "journal") == 0) {
        return ry_role_wanted(process, "exec.inputs", RY_LAYOUT_INPUTS, &self.in[0]) |
               ry_role_wanted(process, "exec.base", RY_LAYOUT_BASE, &self.in[1]);
    }
    int result = ry_role_wanted(process, "feed0.events", RY_LAYOUT_EVENTS, &self.in[0]) |
                 ry_role_wanted(process, "feed1.events", RY_LAYOUT_EVENTS, &self.in[1]) |
                 ry_role_wanted(process, "feed0.base", RY_LAYOUT_BASE, &self.in[2]) |
                 ry_role_wanted(process, "feed1.base", RY_LAYOUT_BASE, &self.in[3]) |
                 ry_role_wanted(process, "journal.positions", RY_LAYOUT_JOURNAL, &self.in[4]) |
                 ry_role_wanted(process, "journal.base", RY_LAYOUT_BASE, &self.in[5]) |
                 ry_role_wanted(process, "supervisor.control", RY_LAYOUT_CONTROL, &self.in[6]);
    return result != 0 ? -1
                       : ry_ring_join(&self.control, ry_region_body(&self.in[6]),
                                      ry_region_body_bytes(&self.in[6]));
}

/* Work that only the last look before parking finds is work all the same: idleness starts anew. */
static int find_work_late(struct ry_role_process *process)
{
    static bool found;
    if (found) {
        return process->wait.idle_since_ns == 0
                   ? RY_ROLE_DONE
                   : ry_role_fail(process, "still idle after work") - 1;
    }
    found = ry_load_relaxed(&process->base->park.parked) == 1;
    return found;
}

static int step_role(struct ry_role_process *process)
{
    union {
        struct ry_control record;
        unsigned char room[RY_RING_RECORD_BYTES_MAX];
    } control;
    if (behaves("fail-step"))
        return ry_role_fail(process, "the wheel came off") - 1; /* RY_ROLE_FAILED */
    if (behaves("die-step")) {
        ry_role_log(process, RY_LOG_INFO, "the last words");
        raise(SIGKILL);
    }
    if (behaves("leave-step"))
        _exit(0);
    if (self.control.slot != NULL && ry_ring_read(&self.control, &control) == 1) {
        if (behaves("deaf"))
            return 0;
        if (control.record.kind == RY_CONTROL_FEED_DIED)
            return ry_role_fail(process, "feed %u has died", control.record.index) - 1;
        self.counters[1] += control.record.kind;
        return RY_ROLE_DONE;
    }
    self.counters[2] = 42;
    if (behaves("last-look"))
        return find_work_late(process);
    if (behaves("after-exec")) {
        const struct ry_role_base *exec = ry_region_body(&self.in[1]);
        return ry_load_relaxed(&exec->phase) == RY_ROLE_PHASE_CLOSED ? RY_ROLE_DONE : 0;
    }
    if (behaves("hang") || behaves("deaf") || behaves("die-stopped"))
        return 0;
    return ++self.counters[0] == STEPS ? RY_ROLE_DONE : 1;
}

static void close_role(struct ry_role_process *process)
{
    if (behaves("die-stopped") && stop_has_come(process)) {
        signal(SIGTERM, SIG_DFL);
        raise(SIGTERM);
    }
    ry_role_log(process, RY_LOG_INFO, "closed");
}

static int role_main(const char *name, int argc, char **argv)
{
    static struct ry_role role = {
        .open = open_role, .join = join_role, .step = step_role, .close = close_role};
    self.name = role.name = name;
    role.numbered = strcmp(name, "feed") == 0;
    self.variable = strcmp(name, "feed") == 0   ? "FEED"
                    : strcmp(name, "exec") == 0 ? "EXEC"
                                                : "JOURNAL";
    return ry_role_main(&role, argc, argv);
}

/* ---- the battles
 * -------------------------------------------------------------------------------------------- */

static char folder[] = "/tmp/royale-test-XXXXXX", directory[PATH_MAX];
static struct ry_battle battle = {.abi = RY_BATTLE_ABI, .feeds = 2};
static struct ry_tuning_placement placement;
static struct ry_supervisor_result result;
static struct ry_supervisor_plan plan = {
    .battle = &battle, .directory = directory, .binaries = folder, .placement = &placement};

static void set_up(void)
{
    static const char *const names[] = {"royale-exec", "royale-feed", "royale-journal"};
    char own[PATH_MAX] = {0}, path[PATH_MAX + 32], log[PATH_MAX + 8];
    strcpy(folder, "/tmp/royale-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_gt((int)readlink("/proc/self/exe", own, sizeof own - 1), 0);
    for (unsigned i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        ck_assert_int_eq(symlink(own, path), 0);
    }
    snprintf(directory, sizeof directory, "%s/run", folder);
    snprintf(log, sizeof log, "%s/log", directory);
    ck_assert_int_eq(mkdir(directory, 0755) | mkdir(log, 0755), 0);
    placement = (struct ry_tuning_placement){.count = 0};
    unsetenv("EXEC");
    unsetenv("FEED");
    unsetenv("JOURNAL");
    /* What a dead supervisor leaves becomes ours to count. */
    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

static void tear_down(void)
{
    char command[PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

/* No process of ours is left: neither running nor unreaped. */
static void nobody_is_left(void)
{
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    for (unsigned i = 0; i < result.count; i++)
        ck_assert_int_eq(result.role[i].child.pid, 0);
}

static unsigned open_descriptors(void)
{
    unsigned count = 0;
    DIR *opened = opendir("/proc/self/fd");
    while (readdir(opened) != NULL)
        count++;
    closedir(opened);
    return count;
}

static const char *log_of(const char *name)
{
    static char text[1 << 14];
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/log/%s.log", directory, name);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

START_TEST(a_battle_to_its_end)
{
    unsigned before = open_descriptors();
    ry_supervisor_run(&plan, &result);
    ck_assert_msg(result.outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result.text);
    ck_assert(result.in_order);
    ck_assert_int_eq(result.signal, 0);
    ck_assert_int_gt(result.run_ns, 0);
    ck_assert_uint_eq(result.count, 4);
    /* Feeds may be stopped before their first step: exec was done. */
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_uint_eq(result.role[i].counters_count, 3);
        ck_assert_uint_eq(result.role[i].counters_are.count, 3);
        ck_assert_str_eq(ry_counters_described(&result.role[i].counters_are, 2).name, "answer");
        ck_assert_str_eq(ry_counters_described(&result.role[i].counters_are, 2).remedy,
                         "ask another question");
    }
    ck_assert_uint_eq(result.role[0].counters[0], STEPS);
    ck_assert_uint_eq(result.role[0].counters[2], 42);
    ck_assert_uint_eq(result.role[3].counters[0], STEPS);
    const char *log = log_of("feed1");
    ck_assert_ptr_nonnull(strstr(log, "a line on standard error\n"));
    ck_assert_ptr_nonnull(strstr(log, "closed\n"));
    ck_assert_ptr_nonnull(strstr(log, "not bound to a core"));
    nobody_is_left();
    ck_assert_uint_eq(open_descriptors(), before);
}
END_TEST

START_TEST(the_last_look_is_work)
{
    setenv("JOURNAL", "last-look", 1);
    ry_supervisor_run(&plan, &result);
    ck_assert_msg(result.outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result.text);
    nobody_is_left();
}
END_TEST

/* exec done: feeds that go on are stopped, and that is no death. */
START_TEST(feeds_need_not_end)
{
    setenv("FEED", "hang", 1);
    ry_supervisor_run(&plan, &result);
    ck_assert_msg(result.outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result.text);
    ck_assert(result.in_order);
    ck_assert_ptr_nonnull(strstr(log_of("feed0"), "stopped by SIGTERM"));
    nobody_is_left();
}
END_TEST

static const struct death {
    const char *variable, *how, *text, *log;
} deaths[] = {
    {"FEED", "fail-open", "feed0 died: no such thing as 17 (exit code 1)", "no such thing as 17"},
    {"EXEC", "die-open", "exec died: killed by signal 6 (Aborted)", ""},
    {"JOURNAL", "fail-join", "journal died: joining failed (exit code 1)", "joining failed"},
    {"FEED", "want-foreign", "feed0 died: nobody offers exec.secrets (exit code 1)",
     "nobody offers"},
    {"JOURNAL", "want-layout", "journal died: cannot map exec.base: ", "cannot map"},
    {"EXEC", "fail-step", "exec died: the wheel came off (exit code 1)", "the wheel came off"},
    {"EXEC", "die-step", "exec died: killed by signal 9 (Killed)", "the last words"},
    {"JOURNAL", "die-step", "journal died: killed by signal 9 (Killed)", "the last words"},
    {"JOURNAL", "leave-step", "journal died: somebody else stopped it", ""},
    {"JOURNAL", "offer-nothing", "journal offers 2 regions of 3", ""},
    {"JOURNAL", "offer-twice", "journal offers journal.base, which it has offered already", ""},
    {"EXEC", "offer-foreign", "exec offers exec.secrets, which the topology does not have", ""},
};

START_TEST(a_death_ends_the_battle)
{
    const struct death *death = &deaths[_i];
    unsigned before = open_descriptors();
    /* The others would go on for ever. */
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "hang", 1);
    setenv(death->variable, death->how, 1);
    ry_supervisor_run(&plan, &result);
    ck_assert_int_eq(result.outcome, RY_SUPERVISOR_OUTCOME_DIED);
    /* Both feeds behave alike: either may be the first. */
    for (char *at = result.text; (at = strstr(at, "feed1")) != NULL;)
        at[4] = '0';
    ck_assert_msg(strncmp(result.text, death->text, strlen(death->text)) == 0, "said: %s",
                  result.text);
    ck_assert_int_ge(result.culprit, 0);
    ck_assert_ptr_nonnull(strstr(log_of(result.role[result.culprit].name), death->log));
    ck_assert(!result.in_order);
    nobody_is_left();
    ck_assert_uint_eq(open_descriptors(), before);
}
END_TEST

/* exec hears of it and ends in order, and so does the journal. */
START_TEST(a_feed_dies)
{
    setenv("EXEC", "hang", 1);
    setenv("FEED", _i == 0 ? "die-step" : "fail-step", 1);
    setenv("JOURNAL", "after-exec", 1);
    ry_supervisor_run(&plan, &result);
    ck_assert_int_eq(result.outcome, RY_SUPERVISOR_OUTCOME_DIED);
    ck_assert_str_eq(result.text + strlen("feedN"),
                     _i == 0 ? " died: killed by signal 9 (Killed)"
                             : " died: the wheel came off (exit code 1)");
    ck_assert_int_eq(result.role[result.culprit].kind, RY_SUPERVISOR_ROLE_FEED);
    const char *log = log_of("exec");
    ck_assert_msg(strstr(log, "ERROR feed ") != NULL, "%s", log);
    ck_assert_ptr_null(strstr(log, "stopped by SIGTERM"));
    ck_assert_ptr_null(strstr(log_of("journal"), "stopped by SIGTERM"));
    ck_assert(result.role[3].done);
    nobody_is_left();
}
END_TEST

START_TEST(a_feed_dies_and_exec_does_not_listen)
{
    if (!ry_test_long()) {
        ry_test_skip("waits until the supervisor has waited enough: in make long-test");
        return;
    }
    setenv("EXEC", "deaf", 1);
    setenv("FEED", "die-step", 1);
    setenv("JOURNAL", "after-exec", 1);
    ry_supervisor_run(&plan, &result);
    ck_assert_str_eq(result.text + strlen("feedN"), " died: killed by signal 9 (Killed)");
    ck_assert_ptr_nonnull(strstr(log_of("exec"), "stopped by SIGTERM"));
    nobody_is_left();
}
END_TEST

START_TEST(a_role_that_will_not_stop_is_killed)
{
    if (!ry_test_long()) {
        ry_test_skip("waits for the role's own alarm: in make long-test");
        return;
    }
    setenv("FEED", "hang-open",
           1); /* SIGTERM interrupts its pause, it pauses again: its alarm ends it */
    setenv("EXEC", "fail-open", 1);
    ry_supervisor_run(&plan, &result);
    ck_assert_str_eq(result.text, "exec died: no such thing as 17 (exit code 1)");
    nobody_is_left();
}
END_TEST

START_TEST(a_binary_that_is_not_there)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/royale-journal", folder);
    ck_assert_int_eq(unlink(path), 0);
    ry_supervisor_run(&plan, &result);
    ck_assert_int_eq(result.outcome, RY_SUPERVISOR_OUTCOME_ENVIRONMENT);
    char text[PATH_MAX + 64];
    snprintf(text, sizeof text, "cannot execute %s: No such file or directory", path);
    ck_assert_str_eq(result.text, text);
    nobody_is_left();
}
END_TEST

START_TEST(a_binary_that_is_none)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/royale-journal", folder);
    ck_assert_int_eq(unlink(path), 0);
    int fd = open(path, O_CREAT | O_WRONLY, 0755);
    ck_assert_int_eq((int)write(fd, "junk", 4), 4);
    close(fd);
    ry_supervisor_run(&plan, &result);
    ck_assert_int_eq(result.outcome, RY_SUPERVISOR_OUTCOME_DIED);
    ck_assert_ptr_nonnull(strstr(result.text, "journal died: cannot execute "));
    ck_assert_ptr_nonnull(strstr(result.text, "Exec format error"));
    nobody_is_left();
}
END_TEST

START_TEST(too_few_open_files)
{
    struct rlimit few = {.rlim_cur = 40, .rlim_max = 40};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    ry_supervisor_run(&plan, &result);
    ck_assert_int_eq(result.outcome, RY_SUPERVISOR_OUTCOME_DIED);
    ck_assert_msg(strstr(result.text, "too few open files are allowed (40, ulimit -n)") != NULL,
                  "%s", result.text);
    nobody_is_left();
}
END_TEST

static char said[16][600];
static unsigned said_count;

static void remember(void *context, const char *line)
{
    (void)context;
    snprintf(said[said_count++ % 16], sizeof said[0], "%s", line);
}

/* /dev/full: a disk without room. It is said once, and the last words are not lost. */
START_TEST(a_log_that_cannot_be_written)
{
    char path[PATH_MAX + 64];
    static const char *const names[] = {"exec", "journal"};
    for (unsigned i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/log/%s.log", directory, names[i]);
        ck_assert_int_eq(symlink("/dev/full", path), 0);
    }
    setenv("EXEC", "die-step", 1);
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "hang", 1);
    said_count = 0;
    plan.hooks.say = remember;
    ry_supervisor_run(&plan, &result);
    plan.hooks.say = NULL;
    ck_assert_str_eq(result.text, "exec died: killed by signal 9 (Killed)");
    ck_assert_uint_eq(said_count, 1);
    ck_assert_msg(strstr(said[0], ".log: No space left on device; the battle goes on") != NULL,
                  "%s", said[0]);
    ck_assert_uint_gt(result.role[0].log.unwritten, 0);
    char *tail = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&tail, &bytes);
    ry_supervisor_role_log_tail(&result.role[0].log, out, "> ", 5);
    fclose(out);
    ck_assert_msg(strstr(tail, "INFO  the last words\n> (") != NULL, "%s", tail);
    ck_assert_msg(strstr(tail, "could not be written to it: No space left on device)\n") != NULL,
                  "%s", tail);
    free(tail);
    nobody_is_left();
}
END_TEST

/* What a role prints itself stands in its log too, and is shown. */
START_TEST(the_tail_is_printable)
{
    struct ry_supervisor_role_log log;
    char *tail = NULL;
    size_t bytes = 0;
    ck_assert_int_eq(ry_supervisor_role_log_open(&log, directory, "x"), 0);
    fputs("first\nsecond \033[31m\nassertion \x9b failed", log.file);
    fflush(log.file);
    FILE *out = open_memstream(&tail, &bytes);
    ry_supervisor_role_log_tail(&log, out, "> ", 2);
    fclose(out);
    ck_assert_str_eq(tail, "> second ?[31m\n> assertion ? failed\n");
    free(tail);
    ry_supervisor_role_log_close(&log);
}
END_TEST

START_TEST(roles_are_bound_to_their_cores)
{
    cpu_set_t cores;
    ck_assert_int_eq(sched_getaffinity(0, sizeof cores, &cores), 0);
    int first = 0;
    while (!CPU_ISSET((size_t)first, &cores))
        first++;
    placement.process[0] = (struct ry_tuning_placed){.name = "exec", .core = first};
    placement.process[1] = (struct ry_tuning_placed){.name = "supervisor", .core = first};
    placement.count = 2;
    char text[64];
    snprintf(text, sizeof text, "on core %d, sharing", first);
    ry_supervisor_run(&plan, &result);
    ck_assert_msg(result.outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result.text);
    ck_assert_ptr_nonnull(strstr(log_of("exec"), text));
    ck_assert_ptr_nonnull(strstr(log_of("journal"), "not bound"));
    cpu_set_t after;
    ck_assert_int_eq(sched_getaffinity(0, sizeof after, &after), 0);
    ck_assert(CPU_EQUAL(&cores, &after));
}
END_TEST

/* ---- a supervisor in a process of its own, to be signalled
 * ------------------------------------------------- */

static int told[2]; /* pids of the running roles, once; then the result */

struct told {
    pid_t pid[4];
};

static void tell_pids(void *context, const struct ry_supervisor_member *roles, unsigned count)
{
    static bool done;
    struct told pids;
    (void)context;
    for (unsigned i = 0; i < count && i < 4; i++) {
        pids.pid[i] = roles[i].pid;
        if (roles[i].counters_count != 3 || roles[i].counters[2] != 42)
            return; /* has not stepped yet */
    }
    if (!done)
        done = write(told[1], &pids, sizeof pids) == (ssize_t)sizeof pids;
}

/* Starts it and waits until all roles run. */
static pid_t start_supervisor(struct told *pids)
{
    ck_assert_int_eq(pipe2(told, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        plan.hooks.progress = tell_pids;
        ry_supervisor_run(&plan, &result);
        int code = (int)result.outcome * 64 + result.signal * 2 + result.in_order;
        _exit(code);
    }
    ck_assert_int_eq((int)read(told[0], pids, sizeof *pids), (int)sizeof *pids);
    return pid;
}

START_TEST(a_signal_ends_in_order)
{
    struct told pids;
    int status;
    setenv("EXEC", "hang", 1); /* until the control record comes */
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "", 1);
    pid_t pid = start_supervisor(&pids);
    ck_assert_int_eq(kill(pid, _i == 0 ? SIGINT : SIGTERM), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), (_i == 0 ? SIGINT : SIGTERM) * 2 + 1);
    nobody_is_left();
}
END_TEST

/* Whoever stands still is told, and told again when it moves. */
START_TEST(a_heartbeat_that_stands_still)
{
    struct told pids;
    int status;
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    plan.moveless_ns = RY_NS_PER_SECOND / 10;
    pid_t pid = start_supervisor(&pids);
    ck_assert_int_eq(kill(pids.pid[0], SIGSTOP), 0);
    while (strstr(log_of("exec"), "royale: exec has not moved for 0 s\n") == NULL)
        usleep(10000);
    ck_assert_ptr_null(strstr(log_of("exec"), "exec moves again"));
    ck_assert_int_eq(kill(pids.pid[0], SIGCONT), 0);
    while (strstr(log_of("exec"), "royale: exec moves again, after 0 s\n") == NULL)
        usleep(10000);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    plan.moveless_ns = 0;
    nobody_is_left();
}
END_TEST

START_TEST(a_second_signal_ends_at_once)
{
    struct told pids;
    int status;
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "hang", 1); /* would keep an orderly end waiting for ever */
    pid_t pid = start_supervisor(&pids);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    int code = WEXITSTATUS(status);
    ck_assert_msg(code == SIGTERM * 2 || code == SIGINT * 2, "%d", code);
    nobody_is_left();
}
END_TEST

/* A stop that comes while roles still start is no death of theirs, whatever they make of it. */
START_TEST(a_signal_while_roles_open)
{
    setenv("FEED", "stopped-open", 1);
    ry_supervisor_run(&plan, &result);
    ck_assert_msg(result.outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result.text);
    ck_assert_int_eq(result.signal, SIGTERM);
    ck_assert(!result.in_order);
    /* Both feeds behave alike: the one that is first may stop the other before it opens. */
    bool interrupted = strstr(log_of("feed0"), "interrupted") != NULL;
    ck_assert_msg(strstr(log_of("feed0"), "ERROR") == NULL, "%s", log_of("feed0"));
    interrupted |= strstr(log_of("feed1"), "interrupted") != NULL;
    ck_assert_msg(strstr(log_of("feed1"), "ERROR") == NULL, "%s", log_of("feed1"));
    ck_assert(interrupted);
    nobody_is_left();
}
END_TEST

/* Nor is it one if the role had to be ended by its alarm; but it is said. */
START_TEST(a_signal_while_roles_open_slowly)
{
    setenv("FEED", "slow-open", 1);
    ry_supervisor_run(&plan, &result);
    ck_assert_msg(result.outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result.text);
    ck_assert_int_eq(result.signal, SIGTERM);
    ck_assert(strstr(log_of("feed0"), "royale: feed0 did not stop in time: killed by signal 14") !=
                  NULL ||
              strstr(log_of("feed1"), "royale: feed1 did not stop in time: killed by signal 14") !=
                  NULL);
    nobody_is_left();
}
END_TEST

/* A role without our handler ends of the signal itself. */
START_TEST(who_ends_of_the_stop_has_not_died)
{
    setenv("FEED", "die-stopped", 1);
    ry_supervisor_run(&plan, &result);
    ck_assert_msg(result.outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result.text);
    ck_assert(result.in_order);
    nobody_is_left();
}
END_TEST

/* Between fork and the role's own handler a SIGTERM waits. */
START_TEST(a_stop_waits_for_the_handler)
{
    char path[PATH_MAX], text[64] = {0};
    snprintf(path, sizeof path, "%s/script", folder);
    FILE *script = fopen(path, "w");
    fputs("#!/bin/sh\nexec grep SigBlk /proc/self/status\n", script);
    ck_assert_int_eq(fchmod(fileno(script), 0755) | fclose(script), 0);
    int output = memfd_create("output", MFD_CLOEXEC),
        battle_fd = memfd_create("battle", MFD_CLOEXEC);
    struct ry_supervisor_child child;
    struct ry_supervisor_child_start start = {.binary = path,
                                              .index = "0",
                                              .directory = ".",
                                              .battle = battle_fd,
                                              .output = output,
                                              .core = -1};
    ck_assert_int_eq(sched_getaffinity(0, sizeof start.cores, &start.cores), 0);
    ck_assert_int_eq(ry_supervisor_child_start(&child, &start), 0);
    while (!ry_supervisor_child_reap(&child))
        usleep(1000);
    ck_assert_int_gt((int)pread(output, text, sizeof text - 1, 0), 0);
    uint64_t blocked = strtoull(strchr(text, ':') + 1, NULL, 16);
    ck_assert_msg(blocked == UINT64_C(1) << (SIGTERM - 1), "%s", text);
    close(child.socket);
    close(output);
    close(battle_fd);
}
END_TEST

/* kill -9 of the supervisor: the roles end by themselves, and become ours to reap. */
START_TEST(the_supervisor_dies)
{
    struct told pids;
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "hang", 1);
    pid_t pid = start_supervisor(&pids);
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    for (unsigned i = 0; i < 5; i++) {
        int status;
        pid_t ended = waitpid(-1, &status, 0);
        ck_assert_int_gt(ended, 0);
        if (ended != pid)
            ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %d", status);
    }
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    for (unsigned i = 0; i < 4; i++)
        ck_assert_int_eq(kill(pids.pid[i], 0), -1);
}
END_TEST

START_TEST(the_topology)
{
    const struct ry_supervisor_topology_role *exec =
                                                 &ry_supervisor_topology[RY_SUPERVISOR_ROLE_EXEC],
                                             *feed =
                                                 &ry_supervisor_topology[RY_SUPERVISOR_ROLE_FEED];
    ck_assert(ry_supervisor_topology_wants(exec, 0, "feed0.events"));
    ck_assert(ry_supervisor_topology_wants(exec, 0, "feed3.base"));
    ck_assert(!ry_supervisor_topology_wants(exec, 0, "feed4.events"));
    ck_assert(!ry_supervisor_topology_wants(exec, 0, "feedx.events"));
    ck_assert(!ry_supervisor_topology_wants(exec, 0, "feed10.events"));
    ck_assert(!ry_supervisor_topology_wants(exec, 0, "feed0"));
    ck_assert(!ry_supervisor_topology_wants(exec, 0, ""));
    ck_assert(ry_supervisor_topology_wants(exec, 0, "supervisor.control"));
    ck_assert(!ry_supervisor_topology_wants(feed, 0, "supervisor.control"));
    ck_assert(!ry_supervisor_topology_wants(feed, 0, "exec.inputs"));
    ck_assert(ry_supervisor_topology_offers(feed, "feed1", 64, "feed1.events"));
    ck_assert(!ry_supervisor_topology_offers(feed, "feed1", 64, "feed0.events"));
    ck_assert(!ry_supervisor_topology_offers(feed, "feed1", 64, "exec.events"));
    ck_assert_uint_eq(ry_supervisor_topology_offered(exec, 0), 5);
    ck_assert_uint_eq(ry_supervisor_topology_offered(exec, 64), 69);
    ck_assert_uint_le(ry_supervisor_topology_offered(exec, RY_AGENTS_MAX),
                      RY_SUPERVISOR_TOPOLOGY_OFFERED_MAX);
    /* Its own reports, nobody else's, and nothing that shows what others do. */
    const struct ry_supervisor_topology_role *agent =
        &ry_supervisor_topology[RY_SUPERVISOR_ROLE_AGENT];
    ck_assert(ry_supervisor_topology_wants(agent, 12, "exec.reports12"));
    ck_assert(ry_supervisor_topology_wants(agent, 63, "exec.reports63"));
    ck_assert(!ry_supervisor_topology_wants(agent, 1, "exec.reports12"));
    ck_assert(!ry_supervisor_topology_wants(agent, 12, "exec.reports1"));
    ck_assert(!ry_supervisor_topology_wants(agent, 12, "exec.reports012"));
    ck_assert(!ry_supervisor_topology_wants(agent, 0, "exec.reports"));
    ck_assert(!ry_supervisor_topology_wants(agent, 0, "exec.inputs"));
    ck_assert(!ry_supervisor_topology_wants(agent, 0, "exec.watch"));
    ck_assert(!ry_supervisor_topology_wants(agent, 0, "exec.positions"));
    ck_assert(!ry_supervisor_topology_wants(agent, 0, "agent1.base"));
    ck_assert(!ry_supervisor_topology_wants(agent, 0, "agent1.commands"));
    ck_assert(ry_supervisor_topology_wants(exec, 0, "agent63.commands"));
    ck_assert(!ry_supervisor_topology_wants(exec, 0, "agent64.commands"));
    ck_assert(!ry_supervisor_topology_wants(exec, 0, "agent0.watch"));
    ck_assert(ry_supervisor_topology_offers(exec, "exec", 13, "exec.reports12"));
    ck_assert(!ry_supervisor_topology_offers(exec, "exec", 12, "exec.reports12"));
    ck_assert(ry_supervisor_topology_offers(agent, "agent7", 8, "agent7.commands"));
    ck_assert(!ry_supervisor_topology_offers(agent, "agent7", 8, "agent6.commands"));
    ck_assert(!ry_supervisor_topology_offers(agent, "agent7", 8, "agent77.commands"));
    ck_assert(!ry_supervisor_topology_offers(agent, "agent7", 8, "agent7.reports0"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("supervisor");
    TCase *t = tcase_create("supervisor");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, a_battle_to_its_end);
    tcase_add_test(t, the_last_look_is_work);
    tcase_add_test(t, feeds_need_not_end);
    tcase_add_loop_test(t, a_death_ends_the_battle, 0, (int)(sizeof deaths / sizeof deaths[0]));
    tcase_add_loop_test(t, a_feed_dies, 0, 2);
    tcase_add_test(t, a_feed_dies_and_exec_does_not_listen);
    tcase_add_test(t, a_role_that_will_not_stop_is_killed);
    tcase_add_test(t, a_binary_that_is_not_there);
    tcase_add_test(t, a_binary_that_is_none);
    tcase_add_test(t, too_few_open_files);
    tcase_add_test(t, a_log_that_cannot_be_written);
    tcase_add_test(t, the_tail_is_printable);
    tcase_add_test(t, roles_are_bound_to_their_cores);
    tcase_add_loop_test(t, a_signal_ends_in_order, 0, 2);
    tcase_add_test(t, a_heartbeat_that_stands_still);
    tcase_add_test(t, a_second_signal_ends_at_once);
    tcase_add_test(t, a_signal_while_roles_open);
    tcase_add_test(t, a_signal_while_roles_open_slowly);
    tcase_add_test(t, who_ends_of_the_stop_has_not_died);
    tcase_add_test(t, a_stop_waits_for_the_handler);
    tcase_add_test(t, the_supervisor_dies);
    tcase_add_test(t, the_topology);
    tcase_set_timeout(t, ENOUGH_SECONDS);
    suite_add_tcase(s, t);
    return s;
}

int main(int argc, char **argv)
{
    const char *name = strrchr(argv[0], '/');
    if (name != NULL && strncmp(name, "/royale-", 8) == 0)
        return role_main(name + 8, argc, argv);
    return ry_test_run(suite());
}
