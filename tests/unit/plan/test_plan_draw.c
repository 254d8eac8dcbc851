/*
 * Pictures of machines. tests/unit/plan/pictures/NAME.txt has a machine, how many agents play
 * there, and behind an empty line the picture:
 *
 *     # What is special about it, for people.
 *     machine: a description (tuning/machine.h)
 *     agents: how many; "none" draws the machine alone
 *
 * Beside that each picture, in text and SVG, is held to what must be so of all.
 */
#include <glob.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/rules.h"
#include "tests/support/test.h"
#include "tools/plan/draw.h"
#include "tools/plan/json.h"

#define PICTURES "tests/unit/plan/pictures/*.txt"
#define COLUMNS  100

static struct ry_tuning_machine machine;
static struct ry_tuning_placement plan;
static struct ry_plan_picture picture = {.machine = &machine};

/* ---- a machine and its battle ---------------------------------------------------------------- */

static void add(const char *name, unsigned number, enum ry_tuning_role role)
{
    struct ry_tuning_placed *process = &plan.process[plan.count++];
    *process = (struct ry_tuning_placed){.role = role, .wanted = RY_TUNING_PLACEMENT_NONE};
    bool one = role != RY_TUNING_FEED && role != RY_TUNING_AGENT;
    snprintf(process->name, sizeof process->name, one ? "%s" : "%s%u", name, number);
}

/* agents < 0: no battle. */
static void begin(const char *description, int agents)
{
    char error[RY_TUNING_MACHINE_ERROR_BYTES];
    unsigned missing;
    ck_assert_msg(ry_tuning_machine_look(&machine, description, error) == 0, "%s", error);
    plan = (struct ry_tuning_placement){.count = 0};
    picture.placement = agents >= 0 ? &plan : NULL;
    add("exec", 0, RY_TUNING_EXEC);
    add("feed", 0, RY_TUNING_FEED);
    add("journal", 0, RY_TUNING_JOURNAL);
    for (int i = 0; i < agents; i++)
        add("agent", (unsigned)i, RY_TUNING_AGENT);
    add("supervisor", 0, RY_TUNING_OBSERVER);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, &machine, &missing), 0);
}

static char *drawn(bool svg, unsigned columns)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    if (svg)
        ry_plan_draw_svg(out, &picture);
    else
        ry_plan_draw_text(out, &picture, columns);
    fclose(out);
    return text;
}

/* ---- what must be so of all ------------------------------------------------------------------ */

static unsigned count_of(const char *text, const char *part)
{
    unsigned count = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        count++;
    return count;
}

/* A frame, closed on all sides, no wider than was asked for. */
static void is_framed(const char *name, unsigned columns)
{
    char *text = drawn(false, columns);
    size_t width = strcspn(text, "\n");
    ck_assert_msg(width <= (columns > 60 ? columns : 60), "%s: %zu columns", name, width);
    for (const char *line = text; *line != '\0'; line += width + 1) {
        ck_assert_msg(strcspn(line, "\n") == width, "%s: a line of another width:\n%s", name, text);
        ck_assert_msg(strchr("+|", line[0]) != NULL && line[width - 1] == line[0],
                      "%s: no frame:\n%s", name, text);
    }
    free(text);
}

/* Each CPU once, each process that is bound in a CPU's title, each element closed. */
static void is_whole(const char *name)
{
    char *text = drawn(true, 0), part[64];
    for (unsigned i = 0; i < machine.cpus; i++) {
        snprintf(part, sizeof part, " data-cpu=\"%u\">", machine.cpu[i].cpu);
        ck_assert_msg(count_of(text, part) == 1, "%s: CPU %u", name, machine.cpu[i].cpu);
    }
    for (unsigned i = 0; picture.placement != NULL && i < plan.count; i++) {
        snprintf(part, sizeof part, "; %s, ", plan.process[i].name);
        ck_assert_msg(count_of(text, part) == (plan.process[i].core >= 0), "%s: %s", name,
                      plan.process[i].name);
    }
    ck_assert_uint_eq(count_of(text, "<g "), count_of(text, "</g>"));
    ck_assert_uint_eq(count_of(text, "<text "), count_of(text, "</text>"));
    ck_assert_uint_eq(count_of(text, "<svg "), 1);
    ck_assert_uint_eq(count_of(text, "</svg>"), 1);
    ck_assert_ptr_null(strstr(text, "href"));
    ck_assert_ptr_null(strstr(text, "url("));
    free(text);
}

static void is_json(const char *name)
{
    json_t *here = ry_plan_json_machine(&machine), *planned = ry_plan_json_placement(&plan);
    ck_assert_uint_eq(json_array_size(json_object_get(here, "cpus")), machine.cpus);
    ck_assert_uint_eq(json_array_size(json_object_get(planned, "processes")), plan.count);
    ck_assert_str_eq(json_string_value(json_object_get(here, "name")), machine.name);
    for (size_t i = 0; i < plan.count; i++) {
        const json_t *process = json_array_get(json_object_get(planned, "processes"), i);
        const json_t *cpu = json_object_get(process, "cpu");
        int core = json_is_null(cpu) ? RY_TUNING_PLACEMENT_NONE : (int)json_integer_value(cpu);
        ck_assert_msg(core == plan.process[i].core, "%s: %s", name, plan.process[i].name);
        ck_assert_uint_gt(json_string_length(json_object_get(process, "why")), 0);
    }
    json_decref(here);
    json_decref(planned);
}

static void holds(const char *name)
{
    is_framed(name, COLUMNS);
    is_framed(name, 0);
    is_framed(name, 200);
    is_framed(name, 100000);
    is_whole(name);
    is_json(name);
}

/* ---- the pictures ---------------------------------------------------------------------------- */

static glob_t pictures;

static void find_pictures(void)
{
    if (glob(PICTURES, 0, NULL, &pictures) != 0)
        pictures.gl_pathc = 0;
}

/* What stands behind "KEY: "; the caller frees it. */
static char *value_of(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    ck_assert_ptr_nonnull(at);
    at += strlen(key);
    return strndup(at, strcspn(at, "\n"));
}

START_TEST(each_picture)
{
    const char *path = pictures.gl_pathv[_i];
    char *text = ry_test_file_text(path);
    const char *wanted = strstr(text, "\n\n");
    ck_assert_ptr_nonnull(wanted);
    char *description = value_of(text, "machine: "), *agents = value_of(text, "agents: ");
    begin(description, strncmp(agents, "none", 4) == 0 ? -1 : atoi(agents));
    char *got = drawn(false, COLUMNS);
    if (strcmp(got, wanted + 2) != 0) /* a picture is longer than a message of a test may be */
        fprintf(stderr, "%s is drawn as\n%s", path, got);
    ck_assert_msg(strcmp(got, wanted + 2) == 0, "%s: another picture", path);
    holds(path);
    free(got);
    free(description);
    free(agents);
    free(text);
}
END_TEST

START_TEST(there_are_pictures)
{
    ck_assert_uint_ge(pictures.gl_pathc, 6);
}
END_TEST

START_TEST(of_all_sizes)
{
    static const char *const machines[] = {
        "core:1 pu:1",
        "core:1 pu:8",
        "pack:1 numa:1 l3:1 core:512 pu:2",
        "pack:1 numa:1 l3:512 core:1 pu:2",
        "pack:8 numa:2 l3:4 core:8 pu:2",
        "pack:2 numa:1 l3:1 core:96 pu:2 [nic=1 nic=1 nic=0]",
        "pack:1 l3:1 core:8 pu:2 [absent=9,11,13,15 kind:1=8,10,12,14]",
        "pack:2 numa:1 l3:12 core:8 pu:2 [isolated=2-31 offline=40-47 allowed=0-99]",
    };
    for (unsigned i = 0; i < sizeof machines / sizeof *machines; i++)
        for (int agents = -1; agents <= 64; agents += 13) {
            begin(machines[i], agents);
            holds(machines[i]);
        }
}
END_TEST

START_TEST(summaries)
{
    char summary[RY_PLAN_TITLE_BYTES];
    begin("pack:2 numa:1 l3:4(size=33554432) core:8 pu:2", -1);
    ry_plan_summary(summary, &machine);
    ck_assert_str_eq(summary, "2 sockets, 2 memory nodes, 8 last-level caches of 32 MiB, 64 cores "
                              "of 2 threads");
    begin("pack:1 l3:1(size=25165824) core:8 pu:2 [absent=9,11,13,15 kind:1=8,10,12,14]", -1);
    ry_plan_summary(summary, &machine);
    ck_assert_str_eq(summary,
                     "1 socket, 1 memory node, 1 last-level cache of 24 MiB, 8 cores of up "
                     "to 2 threads, of 2 kinds");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("plan_draw");
    TCase *t = tcase_create("plan_draw");
    find_pictures();
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, each_picture, 0, (int)pictures.gl_pathc);
    tcase_add_test(t, there_are_pictures);
    tcase_add_test(t, of_all_sizes);
    tcase_add_test(t, summaries);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
