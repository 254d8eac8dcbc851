#include "tools/kafka/league_text.h"

#include <inttypes.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/text/json.h"
#include "tools/text/money.h"
#include "tools/text/row_codes.h"
#include "tools/text/time.h"

#define CELL_BYTES  80
#define NS_A_MS     INT64_C(1000000)
#define SHARE_SCALE 3
#define OUT_UNKNOWN "other"
#define SECONDS     19 /* "2026-01-05T14:30:02" */

_Static_assert(CELL_BYTES >= RY_KAFKA_LEAGUE_NAME_BYTES && CELL_BYTES >= RY_TEXT_MONEY_BYTES &&
                   CELL_BYTES >= RY_TEXT_TIME_BYTES,
               "what a cell holds");

static const char *out_word(unsigned out)
{
    return out == RY_KAFKA_LEAGUE_OUT_UNKNOWN ? OUT_UNKNOWN
                                              : ry_text_row_word(RY_RESULTS_TYPE_OUT, out);
}

/* A message's own time is its writer's to choose. */
static int64_t seen_ns(const struct ry_kafka_league_line *line)
{
    return line->seen_ms >= 0 && line->seen_ms < RY_TIME_NEVER / NS_A_MS ? line->seen_ms * NS_A_MS
                                                                         : RY_TIME_NEVER;
}

/* ---- for people ------------------------------------------------------------------------------ */

enum column {
    PLACE,
    AGENT,
    BATTLES,
    WINS,
    RANK,
    FIELD,
    BEATEN,
    PNL,
    OUT, /* and one for each reason */
    UNRANKED = OUT + RY_OUTS,
    RUNNING,
    SEEN,
    COLUMNS,
};

/* Of nothing there is no mean and no share. */
static void put_thousandths(char *cell, uint64_t value, uint64_t of)
{
    if (of == 0)
        strcpy(cell, "-");
    else
        snprintf(cell, CELL_BYTES, "%" PRIu64 ".%03u", value / 1000, (unsigned)(value % 1000));
}

static void put_percent(char *cell, uint64_t share, uint64_t of)
{
    if (of == 0)
        strcpy(cell, "-");
    else
        snprintf(cell, CELL_BYTES, "%" PRIu64 ".%u", share / 10, (unsigned)(share % 10));
}

static void put_seen(char *cell, const struct ry_kafka_league_line *line)
{
    char text[RY_TEXT_TIME_BYTES];
    int64_t ns = seen_ns(line);
    snprintf(cell, CELL_BYTES, "%.*s%s", SECONDS,
             ns == RY_TIME_NEVER ? "-" : ry_text_time(text, ns), ns == RY_TIME_NEVER ? "" : "Z");
}

/* A line's cell; of NULL the title. */
static void put_cell(char cell[CELL_BYTES], enum column column, size_t place,
                     const struct ry_kafka_league_line *line)
{
    static const char *const titles[COLUMNS] = {
        [PLACE] = "#",           [AGENT] = "agent",     [BATTLES] = "battles", [WINS] = "wins",
        [RANK] = "mean_rank",    [FIELD] = "of",        [BEATEN] = "beaten_%", [PNL] = "pnl",
        [UNRANKED] = "unranked", [RUNNING] = "running", [SEEN] = "last_seen",
    };
    char money[RY_TEXT_MONEY_BYTES];
    bool is_out = column >= OUT && column < UNRANKED;
    unsigned out = is_out ? (unsigned)(column - OUT) + 1 : 0;
    if (line == NULL) {
        snprintf(cell, CELL_BYTES, "%s", is_out ? out_word(out) : titles[column]);
        return;
    }
    switch ((int)column) {
    case PLACE: snprintf(cell, CELL_BYTES, "%zu", place); return;
    case AGENT: (void)ry_printable(cell, line->agent, CELL_BYTES); return;
    case BATTLES: snprintf(cell, CELL_BYTES, "%" PRIu64, line->battles); return;
    case WINS: snprintf(cell, CELL_BYTES, "%" PRIu64, line->wins); return;
    case RANK: put_thousandths(cell, ry_kafka_league_mean_rank(line), line->battles); return;
    case FIELD: put_thousandths(cell, ry_kafka_league_mean_field(line), line->battles); return;
    case BEATEN:
        put_percent(cell, ry_kafka_league_share(line), ry_kafka_league_rivals(line));
        return;
    case PNL: snprintf(cell, CELL_BYTES, "%s", ry_text_money(money, line->pnl)); return;
    case UNRANKED: snprintf(cell, CELL_BYTES, "%" PRIu64, line->unranked); return;
    case RUNNING: snprintf(cell, CELL_BYTES, "%" PRIu64, line->running); return;
    case SEEN: put_seen(cell, line); return;
    default: snprintf(cell, CELL_BYTES, "%" PRIu64, line->out[out]); return;
    }
}

/* What says nothing of any agent is left out: a reason that nobody went out for. */
static bool is_shown(const struct ry_kafka_league_table *table, enum column column)
{
    if (column < OUT || column >= UNRANKED)
        return true;
    for (size_t i = 0; i < table->lines; i++)
        if (table->line[i].out[column - OUT + 1] > 0)
            return true;
    return false;
}

/* Line 0 is the title. */
static const struct ry_kafka_league_line *line_at(const struct ry_kafka_league_table *table,
                                                  size_t i)
{
    return i == 0 ? NULL : &table->line[i - 1];
}

static void print_lines(FILE *out, const struct ry_kafka_league_table *table)
{
    int width[COLUMNS] = {0};
    char cell[CELL_BYTES];
    for (unsigned column = 0; column < COLUMNS; column++) {
        for (size_t i = 0; is_shown(table, column) && i <= table->lines; i++) {
            put_cell(cell, column, i, line_at(table, i));
            int cells = (int)strlen(cell);
            width[column] = cells > width[column] ? cells : width[column];
        }
    }
    for (size_t i = 0; i <= table->lines; i++) {
        const char *between = "";
        for (unsigned column = 0; column < COLUMNS; column++) {
            if (width[column] == 0)
                continue;
            put_cell(cell, column, i, line_at(table, i));
            fprintf(out, "%s%*s", between, column == AGENT ? -width[column] : width[column], cell);
            between = "  ";
        }
        fputc('\n', out);
    }
}

void ry_kafka_league_print(FILE *out, const struct ry_kafka_league_table *table,
                           const struct ry_kafka_league_source *source)
{
    fprintf(out,
            "battles: %" PRIu64 " ranked, %" PRIu64 " unranked, %" PRIu64
            " running; appliances: %" PRIu64 "\n",
            table->ranked, table->unranked, table->running, table->appliances);
    if (source->partitions < source->partitions_all)
        fprintf(out, "a part of the league: %u of %u partitions; other instances have the rest\n",
                source->partitions, source->partitions_all);
    if (table->later > 0)
        fprintf(out,
                "not counted: the standing of %" PRIu64
                " agents in battles of a later format; a later royale reads them\n",
                table->later);
    if (source->malformed > 0)
        fprintf(out, "passed over: %" PRIu64 " messages that are no standings\n",
                source->malformed);
    if (table->lines > 0)
        print_lines(out, table);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *outs_of(const struct ry_kafka_league_line *line)
{
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned out = RY_OUT_NONE + 1; out <= RY_KAFKA_LEAGUE_OUT_UNKNOWN; out++)
        ry_text_json_set(object, out_word(out), ry_text_json_count(line->out[out]));
    return object;
}

static json_t *thousandths_of(uint64_t value, uint64_t of)
{
    return of == 0 ? json_null() : ry_text_json_decimal(value, SHARE_SCALE);
}

static json_t *line_json(const struct ry_kafka_league_line *line)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "agent", json_string(line->agent));
    ry_text_json_set(object, "battles", ry_text_json_count(line->battles));
    ry_text_json_set(object, "wins", ry_text_json_count(line->wins));
    ry_text_json_set(object, "ranks", ry_text_json_count(line->ranks));
    ry_text_json_set(object, "fields", ry_text_json_count(line->fields));
    ry_text_json_set(object, "rank_mean",
                     thousandths_of(ry_kafka_league_mean_rank(line), line->battles));
    ry_text_json_set(object, "field_mean",
                     thousandths_of(ry_kafka_league_mean_field(line), line->battles));
    ry_text_json_set(object, "beaten", ry_text_json_count(ry_kafka_league_beaten(line)));
    ry_text_json_set(object, "rivals", ry_text_json_count(ry_kafka_league_rivals(line)));
    ry_text_json_set(object, "beaten_share",
                     thousandths_of(ry_kafka_league_share(line), ry_kafka_league_rivals(line)));
    ry_text_json_set(object, "pnl", ry_text_json_money(line->pnl));
    ry_text_json_set(object, "out", outs_of(line));
    ry_text_json_set(object, "unranked", ry_text_json_count(line->unranked));
    ry_text_json_set(object, "running", ry_text_json_count(line->running));
    ry_text_json_set_time(object, "seen", seen_ns(line));
    return object;
}

json_t *ry_kafka_league_json(const struct ry_kafka_league_table *table,
                             const struct ry_kafka_league_source *source)
{
    json_t *object = ry_text_json_whole(json_object()), *agents = ry_text_json_whole(json_array());
    ry_text_json_set(object, "type", json_string("league"));
    ry_text_json_set(object, "ranked", ry_text_json_count(table->ranked));
    ry_text_json_set(object, "unranked", ry_text_json_count(table->unranked));
    ry_text_json_set(object, "running", ry_text_json_count(table->running));
    ry_text_json_set(object, "appliances", ry_text_json_count(table->appliances));
    ry_text_json_set(object, "partitions", ry_text_json_count(source->partitions));
    ry_text_json_set(object, "partitions_all", ry_text_json_count(source->partitions_all));
    ry_text_json_set(object, "later", ry_text_json_count(table->later));
    ry_text_json_set(object, "malformed", ry_text_json_count(source->malformed));
    for (size_t i = 0; i < table->lines; i++)
        ry_text_json_add(agents, line_json(&table->line[i]));
    ry_text_json_set(object, "agents", agents);
    return object;
}
