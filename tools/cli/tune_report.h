/* `royale tune report`: what the machine is tuned for, for tools/proof. */
#ifndef RY_TOOLS_CLI_TUNE_REPORT_H
#define RY_TOOLS_CLI_TUNE_REPORT_H

/* argv[0] is "report". The exit code. */
int ry_cli_tune_report(int argc, char **argv);

#endif
