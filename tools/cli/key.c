#include "tools/cli/key.h"

#include <getopt.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "core/battle/nearest.h"
#include "shm/clock.h"
#include "tools/cli/verb.h"
#include "tools/keys/file.h"
#include "tools/keys/key.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"
#include "tools/text/options.h"
#include "tools/text/time.h"

#define SECOND_NS    INT64_C(1000000000)
#define GRACE_S_MAX  (366u * 86400u)
#define TRIES_FOR_ID 100 /* to find one that no other key has */

struct options {
    const char *keys, *name;
    enum ry_keys_scope scope;
    uint64_t grace_s;
    bool json;
    const char *which;
};

static bool read_scope(void *context, const char *text)
{
    struct options *options = context;
    options->scope = ry_keys_scope_of(text);
    return options->scope != RY_KEYS_FREE;
}

#define OPTION_KEYS                                                                                \
    .name = "keys", .argument = "FILE", .kind = RY_TEXT_WORD,                                      \
    .offset = offsetof(struct options, keys),                                                      \
    .help = "the file of keys; /etc/royale/keys if it is not given, for others than\n"             \
            "root $XDG_CONFIG_HOME/royale/keys, ~/.config/royale/keys"

#define ENDS                                                                                       \
    "royale-web reads the same FILE, and again when it changes. Exit codes: 0 ok, 2 wrong "        \
    "arguments,\n3 FILE cannot be used.\n"

static const struct ry_text_option create_options[] = {
    {.name = "name",
     .argument = "NAME",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, name),
     .help = "for people, without blanks: who has it, or for what"},
    {.name = "scope",
     .argument = "SCOPE",
     .kind = RY_TEXT_READ,
     .read = read_scope,
     .help = "what it may; read if it is not given"},
    {OPTION_KEYS},
};
static const struct ry_text_option list_options[] = {
    {.name = "json",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, json),
     .help = "as JSON, one object a key"},
    {OPTION_KEYS},
};
static const struct ry_text_option revoke_options[] = {{OPTION_KEYS}};
static const struct ry_text_option rotate_options[] = {
    {.name = "grace",
     .argument = "SECONDS",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, grace_s),
     .max = GRACE_S_MAX,
     .help = "so long the old text of the key is good still; 0 if it is not given"},
    {OPTION_KEYS},
};

static const struct ry_text_command create_command = {
    .name = "royale key create",
    .synopsis = "--name NAME [--scope SCOPE] [--keys FILE]",
    .about = "Makes a key for royale-web and prints it: this once, for only its hash is kept.\n",
    .ends = "SCOPE: read, operate, admin; operate may also start and stop battles, admin store "
            "agents too.\n" ENDS,
    .option = create_options,
    .options = sizeof create_options / sizeof *create_options,
};
static const struct ry_text_command list_command = {
    .name = "royale key list",
    .about = "Prints the keys: id, scope, name, and when each was made, rotated, revoked.\n",
    .ends = ENDS,
    .option = list_options,
    .options = sizeof list_options / sizeof *list_options,
};
static const struct ry_text_command revoke_command = {
    .name = "royale key revoke",
    .operand = "KEY",
    .about = "Makes a key useless, for good; KEY is its id or its name.\n",
    .ends = ENDS,
    .option = revoke_options,
    .options = sizeof revoke_options / sizeof *revoke_options,
};
static const struct ry_text_command rotate_command = {
    .name = "royale key rotate",
    .operand = "KEY",
    .about =
        "Gives a key a new secret and prints it; id, name and scope stay. KEY is its id or its "
        "name.\n",
    .ends = ENDS,
    .option = rotate_options,
    .options = sizeof rotate_options / sizeof *rotate_options,
};

/* ---- what all do ----------------------------------------------------------------------------- */

static struct ry_keys_file file; /* large */

static const char *path_of(const struct options *options)
{
    return options->keys != NULL ? options->keys : ry_keys_default_path();
}

static int cannot(const char *why)
{
    return ry_text_fail(RY_EXIT_ENVIRONMENT, "key: %s", why);
}

/* Of that id, else the one in force of that name. */
static struct ry_keys_key *find(const char *which)
{
    struct ry_keys_key *key = ry_keys_file_find(&file, which);
    for (unsigned i = 0; i < file.count && key == NULL; i++)
        if (file.key[i].revoked_ns == 0 && strcmp(file.key[i].name, which) == 0)
            key = &file.key[i];
    return key;
}

static int not_there(const struct options *options)
{
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, options->which);
    for (unsigned i = 0; i < file.count; i++)
        if (file.key[i].revoked_ns == 0)
            (void)ry_battle_nearest_offer(&nearest, file.key[i].name);
    return ry_text_fail(RY_EXIT_USAGE, "key: no key %s in %s%s; `royale key list` lists them",
                        options->which, path_of(options), nearest.said);
}

/* Prints the new text of a key, the only time that anybody sees it. */
static void show(char text[RY_KEYS_KEY_BYTES])
{
    puts(text);
    sodium_memzero(text, RY_KEYS_KEY_BYTES);
}

static int open_for_change(const struct options *options)
{
    char why[RY_KEYS_WHY_BYTES];
    const int lock = ry_keys_file_begin(&file, path_of(options), why);
    if (lock < 0)
        (void)cannot(why);
    return lock;
}

static int keep(const struct options *options, int lock)
{
    char why[RY_KEYS_WHY_BYTES];
    return ry_keys_file_keep(&file, path_of(options), lock, why) == 0 ? RY_EXIT_OK : cannot(why);
}

/* ---- create ---------------------------------------------------------------------------------- */

/* NULL, or why there can be no more. */
static const char *add(const struct options *options, char text[RY_KEYS_KEY_BYTES])
{
    if (file.count == RY_KEYS_MAX)
        return "there are 256 keys, revoked ones too, and no room for more: use another FILE";
    if (find(options->name) != NULL)
        return "there is a key of that name: take another name, or `royale key rotate` it";
    struct ry_keys_key *key = &file.key[file.count];
    *key = (struct ry_keys_key){.scope = options->scope, .created_ns = ry_clock_wall_ns()};
    strcpy(key->name, options->name);
    for (unsigned tries = 0; tries < TRIES_FOR_ID; tries++) {
        ry_keys_make_id(key->id);
        if (ry_keys_file_find(&file, key->id) == NULL)
            break;
    }
    ry_keys_make(text, key->id);
    ry_keys_hash(key->hash, text);
    file.count++;
    return NULL;
}

static int create(const struct options *options)
{
    char text[RY_KEYS_KEY_BYTES];
    if (options->name == NULL || !ry_keys_is_name(options->name))
        return ry_text_fail(RY_EXIT_USAGE,
                            "key create: --name NAME is needed: 1 to %d printable characters of "
                            "ASCII, no blanks, such as --name desk",
                            RY_KEYS_NAME_BYTES - 1);
    const int lock = open_for_change(options);
    if (lock < 0)
        return RY_EXIT_ENVIRONMENT;
    const char *wrong = add(options, text);
    if (wrong != NULL) {
        ry_keys_file_drop(lock);
        return ry_text_fail(RY_EXIT_USAGE, "key create: %s", wrong);
    }
    const int code = keep(options, lock);
    if (code != RY_EXIT_OK)
        return code;
    fprintf(stderr, "key %.8s (%s, %s): keep what is printed now, nobody can show it again\n",
            text + strlen(RY_KEYS_KEY_PREFIX), options->name, ry_keys_scope_name(options->scope));
    show(text);
    return RY_EXIT_OK;
}

/* ---- list ------------------------------------------------------------------------------------ */

static void put_moment(const char *before, int64_t ns)
{
    char text[RY_TEXT_TIME_BYTES];
    printf("%s%s", before, ry_text_time(text, ns));
}

static void put(const struct ry_keys_key *key, int64_t now_ns)
{
    printf("%s  %-7s  %-16s  ", key->id, ry_keys_scope_name(key->scope), key->name);
    put_moment("created ", key->created_ns);
    if (key->rotated_ns != 0)
        put_moment(", rotated ", key->rotated_ns);
    if (key->revoked_ns == 0 && key->old_until_ns > now_ns)
        put_moment(", the old one is good until ", key->old_until_ns);
    if (key->revoked_ns != 0)
        put_moment(", REVOKED ", key->revoked_ns);
    putchar('\n');
}

/* Hashes are for the file alone. */
static int put_json(void)
{
    json_t *root = ry_keys_file_json(&file), *one;
    size_t i;
    int result = 0;
    json_array_foreach(json_object_get(root, "keys"), i, one)
    {
        (void)json_object_del(one, "hash");
        (void)json_object_del(one, "old_hash");
        if (ry_text_json_line(stdout, json_incref(one)) != 0)
            result = -1;
    }
    json_decref(root);
    return result;
}

static int list(const struct options *options)
{
    char why[RY_KEYS_WHY_BYTES];
    struct stat seen;
    if (ry_keys_file_read(&file, path_of(options), &seen, why) != 0)
        return cannot(why);
    if (options->json)
        return put_json() == 0 ? RY_EXIT_OK : RY_EXIT_FAILED;
    for (unsigned i = 0; i < file.count; i++)
        put(&file.key[i], ry_clock_wall_ns());
    if (file.count == 0)
        printf("no keys in %s; `royale key create` makes one\n", path_of(options));
    return RY_EXIT_OK;
}

/* ---- revoke, rotate -------------------------------------------------------------------------- */

static int revoke(const struct options *options)
{
    const int lock = open_for_change(options);
    if (lock < 0)
        return RY_EXIT_ENVIRONMENT;
    struct ry_keys_key *key = find(options->which);
    if (key == NULL) {
        ry_keys_file_drop(lock);
        return not_there(options);
    }
    if (key->revoked_ns == 0)
        key->revoked_ns = ry_clock_wall_ns();
    const int code = keep(options, lock);
    if (code == RY_EXIT_OK)
        printf("revoked %s (%s)\n", key->id, key->name);
    return code;
}

static int rotate(const struct options *options)
{
    char text[RY_KEYS_KEY_BYTES];
    const int lock = open_for_change(options);
    if (lock < 0)
        return RY_EXIT_ENVIRONMENT;
    struct ry_keys_key *key = find(options->which);
    if (key == NULL || key->revoked_ns != 0) {
        ry_keys_file_drop(lock);
        return key == NULL ? not_there(options)
                           : ry_text_fail(RY_EXIT_USAGE,
                                          "key rotate: %s was revoked, for good; `royale key "
                                          "create` makes another",
                                          options->which);
    }
    key->rotated_ns = ry_clock_wall_ns();
    memset(key->old_hash, 0, sizeof key->old_hash);
    key->old_until_ns = 0;
    if (options->grace_s > 0) {
        memcpy(key->old_hash, key->hash, sizeof key->old_hash);
        key->old_until_ns = key->rotated_ns + (int64_t)options->grace_s * SECOND_NS;
    }
    ry_keys_make(text, key->id);
    ry_keys_hash(key->hash, text);
    const int code = keep(options, lock);
    if (code != RY_EXIT_OK)
        return code;
    fprintf(stderr, "key %s (%s): keep what is printed now, nobody can show it again; ", key->id,
            key->name);
    if (options->grace_s > 0)
        fprintf(stderr, "the old one is good for %" PRIu64 " s\n", options->grace_s);
    else
        fputs("the old one is good no more\n", stderr);
    show(text);
    return RY_EXIT_OK;
}

/* ---- the command ----------------------------------------------------------------------------- */

static const struct sub {
    const char *name;
    const struct ry_text_command *command;
    int (*run)(const struct options *options);
    const char *help;
} subs[] = {
    {"create", &create_command, create, "make a key and print it, this once"},
    {"list", &list_command, list, "the keys, without their secrets"},
    {"revoke", &revoke_command, revoke, "make a key useless, for good"},
    {"rotate", &rotate_command, rotate, "give a key a new secret"},
};
#define SUBS (sizeof subs / sizeof *subs)

static void print_usage(FILE *out)
{
    fputs("usage: royale key COMMAND [ARGUMENTS]\n"
          "Who may ask royale-web for what: keys with the scopes read, operate, admin.\n",
          out);
    for (unsigned i = 0; i < SUBS; i++)
        fprintf(out, "  %-7s %s\n", subs[i].name, subs[i].help);
    fputs("`royale key COMMAND --help` says more; royale-key(1) all.\n", out);
}

static const char *sub_name(unsigned sub)
{
    return subs[sub].name;
}

int ry_cli_key(int argc, char **argv)
{
    const struct ry_cli_verbs all = {"key", sub_name, SUBS, print_usage};
    unsigned sub;
    int code = ry_cli_verb(&all, argc, argv, &sub);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    struct options options = {.scope = RY_KEYS_READ};
    const char **operand = subs[sub].command->operand != NULL ? &options.which : NULL;
    code = ry_text_options(subs[sub].command, argc - 1, argv + 1, &options, operand);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (sodium_init() < 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "key: there are no random numbers");
    return subs[sub].run(&options);
}
