/*
 * The bytes are a journal file, and somebody follows it: reader, follower and machine take whatever
 * stands in whole blocks, and never more.
 *
 * Checksums keep blind mutations out, so the mutator seals most of what it changes anew; it also
 * makes the first journal, so no seed file is needed.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/exec/configure.h"
#include "core/follow/follow.h"
#include "tests/support/fuzz_limit.h"

#define MAX_LEN    65536
#define SEED_BYTES (8 * RY_JOURNAL_ALIGN) /* at most */
#define FROM       INT64_C(1548748800000000000)
#define STEP_NS    INT64_C(1000000)
#define AGENTS     3
#define EVENTS     300u
#define DEATH      250u /* which of them is one */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* A journal is longer than what libFuzzer tries by itself; a -max_len that is given comes later and
 * wins. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static char max_len[] = "-max_len=" RY_STRING(MAX_LEN);
    static char *longer[64];
    if (*argc + 1 >= 64)
        return 0;
    longer[0] = (*argv)[0];
    longer[1] = max_len;
    memcpy(longer + 2, *argv + 1, (size_t)(*argc - 1) * sizeof *longer);
    ++*argc;
    *argv = longer;
    return 0;
}

/* ---- nobody listens -------------------------------------------------------------------------- */

static void no_report(void *context, const struct ry_report *report)
{
    (void)context;
    (void)report;
}

static void no_market(void *context, const struct ry_market *market)
{
    (void)context;
    (void)market;
}

/* ---- the first journal ----------------------------------------------------------------------- */

/* What it is made of: a battle of two instruments and three agents, with rounds; a machine that
 * says when its moments come; and how many records each source has sent. */
struct maker {
    uint8_t *data;
    size_t at;
    struct ry_journal_block block;
    uint64_t inputs;
    uint64_t sent[RY_SOURCE_AGENT + AGENTS];
    struct ry_arena *arena;
};

static const struct ry_battle *seed_battle(void)
{
    static union {
        struct ry_battle battle;
        uint8_t room[sizeof(struct ry_battle) + 2 * sizeof(struct ry_battle_instrument)];
    } fixed;
    struct ry_battle *battle = &fixed.battle;
    *battle = (struct ry_battle){.name = "fuzz",
                                 .warmup_from = FROM,
                                 .trade_from = FROM + 5 * STEP_NS,
                                 .trade_to = RY_TIME_NEVER,
                                 .orders_max = 64,
                                 .feeds = 1,
                                 .instruments = 2,
                                 .agents = AGENTS,
                                 .round_ns = 140 * STEP_NS,
                                 .haircut_ppm = 10000,
                                 .fee_maker_ppm = -20,
                                 .fee_taker_ppm = 30};
    for (unsigned i = 0; i < 2; i++)
        battle->instrument[i] = (struct ry_battle_instrument){
            .symbol = {(char)('A' + i)}, .tick_size = 1, .money_per_unit = 1};
    for (unsigned i = 0; i < AGENTS; i++)
        battle->agent[i] = (struct ry_battle_agent){.name = {(char)('a' + i)},
                                                    .cash = RY_MONEY_UNIT,
                                                    .notional_max = RY_MONEY_UNIT,
                                                    .position_max = 40 + i,
                                                    .loss_max = RY_MONEY_UNIT,
                                                    .quantity_max = 20,
                                                    .open_orders_max = 12,
                                                    .rate_max = 100,
                                                    .collar_ppm = 100000};
    return battle;
}

/* Event i: the feed's, with agents' orders, cancels, a decision and a death between. */
static void seed_event(unsigned i, union ry_input_any *record)
{
    static const uint8_t kinds[] = {
        RY_IN_ADD,   RY_IN_ADD,   RY_IN_ORDER,  RY_IN_EXEC,   RY_IN_ORDER,        RY_IN_CANCEL,
        RY_IN_ADD,   RY_IN_ORDER, RY_IN_PRINT,  RY_IN_ORDER,  RY_IN_ORDER_CANCEL, RY_IN_REPLACE,
        RY_IN_ORDER, RY_IN_LAST,  RY_IN_ORDER,  RY_IN_BROKEN, RY_IN_DECISION,     RY_IN_AUCTION,
        RY_IN_ADD,   RY_IN_STATE, RY_IN_SESSION};
    /* How many events ago that came which it is about. */
    static const uint8_t ago_of[sizeof kinds] = {[3] = 2, [5] = 5, [10] = 8, [11] = 5, [17] = 16};
    uint8_t kind = kinds[i % sizeof kinds];
    bool own = kind >= RY_IN_ORDER, buy;
    uint32_t mixed = i * UINT32_C(2654435761) >> 16; /* the same every time, and in no order */
    buy = mixed % 2 == 0;
    *record = (union ry_input_any){.event = {
                                       .head = {.kind = kind,
                                                .slots = 1,
                                                .instrument = (uint16_t)(mixed / 64 % 2),
                                                .source = RY_SOURCE_FEED,
                                                .flags = own ? 0 : RY_INF_PRINTED,
                                                .time = FROM + i * STEP_NS},
                                       .ref = i - ago_of[i % sizeof kinds],
                                       .ref_new = i + 1000,
                                       .price = buy ? 1002 - mixed / 4 % 5 : 1001 + mixed / 4 % 5,
                                       .qty = i % 11 + 1,
                                       .side = buy ? RY_BUY : RY_SELL,
                                   }};
    if (own)
        record->head.source = (uint16_t)(RY_SOURCE_AGENT + mixed / 8 % AGENTS);
    if (kind == RY_IN_ORDER) /* now between the market's sides, now across */
        record->event.price = 1000 + mixed / 16 % 4;
    if (kind == RY_IN_STATE)
        record->event.qty = i % 8 == 0 ? RY_STATE_HALTED : RY_STATE_TRADING;
    if (kind == RY_IN_SESSION)
        record->event.qty = RY_SESSION_OPEN;
    if (kind == RY_IN_DECISION)
        record->decision =
            (struct ry_input_decision){.head = record->head, .ref = i, .count = 1, .feature = {17}};
    if (kind == RY_IN_DECISION)
        record->head.slots = 2;
    if (i == DEATH)
        record->event = (struct ry_input){.head = {.kind = RY_IN_AGENT_DIED,
                                                   .slots = 1,
                                                   .source = RY_SOURCE_AGENT + AGENTS - 1,
                                                   .time = FROM + i * STEP_NS},
                                          .qty = AGENTS - 1};
}

static void end_block(struct maker *maker, uint8_t flags)
{
    maker->block.flags = flags;
    maker->at += ry_journal_block_encode(maker->data + maker->at, &maker->block);
    maker->block = (struct ry_journal_block){.number = maker->block.number + 1,
                                             .first_input = maker->inputs + 1};
}

static void put(struct maker *maker, union ry_input_any *record)
{
    static const struct ry_arena_sink nowhere = {.report = no_report, .market = no_market};
    const size_t bytes = record->head.slots * (size_t)RY_SLOT_PAYLOAD;
    record->head.source_seq = ++maker->sent[record->head.source];
    memcpy(maker->data + maker->at + sizeof maker->block + maker->block.payload_bytes, record,
           bytes);
    maker->block.payload_bytes += (uint32_t)bytes;
    maker->block.count++;
    maker->inputs++;
    ry_arena_apply(maker->arena, record, &nowhere);
    if (maker->block.payload_bytes + sizeof maker->block + sizeof *record > RY_JOURNAL_ALIGN)
        end_block(maker, 0);
}

static void put_events(struct maker *maker)
{
    union ry_input_any record;
    for (unsigned i = 0; i < EVENTS; i++) {
        int64_t moment;
        while ((moment = ry_arena_next_moment(maker->arena)) <= FROM + i * STEP_NS) {
            record = (union ry_input_any){
                .event.head = {.kind = RY_IN_TIME, .slots = 1, .time = moment}};
            put(maker, &record);
        }
        seed_event(i, &record);
        put(maker, &record);
    }
    record = (union ry_input_any){
        .event.head = {.kind = RY_IN_END, .slots = 1, .time = FROM + EVENTS * STEP_NS}};
    put(maker, &record);
}

static size_t make_seed(uint8_t *data)
{
    const struct ry_battle_id id = {.byte = {1, 2, 3}};
    const struct ry_battle *battle = seed_battle();
    struct maker maker = {.data = data, .at = RY_JOURNAL_ALIGN, .block.first_input = 1};
    union ry_input_any record;
    ry_exec_configure(battle, 0, &record);
    const size_t bytes = ry_arena_footprint(&record.battle);
    void *memory = aligned_alloc(RY_JOURNAL_ALIGN, (bytes | (RY_JOURNAL_ALIGN - 1)) + 1);
    assert(bytes > 0 && memory != NULL);
    memset(memory, 0, bytes);
    maker.arena = ry_arena_create(memory, bytes, &record.battle);
    ry_journal_file_encode(data, &id, "fuzz", 1, RY_ISOLATED_UNKNOWN);
    for (unsigned i = 0; i < ry_exec_configured(battle); i++) {
        ry_exec_configure(battle, i, &record);
        put(&maker, &record);
    }
    put_events(&maker);
    end_block(&maker, RY_JOURNAL_LAST);
    /* A seed that reaches no agent's path leads the fuzzer to none. */
    const struct ry_arena_counters *counted = ry_arena_counters(maker.arena);
    assert(ry_arena_ended(maker.arena) && maker.at <= SEED_BYTES && counted->malformed == 0);
    assert(counted->taken_recorded > 0 && counted->taken_agents > 0 && counted->demand_agents > 0 &&
           counted->add_agents > 0 && counted->rejects > 0 && counted->rejects < counted->commands);
    assert(ry_arena_round(maker.arena) > 1);
    free(memory);
    return maker.at;
}

/* ---- changing it ----------------------------------------------------------------------------- */

/* Gives every block that is where one should be its checksum. */
static void seal(uint8_t *data, size_t size)
{
    size_t padded;
    for (size_t at = RY_JOURNAL_ALIGN; at + RY_JOURNAL_ALIGN <= size; at += padded) {
        struct ry_journal_block head;
        memcpy(&head, data + at, sizeof head);
        if (ry_journal_block_peek(data + at, size - at, &padded) != RY_JOURNAL_WHOLE ||
            at + padded > size)
            return;
        ry_journal_block_encode(data + at, &head);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    if (size < 2 * RY_JOURNAL_ALIGN && max_size >= SEED_BYTES)
        return make_seed(data);
    if (seed % 8 == 0 || size < 2 * RY_JOURNAL_ALIGN)
        /* as it comes: mostly a bad checksum, or a cut */
        return LLVMFuzzerMutate(data, size, max_size);
    /* somewhere in a block, its header more often than by chance */
    size_t blocks = size / RY_JOURNAL_ALIGN, block = 1 + seed / 8 % (blocks - 1);
    size_t in_block = seed % 8 < 3 ? seed / 1024 % sizeof(struct ry_journal_block)
                                   : seed / 1024 % RY_JOURNAL_ALIGN;
    size_t at = block * RY_JOURNAL_ALIGN + in_block, count = size - at < 16 ? size - at : 16;
    LLVMFuzzerMutate(data + at, count, count);
    seal(data, size);
    return size;
}

/* ---- following it ---------------------------------------------------------------------------- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    static const struct ry_arena_sink sink = {.report = no_report, .market = no_market};
    static struct ry_follow follow;
    char error[RY_JOURNAL_TEXT_BYTES];
    int fd = memfd_create("journal", MFD_CLOEXEC);
    assert(fd >= 0);
    if (write(fd, data, size) != (ssize_t)size)
        abort();
    if (ry_follow_open_fd(&follow, fd, "journal", error, sizeof error) != 0) {
        assert(error[0] != 0);
        return 0;
    }
    while (ry_follow_step(&follow, 100, &sink) == 100)
        ;
    assert(follow.status == RY_FOLLOW_END || follow.status == RY_FOLLOW_CUT ||
           follow.status == RY_FOLLOW_DAMAGED);
    assert(follow.status == RY_FOLLOW_END || follow.text[0] != 0);
    assert(follow.inputs <= size / RY_SLOT_PAYLOAD && follow.reader.byte <= size);
    if (follow.arena != NULL) {
        assert(ry_arena_counters(follow.arena)->inputs == follow.inputs);
        assert(follow.status != RY_FOLLOW_END || ry_arena_ended(follow.arena));
        assert(ry_arena_conserves(follow.arena));
    }
    ry_follow_close(&follow);
    return 0;
}
