#include "tests/support/feed_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "feeds/wire/itch50.h"

#define KIT_ROOM 7 /* events at once: many ends of batches */

struct ry_battle *kit_battle(const char *const *symbols, unsigned count, unsigned price_scale)
{
    struct ry_battle *battle = calloc(1, ry_battle_bytes(count));
    ck_assert_ptr_nonnull(battle);
    battle->abi = RY_BATTLE_ABI;
    battle->midnight = KIT_MIDNIGHT;
    battle->warmup_from = 0;
    battle->trade_to = RY_TIME_NEVER;
    battle->orders_max = 1u << 16;
    battle->feeds = 1;
    battle->instruments = (uint16_t)count;
    strcpy(battle->feed[0].name, "wire");
    battle->feed[0].format = RY_BATTLE_FORMAT_ITCH50;
    battle->feed[0].port = RY_BATTLE_PORT_FILE;
    for (unsigned i = 0; i < count; i++) {
        snprintf(battle->instrument[i].symbol, RY_SYMBOL_BYTES, "%s", symbols[i]);
        battle->instrument[i].price_scale = (uint8_t)price_scale;
        battle->instrument[i].tick_size = 1;
        battle->instrument[i].money_per_unit = 1;
    }
    return battle;
}

void kit_path(struct ry_battle *battle, const char *path)
{
    const size_t length = strlen(path);
    ck_assert_uint_lt(length, RY_BATTLE_PATH_BYTES);
    memcpy(battle->feed[0].path, path, length + 1);
}

/* ---- the machine ----------------------------------------------------------------------------- */

static void kit_apply(struct kit_machine *machine, const union ry_input_any *input)
{
    static const struct ry_arena_sink nowhere = {0};
    ck_assert_msg(ry_arena_apply(machine->arena, input, &nowhere) == RY_ARENA_APPLIED,
                  "malformed: kind %u, instrument %u, time %lld, price %lld, qty %u",
                  input->head.kind, input->head.instrument, (long long)input->head.time,
                  (long long)input->event.price, input->event.qty);
}

void kit_machine_open(struct kit_machine *machine, const struct ry_battle *battle)
{
    union ry_input_any input = {0};
    input.battle = (struct ry_input_battle){
        .head = {.kind = RY_IN_BATTLE,
                 .slots = RY_BATTLE_SLOTS,
                 .source = RY_SOURCE_CONTROL,
                 .time = battle->warmup_from,
                 .source_seq = 1},
        .warmup_from = battle->warmup_from,
        .trade_from = RY_TIME_NEVER - 1,
        .trade_to = RY_TIME_NEVER,
        .orders_max = battle->orders_max,
        .instruments = battle->instruments,
    };
    machine->bytes = ry_arena_footprint(&input.battle);
    machine->memory = mmap(NULL, machine->bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(machine->memory, MAP_FAILED);
    machine->arena = ry_arena_create(machine->memory, machine->bytes, &input.battle);
    ck_assert_ptr_nonnull(machine->arena);
    kit_apply(machine, &input);
    for (unsigned i = 0; i < battle->instruments; i++) {
        union ry_input_any instrument = {0};
        instrument.instrument = (struct ry_input_instrument){
            .head = {.kind = RY_IN_INSTRUMENT,
                     .slots = 3,
                     .instrument = (uint16_t)i,
                     .source = RY_SOURCE_FEED,
                     .time = battle->warmup_from,
                     .source_seq = i + 2},
            .currency = "USD",
            .price_scale = battle->instrument[i].price_scale,
            .tick_size = 1,
            .money_per_unit = 1,
        };
        memcpy(instrument.instrument.symbol, battle->instrument[i].symbol, RY_SYMBOL_BYTES);
        kit_apply(machine, &instrument);
    }
}

void kit_machine_close(struct kit_machine *machine)
{
    munmap(machine->memory, machine->bytes);
}

void kit_event(struct kit_machine *machine, const struct ry_input *event)
{
    union ry_input_any input = {.event = *event};
    input.head.source = RY_SOURCE_FEED;
    kit_apply(machine, &input);
}

/* ---- handlers -------------------------------------------------------------------------------- */

void kit_line(void *context, enum ry_log_level level, const char *text)
{
    struct kit_lines *lines = context;
    lines->count++;
    if (level <= RY_LOG_WARN) {
        lines->warnings++;
        snprintf(lines->warning, sizeof lines->warning, "%s", text);
    }
    snprintf(lines->last, sizeof lines->last, "%s", text);
}

struct ry_feed_handler *kit_handler(void)
{
    struct ry_feed_handler *handler = calloc(1, sizeof *handler);
    ck_assert_ptr_nonnull(handler);
    return handler;
}

/* A file of these bytes that vanishes with the handler; its path stands in the battle. */
static void kit_file(struct ry_battle *battle, const void *bytes, size_t length)
{
    char path[] = "/tmp/royale-test-XXXXXX";
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
    close(fd);
    kit_path(battle, path);
}

int kit_open_bytes(struct ry_feed_handler *handler, struct ry_battle *battle, const void *bytes,
                   size_t length)
{
    kit_file(battle, bytes, length);
    const int result = ry_feed_handler_open(handler, battle, 0, NULL, NULL);
    unlink(battle->feed[0].path);
    return result;
}

int kit_open_told(struct ry_feed_handler *handler, struct ry_battle *battle, const void *bytes,
                  size_t length, struct kit_lines *lines)
{
    const struct ry_log_sink log = {.line = kit_line, .context = lines};
    memset(lines, 0, sizeof *lines);
    kit_file(battle, bytes, length);
    const int result = ry_feed_handler_open(handler, battle, 0, NULL, &log);
    unlink(battle->feed[0].path);
    return result;
}

int kit_open_path(struct ry_feed_handler *handler, struct ry_battle *battle, const char *path,
                  struct kit_lines *lines)
{
    const struct ry_log_sink log = {.line = kit_line, .context = lines};
    memset(lines, 0, sizeof *lines);
    kit_path(battle, path);
    return ry_feed_handler_open(handler, battle, 0, NULL, &log);
}

enum ry_feed_handler_result kit_run(struct ry_feed_handler *handler, struct kit_machine *machine)
{
    struct ry_input event[KIT_ROOM];
    uint64_t seq = handler->source_seq;
    int64_t time = INT64_MIN;
    for (;;) {
        unsigned made;
        const enum ry_feed_handler_result result =
            ry_feed_handler_take(handler, event, KIT_ROOM, &made);
        for (unsigned i = 0; i < made; i++) {
            ck_assert_uint_eq(event[i].head.source_seq, ++seq);
            ck_assert_int_ge(event[i].head.time, time);
            ck_assert_uint_eq(event[i].head.slots, 1);
            time = event[i].head.time;
            if (event[i].head.kind != RY_IN_FEED_END && machine != NULL)
                kit_event(machine, &event[i]);
        }
        if (result != RY_FEED_HANDLER_EVENT && result != RY_FEED_HANDLER_QUIET)
            return result;
    }
}

void kit_counts_add_up(const struct ry_feed_counters *c)
{
    const uint64_t damaged =
        c->damaged_short + c->damaged_unknown_type + c->damaged_bad_length + c->damaged_bad_field;
    uint64_t sound = c->dbn_add + c->dbn_cancel + c->dbn_modify + c->dbn_clear + c->dbn_trade +
                     c->dbn_fill + c->dbn_none + c->dbn_symbol_mapping + c->dbn_status +
                     c->dbn_error + c->dbn_system + c->dbn_other;
#define X(type, length, name) sound += c->itch_##name;
    RY_WIRE_ITCH50_TYPES(X)
#undef X
    ck_assert_uint_eq(c->messages, sound + damaged);
}

/* ---- packets --------------------------------------------------------------------------------- */

enum ry_port_frames_result kit_next_frame(void *context, const uint8_t **bytes, size_t *length)
{
    struct kit_frames *frames = context;
    if (frames->next == frames->count)
        return frames->hold ? RY_PORT_FRAMES_NONE : RY_PORT_FRAMES_ENDED;
    *bytes = frames->frame[frames->next];
    *length = frames->length[frames->next++];
    return RY_PORT_FRAMES_FRAME;
}

bool kit_pcap(const char *path, struct kit_frames *frames)
{
    static uint8_t bytes[1u << 20];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    const size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    uint32_t magic;
    memcpy(&magic, bytes, 4);
    if (length < 24 || (magic != 0xa1b2c3d4u && magic != 0xa1b23c4du))
        return false;
    *frames = (struct kit_frames){0};
    for (size_t at = 24; at + 16 <= length;) {
        uint32_t captured;
        memcpy(&captured, bytes + at + 8, 4);
        at += 16;
        if (at + captured > length || frames->count == KIT_FRAMES_MAX)
            return false;
        frames->frame[frames->count] = bytes + at;
        frames->length[frames->count++] = captured;
        at += captured;
    }
    return true;
}
