/* How the queue stands, for people and for programs. */
#include <stdio.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/queue/busy.h"
#include "tools/queue/hold.h"
#include "tools/queue/list.h"
#include "tools/queue/record.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"

#define FORMAT      1
#define STATE_WIDTH 9 /* of the longest state, and a blank */

/* What is known of a battle of the list: of this pass, else nothing. */
static const json_t *ended(const json_t *record, const char *battle)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(record, "battles"), i, one)
    {
        const char *name = json_string_value(json_object_get(one, "battle"));
        if (name != NULL && strcmp(name, battle) == 0)
            return one;
    }
    return NULL;
}

static const char *text_of(const json_t *object, const char *key, const char *instead)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : instead;
}

/* "running" of one that was killed means that it broke off. */
static const char *state_of(const json_t *record, int locked)
{
    const char *state = text_of(record, "state", "never run");
    if (locked > 0)
        return "running";
    return strcmp(state, "running") == 0 ? "broke off" : state;
}

static const char *state_of_battle(const json_t *record, const char *battle, int locked)
{
    const json_t *one = ended(record, battle);
    if (one != NULL)
        return text_of(one, "outcome", "?");
    const char *running = text_of(record, "running", "");
    if (locked > 0 && strcmp(running, battle) == 0)
        return "running";
    return "waits";
}

static void put_text(const struct ry_queue_list *list, const json_t *hold, const json_t *record,
                     int locked, const char *busy)
{
    char why[RY_QUEUE_WHY_BYTES];
    if (hold != NULL)
        printf("held since %s by %s%s%s: no battle begins\n", text_of(hold, "held", "?"),
               text_of(hold, "user", "?"), text_of(hold, "why", "")[0] != '\0' ? ": " : "",
               ry_printable(why, text_of(hold, "why", ""), sizeof why));
    else
        puts("not held");
    printf("queue: %s\n", state_of(record, locked));
    printf("runs: %s\n", busy[0] != '\0' ? busy : "nothing");
    for (unsigned i = 0; i < list->count; i++) {
        const json_t *one = ended(record, list->name[i]);
        const char *said = text_of(one, "why", ""), *when = text_of(one, "ended", "");
        printf("%3u  %-24s %-*s%s%s%s\n", i + 1, list->name[i], when[0] != '\0' ? STATE_WIDTH : 0,
               state_of_battle(record, list->name[i], locked), when, said[0] != '\0' ? "  " : "",
               ry_printable(why, said, sizeof why));
    }
}

static void put_json(const struct ry_queue *queue, const struct ry_queue_list *list, json_t *hold,
                     const json_t *record, int locked, const char *busy)
{
    json_t *root = ry_text_json_whole(json_object()), *battles = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < list->count; i++) {
        const json_t *known = ended(record, list->name[i]);
        json_t *one = known != NULL ? ry_text_json_whole(json_deep_copy(known))
                                    : ry_text_json_whole(json_object());
        ry_text_json_set(one, "battle", json_string(list->name[i]));
        ry_text_json_set(one, "state", json_string(state_of_battle(record, list->name[i], locked)));
        ry_text_json_add(battles, one);
    }
    ry_text_json_set(root, "format", json_integer(FORMAT));
    ry_text_json_set(root, "battles_folder",
                     ry_text_json_string(queue->battles, strlen(queue->battles)));
    ry_text_json_set(root, "held", json_boolean(hold != NULL));
    ry_text_json_set(root, "hold", hold != NULL ? json_incref(hold) : json_null());
    ry_text_json_set(root, "queue", json_string(state_of(record, locked)));
    ry_text_json_set(root, "busy", json_boolean(busy[0] != '\0'));
    ry_text_json_set(root, "runs", busy[0] != '\0' ? json_string(busy) : json_null());
    ry_text_json_set(root, "battles", battles);
    (void)json_dumpf(root, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    putchar('\n');
    json_decref(root);
}

static void say_unknown(char busy[RY_QUEUE_WHY_BYTES])
{
    char why[RY_QUEUE_WHY_BYTES];
    snprintf(why, sizeof why, "not known: %.*s", (int)sizeof why - 16, busy);
    memcpy(busy, why, sizeof why);
}

int ry_queue_status(const struct ry_queue *queue, bool json)
{
    struct ry_queue_list list;
    char busy[RY_QUEUE_WHY_BYTES];
    int code = ry_queue_list_read(&list, queue);
    if (code != RY_EXIT_OK)
        return code;
    ry_queue_list_warn(&list, queue);
    const int locked = ry_queue_locked(queue);
    if (ry_queue_busy(queue, busy) < 0)
        say_unknown(busy);
    json_t *hold = ry_queue_hold_read(queue), *record = ry_queue_record_read(queue);
    if (json)
        put_json(queue, &list, hold, record, locked, busy);
    else
        put_text(&list, hold, record, locked, busy);
    json_decref(hold);
    json_decref(record);
    ry_queue_list_free(&list);
    return ry_text_written(stdout) ? RY_EXIT_OK : RY_EXIT_FAILED;
}

int ry_queue_list(const struct ry_queue *queue, bool json)
{
    struct ry_queue_list list;
    const int code = ry_queue_list_read(&list, queue);
    json_t *names = ry_text_json_whole(json_array());
    ry_queue_list_warn(&list, queue);
    for (unsigned i = 0; code == RY_EXIT_OK && i < list.count; i++)
        if (json)
            ry_text_json_add(names, json_string(list.name[i]));
        else
            puts(list.name[i]);
    if (json && code == RY_EXIT_OK)
        (void)ry_text_json_line(stdout, names);
    else
        json_decref(names);
    ry_queue_list_free(&list);
    return code;
}
