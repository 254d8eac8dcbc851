#include "tools/proof/ablate.h"

#include <stdio.h>
#include <string.h>

#include "tools/proof/reading.h"
#include "tools/text/json.h"

#define MILLION   1000000
#define SECOND_NS 1000000000

/* What is compared; -1: not measured. */
enum figure { LONGEST, STOLEN, GAPS, INTERRUPTS, SYSCALL, FUTEX, IPI, FIGURES };

static const struct {
    const char *name, *unit;
} figures[FIGURES] = {
    [LONGEST] = {"longest gap", "ns"},
    [STOLEN] = {"time taken", "ppm"},
    [GAPS] = {"gaps", "/s"},
    [INTERRUPTS] = {"interrupts", "/s"},
    [SYSCALL] = {"a call (half up to)", "ns"},
    [FUTEX] = {"to wake a core (half up to)", "ns"},
    [IPI] = {"to interrupt a core (half up to)", "ns"},
};

struct measured {
    int64_t value[FIGURES];
};

static void read_gaps(struct measured *measured, const json_t *part)
{
    int64_t longest = -1, ran = 0, stolen = 0, count = 0;
    size_t i;
    const json_t *each;
    json_array_foreach(ry_proof_list(json_object_get(part, "gaps"), "cores"), i, each)
    {
        const int64_t gap = ry_proof_ns(each, "longest_ns");
        longest = gap > longest ? gap : longest;
        ran += ry_proof_ns(each, "ran_ns");
        stolen += ry_proof_ns(each, "stolen_ns");
        count += ry_proof_whole(each, "count");
    }
    measured->value[LONGEST] = longest;
    measured->value[STOLEN] = ran > 0 ? (int64_t)((__int128)stolen * MILLION / ran) : -1;
    measured->value[GAPS] = ran > 0 ? (int64_t)((__int128)count * SECOND_NS / ran) : -1;
}

static void read_interrupts(struct measured *measured, const json_t *part)
{
    const json_t *counts = ry_proof_row_named(ry_proof_list(part, "counts"), "during", "gaps");
    const int64_t lasted = ry_proof_ns(counts, "lasted_ns");
    int64_t sum = 0, cores = 0;
    size_t i;
    const json_t *each;
    json_array_foreach(ry_proof_list(counts, "cores"), i,
                       each) if (json_is_integer(json_object_get(each, "interrupts")))
    {
        sum += ry_proof_whole(each, "interrupts");
        cores++;
    }
    measured->value[INTERRUPTS] =
        cores > 0 && lasted > 0 ? (int64_t)((__int128)sum * SECOND_NS / lasted) : -1;
}

static void read_part(struct measured *measured, const json_t *part)
{
    static const char *const names[FIGURES] = {
        [SYSCALL] = "syscall", [FUTEX] = "futex", [IPI] = "ipi"};
    read_gaps(measured, part);
    read_interrupts(measured, part);
    for (unsigned i = SYSCALL; i < FIGURES; i++) {
        const json_t *call = ry_proof_row_named(ry_proof_list(part, "calls"), "name", names[i]);
        measured->value[i] = call != NULL ? ry_proof_ns(call, "p50_ns") : -1;
    }
}

static struct measured measure(const struct ry_proof_switches *switches)
{
    struct measured measured;
    json_t *part = switches->measure(switches->context);
    read_part(&measured, part);
    json_decref(part);
    return measured;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static json_t *figures_of(const struct measured *with, const struct measured *without,
                          const struct measured *again)
{
    json_t *rows = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < FIGURES; i++) {
        if (with->value[i] < 0 || without->value[i] < 0 || again->value[i] < 0)
            continue;
        json_t *row = ry_text_json_whole(json_object());
        ry_text_json_set(row, "name", json_string(figures[i].name));
        ry_text_json_set(row, "unit", json_string(figures[i].unit));
        ry_text_json_set(row, "with", ry_text_json_integer(with->value[i]));
        ry_text_json_set(row, "without", ry_text_json_integer(without->value[i]));
        ry_text_json_set(row, "again", ry_text_json_integer(again->value[i]));
        ry_text_json_add(rows, row);
    }
    return rows;
}

/* `rows` becomes the row's own. */
static void add_row(json_t *report, const char *stage, const char *why, json_t *rows)
{
    json_t *row = ry_text_json_whole(json_object());
    const json_t *known = ry_proof_row_named(ry_proof_list(report, "stages"), "name", stage);
    const char *title = known != NULL ? ry_proof_string(known, "title") : stage;
    ry_text_json_set(row, "stage", json_string(stage));
    ry_text_json_set(row, "title", json_string(title));
    ry_text_json_set(row, "why",
                     why != NULL ? ry_text_json_string(why, RY_PROOF_ABLATE_WHY_BYTES)
                                 : json_null());
    ry_text_json_set(row, "figures", rows != NULL ? rows : ry_text_json_whole(json_array()));
    ry_text_json_add(json_object_get(report, "ablation"), row);
}

/* One stage off and on again. `with` is what was measured last with all of them, here and
 * afterwards. False: it could not be set again, `why`. */
static bool try_stage(json_t *report, const struct ry_proof_switches *switches, const char *stage,
                      struct measured *with, char why[RY_PROOF_ABLATE_WHY_BYTES])
{
    char off[RY_PROOF_ABLATE_WHY_BYTES];
    struct measured without = *with;
    const bool was_off = switches->off(switches->context, stage, off);
    if (was_off)
        without = measure(switches);
    /* Also after half of it was set back. */
    if (!switches->on(switches->context, stage, why)) {
        add_row(report, stage, why, NULL);
        return false;
    }
    if (!was_off) {
        add_row(report, stage, off, NULL);
        return true;
    }
    const struct measured again = measure(switches);
    add_row(report, stage, NULL, figures_of(with, &without, &again));
    *with = again;
    return true;
}

bool ry_proof_ablate(json_t *report, const struct ry_proof_switches *switches,
                     char why[RY_PROOF_ABLATE_WHY_BYTES])
{
    const json_t *applied = ry_proof_list(report, "applied"), *each;
    struct measured with;
    bool whole = true;
    size_t i;
    ry_text_json_set(report, "ablation", ry_text_json_whole(json_array()));
    if (json_array_size(applied) == 0)
        return true;
    with = measure(switches);
    json_array_foreach(applied, i, each)
    {
        const char *stage = json_string_value(each);
        if (whole && switches->stopped(switches->context)) {
            whole = false;
            snprintf(why, RY_PROOF_ABLATE_WHY_BYTES, "stopped by a signal");
        }
        if (!whole)
            add_row(report, stage, "not tried: it ended before", NULL);
        else
            whole = try_stage(report, switches, stage, &with, why);
    }
    return whole;
}
