/* royale-export: the rows of a battle for other systems; alone, or as a role of one that runs. And
 * whatever else talks to Kafka: this program alone links its library. */
#include <malloc.h>
#include <string.h>

#include "core/role/role.h"
#include "shm/clock.h"
#include "tools/export/export.h"
#include "tools/kafka/commands.h"
#include "tools/kafka/kafka.h"
#include "tools/text/exit.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
} commands[] = {
    {"kafka", ry_kafka_main},
    {"league", ry_kafka_league_main},
    {"tail", ry_kafka_tail_main},
};

static int run(int argc, char **argv)
{
    for (unsigned i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return ry_export_alone_main(argc, argv);
}

/* A message of librdkafka is allocated in the thread that sends and freed in the broker's thread.
 * With an arena for each thread the freed pieces pile up in the sender's, and its malloc searches
 * them: one arena for all makes a fifth more rows a second. */
static void share_one_arena(void)
{
    (void)mallopt(M_ARENA_MAX, 1);
}

int main(int argc, char **argv)
{
    share_one_arena();
    if (ry_role_started(argc, argv))
        return ry_export_role_main(argc, argv);
    (void)ry_clock_init();
    return ry_text_end(run(argc, argv));
}
