/*
 * Commands that are other programs: `royale kafka`, `royale league`, `royale tail` become
 * royale-export, which alone links Kafka's library, `royale trace` royale-trace, which links an
 * HTTP client, `royale dev` a script. They take this process's place, so their exit codes are its
 * own.
 */
#ifndef RY_TOOLS_CLI_LAUNCH_H
#define RY_TOOLS_CLI_LAUNCH_H

/* royale-top, which alone draws on a terminal. */
int ry_cli_top(int argc, char **argv);
/* royale-web, which alone has an HTTP server. */
int ry_cli_web(int argc, char **argv);
/* royale-explain, which alone talks to language models. */
int ry_cli_explain(int argc, char **argv);
/* `export html DIR`: royale-web as well, which has the page. */
int ry_cli_export_html(int argc, char **argv);
int ry_cli_kafka(int argc, char **argv);
int ry_cli_league(int argc, char **argv);
/* `--kafka`: from Kafka's topics, else a battle's directory. */
int ry_cli_tail(int argc, char **argv);
int ry_cli_trace(int argc, char **argv);
/* `dev kafka`: a broker on this machine. */
int ry_cli_dev(int argc, char **argv);

#endif
