/*
 * The baseline of the stream: a bare epoll loop that answers every connection with one and the same
 * head and then writes every frame to all. No ring, no request that is read, no memory of who has
 * what: a connection that takes no more loses frames.
 */
#ifndef RY_TESTS_SUPPORT_BENCH_BARE_H
#define RY_TESTS_SUPPORT_BENCH_BARE_H

#include "tools/web/outlet.h"

/* A thread that serves `listener`, for as long as the process lives. */
void ry_bench_bare_start(struct ry_web_outlet *outlet, int listener);

#endif
