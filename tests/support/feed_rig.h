/*
 * What the feed tests share: battles, handlers over bytes, files and packets, and the machine
 * behind them.
 */
#ifndef RY_TESTS_SUPPORT_FEED_RIG_H
#define RY_TESTS_SUPPORT_FEED_RIG_H

#include "core/arena/arena.h"
#include "feeds/handler.h"
#include "tests/support/test.h"
#include "tests/support/wire_rig.h"

#define KIT_MIDNIGHT INT64_C(1577682000000000000) /* 2019-12-30 00:00 in New York */

/* A battle of one feed whose instruments have these symbols. */
struct ry_battle *kit_battle(const char *const *symbols, unsigned count, unsigned price_scale);

void kit_path(struct ry_battle *battle, const char *path);

/* ---- the machine ----------------------------------------------------------------------------- */

struct kit_machine {
    struct ry_arena *arena;
    void *memory;
    size_t bytes;
};

void kit_machine_open(struct kit_machine *machine, const struct ry_battle *battle);

void kit_machine_close(struct kit_machine *machine);

void kit_event(struct kit_machine *machine, const struct ry_input *event);

/* ---- handlers -------------------------------------------------------------------------------- */

struct kit_lines {
    unsigned count, warnings;
    char last[1024];
    char warning[1024]; /* the last one */
};

void kit_line(void *context, enum ry_log_level level, const char *text);

struct ry_feed_handler *kit_handler(void);

/* Opens the handler on bytes: the file is gone before the first read of a message. */
int kit_open_bytes(struct ry_feed_handler *handler, struct ry_battle *battle, const void *bytes,
                   size_t length);

/* The same, with the lines that it says. */
int kit_open_told(struct ry_feed_handler *handler, struct ry_battle *battle, const void *bytes,
                  size_t length, struct kit_lines *lines);

/* Opens the handler on a file that is there, with the lines that it says. */
int kit_open_path(struct ry_feed_handler *handler, struct ry_battle *battle, const char *path,
                  struct kit_lines *lines);

/* Runs to the end; every event goes to the machine (if there is one). Returns how the run ended. */
enum ry_feed_handler_result kit_run(struct ry_feed_handler *handler, struct kit_machine *machine);

/* Every message is counted once: by its type or as damaged. */
void kit_counts_add_up(const struct ry_feed_counters *c);

/* ---- packets --------------------------------------------------------------------------------- */

#define KIT_FRAMES_MAX 128

struct kit_frames {
    const uint8_t *frame[KIT_FRAMES_MAX];
    size_t length[KIT_FRAMES_MAX];
    unsigned count, next;
    bool hold; /* behind the last: none at the moment, instead of the end */
};

enum ry_port_frames_result kit_next_frame(void *context, const uint8_t **bytes, size_t *length);

/* Reads a classic pcap file (little-endian, Ethernet) into memory that stays; false if it is none.
 */
bool kit_pcap(const char *path, struct kit_frames *frames);

#endif
