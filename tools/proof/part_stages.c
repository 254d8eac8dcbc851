/* Each stage of the host's settings: how it stands, and what each was worth by itself. */
#include <string.h>

#include "tools/proof/html.h"
#include "tools/proof/parts.h"
#include "tools/proof/reading.h"

static const char *say_state(const char *state)
{
    static const struct {
        const char *state, *says;
    } words[] = {{"ok", "as it should be"},
                 {"missing", "missing"},
                 {"yours", "yours to set"},
                 {"cannot", "not on this machine"},
                 {"reported", "reported"}};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].state, state) == 0)
            return words[i].says;
    return state;
}

/* A word that the style sheet may count on: a state that the table knows. */
static void put_state(FILE *out, const char *state)
{
    const char *says = say_state(state);
    fprintf(out, "<td><span class=\"state%s%s\">", says == state ? "" : " s-",
            says == state ? "" : state);
    ry_proof_put(out, says);
    fputs("</span></td>", out);
}

static void put_settings(FILE *out, const json_t *stage)
{
    static const char *const heads[] = {"setting", "state",           "now",
                                        "wanted",  "why, what to do", NULL};
    const json_t *settings = ry_proof_list(stage, "settings"), *each;
    char caption[128];
    size_t i;
    if (json_array_size(settings) == 0)
        return;
    fputs("<details><summary>", out);
    ry_proof_put(out, ry_proof_string(stage, "title"));
    fprintf(out, ": %zu</summary>\n", json_array_size(settings));
    snprintf(caption, sizeof caption, "Settings: %s", ry_proof_string(stage, "title"));
    ry_proof_table_begin(out, caption, heads);
    json_array_foreach(settings, i, each)
    {
        fputs("<tr><th scope=\"row\" class=\"path\">", out);
        ry_proof_put(out, ry_proof_string(each, "path"));
        fputs("</th>", out);
        put_state(out, ry_proof_string(each, "state"));
        ry_proof_cell_long(out, ry_proof_string(each, "now"));
        ry_proof_cell_long(out, ry_proof_string(each, "want"));
        ry_proof_cell_long(out, ry_proof_string(each, "why"));
        fputs("</tr>\n", out);
    }
    ry_proof_table_end(out);
    fputs("</details>\n", out);
}

/* What a reader is told of a stage in its one line: the first setting's reason that is not OK. */
static const char *why_of(const json_t *stage)
{
    size_t i;
    const json_t *each;
    json_array_foreach(
        ry_proof_list(stage, "settings"), i,
        each) if (strcmp(ry_proof_string(each, "state"), ry_proof_string(stage, "state")) == 0 &&
                  ry_proof_string(each, "why")[0] != '\0') return ry_proof_string(each, "why");
    return "";
}

static bool applied(const json_t *report, const char *stage)
{
    size_t i;
    const json_t *each;
    json_array_foreach(ry_proof_list(report, "applied"), i,
                       each) if (strcmp(json_string_value(each), stage) == 0) return true;
    return false;
}

void ry_proof_part_stages(const struct ry_proof_page *page)
{
    static const char *const heads[] = {"subject",         "now", "before", "set by royale",
                                        "why, what to do", NULL};
    FILE *out = page->out;
    size_t i;
    const json_t *each;
    ry_proof_section(out, "stages", "Settings of the machine");
    ry_proof_table_begin(out, "The settings by subject, in the order of apply", heads);
    json_array_foreach(ry_proof_list(page->now, "stages"), i, each)
    {
        const char *name = ry_proof_string(each, "name");
        const json_t *before =
            ry_proof_row_named(ry_proof_list(page->before, "stages"), "name", name);
        fputs("<tr><th scope=\"row\">", out);
        ry_proof_put(out, ry_proof_string(each, "title"));
        fputs("</th>", out);
        put_state(out, ry_proof_string(each, "state"));
        if (before != NULL)
            put_state(out, ry_proof_string(before, "state"));
        else
            fputs("<td>-</td>", out);
        ry_proof_cell_text(out, applied(page->now, name) ? "yes" : "no");
        ry_proof_cell_long(out, why_of(each));
        fputs("</tr>\n", out);
    }
    ry_proof_table_end(out);
    fputs("<h3>Each setting</h3>\n", out);
    json_array_foreach(ry_proof_list(page->now, "stages"), i, each) put_settings(out, each);
    fputs("</section>\n", out);
}
