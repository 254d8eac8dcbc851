/*
 * What royale-web knows of the battle in a directory. Two threads share it:
 *   the watcher   the program's main thread: follows the journal, goes to the observers' door, and
 *                 both may take their time (tools/web/watcher.h)
 *   the server    answers requests with what the watcher has put down last, and never waits for
 *                 more (tools/web/server.h)
 * The lock is held to put it down and to write it out, a few milliseconds at most.
 *
 * All is of one battle. What is known of it stays when it has ended, until another begins in the
 * same place.
 */
#ifndef RY_TOOLS_WEB_STATE_H
#define RY_TOOLS_WEB_STATE_H

#include <pthread.h>

#include "core/results/board.h"
#include "tools/watch/watch.h"
#include "tools/web/stream.h"

#define RY_WEB_PROCESSES_MAX RY_WATCH_PROCESSES_MAX
#define RY_WEB_FOLDER_BYTES  256 /* the name of a battle's folder, with its NUL */
#define RY_WEB_ID_BYTES      (2 * RY_BATTLE_ID_BYTES + 1)

/* One process, of the battle that runs or ran while it was watched. */
struct ry_web_process {
    char name[RY_NAME_BYTES]; /* "feed0" */
    char own[RY_NAME_BYTES];  /* of the battle file: a feed's, an agent's; else "" */
    enum ry_watch_state state;
    int64_t beat_age_ns; /* -1: not known, or it has ended */
    int busy_permille;   /* -1: not known */
    uint64_t lag, lost;
    bool damaged; /* it has written labels that cannot be read: none of its counters is known */
    unsigned counters;
    uint64_t value[RY_COUNTERS_MAX];
    struct ry_counters_description description;
};

/* How the journal is followed. */
enum ry_web_follower {
    RY_WEB_FOLLOWS_NOTHING = 0, /* no journal yet */
    RY_WEB_FOLLOWS,
    RY_WEB_FOLLOWED,     /* to the battle's end */
    RY_WEB_FOLLOWS_LESS, /* the journal is damaged: the figures stay what they are */
};

struct ry_web_agent {
    char name[RY_NAME_BYTES];
    unsigned rank; /* at this moment, from 1 */
    bool out, goes_next;
    unsigned positions;
    __int128 equity, profit, score, drawdown; /* money */
    uint64_t fills, rejects;
};

struct ry_web_battle {
    char name[RY_NAME_BYTES];
    char id[RY_WEB_ID_BYTES]; /* 32 hexadecimal digits; "": no journal yet */
    enum ry_web_follower follower;
    uint64_t inputs; /* applied */
    uint64_t lag;    /* inputs that the journal has and that were not applied; 0 if not known */
    int64_t time;    /* T of the last; 0: none */
    int permille;    /* of the market time; -1: not known */
    uint32_t round;
    int64_t left_ns; /* of the round; -1: none is played, or its end is not known */
    bool ended;
    char stamp[RY_RESULTS_STAMP_BYTES];     /* "": reproducible and whole so far */
    uint64_t alarms[RY_WATCH_CRITICAL + 1]; /* by severity */
    unsigned agents;
    struct ry_web_agent agent[RY_AGENTS_MAX]; /* best first */
};

/* What was asked of the server. The server's thread alone uses it. */
struct ry_web_counts {
    uint64_t answered, refused, failed; /* requests */
    uint64_t scrapes;                   /* made; requests that come close together share one */
    unsigned dropped; /* of the last: samples that would have been there twice, or of two kinds */
    unsigned streams; /* clients of the stream */
    uint64_t slow;    /* connections that did not ask in time */
    struct ry_web_stream_counts stream;
};

struct ry_web_state {
    pthread_mutex_t lock;
    bool up;                          /* the battle's door was answered at the last look */
    int64_t looked_ns;                /* when the watcher put this down, by ry_clock_ns */
    char folder[RY_WEB_FOLDER_BYTES]; /* name of the one in focus; "": none */
    struct ry_web_battle battle;
    unsigned processes;
    struct ry_web_process process[RY_WEB_PROCESSES_MAX];
    struct ry_web_counts counts;
};

#endif
