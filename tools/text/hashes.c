#include "tools/text/hashes.h"

#include <inttypes.h>
#include <string.h>

#include "tools/text/json.h"

struct hash {
    const char *name;
    uint64_t value;
};

#define HASHES 4

static void all_hashes(const struct ry_arena *arena, struct hash hash[HASHES])
{
    hash[0] = (struct hash){"input", ry_arena_input_hash(arena)};
    hash[1] = (struct hash){"output", ry_arena_output_hash(arena)};
    hash[2] = (struct hash){"book", ry_arena_book_hash(arena)};
    hash[3] = (struct hash){"state", ry_arena_state_hash(arena)};
}

void ry_text_hashes(FILE *out, const struct ry_arena *arena)
{
    struct hash hash[HASHES];
    all_hashes(arena, hash);
    for (unsigned i = 0; i < HASHES; i++)
        fprintf(out, "%s hash%*s %016" PRIx64 "\n", hash[i].name, (int)(6 - strlen(hash[i].name)),
                "", hash[i].value);
}

void ry_text_hashes_line(FILE *out, const struct ry_arena *arena)
{
    struct hash hash[HASHES];
    all_hashes(arena, hash);
    for (unsigned i = 0; i < HASHES; i++)
        fprintf(out, "%s%s %016" PRIx64, i == 0 ? "" : ", ", hash[i].name, hash[i].value);
}

json_t *ry_text_hashes_json(const struct ry_arena *arena)
{
    struct hash hash[HASHES];
    json_t *object = ry_text_json_whole(json_object());
    all_hashes(arena, hash);
    for (unsigned i = 0; i < HASHES; i++) {
        char text[17];
        snprintf(text, sizeof text, "%016" PRIx64, hash[i].value);
        ry_text_json_set(object, hash[i].name, json_string(text));
    }
    return object;
}
