#include "tools/tune/tune.h"

#include <errno.h>
#include <string.h>

#include "tools/text/exit.h"
#include "tools/tune/running.h"
#include "tools/tune/told.h"
#include "tuning/saved.h"

static const char *const words[RY_TUNE_COMMANDS] = {
    [RY_TUNE_CHECK] = "check", [RY_TUNE_PLAN] = "plan",     [RY_TUNE_DIFF] = "diff",
    [RY_TUNE_APPLY] = "apply", [RY_TUNE_VERIFY] = "verify", [RY_TUNE_REVERT] = "revert",
};

const char *ry_tune_word(enum ry_tune_command command)
{
    return words[command];
}

/* The first line of the journal of changes that is damaged, for who looks at it. */
static unsigned damaged_line(const struct ry_tune_asked *asked)
{
    struct ry_tuning_saved saved;
    unsigned line = ry_tuning_saved_read(&saved, asked->host) == 0 ? saved.damaged_line : 0;
    ry_tuning_saved_close(&saved);
    return line;
}

static int cannot(const struct ry_tune_asked *asked, int error)
{
    const char *word = words[asked->command];
    switch (-error) {
    case EACCES:
    case EPERM:
        return ry_text_fail(RY_EXIT_FAILED, "tune %s: only root may: sudo royale tune %s%s%s", word,
                            word, asked->file != NULL ? " " : "",
                            asked->file != NULL ? asked->file : "");
    case EWOULDBLOCK:
        return ry_text_fail(RY_EXIT_FAILED, "tune %s: another royale tune is at work", word);
    case EUCLEAN:
        return ry_text_fail(RY_EXIT_FAILED,
                            "tune %s: others than root may write " RY_TUNING_SAVED_PATH
                            " or its folder: what it says is not to be trusted",
                            word);
    case EBADMSG:
        return ry_text_fail(
            RY_EXIT_FAILED,
            "tune %s: line %u of " RY_TUNING_SAVED_PATH
            " is damaged, perhaps others: what they spoke of is not known. `royale tune revert` "
            "puts back the rest; a line has the setting, what stood there and what apply wrote: "
            "put that back by hand, then remove the file",
            word, damaged_line(asked));
    default:
        return ry_text_fail(RY_EXIT_FAILED, "tune %s: " RY_TUNING_SAVED_PATH ": %s", word,
                            strerror(-error));
    }
}

static int work(const struct ry_tune_asked *asked, struct ry_tune_told *lines,
                struct ry_tune_told *changes)
{
    const struct ry_tuning_told told = {.tell = ry_tune_take, .context = lines};
    const struct ry_tuning_told changed = {.tell = ry_tune_take, .context = changes};
    switch (asked->command) {
    case RY_TUNE_CHECK:
    case RY_TUNE_PLAN:
    case RY_TUNE_DIFF: ry_tuning_check(asked->host, asked->target, asked->stages, &told); break;
    case RY_TUNE_APPLY: return ry_tuning_apply(asked->host, asked->target, asked->stages, &told);
    case RY_TUNE_VERIFY:
        ry_tuning_check(asked->host, asked->target, asked->stages, &told);
        return ry_tuning_verify(asked->host, asked->stages, &changed);
    case RY_TUNE_REVERT: return ry_tuning_revert(asked->host, asked->stages, &changed);
    }
    return 0;
}

static bool whole(const struct ry_tune_asked *asked, const struct ry_tune_told *lines,
                  const struct ry_tune_told *changes)
{
    if (ry_tune_count_deed(lines, RY_TUNING_FAILED) + ry_tune_count_deed(changes, RY_TUNING_FAILED))
        return false;
    if (asked->command == RY_TUNE_CHECK || asked->command == RY_TUNE_VERIFY)
        return ry_tune_count_state(lines, RY_TUNING_MISSING) == 0 &&
               ry_tune_count_state(lines, RY_TUNING_YOURS) == 0 &&
               ry_tune_count_state(changes, RY_TUNING_MISSING) == 0;
    return true;
}

/* It is the operator's to know whether the battle matters; apply and revert go on. */
static void warn_of_battle(const struct ry_tune_asked *asked)
{
    char battle[RY_TUNE_RUNNING_BYTES];
    bool changes = asked->command == RY_TUNE_APPLY || asked->command == RY_TUNE_REVERT;
    if (changes && ry_tune_running(asked->host, battle))
        fprintf(stderr,
                "royale: tune %s: warning: the machine changes under a battle that runs: %s; what "
                "it holds stays as it is until %s is said again after it\n",
                words[asked->command], battle, words[asked->command]);
}

int ry_tune_run(FILE *out, const struct ry_tune_asked *asked)
{
    struct ry_tune_told lines = {.count = 0}, changes = {.count = 0};
    warn_of_battle(asked);
    int error = work(asked, &lines, &changes);
    changes.damaged = error == -EBADMSG;
    /* What was done is told also if it could not be gone on with. */
    if (error == 0 || lines.count + changes.count > 0) {
        if (asked->json)
            ry_tune_json(out, asked, &lines, &changes);
        else
            ry_tune_text(out, asked, &lines, &changes);
    }
    fflush(out);
    int result = error != 0                       ? cannot(asked, error)
                 : whole(asked, &lines, &changes) ? RY_EXIT_OK
                                                  : RY_EXIT_ENVIRONMENT;
    ry_tune_forget(&lines);
    ry_tune_forget(&changes);
    return result;
}
