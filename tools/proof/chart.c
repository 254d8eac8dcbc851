#include "tools/proof/chart.h"

#include <math.h>
#include <string.h>

#include "tools/proof/html.h"
#include "tools/proof/reading.h"

#define BINS_A_POWER 5
#define POWER_FIRST  2 /* 100 ns */
#define LEAST_LAST   5 /* up to 100 us at least */
#define SECOND_NS    1e9

/* The picture's own units. */
#define WIDTH  360
#define HEIGHT 210
#define LEFT   44
#define RIGHT  8
#define TOP    8
#define BOTTOM 36

static unsigned bin_of(int64_t ns)
{
    const double place = (log10(ns < 1 ? 1 : (double)ns) - POWER_FIRST) * BINS_A_POWER;
    if (place < 0)
        return 0;
    return place >= RY_PROOF_CHART_BINS ? RY_PROOF_CHART_BINS - 1 : (unsigned)place;
}

/* Gaps a second in each bin. */
static void bins_of(double bins[RY_PROOF_CHART_BINS], const json_t *core)
{
    const double ran = (double)ry_proof_ns(core, "ran_ns");
    size_t i;
    const json_t *bar;
    memset(bins, 0, sizeof(double) * RY_PROOF_CHART_BINS);
    if (ran <= 0)
        return;
    json_array_foreach(ry_proof_list(core, "bars"), i, bar)
        bins[bin_of(ry_proof_ns(bar, "from_ns"))] +=
        (double)ry_proof_whole(bar, "count") * SECOND_NS / ran;
}

void ry_proof_scale_begin(struct ry_proof_scale *scale)
{
    *scale = (struct ry_proof_scale){
        .first = POWER_FIRST, .last = LEAST_LAST, .lowest = 0, .highest = 1};
}

void ry_proof_scale_take(struct ry_proof_scale *scale, const json_t *core)
{
    double bins[RY_PROOF_CHART_BINS];
    bins_of(bins, core);
    for (unsigned i = 0; i < RY_PROOF_CHART_BINS; i++) {
        if (bins[i] <= 0)
            continue;
        const int power = (int)floor(log10(bins[i])), end = POWER_FIRST + (int)i / BINS_A_POWER + 1;
        scale->last = end > scale->last ? end : scale->last;
        scale->lowest = power < scale->lowest ? power : scale->lowest;
        scale->highest = power + 1 > scale->highest ? power + 1 : scale->highest;
    }
}

/* ---- drawing --------------------------------------------------------------------------------- */

static double x_of(const struct ry_proof_scale *scale, double power)
{
    return LEFT + (power - scale->first) * (WIDTH - LEFT - RIGHT) / (scale->last - scale->first);
}

static double y_of(const struct ry_proof_scale *scale, double power)
{
    const double share = (power - scale->lowest) / (scale->highest - scale->lowest);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
}

static double top_of(const struct ry_proof_scale *scale, double rate)
{
    return y_of(scale, rate > 0 ? log10(rate) : scale->lowest);
}

static double left_of(const struct ry_proof_scale *scale, unsigned bin)
{
    return x_of(scale, POWER_FIRST + (double)bin / BINS_A_POWER);
}

static const char *say_power(char text[RY_PROOF_NS_BYTES], int power)
{
    static const char *const words[] = {"1",    "10", "100", "1k",   "10k",
                                        "100k", "1M", "10M", "100M", "1G"};
    if (power >= 0 && power < (int)(sizeof words / sizeof *words))
        return words[power];
    if (power < 0 && power >= -9)
        snprintf(text, RY_PROOF_NS_BYTES, "0.%0*d", -power, 1);
    else
        snprintf(text, RY_PROOF_NS_BYTES, "1e%d", power);
    return text;
}

static void put_axes(FILE *out, const struct ry_proof_scale *scale)
{
    static const char *const times[] = {"1 ns",   "10 ns", "100 ns", "1 µs",   "10 µs",
                                        "100 µs", "1 ms",  "10 ms",  "100 ms", "1 s",
                                        "10 s",   "100 s", "1000 s"};
    const int room = scale->last - scale->first > 5 ? 2 : 1;
    char text[RY_PROOF_NS_BYTES];
    for (int power = scale->first; power <= scale->last; power++) {
        const double x = x_of(scale, power);
        fprintf(out, "<path class=\"grid\" d=\"M%.1f %dV%d\"/>", x, TOP, HEIGHT - BOTTOM);
        if ((power - scale->first) % room == 0)
            fprintf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>", x,
                    HEIGHT - BOTTOM + 14, power == scale->last ? "end" : "middle", times[power]);
    }
    for (int power = scale->lowest; power <= scale->highest; power++) {
        const double y = y_of(scale, power);
        fprintf(out,
                "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" "
                "text-anchor=\"end\">%s</text>",
                LEFT, y, WIDTH - RIGHT, LEFT - 4, y + 4, say_power(text, power));
    }
    fprintf(out,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">length of a gap; upwards: gaps a "
            "second</text>",
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6);
}

static void put_bars(FILE *out, const struct ry_proof_scale *scale,
                     const double bins[RY_PROOF_CHART_BINS])
{
    for (unsigned i = 0; i < RY_PROOF_CHART_BINS; i++)
        if (bins[i] > 0) {
            const double x = left_of(scale, i), y = top_of(scale, bins[i]);
            fprintf(out,
                    "<rect class=\"now\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", x,
                    y, left_of(scale, i + 1) - x - 1, HEIGHT - BOTTOM - y + 1);
        }
}

/* Along the tops, down to the axis where there is nothing. */
static void put_line(FILE *out, const struct ry_proof_scale *scale,
                     const double bins[RY_PROOF_CHART_BINS])
{
    unsigned last = 0;
    fprintf(out, "<path class=\"before\" d=\"M%.1f %d", left_of(scale, 0), HEIGHT - BOTTOM);
    for (unsigned i = 0; i < RY_PROOF_CHART_BINS; i++)
        last = bins[i] > 0 ? i + 1 : last;
    for (unsigned i = 0; i < last; i++)
        fprintf(out, "V%.1fH%.1f", bins[i] > 0 ? top_of(scale, bins[i]) : HEIGHT - BOTTOM,
                left_of(scale, i + 1));
    fprintf(out, "V%d\"/>", HEIGHT - BOTTOM);
}

void ry_proof_chart(FILE *out, const struct ry_proof_scale *scale, const json_t *core,
                    const json_t *before, const char *label)
{
    double bins[RY_PROOF_CHART_BINS];
    fprintf(out, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
            HEIGHT);
    ry_proof_put(out, label);
    fputs("\">", out);
    put_axes(out, scale);
    if (core != NULL) {
        bins_of(bins, core);
        put_bars(out, scale, bins);
    }
    if (before != NULL) {
        bins_of(bins, before);
        put_line(out, scale, bins);
    }
    fputs("</svg>\n", out);
}
