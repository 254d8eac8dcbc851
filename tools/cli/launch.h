/*
 * Commands that are other programs: `royale kafka`, `royale league`, `royale tail` become
 * royale-export, which alone links Kafka's library, `royale dev` a script. They take this process's
 * place, so their exit codes are its own.
 */
#ifndef RY_TOOLS_CLI_LAUNCH_H
#define RY_TOOLS_CLI_LAUNCH_H

int ry_cli_kafka(int argc, char **argv);
int ry_cli_league(int argc, char **argv);
/* `--kafka`: from Kafka's topics, else a battle's directory. */
int ry_cli_tail(int argc, char **argv);
/* `dev kafka`: a broker on this machine. */
int ry_cli_dev(int argc, char **argv);

#endif
