/*
 * The handler: one feed, from bytes to events. Port, transport, decoder and normaliser in a row, by
 * the battle's word. No process, no ring: feed_main.c runs it, tests pull events from it.
 *
 *   file    -> BinaryFILE -> ITCH 5.0
 *   file    -> DBN
 *   packets -> Ethernet, IPv4, UDP, MoldUDP64 -> ITCH 5.0
 *
 * A file that cannot be read on, a hole in the sequence, a capture that lacks its beginning or its
 * end and a foreign session end the feed: a book that misses messages is no market. Damaged
 * messages are dropped and counted. A file that may lack its end (no system event 'C') is told of:
 * samples are made that way.
 */
#ifndef RY_FEEDS_HANDLER_H
#define RY_FEEDS_HANDLER_H

#include "feeds/market/dbn.h"
#include "feeds/market/itch.h"
#include "feeds/port/file.h"
#include "feeds/wire/moldudp64.h"
#include "shm/log.h"

#define RY_FEED_HANDLER_ERROR_BYTES (RY_PORT_FILE_ERROR_BYTES + 256)
/* Lines about unknown trading states; further ones are counted only. */
#define RY_FEED_HANDLER_STATES_TOLD 8

/* What a packet port answers. */
enum ry_port_packets_result {
    RY_PORT_PACKETS_FRAME = 1,
    RY_PORT_PACKETS_NONE = 0,   /* none at the moment */
    RY_PORT_PACKETS_ENDED = -1, /* a capture was read to its end */
};

/* Where frames come from; a port that can pause does so when it is not asked. The frame is good
 * until the next call. */
struct ry_port_packets {
    enum ry_port_packets_result (*next)(void *context, const uint8_t **frame, size_t *length);
    void *context;
};

/* Where lines for people go. */
struct ry_feed_handler_log {
    void (*line)(void *context, enum ry_log_level level, const char *text);
    void *context;
};

enum ry_feed_handler_result {
    RY_FEED_HANDLER_FAILED = -1, /* the feed is over; ry_feed_handler.error says why */
    RY_FEED_HANDLER_IDLE = 0,    /* nothing there at the moment */
    RY_FEED_HANDLER_QUIET = 1,   /* a message or packet was taken that made no event */
    RY_FEED_HANDLER_EVENT = 2,
    RY_FEED_HANDLER_END = 3, /* FEED_END has been given */
};

struct ry_feed_handler {
    const struct ry_battle *battle;
    const struct ry_battle_feed *feed;
    struct ry_feed_counters counters;
    struct ry_normalise_instruments instruments;
    struct ry_port_file *file;
    struct ry_port_packets packets;
    struct ry_feed_handler_log log;
    struct ry_normalise_itch itch;
    struct ry_normalise_dbn dbn;
    struct ry_wire_moldudp64 packet; /* with messages left */
    struct ry_line_moldudp64 line;
    uint64_t source_seq; /* of the last event, FEED_END included */
    bool begun;          /* DBN: the metadata have been read */
    bool ended;
    bool opened;
    char error[RY_FEED_HANDLER_ERROR_BYTES];
};

/* Opens the feed number `index`. packets: the port for feeds of RY_BATTLE_PORT_DPDK, NULL
 * otherwise. 0, or -1 with the reason in handler->error. Never waits; what a pipe holds is judged
 * when it has come. Large: not for the stack. */
int ry_feed_handler_open(struct ry_feed_handler *handler, const struct ry_battle *battle,
                         unsigned index, const struct ry_port_packets *packets,
                         const struct ry_feed_handler_log *log);

/* Tells what was dropped, and closes. */
void ry_feed_handler_close(struct ry_feed_handler *handler);

/* Takes one message or packet. Events count from 1 in head.source_seq; the last is FEED_END. */
enum ry_feed_handler_result ry_feed_handler_next(struct ry_feed_handler *handler,
                                                 struct ry_input *event);

#endif
