/*
 * All of royale-web that serves one battle, or a library of them: pages, the watcher with its
 * frames, the API and the server. As a program of its own (tools/web/web.c), and as a role of the
 * battle that it shows (tools/web/role.c):
 *
 *     ry_web_serving_open(&serving, &of, why, sizeof why);
 *     while (...)
 *         ry_web_serving_turn(&serving);        the watcher's turn: applies inputs, or waits a
 * moment ry_web_serving_close(&serving);
 */
#ifndef RY_TOOLS_WEB_SERVING_H
#define RY_TOOLS_WEB_SERVING_H

#include "tools/web/server.h"
#include "tools/web/watcher.h"

#define RY_WEB_WHY_BYTES (PATH_MAX + 256)
#define RY_WEB_NICE      10 /* the battle's processes go first where cores are few */

/* Large: static, or a role's own. */
struct ry_web_serving {
    struct ry_web_state state;
    struct ry_web_outlet outlet;
    struct ry_web_focus focus;
    struct ry_web_pages pages;
    struct ry_web_watcher watcher;
    struct ry_web_server server;
    struct ry_api_options options;
    struct ry_api *api;
    int64_t ended_ns; /* when the battle in focus was seen to have ended; 0: it has not */
};

struct ry_web_serving_of {
    struct ry_api_options api; /* the directory, and whether it is a library; what may be written */
    struct ry_web_links *links; /* of a role; NULL: the observers' door */
    struct ry_keys *keys;       /* the caller's; the server's thread uses them until it is closed */
    int listener;               /* of ry_web_listen; taken over in every case */
};

/* 0, or -1 with the reason. */
int ry_web_serving_open(struct ry_web_serving *serving, const struct ry_web_serving_of *of,
                        char why[RY_WEB_WHY_BYTES]);
void ry_web_serving_turn(struct ry_web_serving *serving);
void ry_web_serving_close(struct ry_web_serving *serving);

/* The battle has ended, or cannot be followed to its end, and whoever reads the stream has had a
 * second to be told. */
bool ry_web_serving_over(struct ry_web_serving *serving);

#endif
