/*
 * The words of scripted days (tests/days/FORMAT.md), between the runner (day.c) and what reads and
 * writes lines (day_lines.c, day_words.c, day_fields.c, day_input.c, day_output.c, day_book.c,
 * day_state.c).
 */
#ifndef RY_TESTS_SUPPORT_DAY_WORDS_H
#define RY_TESTS_SUPPORT_DAY_WORDS_H

#include "tests/support/day.h"

#define DAY_INSTRUMENTS_MAX 8
#define DAY_AGENTS_MAX      8
#define DAY_LINES_MAX       2000
#define DAY_LINE_BYTES      512
#define DAY_WORDS_MAX       48
#define DAY_OUTPUTS_MAX     128 /* of one input */
#define DAY_WHY_BYTES       256

/* --- Named fields of the records: `name=value` in a line sets any of them literally. --- */

struct day_field {
    const char *name;
    size_t offset;
    size_t bytes;
    bool is_signed;
};

struct day_record { /* a kind of record: its fields end with one without a name */
    size_t bytes;
    const struct day_field *fields;
};

extern const struct day_record day_record_event, day_record_battle, day_record_instrument,
    day_record_agent, day_record_decision, day_record_report, day_record_market, day_record_game,
    day_record_state, day_record_book, day_record_counters;

int64_t day_field_get(const struct day_field *field, const void *record);
bool day_field_set(const struct day_field *field, void *record,
                   int64_t value); /* false: out of range */

/* --- Codes and kinds that are words. Tables end with an entry without a word. --- */

struct day_code {
    const char *word;
    uint8_t code;
};

extern const struct day_code *const day_rejects, *const day_cancels, *const day_causes,
                                                                         *const day_outs;
extern const struct day_code day_sides[];

const char *day_code_word(const struct day_code *codes, uint8_t code); /* NULL: none */
bool day_code_find(const struct day_code *codes, const char *word, uint8_t *code);

/* --- A line taken apart. --- */

enum day_part {
    DAY_SIDE = 1u << 0,
    DAY_QTY = 1u << 1,
    DAY_PRICE = 1u << 2,
    DAY_REF = 1u << 3,
    DAY_REF_NEW = 1u << 4,
    DAY_CL_ORD_ID = 1u << 5,
    DAY_ORDER = 1u << 6,
    DAY_INSTRUMENT = 1u << 7,
    DAY_AGENT = 1u << 8,
};

struct day_phrase {
    unsigned parts; /* enum day_part: which were there */
    enum ry_side side;
    uint32_t qty, order;
    int64_t price;
    uint64_t ref, ref_new, cl_ord_id;
    uint16_t instrument, agent;
    const char *word[DAY_WORDS_MAX]; /* what is none of these; taken ones become NULL */
    unsigned words;
    const char *key[DAY_WORDS_MAX]; /* name=value */
    int64_t value[DAY_WORDS_MAX];
    unsigned keys;
    char text[DAY_LINE_BYTES]; /* what the words point into */
};

/* The lines of a file, without comments and outer blanks; what fails, fails at line *lines (from
 * 0). */
bool day_lines_load(const char *path, char line[DAY_LINES_MAX][DAY_LINE_BYTES], unsigned *lines,
                    char *why);

struct day_names {
    char instrument[DAY_INSTRUMENTS_MAX][RY_SYMBOL_BYTES];
    char agent[DAY_AGENTS_MAX][RY_NAME_BYTES];
    uint16_t source[DAY_INSTRUMENTS_MAX]; /* the instrument's feed */
    int64_t money_per_unit[DAY_INSTRUMENTS_MAX];
    unsigned instruments, agents;
};

bool day_number(const char *word, int64_t *number); /* 1_000, -5, never */

/* False with the reason in `why`: all functions below that take it. */
bool day_phrase_read(const char *line, const struct day_names *names, struct day_phrase *phrase,
                     char *why);
bool day_phrase_take(struct day_phrase *phrase, const char *word); /* was it there? */
const char *day_phrase_next(struct day_phrase *phrase); /* the first word left; NULL: none */
bool day_phrase_parts(const struct day_phrase *phrase, unsigned needed, unsigned allowed,
                      char *why);
/* The last act on a line: sets the record's name=value fields, refuses words that nobody took. */
bool day_phrase_finish(struct day_phrase *phrase, const struct day_record *kind, void *record,
                       char *why);

/* --- Inputs. --- */

/* What a day knows while it reads its inputs. */
struct day_reader {
    struct day_names names;
    int64_t time;                 /* T of the inputs that follow */
    unsigned instruments, agents; /* lines of the day: the defaults of the BATTLE input */
    uint64_t source_seq[RY_SOURCE_AGENT + RY_AGENTS_MAX];
};

/* `malformed`: the day expects it to be; such an INSTRUMENT or AGENT gets no name. */
bool day_input_read(const char *line, bool malformed, struct day_reader *reader,
                    union ry_input_any *input, char *why);

/* --- Outputs. --- */

enum day_stream {
    DAY_MARKET,
    DAY_REPORT,
    DAY_GAME,
};

struct day_output {
    enum day_stream stream;
    union {
        struct ry_report report;
        struct ry_market market;
        struct ry_game game;
    };
};

/* What a line need not say because it follows from the lines before. */
struct day_rules {
    uint64_t groups;
    uint64_t seq[DAY_AGENTS_MAX];
    __int128 cash[DAY_AGENTS_MAX];
    int64_t position[DAY_AGENTS_MAX][DAY_INSTRUMENTS_MAX];
    int32_t fee_maker_ppm, fee_taker_ppm;
    /* The game: the round that runs, 0 before START, and what its lines so far say of it. */
    uint32_t round;
    bool round_ended; /* by `out ... last`; the next one begins behind what follows from that */
    uint32_t outs;
    uint32_t fills[DAY_AGENTS_MAX];
    uint32_t rejects[DAY_AGENTS_MAX];
};

/* The record that the line (without its `>`) stands for; `rules` moves on. LAST: day_outputs_close.
 */
bool day_output_read(const char *line, const struct day_names *names,
                     const struct ry_input_head *input, struct day_rules *rules,
                     struct day_output *output, char *why);
/* The last market record gets LAST, unless a line wrote `flags=`; one group more if there is any.
 * Rounds that ended or began with these outputs have. */
void day_outputs_close(struct day_output *outputs, unsigned count, struct day_rules *rules);
bool day_output_equal(const struct day_output *a, const struct day_output *b);
/* Appends one line for each output that reads back as just that output. Rules: before the input. */
void day_outputs_write(const struct day_output *outputs, unsigned count,
                       const struct day_names *names, const struct ry_input_head *input,
                       const struct day_rules *rules, char *text, size_t text_bytes);

/* `= sell 5 @ 100 #1 r1 rec=5 surplus=5`, without its `=`. spent: the reference is not compared. */
bool day_book_read(const char *line, const struct day_names *names,
                   struct ry_arena_book_order *order, bool *spent, bool *none, char *why);
void day_book_write(const struct ry_arena_book_order *order, const struct day_names *names,
                    char *text, size_t text_bytes);

/* `= alice cash=500`, `= count unmet=3`, `= game round=2`: false where it is not so. */
bool day_state_check(struct day_phrase *phrase, const struct day_names *names,
                     const struct day_rules *rules, const struct ry_test_day_machine *machine,
                     void *state, char *why);

void day_agent_write(uint16_t agent, const struct day_names *names, char *text, size_t text_bytes);
void day_append(char *text, size_t text_bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool day_why(char *why, const char *format, ...) __attribute__((format(printf, 2, 3))); /* false */

#endif
