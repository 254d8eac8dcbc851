#include "tools/proof/page.h"

#include <string.h>

#include "tools/proof/html.h"
#include "tools/proof/parts.h"
#include "tools/proof/reading.h"

#define WORTH "worth" /* the one that not every page has */

/* What the table of contents names. */
static const struct {
    const char *id, *name;
} sections[] = {
    {"machine", "Machine and plan"},
    {"gaps", "Gaps"},
    {"counts", "Interrupts and switches"},
    {"calls", "Calls"},
    {"distance", "Distances"},
    {"stages", "Settings"},
    {WORTH, "Each stage's worth"},
    {"facts", "Kernel and versions"},
};

static void put_head(const struct ry_proof_page *page)
{
    FILE *out = page->out;
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
          out);
    ry_proof_put(out, ry_proof_string(page->now, "host"));
    fprintf(out, ": proof of tuning - royale</title>\n<style>%s</style>\n</head>\n",
            ry_proof_style);
}

/* To the second, and in one piece: "2026-12-01 00:04:12 UTC" of RFC 3339. */
static void put_moment(FILE *out, const json_t *report)
{
    char text[sizeof "YYYY-MM-DD hh:mm:ss"];
    snprintf(text, sizeof text, "%.*s", (int)sizeof text - 1, ry_proof_string(report, "taken"));
    char *t = strchr(text, 'T');
    if (t != NULL)
        *t = ' ';
    fputs("<span class=\"moment\">", out);
    ry_proof_put(out, text);
    fputs(" UTC</span>", out);
}

static void put_header(const struct ry_proof_page *page)
{
    FILE *out = page->out;
    const char *battle = ry_proof_string(page->now, "battle");
    fputs(
        "<body>\n<a class=\"skip\" href=\"#main\">To the figures</a>\n<header><h1>Proof of tuning: ",
        out);
    ry_proof_put(out, ry_proof_string(page->now, "host"));
    fputs("</h1>\n<p>", out);
    ry_proof_put(out, ry_proof_string(json_object_get(page->now, "machine"), "name"));
    if (battle[0] != '\0') {
        fputs(", battle <b>", out);
        ry_proof_put(out, battle);
        fputs("</b>", out);
    }
    fputs("<br>Taken ", out);
    put_moment(out, page->now);
    if (page->before != NULL) {
        fputs(", beside one taken before, ", out);
        put_moment(out, page->before);
    }
    fputs("</p>\n<nav aria-label=\"Sections\"><ul>", out);
    const bool worth = json_array_size(ry_proof_list(page->now, "ablation")) > 0;
    for (unsigned i = 0; i < sizeof sections / sizeof *sections; i++)
        if (worth || strcmp(sections[i].id, WORTH) != 0)
            fprintf(out, "<li><a href=\"#%s\">%s</a></li>", sections[i].id, sections[i].name);
    fputs("</ul></nav></header>\n<main id=\"main\">\n", out);
}

void ry_proof_page_write(const struct ry_proof_page *page)
{
    put_head(page);
    put_header(page);
    ry_proof_part_verdict(page);
    ry_proof_part_machine(page);
    ry_proof_part_gaps(page);
    ry_proof_part_counts(page);
    ry_proof_part_calls(page);
    ry_proof_part_distance(page);
    ry_proof_part_stages(page);
    ry_proof_part_worth(page);
    ry_proof_part_facts(page);
    fputs("</main>\n</body>\n</html>\n", page->out);
}
