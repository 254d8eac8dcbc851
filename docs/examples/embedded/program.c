/*
 * A program that is an agent of a battle:  program BATTLE.yaml DIR AGENT...
 *
 * It runs the battle of the file in its own process, is the agents of these names by the strategy
 * that it was built with (quoter.c), and prints what they came to and the battle's four hashes.
 * DIR: a new folder for the results; "-": none.
 *
 *   cc program.c quoter.c $(pkg-config --cflags --libs royale) -o program
 */
#include <inttypes.h>
#include <royale/embedded.h>
#include <stdio.h>
#include <string.h>

static const char *const kinds[] = {"", "start", "market", "report", "timer", "stop"};

/* Each wake goes to the strategy; a program of yours decides here itself. */
static void play(struct ry_embedded *battle)
{
    uint64_t count[RY_EMBEDDED_STOP + 1] = {0};
    struct ry_embedded_wake wake;
    while (ry_embedded_step(battle, &wake) == RY_EMBEDDED_WAKE) {
        ry_embedded_call(&ry_strategy, &wake);
        count[wake.kind]++;
    }
    printf("wakes:");
    for (unsigned i = RY_EMBEDDED_START; i <= RY_EMBEDDED_STOP; i++)
        printf(" %" PRIu64 " %s%s", count[i], kinds[i], i < RY_EMBEDDED_STOP ? "," : "\n");
}

static void show(const struct ry_embedded *battle, const char *name)
{
    struct ry_embedded_figures account;
    if (ry_embedded_account(battle, (unsigned)ry_embedded_find(battle, name), &account))
        printf("%s: cash %" PRId64 ", equity %" PRId64 ", value %" PRId64 "\n", name, account.cash,
               account.equity, account.value);
}

static int finish(struct ry_embedded *battle)
{
    struct ry_embedded_result result;
    if (!ry_embedded_finish(battle, &result)) {
        fprintf(stderr, "%s\n", ry_embedded_error(battle));
        return 1;
    }
    printf("%" PRIu64 " inputs\n", result.inputs);
    printf("input hash  %016" PRIx64 "\noutput hash %016" PRIx64 "\nbook hash   %016" PRIx64
           "\nstate hash  %016" PRIx64 "\n",
           result.input_hash, result.output_hash, result.book_hash, result.state_hash);
    return 0;
}

int main(int argc, char **argv)
{
    char error[RY_EMBEDDED_ERROR_BYTES];
    if (argc < 3) {
        fprintf(stderr, "usage: program BATTLE.yaml DIR AGENT...\n");
        return 2;
    }
    const char *const *names = (const char *const *)(argv + 3);
    const struct ry_embedded_options options = {
        .directory = strcmp(argv[2], "-") == 0 ? NULL : argv[2],
        .agents = names,
    };
    struct ry_embedded *battle = ry_embedded_open(argv[1], &options, error);
    if (battle == NULL) {
        fprintf(stderr, "%s\n", error);
        return 2;
    }
    for (unsigned i = 0; names[i] != NULL; i++)
        ry_embedded_use(battle, (unsigned)ry_embedded_find(battle, names[i]), &ry_strategy);
    play(battle);
    for (unsigned i = 0; names[i] != NULL; i++)
        show(battle, names[i]);
    const int code = finish(battle);
    ry_embedded_close(battle);
    return code;
}
