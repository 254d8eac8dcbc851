#include "tools/cli/battle_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feeds/dbn_metadata.h"
#include "feeds/port/file.h"
#include "feeds/port/pcap.h"
#include "feeds/recognise.h"
#include "tools/strategy/file.h"
#include "tools/text/exit.h"

#define WHY_BYTES RY_FEED_HANDLER_ERROR_BYTES
_Static_assert(WHY_BYTES >= RY_FEED_RECOGNISE_BYTES, "room for what the file is instead");
#define BYTES_LOOKED 4096 /* of the content, from its beginning */

/* The port's errors begin with the path, as do those here. */
static const char *without_path(const char *path, const char *error)
{
    size_t length = strlen(path);
    return strncmp(error, path, length) == 0 && strncmp(error + length, ": ", 2) == 0
               ? error + length + 2
               : error;
}

/* What the file holds, after decompression, is there, and is not of another format. */
static const char *look_inside(const struct ry_battle_feed *feed, char why[WHY_BYTES])
{
    const char *path = feed->path;
    char error[RY_PORT_ERROR_BYTES];
    const uint8_t *bytes;
    size_t have;
    bool whole;
    struct ry_port_file *file = ry_port_file_open(path, error);
    if (file == NULL) {
        snprintf(why, WHY_BYTES, "%s", without_path(path, error));
        return why;
    }
    const char *wrong = NULL;
    if (ry_port_file_look(file, BYTES_LOOKED, &bytes, &have, &whole) != 0) {
        snprintf(why, WHY_BYTES, "%s", without_path(path, ry_port_file_error(file)));
        wrong = why;
    } else if (have == 0) {
        snprintf(why, WHY_BYTES, "is an empty %s: there is no market data in it",
                 ry_port_file_kind_name(ry_port_file_kind(file)));
        wrong = why;
    } else {
        wrong = ry_feed_recognise(feed, bytes, have, why);
    }
    ry_port_file_close(file);
    return wrong;
}

static void warn(void *context, enum ry_log_level level, const char *text)
{
    (void)context;
    if (level <= RY_LOG_WARN)
        fprintf(stderr, "royale: warning: %s\n", text);
}

/* A DBN file says before its records which schema, days and symbols it has. */
static const char *look_at_dbn(const struct ry_battle *battle, unsigned index, bool warnings,
                               char why[WHY_BYTES])
{
    const struct ry_log_sink log = {.line = warnings ? warn : NULL};
    const char *path = battle->feed[index].path;
    const struct ry_feed_dbn_check check = {
        .battle = battle, .feed = index, .path = path, .log = &log, .error = why};
    return ry_feed_dbn_check(&check) != 0 ? without_path(path, why) : NULL;
}

/* What the capture's packets are can be read. */
static const char *look_at_capture(const struct ry_battle_feed *feed, char why[WHY_BYTES])
{
    char error[RY_PORT_ERROR_BYTES];
    enum ry_port_link link;
    const bool played = feed->port == RY_BATTLE_PORT_DPDK;
    if (ry_port_pcap_look(feed->path, played, &link, error) == 0)
        return NULL;
    snprintf(why, WHY_BYTES, "%s", without_path(feed->path, error));
    return why;
}

/* What is wrong with the feed's file, or NULL. A pipe is not opened: who writes into it would lose
 * its reader. */
static const char *feed_file(const struct ry_battle *battle, unsigned index, bool warnings,
                             char why[WHY_BYTES])
{
    const struct ry_battle_feed *feed = &battle->feed[index];
    struct stat status;
    if (access(feed->path, R_OK) != 0 || stat(feed->path, &status) != 0) {
        snprintf(why, WHY_BYTES, "cannot be read: %s", strerror(errno));
        return why;
    }
    if (S_ISFIFO(status.st_mode))
        return feed->port == RY_BATTLE_PORT_FILE ? NULL
                                                 : "is a pipe; allowed for a capture: a file";
    if (!S_ISREG(status.st_mode))
        return S_ISDIR(status.st_mode) ? "is a folder; allowed: a file" : "is no file";
    if (status.st_size == 0)
        return "is empty: there is no market data in it";
    if (feed->format == RY_BATTLE_FORMAT_DBN)
        return look_at_dbn(battle, index, warnings, why);
    const char *wrong = look_inside(feed, why);
    return wrong != NULL || feed->port == RY_BATTLE_PORT_FILE ? wrong : look_at_capture(feed, why);
}

static bool same_before(const struct ry_battle *battle, unsigned agent)
{
    for (unsigned i = 0; i < agent; i++)
        if (strcmp(battle->agent[i].strategy, battle->agent[agent].strategy) == 0)
            return true;
    return false;
}

unsigned ry_cli_battle_files(const struct ry_battle *battle, bool warnings)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < battle->feeds; i++) {
        char text[WHY_BYTES];
        const struct ry_battle_feed *feed = &battle->feed[i];
        const char *why = feed->path[0] == '\0' ? NULL : feed_file(battle, i, warnings, text);
        if (why != NULL) {
            (void)ry_text_fail(RY_EXIT_ENVIRONMENT, "feed %s: %s: %s", feed->name, feed->path, why);
            wrong++;
        }
    }
    for (unsigned i = 0; i < battle->agents; i++) {
        char text[RY_STRATEGY_WHY_BYTES];
        const struct ry_battle_agent *agent = &battle->agent[i];
        const char *why = same_before(battle, i) ? NULL : ry_strategy_file(agent->strategy, text);
        if (why != NULL) {
            (void)ry_text_fail(RY_EXIT_ENVIRONMENT, "agent %s: strategy %s: %s", agent->name,
                               agent->strategy, why);
            wrong++;
        }
    }
    return wrong;
}
