/*
 * `royale-export kafka WORD ...`: what people do with Kafka besides exporting to it.
 */
#ifndef RY_TOOLS_KAFKA_KAFKA_H
#define RY_TOOLS_KAFKA_KAFKA_H

/* argv[0] is "kafka", argv[1] the word. Exit codes of tools/text/exit.h. */
int ry_kafka_main(int argc, char **argv);

/* The words; argv[0] is the word. */
int ry_kafka_settings_main(int argc, char **argv);
int ry_kafka_topics_main(int argc, char **argv);
int ry_kafka_init_main(int argc, char **argv);
int ry_kafka_verify_main(int argc, char **argv);

#endif
