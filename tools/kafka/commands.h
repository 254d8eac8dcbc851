/*
 * Subcommands of royale-export that read from Kafka. argv[0] is the subcommand's name; they return
 * exit codes of tools/text/exit.h.
 */
#ifndef RY_TOOLS_KAFKA_COMMANDS_H
#define RY_TOOLS_KAFKA_COMMANDS_H

/* Rows as lines, live. */
int ry_kafka_tail_main(int argc, char **argv);

/* The table over all battles of all appliances. */
int ry_kafka_league_main(int argc, char **argv);

#endif
