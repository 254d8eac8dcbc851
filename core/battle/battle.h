/*
 * The battle, checked: what the battle file says, in numbers.
 *
 * The supervisor makes it from the file (core/battle/read.h), puts it into a sealed memfd and gives
 * that to each role; nobody else reads the file. Plain bytes, no pointers. The instruments follow
 * the struct. Keys, ranges and defaults: one table, core/battle/keys.def, which also makes
 * royale-battle(5).
 */
#ifndef RY_CORE_BATTLE_BATTLE_H
#define RY_CORE_BATTLE_BATTLE_H

#include "shm/base.h"
#include "shm/records/input.h"

#define RY_BATTLE_WEB_BYTES  64 /* "127.0.0.1:9474", with its NUL */
#define RY_BATTLE_ABI        5
#define RY_BATTLE_PATH_BYTES 512
#define RY_BATTLE_DATE_BYTES 12 /* YYYY-MM-DD */
#define RY_BATTLE_ZONE_BYTES 48
#define RY_BATTLE_CORE_NONE  -1 /* the planner chooses */

/* Names one battle for good: drawn at random when its journal is made, part of no hash. */
#define RY_BATTLE_ID_BYTES 16
struct ry_battle_id {
    uint8_t byte[RY_BATTLE_ID_BYTES];
};

/* What the battle file allows; within what the machine takes. */
#define RY_BATTLE_MONEY_MAX      INT64_C(1000000000000000000) /* 10^12 of the currency */
#define RY_BATTLE_POSITION_MAX   INT64_C(1000000000000)       /* lots */
#define RY_BATTLE_LATENCY_US_MIN (RY_LATENCY_NS_MIN / 1000)
#define RY_BATTLE_LATENCY_US_MAX INT64_C(60000000) /* a minute */
#define RY_BATTLE_ROUND_NS_MAX   (INT64_C(86400) * RY_NS_PER_SECOND * 7)
#define RY_BATTLE_COMMANDS_MAX   1024 /* of one callback; far less than RY_COMMANDS_SLOTS */

enum ry_battle_feed_format {
    RY_BATTLE_FORMAT_ITCH50 = 1,
    RY_BATTLE_FORMAT_DBN = 2,
};

enum ry_battle_feed_port {
    RY_BATTLE_PORT_FILE = 1, /* `path`: BinaryFILE (plain, .gz) or DBN (plain, .zst) */
    RY_BATTLE_PORT_DPDK =
        2, /* `device`: a PCI address or a vdev; or `path`: a pcap, through the net_pcap vdev */
    RY_BATTLE_PORT_PCAP = 3, /* `path`: a capture, through libpcap */
};

/* What becomes of a battle whose record says of itself that it is incomplete. */
enum ry_battle_incomplete {
    RY_BATTLE_INCOMPLETE_END = 0,  /* the feed ends with an error */
    RY_BATTLE_INCOMPLETE_WARN = 1, /* an INCOMPLETE input; the result is stamped */
};

#define RY_BATTLE_PUBLISHER_BYTES 32
#define RY_BATTLE_APPLIANCE_BYTES 64
#define RY_BATTLE_EXPORT_END_S    86400 /* at most */

struct ry_battle_feed {
    char name[RY_NAME_BYTES];
    uint8_t format;     /* enum ry_battle_feed_format */
    uint8_t port;       /* enum ry_battle_feed_port */
    uint16_t udp_port;  /* DPDK, pcap: only packets to this port; 0: all */
    uint8_t incomplete; /* enum ry_battle_incomplete */
    uint8_t zero[3];
    uint32_t group; /* DPDK, pcap: only packets to this IPv4 address; 0: all */
    char publisher[RY_BATTLE_PUBLISHER_BYTES]; /* DBN: of whom records are taken; empty: the first's
                                                */
    char path[RY_BATTLE_PATH_BYTES];           /* absolute; empty: none */
    char device[RY_BATTLE_PATH_BYTES];         /* empty: none */
};

/* Where royale-export gives the battle's rows. */
enum ry_battle_sink {
    RY_BATTLE_SINK_NONE = 0, /* no such process */
    RY_BATTLE_SINK_JSONL = 1,
    RY_BATTLE_SINK_KAFKA = 2,
};

/* All zero without a sink. No secret lies here: Kafka's are in its settings file. */
struct ry_battle_export {
    uint8_t sink; /* enum ry_battle_sink */
    uint8_t zero[3];
    uint32_t end_s;        /* what the exporter may take when the battle is over */
    uint64_t rotate_bytes; /* JSONL: a new file from here on */
    char appliance[RY_BATTLE_APPLIANCE_BYTES]; /* JSONL: a member of each row; empty: none */
    char out[RY_BATTLE_PATH_BYTES];            /* JSONL: a folder that ends in '/'; a relative one
                                                  lies in the battle's directory */
    char config[RY_BATTLE_PATH_BYTES];         /* Kafka: its settings file, absolute */
};

struct ry_battle_instrument {
    char symbol[RY_SYMBOL_BYTES];
    int64_t tick_size;      /* price units */
    int64_t money_per_unit; /* money for 1 price unit of 1 lot */
    uint8_t price_scale;
    uint8_t feed; /* index */
    uint8_t zero[6];
};

#define RY_BATTLE_PARAMS_BYTES 1024

/* In place of a strategy's path: the program that embeds the battle is that agent. */
#define RY_BATTLE_STRATEGY_EMBEDDED "embedded"

struct ry_battle_agent {
    char name[RY_NAME_BYTES];
    char strategy[RY_BATTLE_PATH_BYTES]; /* absolute path of the .so, or "embedded" */
    char params[RY_BATTLE_PARAMS_BYTES]; /* "key=value" lines, checked to be plain text; the
                                     strategy reads them */
    int64_t cash;                        /* money */
    int64_t latency_ns;                  /* >= RY_LATENCY_NS_MIN */
    int64_t jitter_ns;
    int64_t notional_max; /* these and the rest: RULES of risk, one set an agent */
    int64_t position_max;
    int64_t loss_max;
    uint32_t quantity_max;
    uint32_t open_orders_max;
    uint32_t rate_max;
    uint32_t collar_ppm;
    uint32_t collar_ticks;
    int16_t core;
    uint16_t zero;
};

/* What becomes of the journal of a battle that has ended. */
enum ry_battle_compress {
    RY_BATTLE_COMPRESS_AUTO = 0, /* ZSTD in a library, else NONE */
    RY_BATTLE_COMPRESS_ZSTD,
    RY_BATTLE_COMPRESS_NONE,
};

/* How a battle is run. */
enum ry_battle_processes {
    RY_BATTLE_PROCESSES_EACH = 0, /* a process a role */
    RY_BATTLE_PROCESSES_ONE,      /* feeds, exec, journal and agents are one */
};

/* How many finished battles of one name stay (core/battle/keep.h); 0: as many as there are. */
struct ry_battle_keep {
    uint32_t battles;
    uint32_t days;
    uint32_t gib;
};

struct ry_battle {
    uint32_t abi;
    uint32_t zero;
    char name[RY_NAME_BYTES];
    uint64_t seed;
    char currency[4];
    char date[RY_BATTLE_DATE_BYTES];
    char zone[RY_BATTLE_ZONE_BYTES];
    int64_t midnight; /* local midnight of `date` in `zone`, ns UTC: what feeds' times of day count
                         from */
    int64_t warmup_from;
    int64_t trade_from;
    int64_t trade_to; /* RY_TIME_NEVER: when the feeds end */
    uint32_t orders_max;
    uint8_t market; /* enum ry_market_mode */
    uint8_t feeds;
    uint16_t instruments;
    uint32_t journal_block_bytes;
    /* Cores from the placement section: RY_BATTLE_CORE_NONE or a core of this machine. */
    int16_t core_feed[RY_FEEDS_MAX];
    int16_t core_exec;
    int16_t core_journal;
    int16_t core_supervisor;
    uint8_t allow_empty; /* a battle in which nothing can happen is a warning, no failure */
    /* The terminal that the battle is started from shows it (role "top"). `royale run` alone sets
     * it; no battle file has it, nothing that is decided depends on it. */
    uint8_t screen;
    uint8_t compress;  /* enum ry_battle_compress */
    uint8_t processes; /* enum ry_battle_processes */
    uint8_t zero2[2];
    /* Likewise: where its page is to be (role "web"); "": nowhere. */
    char web[RY_BATTLE_WEB_BYTES];
    /* The game; all zero where there are no agents. */
    int64_t round_ns;
    uint32_t min_fills;
    uint32_t haircut_ppm;
    int32_t fee_maker_ppm;
    int32_t fee_taker_ppm;
    uint32_t stall_s;
    uint32_t commands_max; /* a callback */
    uint32_t agents;
    uint32_t haircut_ticks;
    uint32_t load_s; /* wall time that strategies may take to load */
    uint32_t
        trace_every; /* of so many records of a feed one is traced (shm/records/span.h); 0: none */
    struct ry_battle_keep keep;
    uint32_t zero3;
    struct ry_battle_agent
        agent[RY_AGENTS_MAX]; /* an agent's own process sees its own entry only, the others zero, */
    struct ry_battle_feed feed[RY_FEEDS_MAX]; /* no feed, */
    struct ry_battle_export export;           /* and no export */
    struct ry_battle_instrument instrument[]; /* `instruments` of them; ids are indices */
};

static inline size_t ry_battle_bytes(unsigned instruments)
{
    return sizeof(struct ry_battle) + instruments * sizeof(struct ry_battle_instrument);
}

#endif
