/* Calls of the kernel, and what rtla says. */
#include <string.h>

#include "tools/proof/html.h"
#include "tools/proof/parts.h"
#include "tools/proof/reading.h"

static const char *title_of(const char *name)
{
    if (strcmp(name, "syscall") == 0)
        return "a call and back (getppid)";
    if (strcmp(name, "futex") == 0)
        return "to wake a thread on another core (futex)";
    return strcmp(name, "ipi") == 0 ? "to interrupt another core and hear of it (membarrier)"
                                    : name;
}

/* The same call of the same cores in the other report. */
static const json_t *same_call(const json_t *report, const json_t *call)
{
    size_t i;
    const json_t *each;
    json_array_foreach(
        ry_proof_list(report, "calls"), i,
        each) if (strcmp(ry_proof_string(each, "name"), ry_proof_string(call, "name")) == 0 &&
                  ry_proof_whole(each, "cpu") == ry_proof_whole(call, "cpu") &&
                  ry_proof_whole(each, "other") == ry_proof_whole(call, "other")) return each;
    return NULL;
}

static void put_call(FILE *out, const json_t *call, const char *when)
{
    fputs("<tr><th scope=\"row\">", out);
    ry_proof_put(out, title_of(ry_proof_string(call, "name")));
    fprintf(out, "</th><td>%" PRId64, ry_proof_whole(call, "cpu"));
    if (ry_proof_whole(call, "other") >= 0)
        fprintf(out, " to %" PRId64, ry_proof_whole(call, "other"));
    fputs("</td>", out);
    ry_proof_cell_text(out, when);
    ry_proof_cell(out, ry_proof_whole(call, "count"));
    ry_proof_cell_ns(out, ry_proof_ns(call, "shortest_ns"));
    ry_proof_cell_ns(out, ry_proof_ns(call, "p50_ns"));
    ry_proof_cell_ns(out, ry_proof_ns(call, "p99_ns"));
    ry_proof_cell_ns(out, ry_proof_ns(call, "longest_ns"));
    fputs("</tr>\n", out);
}

static void put_calls(const struct ry_proof_page *page)
{
    static const char *const heads[] = {"what",        "CPU",       "when",
                                        "#times",      "#shortest", "#half up to",
                                        "#99 % up to", "#longest",  NULL};
    size_t i;
    const json_t *each;
    ry_proof_table_begin(page->out, "What the kernel's calls take", heads);
    json_array_foreach(ry_proof_list(page->now, "calls"), i, each)
    {
        const json_t *before = same_call(page->before, each);
        put_call(page->out, each, "now");
        if (before != NULL)
            put_call(page->out, before, "before");
    }
    ry_proof_table_end(page->out);
}

static void put_rtla_row(FILE *out, const json_t *row, const char *when)
{
    static const char *const keys[] = {"count", "shortest_us", "mean_us", "longest_us"};
    fputs("<tr><th scope=\"row\">", out);
    ry_proof_put(out, ry_proof_string(row, "tool"));
    fputs("</th>", out);
    ry_proof_cell_text(out, ry_proof_string(row, "what"));
    ry_proof_cell(out, ry_proof_whole(row, "cpu"));
    ry_proof_cell_text(out, when);
    for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++)
        ry_proof_cell(out, ry_proof_whole(row, keys[i]));
    fputs("</tr>\n", out);
}

static void put_rtla(const struct ry_proof_page *page, const json_t *report, const char *when)
{
    size_t i;
    const json_t *each;
    json_array_foreach(ry_proof_list(report, "rtla"), i, each) put_rtla_row(page->out, each, when);
}

void ry_proof_part_calls(const struct ry_proof_page *page)
{
    static const char *const heads[] = {"tool",         "what",     "#CPU",        "when", "#times",
                                        "#shortest µs", "#mean µs", "#longest µs", NULL};
    FILE *out = page->out;
    ry_proof_section(out, "calls", "Calls: what the kernel takes for itself");
    if (json_array_size(ry_proof_list(page->now, "calls")) > 0)
        put_calls(page);
    else
        fputs("<p>Not measured.</p>\n", out);
    if (json_array_size(ry_proof_list(page->now, "rtla")) > 0) {
        ry_proof_table_begin(out, "What the kernel's own tools say (rtla)", heads);
        put_rtla(page, page->now, "now");
        put_rtla(page, page->before, "before");
        ry_proof_table_end(out);
    }
    fputs("</section>\n", out);
}
