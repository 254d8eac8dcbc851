/* `royale plan [FILE]`: a machine as a picture, with the processes of a battle in it. */
#ifndef RY_TOOLS_CLI_PLAN_H
#define RY_TOOLS_CLI_PLAN_H

/* Returns an exit code. */
int ry_cli_plan_draw(int argc, char **argv);

#endif
