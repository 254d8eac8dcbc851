/* The watcher over journals that nobody writes any more: what it shows while it reads, and of
 * damage. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tests/support/api_rig.h"
#include "tests/support/past_rig.h"
#include "tools/api/internal.h"
#include "tools/web/watcher.h"

#define INPUTS    (2 * RY_RESULTS_STEP_INPUTS) /* more than the watcher reads in a turn */
#define TURNS_MAX 2000

static struct ry_test_past past;
static struct api_rig rig;
static struct ry_web_focus focus;
static struct ry_web_state state;
static struct ry_web_outlet outlet;
static struct ry_web_watcher watcher;

static void write_battle(bool ends)
{
    const struct ry_input_battle battle = ry_test_past_battle(2, 3, RY_TIME_NEVER);
    (void)ry_clock_init();
    ry_test_past_open(&past, 1, &battle);
    ry_test_past_add(&past, INPUTS);
    if (ends)
        ry_test_past_end(&past);
}

static void begin(void)
{
    api_open(&rig, past.folder.path, false);
    ck_assert_int_eq(ry_web_focus_open(&focus, past.folder.path, false), 0);
    ck_assert_int_eq(ry_web_outlet_open(&outlet), 0);
    ck_assert_int_eq(pthread_mutex_init(&state.lock, NULL), 0);
    ry_web_watcher_open(&watcher, &focus, &state, &outlet, rig.api, NULL);
}

static void end(void)
{
    ry_web_watcher_close(&watcher);
    (void)pthread_mutex_destroy(&state.lock);
    ry_web_outlet_close(&outlet);
    ry_web_focus_close(&focus);
    api_close(&rig);
    ry_test_past_close(&past);
}

/* How the battle stands by what the API is shown; "": it is shown nothing. */
static const char *shown(char text[64])
{
    json_t *picture = ry_api_shown(rig.api, focus.folder);
    const char *is =
        json_string_value(json_object_get(json_object_get(picture, "battle"), "state"));
    snprintf(text, 64, "%s", is != NULL ? is : "");
    json_decref(picture);
    return text;
}

static void turn_until(const char *wanted)
{
    char text[64];
    for (unsigned turns = 0; strcmp(shown(text), wanted) != 0; turns++) {
        ck_assert_str_eq(text, "");
        ck_assert_uint_lt(turns, TURNS_MAX);
        ry_web_watcher_turn(&watcher);
    }
}

/* In the middle of what is read no board is shown as the end's: who asks is told the end. */
START_TEST(test_reads)
{
    char text[64];
    write_battle(true);
    begin();
    ck_assert_uint_lt(watcher.watch.follow.inputs, INPUTS);
    ck_assert_str_eq(shown(text), "");
    api_get(&rig, "/v1/battles/current/leaderboard", "");
    ck_assert_uint_eq(rig.answer.status, 200);
    ck_assert_uint_gt((uint64_t)json_integer_value(api_member(&rig, "input")), INPUTS);
    turn_until("ended");
    ck_assert_int_eq(watcher.follower, RY_WEB_FOLLOWED);
    api_get(&rig, "/v1/battles/current/state", "");
    const char *folder = json_string_value(json_object_get(api_member(&rig, "battle"), "folder"));
    ck_assert_str_eq(folder, strrchr(past.folder.path, '/') + 1);
    end();
}
END_TEST

/* A byte in the middle is another; the file is as old as that many seconds. */
static void damage(time_t age_s)
{
    char path[128];
    struct stat file;
    uint8_t byte;
    snprintf(path, sizeof path, "%s/" RY_JOURNAL_FILE, past.folder.path);
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fstat(fd, &file), 0);
    ck_assert_int_eq(pread(fd, &byte, 1, file.st_size / 4 * 3), 1);
    byte = (uint8_t)~byte;
    ck_assert_int_eq(pwrite(fd, &byte, 1, file.st_size / 4 * 3), 1);
    const struct timespec then[2] = {{.tv_sec = time(NULL) - age_s},
                                     {.tv_sec = time(NULL) - age_s}};
    ck_assert_int_eq(futimens(fd, then), 0);
    close(fd);
}

/* Of a file that nobody writes it is said at once; of one that may be written as soon as it does
 * not change any more, and never that the battle broke off at its beginning. */
START_TEST(test_damaged)
{
    write_battle(true);
    damage(_i == 0 ? 60 : 0);
    begin();
    char text[64];
    uint64_t most = 0;
    while (watcher.follower == RY_WEB_FOLLOWS) {
        ck_assert_str_eq(shown(text), "");
        const uint64_t inputs = watcher.watch.follow.inputs;
        ck_assert(_i == 1 || inputs >= most);
        most = inputs;
        watcher.frame_ns = watcher.show_ns = 0; /* each turn shows */
        ry_web_watcher_turn(&watcher);
    }
    ck_assert_int_eq(watcher.follower, RY_WEB_FOLLOWS_LESS);
    turn_until("damaged");
    ry_watch_look(&watcher.watch, ry_clock_ns());
    bool alarmed = false;
    for (unsigned i = 0; i < watcher.watch.alarms.count; i++)
        alarmed |= strstr(watcher.watch.alarms.alarm[i].text, "cannot be followed") != NULL;
    ck_assert(alarmed);
    end();
}
END_TEST

/* The library looks at the heads of blocks; what a reading found is listed. */
START_TEST(test_damage_is_listed)
{
    write_battle(true);
    damage(60);
    begin();
    for (unsigned i = 0; i < 2; i++) {
        api_get(&rig, "/v1/battles", "");
        json_t *battle = json_array_get(api_member(&rig, "battles"), 0);
        ck_assert_str_eq(json_string_value(json_object_get(battle, "state")),
                         i == 0 ? "ended" : "damaged");
        api_get(&rig, "/v1/battles/current", "");
        ck_assert_str_eq(api_text(&rig, "state"), "damaged");
    }
    end();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("web_watcher");
    TCase *c = tcase_create("watcher");
    tcase_set_timeout(c, 30);
    tcase_add_test(c, test_reads);
    tcase_add_loop_test(c, test_damaged, 0, 2);
    tcase_add_test(c, test_damage_is_listed);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
