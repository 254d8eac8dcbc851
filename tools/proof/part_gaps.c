/* Gaps: a histogram of each core, now and before; all in a table. */
#include "tools/proof/chart.h"
#include "tools/proof/html.h"
#include "tools/proof/parts.h"
#include "tools/proof/reading.h"

#define CHARTS_MAX  64 /* of a kind of core; the table has all */
#define LABEL_BYTES 512
#define MILLION     1000000

static const json_t *cores_of(const json_t *report)
{
    return ry_proof_list(json_object_get(report, "gaps"), "cores");
}

static int64_t stolen_ppm(const json_t *core)
{
    const int64_t ran = ry_proof_ns(core, "ran_ns");
    return ran > 0 ? (int64_t)((__int128)ry_proof_ns(core, "stolen_ns") * MILLION / ran) : 0;
}

static void say_core(char label[LABEL_BYTES], const json_t *core)
{
    char longest[RY_PROOF_NS_BYTES], ran[RY_PROOF_NS_BYTES], stolen[RY_PROOF_NS_BYTES];
    snprintf(label, LABEL_BYTES, "%" PRId64 " gaps in %s, the longest %s, %s of the time",
             ry_proof_whole(core, "count"), ry_proof_say_ns(ran, ry_proof_ns(core, "ran_ns")),
             ry_proof_say_ns(longest, ry_proof_ns(core, "longest_ns")),
             ry_proof_say_ppm(stolen, stolen_ppm(core)));
}

static void put_core(const struct ry_proof_page *page, const struct ry_proof_scale *scale,
                     const json_t *core)
{
    FILE *out = page->out;
    char now[LABEL_BYTES], was[LABEL_BYTES], label[3 * LABEL_BYTES];
    const int64_t cpu = ry_proof_whole(core, "cpu");
    const json_t *before = ry_proof_row(cores_of(page->before), "cpu", cpu);
    say_core(now, core);
    snprintf(label, sizeof label, "Gaps of CPU %" PRId64 ": %s", cpu, now);
    if (before != NULL) {
        say_core(was, before);
        snprintf(label, sizeof label, "Gaps of CPU %" PRId64 ": %s; before: %s", cpu, now, was);
    }
    fprintf(out, "<figure><figcaption><b>CPU %" PRId64 "</b> ", cpu);
    ry_proof_put(out, ry_proof_role(page->now, cpu));
    fprintf(out, "<br><span class=\"key-now\">now:</span> %s", now);
    if (before != NULL)
        fprintf(out, "<br><span class=\"key-before\">before:</span> %s", was);
    fputs("</figcaption>\n", out);
    ry_proof_chart(out, scale, core, before, label);
    fputs("</figure>\n", out);
}

/* Those of hot cores, or the others'. */
static void put_charts(const struct ry_proof_page *page, const struct ry_proof_scale *scale,
                       bool hot)
{
    size_t i;
    const json_t *each;
    unsigned put = 0, left = 0;
    fputs("<div class=\"charts\">\n", page->out);
    json_array_foreach(cores_of(page->now), i, each)
    {
        if (ry_proof_is_hot(page->now, ry_proof_whole(each, "cpu")) != hot)
            continue;
        if (put < CHARTS_MAX) {
            put_core(page, scale, each);
            put++;
        } else
            left++;
    }
    fputs("</div>\n", page->out);
    if (left > 0)
        fprintf(page->out, "<p>%u more are in the table alone.</p>\n", left);
}

static void put_row(const struct ry_proof_page *page, const json_t *core, const char *when)
{
    FILE *out = page->out;
    const int64_t cpu = ry_proof_whole(core, "cpu");
    fprintf(out, "<tr><th scope=\"row\" class=\"n\">%" PRId64 "</th>", cpu);
    ry_proof_cell_text(out, ry_proof_role(page->now, cpu));
    ry_proof_cell_text(out, when);
    ry_proof_cell_ns(out, ry_proof_ns(core, "ran_ns"));
    ry_proof_cell(out, ry_proof_whole(core, "count"));
    ry_proof_cell_ns(out, ry_proof_ns(core, "p50_ns"));
    ry_proof_cell_ns(out, ry_proof_ns(core, "p99_ns"));
    ry_proof_cell_ns(out, ry_proof_ns(core, "longest_ns"));
    ry_proof_cell(out, stolen_ppm(core));
    fputs("</tr>\n", out);
}

static void put_table(const struct ry_proof_page *page)
{
    static const char *const heads[] = {
        "#CPU",        "use",         "when",     "#watched",         "#gaps",
        "#half up to", "#99 % up to", "#longest", "#ppm of the time", NULL};
    size_t i;
    const json_t *each;
    fputs("<details><summary>All cores in a table</summary>\n", page->out);
    ry_proof_table_begin(page->out, "Gaps of each core", heads);
    json_array_foreach(cores_of(page->now), i, each)
    {
        const json_t *before =
            ry_proof_row(cores_of(page->before), "cpu", ry_proof_whole(each, "cpu"));
        put_row(page, each, "now");
        if (before != NULL)
            put_row(page, before, "before");
    }
    ry_proof_table_end(page->out);
    fputs("</details>\n", page->out);
}

/* The bars themselves, for whoever cannot see them. */
static void put_bars(const struct ry_proof_page *page)
{
    static const char *const heads[] = {"#CPU", "#from", "#below", "#gaps", NULL};
    size_t i, k;
    const json_t *each, *bar;
    fputs("<details><summary>The histograms in a table</summary>\n", page->out);
    ry_proof_table_begin(page->out, "How many gaps of which length, now", heads);
    json_array_foreach(cores_of(page->now), i, each)
        json_array_foreach(ry_proof_list(each, "bars"), k, bar)
    {
        fprintf(page->out, "<tr><th scope=\"row\" class=\"n\">%" PRId64 "</th>",
                ry_proof_whole(each, "cpu"));
        ry_proof_cell_ns(page->out, ry_proof_ns(bar, "from_ns"));
        ry_proof_cell_ns(page->out, ry_proof_ns(bar, "to_ns"));
        ry_proof_cell(page->out, ry_proof_whole(bar, "count"));
        fputs("</tr>\n", page->out);
    }
    ry_proof_table_end(page->out);
    fputs("</details>\n", page->out);
}

/* Hot cores at once, the others folded away; all at once where none is hot. */
static void put_all_charts(const struct ry_proof_page *page, const struct ry_proof_scale *scale)
{
    size_t i;
    const json_t *each;
    unsigned hot = 0, others = 0;
    json_array_foreach(cores_of(page->now), i, each)
    {
        const bool is_hot = ry_proof_is_hot(page->now, ry_proof_whole(each, "cpu"));
        hot += is_hot;
        others += !is_hot;
    }
    if (hot > 0)
        put_charts(page, scale, true);
    if (hot > 0 && others > 0)
        fputs("<details><summary>Cores that are not hot</summary>\n", page->out);
    if (others > 0)
        put_charts(page, scale, false);
    if (hot > 0 && others > 0)
        fputs("</details>\n", page->out);
}

void ry_proof_part_gaps(const struct ry_proof_page *page)
{
    FILE *out = page->out;
    struct ry_proof_scale scale;
    size_t i;
    const json_t *each;
    char text[RY_PROOF_NS_BYTES];
    ry_proof_section(out, "gaps", "Gaps: who else had the core");
    if (json_array_size(cores_of(page->now)) == 0) {
        fputs("<p>Not measured.</p></section>\n", out);
        return;
    }
    ry_proof_scale_begin(&scale);
    json_array_foreach(cores_of(page->now), i, each) ry_proof_scale_take(&scale, each);
    json_array_foreach(cores_of(page->before), i, each) ry_proof_scale_take(&scale, each);
    fprintf(
        out,
        "<p>A thread on each core reads the clock without end. Two readings that lie more than %s "
        "apart are a gap: an interrupt, a kernel thread, another process, firmware or a hypervisor had "
        "the core.</p>\n",
        ry_proof_say_ns(text, ry_proof_ns(json_object_get(page->now, "gaps"), "threshold_ns")));
    put_all_charts(page, &scale);
    put_table(page);
    put_bars(page);
    fputs("</section>\n", out);
}
