#include "tools/cli/topology.h"

#include <getopt.h>
#include <stdio.h>

#include "core/supervisor/topology.h"
#include "tools/text/exit_codes.h"
#include "tools/text/report.h"

static const char usage[] =
    "usage: royale topology\n"
    "Prints the processes of a battle and the shared memory between them, as two tables in Markdown.\n";

int ry_cli_topology(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
    int c = getopt_long(argc, argv, "h", options, NULL);
    if (c != -1 || optind != argc) {
        fputs(usage, c == 'h' ? stdout : stderr);
        return c == 'h' ? RY_EXIT_OK : RY_EXIT_USAGE;
    }
    ry_supervisor_topology_print(stdout, &ry_supervisor_topology);
    return ry_text_written(stdout) ? RY_EXIT_OK : RY_EXIT_FAILED;
}
