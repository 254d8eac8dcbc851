/* What each stage was worth: measured with it, without it alone, with it again. */
#include <stdint.h>
#include <string.h>

#include "tools/proof/html.h"
#include "tools/proof/parts.h"
#include "tools/proof/reading.h"

static void put_amount(FILE *out, int64_t amount, const char *unit)
{
    char text[RY_PROOF_NS_BYTES];
    if (strcmp(unit, "ns") == 0) {
        fputs(ry_proof_say_ns(text, amount), out);
        return;
    }
    if (strcmp(unit, "ppm") == 0) {
        fputs(ry_proof_say_ppm(text, amount), out);
        return;
    }
    fprintf(out, "%" PRId64 "%s", amount, strcmp(unit, "/s") == 0 ? "" : " ");
    ry_proof_put(out, unit);
}

static void put_cell(FILE *out, const json_t *figure, const char *key)
{
    fputs("<td class=\"n\">", out);
    put_amount(out, ry_proof_whole(figure, key), ry_proof_string(figure, "unit"));
    fputs("</td>", out);
}

/* The least and the most that was measured with all stages set, for whichever stage. */
static void spread(const json_t *ablation, const char *name, int64_t *least, int64_t *most)
{
    size_t i;
    const json_t *stage;
    *least = INT64_MAX;
    *most = INT64_MIN;
    json_array_foreach(ablation, i, stage)
    {
        const json_t *figure = ry_proof_row_named(ry_proof_list(stage, "figures"), "name", name);
        if (figure == NULL)
            continue;
        const int64_t with = ry_proof_whole(figure, "with"),
                      again = ry_proof_whole(figure, "again");
        *least = with < *least ? with : *least;
        *least = again < *least ? again : *least;
        *most = with > *most ? with : *most;
        *most = again > *most ? again : *most;
    }
}

/* Measurements of the same differ too: only what lies beyond all of them is the stage's. */
static void put_verdict(FILE *out, const json_t *ablation, const json_t *figure)
{
    const int64_t without = ry_proof_whole(figure, "without");
    int64_t least, most;
    spread(ablation, ry_proof_string(figure, "name"), &least, &most);
    if (without >= least && without <= most) {
        fputs("<td>no difference</td>", out);
        return;
    }
    fprintf(out, "<td class=\"%s\">", without > most ? "better" : "worse");
    put_amount(out, without > most ? without - most : least - without,
               ry_proof_string(figure, "unit"));
    fprintf(out, " %s with it</td>", without > most ? "less" : "more");
}

static void put_stage(FILE *out, const json_t *ablation, const json_t *stage)
{
    size_t i;
    const json_t *each;
    const json_t *figures = ry_proof_list(stage, "figures");
    if (json_is_string(json_object_get(stage, "why"))) {
        fputs("<tr><th scope=\"row\">", out);
        ry_proof_put(out, ry_proof_string(stage, "title"));
        fputs("</th><td colspan=\"5\">", out);
        ry_proof_put(out, ry_proof_string(stage, "why"));
        fputs("</td></tr>\n", out);
        return;
    }
    json_array_foreach(figures, i, each)
    {
        fputs("<tr>", out);
        if (i == 0) {
            fprintf(out, "<th scope=\"rowgroup\" rowspan=\"%zu\">", json_array_size(figures));
            ry_proof_put(out, ry_proof_string(stage, "title"));
            fputs("</th>", out);
        }
        ry_proof_cell_text(out, ry_proof_string(each, "name"));
        put_cell(out, each, "with");
        put_cell(out, each, "without");
        put_cell(out, each, "again");
        put_verdict(out, ablation, each);
        fputs("</tr>\n", out);
    }
}

void ry_proof_part_worth(const struct ry_proof_page *page)
{
    static const char *const heads[] = {"stage",          "what",      "#with it", "#without it",
                                        "#with it again", "its worth", NULL};
    FILE *out = page->out;
    const json_t *ablation = ry_proof_list(page->now, "ablation"), *each;
    size_t i;
    if (json_array_size(ablation) == 0)
        return;
    ry_proof_section(out, "worth", "What each stage is worth by itself");
    size_t tried = 0;
    json_array_foreach(ablation, i, each) tried +=
        json_array_size(ry_proof_list(each, "figures")) > 0;
    fprintf(
        out,
        "<p>Each stage was set back alone, measured, and set again. All hot cores together. "
        "&quot;With it again&quot; of one is &quot;with it&quot; of the next: in all there are %zu "
        "measurements of the same, with all stages set, and they differ too. What lies among "
        "them is no difference; what lies beyond them all is called the stage's, and is surer "
        "the more there are and the less else the machine has to do.</p>\n",
        tried + 1);
    ry_proof_table_begin(out, "Each stage switched off alone", heads);
    json_array_foreach(ablation, i, each) put_stage(out, ablation, each);
    ry_proof_table_end(out);
    fputs("</section>\n", out);
}
