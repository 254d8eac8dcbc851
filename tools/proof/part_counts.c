/* What the kernel counted on hot cores: during the battle, and while gaps were watched. */
#include <string.h>

#include "tools/proof/html.h"
#include "tools/proof/parts.h"
#include "tools/proof/reading.h"
#include "tools/text/json.h"

#define NAMES_MAX 12 /* the JSON has all */

static void put_known(FILE *out, const json_t *row, const char *key)
{
    if (json_is_integer(json_object_get(row, key)))
        ry_proof_cell(out, ry_proof_whole(row, key));
    else
        fputs("<td class=\"n\">not known</td>", out);
}

static void put_switches(FILE *out, const json_t *core, const char *which)
{
    const int64_t switches = ry_proof_core_switches(core, which);
    if (switches >= 0)
        ry_proof_cell(out, switches);
    else
        fputs("<td class=\"n\">not known</td>", out);
}

/* "local timer 9, rescheduling 3" */
static void put_names(FILE *out, const json_t *list, const char *count)
{
    size_t i;
    const json_t *each;
    fputs("<td class=\"long\">", out);
    json_array_foreach(list, i, each)
    {
        if (i == NAMES_MAX) {
            fprintf(out, " and %zu more", json_array_size(list) - NAMES_MAX);
            break;
        }
        fputs(i > 0 ? ", " : "", out);
        ry_proof_put(out, ry_proof_string(each, "name"));
        if (count != NULL)
            fprintf(out, " %" PRId64, ry_proof_whole(each, count));
    }
    fputs("</td>", out);
}

/* Who else ran there: the kernel's own threads, or all others. */
static void put_threads(FILE *out, const json_t *core, bool kernel)
{
    json_t *rows = ry_text_json_whole(json_array()), *each;
    size_t i;
    json_array_foreach(json_object_get(core, "threads"), i,
                       each) if (json_is_true(json_object_get(each, "kernel")) == kernel)(void)
        json_array_append(rows, each);
    put_names(out, rows, NULL);
    json_decref(rows);
}

/* Who was bound to it; what it is for, where nobody was. */
static void put_who(const struct ry_proof_page *page, const json_t *core)
{
    const json_t *processes = ry_proof_list(core, "processes"), *each;
    size_t i;
    fputs("<td>", page->out);
    json_array_foreach(processes, i, each)
    {
        fputs(i > 0 ? ", " : "", page->out);
        ry_proof_put(page->out, ry_proof_string(each, "name"));
    }
    if (json_array_size(processes) == 0)
        ry_proof_put(page->out, ry_proof_role(page->now, ry_proof_whole(core, "cpu")));
    fputs("</td>", page->out);
}

static void put_core(const struct ry_proof_page *page, const json_t *core, const char *when)
{
    FILE *out = page->out;
    fprintf(out, "<tr><th scope=\"row\" class=\"n\">%" PRId64 "</th>", ry_proof_whole(core, "cpu"));
    put_who(page, core);
    ry_proof_cell_text(out, when);
    put_known(out, core, "interrupts");
    put_known(out, core, "softirqs");
    put_switches(out, core, "switches");
    put_switches(out, core, "forced");
    put_known(out, core, "arrivals");
    put_known(out, core, "stolen_ms");
    put_names(out, ry_proof_list(core, "interrupts_by"), "count");
    put_threads(out, core, true);
    put_threads(out, core, false);
    fputs("</tr>\n", out);
}

static void put_counts(const struct ry_proof_page *page, const json_t *now)
{
    static const char *const heads[] = {"#CPU",
                                        "who",
                                        "when",
                                        "#interrupts",
                                        "#softirqs",
                                        "#switches",
                                        "#forced",
                                        "#tasks that came",
                                        "#ms stolen",
                                        "interrupts by name",
                                        "kernel threads",
                                        "other tasks",
                                        NULL};
    const char *during = ry_proof_string(now, "during");
    const json_t *before =
        ry_proof_row_named(ry_proof_list(page->before, "counts"), "during", during);
    char lasted[RY_PROOF_NS_BYTES], caption[128];
    size_t i;
    const json_t *each;
    snprintf(caption, sizeof caption, "%s: %s",
             strcmp(during, "battle") == 0 ? "During the battle" : "While gaps were watched",
             ry_proof_say_ns(lasted, ry_proof_ns(now, "lasted_ns")));
    ry_proof_table_begin(page->out, caption, heads);
    json_array_foreach(ry_proof_list(now, "cores"), i, each)
    {
        const json_t *was =
            ry_proof_row(ry_proof_list(before, "cores"), "cpu", ry_proof_whole(each, "cpu"));
        put_core(page, each, "now");
        if (was != NULL)
            put_core(page, was, "before");
    }
    ry_proof_table_end(page->out);
    if (ry_proof_string(now, "why")[0] != '\0') {
        fputs("<p>Not known: ", page->out);
        ry_proof_put(page->out, ry_proof_string(now, "why"));
        fputs("</p>\n", page->out);
    }
}

void ry_proof_part_counts(const struct ry_proof_page *page)
{
    const json_t *counts = ry_proof_list(page->now, "counts"), *each;
    size_t i;
    ry_proof_section(page->out, "counts", "Interrupts, switches, and who else ran");
    fputs(
        "<p>Counted by the kernel, from /proc. Switches are of the process that is bound to the core, so they "
        "are not known where none is, as while gaps are watched; "
        "<em>tasks that came</em> are all that began to run there, whoever it was.</p>\n",
        page->out);
    json_array_foreach(counts, i, each) put_counts(page, each);
    if (json_array_size(counts) == 0)
        fputs("<p>Not counted.</p>\n", page->out);
    fputs("</section>\n", page->out);
}
