/* How large a journal the feeds' files can make. */
#include "tools/cli/run_disk.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/test.h"

static struct ry_battle battle;

/* A file of so many bytes that begins like that; the feed's. */
static void feed_file(unsigned feed, const void *magic, size_t magic_bytes, off_t bytes)
{
    char *path = battle.feed[feed].path;
    strcpy(path, "/tmp/royale-test-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, magic, magic_bytes), (ssize_t)magic_bytes);
    ck_assert_int_eq(ftruncate(fd, bytes), 0);
    close(fd);
}

static void drop(void)
{
    for (unsigned i = 0; i < battle.feeds; i++)
        if (battle.feed[i].path[0] != '\0')
            unlink(battle.feed[i].path);
}

START_TEST(by_format_and_compression)
{
    static const uint8_t plain[] = {0, 12, 'S'}, gzip[] = {0x1f, 0x8b, 8},
                         zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
    battle = (struct ry_battle){.feeds = 4};
    battle.feed[0] =
        (struct ry_battle_feed){.format = RY_BATTLE_FORMAT_ITCH50, .port = RY_BATTLE_PORT_FILE};
    battle.feed[1] = battle.feed[0];
    battle.feed[2] =
        (struct ry_battle_feed){.format = RY_BATTLE_FORMAT_DBN, .port = RY_BATTLE_PORT_FILE};
    battle.feed[3] = (struct ry_battle_feed){.format = RY_BATTLE_FORMAT_ITCH50,
                                             .port = RY_BATTLE_PORT_DPDK,
                                             .device = "net_null0"}; /* no file, no size */
    feed_file(0, plain, sizeof plain, 30 * 1000);
    ck_assert_uint_eq(ry_cli_run_disk_estimate(&battle), 56 * 1000);
    feed_file(1, gzip, sizeof gzip, 11 * 2000);
    ck_assert_uint_eq(ry_cli_run_disk_estimate(&battle), 56 * 3000);
    feed_file(2, zstd, sizeof zstd, 14 * 5000);
    ck_assert_uint_eq(ry_cli_run_disk_estimate(&battle), 56 * 8000);
    drop();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("run_disk");
    TCase *c = tcase_create("run_disk");
    tcase_add_test(c, by_format_and_compression);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
