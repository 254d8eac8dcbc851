/* A port whose open fails keeps nothing: no descriptor, and, as the sanitizers see it, no memory.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "feeds/handler.h"
#include "tests/support/feed_rig.h"

static const char *const symbols[] = {"AAPL"};

static unsigned descriptors(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    ck_assert_ptr_nonnull(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

/* What cannot be opened: bytes in a file, or no file. */
static const struct {
    const char *bytes;
    size_t length;
} wrong[] = {
    {NULL, 0},
    {"", 0},
    {"\x1f\x8b?", 3},         /* gzip, damaged */
    {"\x28\xb5\x2f\xfd?", 5}, /* zstd, cut off */
    {"\xd4\xc3\xb2\xa1", 4},  /* a capture's first bytes */
    {"\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\1\0\x69\0\0\0", 24}, /* of a link nobody reads */
};

static const struct {
    enum ry_battle_feed_format format;
    enum ry_battle_feed_port port;
} ways[] = {
    {RY_BATTLE_FORMAT_ITCH50, RY_BATTLE_PORT_PCAP},
    {RY_BATTLE_FORMAT_ITCH50, RY_BATTLE_PORT_DPDK},
    {RY_BATTLE_FORMAT_DBN, RY_BATTLE_PORT_FILE},
};

START_TEST(test_failed_opens)
{
    struct ry_battle *battle = kit_battle(symbols, 1, 4);
    struct ry_feed_handler *handler = kit_handler();
    battle->feed[0].format = (uint8_t)ways[_i].format;
    battle->feed[0].port = (uint8_t)ways[_i].port;
    const unsigned before = descriptors();
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int result;
        kit_path(battle, "/nowhere/at/all");
        if (wrong[i].bytes == NULL)
            result = ry_feed_handler_open(handler, battle, 0, NULL, NULL);
        else
            result = kit_open_bytes(handler, battle, wrong[i].bytes, wrong[i].length);
        if (result == 0) /* a damaged archive may fail at its first message */
            result = kit_run(handler, NULL) == RY_FEED_HANDLER_FAILED ? -1 : 0;
        ck_assert_msg(result == -1, "case %u", i);
        ck_assert_msg(strstr(handler->error, battle->feed[0].path) != NULL, "%s", handler->error);
        ry_feed_handler_close(handler);
        ck_assert_uint_eq(descriptors(), before);
    }
    free(handler);
    free(battle);
}
END_TEST

/* With the EAL up, which no process starts twice. */
START_TEST(test_no_such_device)
{
    static const char *const devices[] = {"net_null0,bad=1", "0000:77:00.0", "net_no_such0"};
    struct ry_battle *battle = kit_battle(symbols, 1, 4);
    struct ry_feed_handler *handler = kit_handler();
    battle->feed[0].port = RY_BATTLE_PORT_DPDK;
    strcpy(battle->feed[0].device, devices[_i]);
    ck_assert_int_eq(ry_feed_handler_open(handler, battle, 0, NULL, NULL), -1);
    ck_assert_ptr_nonnull(strstr(handler->error, "feed wire: "));
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("port_opens");
    TCase *tcase = tcase_create("opens");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, test_failed_opens, 0, (int)(sizeof ways / sizeof ways[0]));
    tcase_add_loop_test(tcase, test_no_such_device, 0, 3);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
