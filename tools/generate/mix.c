#include "tools/generate/generate.h"

#include <inttypes.h>

#define INSTRUMENTS_SHOWN 20
#define UNKNOWN           UINT32_MAX

/*
 * The published mix of a full day, 30 January 2020 (423,285,709 messages of all NASDAQ stocks), in
 * hundredths of a percent.
 */
static const struct {
    char type;
    uint32_t published;
    const char *name;
} types[] = {
    {'A', 4364, "add"},
    {'F', 45, "add, attributed"},
    {'D', 4260, "delete"},
    {'U', 869, "replace"},
    {'E', 198, "executed"},
    {'C', UNKNOWN, "executed at a price"},
    {'X', 118, "cancel in part"},
    {'P', 43, "hidden trade"},
    {'Q', UNKNOWN, "cross"},
    {'H', UNKNOWN, "trading state"},
    {'R', UNKNOWN, "directory"},
    {'Y', UNKNOWN, "short sale rule"},
    {'S', UNKNOWN, "system event"},
};
#define TYPES (sizeof types / sizeof types[0])

static void print_hundredths(FILE *out, int width, uint64_t hundredths)
{
    fprintf(out, "%*" PRIu64 ".%02" PRIu64, width - 3, hundredths / 100, hundredths % 100);
}

static void print_mix(const struct ry_generate_report *report, FILE *out)
{
    fprintf(out, "%-22s %14s %14s %9s %9s\n", "message", "day", "regular", "regular", "published");
    for (size_t i = 0; i < TYPES; i++) {
        size_t type = (size_t)types[i].type;
        uint64_t regular = report->count_regular[type];
        fprintf(out, "%c %-20s %14" PRIu64 " %14" PRIu64 " ", types[i].type, types[i].name,
                report->count[type], regular);
        uint64_t all = report->regular > 0 ? report->regular : 1;
        print_hundredths(out, 7, (regular * 10000 + all / 2) / all);
        fprintf(out, " %% ");
        if (types[i].published == UNKNOWN) {
            fprintf(out, "%9s\n", "-");
        } else {
            print_hundredths(out, 7, types[i].published);
            fprintf(out, " %%\n");
        }
    }
    fprintf(out, "%-22s %14" PRIu64 " %14" PRIu64 "\n", "all", report->messages, report->regular);
}

static void print_instruments(const struct ry_generate_report *report, FILE *out)
{
    uint32_t shown =
        report->instruments < INSTRUMENTS_SHOWN ? report->instruments : INSTRUMENTS_SHOWN;
    fprintf(out, "%-8s %9s %12s %9s %12s %7s   %s\n", "symbol", "trades", "volume", "vwap",
            "in crosses", "live", "bid x shares - ask x shares, at the end");
    for (uint32_t i = 0; i < shown; i++) {
        const struct ry_generate_instrument_report *in = &report->instrument[i];
        fprintf(out,
                "%-8s %9" PRIu64 " %12" PRIu64 " %9" PRIu64 " %12" PRIu64 " %7" PRIu32 "   %" PRIu32
                " x %" PRIu64 " - %" PRIu32 " x %" PRIu64 "\n",
                in->symbol, in->trades, in->volume, in->volume > 0 ? in->turnover / in->volume : 0,
                in->cross_volume, in->orders_live, in->bid, in->bid_shares, in->ask,
                in->ask_shares);
    }
    if (shown < report->instruments)
        fprintf(out, "and %" PRIu32 " more\n", report->instruments - shown);
    fprintf(out, "prices in 1/10000 of the currency; volume without crosses\n");
}

void ry_generate_report_print(const struct ry_generate_report *report, FILE *out)
{
    uint64_t live = 0;
    for (uint32_t i = 0; i < report->instruments; i++)
        live += report->instrument[i].orders_live;
    print_mix(report, out);
    fprintf(out, "\n");
    print_instruments(report, out);
    fprintf(out, "\nlive orders: %" PRIu64 " at the end, %" PRIu64 " at most\n", live,
            report->orders_live_peak);
    if (report->halted > 0)
        fprintf(out, "halted for five minutes: %s\n",
                report->instrument[report->halted - 1].symbol);
    if (report->packets > 0)
        fprintf(out, "packets: %" PRIu64 "\n", report->packets);
    uint64_t ms = report->wall_ns / 1000000;
    fprintf(out, "seconds: %" PRIu64 ".%03" PRIu64 "\n", ms / 1000, ms % 1000);
}
