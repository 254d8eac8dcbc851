#include "tools/cli/run_tidy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/cli/battle_export.h"
#include "tools/cli/run_disk.h"
#include "tools/library/keep.h"
#include "tools/text/exit.h"
#include "tools/text/stop.h"

static bool compresses(const struct ry_cli_run_directory *directory, const struct ry_battle *battle)
{
    switch ((enum ry_battle_compress)battle->compress) {
    case RY_BATTLE_COMPRESS_AUTO: return directory->library[0] != '\0';
    case RY_BATTLE_COMPRESS_ZSTD: return true;
    case RY_BATTLE_COMPRESS_NONE: return false;
    }
    return false;
}

static bool keeps(const struct ry_battle *battle)
{
    return battle->keep.battles != 0 || battle->keep.days != 0 || battle->keep.gib != 0;
}

/* The folder that the battle's lies in. False: it cannot be read, said. */
static bool open_beside(struct ry_library *library, const struct ry_cli_run_directory *directory)
{
    char folder[PATH_MAX];
    if (realpath(directory->path, folder) != NULL) {
        *strrchr(folder, '/') = '\0';
        if (ry_library_open(library, folder[0] == '\0' ? "/" : folder, true) == 0)
            return true;
    }
    return ry_text_fail(false, "cannot look at the battles beside %s: %s", directory->path,
                        strerror(errno));
}

/* The most that a battle of this name has taken. */
static uint64_t taken_before(const struct ry_library *library, const struct ry_battle *battle)
{
    uint64_t most = 0;
    for (unsigned i = 0; i < library->count; i++) {
        const struct ry_library_battle *other = &library->battle[i];
        if (!other->ended || strncmp(other->file.name, battle->name, sizeof battle->name) != 0)
            continue;
        const uint64_t beside = ry_library_bytes(other->directory),
                       bytes =
                           other->plain_bytes + (beside > other->bytes ? beside - other->bytes : 0);
        most = bytes > most ? bytes : most;
    }
    return most;
}

int ry_cli_run_tidy_before(const struct ry_cli_run_directory *directory,
                           const struct ry_battle *battle)
{
    static struct ry_library library;
    uint64_t before = 0;
    if (open_beside(&library, directory)) {
        const struct ry_cli_tidy ask = {.name = battle->name, .keep = battle->keep, .quiet = true};
        if (keeps(battle))
            (void)ry_cli_tidy(&library, &ask);
        before = taken_before(&library, battle);
        ry_library_close(&library);
    }
    return ry_cli_run_disk(battle, directory->path, before);
}

void ry_cli_run_tidy_after(struct ry_cli_run_directory *directory, const struct ry_battle *battle,
                           bool quiet, const struct ry_cli_pulse *pulse)
{
    static struct ry_library library;
    const bool in_library = directory->library[0] != '\0';
    const struct ry_cli_tidy ask = {
        .name = battle->name,
        .keep = battle->keep,
        .compresses = in_library && compresses(directory, battle), /* others were left, too */
        .quiet = quiet,
        .pulse = *pulse,
    };
    ry_text_stop_by_signals();
    if (compresses(directory, battle))
        (void)ry_cli_tidy_compress(directory->path, quiet, pulse);
    ry_cli_run_directory_release(directory);
    if ((!keeps(battle) && !ask.compresses) || ry_text_stopped() ||
        !open_beside(&library, directory))
        return;
    (void)ry_cli_tidy(&library, &ask);
    ry_library_close(&library);
}

void ry_cli_run_tidy_keep(const struct ry_cli_run_directory *directory,
                          const struct ry_battle *battle)
{
    char path[RY_CLI_RUN_DIRECTORY_BYTES + 16];
    snprintf(path, sizeof path, "%s/" RY_LIBRARY_KEEP_FILE, directory->path);
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        (void)ry_text_fail(0, "cannot write %s: %s", path, strerror(errno));
        return;
    }
    fputs("The export of this battle is not complete, so its folder is not removed by keep.\n"
          "This exports the rest; then remove this file:\n",
          file);
    ry_cli_export_command(file, battle, directory->path);
    fputc('\n', file);
    if (fclose(file) != 0)
        (void)ry_text_fail(0, "cannot write %s: %s", path, strerror(errno));
}
