/* `royale codes`: the codes that records carry, with what each means and what to do about it. */
#ifndef RY_TOOLS_CLI_CODES_H
#define RY_TOOLS_CLI_CODES_H

int ry_cli_codes(int argc, char **argv);

#endif
