#include "tools/cli/topology.h"

#include <stdio.h>

#include "core/supervisor/topology.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"

static const struct ry_text_command command = {
    .name = "royale topology",
    .about =
        "Prints the processes of a battle and the shared memory between them, as two tables in "
        "Markdown.\n",
};

int ry_cli_topology(int argc, char **argv)
{
    const int code = ry_text_options(&command, argc, argv, NULL, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    ry_supervisor_topology_print(stdout, &ry_supervisor_topology);
    return RY_EXIT_OK;
}
