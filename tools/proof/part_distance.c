/* How far cores are from each other, as a heat map with its figures, and from memory. */
#include <string.h>

#include "tools/proof/html.h"
#include "tools/proof/parts.h"
#include "tools/proof/reading.h"

#define HEATS   8 /* shades: h0 .. h7 of the style sheet */
#define PS_A_NS 1000

static const json_t *rows_of(const json_t *report)
{
    return ry_proof_list(json_object_get(report, "pingpong"), "rows");
}

/* Two cores' distance; -1: not measured. */
static int64_t way_ps(const json_t *report, size_t from, size_t to)
{
    const json_t *way = json_array_get(json_array_get(rows_of(report), from), to);
    return json_is_integer(way) ? json_integer_value(way) : -1;
}

static int64_t cpu_of(const json_t *report, size_t place)
{
    return json_integer_value(
        json_array_get(ry_proof_list(json_object_get(report, "pingpong"), "cpus"), place));
}

static void range_of(const json_t *report, int64_t *least, int64_t *most)
{
    const size_t count = json_array_size(rows_of(report));
    *least = INT64_MAX;
    *most = -1;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            const int64_t way = way_ps(report, i, k);
            *least = way >= 0 && way < *least ? way : *least;
            *most = way > *most ? way : *most;
        }
}

static unsigned heat_of(int64_t way, int64_t least, int64_t most)
{
    return most <= least ? 0 : (unsigned)((__int128)(way - least) * (HEATS - 1) / (most - least));
}

/* In nanoseconds: whole ones beyond ten. */
static void put_way(FILE *out, int64_t way, int64_t least, int64_t most)
{
    if (way < 0)
        fputs("<td class=\"none\">-</td>", out);
    else if (way < 10 * PS_A_NS)
        fprintf(out, "<td class=\"h%u\">%" PRId64 ".%" PRId64 "</td>", heat_of(way, least, most),
                way / PS_A_NS, way % PS_A_NS / 100);
    else
        fprintf(out, "<td class=\"h%u\">%" PRId64 "</td>", heat_of(way, least, most),
                (way + PS_A_NS / 2) / PS_A_NS);
}

static void put_matrix(const struct ry_proof_page *page, const json_t *report, const char *caption)
{
    FILE *out = page->out;
    const size_t count = json_array_size(rows_of(report));
    int64_t least, most;
    range_of(report, &least, &most);
    fprintf(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"%s\"><table class=\"heat\">"
        "<caption>%s</caption><thead><tr><th scope=\"col\">CPU</th>",
        caption, caption);
    for (size_t k = 0; k < count; k++)
        fprintf(out, "<th scope=\"col\">%" PRId64 "</th>", cpu_of(report, k));
    fputs("</tr></thead><tbody>\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "<tr><th scope=\"row\">%" PRId64 "</th>", cpu_of(report, i));
        for (size_t k = 0; k < count; k++)
            put_way(out, way_ps(report, i, k), least, most);
        fputs("</tr>\n", out);
    }
    ry_proof_table_end(out);
}

/* ---- near and far: the pairs by what they share ---------------------------------------------- */

enum shared { CORE, L3, NODE, PACKAGE, NOTHING, KINDS };

static enum shared shared_by(const json_t *report, int64_t a, int64_t b)
{
    static const char *const keys[] = {
        [CORE] = "core", [L3] = "l3", [NODE] = "node", [PACKAGE] = "package"};
    const json_t *one = ry_proof_cpu(report, a), *other = ry_proof_cpu(report, b);
    for (unsigned i = CORE; i < NOTHING; i++)
        if (ry_proof_whole(one, keys[i]) == ry_proof_whole(other, keys[i]))
            return (enum shared)i;
    return NOTHING;
}

struct ways {
    uint64_t pairs;
    int64_t sum_ps, least_ps, most_ps;
};

static void sum_up(const json_t *report, struct ways ways[KINDS])
{
    const size_t count = json_array_size(rows_of(report));
    memset(ways, 0, sizeof(struct ways) * KINDS);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++) {
            const int64_t way = way_ps(report, i, k);
            struct ways *of = &ways[shared_by(report, cpu_of(report, i), cpu_of(report, k))];
            if (way < 0)
                continue;
            of->least_ps = of->pairs == 0 || way < of->least_ps ? way : of->least_ps;
            of->most_ps = way > of->most_ps ? way : of->most_ps;
            of->sum_ps += way;
            of->pairs++;
        }
}

static void put_cell_ps(FILE *out, int64_t ps)
{
    char text[RY_PROOF_NS_BYTES];
    fprintf(out, "<td class=\"n\">%s</td>", ry_proof_say_ps(text, ps));
}

static void put_ways(const struct ry_proof_page *page, const json_t *report, const char *when)
{
    static const char *const names[KINDS] = {[CORE] = "siblings of one core",
                                             [L3] = "in one last-level cache",
                                             [NODE] = "in one memory node",
                                             [PACKAGE] = "in one socket",
                                             [NOTHING] = "in two sockets"};
    struct ways ways[KINDS];
    sum_up(report, ways);
    for (unsigned i = 0; i < KINDS; i++) {
        if (ways[i].pairs == 0)
            continue;
        fprintf(page->out, "<tr><th scope=\"row\">%s</th><td>%s</td>", names[i], when);
        ry_proof_cell(page->out, (int64_t)ways[i].pairs);
        put_cell_ps(page->out, ways[i].least_ps);
        put_cell_ps(page->out, ways[i].sum_ps / (int64_t)ways[i].pairs);
        put_cell_ps(page->out, ways[i].most_ps);
        fputs("</tr>\n", page->out);
    }
}

static void put_pingpong(const struct ry_proof_page *page)
{
    static const char *const heads[] = {"two CPUs", "when",     "#pairs", "#shortest",
                                        "#mean",    "#longest", NULL};
    FILE *out = page->out;
    fputs("<h3>From core to core</h3>\n<p>Nanoseconds of one way of a cache line between two "
          "CPUs.</p>\n",
          out);
    put_matrix(page, page->now, "From core to core, ns");
    if (json_array_size(rows_of(page->before)) > 0) {
        fputs("<details><summary>The same before</summary>\n", out);
        put_matrix(page, page->before, "From core to core before, ns");
        fputs("</details>\n", out);
    }
    ry_proof_table_begin(out, "By what two CPUs share", heads);
    put_ways(page, page->now, "now");
    put_ways(page, page->before, "before");
    ry_proof_table_end(out);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static const json_t *same_read(const json_t *report, const json_t *row)
{
    size_t i;
    const json_t *each;
    json_array_foreach(
        ry_proof_list(report, "memory"), i,
        each) if (ry_proof_whole(each, "cpu_node") == ry_proof_whole(row, "cpu_node") &&
                  ry_proof_whole(each, "node") == ry_proof_whole(row, "node") &&
                  strcmp(ry_proof_string(each, "pages"), ry_proof_string(row, "pages")) ==
                      0) return each;
    return NULL;
}

/* Its length is a meter's: a picture that says its figure itself. */
static void put_meter(FILE *out, int64_t ps, int64_t most, const char *when)
{
    fprintf(
        out,
        "<td class=\"wide\"><svg class=\"meter\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
        "aria-hidden=\"true\"><rect class=\"%s\" width=\"%" PRId64 "\" height=\"8\"/></svg></td>",
        strcmp(when, "now") == 0 ? "now" : "was", most > 0 ? ps * 100 / most : 0);
}

static void put_read(FILE *out, const json_t *row, const char *when, int64_t most)
{
    fprintf(out, "<tr><th scope=\"row\">CPU %" PRId64 ", node %" PRId64 "</th>",
            ry_proof_whole(row, "cpu"), ry_proof_whole(row, "cpu_node"));
    ry_proof_cell(out, ry_proof_whole(row, "node"));
    ry_proof_cell_text(out, ry_proof_string(row, "pages"));
    ry_proof_cell_text(out, when);
    put_cell_ps(out, ry_proof_whole(row, "ps"));
    put_meter(out, ry_proof_whole(row, "ps"), most, when);
    fputs("</tr>\n", out);
}

static void put_memory(const struct ry_proof_page *page)
{
    static const char *const heads[] = {"who reads", "#memory of node", "pages", "when",
                                        "#a read",   "to scale",        NULL};
    size_t i;
    const json_t *each;
    int64_t most = 0;
    json_array_foreach(ry_proof_list(page->now, "memory"), i, each) most =
        ry_proof_whole(each, "ps") > most ? ry_proof_whole(each, "ps") : most;
    json_array_foreach(ry_proof_list(page->before, "memory"), i, each) most =
        ry_proof_whole(each, "ps") > most ? ry_proof_whole(each, "ps") : most;
    fputs("<h3>From memory</h3>\n", page->out);
    ry_proof_table_begin(page->out, "How long a read from memory takes", heads);
    json_array_foreach(ry_proof_list(page->now, "memory"), i, each)
    {
        const json_t *before = same_read(page->before, each);
        put_read(page->out, each, "now", most);
        if (before != NULL)
            put_read(page->out, before, "before", most);
    }
    ry_proof_table_end(page->out);
}

void ry_proof_part_distance(const struct ry_proof_page *page)
{
    const bool pingpong = json_array_size(rows_of(page->now)) > 0;
    const bool memory = json_array_size(ry_proof_list(page->now, "memory")) > 0;
    ry_proof_section(page->out, "distance", "Distances: core to core, core to memory");
    if (pingpong)
        put_pingpong(page);
    if (memory)
        put_memory(page);
    if (!pingpong && !memory)
        fputs("<p>Not measured.</p>\n", page->out);
    fputs("</section>\n", page->out);
}
