#include "tools/cli/clean.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/cli/tidy.h"
#include "tools/library/settings.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/stop.h"

struct options {
    bool dry, quiet;
    const char *directory;
};

static const struct ry_text_option option_table[] = {
    {.name = "dry-run",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, dry),
     .help = "only say what would be done"},
    {.name = "quiet",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, quiet),
     .help = "nothing of journals that were compressed, nor how many battles there are"},
};

static const struct ry_text_command command = {
    .name = "royale clean",
    .operand = "DIR",
    .about =
        "Tidies a library, a folder whose subfolders are battles: compresses the journals of those that have\n"
        "ended, and removes what is beyond the keep of the battle file. Of each name the file of its newest\n"
        "battle says how (`royale keys`: keep, journal.compress). `royale run` does the same for its own name.\n",
    .ends =
        "Never removed: the newest that has ended, a battle that runs or broke off, one with a file named keep in\n"
        "its folder, anything that is no battle.\n"
        "Exit codes: 0 ok, 1 something could not be done, 2 wrong arguments, 3 DIR is no folder that can be read.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* Of the battles of one name the newest, whose file says what is to be done; NULL: it was tidied
 * with another. By the last input: one that comes back from a backup was born a moment ago, and its
 * old file must not speak for the others. */
static const struct ry_library_battle *newest_of(const struct ry_library *library, unsigned index)
{
    const struct ry_library_battle *newest = &library->battle[index];
    for (unsigned i = 0; i < library->count; i++) {
        const struct ry_library_battle *other = &library->battle[i];
        if (strncmp(other->file.name, newest->file.name, sizeof other->file.name) != 0)
            continue;
        if (i < index)
            return NULL;
        if (other->changed_ns > newest->changed_ns)
            newest = other;
    }
    return newest;
}

struct name {
    char name[RY_NAME_BYTES];
    char directory[PATH_MAX]; /* of the newest */
};

struct names {
    unsigned count;
    struct name *name;
};

/* Before anything is removed, which changes the library's list. */
static void find_names(const struct ry_library *library, struct names *names)
{
    names->name = calloc(library->count + 1, sizeof *names->name);
    if (names->name == NULL)
        abort(); /* no memory */
    for (unsigned i = 0; i < library->count; i++) {
        const struct ry_library_battle *newest =
            library->battle[i].file.magic != 0 ? newest_of(library, i) : NULL;
        if (newest == NULL)
            continue;
        struct name *name = &names->name[names->count++];
        memcpy(name->name, newest->file.name, sizeof name->name);
        memcpy(name->directory, newest->directory, sizeof name->directory);
    }
}

static unsigned clean(struct ry_library *library, const struct options *options)
{
    struct names names = {.count = 0};
    unsigned failed = 0;
    find_names(library, &names);
    for (unsigned i = 0; i < names.count && !ry_text_stopped(); i++) {
        struct ry_library_settings settings;
        if (!ry_library_settings_read(names.name[i].directory, &settings)) {
            char name[RY_NAME_BYTES];
            (void)ry_text_fail(0, "battles %s stay as they are: cannot read %s/battle.yaml",
                               ry_printable(name, names.name[i].name, sizeof name),
                               names.name[i].directory);
            failed++;
            continue;
        }
        const struct ry_cli_tidy ask = {
            .name = names.name[i].name,
            .keep = settings.keep,
            .compresses = settings.compress != RY_BATTLE_COMPRESS_NONE,
            .quiet = options->quiet,
            .dry = options->dry,
        };
        failed += ry_cli_tidy(library, &ask);
    }
    free(names.name);
    return failed;
}

int ry_cli_clean(int argc, char **argv)
{
    static struct ry_library library;
    struct options options = {.dry = false};
    int code = ry_text_options(&command, argc, argv, &options, &options.directory);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    ry_text_stop_by_signals();
    if (ry_library_open(&library, options.directory, true) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "cannot read %s: %s", options.directory,
                            strerror(errno));
    if (library.more > 0)
        (void)ry_text_fail(0, "%llu battles beyond the first %d are not looked at",
                           (unsigned long long)library.more, RY_LIBRARY_BATTLES_MAX);
    const unsigned looked_at = library.count;
    const unsigned failed = clean(&library, &options);
    if (!options.quiet)
        printf("%u battle%s looked at in %s\n", looked_at, looked_at == 1 ? "" : "s",
               options.directory);
    ry_library_close(&library);
    return failed == 0 && !ry_text_stopped() ? RY_EXIT_OK : RY_EXIT_FAILED;
}
