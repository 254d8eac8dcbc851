/* What the page comes to: a few figures, and what makes them mean less. */
#include <string.h>

#include "tools/proof/html.h"
#include "tools/proof/parts.h"
#include "tools/proof/reading.h"

#define NONE (-1)

enum unit { TIME, SHARE, COUNT };

struct card {
    const char *title, *about;
    enum unit unit;
    int64_t now, before; /* NONE: not measured */
};

static void put_figure(FILE *out, enum unit unit, int64_t figure)
{
    char text[RY_PROOF_NS_BYTES];
    if (figure == NONE)
        fputs("not measured", out);
    else if (unit == TIME)
        fputs(ry_proof_say_ns(text, figure), out);
    else if (unit == SHARE)
        fputs(ry_proof_say_ppm(text, figure), out);
    else
        fprintf(out, "%" PRId64, figure);
}

static void put_card(const struct ry_proof_page *page, const struct card *card)
{
    FILE *out = page->out;
    fprintf(out, "<li class=\"card\"><h3>%s</h3><p class=\"figure\">", card->title);
    put_figure(out, card->unit, card->now);
    fputs("</p>", out);
    if (page->before != NULL) {
        fputs("<p class=\"was\">before: ", out);
        put_figure(out, card->unit, card->before);
        fputs("</p>", out);
    }
    fprintf(out, "<p>%s</p></li>\n", card->about);
}

/* During a battle where there was one, else while the gaps were watched. */
static void put_counted(const struct ry_proof_page *page)
{
    const bool battle =
        ry_proof_row_named(ry_proof_list(page->now, "counts"), "during", "battle") != NULL;
    const char *during = battle ? "battle" : "gaps";
    const struct card cards[] = {
        {.title = "Interrupts on hot cores",
         .about = battle ? "in the whole battle; a tuned core has none in ten minutes"
                         : "while gaps were watched; a tuned core has none in ten minutes",
         .unit = COUNT,
         .now = ry_proof_interrupts(page->now, during),
         .before = ry_proof_interrupts(page->before, during)},
        {.title = "Context switches of bound processes",
         .about = "in the whole battle; a tuned box has none once all have started",
         .unit = COUNT,
         .now = ry_proof_switches(page->now, during),
         .before = ry_proof_switches(page->before, during)},
    };
    put_card(page, &cards[0]);
    if (battle)
        put_card(page, &cards[1]);
}

/* "18 of 20": the stages that are as they should be, of those that have a right and wrong here. */
static void put_settings(const struct ry_proof_page *page)
{
    size_t i;
    const json_t *each;
    unsigned ok = 0, of = 0;
    json_array_foreach(ry_proof_list(page->now, "stages"), i, each)
    {
        const char *state = ry_proof_string(each, "state");
        ok += strcmp(state, "ok") == 0;
        of += strcmp(state, "ok") == 0 || strcmp(state, "missing") == 0 ||
              strcmp(state, "yours") == 0;
    }
    fprintf(page->out,
            "<li class=\"card\"><h3>Settings</h3><p class=\"figure\">%u of %u</p>"
            "<p>subjects that have a right and a wrong here are as they should be; "
            "%zu more are <a href=\"#stages\">reported or not on this machine</a></p></li>\n",
            ok, of, json_array_size(ry_proof_list(page->now, "stages")) - of);
}

static void put_sentences(FILE *out, const json_t *list, const char *of, const char *says)
{
    size_t i;
    const json_t *each;
    fputs("<ul>\n", out);
    json_array_foreach(list, i, each)
    {
        fputs("<li><b>", out);
        ry_proof_put(out, ry_proof_string(each, of));
        fputs("</b>: ", out);
        ry_proof_put(out, ry_proof_string(each, says));
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

void ry_proof_part_verdict(const struct ry_proof_page *page)
{
    FILE *out = page->out;
    const json_t *meaning = ry_proof_list(page->now, "meaning");
    const json_t *missing = ry_proof_list(page->now, "not_measured");
    ry_proof_section(out, "verdict", "What it comes to");
    fputs("<ul class=\"cards\">\n", out);
    put_card(page,
             &(struct card){.title = "Longest gap on a hot core",
                            .about = "the longest time that a hot core was kept from its work",
                            .unit = TIME,
                            .now = ry_proof_longest_ns(page->now),
                            .before = ry_proof_longest_ns(page->before)});
    put_card(page, &(struct card){.title = "Time taken from a hot core",
                                  .about = "the share of its time, on the core that lost most",
                                  .unit = SHARE,
                                  .now = ry_proof_stolen_ppm(page->now),
                                  .before = ry_proof_stolen_ppm(page->before)});
    put_counted(page);
    put_settings(page);
    fputs("</ul>\n", out);
    if (json_array_size(meaning) > 0 || ry_proof_beside(page->now, page->before) != NULL) {
        fputs("<div class=\"warning\" role=\"note\"><h3>Read these figures with care</h3>\n", out);
        if (ry_proof_beside(page->now, page->before) != NULL)
            fprintf(out, "<p><b>before</b>: %s</p>\n", ry_proof_beside(page->now, page->before));
        put_sentences(out, meaning, "of", "sentence");
        fputs("</div>\n", out);
    }
    if (json_array_size(missing) > 0) {
        fputs("<details><summary>What could not be measured here</summary>\n", out);
        put_sentences(out, missing, "what", "why");
        fputs("</details>\n", out);
    }
    fputs("</section>\n", out);
}
