/* What stands, of accounts, counters and the game: the `=` lines that state no book. */
#include "tests/support/day_words.h"

#include <string.h>

static bool is_value(const char *key, __int128 is, int64_t expected, char *why)
{
    return is == expected ? true
                          : day_why(why, "expected %s=%lld, it is %s=%lld", key,
                                    (long long)expected, key, (long long)is);
}

/* The named values of a line are the fields of a record. */
static bool check_fields(struct day_phrase *phrase, const struct day_record *kind,
                         const void *record, char *why)
{
    for (const struct day_field *field = kind->fields; field->name != NULL; field++) {
        for (unsigned i = 0; i < phrase->keys; i++)
            if (strcmp(phrase->key[i], field->name) == 0 &&
                !is_value(field->name, day_field_get(field, record), phrase->value[i], why))
                return false;
    }
    return true;
}

static bool check_counters(struct day_phrase *phrase, const struct ry_test_day_machine *machine,
                           void *state, char *why)
{
    struct ry_arena_counters any;
    memset(&any, 0, sizeof any);
    if (!day_phrase_parts(phrase, 0, 0, why) ||
        !day_phrase_finish(phrase, &day_record_counters, &any, why))
        return false;
    return machine == NULL || machine->counters == NULL ||
           check_fields(phrase, &day_record_counters, machine->counters(state), why);
}

static bool check_game(struct day_phrase *phrase, const struct ry_test_day_machine *machine,
                       void *state, char *why)
{
    struct ry_test_day_game game;
    memset(&game, 0, sizeof game);
    if (!day_phrase_parts(phrase, 0, 0, why) ||
        !day_phrase_finish(phrase, &day_record_state, &game, why))
        return false;
    if (machine == NULL || machine->game == NULL)
        return true;
    machine->game(state, &game);
    return check_fields(phrase, &day_record_state, &game, why);
}

/* Without a machine a day is held to what its own fills make. */
static bool check_ledger(const struct day_phrase *phrase, unsigned at,
                         const struct day_rules *rules, const struct ry_test_day_machine *machine,
                         void *state, char *why)
{
    const char *key = phrase->key[at];
    const uint16_t agent = phrase->agent;
    __int128 is;
    if (strcmp(key, "cash") == 0) {
        is = machine == NULL ? rules->cash[agent] : machine->cash(state, agent);
    } else {
        is = machine == NULL ? rules->position[agent][phrase->instrument]
                             : machine->position(state, agent, phrase->instrument);
    }
    return is_value(key, is, phrase->value[at], why);
}

/* What only a machine knows. */
static bool check_worth(const struct day_phrase *phrase, unsigned at,
                        const struct ry_arena_account *account, bool has_account, char *why)
{
    const struct {
        const char *key;
        __int128 is;
    } values[] = {{"equity", account->equity},
                  {"value", account->value},
                  {"fills", account->fills},
                  {"rejects", account->rejects},
                  {"open_orders", account->open_orders}};
    for (unsigned i = 0; i < sizeof values / sizeof values[0]; i++)
        if (strcmp(phrase->key[at], values[i].key) == 0)
            return !has_account || is_value(values[i].key, values[i].is, phrase->value[at], why);
    return day_why(why,
                   "an account has cash= position= equity= value= fills= rejects= open_orders=, "
                   "no '%s'",
                   phrase->key[at]);
}

/* `= alice out last` */
static bool check_out(struct day_phrase *phrase, const struct ry_arena_account *account,
                      bool has_account, char *why)
{
    uint8_t code = RY_OUT_NONE;
    const char *word = day_phrase_take(phrase, "out") ? day_phrase_next(phrase) : NULL;
    if (word == NULL)
        return true;
    if (!day_code_find(day_outs, word, &code))
        return day_why(why, "'%s' is no reason to be out", word);
    return !has_account || (account->out == code && account->killed)
               ? true
               : day_why(why, "expected code %u, it is out with %u", code, account->out);
}

static bool check_account(struct day_phrase *phrase, const struct day_names *names,
                          const struct day_rules *rules, const struct ry_test_day_machine *machine,
                          void *state, char *why)
{
    struct ry_arena_account account;
    memset(&account, 0, sizeof account);
    if (!day_phrase_parts(phrase, DAY_AGENT, DAY_INSTRUMENT, why))
        return false;
    if (phrase->agent >= names->agents || phrase->instrument >= names->instruments)
        return day_why(why, "no such account");
    const bool has_account = machine != NULL && machine->account != NULL;
    if (has_account)
        machine->account(state, phrase->agent, &account);
    if (!check_out(phrase, &account, has_account, why))
        return false;
    const char *left = day_phrase_next(phrase);
    if (left != NULL)
        return day_why(why, "'%s' has no place here", left);
    for (unsigned i = 0; i < phrase->keys; i++) {
        const bool ledger =
            strcmp(phrase->key[i], "cash") == 0 || strcmp(phrase->key[i], "position") == 0;
        if (ledger ? !check_ledger(phrase, i, rules, machine, state, why)
                   : !check_worth(phrase, i, &account, has_account, why))
            return false;
    }
    return true;
}

bool day_state_check(struct day_phrase *phrase, const struct day_names *names,
                     const struct day_rules *rules, const struct ry_test_day_machine *machine,
                     void *state, char *why)
{
    if (day_phrase_take(phrase, "count"))
        return check_counters(phrase, machine, state, why);
    if (day_phrase_take(phrase, "game"))
        return check_game(phrase, machine, state, why);
    return check_account(phrase, names, rules, machine, state, why);
}
