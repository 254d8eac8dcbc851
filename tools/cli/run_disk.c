#include "tools/cli/run_disk.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "core/journal/writer.h"
#include "feeds/port/file.h"
#include "tools/text/exit.h"
#include "tools/view/files.h"

#define MIB (UINT64_C(1) << 20)

/* Bytes of a file for one message: made days (`royale generate`), the recorded hour of
 * docs/examples/es-battle.yaml. */
enum content {
    CONTENT_ITCH,
    CONTENT_PACKETS,
    CONTENT_DBN,
    CONTENTS,
};

static const unsigned bytes_a_message[CONTENTS][RY_PORT_FILE_ZSTD + 1] = {
    /*                     pipe  plain  gzip  zstd */
    [CONTENT_ITCH] = {0, 30, 11, 9},
    [CONTENT_PACKETS] = {0, 85, 26, 22},
    [CONTENT_DBN] = {0, 56, 16, 14},
};

static enum content content_of(const struct ry_battle_feed *feed)
{
    if (feed->format == RY_BATTLE_FORMAT_DBN)
        return CONTENT_DBN;
    return feed->port == RY_BATTLE_PORT_FILE ? CONTENT_ITCH : CONTENT_PACKETS;
}

static uint64_t of_feed(const struct ry_battle_feed *feed)
{
    char error[RY_PORT_ERROR_BYTES];
    struct stat status;
    if (feed->path[0] == '\0' || stat(feed->path, &status) != 0 || !S_ISREG(status.st_mode))
        return 0;
    struct ry_port_file *file = ry_port_file_open(feed->path, error);
    enum ry_port_file_kind kind = RY_PORT_FILE_PLAIN;
    if (file != NULL) {
        const uint8_t *bytes;
        size_t have;
        bool whole;
        (void)ry_port_file_look(file, 1, &bytes, &have, &whole); /* then its kind is known */
        kind = ry_port_file_kind(file);
        ry_port_file_close(file);
    }
    unsigned bytes = bytes_a_message[content_of(feed)][kind];
    return bytes == 0 ? 0 : (uint64_t)status.st_size / bytes * RY_SLOT_PAYLOAD;
}

uint64_t ry_cli_run_disk_estimate(const struct ry_battle *battle)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < battle->feeds; i++)
        sum += of_feed(&battle->feed[i]);
    return sum;
}

/* What every battle takes: the journal's first blocks, and the room kept for the results. */
static uint64_t least(const struct ry_battle *battle)
{
    return (uint64_t)RY_JOURNAL_FLIGHTS * battle->journal_block_bytes +
           (battle->agents > 0 ? RY_VIEW_RESULTS_RESERVE : 0);
}

static uint64_t in_mib(uint64_t bytes)
{
    return (bytes + MIB - 1) / MIB;
}

static int refuse(const char *directory, uint64_t free, uint64_t need, const char *who)
{
    return ry_text_fail(RY_EXIT_ENVIRONMENT,
                        "the disk of %s has %" PRIu64 " MiB free, and %s %" PRIu64
                        " MiB: make room (`royale clean` of its folder, `keep` in the battle "
                        "file), or give another directory by --dir or --library",
                        directory, free / MIB, who, in_mib(need));
}

int ry_cli_run_disk(const struct ry_battle *battle, const char *directory, uint64_t before)
{
    struct statvfs disk;
    if (statvfs(directory, &disk) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "cannot look at the disk of %s: %s", directory,
                            strerror(errno));
    uint64_t free = (uint64_t)disk.f_bavail * disk.f_frsize, need = least(battle);
    uint64_t estimate = ry_cli_run_disk_estimate(battle);
    if (free < need)
        return refuse(directory, free, need, "every battle takes");
    if (free < need + before)
        return refuse(directory, free, need + before, "the battle of this name before took");
    if (free < need + estimate)
        return ry_text_fail(RY_EXIT_OK,
                            "warning: the disk of %s has %" PRIu64 " MiB free, and the journal may "
                            "take %" PRIu64 " MiB (%d bytes for each message in the feeds' files) "
                            "and what agents send: if it becomes full the battle ends there",
                            directory, free / MIB, in_mib(need + estimate), RY_SLOT_PAYLOAD);
    return RY_EXIT_OK;
}
