/* What the figures are of: kernel, its line, versions, how long it took. */
#include "tools/proof/html.h"
#include "tools/proof/parts.h"
#include "tools/proof/reading.h"

static void put_fact(FILE *out, const char *name, const char *value)
{
    fputs("<div><dt>", out);
    ry_proof_put(out, name);
    fputs("</dt><dd><code>", out);
    ry_proof_put(out, value);
    fputs("</code></dd></div>\n", out);
}

void ry_proof_part_facts(const struct ry_proof_page *page)
{
    FILE *out = page->out;
    const json_t *kernel = json_object_get(page->now, "kernel"), *each;
    const char *line = ry_proof_string(json_object_get(page->before, "kernel"), "line");
    char took[RY_PROOF_NS_BYTES];
    size_t i;
    ry_proof_section(out, "facts", "Kernel and versions");
    fputs("<dl>\n", out);
    put_fact(out, "kernel", ry_proof_string(kernel, "release"));
    put_fact(out, "built", ry_proof_string(kernel, "version"));
    put_fact(out, "kernel line", ry_proof_string(kernel, "line"));
    if (page->before != NULL)
        put_fact(out, "kernel line before", line);
    json_array_foreach(ry_proof_list(page->now, "versions"), i, each)
        put_fact(out, ry_proof_string(each, "name"), ry_proof_string(each, "version"));
    fprintf(out,
            "</dl>\n<p>The probes were given %" PRId64 " s; all of it took %s. Written by royale ",
            ry_proof_whole(page->now, "seconds"),
            ry_proof_say_ns(took, ry_proof_ns(page->now, "took_ns")));
    ry_proof_put(out, ry_proof_string(page->now, "royale"));
    fputs(". The same figures as JSON: <code>royale tune report --json</code>.</p>\n</section>\n",
          out);
}
