/* Where the processes of a battle run, and from where they take memory: what Linux says of them. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/supervised.h"
#include "tests/support/test.h"

#define T (&ry_test_supervised)

/* The line of /proc/PID/`file` that has `key`, behind it; "": there is none. */
static const char *said_of(pid_t pid, const char *file, const char *key)
{
    static char line[512];
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    FILE *stream = fopen(path, "re");
    ck_assert_ptr_nonnull(stream);
    const char *found = NULL;
    while (found == NULL && fgets(line, sizeof line, stream) != NULL) {
        line[strcspn(line, "\n")] = 0;
        found = strstr(line, key);
    }
    fclose(stream);
    return found == NULL ? "" : found + strlen(key);
}

static const char *cpus_of(pid_t pid)
{
    return said_of(pid, "status", "Cpus_allowed_list:\t");
}

static unsigned two_cpus[2];

static bool find_two(void)
{
    cpu_set_t cores;
    unsigned found = 0;
    ck_assert_int_eq(sched_getaffinity(0, sizeof cores, &cores), 0);
    for (unsigned cpu = 0; cpu < CPU_SETSIZE && found < 2; cpu++)
        if (CPU_ISSET(cpu, &cores))
            two_cpus[found++] = cpu;
    if (found < 2)
        ry_test_skip("one CPU");
    return found == 2;
}

static void place(unsigned i, const char *name, enum ry_tuning_role role, int core)
{
    struct ry_tuning_placed *process = &T->placement.process[i];
    *process = (struct ry_tuning_placed){.role = role, .core = core, .node = core < 0 ? -1 : 0};
    snprintf(process->name, sizeof process->name, "%s", name);
    T->placement.count = i + 1;
}

/* Exec has a core, the feeds have none, the journal and the supervisor keep house. */
static void make_plan(void)
{
    place(0, "exec", RY_TUNING_EXEC, (int)two_cpus[1]);
    place(1, "feed0", RY_TUNING_FEED, RY_TUNING_PLACEMENT_NONE);
    place(2, "journal", RY_TUNING_JOURNAL, RY_TUNING_PLACEMENT_NONE);
    place(3, "supervisor", RY_TUNING_OBSERVER, RY_TUNING_PLACEMENT_NONE);
    ry_tuning_cpus_add(&T->placement.house, two_cpus[0]);
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "hang", 1);
}

static void end(pid_t pid)
{
    int status;
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ry_test_nobody_is_left();
}

START_TEST(who_keeps_house)
{
    pid_t pids[4];
    char house[16], exec[16], all[256];
    if (!find_two())
        return;
    snprintf(all, sizeof all, "%s", cpus_of(getpid()));
    snprintf(house, sizeof house, "%u", two_cpus[0]);
    snprintf(exec, sizeof exec, "%u", two_cpus[1]);
    make_plan();
    pid_t pid = ry_test_supervised_start(pids);
    ck_assert_str_eq(cpus_of(pid), house);
    ck_assert_str_eq(cpus_of(pids[0]), exec);
    ck_assert_str_eq(cpus_of(pids[1]), all); /* feed0 */
    ck_assert_str_eq(cpus_of(pids[2]), all); /* feed1, of which the plan says nothing */
    ck_assert_str_eq(cpus_of(pids[3]), house);
    end(pid);
}
END_TEST

/* With too few cores nobody is bound who did not ask for it. */
START_TEST(oversubscribed)
{
    pid_t pids[4];
    char exec[16], all[256];
    if (!find_two())
        return;
    snprintf(all, sizeof all, "%s", cpus_of(getpid()));
    snprintf(exec, sizeof exec, "%u", two_cpus[1]);
    make_plan();
    T->placement.oversubscribed = true;
    pid_t pid = ry_test_supervised_start(pids);
    ck_assert_str_eq(cpus_of(pid), all);
    ck_assert_str_eq(cpus_of(pids[0]), exec);
    ck_assert_str_eq(cpus_of(pids[3]), all);
    end(pid);
}
END_TEST

/* Memory is taken from the node of the core, where there is more than one. */
START_TEST(memory_of_the_node)
{
    pid_t pids[4];
    if (!find_two())
        return;
    if (access("/proc/self/numa_maps", R_OK) != 0) {
        ry_test_skip("a kernel without NUMA");
        return;
    }
    make_plan();
    T->placement.nodes = _i == 0 ? 2 : 1;
    pid_t pid = ry_test_supervised_start(pids);
    ck_assert_int_eq(said_of(pids[0], "numa_maps", " prefer:0 ")[0] != 0, _i == 0);
    ck_assert_int_eq(said_of(pids[3], "numa_maps", " prefer:")[0] != 0, false);
    end(pid);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("supervisor_place");
    TCase *c = tcase_create("supervisor_place");
    tcase_add_checked_fixture(c, ry_test_supervised_set_up, ry_test_supervised_tear_down);
    tcase_add_test(c, who_keeps_house);
    tcase_add_test(c, oversubscribed);
    tcase_add_loop_test(c, memory_of_the_node, 0, 2);
    tcase_set_timeout(c, 60);
    suite_add_tcase(s, c);
    return s;
}

int main(int argc, char **argv)
{
    return ry_test_is_role(argv[0]) ? ry_test_role_main(argc, argv) : ry_test_run(suite());
}
