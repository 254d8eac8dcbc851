#include "core/battle/keep.h"

#include <string.h>

static const char *past_spaces(const char *text)
{
    return text + strspn(text, " ");
}

/* The limit that a word names; the text behind the word, or NULL. */
static const char *read_unit(const char *text, struct ry_battle_keep *keep, uint32_t **limit,
                             uint32_t *max)
{
    const struct {
        const char *word;
        uint32_t *limit, max;
    } units[] = {
        {"battles", &keep->battles, RY_BATTLE_KEEP_BATTLES_MAX},
        {"battle", &keep->battles, RY_BATTLE_KEEP_BATTLES_MAX},
        {"days", &keep->days, RY_BATTLE_KEEP_DAYS_MAX},
        {"day", &keep->days, RY_BATTLE_KEEP_DAYS_MAX},
        {"GiB", &keep->gib, RY_BATTLE_KEEP_GIB_MAX},
        {"", &keep->battles, RY_BATTLE_KEEP_BATTLES_MAX},
    };
    const size_t length = strcspn(text, " ,");
    for (unsigned i = 0; i < sizeof units / sizeof *units; i++) {
        if (strlen(units[i].word) != length || memcmp(units[i].word, text, length) != 0)
            continue;
        *limit = units[i].limit;
        *max = units[i].max;
        return past_spaces(text + length);
    }
    return NULL;
}

bool ry_battle_keep_read(const char *text, struct ry_battle_keep *keep)
{
    *keep = (struct ry_battle_keep){.battles = 0};
    for (;;) {
        uint64_t number = 0;
        uint32_t *limit, max;
        text = past_spaces(text);
        if (*text < '1' || *text > '9')
            return false;
        for (; *text >= '0' && *text <= '9'; text++)
            number = number > UINT32_MAX ? number : 10 * number + (uint64_t)(*text - '0');
        text = read_unit(past_spaces(text), keep, &limit, &max);
        if (text == NULL || *limit != 0 || number > max)
            return false;
        *limit = (uint32_t)number;
        if (*text == '\0')
            return true;
        if (*text++ != ',')
            return false;
    }
}
