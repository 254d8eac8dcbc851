/*
 * A strategy's file, read as data: whether royale-agent could load it. No line of it runs. `royale
 * check` asks about those of a battle file, royale-web about one that is sent to it.
 */
#ifndef RY_TOOLS_STRATEGY_FILE_H
#define RY_TOOLS_STRATEGY_FILE_H

#define RY_STRATEGY_WHY_BYTES 256

/* What is wrong with it, and what to do; NULL: nothing. `why` is room for words. */
const char *ry_strategy_file(const char *path, char why[RY_STRATEGY_WHY_BYTES]);

#endif
