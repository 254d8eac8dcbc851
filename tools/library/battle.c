/* What the folder of one battle says without running its machine. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/follow/observe.h"
#include "core/journal/read.h"
#include "tools/library/internal.h"
#include "tools/text/json.h"
#include "tools/text/row_value.h"

#define RESULTS_FILE      "results.json"
#define RESULTS_BYTES_MAX (16u << 20)

/* ---- the journal ----------------------------------------------------------------------------- */

/* From head to head, without their records: what is there to the last block that looks whole. Goes
 * on where it ended the last time. */
static void walk(struct ry_library_battle *battle, int fd)
{
    size_t padded;
    for (;;) {
        struct ry_journal_block block;
        uint8_t bytes[sizeof block];
        if (pread(fd, bytes, sizeof bytes, (off_t)battle->walked) != (ssize_t)sizeof bytes ||
            ry_journal_block_peek(bytes, sizeof bytes, &padded) != RY_JOURNAL_WHOLE)
            return;
        memcpy(&block, bytes, sizeof block);
        if (battle->walked + padded > battle->bytes)
            return;
        battle->walked += padded;
        battle->inputs = block.first_input + block.count - 1;
        battle->ended = (block.flags & RY_JOURNAL_LAST) != 0;
    }
}

/* Of a compressed journal, which is one of a battle that has ended. */
static void read_facts(struct ry_library_battle *battle, int fd)
{
    struct ry_journal_facts facts;
    if (ry_journal_facts_read(fd, &facts) == 0) {
        battle->file = facts.file;
        battle->inputs = facts.inputs;
        battle->packed = true;
        battle->plain_bytes = facts.bytes;
        battle->ended = true;
        battle->begun_ns = facts.begun_ns;
        battle->changed_ns = facts.changed_ns;
    }
    close(fd);
}

static void read_journal(struct ry_library_battle *battle, const char *path)
{
    struct ry_journal_reader reader;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const struct stat *seen = &battle->seen_journal;
    const int64_t before_ns = battle->begun_ns;
    struct statx born = {.stx_mask = 0};
    (void)statx(AT_FDCWD, path, 0, STATX_BTIME, &born);
    battle->bytes = battle->plain_bytes = (uint64_t)seen->st_size;
    battle->changed_ns = (int64_t)seen->st_mtim.tv_sec * RY_NS_PER_SECOND + seen->st_mtim.tv_nsec;
    battle->begun_ns = (born.stx_mask & STATX_BTIME) != 0
                           ? born.stx_btime.tv_sec * RY_NS_PER_SECOND + born.stx_btime.tv_nsec
                           : battle->changed_ns;
    if (before_ns != battle->begun_ns || battle->walked_ino != seen->st_ino ||
        battle->bytes < battle->walked) {
        battle->walked = RY_JOURNAL_ALIGN;
        battle->walked_ino = seen->st_ino;
        battle->inputs = 0;
        battle->ended = false;
    }
    battle->file = (struct ry_journal_file){.magic = 0};
    battle->damaged = battle->packed = false;
    if (fd < 0) {
        battle->seen_journal = (struct stat){.st_size = 0}; /* it went meanwhile: look again */
        return;
    }
    if (ry_journal_is_packed(fd)) {
        read_facts(battle, fd);
        return;
    }
    walk(battle, fd);
    if (ry_journal_open_fd(&reader, fd, path) != 0) /* closes it */
        return;
    battle->file = reader.file;
    ry_journal_close(&reader);
}

/* ---- results.json ---------------------------------------------------------------------------- */

static void read_results(struct ry_library_battle *battle, const char *path)
{
    char id[RY_TEXT_ID_BYTES];
    json_decref(battle->results);
    battle->results = NULL;
    if (battle->seen_results.st_size > RESULTS_BYTES_MAX)
        return;
    json_t *results = json_load_file(path, 0, NULL);
    const char *of = json_string_value(json_object_get(results, "battle_id"));
    if (of != NULL && strcmp(of, ry_text_row_id(id, &battle->file.battle_id)) == 0)
        battle->results = results;
    else
        json_decref(results); /* of a battle that was here before */
}

/* ---- both ------------------------------------------------------------------------------------ */

static bool has_changed(struct stat *seen, const char *path)
{
    struct stat now;
    if (stat(path, &now) != 0)
        now = (struct stat){.st_size = 0};
    const bool same = now.st_ino == seen->st_ino && now.st_size == seen->st_size &&
                      now.st_mtim.tv_sec == seen->st_mtim.tv_sec &&
                      now.st_mtim.tv_nsec == seen->st_mtim.tv_nsec;
    *seen = now;
    return !same;
}

/* And where it is. One that is being compressed may lose its first name between two looks. */
static bool has_journal_changed(struct ry_library_battle *battle, char *path, size_t path_bytes)
{
    bool changed = false;
    for (unsigned i = 0; i < 2 && (i == 0 || battle->seen_journal.st_ino == 0); i++) {
        if (ry_journal_find(battle->directory, path, path_bytes) != 0)
            path[0] = '\0'; /* which no file has */
        changed |= has_changed(&battle->seen_journal, path);
    }
    return changed;
}

/* A battle is over when its end is in the journal, whoever still answers at its door. */
static const char *state_of(struct ry_library_battle *battle)
{
    char why[RY_ROLE_DOOR_WHY_BYTES];
    struct ry_role_door door;
    battle->runs = false;
    if (battle->file.magic == 0 || battle->damaged)
        return "damaged";
    if (battle->ended)
        return json_is_true(json_object_get(battle->results, "stopped")) ? "stopped" : "ended";
    battle->runs = battle->inside;
    if (!battle->inside && ry_role_door_enter(&door, battle->directory, why) == 0) {
        ry_role_door_leave(&door);
        battle->runs = true;
    }
    if (battle->runs)
        return "runs";
    return strcmp(why, RY_ROLE_DOOR_NOBODY) == 0 ? "broke off" : "not known";
}

void ry_library_battle_look(struct ry_library_battle *battle)
{
    char journal[PATH_MAX + 16], results[PATH_MAX + 16];
    snprintf(results, sizeof results, "%s/" RESULTS_FILE, battle->directory);
    const bool journal_changed = has_journal_changed(battle, journal, sizeof journal),
               results_changed = has_changed(&battle->seen_results, results);
    battle->found = battle->seen_journal.st_ino != 0;
    if (journal_changed)
        read_journal(battle, journal);
    if (journal_changed || results_changed)
        read_results(battle, results);
    if (!battle->ended || journal_changed || results_changed)
        snprintf(battle->state, sizeof battle->state, "%s", state_of(battle));
}

static json_t *result_or_null(const struct ry_library_battle *battle, const char *key)
{
    json_t *value = json_object_get(battle->results, key);
    return value != NULL ? json_incref(value) : json_null();
}

json_t *ry_library_json(const struct ry_library_battle *battle)
{
    char id[RY_TEXT_ID_BYTES];
    const json_t *agents = json_object_get(battle->results, "agents");
    const bool known = battle->file.magic != 0;
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "name", ry_text_json_string(battle->folder, sizeof battle->folder));
    ry_text_json_set(object, "battle",
                     known ? ry_text_json_string(battle->file.name, sizeof battle->file.name)
                           : json_null());
    ry_text_json_set(object, "battle_id",
                     known ? json_string(ry_text_row_id(id, &battle->file.battle_id))
                           : json_null());
    ry_text_json_set(object, "state", json_string(battle->state));
    ry_text_json_set_time(object, "begun", battle->begun_ns);
    ry_text_json_set_time(object, "changed", battle->changed_ns);
    ry_text_json_set(object, "journal_bytes", ry_text_json_count(battle->bytes));
    ry_text_json_set(object, "inputs", ry_text_json_count(battle->inputs));
    ry_text_json_set(object, "agents",
                     agents != NULL ? ry_text_json_count(json_array_size(agents)) : json_null());
    ry_text_json_set(object, "rounds", result_or_null(battle, "round"));
    ry_text_json_set(object, "winner", result_or_null(battle, "winner"));
    ry_text_json_set(object, "earned_most", result_or_null(battle, "earned_most"));
    return object;
}
