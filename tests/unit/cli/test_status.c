/* `royale status` as text: few agents each have their lines; of sixty, a screen says who leads, who
 * goes next, and whose process something is wrong with. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"
#include "tests/support/text_rig.h"
#include "tools/cli/status.h"

#define SCREEN_LINES 60

static struct ry_cli_status status;

static struct ry_watch_process *process(const char *name, unsigned number)
{
    struct ry_watch_process *p = &status.watch.processes.process[status.watch.processes.count++];
    if (number == UINT32_MAX)
        snprintf(p->name, sizeof p->name, "%s", name);
    else
        snprintf(p->name, sizeof p->name, "%s%u", name, number);
    p->state = RY_WATCH_RUNS;
    p->core = -1;
    p->beat_age_ns = p->quiet_ns = -1;
    p->busy_permille = 123;
    p->rate_unit = p->lag_unit = "";
    return p;
}

static void make(unsigned agents)
{
    memset(&status, 0, sizeof status);
    status.state = "runs";
    strcpy(status.watch.names.zone, "UTC");
    status.watch.processes.process =
        calloc(RY_WATCH_PROCESSES_MAX, sizeof(struct ry_watch_process));
    ck_assert_ptr_nonnull(status.watch.processes.process);
    strcpy(status.board.name, "b");
    status.board.round = 2;
    status.board.left_ns = (2 * 3600 + 3 * 60 + 4) * RY_NS_PER_SECOND;
    status.board.permille = 125;
    status.board.count = agents;
    (void)process("exec", UINT32_MAX);
    (void)process("feed", 0);
    for (unsigned i = 0; i < agents; i++) {
        struct ry_results_board_row *row = &status.board.row[i];
        snprintf(row->name, sizeof row->name, "a%u", i);
        row->rank = i + 1;
        row->goes_next = i + 1 == agents;
        (void)process("agent", i);
    }
}

static char *text(void)
{
    FILE *out = text_begin();
    ry_cli_status_text(out, &status);
    fclose(out);
    return text_written;
}

static void done(void)
{
    free(text_written);
    free(status.watch.processes.process);
}

static unsigned lines(const char *of)
{
    unsigned count = 0;
    for (; *of != 0; of++)
        count += *of == '\n';
    return count;
}

START_TEST(test_few)
{
    make(3);
    status.watch.processes.process[0].lag = 7;
    status.watch.processes.process[0].lag_unit = "events";
    const char *said = text();
    ck_assert_ptr_nonnull(strstr(said, "battle b: runs, round 2, 2:03:04 left in it\n"));
    ck_assert_ptr_nonnull(strstr(said, "1970-01-01 00:00:00 UTC, 12.5 %; 0 inputs\n"));
    ck_assert_ptr_nonnull(strstr(said, "12.3 %"));
    ck_assert_ptr_nonnull(strstr(said, "  behind by 7 events\n"));
    ck_assert_ptr_nonnull(strstr(said, "\nagent2 "));
    ck_assert_ptr_nonnull(strstr(said, "goes next"));
    ck_assert_ptr_nonnull(strstr(said, "\nno alarms\n"));
    ck_assert_ptr_null(strstr(said, "more"));
    done();
}
END_TEST

START_TEST(test_sixty)
{
    make(60);
    status.watch.processes.process[2 + 5].state = RY_WATCH_STANDS;
    status.watch.processes.process[2 + 6].lost = 1;
    status.watch.processes.process[2 + 7].state = RY_WATCH_ENDED;
    for (unsigned i = 0; i < RY_WATCH_ALARMS_MAX; i++) {
        status.watch.alarms.alarm[i].severity = RY_WATCH_WARNING;
        strcpy(status.watch.alarms.alarm[i].text, "something");
    }
    status.watch.alarms.count = RY_WATCH_ALARMS_MAX;
    status.watch.alarms.more = 3;
    const char *said = text();
    ck_assert_uint_le(lines(said), SCREEN_LINES);
    ck_assert_ptr_nonnull(strstr(said, " 60  a59 "));
    ck_assert_ptr_nonnull(strstr(said, "and 35 more: --json lists them\n"));
    ck_assert_ptr_nonnull(strstr(said, "\nagent5  "));
    ck_assert_ptr_nonnull(strstr(said, "\nagent6  "));
    ck_assert_ptr_null(strstr(said, "\nagent7  "));
    ck_assert_ptr_nonnull(strstr(said, "and of the agents' processes 57 run, 1 have ended\n"));
    ck_assert_ptr_nonnull(strstr(said, "and 55 more: --json lists them\n"));
    done();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("status");
    TCase *c = tcase_create("status");
    tcase_add_test(c, test_few);
    tcase_add_test(c, test_sixty);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
