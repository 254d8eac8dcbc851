/*
 * Placement plans. tests/unit/tuning/plans/NAME.txt has a machine, the processes of a battle, and
 * behind an empty line the plan that is expected, as `royale check` prints it:
 *
 *     # What is special about it, for people.
 *     machine: a description (tuning/machine.h)
 *     processes: exec feed+card agent*3 journal supervisor
 *
 * feed+card: its packets come from a card, feed+ens1f0: from that one; exec@5: the battle file
 * names core 5; agent*3: three of them.
 *
 * Beside that every plan is held to rules that its author may have forgotten (obeys_the_rules).
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/rules.h"
#include "tests/support/test.h"
#include "tuning/placement.h"

#define PLANS "tests/unit/tuning/plans/*.txt"

static struct ry_tuning_machine machine;
static struct ry_tuning_placement plan;
static unsigned missing;

/* ---- a plan's file --------------------------------------------------------------------------- */

static void add(const char *word)
{
    static const struct {
        const char *name;
        enum ry_tuning_role role;
        bool numbered;
    } roles[] = {{"exec", RY_TUNING_EXEC, false},           {"feed", RY_TUNING_FEED, true},
                 {"journal", RY_TUNING_JOURNAL, false},     {"agent", RY_TUNING_AGENT, true},
                 {"supervisor", RY_TUNING_OBSERVER, false}, {"view", RY_TUNING_OBSERVER, false}};
    size_t length = strcspn(word, "@+*");
    const char *times = strchr(word, '*'), *at = strchr(word, '@'), *card = strchr(word, '+');
    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        if (strlen(roles[r].name) != length || strncmp(roles[r].name, word, length) != 0)
            continue;
        for (int n = times != NULL ? atoi(times + 1) : 1; n > 0; n--) {
            unsigned before = 0;
            for (unsigned i = 0; i < plan.count; i++)
                before += plan.process[i].role == roles[r].role;
            struct ry_tuning_placed *process = &plan.process[plan.count++];
            *process = (struct ry_tuning_placed){.role = roles[r].role,
                                                 .wanted = at != NULL ? atoi(at + 1) : -1};
            snprintf(process->name, sizeof process->name, roles[r].numbered ? "%s%u" : "%s",
                     roles[r].name, before);
            if (card != NULL)
                snprintf(process->card, sizeof process->card, "%.*s", (int)strcspn(card + 1, "@*"),
                         card + 1);
        }
        return;
    }
    ck_abort_msg("no process: %s", word);
}

static void begin(const char *description, const char *processes)
{
    char error[RY_TUNING_MACHINE_ERROR_BYTES], words[1024], *rest = NULL;
    ck_assert_msg(ry_tuning_machine_look(&machine, description, error) == 0, "%s", error);
    plan = (struct ry_tuning_placement){.count = 0};
    snprintf(words, sizeof words, "%s", processes);
    for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        add(word);
}

static const char *printed(void)
{
    static char text[65536];
    memset(text, 0, sizeof text);
    FILE *file = fmemopen(text, sizeof text - 1, "w");
    ry_tuning_placement_print(file, &plan);
    fclose(file);
    return text;
}

/* The line that begins with `key`, without it; NULL: there is none. */
static char *line_of(const char *text, const char *key)
{
    for (const char *line = text; line[0] != 0; line += strcspn(line, "\n") + 1) {
        if (strncmp(line, key, strlen(key)) != 0)
            continue;
        line += strlen(key);
        return strndup(line, strcspn(line, "\n"));
    }
    return NULL;
}

static glob_t plans;

static void find_plans(void)
{
    int found = glob(PLANS, 0, NULL, &plans);
    if (found != 0)
        plans.gl_pathc = 0;
}

/* ---- what holds of every plan ---------------------------------------------------------------- */

static unsigned core_of(int cpu)
{
    const struct ry_tuning_cpu *row = ry_tuning_machine_cpu(&machine, (unsigned)cpu);
    ck_assert_ptr_nonnull(row);
    return row->core;
}

static void obeys_the_rules(const char *name)
{
    for (unsigned i = 0; i < plan.count; i++) {
        const struct ry_tuning_placed *a = &plan.process[i];
        ck_assert_msg(a->why[0] != 0, "%s: %s has no reason", name, a->name);
        ck_assert_msg(a->wanted < 0 || a->core == a->wanted, "%s: %s lost its core", name, a->name);
        ck_assert_msg(!plan.oversubscribed || (a->core == a->wanted && a->wait != RY_TUNING_SPIN),
                      "%s: %s: oversubscribed", name, a->name);
        if (a->core < 0) {
            ck_assert_msg(a->wait != RY_TUNING_SPIN, "%s: %s spins unbound", name, a->name);
            continue;
        }
        const struct ry_tuning_cpu *cpu = ry_tuning_machine_cpu(&machine, (unsigned)a->core);
        ck_assert_msg(cpu->online && cpu->allowed, "%s: %s on CPU %d", name, a->name, a->core);
        ck_assert_int_eq(a->node, (int)cpu->node);
        if (a->wanted < 0) {
            ck_assert_msg(core_of(a->core) != core_of((int)machine.cpu[0].cpu),
                          "%s: %s on the machine's first core", name, a->name);
            ck_assert(a->role != RY_TUNING_OBSERVER);
        }
        for (unsigned k = 0; k < i; k++)
            if (plan.process[k].core >= 0 && core_of(plan.process[k].core) == core_of(a->core))
                ck_assert_msg(a->wanted >= 0 && plan.process[k].wanted >= 0 &&
                                  a->wait != RY_TUNING_SPIN,
                              "%s: %s and %s share a core", name, a->name, plan.process[k].name);
    }
    ck_assert(!ry_tuning_cpus_meet(&plan.house, &plan.hot));
    ck_assert(!ry_tuning_cpus_meet(&plan.house, &plan.idle));
    ck_assert(!ry_tuning_cpus_meet(&plan.hot, &plan.idle));
    for (unsigned i = 0; i < machine.cpus; i++)
        if (ry_tuning_cpus_has(&plan.house, machine.cpu[i].cpu))
            ck_assert(machine.cpu[i].allowed && machine.cpu[i].online && !machine.cpu[i].isolated);
}

/* `royale tune apply` isolates what a plan calls hot and idle. After that the same CPUs are hot;
 * and if none was isolated before, the plan is the same. */
static void stays_when_applied(const char *name)
{
    static struct ry_tuning_placement before;
    before = plan;
    bool isolated = false;
    for (unsigned i = 0; i < machine.cpus; i++) {
        struct ry_tuning_cpu *cpu = &machine.cpu[i];
        isolated = isolated || cpu->isolated;
        cpu->isolated = cpu->isolated || ry_tuning_cpus_has(&plan.hot, cpu->cpu) ||
                        ry_tuning_cpus_has(&plan.idle, cpu->cpu);
    }
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, &machine, &missing), 0);
    for (unsigned i = 0; i < plan.count; i++)
        ck_assert_msg(isolated || plan.process[i].core == before.process[i].core,
                      "%s: %s was on %d, now on %d", name, plan.process[i].name,
                      before.process[i].core, plan.process[i].core);
    ck_assert(ry_tuning_cpus_same(&plan.hot, &before.hot));
    ck_assert(ry_tuning_cpus_same(&plan.house, &before.house));
}

/* A failure shows the whole plan, to be read and taken over. */
static void compare(const char *path, const char *got, const char *expected)
{
    size_t same = 0, line = 1;
    if (strcmp(got, expected) == 0)
        return;
    printf("# %s: the plan is\n", path);
    for (const char *at = got; at[0] != 0; at += strcspn(at, "\n") + 1)
        printf("#%.*s\n", (int)strcspn(at, "\n"), at);
    fflush(stdout);
    for (; got[same] != 0 && got[same] == expected[same]; same++)
        line += got[same] == '\n';
    ck_abort_msg("%s: line %zu of the plan is another", path, line);
}

START_TEST(each_plan)
{
    const char *path = plans.gl_pathv[_i];
    char *text = ry_test_file_text(path);
    char *description = line_of(text, "machine: "), *processes = line_of(text, "processes: ");
    const char *expected = strstr(text, "\n\n");
    ck_assert_msg(text[0] == '#' && description != NULL && processes != NULL && expected != NULL,
                  "%s: a comment, machine:, processes:, an empty line, the plan", path);
    begin(description, processes);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, &machine, &missing), 0);
    compare(path, printed(), expected + 2);
    obeys_the_rules(path);
    stays_when_applied(path);
    free(text);
    free(description);
    free(processes);
}
END_TEST

START_TEST(there_are_plans)
{
    ck_assert_uint_ge(plans.gl_pathc, 12);
}
END_TEST

/* Any machine, any battle: the rules hold. */
START_TEST(random_machines)
{
    static const char *const machines[] = {
        "pack:2 numa:1 l3:2 core:4 pu:2",
        "pack:1 numa:4 l3:2 core:2 pu:1",
        "pack:2 core:6 pu:2",
        "l3:3 core:5 pu:2",
        "pu:7",
    };
    srand((unsigned)_i);
    for (unsigned round = 0; round < 100; round++) {
        char description[256], processes[256];
        const char *base = machines[(unsigned)rand() % (sizeof machines / sizeof *machines)];
        begin(base, "");
        int used = snprintf(description, sizeof description, "%s [", base);
        if (rand() % 2 == 0)
            used +=
                snprintf(description + used, sizeof description - (size_t)used, "isolated=%d-%u ",
                         1 + rand() % ((int)machine.cpus - 1), machine.cpus - 1);
        if (rand() % 2 == 0)
            used += snprintf(description + used, sizeof description - (size_t)used, "offline=%d ",
                             1 + rand() % ((int)machine.cpus - 1));
        if (rand() % 2 == 0)
            used += snprintf(description + used, sizeof description - (size_t)used,
                             "nic=%u kind:1=%u-%u", (unsigned)rand() % machine.nodes,
                             machine.cpus / 2, machine.cpus - 1);
        snprintf(description + used, sizeof description - (size_t)used, "]");
        snprintf(processes, sizeof processes, "exec feed+card*%d agent*%d journal supervisor",
                 1 + rand() % 2, rand() % 8);
        begin(description, processes);
        ck_assert_int_eq(ry_tuning_placement_plan(&plan, &machine, &missing), 0);
        obeys_the_rules(description);
    }
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------- */

START_TEST(a_core_that_is_not_there)
{
    begin("pack:1 numa:1 core:4 pu:1", "exec feed journal@4 supervisor");
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, &machine, &missing), -2);
    ck_assert_uint_eq(missing, 2);
    begin("pack:1 numa:1 core:4 pu:1 [offline=3]", "exec@3");
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, &machine, &missing), -2);
    ck_assert_uint_eq(missing, 0);
    begin("pack:1 numa:1 core:4 pu:1 [allowed=0-2]", "exec@3");
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, &machine, &missing), -2);
}
END_TEST

START_TEST(a_machine_that_is_not_known)
{
    begin("pu:4", "exec@1 feed agent supervisor");
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, NULL, &missing), -1);
    ck_assert(plan.oversubscribed);
    ck_assert_int_eq(plan.process[0].core, 1);
    ck_assert_int_eq(plan.process[1].core, RY_TUNING_PLACEMENT_NONE);
    ck_assert_int_eq(plan.process[1].wait, RY_TUNING_YIELD);
    ck_assert_int_eq(plan.process[2].wait, RY_TUNING_PARK);
}
END_TEST

START_TEST(more_notes_than_there_is_room_for)
{
    begin("core:16 pu:2 [allowed=0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30]",
          "exec feed agent*12 supervisor");
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, &machine, &missing), 0);
    ck_assert_uint_eq(plan.notes, RY_TUNING_PLACEMENT_NOTES);
    ck_assert_str_eq(plan.note[RY_TUNING_PLACEMENT_NOTES - 1], "and more than 7 notes");
}
END_TEST

/* Only a process whose core lies in our partition has to enter it. */
START_TEST(the_partition_is_entered)
{
    begin("core:8 pu:1 [isolated=1-3]", "exec feed agent*2 supervisor");
    ck_assert(ry_tuning_cpus_read_list(&machine.partition, "1-3"));
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, &machine, &missing), 0);
    for (unsigned i = 0; i < plan.count; i++)
        ck_assert_int_eq(plan.process[i].enter,
                         plan.process[i].core >= 1 && plan.process[i].core <= 3);
    ck_assert(plan.process[0].enter && plan.process[1].enter && !plan.process[4].enter);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("placement");
    TCase *t = tcase_create("placement");
    find_plans();
    tcase_add_loop_test(t, each_plan, 0, (int)plans.gl_pathc);
    tcase_add_test(t, there_are_plans);
    tcase_add_loop_test(t, random_machines, 0, 5);
    tcase_add_test(t, a_core_that_is_not_there);
    tcase_add_test(t, a_machine_that_is_not_known);
    tcase_add_test(t, more_notes_than_there_is_room_for);
    tcase_add_test(t, the_partition_is_entered);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
