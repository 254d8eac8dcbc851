#include "tools/proof/html.h"

#define THOUSAND 1000
#define PPM      1000000

void ry_proof_put(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        case '\'': fputs("&#39;", out); break;
        default: fputc((unsigned char)*text < ' ' && *text != '\n' ? ' ' : *text, out);
        }
}

/* `amount` thousandths of `unit`. */
static void say(char text[RY_PROOF_NS_BYTES], int64_t amount, const char *unit)
{
    const int64_t whole = amount / THOUSAND;
    const int digits = whole < 10 ? 2 : whole < 100 ? 1 : 0;
    const int64_t rest = amount % THOUSAND / (digits == 2 ? 10 : 100);
    if (digits == 0)
        snprintf(text, RY_PROOF_NS_BYTES, "%" PRId64 " %s", whole, unit);
    else
        snprintf(text, RY_PROOF_NS_BYTES, "%" PRId64 ".%0*" PRId64 " %s", whole, digits, rest,
                 unit);
}

const char *ry_proof_say_ps(char text[RY_PROOF_NS_BYTES], int64_t ps)
{
    static const char *const units[] = {"ns", "µs", "ms", "s"};
    unsigned unit = 0;
    while (ps >= THOUSAND * THOUSAND && unit < 3) {
        ps /= THOUSAND;
        unit++;
    }
    say(text, ps, units[unit]);
    return text;
}

const char *ry_proof_say_ns(char text[RY_PROOF_NS_BYTES], int64_t ns)
{
    if (ns < THOUSAND)
        snprintf(text, RY_PROOF_NS_BYTES, "%" PRId64 " ns", ns);
    else if (ns < THOUSAND * THOUSAND)
        say(text, ns, "µs");
    else
        (void)ry_proof_say_ps(text, ns > INT64_MAX / THOUSAND ? INT64_MAX : ns * THOUSAND);
    return text;
}

const char *ry_proof_say_ppm(char text[RY_PROOF_NS_BYTES], int64_t ppm)
{
    const int64_t percent = PPM / 100;
    if (ppm < percent)
        snprintf(text, RY_PROOF_NS_BYTES, "%" PRId64 " ppm", ppm);
    else
        snprintf(text, RY_PROOF_NS_BYTES, "%" PRId64 ".%" PRId64 " %%", ppm / percent,
                 ppm % percent / (percent / 10));
    return text;
}

void ry_proof_cell_ns(FILE *out, int64_t ns)
{
    char text[RY_PROOF_NS_BYTES];
    fprintf(out, "<td class=\"n\">%s</td>", ry_proof_say_ns(text, ns));
}

void ry_proof_cell(FILE *out, int64_t figure)
{
    fprintf(out, "<td class=\"n\">%" PRId64 "</td>", figure);
}

void ry_proof_cell_text(FILE *out, const char *text)
{
    fputs("<td>", out);
    ry_proof_put(out, text);
    fputs("</td>", out);
}

void ry_proof_cell_long(FILE *out, const char *text)
{
    fputs("<td class=\"long\">", out);
    ry_proof_put(out, text);
    fputs("</td>", out);
}

void ry_proof_table_begin(FILE *out, const char *caption, const char *const *heads)
{
    fputs("<p class=\"sideways\" aria-hidden=\"true\">↔ scrolls sideways</p>"
          "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"",
          out);
    ry_proof_put(out, caption);
    fputs("\"><table><caption>", out);
    ry_proof_put(out, caption);
    fputs("</caption><thead><tr>", out);
    for (; *heads != NULL; heads++) {
        const int figures = **heads == '#';
        fprintf(out, "<th scope=\"col\"%s>", figures ? " class=\"n\"" : "");
        ry_proof_put(out, *heads + figures);
        fputs("</th>", out);
    }
    fputs("</tr></thead><tbody>\n", out);
}

void ry_proof_table_end(FILE *out)
{
    fputs("</tbody></table></div>\n", out);
}

void ry_proof_section(FILE *out, const char *id, const char *heading)
{
    fprintf(out, "<section id=\"%s\" aria-labelledby=\"%s-h\"><h2 id=\"%s-h\">", id, id, id);
    ry_proof_put(out, heading);
    fputs("</h2>\n", out);
}
