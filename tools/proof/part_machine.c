/* The machine with the roles in it, the plan and its reasons. */
#include "tools/proof/html.h"
#include "tools/proof/parts.h"
#include "tools/proof/picture.h"
#include "tools/proof/reading.h"

static void put_process(FILE *out, const json_t *process)
{
    const json_t *wait = json_object_get(process, "wait");
    fputs("<tr><th scope=\"row\">", out);
    ry_proof_put(out, ry_proof_string(process, "name"));
    fputs("</th>", out);
    if (json_is_integer(json_object_get(process, "cpu")))
        ry_proof_cell(out, ry_proof_whole(process, "cpu"));
    else
        fputs("<td class=\"n\">any</td>", out);
    ry_proof_cell_text(out, json_is_string(wait) ? json_string_value(wait) : "");
    ry_proof_cell_long(out, ry_proof_string(process, "why"));
    fputs("</tr>\n", out);
}

static void put_plan(const struct ry_proof_page *page, const json_t *plan)
{
    static const char *const heads[] = {"process", "#CPU", "waits by", "why", NULL};
    FILE *out = page->out;
    const json_t *notes = ry_proof_list(plan, "notes"), *each;
    size_t i;
    ry_proof_table_begin(out, "The plan: who runs where, and why", heads);
    json_array_foreach(ry_proof_list(plan, "processes"), i, each) put_process(out, each);
    ry_proof_table_end(out);
    if (json_array_size(notes) == 0)
        return;
    fputs("<ul>\n", out);
    json_array_foreach(notes, i, each)
    {
        fputs("<li>", out);
        ry_proof_put(out, json_is_string(each) ? json_string_value(each) : "");
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

static void put_cpus(const struct ry_proof_page *page)
{
    static const char *const heads[] = {"#CPU",    "#core",    "#L3", "#node",
                                        "#socket", "isolated", "use", NULL};
    static const char *const keys[] = {"cpu", "core", "l3", "node", "package"};
    FILE *out = page->out;
    const json_t *machine = json_object_get(page->now, "machine"), *each;
    size_t i;
    fputs("<details><summary>Every CPU in a table</summary>\n", out);
    ry_proof_table_begin(out, "CPUs of the machine", heads);
    json_array_foreach(ry_proof_list(machine, "cpus"), i, each)
    {
        fputs("<tr>", out);
        for (unsigned k = 0; k < sizeof keys / sizeof *keys; k++)
            ry_proof_cell(out, ry_proof_whole(each, keys[k]));
        ry_proof_cell_text(out, json_is_true(json_object_get(each, "isolated")) ? "yes" : "no");
        ry_proof_cell_text(out, ry_proof_role(page->now, ry_proof_whole(each, "cpu")));
        fputs("</tr>\n", out);
    }
    ry_proof_table_end(out);
    fputs("</details>\n", out);
}

void ry_proof_part_machine(const struct ry_proof_page *page)
{
    FILE *out = page->out;
    const json_t *machine = json_object_get(page->now, "machine");
    ry_proof_section(out, "machine", "Machine and plan");
    fprintf(out,
            "<p>Sockets: %" PRId64 ", memory nodes: %" PRId64 ", last-level caches: %" PRId64
            ", physical cores: %" PRId64 ".</p>\n",
            ry_proof_whole(machine, "packages"),
            (int64_t)json_array_size(ry_proof_list(machine, "nodes")),
            ry_proof_whole(machine, "l3s"), ry_proof_whole(machine, "cores"));
    fputs("<div class=\"scroll picture\" tabindex=\"0\" role=\"group\" aria-label=\"Picture of the "
          "machine\">",
          out);
    ry_proof_picture(out, page->now);
    fputs("</div>\n", out);
    if (json_is_object(json_object_get(page->now, "plan")))
        put_plan(page, json_object_get(page->now, "plan"));
    else
        fputs(
            "<p>Without a battle file: the cores of --cores are hot, or every core but the first.</p>\n",
            out);
    put_cpus(page);
    fputs("</section>\n", out);
}
