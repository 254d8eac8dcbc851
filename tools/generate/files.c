#include "tools/generate/day.h"
#include "tools/generate/generate.h"
#include "tools/generate/pcap.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MESSAGES_DEFAULT    1000000
#define INSTRUMENTS_DEFAULT 4
#define DATE_DEFAULT        "2026-01-05"
#define SESSION_DEFAULT     "ROYALE0001"
#define STREAM_BYTES        (1u << 20)
#define SECONDS_A_DAY       86400

/* A file under its temporary name, until it is whole. */
struct output {
    const char *option;
    const char *path; /* NULL: not wanted */
    char temporary[PATH_MAX];
    FILE *file;
    bool made; /* the temporary file exists */
};

struct making {
    struct ry_generate_market market;
    struct output itch;
    struct output pcap_output;
    struct ry_generate_pcap *pcap;
    struct ry_generate_report *report;
    const char *failed; /* path that could not be written */
    int failed_errno;
    bool regular;
};

struct fault {
    char *text;
    size_t bytes;
};

static int fail(struct fault fault, int result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int fail(struct fault fault, int result, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    if (fault.bytes > 0)
        vsnprintf(fault.text, fault.bytes, format, values);
    va_end(values);
    return result;
}

/* ---- options --------------------------------------------------------------------------------- */

/* Days since 1970-01-01 of a Gregorian date, counted from March so that the leap day comes last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719468;
}

static bool read_date(const char *text, int64_t *day_s)
{
    static const int month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    for (int i = 0; i < 10; i++)
        if (i != 4 && i != 7 && !isdigit((unsigned char)text[i]))
            return false;
    int year = atoi(text);
    int month = atoi(text + 5);
    int day = atoi(text + 8);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < 1970 || year > 2099 || month < 1 || month > 12 || day < 1)
        return false;
    if (day > month_days[month - 1] || (month == 2 && day == 29 && !leap))
        return false;
    *day_s = days_of(year, month, day) * SECONDS_A_DAY;
    return true;
}

static bool read_session(const char *text, char *session)
{
    size_t length = strlen(text);
    if (length < 1 || length > RY_GENERATE_SESSION_CHARS)
        return false;
    memset(session, ' ', RY_GENERATE_SESSION_CHARS);
    for (size_t i = 0; i < length; i++) {
        if (!isgraph((unsigned char)text[i]))
            return false;
        session[i] = text[i];
    }
    return true;
}

/* Leaves the minute as it is where none is given. */
static bool read_close(const char *text, uint32_t *minute)
{
    unsigned hour, minutes;
    int end = -1;
    if (text == NULL)
        return true;
    if (strlen(text) != 5 || sscanf(text, "%2u:%2u%n", &hour, &minutes, &end) != 2 || end != 5 ||
        minutes > 59)
        return false;
    *minute = 60 * hour + minutes;
    return *minute >= RY_GENERATE_CLOSE_MIN && *minute <= RY_GENERATE_CLOSE_MAX;
}

static int check_output(struct output *output, bool force, struct fault fault)
{
    struct stat status;
    if (output->path == NULL)
        return RY_GENERATE_OK;
    int length = snprintf(output->temporary, sizeof output->temporary, "%s.tmp", output->path);
    if (output->path[0] == '\0' || length < 0 || (size_t)length >= sizeof output->temporary)
        return fail(fault, RY_GENERATE_USAGE, "%s: not a file name; name the file to write",
                    output->option);
    if (lstat(output->path, &status) != 0)
        return RY_GENERATE_OK;
    if (!S_ISREG(status.st_mode))
        return fail(fault, RY_GENERATE_USAGE,
                    "%s %s: exists and is not a regular file; name another", output->option,
                    output->path);
    if (!force)
        return fail(fault, RY_GENERATE_USAGE, "%s %s: exists; name another file or add --force",
                    output->option, output->path);
    return RY_GENERATE_OK;
}

static int check_numbers(const struct ry_generate_options *options, struct fault fault)
{
    if (options->instruments < 1 || options->instruments > RY_GENERATE_INSTRUMENTS_MAX)
        return fail(fault, RY_GENERATE_USAGE, "--instruments %u: must be 1 to %d",
                    options->instruments, RY_GENERATE_INSTRUMENTS_MAX);
    uint64_t least = RY_GENERATE_MESSAGES_MIN(options->instruments);
    if (options->messages < least)
        return fail(
            fault, RY_GENERATE_USAGE,
            "--messages %llu: a day of %u instruments needs %llu or more; ask for more messages or "
            "fewer instruments",
            (unsigned long long)options->messages, options->instruments, (unsigned long long)least);
    if (options->messages > RY_GENERATE_MESSAGES_MAX)
        return fail(fault, RY_GENERATE_USAGE, "--messages %llu: must be %llu at most",
                    (unsigned long long)options->messages,
                    (unsigned long long)RY_GENERATE_MESSAGES_MAX);
    return RY_GENERATE_OK;
}

static int check_outputs(struct making *making, const struct ry_generate_options *options,
                         struct fault fault)
{
    making->itch = (struct output){.option = "--itch", .path = options->itch};
    making->pcap_output = (struct output){.option = "--pcap", .path = options->pcap};
    if (options->itch == NULL && options->pcap == NULL)
        return fail(fault, RY_GENERATE_USAGE,
                    "nothing to write: add --itch FILE, --pcap FILE or both");
    if (options->itch != NULL && options->pcap != NULL && strcmp(options->itch, options->pcap) == 0)
        return fail(fault, RY_GENERATE_USAGE, "--pcap %s: is the file of --itch; name another",
                    options->pcap);
    int result = check_output(&making->itch, options->force, fault);
    return result != RY_GENERATE_OK ? result
                                    : check_output(&making->pcap_output, options->force, fault);
}

/* ---- the files ------------------------------------------------------------------------------- */

static int open_output(struct output *output, struct fault fault)
{
    if (output->path == NULL)
        return RY_GENERATE_OK;
    output->file = fopen(output->temporary, "we");
    if (output->file == NULL)
        return fail(fault, RY_GENERATE_IO,
                    "%s %s: cannot write %s: %s; name a file in a folder that can be written",
                    output->option, output->path, output->temporary, strerror(errno));
    output->made = true;
    setvbuf(output->file, NULL, _IOFBF, STREAM_BYTES);
    return RY_GENERATE_OK;
}

static int open_outputs(struct making *making, int64_t day_s, const char *session,
                        struct fault fault)
{
    int result = open_output(&making->itch, fault);
    if (result == RY_GENERATE_OK)
        result = open_output(&making->pcap_output, fault);
    if (result != RY_GENERATE_OK || making->pcap_output.path == NULL)
        return result;
    making->pcap = ry_generate_pcap_open(making->pcap_output.file, day_s, session);
    making->pcap_output.file = NULL; /* the pcap's now */
    if (making->pcap == NULL)
        return fail(fault, RY_GENERATE_IO,
                    "--pcap %s: cannot begin the file: %s; free some space or memory",
                    making->pcap_output.path, strerror(errno));
    return RY_GENERATE_OK;
}

static bool note_failure(struct making *making, const struct output *output)
{
    making->failed = output->path;
    making->failed_errno = errno;
    return false;
}

static void count(struct making *making, const struct ry_generate_message *message)
{
    size_t type = (size_t)message->type % RY_GENERATE_TYPES;
    struct ry_generate_report *report = making->report;
    if (message->type == 'S' && message->code == 'M')
        making->regular = false;
    report->messages++;
    report->count[type]++;
    if (making->regular) {
        report->regular++;
        report->count_regular[type]++;
    }
    if (message->type == 'S' && message->code == 'Q')
        making->regular = true;
}

static bool emit(void *context, const struct ry_generate_message *message)
{
    struct making *making = context;
    uint8_t bytes[RY_GENERATE_ITCH_BYTES_MAX];
    size_t length = ry_generate_itch_encode(message, bytes);
    count(making, message);
    if (making->itch.file != NULL && !ry_generate_itch_write(making->itch.file, bytes, length))
        return note_failure(making, &making->itch);
    if (making->pcap != NULL &&
        !ry_generate_pcap_write(making->pcap, message->time_ns, bytes, length))
        return note_failure(making, &making->pcap_output);
    return true;
}

/* What is still in buffers; after it both files are whole. */
static bool finish(struct making *making)
{
    if (making->itch.file != NULL) {
        bool ok = ry_generate_itch_end(making->itch.file) && fflush(making->itch.file) == 0;
        if (!ok)
            return note_failure(making, &making->itch);
    }
    if (making->pcap != NULL) {
        if (!ry_generate_pcap_end(making->pcap))
            return note_failure(making, &making->pcap_output);
        making->report->packets = ry_generate_pcap_packets(making->pcap);
    }
    return true;
}

static int publish(struct output *output, struct fault fault)
{
    if (!output->made)
        return RY_GENERATE_OK;
    if (rename(output->temporary, output->path) != 0)
        return fail(fault, RY_GENERATE_IO, "%s %s: cannot be put in place: %s; name another file",
                    output->option, output->path, strerror(errno));
    output->made = false;
    return RY_GENERATE_OK;
}

static void close_outputs(struct making *making)
{
    ry_generate_pcap_close(making->pcap);
    making->pcap = NULL;
    struct output *outputs[] = {&making->itch, &making->pcap_output};
    for (int i = 0; i < 2; i++) {
        if (outputs[i]->file != NULL)
            fclose(outputs[i]->file);
        outputs[i]->file = NULL;
    }
}

static void remove_outputs(struct making *making)
{
    if (making->itch.made)
        unlink(making->itch.temporary);
    if (making->pcap_output.made)
        unlink(making->pcap_output.temporary);
}

/* ---- the report ------------------------------------------------------------------------------ */

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static void report_instrument(struct ry_generate_instrument_report *out,
                              const struct ry_generate_instrument *in)
{
    memcpy(out->symbol, in->symbol, RY_GENERATE_SYMBOL_CHARS);
    for (int i = RY_GENERATE_SYMBOL_CHARS - 1; i >= 0 && out->symbol[i] == ' '; i--)
        out->symbol[i] = '\0';
    out->trades = in->trades;
    out->volume = in->volume;
    out->turnover = in->turnover;
    out->cross_volume = in->cross_volume;
    out->orders_live = in->book.orders;
    const struct ry_generate_book_side *buy = &in->book.side[RY_GENERATE_BUY];
    const struct ry_generate_book_side *sell = &in->book.side[RY_GENERATE_SELL];
    if (buy->orders > 0) {
        out->bid = buy->best * RY_GENERATE_TICK_UNITS;
        out->bid_shares = ry_generate_book_shares(&in->book, RY_GENERATE_BUY, buy->best);
    }
    if (sell->orders > 0) {
        out->ask = sell->best * RY_GENERATE_TICK_UNITS;
        out->ask_shares = ry_generate_book_shares(&in->book, RY_GENERATE_SELL, sell->best);
    }
}

static void report_market(struct ry_generate_report *report,
                          const struct ry_generate_market *market)
{
    for (uint32_t i = 0; i < market->instruments; i++)
        report_instrument(&report->instrument[i], &market->instrument[i]);
    report->orders_live_peak = market->orders_live_peak;
}

void ry_generate_report_free(struct ry_generate_report *report)
{
    free(report->instrument);
    *report = (struct ry_generate_report){0};
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int make_day(struct making *making, const struct ry_generate_options *options,
                    struct fault fault)
{
    struct ry_generate_day day = {
        .messages = options->messages,
        .close_minute = RY_GENERATE_CLOSE_MAX,
        .auction = !options->no_auction,
        .halt = !options->no_halt,
    };
    if (!read_close(options->close, &day.close_minute))
        return fail(fault, RY_GENERATE_USAGE,
                    "--close %s: not a minute that the session can end at; write HH:MM, 09:40 to "
                    "16:00",
                    options->close);
    making->report->instrument = calloc(options->instruments, sizeof *making->report->instrument);
    making->report->instruments = options->instruments;
    bool started = ry_generate_market_start(&making->market, options->instruments,
                                            options->messages, options->seed, emit, making);
    if (!started || making->report->instrument == NULL)
        return fail(fault, RY_GENERATE_IO,
                    "--instruments %u: not enough memory; ask for fewer instruments or messages",
                    options->instruments);
    ry_generate_day_run(&day, &making->market);
    if (making->failed != NULL || !finish(making))
        return fail(fault, RY_GENERATE_IO,
                    "%s: cannot be written: %s; free some space or name another file",
                    making->failed, strerror(making->failed_errno));
    making->report->halted = day.halted;
    report_market(making->report, &making->market);
    return RY_GENERATE_OK;
}

static int make_files(struct making *making, const struct ry_generate_options *options,
                      int64_t day_s, const char *session, struct fault fault)
{
    int result = check_outputs(making, options, fault);
    if (result == RY_GENERATE_OK)
        result = open_outputs(making, day_s, session, fault);
    if (result == RY_GENERATE_OK)
        result = make_day(making, options, fault);
    close_outputs(making);
    ry_generate_market_free(&making->market);
    if (result == RY_GENERATE_OK)
        result = publish(&making->itch, fault);
    if (result == RY_GENERATE_OK)
        result = publish(&making->pcap_output, fault);
    remove_outputs(making);
    return result;
}

int ry_generate_files(const struct ry_generate_options *given, struct ry_generate_report *report,
                      char *error, size_t error_bytes)
{
    struct fault fault = {error, error_bytes};
    struct ry_generate_report own = {0};
    struct ry_generate_options options = *given;
    struct making making = {.report = report != NULL ? report : &own};
    char session[RY_GENERATE_SESSION_CHARS];
    int64_t day_s;
    uint64_t start_ns = now_ns();

    *making.report = (struct ry_generate_report){0};
    if (options.messages == 0)
        options.messages = MESSAGES_DEFAULT;
    if (options.instruments == 0)
        options.instruments = INSTRUMENTS_DEFAULT;
    if (options.date == NULL)
        options.date = DATE_DEFAULT;
    if (options.session == NULL)
        options.session = SESSION_DEFAULT;
    if (!read_date(options.date, &day_s))
        return fail(fault, RY_GENERATE_USAGE,
                    "--date %s: not a day; write YYYY-MM-DD, 1970 to 2099", options.date);
    if (!read_session(options.session, session))
        return fail(fault, RY_GENERATE_USAGE, "--session %s: must be 1 to %d printable characters",
                    options.session, RY_GENERATE_SESSION_CHARS);
    int result = check_numbers(&options, fault);
    if (result == RY_GENERATE_OK)
        result = make_files(&making, &options, day_s, session, fault);
    making.report->wall_ns = now_ns() - start_ns;
    if (result != RY_GENERATE_OK || report == NULL)
        ry_generate_report_free(making.report);
    return result;
}
