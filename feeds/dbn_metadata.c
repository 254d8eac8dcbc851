#include "feeds/dbn_metadata.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/battle/nearest.h"
#include "feeds/recognise.h"
#include "feeds/wire/bytes.h"
#include "feeds/wire/dbn_publishers.h"

#define DAY_BYTES    16  /* "2024-03-15" */
#define LISTED_BYTES 128 /* of the symbols that a file has */

static int refuse(const struct ry_feed_dbn_check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static int refuse(const struct ry_feed_dbn_check *check, const char *format, ...)
{
    va_list arguments;
    const int n = snprintf(check->error, RY_FEED_HANDLER_ERROR_BYTES, "%s: ", check->path);
    va_start(arguments, format);
    vsnprintf(check->error + n, RY_FEED_HANDLER_ERROR_BYTES - (size_t)n, format, arguments);
    va_end(arguments);
    return -1;
}

static void say(const struct ry_feed_dbn_check *check, enum ry_log_level level, const char *format,
                ...) __attribute__((format(printf, 3, 4)));
static void say(const struct ry_feed_dbn_check *check, enum ry_log_level level, const char *format,
                ...)
{
    char text[RY_FEED_HANDLER_ERROR_BYTES];
    va_list arguments;
    const int n = snprintf(text, sizeof text, "%s: ", check->path);
    va_start(arguments, format);
    vsnprintf(text + n, sizeof text - (size_t)n, format, arguments);
    va_end(arguments);
    if (check->log != NULL && check->log->line != NULL)
        check->log->line(check->log->context, level, text);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* QUIET: `want` bytes are there. */
static enum ry_feed_handler_result look(const struct ry_feed_dbn_check *check,
                                        struct ry_port_file *file, size_t want, const char *what,
                                        const uint8_t **bytes)
{
    size_t have;
    bool whole;
    if (ry_port_file_look(file, want, bytes, &have, &whole) != 0) {
        snprintf(check->error, RY_FEED_HANDLER_ERROR_BYTES, "%s", ry_port_file_error(file));
        return RY_FEED_HANDLER_FAILED;
    }
    if (have >= want)
        return RY_FEED_HANDLER_QUIET;
    if (!whole)
        return RY_FEED_HANDLER_IDLE;
    if (have == 0)
        refuse(check, "is an archive of nothing");
    else
        refuse(check, "the file ends within %s at byte 0", what);
    return RY_FEED_HANDLER_FAILED;
}

/* What it is instead, if that is known. */
static void refuse_other(const struct ry_feed_dbn_check *check, struct ry_port_file *file)
{
    const uint8_t *bytes;
    size_t have;
    bool whole;
    char text[RY_FEED_RECOGNISE_BYTES];
    (void)ry_port_file_look(file, RY_WIRE_SNIFF_BYTES, &bytes, &have, &whole);
    const char *other = ry_feed_recognise(&check->battle->feed[check->feed], bytes, have, text);
    refuse(check, "%s", other != NULL ? other : ry_wire_dbn_strerror(RY_WIRE_DBN_NOT_DBN));
}

enum ry_feed_handler_result ry_feed_dbn_metadata_read(const struct ry_feed_dbn_check *check,
                                                      struct ry_port_file *file,
                                                      struct ry_wire_dbn_metadata *metadata,
                                                      size_t *length)
{
    struct ry_wire_dbn_prelude prelude;
    const uint8_t *bytes;
    enum ry_feed_handler_result looked =
        look(check, file, RY_WIRE_DBN_PRELUDE_BYTES, "its first bytes", &bytes);
    if (looked != RY_FEED_HANDLER_QUIET)
        return looked;
    enum ry_wire_dbn_result result =
        ry_wire_dbn_prelude(bytes, RY_WIRE_DBN_PRELUDE_BYTES, &prelude);
    if (result == RY_WIRE_DBN_NOT_DBN)
        refuse_other(check, file);
    else if (result != RY_WIRE_DBN_OK)
        refuse(check, "%s", ry_wire_dbn_strerror(result));
    if (result != RY_WIRE_DBN_OK)
        return RY_FEED_HANDLER_FAILED;
    *length = RY_WIRE_DBN_PRELUDE_BYTES + prelude.metadata_bytes;
    looked = look(check, file, *length, "its metadata", &bytes);
    if (looked != RY_FEED_HANDLER_QUIET)
        return looked;
    result = ry_wire_dbn_metadata(prelude.version, bytes + RY_WIRE_DBN_PRELUDE_BYTES,
                                  prelude.metadata_bytes, metadata);
    if (result == RY_WIRE_DBN_OK)
        return RY_FEED_HANDLER_QUIET;
    refuse(check, "metadata: %s", ry_wire_dbn_strerror(result));
    return RY_FEED_HANDLER_FAILED;
}

/* ---- judging --------------------------------------------------------------------------------- */

/* The UTC day of a moment. */
static const char *day_of(int64_t ns, char text[DAY_BYTES])
{
    const time_t seconds = (time_t)(ns / RY_NS_PER_SECOND);
    struct tm day;
    if (gmtime_r(&seconds, &day) == NULL || strftime(text, DAY_BYTES, "%Y-%m-%d", &day) == 0)
        snprintf(text, DAY_BYTES, "?");
    return text;
}

/* Some symbols that the file has, for who looks for one that it has not, and the nearest of all. */
static const char *symbols_of(const struct ry_wire_dbn_metadata *metadata, const char *wanted,
                              struct ry_battle_nearest *nearest, char text[LISTED_BYTES])
{
    struct ry_wire_dbn_mappings mappings = metadata->mappings;
    struct ry_wire_dbn_mapping mapping;
    const char *last = NULL;
    size_t n = 0;
    bool full = false;
    text[0] = '\0';
    ry_battle_nearest_begin(nearest, wanted);
    while (ry_wire_dbn_mapping_next(&mappings, &mapping) > 0) {
        const bool in = metadata->stype_out == RY_WIRE_DBN_STYPE_INSTRUMENT_ID;
        const char *symbol = in ? mapping.in : mapping.out;
        const size_t length = in ? mapping.in_length : mapping.out_length;
        if (symbol == last)
            continue;
        last = symbol;
        char printable[RY_SYMBOL_BYTES];
        if (length >= sizeof printable)
            continue;
        (void)ry_wire_printable(printable, symbol, length);
        (void)ry_battle_nearest_offer(nearest, printable);
        if (full)
            continue;
        full = n + length + sizeof ", .." > LISTED_BYTES;
        n += (size_t)snprintf(text + n, LISTED_BYTES - n, "%s%s",
                              full     ? " .."
                              : n == 0 ? ""
                                       : ", ",
                              full ? "" : printable);
    }
    return n == 0 ? "none" : text;
}

/* Why a symbol has no instrument id. */
static void explain_unbound(const struct ry_feed_dbn_check *check,
                            const struct ry_normalise_dbn_symbols *symbols, unsigned id,
                            const struct ry_wire_dbn_metadata *metadata, char *text, size_t bytes)
{
    const struct ry_normalise_dbn_symbol *symbol = &symbols->symbol[id];
    const char *name = check->battle->instrument[id].symbol;
    char first[DAY_BYTES], last[DAY_BYTES], day[DAY_BYTES], listed[LISTED_BYTES];
    if (symbol->other_day)
        snprintf(
            text, bytes,
            "%s has an instrument id from %s to %s (days UTC), and none in the battle's hours, "
            "which begin on %s: look at market.date",
            name, day_of(symbol->other_from, first), day_of(symbol->other_to - 1, last),
            day_of(check->battle->warmup_from, day));
    else {
        struct ry_battle_nearest nearest;
        const char *has = symbols_of(metadata, name, &nearest, listed);
        snprintf(text, bytes, "%s is not among the symbols of the file%s; it has: %s", name,
                 nearest.said, has);
    }
}

void ry_feed_dbn_explain_roll(const struct ry_feed_dbn_check *check,
                              const struct ry_normalise_dbn_symbols *symbols)
{
    char day[DAY_BYTES];
    refuse(
        check,
        "%s is instrument %u before %s and %u from then on (days UTC), within the battle's hours: "
        "let market.trade_to end the battle before, or begin after it",
        check->battle->instrument[symbols->rolls.id].symbol, symbols->rolls.before,
        day_of(symbols->rolls.at, day), symbols->rolls.after);
}

static int judge_symbols(const struct ry_feed_dbn_check *check,
                         const struct ry_normalise_dbn_symbols *symbols,
                         const struct ry_wire_dbn_metadata *metadata)
{
    char text[RY_FEED_HANDLER_ERROR_BYTES / 2];
    /* A live recording says in its records which symbols it has. */
    const bool live = metadata->schema == RY_WIRE_DBN_SCHEMA_MIXED;
    for (unsigned id = 0; id < check->battle->instruments; id++) {
        const bool own = check->battle->instrument[id].feed == check->feed;
        if (!own || symbols->symbol[id].bound || (live && !symbols->symbol[id].other_day))
            continue;
        explain_unbound(check, symbols, id, metadata, text, sizeof text);
        if (symbols->bound_count == 0 && !live && !check->battle->allow_empty)
            return refuse(check, "none of the battle's symbols is in the file: %s", text);
        say(check, RY_LOG_WARN, "%s", text);
    }
    if (symbols->ambiguous > 0)
        say(check, RY_LOG_WARN,
            "%llu more instrument ids claim a symbol that has one, they are dropped",
            (unsigned long long)symbols->ambiguous);
    return 0;
}

int ry_feed_dbn_metadata_judge(const struct ry_feed_dbn_check *check,
                               const struct ry_normalise_dbn_symbols *symbols,
                               const struct ry_wire_dbn_metadata *metadata)
{
    char dataset[sizeof metadata->dataset];
    say(check, RY_LOG_INFO, "DBN version %u, dataset %s, schema %s", metadata->version,
        ry_wire_printable(dataset, metadata->dataset,
                          strnlen(metadata->dataset, sizeof dataset - 1)),
        ry_wire_dbn_schema_name(metadata->schema));
    if (metadata->schema != RY_WIRE_DBN_SCHEMA_MBO && metadata->schema != RY_WIRE_DBN_SCHEMA_MIXED)
        return refuse(check, "schema %s (%u) does not hold every order: royale needs schema mbo",
                      ry_wire_dbn_schema_name(metadata->schema), metadata->schema);
    if (symbols->rolls.found) {
        ry_feed_dbn_explain_roll(check, symbols);
        return -1;
    }
    return judge_symbols(check, symbols, metadata);
}

int ry_feed_dbn_publisher(const struct ry_feed_dbn_check *check, uint16_t *publisher)
{
    const struct ry_battle_feed *feed = &check->battle->feed[check->feed];
    *publisher = 0;
    if (feed->publisher[0] == '\0' || ry_wire_dbn_publisher_find(feed->publisher, publisher))
        return 0;
    snprintf(check->error, RY_FEED_HANDLER_ERROR_BYTES,
             "feeds[%u].publisher: \"%s\" is no publisher of DBN records; allowed: a name such as "
             "XNAS.ITCH.XNAS or GLBX.MDP3, or a publisher's number",
             check->feed, feed->publisher);
    return -1;
}

/* ---- before the battle ----------------------------------------------------------------------- */

static int check_file(const struct ry_feed_dbn_check *check, struct ry_port_file *file,
                      const struct ry_normalise_instruments *instruments)
{
    struct ry_wire_dbn_metadata metadata;
    struct ry_normalise_dbn_symbols symbols;
    size_t bytes;
    if (ry_feed_dbn_metadata_read(check, file, &metadata, &bytes) == RY_FEED_HANDLER_FAILED)
        return -1;
    if (ry_normalise_dbn_symbols_init(&symbols, instruments) != 0)
        return refuse(check, "no memory");
    const int result =
        ry_normalise_dbn_symbols_metadata(&symbols, &metadata)
            ? ry_feed_dbn_metadata_judge(check, &symbols, &metadata)
            : refuse(check, "metadata: %s", ry_wire_dbn_strerror(RY_WIRE_DBN_BAD_LENGTH));
    ry_normalise_dbn_symbols_free(&symbols);
    return result;
}

int ry_feed_dbn_check(const struct ry_feed_dbn_check *check)
{
    uint16_t publisher;
    char error[RY_PORT_ERROR_BYTES];
    struct ry_normalise_instruments instruments;
    if (ry_feed_dbn_publisher(check, &publisher) != 0)
        return -1;
    struct ry_port_file *file = ry_port_file_open(check->path, error);
    if (file == NULL) {
        snprintf(check->error, RY_FEED_HANDLER_ERROR_BYTES, "%s", error);
        return -1;
    }
    int result = -1;
    if (ry_normalise_instruments_init(&instruments, check->battle, check->feed,
                                      RY_WIRE_DBN_DECIMALS) == 0) {
        result = check_file(check, file, &instruments);
        ry_normalise_instruments_free(&instruments);
    } else {
        refuse(check, "no memory");
    }
    ry_port_file_close(file);
    return result;
}
