/*
 * The metadata of a DBN file against the battle: the schema, the publisher, the symbols' instrument
 * ids in the battle's hours. Read by the pipeline (feeds/dbn_file.c) and, before a battle starts,
 * by `royale check`.
 */
#ifndef RY_FEEDS_DBN_METADATA_H
#define RY_FEEDS_DBN_METADATA_H

#include "feeds/handler.h"
#include "feeds/market/dbn_symbols.h"
#include "feeds/port/file.h"

/* Whose complaint it is, and where it goes. */
struct ry_feed_dbn_check {
    const struct ry_battle *battle;
    unsigned feed; /* index */
    const char *path;
    const struct ry_log_sink *log;
    char *error; /* RY_FEED_HANDLER_ERROR_BYTES: why the feed must end */
};

/* Looks at prelude and metadata, which begin the file and stay in its buffer: `bytes` of them.
 * QUIET: they are there; IDLE: not all yet; FAILED: with the reason. */
enum ry_feed_handler_result ry_feed_dbn_metadata_read(const struct ry_feed_dbn_check *check,
                                                      struct ry_port_file *file,
                                                      struct ry_wire_dbn_metadata *metadata,
                                                      size_t *bytes);

/* Judges the metadata, whose mappings `symbols` has taken. 0, or -1 with the reason; lines about
 * what is odd. */
int ry_feed_dbn_metadata_judge(const struct ry_feed_dbn_check *check,
                               const struct ry_normalise_dbn_symbols *symbols,
                               const struct ry_wire_dbn_metadata *metadata);

/* The feed's publisher, 0 if the battle names none. 0, or -1 with the reason. */
int ry_feed_dbn_publisher(const struct ry_feed_dbn_check *check, uint16_t *publisher);

/* "ES.c.0 is instrument 100 before 2024-03-15 .." and what to do. */
void ry_feed_dbn_explain_roll(const struct ry_feed_dbn_check *check,
                              const struct ry_normalise_dbn_symbols *symbols);

/* All of that for a file that nobody reads yet: 0, or -1 with the reason. */
int ry_feed_dbn_check(const struct ry_feed_dbn_check *check);

#endif
