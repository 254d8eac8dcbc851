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

#define MAX_LEN     65536
#define SEED_BLOCKS 4u
#define SEED_BYTES  ((1 + SEED_BLOCKS) * RY_JOURNAL_ALIGN)
#define FROM        INT64_C(1548748800000000000)

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

/* ---- the first journal ----------------------------------------------------------------------- */

static struct ry_input seed_event(unsigned i)
{
    static const uint8_t kinds[] = {RY_IN_ADD,     RY_IN_ADD,   RY_IN_EXEC,    RY_IN_CANCEL,
                                    RY_IN_REPLACE, RY_IN_PRINT, RY_IN_AUCTION, RY_IN_LAST,
                                    RY_IN_ADD,     RY_IN_STATE, RY_IN_SESSION};
    struct ry_input event = {
        .head = {.kind = kinds[i % sizeof kinds],
                 .slots = 1,
                 .instrument = (uint16_t)(i % 2),
                 .source = RY_SOURCE_FEED,
                 .flags = RY_INF_PRINTED,
                 .time = FROM + i,
                 .source_seq = i + 1},
        .ref = i / 3,
        .ref_new = i + 1000,
        .price = 1000 + i % 7,
        .qty = i % 11 + 1,
        .side = (uint8_t)(i % 2 + 1),
    };
    if (event.head.kind == RY_IN_STATE || event.head.kind == RY_IN_SESSION)
        event.qty = i % 2;
    return event;
}

/* Record i of the seed: the battle, its instruments, trade_from, events, END. */
static void seed_record(unsigned i, unsigned last, union ry_input_any *record)
{
    static union {
        struct ry_battle battle;
        uint8_t room[sizeof(struct ry_battle) + 2 * sizeof(struct ry_battle_instrument)];
    } fixed;
    struct ry_battle *battle = &fixed.battle;
    *battle = (struct ry_battle){.name = "fuzz",
                                 .warmup_from = FROM,
                                 .trade_from = FROM + 5,
                                 .trade_to = RY_TIME_NEVER,
                                 .orders_max = 64,
                                 .feeds = 1,
                                 .instruments = 2};
    battle->instrument[0] =
        (struct ry_battle_instrument){.symbol = "A", .tick_size = 1, .money_per_unit = 1};
    battle->instrument[1] =
        (struct ry_battle_instrument){.symbol = "B", .tick_size = 1, .money_per_unit = 1};
    if (i < ry_exec_configured(battle)) {
        ry_exec_configure(battle, i, record);
        return;
    }
    *record = (union ry_input_any){.event = seed_event(i)};
    if (i == last || i == 10)
        record->head.kind = i == last ? RY_IN_END : RY_IN_TIME;
}

static size_t make_seed(uint8_t *data)
{
    const unsigned each = 60, last = SEED_BLOCKS * each - 1;
    const struct ry_battle_id id = {.byte = {1, 2, 3}};
    ry_journal_file_encode(data, &id, "fuzz", 1, RY_ISOLATED_UNKNOWN);
    size_t at = RY_JOURNAL_ALIGN;
    for (unsigned block = 0, i = 0; block < SEED_BLOCKS; block++) {
        struct ry_journal_block head = {.number = block, .first_input = i + 1, .count = each};
        for (unsigned n = 0; n < each; n++, i++) {
            union ry_input_any record;
            seed_record(i, last, &record);
            size_t bytes = record.head.slots * (size_t)RY_SLOT_PAYLOAD;
            memcpy(data + at + sizeof head + head.payload_bytes, &record, bytes);
            head.payload_bytes += (uint32_t)bytes;
        }
        head.flags = i > last ? RY_JOURNAL_LAST : 0;
        at += ry_journal_block_encode(data + at, &head);
    }
    assert(at == SEED_BYTES);
    return at;
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
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
