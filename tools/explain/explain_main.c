/* royale-explain: a sentence about each fill, reject and elimination of a battle. */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "shm/clock.h"
#include "shm/printable.h"
#include "tools/explain/client.h"
#include "tools/explain/key.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"
#include "tools/text/options.h"
#include "tools/text/row_value.h"
#include "tools/text/stop.h"
#include "tools/why/why.h"

#define LAST_MAX    10000
#define TIMEOUT_S   30
#define TOTAL_S     600
#define MS_PER_S    1000
#define SECONDS_MAX 86400

struct options {
    const char *agent, *url, *model, *key_file, *directory;
    uint64_t last, timeout_s, total_s;
    unsigned kinds; /* bit of each enum ry_explain_kind */
    enum ry_explain_dialect dialect;
    bool json;
};

static const char *const kind_name[RY_EXPLAIN_KINDS] = {
    [RY_EXPLAIN_FILL] = "fill", [RY_EXPLAIN_REJECT] = "reject", [RY_EXPLAIN_OUT] = "out"};

/* "fill,out" */
static bool read_kinds(void *context, const char *text)
{
    struct options *options = context;
    options->kinds = 0;
    for (const char *at = text;; at++) {
        size_t bytes = strcspn(at, ",");
        unsigned kind = RY_EXPLAIN_FILL;
        while (kind < RY_EXPLAIN_KINDS &&
               (strlen(kind_name[kind]) != bytes || strncmp(kind_name[kind], at, bytes) != 0))
            kind++;
        if (kind == RY_EXPLAIN_KINDS)
            return false;
        options->kinds |= 1u << kind;
        at += bytes;
        if (*at == '\0')
            return true;
    }
}

static bool read_dialect(void *context, const char *text)
{
    static const char *const name[] = {
        [RY_EXPLAIN_AUTO] = "auto", [RY_EXPLAIN_GBNF] = "gbnf", [RY_EXPLAIN_SCHEMA] = "schema"};
    struct options *options = context;
    for (unsigned i = 0; i < sizeof name / sizeof *name; i++)
        if (strcmp(text, name[i]) == 0) {
            options->dialect = (enum ry_explain_dialect)i;
            return true;
        }
    return false;
}

static const struct ry_text_option option_table[] = {
    {.name = "agent",
     .argument = "NAME",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, agent),
     .help = "of this agent alone"},
    {.name = "type",
     .argument = "LIST",
     .kind = RY_TEXT_READ,
     .read = read_kinds,
     .help = "which of fill,reject,out; default: all three"},
    {.name = "last",
     .argument = "N",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, last),
     .min = 1,
     .max = LAST_MAX,
     .help = "the last N of them alone"},
    {.name = "json",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, json),
     .help = "one JSON object a line, with the facts and whose words they are"},
    {.name = "llm",
     .argument = "URL",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, url),
     .help = "ask a language model for the words: a server with the API of OpenAI's chat\n"
             "completions (llama.cpp, Ollama, vLLM, a cloud's), as http://127.0.0.1:8080"},
    {.name = "model",
     .argument = "NAME",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, model),
     .help = "which one, where the server has several"},
    {.name = "key-file",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, key_file),
     .help = "its first line is the server's key; default: that of $ROYALE_LLM_KEY, if it is set"},
    {.name = "grammar",
     .argument = "HOW",
     .kind = RY_TEXT_READ,
     .read = read_dialect,
     .help = "how the server is told what may be said: gbnf (llama.cpp), schema (a JSON schema),\n"
             "or auto, which finds out and says so; default: auto"},
    {.name = "timeout",
     .argument = "SECONDS",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, timeout_s),
     .min = 1,
     .max = SECONDS_MAX,
     .help = "for one answer; default: 30"},
    {.name = "total",
     .argument = "SECONDS",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, total_s),
     .min = 1,
     .max = SECONDS_MAX,
     .help = "for all answers, then the rest goes by template; default: 600"},
};

static const struct ry_text_command command = {
    .name = "royale explain",
    .operand = "DIR",
    .about =
        "A sentence about each fill, each refused order or cancel and each elimination of the battle in DIR, as\n"
        "far as its journal goes: by template, or with --llm in a language model's words. A model chooses what to\n"
        "say, in which order and how; facts come from the journal alone: a sentence that a check does not find true\n"
        "word by word is not shown, the template's is, and it is counted why.\n",
    .ends =
        "Exit codes: 0 ok (also where all went by template), 1 not written, 2 wrong arguments, 3 there is no\n"
        "journal, or no such key file.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* ---- saying ---------------------------------------------------------------------------------- */

struct explain {
    const struct options *options;
    struct ry_explain_client *client; /* NULL: by template */
    enum ry_explain_dialect said;     /* which way the grammar goes: what was said of it */
    bool told;                        /* the last failure's words have been said */
    int64_t total_ns;                 /* when the time for all is over */
    uint64_t count[RY_EXPLAIN_OUTCOMES];
    struct ry_battle_id id;
    /* --last: a ring. */
    struct ry_explain_record *last;
    uint64_t seen;
};

static const char *text_of(const struct ry_explain_record *record, const char *name)
{
    const struct ry_explain_field *field = ry_explain_field(record, name);
    return field != NULL ? field->text : "-";
}

static bool print_json(const struct explain *e, const struct ry_explain_record *record,
                       const char *sentence, enum ry_explain_outcome outcome)
{
    char id[RY_TEXT_ID_BYTES];
    const struct ry_explain_field *time = ry_explain_field(record, "time");
    const bool model = e->client != NULL && outcome == RY_EXPLAIN_MODEL;
    json_t *row = ry_text_json_whole(json_object());
    ry_text_json_set(row, "type", json_string("explanation"));
    ry_text_json_set(row, "battle_id", json_string(ry_text_row_id(id, &e->id)));
    ry_text_json_set(row, "input", ry_text_json_count(record->input));
    ry_text_json_set(row, "n", ry_text_json_count(record->n));
    if (time != NULL)
        ry_text_json_set_time(row, "time", (int64_t)time->value);
    ry_text_json_set(row, "of", json_string(kind_name[record->kind]));
    ry_text_json_set(row, "agent",
                     ry_text_json_string(text_of(record, "agent"), RY_EXPLAIN_TEXT_BYTES));
    ry_text_json_set(row, "sentence", ry_text_json_string(sentence, RY_EXPLAIN_SENTENCE_BYTES));
    ry_text_json_set(row, "source", json_string(model ? "model" : "template"));
    ry_text_json_set(row, "fallback",
                     e->client == NULL || model ? json_null()
                                                : json_string(ry_explain_outcome_name(outcome)));
    ry_text_json_set(row, "facts", ry_explain_facts(record));
    return ry_text_json_line(stdout, row) == 0;
}

static bool print(const struct explain *e, const struct ry_explain_record *record,
                  const char *sentence, enum ry_explain_outcome outcome)
{
    char shown[RY_EXPLAIN_SENTENCE_BYTES];
    if (e->options->json)
        return print_json(e, record, sentence, outcome);
    ry_printable(shown, sentence, sizeof shown);
    /* Each sentence names its agent; when it was, a model may leave out. */
    const char *time = text_of(record, "time");
    return strstr(shown, time) != NULL ? puts(shown) >= 0 : printf("%s  %s\n", time, shown) >= 0;
}

/* Once each: how the grammar is told, and what the first failure was. */
static void tell(struct explain *e, enum ry_explain_outcome outcome)
{
    const struct ry_explain_client *client = e->client;
    if (client->dialect != e->said) {
        e->said = client->dialect;
        (void)ry_text_fail(
            RY_EXIT_OK, "%s",
            !client->obeys ? "the server keeps neither to a grammar nor to a schema: most of "
                             "what it says will be refused"
            : client->dialect == RY_EXPLAIN_GBNF ? "the server takes a grammar (gbnf)"
                                                 : "the server takes a JSON schema");
    }
    bool failure = outcome == RY_EXPLAIN_HTTP || outcome == RY_EXPLAIN_TIMEOUT ||
                   outcome == RY_EXPLAIN_UNREACHABLE;
    if (failure && !e->told) {
        e->told = true;
        (void)ry_text_fail(RY_EXIT_OK, "%s: %s", client->url, client->why);
    }
}

/* False: that is enough. */
static bool explain(struct explain *e, const struct ry_explain_record *record)
{
    char sentence[RY_EXPLAIN_SENTENCE_BYTES];
    enum ry_explain_outcome outcome = RY_EXPLAIN_LIMIT;
    if (ry_text_stopped())
        return false;
    if (e->client != NULL) {
        if (ry_clock_ns() < e->total_ns)
            outcome = ry_explain_ask(e->client, record, e->total_ns, sentence);
        if (outcome == RY_EXPLAIN_STOPPED)
            return false;
        if (outcome == RY_EXPLAIN_TIMEOUT && ry_clock_ns() >= e->total_ns)
            outcome = RY_EXPLAIN_LIMIT;
        e->count[outcome]++;
        tell(e, outcome);
    }
    if (e->client == NULL || outcome != RY_EXPLAIN_MODEL)
        (void)ry_explain_template(sentence, record);
    return print(e, record, sentence, outcome) && (e->client == NULL || fflush(stdout) == 0);
}

static bool take(void *context, const struct ry_results *results,
                 const struct ry_explain_record *record)
{
    struct explain *e = context;
    if ((e->options->kinds & 1u << record->kind) == 0)
        return !ry_text_stopped();
    e->id = results->battle_id;
    if (e->last == NULL)
        return explain(e, record);
    e->last[e->seen++ % e->options->last] = *record;
    return !ry_text_stopped();
}

static void explain_last(struct explain *e)
{
    uint64_t n = e->options->last, first = e->seen > n ? e->seen - n : 0;
    for (uint64_t i = first; i < e->seen && explain(e, &e->last[i % n]); i++)
        ;
}

/* "explained 50: 46 in the model's words, 4 by template: 3 too late, 1 cut off" */
static void say_counts(const struct explain *e)
{
    uint64_t all = 0, model = e->count[RY_EXPLAIN_MODEL];
    char reasons[512] = "";
    for (unsigned i = 0; i < RY_EXPLAIN_OUTCOMES; i++) {
        size_t at = strlen(reasons);
        all += e->count[i];
        if (i != RY_EXPLAIN_MODEL && e->count[i] > 0)
            snprintf(reasons + at, sizeof reasons - at, "%s%" PRIu64 " %s", at > 0 ? ", " : ": ",
                     e->count[i], ry_explain_outcome_words((enum ry_explain_outcome)i));
    }
    (void)ry_text_fail(RY_EXIT_OK,
                       "%sexplained %" PRIu64 ": %" PRIu64 " %s, %" PRIu64 " by template%s",
                       ry_text_stopped() ? "stopped; " : "", all, model,
                       ry_explain_outcome_words(RY_EXPLAIN_MODEL), all - model, reasons);
}

static int run(struct explain *e)
{
    char error[RY_WHY_ERROR_BYTES];
    const struct options *options = e->options;
    if (options->last > 0) {
        e->last = calloc(options->last, sizeof *e->last);
        if (e->last == NULL)
            return ry_text_fail(RY_EXIT_FAILED, "no memory for --last %" PRIu64, options->last);
    }
    int result = ry_why_records(options->directory, options->agent, take, e, error);
    if (result == 0 && e->last != NULL)
        explain_last(e);
    if (e->client != NULL && result == 0)
        say_counts(e);
    free(e->last);
    return result == 0 ? RY_EXIT_OK : ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
}

/* ---- the command ----------------------------------------------------------------------------- */

static int run_llm(struct explain *e)
{
    static struct ry_explain_client client; /* large */
    char key[RY_EXPLAIN_KEY_BYTES], why[RY_EXPLAIN_WHY_BYTES];
    const struct options *options = e->options;
    if (ry_explain_key_read(key, options->key_file, why) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "the key: %s", why);
    const struct ry_explain_settings settings = {
        .url = options->url,
        .model = options->model,
        .key = key[0] != '\0' ? key : NULL,
        .dialect = options->dialect,
        .timeout_ms = (uint32_t)options->timeout_s * MS_PER_S,
        .stopped = ry_text_stopped,
    };
    signal(SIGPIPE, SIG_IGN); /* a connection that breaks is an error, told */
    int opened = ry_explain_client_open(&client, &settings);
    client.settings.key = NULL;
    explicit_bzero(key, sizeof key);
    if (opened != 0)
        return ry_text_fail(RY_EXIT_USAGE, "--llm: %s", client.why);
    e->client = &client;
    e->said = options->dialect;
    e->total_ns = ry_clock_ns() + (int64_t)options->total_s * RY_NS_PER_SECOND;
    int code = run(e);
    ry_explain_client_close(&client);
    return code;
}

static int explain_main(int argc, char **argv)
{
    static struct explain e;
    struct options options = {.kinds = ~0u, .timeout_s = TIMEOUT_S, .total_s = TOTAL_S};
    int code = ry_text_options(&command, argc, argv, &options, &options.directory);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (options.url == NULL &&
        (options.model != NULL || options.key_file != NULL || options.dialect != RY_EXPLAIN_AUTO))
        return ry_text_fail(RY_EXIT_USAGE, "--model, --key-file and --grammar are of --llm URL");
    ry_text_stop_by_signals();
    e.options = &options;
    return options.url != NULL ? run_llm(&e) : run(&e);
}

int main(int argc, char **argv)
{
    (void)ry_clock_init();
    return ry_text_end(explain_main(argc, argv));
}
