/* `royale tune` for people. */
#include <string.h>

#include "tools/tune/told.h"
#include "tuning/change.h"
#include "tuning/value.h"

#define SHOWN_BYTES 60 /* of a value, in a line of many */
#define SHOWN_BACK  4  /* of a stage that is put back: the journal does not say which are alike */

static const char *plural(unsigned count)
{
    return count == 1 ? "" : "s";
}

/* A value in one line, its beginning if it is long; newlines as blanks. */
static void print_value(FILE *out, const char *value)
{
    size_t n = strlen(value);
    if (n == 0)
        fputs("nothing", out);
    for (size_t i = 0; i < n && i < SHOWN_BYTES; i++)
        fputc(value[i] == '\n' || value[i] == '\t' ? ' ' : value[i], out);
    if (n > SHOWN_BYTES)
        fputs("..", out);
}

/* "PATH is 0-7, should be 0,4" */
static void print_missing(FILE *out, const struct ry_tuning_setting *setting)
{
    fprintf(out, "%s is ", setting->path);
    print_value(out, setting->now);
    if (setting->kind == RY_TUNING_OWN_FILE) {
        fputs(", should be ours", out);
    } else {
        fputs(", should be ", out);
        print_value(out, setting->want);
    }
}

static void print_state(FILE *out, const struct ry_tuning_setting *setting)
{
    switch (setting->state) {
    case RY_TUNING_OK:
        if (setting->now[0] == 0 && setting->why[0] != 0) {
            fputs(setting->why, out); /* there is nothing to be set */
            break;
        }
        fprintf(out, "%s is ", setting->path);
        print_value(out, setting->now);
        break;
    case RY_TUNING_MISSING:
        if (setting->why[0] == 0 || setting->want[0] != 0)
            print_missing(out, setting);
        else
            fputs(setting->path, out);
        break;
    case RY_TUNING_YOURS:
        fputs(setting->path, out);
        if (setting->want[0] != 0) {
            fputs(" should have ", out);
            fputs(setting->want, out); /* whole: it is to be copied */
        }
        break;
    case RY_TUNING_CANNOT: fputs(setting->path, out); break;
    case RY_TUNING_REPORTED:
        fputs(setting->path, out);
        if (setting->now[0] != 0) {
            fputs(" is ", out);
            print_value(out, setting->now);
        }
        break;
    }
    if (setting->why[0] != 0 && setting->state != RY_TUNING_OK)
        fprintf(out, ": %s", setting->why);
}

static void print_stage(FILE *out, const struct ry_tune_sum *sum)
{
    fprintf(out, "%-9s %-15s ", ry_tuning_state_name(sum->state), sum->stage);
    if (sum->state == RY_TUNING_OK) {
        fprintf(out, "%s: ", sum->title);
        if (sum->in[RY_TUNING_OK] == 1)
            print_state(out, &sum->first->setting);
        else
            fprintf(out, "%u settings are as they should be", sum->in[RY_TUNING_OK]);
    } else {
        print_state(out, &sum->first->setting);
        unsigned more = sum->in[sum->state] - 1;
        if (more > 0)
            fprintf(out, "; and %u more", more);
    }
    fputc('\n', out);
}

static void print_list(FILE *out, const struct ry_tune_asked *asked,
                       const struct ry_tune_told *told)
{
    struct ry_tune_sum sum;
    for (unsigned next = 0, from = 0; ry_tune_sum(told, &next, &sum); from = next) {
        print_stage(out, &sum);
        for (unsigned i = from; i < next && asked->all; i++) {
            fprintf(out, "  %-9s ", ry_tuning_state_name(told->line[i].setting.state));
            print_state(out, &told->line[i].setting);
            fputc('\n', out);
        }
    }
}

static void print_command(FILE *out, const struct ry_tune_asked *asked,
                          enum ry_tune_command command)
{
    fprintf(out, "`royale tune %s%s%s`", ry_tune_word(command), asked->file != NULL ? " " : "",
            asked->file != NULL ? asked->file : "");
}

static void print_check(FILE *out, const struct ry_tune_asked *asked,
                        const struct ry_tune_told *told)
{
    unsigned missing = ry_tune_count_state(told, RY_TUNING_MISSING);
    unsigned yours = ry_tune_count_state(told, RY_TUNING_YOURS);
    print_list(out, asked, told);
    fputc('\n', out);
    if (asked->file != NULL && ry_tuning_cpus_count(&asked->target->hot) == 0)
        fprintf(out,
                "No process of this battle has a core of its own on this machine, so there is none "
                "to keep quiet: `royale plan %s` says why.\n",
                asked->file);
    if (missing == 0 && yours == 0)
        fputs("Nothing is missing.\n", out);
    if (missing > 0) {
        fprintf(out, "%u setting%s missing. ", missing, missing == 1 ? " is" : "s are");
        print_command(out, asked, RY_TUNE_DIFF);
        fputs(" shows each; as root, ", out);
        print_command(out, asked, RY_TUNE_APPLY);
        fputs(" sets them.\n", out);
    }
    if (yours > 0)
        fprintf(out, "%u %s yours to set: the lines that begin with `yours`, then a reboot.\n",
                yours, yours == 1 ? "is" : "are");
}

/* ---- plan, diff ------------------------------------------------------------------------------ */

static void print_step(FILE *out, const struct ry_tuning_setting *setting)
{
    switch (setting->kind) {
    case RY_TUNING_FILE: fprintf(out, "  write %s into %s", setting->want, setting->path); break;
    case RY_TUNING_OWN_FILE: fprintf(out, "  make the file %s", setting->path); break;
    case RY_TUNING_DIRECTORY: fprintf(out, "  make the folder %s", setting->path); break;
    case RY_TUNING_MOUNT: fprintf(out, "  mount %s at %s", setting->want, setting->path); break;
    case RY_TUNING_DRIVER:
        fprintf(out, "  give %s to the driver %s", setting->path, setting->want);
        break;
    case RY_TUNING_NIC: fprintf(out, "  set %s to %s", setting->path, setting->want); break;
    case RY_TUNING_IRQBALANCE:
        fprintf(out, "  tell irqbalance to leave CPUs %s alone", setting->want);
        break;
    case RY_TUNING_FACT: break;
    }
    if (setting->now[0] != 0 && setting->kind != RY_TUNING_OWN_FILE) {
        fputs(" (now ", out);
        print_value(out, setting->now);
        fputc(')', out);
    }
    fputs(!ry_tuning_change_lasts(setting) ? "; again after each boot\n" : "\n", out);
}

/* Of many alike only the first is shown. */
static void print_steps(FILE *out, const struct ry_tune_asked *asked,
                        const struct ry_tune_told *told, unsigned from, unsigned next)
{
    unsigned hidden = 0, quiet = 0;
    for (unsigned i = from; i < next; i++) {
        const struct ry_tuning_setting *setting = &told->line[i].setting;
        if (setting->state != RY_TUNING_MISSING)
            continue;
        if (setting->quiet && quiet++ > 0 && !asked->all)
            hidden++;
        else
            print_step(out, setting);
    }
    if (hidden > 0)
        fprintf(out, "  and %u more like it (--all shows them)\n", hidden);
}

static void print_plan(FILE *out, const struct ry_tune_asked *asked,
                       const struct ry_tune_told *told)
{
    struct ry_tune_sum sum;
    unsigned missing = ry_tune_count_state(told, RY_TUNING_MISSING);
    for (unsigned next = 0, from = 0; ry_tune_sum(told, &next, &sum); from = next) {
        if (sum.in[RY_TUNING_MISSING] == 0)
            continue;
        fprintf(out, "%s: %s\n", sum.stage, ry_tuning_stage_named(sum.stage)->about);
        print_steps(out, asked, told, from, next);
    }
    if (missing == 0) {
        fputs("There is nothing to set.\n", out);
        return;
    }
    fprintf(out, "\nBefore each of these %u setting%s, what stands there is saved in\n", missing,
            plural(missing));
    fputs(RY_TUNING_SAVED_PATH ". What a boot would set back is\n"
                               "written into " RY_TUNING_SYSCTL_PATH
                               " and\n" RY_TUNING_TMPFILES_PATH
                               ". Nothing was changed now; as root, ",
          out);
    print_command(out, asked, RY_TUNE_APPLY);
    fputs(" does it.\n", out);
}

static void print_lines(FILE *out, char mark, const char *path, const char *text)
{
    while (*text != 0) {
        size_t n = strcspn(text, "\n");
        fprintf(out, "%c %s %.*s\n", mark, path, (int)n, text);
        text += n + (text[n] != 0);
    }
}

static void print_diff(FILE *out, const struct ry_tune_told *told)
{
    for (unsigned i = 0; i < told->count; i++) {
        const struct ry_tuning_setting *setting = &told->line[i].setting;
        char path[RY_TUNING_PATH_BYTES];
        if (setting->state != RY_TUNING_MISSING && setting->state != RY_TUNING_YOURS)
            continue;
        snprintf(path, sizeof path, "%s", setting->path);
        if (setting->kind == RY_TUNING_FACT && path[0] == '/')
            path[strcspn(path, " ")] = 0; /* the word of the line stands in its value */
        print_lines(out, '-', path, setting->now);
        print_lines(out, '+', path, setting->want);
    }
}

/* ---- apply, verify, revert ------------------------------------------------------------------- */

/* Is what stood there neither what apply wrote nor what it found? */
static bool is_strange(const struct ry_tune_line *line)
{
    struct ry_tuning_setting then = line->setting;
    if (line->deed != RY_TUNING_RESTORED || then.kind != RY_TUNING_FILE)
        return false;
    snprintf(then.now, sizeof then.now, "%s", line->was);
    return ry_tuning_judge(&then) == RY_TUNING_MISSING;
}

static void print_deed(FILE *out, const struct ry_tune_line *line)
{
    const struct ry_tuning_setting *setting = &line->setting;
    switch (line->deed) {
    case RY_TUNING_LOOKED: return;
    case RY_TUNING_SET: fprintf(out, "set       %-15s %s", line->stage, setting->path); break;
    case RY_TUNING_RESTORED: fprintf(out, "restored  %-15s %s", line->stage, setting->path); break;
    case RY_TUNING_FORGOTTEN:
        fprintf(out, "gone      %-15s %s: it is not there any more, or a boot has undone it\n",
                line->stage, setting->path);
        return;
    case RY_TUNING_FAILED:
        fprintf(out, "cannot    %-15s %s: %s\n", line->stage, setting->path, setting->why);
        return;
    }
    if (setting->kind != RY_TUNING_OWN_FILE && strcmp(line->was, setting->now) != 0) {
        fputs(": from ", out);
        print_value(out, line->was);
        fputs(is_strange(line) ? ", which somebody set after apply, to " : " to ", out);
        print_value(out, setting->now);
    }
    if (line->deed == RY_TUNING_SET && !ry_tuning_change_lasts(setting))
        fputs("; until the next boot", out);
    fputc('\n', out);
}

/* Is it one of many that came out well? `seen` counts those of its stage. */
static bool one_of_many(const struct ry_tune_line *line, unsigned *seen)
{
    if (line->deed == RY_TUNING_RESTORED || line->deed == RY_TUNING_FORGOTTEN)
        return ++*seen > SHOWN_BACK;
    return line->deed == RY_TUNING_SET && line->setting.quiet && ++*seen > 1;
}

/* Of many alike that came out well only the first of a stage is shown. */
static void print_deeds(FILE *out, const struct ry_tune_asked *asked,
                        const struct ry_tune_told *told)
{
    const char *stage = "";
    unsigned hidden = 0, seen = 0;
    for (unsigned i = 0; i <= told->count; i++) {
        const struct ry_tune_line *line = &told->line[i];
        if (i == told->count || strcmp(line->stage, stage) != 0) {
            if (hidden > 0)
                fprintf(out, "          %-15s and %u more like it (--all shows them)\n", stage,
                        hidden);
            hidden = seen = 0;
        }
        if (i == told->count)
            return;
        stage = line->stage;
        if (one_of_many(line, &seen) && !asked->all)
            hidden++;
        else
            print_deed(out, line);
    }
}

static void print_apply(FILE *out, const struct ry_tune_asked *asked,
                        const struct ry_tune_told *told)
{
    unsigned set = ry_tune_count_deed(told, RY_TUNING_SET);
    unsigned failed = ry_tune_count_deed(told, RY_TUNING_FAILED);
    unsigned cannot = failed + ry_tune_count_state(told, RY_TUNING_CANNOT);
    print_deeds(out, asked, told);
    for (unsigned i = 0; i < told->count; i++) {
        const struct ry_tune_line *line = &told->line[i];
        if (line->deed != RY_TUNING_LOOKED ||
            (line->setting.state != RY_TUNING_CANNOT && line->setting.state != RY_TUNING_YOURS))
            continue;
        fprintf(out, "%-9s %-15s ", ry_tuning_state_name(line->setting.state), line->stage);
        print_state(out, &line->setting);
        fputc('\n', out);
    }
    for (unsigned i = 0; i < told->count; i++)
        cannot -= told->line[i].deed == RY_TUNING_FAILED &&
                  told->line[i].setting.state == RY_TUNING_CANNOT; /* counted already */
    fprintf(out, "\n%u set, %u could not be set", set, cannot);
    if (set == 0 && failed == 0) {
        fputs(": all that can be set here stands already.\n", out);
        return;
    }
    fputs(set > 0 ? ". What stood there before is in " RY_TUNING_SAVED_PATH
                    "; as root, `royale tune revert` puts it back.\n"
                  : ".\n",
          out);
}

static void print_verify(FILE *out, const struct ry_tune_asked *asked,
                         const struct ry_tune_told *told, const struct ry_tune_told *changes)
{
    unsigned ok = ry_tune_count_state(changes, RY_TUNING_OK);
    for (unsigned i = 0; i < changes->count; i++) {
        const struct ry_tune_line *line = &changes->line[i];
        if (line->setting.state != RY_TUNING_MISSING)
            continue;
        fprintf(out, "changed   %-15s ", line->stage);
        print_state(out, &line->setting);
        fputc('\n', out);
    }
    if (changes->damaged)
        fputs("Of what apply set only a part is known: see below.\n", out);
    if (changes->count == 0)
        fputs("Nothing was applied.\n\n", out);
    else if (changes->count == 1)
        fprintf(out, "The one setting that apply made %s.\n\n",
                ok == 1 ? "still stands" : "does not stand any more");
    else
        fprintf(out, "%u of the %u setting%s that apply made still stand%s.\n\n", ok,
                changes->count, plural(changes->count), ok == 1 ? "s" : "");
    print_check(out, asked, told);
}

static void print_revert(FILE *out, const struct ry_tune_asked *asked,
                         const struct ry_tune_told *changes)
{
    unsigned failed = ry_tune_count_deed(changes, RY_TUNING_FAILED);
    print_deeds(out, asked, changes);
    if (changes->damaged)
        fputs("\nWhat the journal of changes still says is as it was found, the rest is not "
              "known.\n",
              out);
    else if (changes->count == 0)
        fprintf(out, "%sothing was applied: there is nothing to put back.\n",
                asked->stages == RY_TUNING_ALL ? "N" : "Of these stages n");
    else if (failed == 0)
        fputs("\nAll is as it was found.\n", out);
    else
        fprintf(
            out,
            "\n%u could not be put back; mend that and revert again: the journal of changes has "
            "them still.\n",
            failed);
}

void ry_tune_text(FILE *out, const struct ry_tune_asked *asked, const struct ry_tune_told *told,
                  const struct ry_tune_told *changes)
{
    switch (asked->command) {
    case RY_TUNE_CHECK: print_check(out, asked, told); break;
    case RY_TUNE_PLAN: print_plan(out, asked, told); break;
    case RY_TUNE_DIFF: print_diff(out, told); break;
    case RY_TUNE_APPLY: print_apply(out, asked, told); break;
    case RY_TUNE_VERIFY: print_verify(out, asked, told, changes); break;
    case RY_TUNE_REVERT: print_revert(out, asked, changes); break;
    }
}
