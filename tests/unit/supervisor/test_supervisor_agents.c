/*
 * The supervisor with agents and a view, with real processes: this program itself is started under
 * the roles' names and then behaves as the test wants it to (environment variable VIEW; an agent,
 * which has none, by the path of its strategy).
 */
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/supervisor/supervisor.h"
#include "shm/records/links.h"
#include "tests/support/test.h"

#define AGENTS 2
#define SEED   77

#define ENOUGH_SECONDS 60
#define EXEC_STEPS     300 /* of a millisecond each, at most: time for deaths to be told */

/* ---- the roles ------------------------------------------------------------------------------- */

static struct {
    char variable[16];
    const char *strategy; /* an agent's: what it does */
    struct ry_role_link made[2 + AGENTS + 1], joined[2 * AGENTS + 8];
    unsigned made_count, joined_count;
    struct ry_exec_positions *positions;
    struct ry_exec_link *link[AGENTS];
    struct ry_ring_reader control;
    uint64_t counters[3]; /* exec: agents that died, as bits; steps; those of them that died from
                             outside */
} self;

static bool behaves(const char *how)
{
    const char *value = self.strategy != NULL ? self.strategy : getenv(self.variable);
    return value != NULL && strcmp(value, how) == 0;
}

static int offer(struct ry_role_process *process, const char *what)
{
    return ry_role_make(process, &self.made[self.made_count++], "%s", what);
}

static int want(struct ry_role_process *process, const char *name)
{
    return ry_role_join(process, &self.joined[self.joined_count++], "%s", name);
}

static int want_number(struct ry_role_process *process, const char *before, unsigned index,
                       const char *after)
{
    char name[64];
    snprintf(name, sizeof name, "%s%u%s", before, index, after);
    return want(process, name);
}

/* What an agent may know of the battle. */
static int look_at_battle(struct ry_role_process *process)
{
    static const struct ry_battle_agent nobody;
    static const struct ry_battle_feed nothing;
    static const struct ry_battle_export nowhere;
    const struct ry_battle *battle = process->battle;
    for (unsigned i = 0; i < RY_AGENTS_MAX; i++) {
        bool blank = memcmp(&battle->agent[i], &nobody, sizeof nobody) == 0;
        if (blank == (i == process->index))
            return ry_role_fail(process, "entry %u is wrong", i);
    }
    if (memcmp(&battle->feed[0], &nothing, sizeof nothing) != 0 || battle->seed == SEED ||
        memcmp(&battle->export, &nowhere, sizeof nowhere) != 0 || battle->agents != AGENTS ||
        strcmp(process->directory, "/") != 0)
        return ry_role_fail(process, "it knows more than it may");
    return 0;
}

static void talk(void)
{
    char junk[100] = {9};
    for (unsigned i = 0; i < 10; i++)
        (void)send(RY_ROLE_FD_SOCKET, junk, sizeof junk, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static int open_role(struct ry_role_process *process)
{
    snprintf(self.variable, sizeof self.variable, "%.14s", process->name);
    for (char *c = self.variable; *c != '\0'; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    if (process->name[0] == 'a') {
        self.strategy = process->battle->agent[process->index].strategy;
        if (getenv("UNTOLD") != NULL)
            return ry_role_fail(process, "knows the supervisor's environment");
    }
    while (behaves("hang-open"))
        (void)pause();
    if (behaves("slow-open"))
        sleep(2);
    if (behaves("fail-open"))
        return ry_role_fail(process, "no strategy");
    if (behaves("talk"))
        talk();
    switch (process->name[0]) {
    case 'a': return look_at_battle(process) != 0 ? -1 : offer(process, "commands");
    case 'f': return offer(process, "events");
    case 'j': return offer(process, "positions");
    case 'v': return 0;
    default: break;
    }
    int result = offer(process, "positions") | offer(process, "inputs");
    self.positions = self.made[0].own_head;
    result |= offer(process, "link0") | offer(process, "link1");
    for (unsigned i = 0; i < AGENTS; i++)
        self.link[i] = self.made[2 + i].own_head;
    return result;
}

static int join_exec(struct ry_role_process *process)
{
    for (unsigned i = 0; i < AGENTS; i++)
        if (want_number(process, "agent", i, ".commands") != 0)
            return -1;
    if (want(process, "supervisor.control") != 0)
        return -1;
    self.control = self.joined[self.joined_count - 1].reader;
    return 0;
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
    if (process->name[0] == 'e')
        return join_exec(process);
    if (process->name[0] != 'a')
        return 0;
    if (behaves("want-foreign"))
        return want_number(process, "exec.link", 1 - process->index, "");
    if (want_number(process, "exec.link", process->index, "") != 0)
        return -1;
    if (!behaves("keep-socket"))
        ry_role_hang_up(process);
    return behaves("fail-load") ? ry_role_fail(process, "no \033 strategy") : 0;
}

static int step_exec(void)
{
    union {
        struct ry_control record;
        unsigned char room[RY_RING_RECORD_BYTES_MAX];
    } control;
    while (ry_ring_read(&self.control, &control) == 1) {
        if (control.record.kind == RY_CONTROL_AGENT_DIED) {
            self.counters[0] |= UINT64_C(1) << control.record.index;
            self.counters[2] |= (uint64_t)control.record.how << control.record.index;
        }
    }
    for (unsigned i = 0; i < AGENTS; i++)
        ry_store_relaxed(&self.link[i]->agent.rung, 1);
    const char *out = getenv("OUT"), *until = getenv("UNTIL");
    if (out != NULL)
        ry_store_relaxed(&self.positions->out, strtoull(out, NULL, 0));
    usleep(1000);
    bool seen = until != NULL && (self.counters[0] & strtoull(until, NULL, 0)) != 0;
    return seen || (until == NULL && ++self.counters[1] == EXEC_STEPS) ? RY_ROLE_DONE : 1;
}

/* An agent is not told that the battle has begun: exec rings for it. */
static bool exec_has_begun(void)
{
    const struct ry_exec_link *link = self.joined[self.joined_count - 1].head;
    return ry_load_relaxed(&link->agent.rung) != 0;
}

/* All that a hostile strategy can say, at once. */
static void lie(struct ry_role_process *process)
{
    struct ry_role_words *words = &process->base->words;
    memset(words->text, 0xff, sizeof words->text);
    ry_store_relaxed(&words->callback, 0xffffffff);
    ry_store_relaxed(&words->time, INT64_MIN);
    ry_store_relaxed(&words->signal, SIGKILL);
    ry_store_relaxed(&words->code, 1);
    ry_store_relaxed(&words->said, 0xffffffff & ~(uint32_t)RY_ROLE_SAID_DONE);
    raise(SIGKILL);
}

static int step_role(struct ry_role_process *process)
{
    if (process->name[0] == 'e')
        return step_exec();
    if (process->name[0] == 'a' && !exec_has_begun())
        return 0;
    if (behaves("die"))
        raise(SIGKILL);
    if (behaves("crash"))
        abort();
    if (behaves("leave"))
        _exit(0);
    if (behaves("stop"))
        raise(SIGTERM);
    if (behaves("lie"))
        lie(process);
    if (behaves("done"))
        return RY_ROLE_DONE;
    if (behaves("fail"))
        return ry_role_fail(process, "nothing is right") - 1;
    if (behaves("hang-timer"))
        ry_role_words_enter(&process->base->words, RY_ROLE_CALLBACK_TIMER, 1);
    if (behaves("be-traced") && ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
        raise(SIGSTOP);
    while (behaves("hang") || behaves("hang-timer") || behaves("be-traced"))
        pause();
    usleep(1000);
    /* Agents, the view and the journal end a while after the start; the supervisor ends the feed.
     */
    return process->name[0] != 'f' && ++self.counters[1] >= 2 * EXEC_STEPS ? RY_ROLE_DONE : 1;
}

static void close_role(struct ry_role_process *process)
{
    (void)process;
}

static int role_main(int argc, char **argv)
{
    static const struct ry_role role = {
        .bytes = 1, .open = open_role, .join = join_role, .step = step_role, .close = close_role};
    return ry_role_main(&role, argc, argv);
}

/* ---- the battles ----------------------------------------------------------------------------- */

static char folder[] = "/tmp/royale-test-XXXXXX", directory[PATH_MAX];
static struct ry_battle battle;
static struct ry_tuning_placement placement;
static struct ry_supervisor_result result;
static char told[1024];

static void on_death(void *context, const struct ry_supervisor_member *role)
{
    (void)context;
    size_t used = strlen(told);
    snprintf(told + used, sizeof told - used, "%s\n", role->death);
}

static struct ry_supervisor_plan plan = {.battle = &battle,
                                         .directory = directory,
                                         .binaries = folder,
                                         .placement = &placement,
                                         .hooks = {.died = on_death},
                                         .quiet = true};

static void set_up(void)
{
    static const char *const names[] = {"exec", "feed", "journal", "agent", "view"};
    static const char *const variables[] = {"VIEW", "OUT", "UNTIL"};
    char own[PATH_MAX] = {0}, path[PATH_MAX + 32], log[PATH_MAX + 8];
    strcpy(folder, "/tmp/royale-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_gt((int)readlink("/proc/self/exe", own, sizeof own - 1), 0);
    for (unsigned i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s/royale-%s", folder, names[i]);
        ck_assert_int_eq(symlink(own, path), 0);
    }
    for (unsigned i = 0; i < 3; i++)
        unsetenv(variables[i]);
    setenv("UNTOLD", "1", 1);
    snprintf(directory, sizeof directory, "%s/run", folder);
    snprintf(log, sizeof log, "%s/log", directory);
    ck_assert_int_eq(mkdir(directory, 0755) | mkdir(log, 0755), 0);
    battle = (struct ry_battle){
        .abi = RY_BATTLE_ABI, .feeds = 1, .agents = AGENTS, .seed = SEED, .load_s = ENOUGH_SECONDS};
    strcpy(battle.feed[0].path, "/secret");
    strcpy(battle.export.config, "/secret");
    for (unsigned i = 0; i < AGENTS; i++) {
        snprintf(battle.agent[i].name, RY_NAME_BYTES, "name%u", i);
        strcpy(battle.agent[i].params, "secret=1\n");
    }
    told[0] = '\0';
    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

static void tear_down(void)
{
    char command[PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
}

static void run_well(void)
{
    ry_supervisor_run(&plan, &result);
    ck_assert_msg(result.outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result.text);
    ck_assert(result.in_order);
}

START_TEST(agents_and_view_to_their_end)
{
    run_well();
    ck_assert_uint_eq(result.count, 6);
    ck_assert_str_eq(result.role[5].name, "view");
    ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(no_view_is_no_loss)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/royale-view", folder);
    ck_assert_int_eq(unlink(path), 0);
    run_well();
    ck_assert_uint_eq(result.count, 5);
}
END_TEST

/* How an agent ends, what is said of it; exec is told of each. */
static const struct end {
    const char *how, *told;
    uint64_t outside; /* what exec is told of it */
} ends[] = {
    {"die",
     "agent1 (name1) died: killed by signal 9 (Killed) between its callbacks: a victim, unless it "
     "did that itself; the result is not reproducible; the battle goes on\n",
     2},
    {"crash",
     "agent1 (name1) died: killed by signal 6 (Aborted) between its callbacks: a victim, unless it "
     "did that itself; the result is not reproducible; the battle goes on\n",
     2},
    {"fail", "agent1 (name1) died: nothing is right (exit code 1); the battle goes on\n", 0},
    {"leave",
     "agent1 (name1) died: called exit(0) between its callbacks; the result is not reproducible; "
     "the battle goes on\n",
     2},
    {"stop",
     "agent1 (name1) died: stopped by a SIGTERM that royale did not send; the result is not "
     "reproducible; the battle goes on\n",
     2},
    {"lie",
     "agent1 (name1) died: killed by signal 9 (Killed) between its callbacks: a victim, unless it "
     "did that itself; the result is not reproducible; the battle goes on\n",
     2},
    {"done", "", 0}, /* in order, for all that the supervisor knows */
};

START_TEST(an_agents_end_is_its_own_affair)
{
    strcpy(battle.agent[1].strategy, ends[_i].how);
    setenv("UNTIL", "2", 1); /* exec ends when it has heard of agent 1, and of nobody else */
    run_well();
    ck_assert_str_eq(told, ends[_i].told);
    ck_assert_str_eq(result.role[0].death, "");
    ck_assert_uint_eq(result.role[0].counters[0], 2);
    ck_assert_uint_eq(result.role[0].counters[2], ends[_i].outside);
}
END_TEST

START_TEST(an_agent_that_cannot_load_ends_the_run)
{
    static const char *const ways[][2] = {
        {"fail-open", "died: no strategy (exit code 1)"},
        {"want-foreign", "died: nobody offers exec.link1 (exit code 1)"},
        {"fail-load", "died: no ? strategy (exit code 1)"},
        {"talk", "sends what is no message"},
        {"keep-socket", "joins and keeps its socket"},
    };
    char text[128];
    strcpy(battle.agent[0].strategy, ways[_i][0]);
    snprintf(text, sizeof text, "agent0 (name0) %s", ways[_i][1]);
    ry_supervisor_run(&plan, &result);
    ck_assert_int_eq(result.outcome, RY_SUPERVISOR_OUTCOME_DIED);
    ck_assert_str_eq(result.text, text);
    ck_assert_str_eq(result.role[result.culprit].name, "agent0");
}
END_TEST

START_TEST(who_does_not_finish_loading_ends_the_run)
{
    battle.load_s = 1;
    strcpy(battle.agent[1].strategy, "hang-open");
    ry_supervisor_run(&plan, &result);
    ck_assert_int_eq(result.outcome, RY_SUPERVISOR_OUTCOME_DIED);
    ck_assert_str_eq(result.text, "agent1 (name1) did not finish loading in 1 s");
}
END_TEST

/* The stall limit is about answers. */
START_TEST(a_strategy_may_load_longer_than_the_stall_limit)
{
    battle.stall_s = 1;
    strcpy(battle.agent[1].strategy, "slow-open");
    run_well();
    ck_assert_str_eq(told, "");
}
END_TEST

/* It was put out and stands still: killed while the battle runs. */
START_TEST(who_is_out_must_end)
{
    strcpy(battle.agent[1].strategy, _i == 0 ? "hang" : "hang-timer");
    setenv("OUT", "2", 1);
    setenv("UNTIL", "2", 1);
    run_well();
    ck_assert_str_eq(told,
                     _i == 0 ? "agent1 (name1) did not end when it had nothing left to do: killed\n"
                             : "agent1 (name1) has not come back, in its callback timer, at a time "
                               "outside of the battle: killed\n");
}
END_TEST

/* The battle is over and it stands still. */
START_TEST(who_is_left_must_end)
{
    /* The second asked the supervisor to trace it, and stopped: that is no end, and no debugger. */
    strcpy(battle.agent[1].strategy, _i == 0 ? "hang" : "be-traced");
    run_well();
    ck_assert_str_eq(told, "agent1 (name1) did not end when it had nothing left to do: killed\n");
}
END_TEST

START_TEST(the_views_death_is_told)
{
    setenv("VIEW", _i == 0 ? "die" : "fail-open", 1);
    run_well();
    ck_assert_str_eq(
        told,
        _i == 0 ? "view died: killed by signal 9 (Killed); the battle goes on without it\n"
                : "view did not start: no strategy (exit code 1); the battle goes on without it\n");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("supervisor_agents");
    TCase *t = tcase_create("supervisor_agents");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, agents_and_view_to_their_end);
    tcase_add_test(t, no_view_is_no_loss);
    tcase_add_loop_test(t, an_agents_end_is_its_own_affair, 0, (int)(sizeof ends / sizeof ends[0]));
    tcase_add_loop_test(t, an_agent_that_cannot_load_ends_the_run, 0, 5);
    tcase_add_test(t, who_does_not_finish_loading_ends_the_run);
    tcase_add_test(t, a_strategy_may_load_longer_than_the_stall_limit);
    tcase_add_loop_test(t, who_is_out_must_end, 0, 2);
    tcase_add_loop_test(t, who_is_left_must_end, 0, 2);
    tcase_add_loop_test(t, the_views_death_is_told, 0, 2);
    tcase_set_timeout(t, ENOUGH_SECONDS);
    suite_add_tcase(s, t);
    return s;
}

int main(int argc, char **argv)
{
    const char *name = strrchr(argv[0], '/');
    if (name != NULL && strncmp(name, "/royale-", 8) == 0)
        return role_main(argc, argv);
    return ry_test_run(suite());
}
