/* The model of what displays show: its rows against all rows of the battle; what processes' regions
 * say; what the folder of a battle that is over kept. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/results_rig.h"
#include "tools/counters/tables.h"
#include "tools/watch/internal.h"

#define MS INT64_C(1000000)

static struct stage stage;
static struct ry_watch w;
static char error[RY_WATCH_ERROR_BYTES];

/* ---- rows ------------------------------------------------------------------------------------ */

#define ROWS_MAX 4096

static struct ry_results_row all[ROWS_MAX];
static unsigned rows;

static void take(void *context, const struct ry_results_row *row)
{
    (void)context;
    ck_assert_uint_lt(rows, ROWS_MAX);
    all[rows++] = *row;
}

enum { OF_NOBODY = -1, OF_GAME = -2 };

/* Whose page shows the row: an agent; RY_AGENTS_MAX + an instrument; the game; nobody. */
static int page_of(const struct ry_results_row *row)
{
    static const enum ry_results_row_kind game[] = {RY_RESULTS_ROW_ROUND,      RY_RESULTS_ROW_RANK,
                                                    RY_RESULTS_ROW_OUT,        RY_RESULTS_ROW_STAMP,
                                                    RY_RESULTS_ROW_INCOMPLETE, RY_RESULTS_ROW_END};
    const struct ry_results_row_about *about = &ry_results_rows[row->kind];
    if (row->kind == RY_RESULTS_ROW_TRADE || row->kind == RY_RESULTS_ROW_STANDING)
        return OF_NOBODY;
    for (unsigned i = 0; i < sizeof game / sizeof game[0]; i++)
        if (row->kind == game[i])
            return OF_GAME;
    for (unsigned i = 0; i < about->columns; i++)
        if (about->column[i].type == RY_RESULTS_TYPE_AGENT)
            return *(const uint16_t *)ry_results_row_at(row, &about->column[i]);
    for (unsigned i = 0; i < about->columns; i++)
        if (about->column[i].type == RY_RESULTS_TYPE_INSTRUMENT)
            return RY_AGENTS_MAX + *(const uint16_t *)ry_results_row_at(row, &about->column[i]);
    ck_abort_msg("%s is on no page", about->name);
    return OF_NOBODY;
}

/* The page's rows from the end against all, from the end. */
static void same_page(const struct ry_watch_rows *page, int of)
{
    uint64_t seen = 0;
    for (unsigned i = rows; i-- > 0;) {
        if (page_of(&all[i]) != of)
            continue;
        if (seen < RY_WATCH_ROWS) {
            const struct ry_results_row *row = &page->row[(page->count - 1 - seen) % RY_WATCH_ROWS];
            ck_assert_uint_eq(row->kind, all[i].kind);
            ck_assert_uint_eq(row->key.input, all[i].key.input);
            ck_assert_uint_eq(row->key.n, all[i].key.n);
        }
        seen++;
    }
    ck_assert_uint_eq(page->count, seen);
}

/* A battle of that many orders of a0, in a journal of its own, opened and followed. */
static struct journal_folder follow(unsigned orders, bool ends)
{
    const struct ry_input_battle battle = stage_battle(3);
    rows = 0;
    stage_open(&stage, &battle, NULL);
    stage.results.row = take;
    stage_play(&stage);
    for (unsigned i = 0; i < orders; i++)
        stage_order(&stage, 0, 10 + i, RY_BUY, 900, 1);
    if (ends)
        stage_end(&stage);
    struct journal_folder folder = stage_journal(&stage, stage.inputs);
    static char path[sizeof folder.path];
    memcpy(path, folder.path, sizeof path);
    ck_assert_msg(ry_watch_open(&w, path, true, error, sizeof error) == 0, "%s", error);
    while (ry_watch_step(&w, 7) == 7)
        ;
    return folder;
}

static void end(const struct journal_folder *folder)
{
    char path[128];
    for (unsigned i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder->path, i == 0 ? "battle.yaml" : "counters.txt");
        (void)unlink(path);
    }
    ry_watch_close(&w);
    journal_folder_remove(folder);
    stage_close(&stage);
}

START_TEST(test_rows)
{
    struct journal_folder folder = follow(_i == 0 ? 0 : 150, true);
    ck_assert_uint_eq(w.follow.status, RY_FOLLOW_END);
    ck_assert_int_eq(ry_watch_next(&w, true), RY_RESULTS_DONE);
    for (int agent = 0; agent < 3; agent++)
        same_page(&w.agent[agent], agent);
    same_page(&w.instrument[0], RY_AGENTS_MAX);
    same_page(&w.game, OF_GAME);
    ck_assert_uint_gt(w.instrument[0].count, 0);
    ck_assert_int_eq(w.agent[0].count > RY_WATCH_ROWS, _i == 1);
    end(&folder);
}
END_TEST

START_TEST(test_nowhere)
{
    ck_assert_int_eq(ry_watch_open(&w, "/nowhere", true, error, sizeof error), -1);
    ck_assert_ptr_nonnull(strstr(error, "/nowhere"));
}
END_TEST

/* ---- names ----------------------------------------------------------------------------------- */

static void write_file(const struct journal_folder *folder, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static const struct {
    const char *text, *zone, *feed[2];
} names[] = {
    {"market: {zone: America/New_York}\nfeeds: [{name: itch}, {format: dbn, name: glbx}]\n",
     "America/New_York",
     {"itch", "glbx"}},
    {"feeds: {name: itch}\nmarket: [zone]\n", "UTC", {"", ""}},
    {"market: {zone: Nowhere/City}\nfeeds:\n  - {name: \"a\\x1b[2J\"}\n", "UTC", {"a?[2J", ""}},
    {"market: {zone: \n", "UTC", {"", ""}},
    {"", "UTC", {"", ""}},
};

START_TEST(test_names)
{
    struct journal_folder folder = follow(0, true);
    write_file(&folder, "battle.yaml", names[_i].text);
    ry_watch_names_read(&w.names, w.directory);
    ck_assert_str_eq(w.names.zone, names[_i].zone);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_str_eq(w.names.feed[i], names[_i].feed[i]);
    end(&folder);
}
END_TEST

/* ---- processes that run ---------------------------------------------------------------------- */

static const struct ry_counter counted[] = {
    {"inputs", RY_COUNTER_KIND_COUNTER, "inputs", "what it reads", ""},
    {"gaps", RY_COUNTER_KIND_COUNTER, "gaps", "holes", "listen again"},
    {"inputs_written", RY_COUNTER_KIND_COUNTER, "inputs", "what the kernel has", ""},
    {"inputs_durable", RY_COUNTER_KIND_COUNTER, "inputs", "what the disk has", ""},
};
#define COUNTED (sizeof counted / sizeof counted[0])
static const struct ry_counter_table table = {counted, COUNTED};

/* A process that a test plays. */
struct played {
    struct ry_role_link made, joined;
    uint64_t own[COUNTED];
    struct ry_role_counters loop;
};

static void play(struct played *p, const char *name)
{
    char region[RY_REGION_NAME_BYTES], why[RY_ROLE_LINK_WHY_BYTES];
    memset(p, 0, sizeof *p);
    snprintf(region, sizeof region, "%s.watch", name);
    ck_assert_int_eq(ry_role_link_make(&p->made, region, why), 0);
    int fd = fcntl(p->made.region.fd, F_DUPFD_CLOEXEC, 0);
    ck_assert_int_eq(ry_role_link_join(&p->joined, fd, region, why), 0);
    ck_assert_int_eq(ry_watch_add(&w, &p->joined), 0);
    w.running = true; /* so says ry_watch_join */
}

static void begin_with(struct played *p, const struct ry_counter_table *own)
{
    struct ry_role_watch *head = p->made.own_head;
    ry_counters_create(&head->counters, own, &ry_role_counter_table);
}

static void begin(struct played *p)
{
    begin_with(p, &table);
}

static void publish(struct played *p)
{
    struct ry_role_watch *head = p->made.own_head;
    ry_counters_publish(&head->counters, 0, p->own, COUNTED);
    ry_counters_publish(&head->counters, COUNTED, p->loop.value, RY_ROLE_COUNTERS);
}

static void stop(struct played *p)
{
    ry_role_link_leave(&p->joined);
    ry_role_link_leave(&p->made);
}

static void look(int64_t ms)
{
    ry_watch_processes_look(&w, 1 + ms * MS, 5000 * MS + ms * MS);
    ry_watch_alarms_make(&w, 1 + ms * MS);
}

static bool alarmed(enum ry_watch_severity severity, const char *text)
{
    for (unsigned i = 0; i < w.alarms.count; i++)
        if (w.alarms.alarm[i].severity == severity && strstr(w.alarms.alarm[i].text, text) != NULL)
            return true;
    return false;
}

START_TEST(test_process)
{
    struct played exec;
    struct journal_folder folder = follow(0, false);
    play(&exec, "exec");
    const struct ry_watch_process *p = &w.processes.process[0];
    look(0);
    ck_assert_str_eq(p->name, "exec");
    ck_assert_uint_eq(p->state, RY_WATCH_STARTS);
    ck_assert_int_eq(p->core, -1);
    ck_assert_int_eq(p->beat_age_ns, -1);
    begin(&exec);
    exec.own[0] = 1000;
    exec.loop.core = 3;
    exec.loop.phase = RY_ROLE_PHASE_RUN;
    exec.loop.copied_ns = 5000 * MS;
    publish(&exec);
    look(10);
    ck_assert_uint_eq(p->state, RY_WATCH_RUNS);
    ck_assert_int_eq(p->core, 3);
    ck_assert_int_eq(p->beat_age_ns, 10 * MS);
    ck_assert_int_eq(p->busy_permille, -1);
    ck_assert_uint_eq(p->rate, 0);
    exec.own[0] = 1500;
    exec.own[1] = 2;
    exec.loop.copied_ns = 5250 * MS;
    exec.loop.busy_ns = 25 * MS;
    publish(&exec);
    look(260);
    ck_assert_int_eq(p->busy_permille, 100);
    ck_assert_uint_eq(p->rate, 2000);
    ck_assert_str_eq(p->rate_unit, "inputs");
    ck_assert_uint_eq(p->lost, 2);
    ck_assert_int_eq(p->quiet_ns, 0);
    ck_assert(alarmed(RY_WATCH_CRITICAL, "exec: gaps 2 (holes): listen again"));
    /* It stands still: nothing is copied out any more. */
    look(260 + 1000);
    ck_assert_uint_eq(p->state, RY_WATCH_STANDS);
    ck_assert_int_eq(p->busy_permille, 0);
    ck_assert_int_eq(p->quiet_ns, 1000 * MS);
    ck_assert(alarmed(RY_WATCH_CRITICAL, "exec stands still: no heartbeat for 1 s"));
    w.running = false; /* a door that stays closed says so */
    look(1270);
    ck_assert_uint_eq(p->state, RY_WATCH_ENDED);
    w.running = true;
    exec.loop.phase = RY_ROLE_PHASE_CLOSED;
    publish(&exec);
    look(1300);
    ck_assert_uint_eq(p->state, RY_WATCH_ENDED);
    ck_assert_int_eq(p->beat_age_ns, -1);
    ck_assert(!alarmed(RY_WATCH_CRITICAL, "stands still"));
    stop(&exec);
    end(&folder);
}
END_TEST

/* a2 is out: nobody waits for its process, and it has its name. */
START_TEST(test_agents)
{
    struct played in, out;
    struct journal_folder folder = follow(0, false);
    play(&in, "agent0");
    play(&out, "agent2");
    begin(&in);
    begin(&out);
    in.loop.phase = out.loop.phase = RY_ROLE_PHASE_RUN;
    in.loop.copied_ns = out.loop.copied_ns = 1;
    publish(&in);
    publish(&out);
    look(0);
    ck_assert_uint_eq(w.processes.process[0].state, RY_WATCH_STANDS);
    ck_assert_uint_eq(w.processes.process[1].state, RY_WATCH_ENDED);
    ck_assert_str_eq(w.processes.process[1].own, "a2");
    ck_assert(alarmed(RY_WATCH_WARNING, "agent0 (a0) stands still"));
    stop(&in);
    stop(&out);
    end(&folder);
}
END_TEST

/* Whom exec waits for, of feeds that give and feeds that do not. */
START_TEST(test_waits)
{
    static const struct ry_counter waiting[] = {
        {"events", RY_COUNTER_KIND_COUNTER, "records", "what a feed gives", ""},
        {"feed0_events", RY_COUNTER_KIND_COUNTER, "records", "what exec takes", ""},
        {"agent_waits", RY_COUNTER_KIND_COUNTER, "times", "an answer", ""},
        {"input_waits", RY_COUNTER_KIND_COUNTER, "times", "the journal", ""},
    };
    static const struct ry_counter_table waits = {waiting, COUNTED};
    static const struct {
        uint64_t given, agent, journal; /* more of them since the look before */
        int64_t busy_ms;                /* of 100 */
        const char *whom;
    } look_by_look[] = {
        {0, 5, 0, 10, "feeds"}, {9, 5, 1, 10, "agents"}, {0, 1, 5, 10, "the journal"},
        {0, 0, 0, 10, ""},      {0, 5, 0, 49, "agents"}, {0, 5, 0, 50, ""},
    };
    struct played exec, feed;
    struct journal_folder folder = follow(0, false);
    play(&exec, "exec");
    play(&feed, "feed0");
    begin_with(&exec, &waits);
    begin_with(&feed, &waits);
    exec.loop.phase = feed.loop.phase = RY_ROLE_PHASE_RUN;
    for (unsigned i = 0; i <= sizeof look_by_look / sizeof look_by_look[0]; i++) {
        exec.loop.copied_ns = feed.loop.copied_ns = (5000 + 100 * (uint64_t)i) * MS;
        if (i > 0) {
            feed.own[0] += look_by_look[i - 1].given;
            exec.own[2] += look_by_look[i - 1].agent;
            exec.own[3] += look_by_look[i - 1].journal;
            exec.loop.busy_ns += (uint64_t)(look_by_look[i - 1].busy_ms * MS);
        }
        publish(&exec);
        publish(&feed);
        look(100 * (int64_t)i);
        ck_assert_str_eq(w.processes.process[0].waits_for, i > 0 ? look_by_look[i - 1].whom : "");
        ck_assert_str_eq(w.processes.process[1].waits_for, "");
    }
    stop(&exec);
    stop(&feed);
    end(&folder);
}
END_TEST

START_TEST(test_lines)
{
    struct played feed;
    struct journal_folder folder = follow(0, false);
    play(&feed, "feed0");
    begin(&feed);
    ry_log(&feed.made.writer, RY_LOG_INFO, "nothing");
    ry_log(&feed.made.writer, RY_LOG_WARN, "late\x1b[2J");
    for (unsigned i = 0; i <= RY_WATCH_LINES; i++)
        ry_log(&feed.made.writer, RY_LOG_ERROR, "broken %u", i);
    look(0);
    ck_assert_uint_eq(w.processes.process[0].lines, RY_WATCH_LINES + 2);
    ck_assert(!alarmed(RY_WATCH_WARNING, "late")); /* only the last ones are kept */
    ck_assert(!alarmed(RY_WATCH_CRITICAL, "broken 0"));
    ck_assert(alarmed(RY_WATCH_CRITICAL, "feed0: error: broken 1"));
    ry_log(&feed.made.writer, RY_LOG_WARN, "late\x1b[2J");
    look(1);
    ck_assert(alarmed(RY_WATCH_WARNING, "feed0: warning: late [2J"));
    stop(&feed);
    end(&folder);
}
END_TEST

/* The disk confirms nothing; the feed gives nothing while trading stands still. */
START_TEST(test_silence)
{
    struct played feed, journal;
    struct journal_folder folder = follow(0, false);
    play(&feed, "feed0");
    play(&journal, "journal");
    begin(&feed);
    begin(&journal);
    for (int s = 0; s <= 5; s++) {
        feed.loop.phase = journal.loop.phase = RY_ROLE_PHASE_RUN;
        feed.loop.copied_ns = journal.loop.copied_ns = (uint64_t)((5000 + s * 1000) * MS);
        feed.own[0] = 77;
        journal.own[0] += 10;
        journal.own[2] = journal.own[0];
        publish(&feed);
        publish(&journal);
        look(s * 1000);
        ck_assert_int_eq(alarmed(RY_WATCH_WARNING, "feed0 is silent: no event for 5 s"), s == 5);
        ck_assert_int_eq(alarmed(RY_WATCH_CRITICAL, "the journal is not durable"), s == 5);
    }
    journal.own[3] = journal.own[2];
    feed.own[0]++;
    publish(&feed);
    publish(&journal);
    look(5100);
    ck_assert(!alarmed(RY_WATCH_WARNING, "silent"));
    ck_assert(!alarmed(RY_WATCH_CRITICAL, "durable"));
    look(11000);
    ck_assert(!alarmed(RY_WATCH_CRITICAL, "durable")); /* the disk has all there is */
    journal.own[2]++;
    publish(&journal);
    look(11100);
    look(17000);
    ck_assert(alarmed(RY_WATCH_CRITICAL, "durable"));
    w.running = false; /* killed: who would ask the disk? */
    look(18000);
    ck_assert(alarmed(RY_WATCH_CRITICAL, "the battle has not ended"));
    ck_assert(!alarmed(RY_WATCH_CRITICAL, "durable"));
    stop(&feed);
    stop(&journal);
    end(&folder);
}
END_TEST

/* ---- alarms ---------------------------------------------------------------------------------- */

START_TEST(test_worst_first)
{
    static struct played role[RY_WATCH_ALARMS_MAX];
    struct journal_folder folder = follow(0, true);
    for (unsigned i = 0; i < RY_WATCH_ALARMS_MAX; i++) {
        char name[RY_NAME_BYTES];
        snprintf(name, sizeof name, "%s%u", i == RY_WATCH_ALARMS_MAX - 1 ? "feed" : "agent",
                 i % 63);
        play(&role[i], name);
        for (unsigned line = 0; line < 2; line++)
            ry_log(&role[i].made.writer, RY_LOG_WARN, "line %u", line);
        if (i == RY_WATCH_ALARMS_MAX - 1) {
            begin(&role[i]);
            role[i].own[1] = 1;
            publish(&role[i]);
            ry_log(&role[i].made.writer, RY_LOG_ERROR, "the last of all"); /* is a worst one */
        }
    }
    look(0);
    ck_assert_uint_eq(w.alarms.count, RY_WATCH_ALARMS_MAX);
    ck_assert_uint_eq(w.alarms.count + w.alarms.more, 2 * RY_WATCH_ALARMS_MAX + 2);
    ck_assert(alarmed(RY_WATCH_CRITICAL, "the last of all"));
    ck_assert_uint_eq(w.alarms.alarm[1].severity, RY_WATCH_CRITICAL);
    ck_assert_uint_eq(w.alarms.alarm[2].severity, RY_WATCH_WARNING);
    for (unsigned i = 1; i < RY_WATCH_ALARMS_MAX; i++)
        ck_assert_uint_le(w.alarms.alarm[i].severity, w.alarms.alarm[i - 1].severity);
    for (unsigned i = 0; i < RY_WATCH_ALARMS_MAX; i++)
        stop(&role[i]);
    end(&folder);
}
END_TEST

START_TEST(test_stamp)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    stage_died(&stage, 1, RY_INF_WALL);
    struct journal_folder folder = stage_journal(&stage, stage.inputs);
    ck_assert_int_eq(ry_watch_open(&w, folder.path, false, error, sizeof error), 0);
    while (ry_watch_step(&w, 7) == 7)
        ;
    ry_watch_look(&w, 1);
    ck_assert(alarmed(RY_WATCH_CRITICAL, "not reproducible: agent a1"));
    ck_assert(alarmed(RY_WATCH_CRITICAL, "the battle has not ended"));
    end(&folder);
}
END_TEST

/* ---- a record without an end --------------------------------------------------------------- */

static const struct {
    const char *door, *result, *log, *alarm;
    enum ry_watch_severity severity;
} cut[] = {
    {RY_ROLE_DOOR_NOBODY, NULL, NULL, "no battle runs there: it broke off, and nothing in its",
     RY_WATCH_CRITICAL},
    {RY_ROLE_DOOR_NOBODY, "result of b, partial, until input 7: journal died: full\x1b\nrank\n",
     "09:00:00.000000 ERROR later\n", "no battle runs there: journal died: full?",
     RY_WATCH_CRITICAL},
    {RY_ROLE_DOOR_NOBODY, "result of b\nx, partial, until input 7: no\n",
     "09:00:00.000000 ERROR first\n09:00:00.000000 WARN  odd\nx\n", "there: exec: first; its",
     RY_WATCH_CRITICAL},
    {"Permission denied", NULL, "09:00:00.000000 ERROR first\n",
     "cannot be seen (Permission denied): what is shown is its journal", RY_WATCH_WARNING},
    {"", NULL, NULL, "the battle has not ended, and nobody asked", RY_WATCH_CRITICAL},
};

START_TEST(test_cut)
{
    struct journal_folder folder = follow(0, false);
    char log[128];
    snprintf(log, sizeof log, "%s/log", folder.path);
    ck_assert_int_eq(mkdir(log, 0700), 0);
    if (cut[_i].result != NULL)
        write_file(&folder, "result.txt", cut[_i].result);
    if (cut[_i].log != NULL) {
        write_file(&folder, "log/exec.log", cut[_i].log);
        write_file(&folder, "log/feed0.log", "08:59:59.000000 ERROR before\n");
    }
    strcpy(w.why, cut[_i].door);
    w.closed = strcmp(w.why, "Permission denied") == 0;
    ry_watch_look(&w, 1);
    ck_assert_msg(alarmed(cut[_i].severity, cut[_i].alarm), "%s", w.alarms.alarm[0].text);
    ck_assert_int_eq(ry_watch_broke_off(&w), cut[_i].severity == RY_WATCH_CRITICAL);
    static const char *const files[] = {"result.txt", "log/exec.log", "log/feed0.log"};
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder.path, files[i]);
        (void)unlink(path);
    }
    ck_assert_int_eq(rmdir(log), 0);
    end(&folder);
}
END_TEST

/* ---- a battle that is over ------------------------------------------------------------------- */

START_TEST(test_kept)
{
    struct journal_folder folder = follow(0, true);
    uint64_t value;
    write_file(&folder, "counters.txt",
               "a line of nobody\n  zero   0 lots\n"
               "exec:\n"
               "  feed0_events                   984366 records\n"
               "  agents_died                         1 agents\n"
               "  input_hash             9fe4d27765c67d3c hash\n"
               "  core                                3 core\n"
               "  copied_ns                       12345 ns\n"
               "  Not-A-Name                          3 x\n"
               "odd: agents_died 1 (agents whose death became an input (all)): look; at: it\n"
               "odd: nothing\n"
               "feed0 (itch):\n"
               "  gaps                                3 gaps\n"
               "  copied_ns                       12345 ns\n"
               "odd: gaps 3 (holes): listen again\n"
               "the machine:\n"
               "  unmet                              12 lots\n");
    ry_watch_kept_processes(&w);
    ry_watch_look(&w, 1);
    ck_assert_uint_eq(w.processes.count, 2);
    const struct ry_watch_process *exec = ry_watch_process_find(&w.processes, "exec");
    const struct ry_watch_process *feed = ry_watch_process_find(&w.processes, "feed0");
    ck_assert_uint_eq(exec->state, RY_WATCH_ENDED);
    ck_assert_int_eq(exec->core, 3);
    ck_assert_int_eq(feed->core, 0);
    ck_assert_int_eq(feed->busy_permille, -1);
    ck_assert_str_eq(feed->own, "itch");
    ck_assert_uint_eq(exec->counters, 6);
    ck_assert(ry_watch_counter(exec, "input_hash", &value) && value == 0x9fe4d27765c67d3c);
    ck_assert(ry_watch_counter(exec, "unmet", &value) && value == 12);
    ck_assert(!ry_watch_counter(exec, "zero", &value));
    /* What the file does not say is known all the same; a remedy is that of the file, or none. */
    const struct ry_counter events = ry_counters_described(exec->description, 0);
    ck_assert_str_eq(events.name, "feed0_events");
    ck_assert_str_eq(events.sentence, ry_counters_known("exec", "feed0_events")->sentence);
    ck_assert_str_eq(ry_counters_known("feed63", "gaps")->unit, "gaps");
    ck_assert_str_eq(ry_counters_known("agent0", "copied_ns")->unit, "ns");
    ck_assert_ptr_null(ry_counters_known("feeder", "gaps"));
    ck_assert_str_eq(events.remedy, "");
    ck_assert(alarmed(RY_WATCH_CRITICAL, "feed0 (itch): gaps 3 (holes): listen again"));
    ck_assert(alarmed(RY_WATCH_WARNING,
                      "exec: agents_died 1 (agents whose death became an input (all)): look; at"));
    end(&folder);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("watch");
    TCase *c = tcase_create("watch");
    tcase_add_loop_test(c, test_rows, 0, 2);
    tcase_add_test(c, test_nowhere);
    tcase_add_loop_test(c, test_names, 0, (int)(sizeof names / sizeof names[0]));
    tcase_add_test(c, test_process);
    tcase_add_test(c, test_waits);
    tcase_add_test(c, test_agents);
    tcase_add_test(c, test_lines);
    tcase_add_test(c, test_silence);
    tcase_add_test(c, test_worst_first);
    tcase_add_test(c, test_stamp);
    tcase_add_loop_test(c, test_cut, 0, (int)(sizeof cut / sizeof *cut));
    tcase_add_test(c, test_kept);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
