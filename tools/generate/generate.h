/*
 * `royale generate`: a made day of a NASDAQ-like market, order by order, from a seed.
 *
 * A small exchange (generate_book, generate_market) runs a day (generate_day) of background traders
 * and encodes what it does as ITCH 5.0 (generate_itch): into a BinaryFILE, into a pcap of MoldUDP64
 * (generate_pcap), or into both with the same messages. Only integers decide: the same options give
 * the same bytes on every machine and from every compiler.
 *
 * The day, times in New York (the clock of ITCH):
 *   03:00        S 'O', then R, Y and H 'T' of each instrument
 *   04:00        S 'S'; thin trading, matched continuously as NASDAQ does from 04:00
 *   09:30        S 'Q'; the opening cross of each instrument; regular trading
 *   11:00-14:00  one instrument is halted for five minutes
 *   16:00        S 'M'; thin quoting, no executions of displayed orders
 *   20:00        S 'E'; S 'C' at 20:05 is the last message
 * With an early close (`--close`) 16:00 is that minute: the same number of messages in less time,
 * so 5,000,000 of them until 10:54 are one each millisecond. Before 14:00 there is no halt then.
 *
 * The book that the messages build is never crossed and never locked, but for the halted instrument
 * between H 'H' and H 'T', whose orders rest without matching.
 *   Opening cross: on-open interest is not displayed before the cross (as at NASDAQ), so the book
 *     stays uncrossed in pre-market. In the cross its imbalance takes displayed orders of one side,
 *     in price-time priority: a C with printable 'N' at the cross's price for each, then one Q with
 *     that price and all shares of the cross, undisplayed ones included.
 *   Halt cross: while halted, orders come that cross. Before H 'T' all that can match does, both
 *     sides in price-time priority, at one price that is fair to who is left (best buy <= price <=
 *     best sell): C 'N' for each buy, then for each sell, then Q. Q's shares are what one side
 *     sold.
 * E and C 'Y' always meet the front order of the best level. A sweep's messages share one time
 * stamp. P is a trade with hidden liquidity strictly inside the spread of that moment: at a half
 * tick or tick between the bests, or at a level that a sweep has just emptied (an order's hidden
 * reserve; its new display follows as an A at the same time). References count up from 1 over the
 * day, as do match numbers; each is used once. Symbols are RYA, RYB .. RYZ, RYAA ..; stock locates
 * 1..instruments; tick 0.01 (100 units).
 */
#ifndef RY_TOOLS_GENERATE_GENERATE_H
#define RY_TOOLS_GENERATE_GENERATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tools/text/exit.h"

#define RY_GENERATE_INSTRUMENTS_MAX 9000
#define RY_GENERATE_MESSAGES_MAX    UINT64_C(1000000000)
#define RY_GENERATE_SESSION_CHARS   10
#define RY_GENERATE_SYMBOL_CHARS    8
#define RY_GENERATE_TYPES           128 /* message types are ASCII */

/* The least a day can have: its frame, and room for what happens in it. */
#define RY_GENERATE_MESSAGES_MIN(instruments) (UINT64_C(1000) + UINT64_C(100) * (instruments))

/* Exit codes of the command and results of ry_generate_files. */
enum ry_generate_result {
    RY_GENERATE_OK = RY_EXIT_OK,
    RY_GENERATE_IO = RY_EXIT_FAILED,
    RY_GENERATE_USAGE = RY_EXIT_USAGE,
};

struct ry_generate_options {
    uint64_t messages; /* in the files, exactly; 0: the default */
    uint64_t seed;
    uint32_t instruments; /* 0: the default */
    const char *date;     /* YYYY-MM-DD: the pcap's time stamps; NULL: the default */
    const char *close;    /* HH:MM, when the regular session ends; NULL: 16:00 */
    const char *session;  /* of MoldUDP64, 1..10 printable characters; NULL: the default */
    const char *itch;     /* path or NULL; one of both at least */
    const char *pcap;
    bool no_auction; /* no opening cross */
    bool no_halt;
    bool force; /* overwrite regular files */
};

struct ry_generate_instrument_report {
    char symbol[RY_GENERATE_SYMBOL_CHARS + 1];
    uint64_t trades;   /* E, C 'Y' and P */
    uint64_t volume;   /* their shares */
    uint64_t turnover; /* their shares x price, in 1e-4 of the currency; VWAP = turnover / volume */
    uint64_t cross_volume; /* shares of Q */
    uint32_t orders_live;  /* at the end of the day, like the rest */
    uint32_t bid;          /* price, 1e-4 of the currency; 0: none */
    uint32_t ask;
    uint64_t bid_shares; /* all that is displayed at the price */
    uint64_t ask_shares;
};

struct ry_generate_report {
    uint64_t messages;
    uint64_t count[RY_GENERATE_TYPES];         /* of each type */
    uint64_t count_regular[RY_GENERATE_TYPES]; /* between S 'Q' and S 'M' */
    uint64_t regular;
    uint64_t orders_live_peak;
    uint64_t packets; /* in the pcap, with heartbeats and ends of session */
    uint64_t wall_ns; /* how long it took */
    uint32_t halted;  /* stock locate of the halted instrument; 0: none */
    uint32_t instruments;
    struct ry_generate_instrument_report *instrument;
};

/* The subcommand; argv[0] is "generate". Returns the exit code (enum ry_generate_result). */
int ry_generate_main(int argc, char **argv);

/*
 * Makes the files. Returns enum ry_generate_result; unless it is RY_GENERATE_OK, `error` has a line
 * that names the option and a remedy, and no file of this call is left. A file is written as
 * NAME.tmp and renamed when it is whole. `report` can be NULL; what it holds is given back by
 * ry_generate_report_free, which is harmless after a failure too.
 */
int ry_generate_files(const struct ry_generate_options *options, struct ry_generate_report *report,
                      char *error, size_t error_bytes);
void ry_generate_report_free(struct ry_generate_report *report);

/* The table at the end: the mix beside the published one, then the instruments. */
void ry_generate_report_print(const struct ry_generate_report *report, FILE *out);

#endif
