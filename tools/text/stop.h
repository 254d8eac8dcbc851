/*
 * SIGINT and SIGTERM end a program that follows a battle, in order.
 */
#ifndef RY_TOOLS_TEXT_STOP_H
#define RY_TOOLS_TEXT_STOP_H

#include <stdbool.h>

/* From here on the signals only say so. */
void ry_text_stop_by_signals(void);

/* One of them has come. */
bool ry_text_stopped(void);

#endif
