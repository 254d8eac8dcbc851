#include "tools/generate/generate.h"

#include "tools/text/exit.h"
#include "tools/text/options.h"

#define ERROR_BYTES 5000 /* two paths and words */

struct words {
    struct ry_generate_options options;
    uint64_t instruments;
};

static const struct ry_text_option option_table[] = {
    {.name = "itch",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct words, options.itch),
     .help = "ITCH 5.0 as NASDAQ's BinaryFILE"},
    {.name = "pcap",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct words, options.pcap),
     .help = "the same messages in MoldUDP64 packets"},
    {.name = "messages",
     .argument = "N",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct words, options.messages),
     .min = 1,
     .max = RY_GENERATE_MESSAGES_MAX,
     .help = "exactly so many messages (1000000)"},
    {.name = "instruments",
     .argument = "N",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct words, instruments),
     .min = 1,
     .max = RY_GENERATE_INSTRUMENTS_MAX,
     .help = "1 to 9000: RYA, RYB .. (4)"},
    {.name = "seed",
     .argument = "N",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct words, options.seed),
     .max = UINT64_MAX,
     .help = "another seed, another day (1)"},
    {.name = "date",
     .argument = "YYYY-MM-DD",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct words, options.date),
     .help = "for the time stamps of the pcap (2026-01-05)"},
    {.name = "close",
     .argument = "HH:MM",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct words, options.close),
     .help = "an early close, 09:40 to 16:00: as many messages in less time (16:00)"},
    {.name = "session",
     .argument = "NAME",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct words, options.session),
     .help = "session of MoldUDP64, 1 to 10 characters (ROYALE0001)"},
    {.name = "no-auction",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct words, options.no_auction),
     .help = "no opening cross"},
    {.name = "no-halt",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct words, options.no_halt),
     .help = "no trading halt"},
    {.name = "force",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct words, options.force),
     .help = "overwrite files"},
};

static const struct ry_text_command command = {
    .name = "royale generate",
    .synopsis = "[OPTIONS] --itch FILE | --pcap FILE",
    .about =
        "Makes a day of market data, order by order, from a seed. The same options make the same bytes.\n",
    .ends = "Exit codes: 0 ok, 1 a file could not be written, 2 wrong arguments.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

int ry_generate_main(int argc, char **argv)
{
    struct words words = {.options = {.seed = 1}};
    struct ry_generate_report report;
    char error[ERROR_BYTES];
    int code = ry_text_options(&command, argc, argv, &words, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    words.options.instruments = (uint32_t)words.instruments;
    int result = ry_generate_files(&words.options, &report, error, sizeof error);
    if (result != RY_GENERATE_OK)
        return ry_text_fail(result, "generate: %s", error);
    ry_generate_report_print(&report, stdout);
    ry_generate_report_free(&report);
    return RY_EXIT_OK;
}
