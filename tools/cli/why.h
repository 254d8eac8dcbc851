/*
 * `royale why`: the life of an order.
 */
#ifndef RY_TOOLS_CLI_WHY_H
#define RY_TOOLS_CLI_WHY_H

int ry_cli_why(int argc, char **argv);

#endif
