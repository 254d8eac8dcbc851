/* A door at which somebody listens and does not answer. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/results_rig.h"
#include "tools/watch/watch.h"

#define MS INT64_C(1000000)

static struct stage stage;
static struct ry_watch w;
static char error[RY_WATCH_ERROR_BYTES];

/* Somebody listens there and says nothing: looks go on, and say so when its time is over. */
START_TEST(test_knocks)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    struct journal_folder folder = stage_journal(&stage, stage.inputs); /* without an end */
    ck_assert_int_eq(ry_watch_open(&w, folder.path, false, error, sizeof error), 0);
    char path[sizeof folder.path + sizeof RY_ROLE_DOOR_NAME];
    struct sockaddr_un address;
    int inside = open(folder.path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    ry_role_door_address(inside, &address);
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(fd, 1), 0);
    w.closed = true;
    ry_watch_look(&w, 5000 * MS);
    ck_assert(w.knocks && w.closed && w.why[0] == 0);
    ry_watch_look(&w, 9999 * MS);
    ck_assert(w.knocks && w.why[0] == 0);
    ry_watch_look(&w, 10000 * MS);
    ck_assert(!w.knocks && w.closed);
    ck_assert_str_eq(w.why, RY_ROLE_DOOR_SILENT);
    ry_watch_look(&w, 10001 * MS); /* again, */
    ck_assert(w.knocks);
    int asks = accept(fd, NULL, NULL); /* after the one that was given up */
    close(asks);
    asks = accept(fd, NULL, NULL);
    close(asks); /* which is an answer, too */
    ry_watch_look(&w, 10002 * MS);
    ck_assert(!w.knocks && w.closed);
    ck_assert_ptr_nonnull(strstr(w.why, "gave up"));
    close(fd);
    ry_watch_look(&w, 20000 * MS);
    ck_assert(!w.knocks && !w.closed);
    ck_assert_str_eq(w.why, RY_ROLE_DOOR_NOBODY);
    snprintf(path, sizeof path, "%s/" RY_ROLE_DOOR_NAME, folder.path);
    close(inside);
    ck_assert_int_eq(unlink(path), 0);
    ry_watch_close(&w);
    journal_folder_remove(&folder);
    stage_close(&stage);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("watch_door");
    TCase *c = tcase_create("watch_door");
    tcase_add_test(c, test_knocks);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
