/* How large a journal the feeds' files can make. */
#include "tools/cli/run_disk.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/support/test.h"

static struct ry_battle battle;

/* The feed's file; returns its bytes. */
static uint64_t feed_file(unsigned feed, const char *mode)
{
    char *path = battle.feed[feed].path;
    strcpy(path, "/tmp/royale-test-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    gzFile file = gzdopen(fd, mode);
    ck_assert_ptr_nonnull(file);
    for (unsigned i = 0; i < 100000; i++)
        ck_assert_int_ne(gzputc(file, (int)(i * i % 251)), -1);
    ck_assert_int_eq(gzclose(file), Z_OK);
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    return (uint64_t)status.st_size;
}

static void drop(void)
{
    for (unsigned i = 0; i < battle.feeds; i++)
        if (battle.feed[i].path[0] != '\0')
            unlink(battle.feed[i].path);
}

START_TEST(by_format_and_compression)
{
    battle = (struct ry_battle){.feeds = 4};
    battle.feed[0] =
        (struct ry_battle_feed){.format = RY_BATTLE_FORMAT_ITCH50, .port = RY_BATTLE_PORT_FILE};
    battle.feed[1] = battle.feed[0];
    battle.feed[2] =
        (struct ry_battle_feed){.format = RY_BATTLE_FORMAT_DBN, .port = RY_BATTLE_PORT_FILE};
    battle.feed[3] = (struct ry_battle_feed){.format = RY_BATTLE_FORMAT_ITCH50,
                                             .port = RY_BATTLE_PORT_DPDK,
                                             .device = "net_null0"}; /* no file, no size */
    uint64_t want = feed_file(0, "wT") / 30 * 56;
    ck_assert_uint_eq(want, 100000 / 30 * 56);
    ck_assert_uint_eq(ry_cli_run_disk_estimate(&battle), want);
    want += feed_file(1, "w9") / 11 * 56;
    ck_assert_uint_eq(ry_cli_run_disk_estimate(&battle), want);
    want += feed_file(2, "wT") / 56 * 56;
    ck_assert_uint_eq(ry_cli_run_disk_estimate(&battle), want);
    drop();
}
END_TEST

/* A capture has its headers, whoever reads it. */
START_TEST(captures)
{
    battle = (struct ry_battle){.feeds = 2};
    battle.feed[0] =
        (struct ry_battle_feed){.format = RY_BATTLE_FORMAT_ITCH50, .port = RY_BATTLE_PORT_PCAP};
    battle.feed[1] =
        (struct ry_battle_feed){.format = RY_BATTLE_FORMAT_ITCH50, .port = RY_BATTLE_PORT_DPDK};
    uint64_t want = feed_file(0, "wT") / 85 * 56;
    ck_assert_uint_eq(ry_cli_run_disk_estimate(&battle), want);
    want += feed_file(1, "wT") / 85 * 56;
    ck_assert_uint_eq(ry_cli_run_disk_estimate(&battle), want);
    drop();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("run_disk");
    TCase *c = tcase_create("run_disk");
    tcase_add_test(c, by_format_and_compression);
    tcase_add_test(c, captures);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
