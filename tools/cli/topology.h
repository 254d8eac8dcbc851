/* `royale topology`: the roles of a battle and the regions between them, in Markdown. */
#ifndef RY_TOOLS_CLI_TOPOLOGY_H
#define RY_TOOLS_CLI_TOPOLOGY_H

/* Returns an exit code. */
int ry_cli_topology(int argc, char **argv);

#endif
