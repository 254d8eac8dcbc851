/*
 * Exit codes of `royale`; royale(1) lists them for users.
 */
#ifndef RY_TOOLS_TEXT_EXIT_CODES_H
#define RY_TOOLS_TEXT_EXIT_CODES_H

#define RY_EXIT_OK          0
#define RY_EXIT_FAILED      1   /* the run failed: a process died, a gap, hashes that differ */
#define RY_EXIT_USAGE       2   /* wrong arguments or battle file */
#define RY_EXIT_ENVIRONMENT 3   /* a directory, a file or a binary is not what it should be */
#define RY_EXIT_SIGNAL      128 /* + the signal: stopped in order, the result stands */

#endif
