/* `royale key create|list|revoke|rotate`: who may ask royale-web. Returns the exit code. */
#ifndef RY_TOOLS_CLI_KEY_H
#define RY_TOOLS_CLI_KEY_H

int ry_cli_key(int argc, char **argv);

#endif
