/* A closed exchange of two agents: one order rests, one matches it, one is cancelled; the reports,
 * the top of the book, who has what, and the hash by which two runs are compared.
 * cc exchange.c $(pkg-config --cflags --libs royale-arena) */
#define _DEFAULT_SOURCE /* for MAP_ANONYMOUS */
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>

#include <royale/arena.h>

enum { ALICE, BOB, AGENTS };
enum { XYZ, INSTRUMENTS };
#define OPENS       INT64_C(1000)
#define ORDERS_MAX  1024
#define MILLION_USD (1000000 * RY_MONEY_UNIT)

static const char *const who[AGENTS] = {"alice", "bob"};

/* Called from ry_arena_apply, for each report of each agent. */
static void report(void *context, const struct ry_report *r)
{
    (void)context;
    printf("%s: order %" PRIu64, who[r->agent], r->cl_ord_id);
    switch (r->kind) {
    case RY_RP_ACCEPTED: printf(" accepted: %" PRIu32 "\n", r->qty); break;
    case RY_RP_RESTED: printf(" rests: %" PRIu32 " at %" PRId64 "\n", r->qty, r->price); break;
    case RY_RP_FILL:
        printf(" filled: %" PRIu32 " at %" PRId64 ", %" PRIu32 " left\n", r->qty, r->price,
               r->leaves);
        break;
    case RY_RP_CANCELED:
        printf(" canceled: %" PRIu32 ", %s\n", r->qty, ry_code_name(RY_CODES_CANCEL, r->code));
        break;
    case RY_RP_REJECTED:
        printf(" rejected: %s\n", ry_code(RY_CODES_REJECT, r->code)->sentence);
        break;
    default: printf(": report of kind %d\n", r->kind);
    }
}

static const struct ry_arena_sink loud = {NULL, report, NULL, NULL};

struct exchange {
    struct ry_arena *arena; /* NULL: there is no memory for it */
    const struct ry_arena_sink *sink;
    void *memory;
    size_t bytes;
};

static void apply(const struct exchange *x, const union ry_input_any *input)
{
    if (ry_arena_apply(x->arena, input, x->sink) == RY_ARENA_APPLIED_MALFORMED)
        printf("an input was malformed\n");
}

/* In memory of the caller; it is zeroed, and pages that are never touched cost nothing. */
static struct exchange open_exchange(const struct ry_arena_sink *sink)
{
    union ry_input_any in;
    ry_arena_input_battle(&in, OPENS, RY_TIME_NEVER, INSTRUMENTS, AGENTS, ORDERS_MAX);
    in.battle.fee_taker_ppm = 30;
    struct exchange x = {NULL, sink, NULL, ry_arena_footprint(&in.battle)};
    x.memory = mmap(NULL, x.bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (x.memory == MAP_FAILED)
        return x;
    x.arena = ry_arena_create(x.memory, x.bytes, &in.battle);
    apply(&x, &in);
    ry_arena_input_instrument(&in, OPENS, XYZ, "XYZ", 2, 1, RY_MONEY_UNIT / 100);
    apply(&x, &in);
    for (uint16_t agent = 0; agent < AGENTS; agent++) {
        ry_arena_input_agent(&in, OPENS, agent, who[agent], MILLION_USD);
        apply(&x, &in);
    }
    ry_arena_input_time(&in, OPENS, 1); /* trading begins */
    apply(&x, &in);
    ry_arena_input_last(&in, OPENS, 1, XYZ, 10000, 1); /* where the price is: 100.00 */
    apply(&x, &in);
    return x;
}

static void trade(const struct exchange *x)
{
    union ry_input_any in;
    ry_arena_input_order(&in, 1001, ALICE, 1, 1, XYZ, RY_SELL, 10010, 300, 0);
    apply(x, &in);
    ry_arena_input_order(&in, 1002, BOB, 1, 1, XYZ, RY_BUY, 9990, 100, 0);
    apply(x, &in);
    ry_arena_input_order(&in, 1003, BOB, 2, 2, XYZ, RY_BUY, 10010, 200, RY_INF_IOC);
    apply(x, &in);
    ry_arena_input_order(&in, 1004, BOB, 3, 3, XYZ, RY_BUY, 9980, 50, 0);
    apply(x, &in);
    ry_arena_input_order_cancel(&in, 1005, BOB, 4, 1);
    apply(x, &in);
    ry_arena_input_order(&in, 1006, ALICE, 2, 2, XYZ, RY_SELL, 10010, 0, 0); /* refused */
    apply(x, &in);
}

static void show_best(const struct ry_arena *arena, enum ry_side side, const char *name)
{
    struct ry_arena_depth best;
    if (ry_arena_top(arena, XYZ, side, &best, 1) > 0)
        printf("best %s: %" PRIu64 " at %" PRId64 "\n", name, best.open, best.price);
}

static void show(const struct ry_arena *arena)
{
    show_best(arena, RY_BUY, "bid");
    show_best(arena, RY_SELL, "ask");
    for (uint16_t agent = 0; agent < AGENTS; agent++) {
        struct ry_arena_account account;
        ry_arena_account(arena, agent, &account);
        printf("%s: position %" PRId64 ", cash %" PRId64 "\n", who[agent],
               ry_arena_position(arena, agent, XYZ), (int64_t)account.cash);
    }
    printf("commands: %" PRIu64 ", refused: %" PRIu64 "\n", ry_arena_counters(arena)->commands,
           ry_arena_counters(arena)->rejects);
}

int main(void)
{
    struct exchange first = open_exchange(&loud), again = open_exchange(NULL);
    if (first.arena == NULL || again.arena == NULL)
        return 1;
    trade(&first);
    trade(&again);
    show(first.arena);
    const int equal = ry_arena_state_hash(first.arena) == ry_arena_state_hash(again.arena);
    printf("two runs have %s hash\n", equal ? "one" : "not one");
    munmap(first.memory, first.bytes);
    munmap(again.memory, again.bytes);
    return !equal;
}
