/* A program that the queue starts and waits for. */
#ifndef RY_TOOLS_QUEUE_PROCESS_H
#define RY_TOOLS_QUEUE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The program argv[0], looked for in PATH if it has no slash, with nothing to read; `out`: where it
 * prints, negative: where the queue does. -errno: it could not be started. */
pid_t ry_queue_process_start(char *const argv[], int out);

/* Waits until it has ended: its exit code, or 128 + the signal. `stops`: when the queue is asked to
 * stop, it gets one SIGTERM, and is waited for as before. */
int ry_queue_process_end(pid_t pid, bool stops);

/* Starts it, waits, and takes what it has printed, cut at bytes - 1. Its exit code, or -errno. */
int ry_queue_process_ask(char *const argv[], char *text, size_t bytes);

#endif
