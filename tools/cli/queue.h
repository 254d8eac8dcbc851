/* `royale queue`: battles one after the other, and the hold that keeps them from beginning. */
#ifndef RY_TOOLS_CLI_QUEUE_H
#define RY_TOOLS_CLI_QUEUE_H

/* Returns an exit code. */
int ry_cli_queue(int argc, char **argv);

#endif
