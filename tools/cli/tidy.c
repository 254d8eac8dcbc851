#include "tools/cli/tidy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/journal/lock.h"
#include "core/journal/pack.h"
#include "shm/clock.h"
#include "tools/library/keep.h"
#include "tools/text/exit.h"
#include "tools/text/stop.h"

#define MIB (1024.0 * 1024)

/* ---- compressing ----------------------------------------------------------------------------- */

static bool is_stopped(void *context)
{
    ry_cli_pulse_beat(context, "compressing the journal");
    return ry_text_stopped();
}

bool ry_cli_tidy_compress(const char *directory, bool quiet, const struct ry_cli_pulse *pulse)
{
    struct ry_cli_pulse own = *pulse;
    struct ry_journal_pack pack = {.stop = is_stopped, .context = &own};
    switch (ry_journal_pack(directory, &pack)) {
    case RY_JOURNAL_PACKED:
        if (!quiet)
            printf("compressed: %s/" RY_JOURNAL_PACKED_FILE ", %.1f MiB in place of %.1f MiB, "
                   "read back and compared\n",
                   directory, (double)pack.packed_bytes / MIB, (double)pack.bytes / MIB);
        return true;
    case RY_JOURNAL_WAS:
    case RY_JOURNAL_NOT_ENDED:
    case RY_JOURNAL_BUSY: return true;
    case RY_JOURNAL_STOPPED:
        return ry_text_fail(false, "%s: stopped by a signal, its journal is not compressed",
                            directory);
    case RY_JOURNAL_FAILED:
        return ry_text_fail(false, "%s: its journal stays as it is and is not compressed: %s",
                            directory, pack.text);
    }
    return true;
}

/* Others may be at work with it, but not remove it. */
static bool compress(const struct ry_library_battle *battle, const struct ry_cli_tidy *ask)
{
    const int lock = ry_journal_lock(battle->directory, true);
    if (lock < 0)
        return true;
    bool done = true;
    if (!ask->dry)
        done = ry_cli_tidy_compress(battle->directory, ask->quiet, &ask->pulse);
    else if (!ask->quiet)
        printf("would compress: %s/" RY_JOURNAL_FILE ", %.1f MiB\n", battle->directory,
               (double)battle->bytes / MIB);
    close(lock);
    return done;
}

static unsigned compress_all(const struct ry_library *library, const struct ry_cli_tidy *ask)
{
    unsigned failed = 0;
    for (unsigned i = 0; i < library->count && !ry_text_stopped(); i++) {
        const struct ry_library_battle *battle = &library->battle[i];
        if (battle->ended && !battle->packed && !battle->damaged &&
            strncmp(battle->file.name, ask->name, sizeof battle->file.name) == 0)
            failed += !compress(battle, ask);
    }
    return failed;
}

/* ---- keeping --------------------------------------------------------------------------------- */

static void print_limit(FILE *out, const struct ry_battle_keep *keep)
{
    const char *between = "";
    if (keep->battles != 0) {
        fprintf(out, "%" PRIu32, keep->battles);
        between = ", ";
    }
    if (keep->days != 0) {
        fprintf(out, "%s%" PRIu32 " days", between, keep->days);
        between = ", ";
    }
    if (keep->gib != 0)
        fprintf(out, "%s%" PRIu32 " GiB", between, keep->gib);
}

static bool remove_one(const struct ry_library_battle *battle, const struct ry_cli_tidy *ask)
{
    char why[RY_LIBRARY_WHY_BYTES], *limit = NULL;
    size_t limit_bytes;
    uint64_t bytes = 0;
    FILE *text = open_memstream(&limit, &limit_bytes);
    if (text == NULL)
        abort(); /* no memory */
    print_limit(text, &ask->keep);
    fclose(text);
    bool done = true;
    if (ask->dry)
        (void)ry_text_fail(0, "would remove %s, %.1f MiB (keep: %s)", battle->directory,
                           (double)ry_library_bytes(battle->directory) / MIB, limit);
    else if (ry_library_remove(battle, &bytes, why) == 0)
        (void)ry_text_fail(0, "removed %s, %.1f MiB (keep: %s)", battle->directory,
                           (double)bytes / MIB, limit);
    else
        done =
            ry_text_fail(false, "cannot remove %s (keep: %s): %s", battle->directory, limit, why);
    free(limit);
    return done;
}

static unsigned keep_to(struct ry_library *library, const struct ry_cli_tidy *ask,
                        struct ry_battle_keep keep)
{
    const struct ry_library_keep what = {
        .name = ask->name, .keep = keep, .now_ns = ry_clock_wall_ns()};
    unsigned failed = 0;
    const struct ry_library_battle **goes = malloc((library->count + 1) * sizeof *goes);
    if (goes == NULL)
        abort(); /* no memory */
    const unsigned count = ry_library_keep_choose(library, &what, goes);
    /* The oldest first, whatever happens meanwhile. */
    for (unsigned i = count; i-- > 0 && !ry_text_stopped();) {
        ry_cli_pulse_beat(&ask->pulse, "removing battles that are not kept");
        failed += !remove_one(goes[i], ask);
    }
    free(goes);
    (void)ry_library_look(library);
    return failed;
}

unsigned ry_cli_tidy(struct ry_library *library, const struct ry_cli_tidy *ask)
{
    /* What goes by number or age need not be compressed first; what it takes is known after. */
    struct ry_battle_keep first = ask->keep;
    first.gib = 0;
    unsigned failed = ask->dry ? 0 : keep_to(library, ask, first);
    if (ask->compresses)
        failed += compress_all(library, ask);
    (void)ry_library_look(library);
    if (ask->dry || ask->keep.gib != 0)
        failed += keep_to(library, ask, ask->keep);
    return failed;
}
