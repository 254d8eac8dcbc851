/* `royale check FILE`: reads a battle file, says what it means. Returns the exit code. */
#ifndef RY_TOOLS_CMD_CHECK_H
#define RY_TOOLS_CMD_CHECK_H

int ry_check_main(int argc, char **argv);

#endif
