#include "tools/generate/generate.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#define ERROR_BYTES 5000 /* two paths and words */

static const char help[] =
    "usage: royale generate [options] --itch FILE | --pcap FILE\n"
    "\n"
    "Makes a day of market data, order by order, from a seed. The same options make the same "
    "bytes.\n"
    "\n"
    "  --itch FILE        ITCH 5.0 as NASDAQ's BinaryFILE\n"
    "  --pcap FILE        the same messages in MoldUDP64 packets\n"
    "  --messages N       exactly so many messages (1000000)\n"
    "  --instruments N    1 to 9000: RYA, RYB .. (4)\n"
    "  --seed N           another seed, another day (1)\n"
    "  --date YYYY-MM-DD  for the time stamps of the pcap (2026-01-05)\n"
    "  --session NAME     session of MoldUDP64, 1 to 10 characters (ROYALE0001)\n"
    "  --no-auction       no opening cross\n"
    "  --no-halt          no trading halt\n"
    "  --force            overwrite files\n"
    "  --help             this\n";

enum option_code {
    OPTION_MESSAGES = 256,
    OPTION_INSTRUMENTS,
    OPTION_SEED,
    OPTION_DATE,
    OPTION_ITCH,
    OPTION_PCAP,
    OPTION_SESSION,
    OPTION_NO_AUCTION,
    OPTION_NO_HALT,
    OPTION_FORCE,
    OPTION_HELP,
};

static const struct option long_options[] = {
    {"messages", required_argument, NULL, OPTION_MESSAGES},
    {"instruments", required_argument, NULL, OPTION_INSTRUMENTS},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"date", required_argument, NULL, OPTION_DATE},
    {"itch", required_argument, NULL, OPTION_ITCH},
    {"pcap", required_argument, NULL, OPTION_PCAP},
    {"session", required_argument, NULL, OPTION_SESSION},
    {"no-auction", no_argument, NULL, OPTION_NO_AUCTION},
    {"no-halt", no_argument, NULL, OPTION_NO_HALT},
    {"force", no_argument, NULL, OPTION_FORCE},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static bool read_number(const char *name, const char *text, uint64_t low, uint64_t high,
                        uint64_t *value)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    bool digits = text[0] >= '0' && text[0] <= '9' && *end == '\0';
    if (!digits || errno != 0 || number < low || number > high) {
        fprintf(stderr, "royale generate: --%s %s: must be a whole number, %llu to %llu\n", name,
                text, (unsigned long long)low, (unsigned long long)high);
        return false;
    }
    *value = number;
    return true;
}

/* False: the option is wrong, and has been named. */
static bool read_option(struct ry_generate_options *options, int code, const char *text)
{
    uint64_t number = 0;
    switch (code) {
    case OPTION_MESSAGES:
        return read_number("messages", text, 1, RY_GENERATE_MESSAGES_MAX, &options->messages);
    case OPTION_INSTRUMENTS:
        if (!read_number("instruments", text, 1, RY_GENERATE_INSTRUMENTS_MAX, &number))
            return false;
        options->instruments = (uint32_t)number;
        return true;
    case OPTION_SEED: return read_number("seed", text, 0, UINT64_MAX, &options->seed);
    case OPTION_DATE: options->date = text; return true;
    case OPTION_ITCH: options->itch = text; return true;
    case OPTION_PCAP: options->pcap = text; return true;
    case OPTION_SESSION: options->session = text; return true;
    case OPTION_NO_AUCTION: options->no_auction = true; return true;
    case OPTION_NO_HALT: options->no_halt = true; return true;
    case OPTION_FORCE: options->force = true; return true;
    default:
        /* getopt has named it. */
        fprintf(stderr, "royale generate: see royale generate --help\n");
        return false;
    }
}

int ry_generate_main(int argc, char **argv)
{
    struct ry_generate_options options = {.seed = 1};
    struct ry_generate_report report;
    char error[ERROR_BYTES];

    optind = 0; /* start afresh: another subcommand, or a test, may have read options before */
    for (int code; (code = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
        if (code == OPTION_HELP) {
            fputs(help, stdout);
            return RY_GENERATE_OK;
        }
        if (!read_option(&options, code, optarg))
            return RY_GENERATE_USAGE;
    }
    if (optind < argc) {
        fprintf(stderr,
                "royale generate: %s: not an option; files are named by --itch and --pcap\n",
                argv[optind]);
        return RY_GENERATE_USAGE;
    }
    int result = ry_generate_files(&options, &report, error, sizeof error);
    if (result != RY_GENERATE_OK) {
        fprintf(stderr, "royale generate: %s\n", error);
        return result;
    }
    ry_generate_report_print(&report, stdout);
    ry_generate_report_free(&report);
    return RY_GENERATE_OK;
}
